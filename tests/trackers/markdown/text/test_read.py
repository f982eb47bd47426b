"""What is read from story files."""

from datetime import UTC, datetime

import pytest

from panopticon.model import bmad
from panopticon.model.issue import Issue, Kind, State, Task
from panopticon.model.ref import IssueRef
from panopticon.trackers.markdown.edit import story as edit
from panopticon.trackers.markdown.text.grammar import Role
from panopticon.trackers.markdown.text.number import canonical
from panopticon.trackers.markdown.text.story import Story, read
from tests.trackers.markdown import sample

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def boxes(story: Story) -> list[tuple[str, int, bool]]:
    return [(task.title.text, task.depth, task.is_done) for task in story.tasks]


@pytest.mark.requirement("story:read:dialects")
def test_v4_file() -> None:
    story = read(sample.V4, "docs/stories/1.2.sign-in.md")
    assert (story.dialect.name, story.key, story.name) == ("v4", "1.2", "Sign in with a passkey")
    assert (story.word, story.meaning.state) == ("Approved", State.PLANNING)
    assert [item.text for item in story.criteria] == [
        "A passkey can be registered\non the profile page.",
        "A passkey signs in.",
    ]
    assert story.user_story
    assert story.user_story.text.endswith("**so that** I need no password.")
    assert [task.criteria for task in story.tasks] == [("1",), (), (), ("1", "2")]
    assert story.problems == ()


@pytest.mark.requirement("story:read:dialects")
def test_v6_file() -> None:
    story = read(sample.V6, "3-4b-queue-the-letters.md")
    assert (story.dialect.name, story.key, story.name) == ("v6", "3.4b", "Queue the letters")
    assert story.file_name.slug == "queue-the-letters"
    assert story.meaning.state is State.IN_PROGRESS
    assert [(item.number, item.text.split("\n")[0]) for item in story.criteria] == [
        ("1", "AC-1: Queued"),
        ("2", "AC-2: Told"),
    ]
    assert boxes(story) == [("Task 1 (AC: #1, #2)", 0, False), ("half done", 1, False)]
    assert story.tasks[1].is_partial
    assert story.tasks[1].parent == 0


@pytest.mark.requirement("story:read:dialects")
def test_pantheon_file() -> None:
    story = read(sample.PANTHEON)
    assert (story.dialect.name, story.number, story.epic) == ("pantheon", "US-123", "17 - Ledger")
    assert story.formatted_id
    assert story.formatted_id.text == "US123"
    assert [(item.number, item.is_done) for item in story.criteria] == [("1", False), ("2", True)]
    assert boxes(story) == [("one", 0, False), ("two", 0, False)]


@pytest.mark.requirement("story:read:dialects")
def test_spec_file() -> None:
    story = read(sample.SPEC, "spec-fix.md")
    assert (story.dialect.name, story.name) == ("spec", "Fix the missing field")
    assert story.meaning.state is State.IN_REVIEW
    assert story.word == "in-review"
    assert len(story.title) == 2
    assert len(story.criteria) == 2
    assert [task.is_done for task in story.tasks] == [True, False]


@pytest.mark.requirement("story:read:dialects")
def test_a_title_in_the_front_matter_alone() -> None:
    story = read(
        "---\ntitle: 'It''s: new'\nstatus: \"done\"\n---\n\n## Intent\n\nx\n", "spec-new.md"
    )
    assert (story.name, story.word, story.meaning.state) == ("It's: new", "done", State.DONE)
    assert story.problems == ()


TITLES = {
    "# Story 1.2: T": ("1.2", "T"),
    "# Story 1-2: T": ("1.2", "T"),
    "# Story 01-2 - T": ("1.2", "T"),
    "# Story 1.2 \u2014 T": ("1.2", "T"),
    "# Story 1.5.3: T": ("1.5.3", "T"),
    "# Story 7.5-1: T": ("7.5.1", "T"),
    "# Story 1.12A: T": ("1.12a", "T"),
    "# Story 11.1-H: T": ("11.1h", "T"),
    "# Story KB-03.1: T": ("kb.3.1", "T"),
    "# Story: KB-03.1 - T": ("kb.3.1", "T"),
    "# PM-10.1: T": ("pm.10.1", "T"),
    "# Story H-1: T": ("h.1", "T"),
    "# Story 19.10": ("19.10", ""),
    "# 05.1-extract an event": ("5.1", "extract an event"),
    "# Story: T": ("", "T"),
    "# T: and more": ("", "T: and more"),
    "# Q3 plan - next": ("", "Q3 plan - next"),
    "#   **Story 1.2: T**  ##": ("1.2", "T"),
}


@pytest.mark.requirement("story:read:titles")
@pytest.mark.parametrize(("line", "expected"), TITLES.items())
def test_titles(line: str, expected: tuple[str, str]) -> None:
    story = read(f"{line}\n\nStatus: done\n")
    assert (story.key, story.name) == expected


NAMES = {
    "1.2.sign-in.md": ("1.2", "sign-in"),
    "1.2.story.md": ("1.2", "story"),
    "story-1.12B.md": ("1.12b", ""),
    "3-4d-per-use-case.md": ("3.4d", "per-use-case"),
    "kb-03-1-badge.md": ("kb.3.1", "badge"),
    "env-2-1-x.md": ("env.2.1", "x"),
    "11-1-h-rates.md": ("11.1h", "rates"),
    "7.1-17-reduce.md": ("7.1.17", "reduce"),
    "1.5.3.speech.md": ("1.5.3", "speech"),
    "6.2-p9-orphans.md": ("6.2.p9", "orphans"),
    "1-2-3d-view.md": ("1.2", "3d-view"),
    "US-123-export.md": ("us.123", "export"),
    "notes.md": ("", "notes"),
}


@pytest.mark.requirement("story:read:file-name")
@pytest.mark.parametrize(("name", "expected"), NAMES.items())
def test_file_names(name: str, expected: tuple[str, str]) -> None:
    story = read("text\n", f"docs/{name}")
    assert (story.key, story.file_name.slug) == expected


@pytest.mark.requirement("story:read:file-name")
@pytest.mark.parametrize(
    "spellings",
    [
        ("1.2", "1-2", "01.2", "01-02"),
        ("1.4b", "1-4B", "1.4.b"),
        ("11.1-H", "11-1-h", "11.1h"),
        ("5.5-1", "5.5.1"),
        ("6.2-p9", "6-2-P9"),
        ("KB-03.1", "kb-3-1"),
        ("US-123", "US123", "us123"),
        ("0.10", "0-10"),
    ],
)
def test_spellings_of_one_number(spellings: tuple[str, ...]) -> None:
    assert len({canonical(number) for number in spellings}) == 1
    assert len({canonical(number) for number in ("1.2", "1.12", "11.2", "1.2a", "a.1.2")}) == 5


@pytest.mark.requirement("story:read:file-name")
def test_the_prefix_of_a_file_completes_the_number_of_its_title() -> None:
    assert read("# Story 6.3: T\n", "env-6-3-t.md").key == "env.6.3"
    assert read("# Story 5.5.1: T\n", "5.5-1-t.md").file_name.slug == "t"


STATUS = [
    "Status: {}",
    "**Status:** {}",
    "**Status**: {}",
    "- **Status:** {}",
    "- Status: {}",
    "> **Status:** {}",
    "| Field | Value |\n|---|---|\n| **Status** | {} |",
    "## Status\n\n{}",
    "## Status\n{}",
    "## Status: {}",
    "## Story Details\n\n- Epic: 2\n- Status: {}",
    "**Epic:** 3\n**Status:** {} | **Points:** 5",
]


@pytest.mark.requirement("story:read:status-forms")
@pytest.mark.parametrize("form", STATUS)
@pytest.mark.parametrize("word", ["done", "Ready for Review", "\u2705 Done"])
def test_status_in_every_form(form: str, word: str) -> None:
    text = f"# Story 1.2: T\n\n{form.format(word)}\n\n## Story\n\nAs a b\n\nStatus: false friend\n"
    story = read(text)
    assert story.word == word
    assert read(text.replace("\n", "\r\n")).word == word


@pytest.mark.requirement("story:read:status-forms")
def test_emphasis_is_no_part_of_the_status() -> None:
    assert read("# T\n\n## Status\n\n**Done**\n").word == "Done"
    assert read("# T\n\n## Status\n\n**Done** (by QA)\n").word == "**Done** (by QA)"


@pytest.mark.requirement("story:read:status-forms")
@pytest.mark.parametrize(
    ("ticks", "word", "state"),
    [
        ("xxxx", "Story done", State.DONE),
        ("xxx ", "Implementation complete", State.IN_REVIEW),
        ("x   ", "Story drafted", State.PLANNING),
        ("    ", "", State.BACKLOG),
    ],
)
def test_of_a_status_told_in_steps_the_last_one_done_decides(
    ticks: str, word: str, state: State
) -> None:
    steps = ("Story drafted", "Context generated", "Implementation complete", "Story done")
    listed = "\n".join(f"- [{tick}] {step}" for tick, step in zip(ticks, steps, strict=True))
    told = f"# T\n\n## Status\n\n{listed}\n"
    story = read(told)
    assert (story.word, story.meaning.state) == (word, state)
    written = edit.status(story, "review")
    assert read(written).word == "review"
    assert written == told.replace("## Status\n\n", "## Status\n\nreview\n\n")


CRITERIA = [
    "1. {}\n2. {}",
    "1. {}\n\n   more\n2. {}",
    "- [ ] {}\n- [x] {}",
    "- {}\n- {}",
    "### AC1: {}\n\nbody\n\n### AC2: {}",
    "**AC1: {}**\n- detail\n\n**AC2: {}**",
    "**AC-1:** {}\n\n**AC-2:** {}",
    "AC1: {}\nAC2: {}",
    "| AC | Text |\n|---|---|\n| AC1 | {} |\n| AC2 | {} |",
    "**Given** {}\n**When** b\n**Then** c\n\n**Given** {}\n**Then** d",
    "**Functional:**\n\n1. {}\n\n**Quality:**\n\n2. {}",
    "### Functional\n\n- [ ] {}\n\n### Quality\n\n- [ ] {}",
    "### 1. {}\n- detail\n### 2. {}",
    "{}\n\n{}",
]


@pytest.mark.requirement("story:read:criteria-forms")
@pytest.mark.parametrize("form", CRITERIA)
def test_criteria_in_every_form(form: str) -> None:
    listed = form.format("first thing", "second thing")
    text = f"# T\n\n## Acceptance Criteria\n\n{listed}\n\n## Next\n"
    story = read(text)
    assert len(story.criteria) == 2
    assert "first thing" in story.criteria[0].text
    assert "second thing" in story.criteria[1].text
    assert "Quality" not in story.criteria[0].text


@pytest.mark.requirement("story:read:criteria-forms")
def test_what_is_nested_belongs_to_the_criterion_above() -> None:
    story = read("# T\n\n## Acceptance Criteria\n\n- [ ] a:\n  - [x] b\n  - [ ] c\n- [x] d\n")
    assert [item.text for item in story.criteria] == ["a:\n- [x] b\n- [ ] c", "d"]
    assert [item.is_done for item in story.criteria] == [False, True]


@pytest.mark.requirement("story:read:tasks")
def test_tasks_nest_by_their_indent() -> None:
    story = read(
        "# T\n\n## Tasks\n\n### Group\n- [ ] a\n\t- [x] b\n    1. [ ] c\n* [X] d\n  + [] e\n"
    )
    assert boxes(story) == [
        ("a", 0, False),
        ("b", 1, True),
        ("c", 1, False),
        ("d", 0, True),
        ("e", 1, False),
    ]
    assert {task.group for task in story.tasks} == {"Group"}


@pytest.mark.requirement("story:read:tasks")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(AC: 1, 3)", ("1", "3")),
        ("(AC: #1-#3)", ("1", "2", "3")),
        ("(AC#2)", ("2",)),
        ("(AC7)", ("7",)),
        ("(AC1, AC2)", ("1", "2")),
        ("(ACs: 4.1)", ("4.1",)),
        ("(AC: All)", ()),
        ("none", ()),
    ],
)
def test_criteria_that_a_task_names(text: str, expected: tuple[str, ...]) -> None:
    assert read(f"## Tasks\n- [ ] do {text}\n").tasks[0].criteria == expected


@pytest.mark.requirement("story:read:no-tasks")
def test_what_looks_like_a_task() -> None:
    for text in sample.ALL.values():
        assert not {"not a task", "not a task either", "hidden", "reviewed"} & {
            task.title.text for task in read(text).tasks
        }
    assert read("# T\n## Acceptance Criteria\n- [ ] a\n## Review\n### Tasks\n- [ ] b\n").tasks == ()
    assert read("# T\n## Tasks\n- [a](b)\n- [12] c\n").tasks == ()


@pytest.mark.requirement("story:read:needs")
def test_dependencies_as_written() -> None:
    v6 = [(need.numbers, need.blocks) for need in read(sample.V6).needs]
    assert v6 == [(("3.1",), False), (("3.3a", "3.3b"), False), (("3.5",), True)]
    pantheon = [need.numbers for need in read(sample.PANTHEON).needs]
    assert pantheon == [("US-120", "1.2")]
    assert read(sample.SPEC).needs[0].numbers == ("1-1", "2.3")


@pytest.mark.requirement("story:read:needs")
@pytest.mark.parametrize(
    "line", ["**Dependencies:** None", "**Dependencies:** pandas==2.1.3", "**Depends on:** n/a"]
)
def test_what_names_no_story(line: str) -> None:
    assert [need.numbers for need in read(f"# T\n{line}\n").needs] == [()]


@pytest.mark.requirement("story:read:record")
def test_comments_and_change_log() -> None:
    comments = read(sample.V6).comments
    assert [(c.author, c.text) for c in comments] == [
        ("ann@example.com", "First line\nsecond line"),
        ("bot", "Done."),
    ]
    log = read(sample.V4).log
    assert [(r.when, r.author, r.text) for r in log] == [("2026-01-02", "Sam", "First draft")]


@pytest.mark.requirement("story:read:same-as-cache")
def test_the_files_of_the_cache_are_read() -> None:
    issue = Issue(
        ref=IssueRef("rally", "US123"),
        project="P",
        kind=Kind.STORY,
        title="Export the ledger",
        state=State.IN_PROGRESS,
        native_state="In-Progress",
        created_at=NOW,
        updated_at=NOW,
        acceptance_criteria="- one\n- two",
        tasks=(
            Task("first", done=True, position=1, key="TA1"),
            Task("second", done=False, position=2),
        ),
        blocked_by=(IssueRef("rally", "US120"),),
    )
    story = read(bmad.story(issue, "Ledger", NOW), "US-123.md")
    assert (story.number, story.name, story.word) == ("US-123", "Export the ledger", "in-progress")
    assert [item.text for item in story.criteria] == ["one", "two"]
    assert boxes(story) == [("first (TA1)", 0, True), ("second", 0, False)]
    assert story.needs[0].numbers == ("US-120",)
    assert story.section(Role.RECORD) is not None
