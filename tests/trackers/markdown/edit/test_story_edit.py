"""Edits of story files."""

from collections.abc import Callable

import pytest

from panopticon.errors import Conflict, InvalidInput, NotFound
from panopticon.trackers.markdown.edit import story as edit
from panopticon.trackers.markdown.text.grammar import Role
from panopticon.trackers.markdown.text.piece import BOM, decode, encode
from panopticon.trackers.markdown.text.story import Story, read
from tests.trackers.markdown import sample

WHEN = "2026-11-21T10:05:00Z"
Edit = Callable[[Story], str]


def longer(story: Story) -> str:
    return story.criteria[0].text.split("\n")[0] + "\n\nwith\n  - a list"


EDITS: dict[str, Edit] = {
    "title": lambda story: edit.title(story, "Another title"),
    "status": lambda story: edit.status(story, "done"),
    "id": lambda story: edit.formatted_id(story, "US99"),
    "tick": lambda story: edit.task_tick(story, 1, "x"),
    "task": lambda story: edit.task_title(story, 0, "Other words (AC: 1)"),
    "add": lambda story: edit.add_task(story, "One more"),
    "criterion": lambda story: edit.criterion_text(story, 0, longer(story)),
    "comment": lambda story: edit.add_comment(story, WHEN, "eve", "Text\n\n## with\n- all"),
    "log": lambda story: edit.add_log(story, "2026-11-21", "eve", "Changed a | b"),
    "story": lambda story: edit.section(story, Role.STORY, "As a b,\nI want c."),
}


def changed(old: str, new: str) -> tuple[str, str]:
    """Give the parts that differ."""
    start = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), len(old))
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return old[start : len(old) - end], new[start : len(new) - end]


@pytest.mark.requirement("story:edit:span")
def test_a_status_changes_its_word_only() -> None:
    text = sample.V6.replace("Status: in-progress", "Status: in-progress  ")
    for story in (text, text.replace("\n", "\r\n"), BOM + text, text.rstrip()):
        assert changed(story, edit.status(read(story), "review")) == ("in-progress", "review")


@pytest.mark.requirement("story:edit:span")
def test_a_tick_changes_one_byte() -> None:
    story = read(sample.V4)
    assert changed(sample.V4, edit.task_tick(story, 2, "x")) == (" ", "x")
    pantheon = read(sample.PANTHEON)
    assert changed(sample.PANTHEON, edit.criterion_tick(pantheon, 1, " ")) == ("x", " ")


@pytest.mark.requirement("story:edit:span")
def test_bytes_that_are_not_utf_8_stay() -> None:
    data = sample.V4.replace("visitor", "caf\u00e9").encode("latin-1")
    new = encode(edit.status(read(data), "Done"))
    assert new == data.replace(b"Approved", b"Done")
    assert read(new).word == "Done"
    assert decode(new).isascii() is False


@pytest.mark.requirement("story:edit:span")
@pytest.mark.parametrize("name", EDITS)
@pytest.mark.parametrize("text", sample.ALL.values(), ids=sample.ALL)
def test_line_endings_make_no_difference(name: str, text: str) -> None:
    plain = EDITS[name](read(text))
    for mark in ("", BOM):
        for ending in ("\r\n", "\r"):
            story = read(mark + text.replace("\n", ending))
            assert EDITS[name](story) == mark + plain.replace("\n", ending)


@pytest.mark.requirement("story:edit:read-again")
@pytest.mark.parametrize("text", sample.ALL.values(), ids=sample.ALL)
def test_every_edit_is_read_again(text: str) -> None:
    assert read(EDITS["title"](read(text))).name == "Another title"
    assert read(EDITS["status"](read(text))).word == "done"
    assert read(EDITS["tick"](read(text))).tasks[1].is_done
    assert read(EDITS["criterion"](read(text))).criteria[0].text == longer(read(text))
    assert read(EDITS["comment"](read(text))).comments[-1].text == "Text\n\n## with\n- all"
    found = read(EDITS["id"](read(text))).formatted_id
    assert found
    assert found.text == "US99"
    assert len(read(EDITS["log"](read(text))).log) == len(read(text).log) + 1


@pytest.mark.requirement("story:edit:everywhere")
def test_front_matter_and_heading_go_together() -> None:
    new = edit.title(read(sample.SPEC), "It's new: now")
    assert "title: 'It''s new: now'\n" in new
    assert "# It's new: now\n" in new
    status = edit.status(read(sample.SPEC), "done")
    assert changed(sample.SPEC, status) == ("in-review", "done")


@pytest.mark.requirement("story:edit:refused")
@pytest.mark.parametrize(
    "attempt",
    [
        lambda story: edit.title(story, "two\nlines"),
        lambda story: edit.title(story, "  "),
        lambda story: edit.status(story, "bell\x07"),
        lambda story: edit.status(story, "```"),
        lambda story: edit.task_tick(story, 0, "q"),
        lambda story: edit.task_tick(story, 0, ""),
        lambda story: edit.criterion_tick(story, 0, "x"),
        lambda story: edit.criterion_text(story, 0, "```\nopen"),
        lambda story: edit.criterion_text(story, 0, "a\n\n<!-- open"),
        lambda story: edit.section(story, Role.STORY, "a\n\n## Tasks\n- [ ] b"),
        lambda story: edit.add_comment(story, WHEN, "eve", "x\n~~~"),
        lambda story: edit.add_comment(story, WHEN, "two *stars*", "text"),
        lambda story: edit.add_comment(story, "yesterday", "eve", "text"),
    ],
)
def test_what_would_be_read_as_something_else(attempt: Edit) -> None:
    with pytest.raises(InvalidInput) as told:
        attempt(read(sample.V4))
    assert told.value.hint


@pytest.mark.requirement("story:edit:refused")
def test_what_is_not_there() -> None:
    with pytest.raises(NotFound):
        edit.task_tick(read(sample.V4), 9, "x")
    with pytest.raises(NotFound):
        edit.criterion_text(read("# T\n"), 0, "x")
    with pytest.raises(NotFound):
        edit.title(read("text\n"), "x")


@pytest.mark.requirement("story:problem:conflict")
@pytest.mark.parametrize("name", EDITS)
def test_a_file_with_conflict_markers_is_not_written(name: str) -> None:
    text = sample.V4.replace("## Dev Notes", "<<<<<<< ours\n## Dev Notes\n=======\n>>>>>>> theirs")
    with pytest.raises(Conflict, match=r"a\.md holds the markers"):
        EDITS[name](read(text, "a.md"))


MISSING = {
    "# T\n\n## Story\n\nAs a b\n": "# T\n\nStatus: done\n\n## Story\n\nAs a b\n",
    "# T\n": "# T\n\nStatus: done\n",
    "# T": "# T\n\nStatus: done",
    "# T\ntext\n": "# T\n\nStatus: done\n\ntext\n",
    "text\n": "Status: done\n\ntext\n",
    "": "Status: done\n\n",
    "# T\n\n## QA Results\n": "# T\n\n## Status\n\ndone\n\n## QA Results\n",
    "# T\n\n## Status\n\n## Story\n": "# T\n\n## Status\n\ndone\n\n## Story\n",
    "---\na: b\n---\n# T\n": "---\na: b\n---\n# T\n\nStatus: done\n",
}


@pytest.mark.requirement("story:edit:missing")
@pytest.mark.parametrize(("old", "new"), MISSING.items())
def test_a_missing_status(old: str, new: str) -> None:
    assert edit.status(read(old), "done") == new


IDS = {
    "# T\n\nStatus: done\n\nx\n": "# T\n\nStatus: done\nFormattedID: US1\n\nx\n",
    "# T\n\n- **Status:** done\n- b\n": "# T\n\n- **Status:** done\n- **FormattedID:** US1\n- b\n",
    "# T\n\n**Status**: done\n": "# T\n\n**Status**: done\n**FormattedID**: US1\n",
    "# T\n\n| **Status** | done |\n": "# T\n\n| **Status** | done |\n| **FormattedID** | US1 |\n",
    "# T\n\n## Status\n\nDone\n": "# T\n\n**FormattedID:** US1\n\n## Status\n\nDone\n",
    "---\nstatus: done\n---\n# T\n": "---\nstatus: done\nformatted_id: US1\n---\n# T\n",
    "# T\n\n**FormattedID:** US2\n": "# T\n\n**FormattedID:** US1\n",
    "---\nrally_id: 'US2' # it\n---\n# T\n": "---\nrally_id: 'US1' # it\n---\n# T\n",
}


@pytest.mark.requirement("story:edit:missing")
@pytest.mark.parametrize(("old", "new"), IDS.items())
def test_the_id_of_another_tracker(old: str, new: str) -> None:
    assert edit.formatted_id(read(old), "US1") == new


@pytest.mark.requirement("story:edit:missing")
def test_a_missing_section_is_put_where_it_belongs() -> None:
    story = read("# T\n\n## Story\n\nAs a b\n\n## Dev Notes\n\nx\n")
    new = edit.section(story, Role.CRITERIA, "1. one\n2. two")
    assert new == (
        "# T\n\n## Story\n\nAs a b\n\n## Acceptance Criteria\n\n1. one\n2. two\n\n"
        "## Dev Notes\n\nx\n"
    )
    assert edit.section(read("# T"), Role.NOTES, "x") == "# T\n\n## Dev Notes\n\nx"
    empty = read("# T\n\n## Acceptance Criteria\n\n## Tasks\n")
    filled = edit.section(empty, Role.CRITERIA, "- one")
    assert filled == "# T\n\n## Acceptance Criteria\n\n- one\n\n## Tasks\n"


TASKS = {
    "# T\n\n## Tasks\n\n- [ ] a\n\n## N\n": "# T\n\n## Tasks\n\n- [ ] a\n- [ ] new\n\n## N\n",
    "# T\n## Tasks\n* [x] a\n  * [ ] b\n    more\n": (
        "# T\n## Tasks\n* [x] a\n  * [ ] b\n    more\n* [ ] new\n"
    ),
    "# T\n## Tasks\n1. [ ] a\n2. [ ] b": "# T\n## Tasks\n1. [ ] a\n2. [ ] b\n3. [ ] new",
    "# T\n## Tasks\n- [ ] a\n\n  ```\n  - [ ] code\n  ```\n\nText\n": (
        "# T\n## Tasks\n- [ ] a\n\n  ```\n  - [ ] code\n  ```\n- [ ] new\n\nText\n"
    ),
    "# T\n\n## Tasks\n\nNone yet.\n": "# T\n\n## Tasks\n\nNone yet.\n\n- [ ] new\n",
    "# T\n": "# T\n\n## Tasks / Subtasks\n\n- [ ] new\n",
}


@pytest.mark.requirement("story:edit:task")
@pytest.mark.parametrize(("old", "new"), TASKS.items())
def test_a_new_task(old: str, new: str) -> None:
    assert edit.add_task(read(old), "new") == new


@pytest.mark.requirement("story:edit:comment")
def test_comments_gather_in_the_record() -> None:
    first = edit.add_comment(read(sample.V4), WHEN, "ann@example.com", "One\ntwo")
    assert changed(sample.V4, first)[0] == ""
    assert f"### Comments\n\n- **{WHEN} ann@example.com:** One\n    two\n\n## QA Results" in first
    second = edit.add_comment(read(first), WHEN, "bob", "Three")
    assert f"    two\n- **{WHEN} bob:** Three\n\n## QA" in second
    assert [(c.author, c.text) for c in read(second).comments] == [
        ("ann@example.com", "One\ntwo"),
        ("bob", "Three"),
    ]
    alone = edit.add_comment(read("# T\n"), WHEN, "bob", "Three")
    assert alone == f"# T\n\n## Dev Agent Record\n\n### Comments\n\n- **{WHEN} bob:** Three\n"


@pytest.mark.requirement("story:edit:comment")
def test_the_change_log_keeps_its_form() -> None:
    row = edit.add_log(read(sample.V4), "2026-11-21", "Sam", "a | b")
    assert changed(sample.V4, row)[0] == ""
    assert "Sam |\n| 2026-11-21 |  | a \\| b | Sam |\n\n## Dev" in row
    listed = edit.add_log(
        read("# T\n\n## Change Log\n\n- 2026-01-01: x\n"), "2026-11-21", "Sam", "y"
    )
    assert listed.endswith("- 2026-01-01: x\n- 2026-11-21: y (Sam)\n")
    empty = edit.add_log(read(sample.PANTHEON), "2026-11-21", "Sam", "y")
    assert empty.endswith("## Change Log\n\n- 2026-11-21: y (Sam)\n")
