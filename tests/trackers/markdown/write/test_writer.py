"""What a write leaves on the disk: the right files, in the dialect of their neighbours."""

from pathlib import Path

import pytest

from panopticon.errors import Conflict, InvalidInput, LocalFault, NotFound, Unsupported
from panopticon.model.issue import Issue, IssueFields, Kind, NewIssue, State, Task
from panopticon.trackers.markdown.tracker import MarkdownTracker
from tests.trackers.markdown.desk import EPICS, SPRINT, STORIES, Desk, desk_in, story

SPRINT_TEXT = """\
# kept by hand
development_status:
  epic-1: in-progress # why
  1-1-first: ready-for-dev
  1-2-second: backlog
  epic-1-retrospective: optional

  epic-2: backlog
  2-1-later: backlog
"""
EPICS_TEXT = """\
# Epics

## Epic 1: Letters

Letters are sent.

### Story 1.1: First

### Story 1.2: Second

As a clerk, I want more.

**Acceptance Criteria:**

1. More

## Epic 2: Later

### Story 2.1: Later
"""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A repository of v6: one story with a file, two without."""
    desk = desk_in(tmp_path / "app", [("1-1-first.md", story("1.1", "First"))])
    desk.put(SPRINT, SPRINT_TEXT)
    desk.put(EPICS, EPICS_TEXT)
    desk.repo.save()
    return desk


def text(desk: Desk, path: str) -> str:
    """Read a file as it is."""
    return (desk.repo.path / path).read_bytes().decode()


def made(tracker: MarkdownTracker, kind: Kind = Kind.STORY, **fields: object) -> Issue:
    """Create an item."""
    told: IssueFields = {"title": "A new one", **fields}  # type: ignore[typeddict-item]
    return tracker.create(NewIssue(kind, told))


@pytest.mark.requirement("mdwrite:status:together")
def test_a_move_writes_the_story_and_its_entry(desk: Desk) -> None:
    moved = desk.tracker().transition("1.1", State.IN_REVIEW)
    assert (moved.state, moved.native_state) == (State.IN_REVIEW, "review")
    was = story("1.1", "First")
    assert text(desk, f"{STORIES}/1-1-first.md") == was.replace("ready-for-dev", "review")
    assert text(desk, SPRINT) == SPRINT_TEXT.replace("first: ready-for-dev", "first: review")
    assert text(desk, EPICS) == EPICS_TEXT


@pytest.mark.requirement("mdwrite:status:together")
def test_a_word_of_the_team_is_written_and_sprint_status_gets_one_it_knows(desk: Desk) -> None:
    words = {"ready for qa": State.IN_REVIEW}
    moved = desk.tracker(words=words).update("1.1", {"native_state": "Ready for QA"})
    assert (moved.native_state, moved.state) == ("ready for qa", State.IN_REVIEW)
    assert "1-1-first: review\n" in text(desk, SPRINT)
    cancelled = desk.tracker(words=words).update("1.1", {"native_state": "cancelled"})
    assert cancelled.cancelled
    assert "1-1-first: cancelled\n" in text(desk, SPRINT)


@pytest.mark.requirement("mdwrite:status:where")
def test_without_a_file_the_entry_has_the_word(desk: Desk) -> None:
    moved = desk.tracker().transition("2.1", State.IN_PROGRESS)
    assert moved.native_state == "in-progress"
    assert text(desk, SPRINT) == SPRINT_TEXT.replace("later: backlog", "later: in-progress")
    desk.tracker().transition("epic-2", State.IN_PROGRESS)
    assert "epic-2: in-progress\n" in text(desk, SPRINT)
    assert text(desk, EPICS) == EPICS_TEXT


@pytest.mark.requirement("mdwrite:status:where")
def test_without_an_entry_the_part_says_it(desk: Desk) -> None:
    (desk.repo.path / SPRINT).unlink()
    moved = desk.tracker().transition("1.2", State.DONE)
    assert (moved.state, moved.native_state) == (State.DONE, "done")
    assert "### Story 1.2: Second\n\nStatus: done\n\nAs a clerk" in text(desk, EPICS)
    assert desk.tracker().transition("epic-1", State.IN_PROGRESS).native_state == "in-progress"
    assert "## Epic 1: Letters\n\nStatus: in-progress\n\nLetters" in text(desk, EPICS)


@pytest.mark.requirement("mdwrite:status:words")
def test_an_epic_has_three_columns(desk: Desk) -> None:
    tracker = desk.tracker()
    moves = {move.state: move for move in tracker.moves(tracker.get("epic-1"))}
    assert [state for state in State if moves[state].is_allowed] == [
        State.BACKLOG,
        State.IN_PROGRESS,
        State.DONE,
    ]
    with pytest.raises(Unsupported) as caught:
        tracker.transition("epic-1", State.IN_REVIEW)
    assert "backlog, in-progress, done" in caught.value.message


@pytest.mark.requirement("mdwrite:fields:part")
def test_fields_of_a_story_without_a_file_stand_in_its_part(desk: Desk) -> None:
    tracker = desk.tracker()
    told: IssueFields = {"assignee": "me", "points": 3.0, "acceptance_criteria": "1. Most"}
    written = tracker.update("1.2", told)
    assert (written.assignee, written.points) == ("ann@example.com", 3.0)
    assert "**Assignee:** ann@example.com\n**Points:** 3\n" in text(desk, EPICS)
    assert "1. Most\n\n## Epic 2" in text(desk, EPICS)
    assert text(desk, SPRINT) == SPRINT_TEXT
    assert not (desk.repo.path / STORIES / "1-2-second.md").exists()
    named = tracker.update("epic-1", {"title": "Mail", "body": "One\n\n- two"})
    assert (named.title, named.body) == ("Mail", "One\n\n- two")
    assert "## Epic 1: Mail\n\nOne\n\n- two\n\n### Story 1.1: First" in text(desk, EPICS)


@pytest.mark.requirement("mdwrite:fields:made")
def test_a_file_or_a_heading_is_made_where_only_sprint_status_tells(desk: Desk) -> None:
    (desk.repo.path / EPICS).unlink()
    before = desk.tracker().get("1.2")
    written = desk.tracker().update("1.2", {"body": "Text", "state": State.PLANNING})
    assert (written.native_id, written.body) == (before.native_id, "Text")
    new = text(desk, f"{STORIES}/1-2-second.md")
    assert new.startswith("# Story 1.2: Second\n\nStatus: ready-for-dev\n\n## Story\n\nText\n")
    assert "1-2-second: ready-for-dev" in text(desk, SPRINT)
    desk.tracker().update("epic-2", {"body": "Why"})
    assert text(desk, EPICS) == "# Epics\n\n## Epic 2: Epic 2\n\nWhy\n"


@pytest.mark.requirement("mdwrite:create:story")
def test_a_new_story_is_named_and_numbered_like_its_neighbours(desk: Desk) -> None:
    new = made(desk.tracker(), title="Ünïq: one & all", parent="epic-1", points=2.0, body="Text")
    assert (new.ref.key, new.parent and new.parent.key) == ("1.3", "epic-1")
    assert (new.title, new.points, new.state) == ("Ünïq: one & all", 2.0, State.BACKLOG)
    assert text(desk, SPRINT) == SPRINT_TEXT.replace(
        "second: backlog\n", "second: backlog\n  1-3-uniq-one-all: backlog\n"
    )
    file = text(desk, f"{STORIES}/1-3-uniq-one-all.md")
    assert file.startswith("# Story 1.3: Ünïq: one & all\n\nStatus: backlog\nPoints: 2\n\n## Story")
    second = made(desk.tracker(), parent="epic-2")
    assert second.ref.key == "2.2"
    assert "  2-1-later: backlog\n  2-2-a-new-one: backlog\n" in text(desk, SPRINT)


@pytest.mark.requirement("mdwrite:create:no-epic")
def test_a_story_without_an_epic_is_in_epic_0(desk: Desk) -> None:
    assert [made(desk.tracker()).ref.key for _ in range(2)] == ["0.1", "0.2"]
    assert (desk.repo.path / STORIES / "0-2-a-new-one.md").exists()
    tracker = desk.tracker()
    assert tracker.get("0.1").parent is None
    below = tracker.update("0.1", {"parent": "epic-2"}).parent
    assert below is not None
    assert below.key == "epic-2"
    assert tracker.update("0.1", {"parent": None}).parent is None
    with pytest.raises(InvalidInput, match="says its epic"):
        tracker.update("1.1", {"parent": None})


@pytest.mark.requirement("mdwrite:status:words")
def test_a_word_with_emphasis_is_shown_without_and_written_as_it_stands(desk: Desk) -> None:
    path = f"{STORIES}/1-1-first.md"
    marked = story("1.1", "First", "\U0001f6a7 **READY FOR DEVELOPMENT**")
    desk.put(path, marked)
    tracker = desk.tracker()
    found = tracker.get("1.1")
    assert (found.native_state, found.state) == (
        "\U0001f6a7 READY FOR DEVELOPMENT",
        State.PLANNING,
    )
    tracker.update("1.1", {"native_state": found.native_state, "points": 3})
    assert text(desk, path).splitlines()[2] == "Status: \U0001f6a7 **READY FOR DEVELOPMENT**"
    assert tracker.transition("1.1", State.PLANNING).points == 3
    assert text(desk, path).splitlines()[2] == "Status: \U0001f6a7 **READY FOR DEVELOPMENT**"
    tracker.transition("1.1", State.DONE)
    assert text(desk, path).splitlines()[2] == "Status: done"


@pytest.mark.requirement("mdwrite:steps:half")
def test_a_step_whose_bytes_are_no_text_can_be_ticked(desk: Desk) -> None:
    path = desk.repo.path / STORIES / "1-1-first.md"
    path.write_bytes(path.read_bytes().replace(b"- [ ] Do it", b"- [ ] Do \xff it"))
    tracker = desk.tracker()
    tracker.tick("1.1", Task(tracker.get("1.1").tasks[0].title, True, 0))
    assert b"- [x] Do \xff it\n" in path.read_bytes()


@pytest.mark.requirement("mdwrite:create:epic")
def test_a_new_epic_is_a_heading_and_an_entry(desk: Desk) -> None:
    new = made(desk.tracker(), Kind.EPIC, title="Third", body="Because")
    assert (new.ref.key, new.title, new.body) == ("epic-3", "Third", "Because")
    assert text(desk, EPICS) == f"{EPICS_TEXT}\n## Epic 3: Third\n\nBecause\n"
    assert text(desk, SPRINT) == (
        f"{SPRINT_TEXT}\n  epic-3: backlog\n  epic-3-retrospective: optional\n"
    )


@pytest.mark.requirement("mdwrite:create:epic")
def test_the_epics_file_is_made_where_missing(tmp_path: Path) -> None:
    desk = desk_in(tmp_path / "app")
    assert made(desk.tracker(), Kind.EPIC, title="One").ref.key == "epic-1"
    assert text(desk, EPICS) == "# Epics\n\n## Epic 1: One\n"
    child = made(desk.tracker(), parent="epic-1")
    assert child.ref.key == "1.1"


@pytest.mark.requirement("mdwrite:create:dialect")
@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("1.1.first.md", "1.2.a-new-one.md"),
        ("1.1.story.md", "1.2.story.md"),
        ("story-1.1.md", "story-1.2.md"),
        ("01-01-first.md", "01-02-a-new-one.md"),
        ("story-1-1-first.md", "story-1-2-a-new-one.md"),
    ],
)
def test_a_v4_folder_gets_v4_files(tmp_path: Path, name: str, wanted: str) -> None:
    desk = desk_in(tmp_path / "app")
    (desk.repo.path / "_bmad/bmm/config.yaml").unlink()
    desk.put(".bmad-core/core-config.yaml", "devStoryLocation: docs/stories\n")
    desk.put(f"docs/stories/{name}", "# Story 1.1: First\n\n## Status\n\nDraft\n")
    assert desk.tracker().get("1.1").native_state == "Draft"
    new = made(desk.tracker(), parent="epic-1", state=State.PLANNING)
    assert new.native_state == "Approved"
    assert text(desk, f"docs/stories/{wanted}").startswith(
        "# Story 1.2: A new one\n\n## Status\n\nApproved\n\n## Story\n"
    )


@pytest.mark.requirement("mdwrite:create:dialect")
def test_a_pantheon_folder_gets_its_sections(tmp_path: Path) -> None:
    desk = desk_in(tmp_path / "app")
    desk.put("_bmad/pantheon/config.yaml", 'implementation_artifacts: "docs/sprint-artifacts"\n')
    new = made(desk.tracker(), body="Text\n\n## Business Context\n\nMoney")
    file = text(desk, "docs/sprint-artifacts/0-1-a-new-one.md")
    assert new.body == "Text\n\n## Business Context\n\nMoney"
    assert "**Status:** backlog\n\n## Story\n\nText\n\n## Business Context\n\nMoney\n" in file
    assert "## Definition of Done" in file


@pytest.mark.requirement("mdwrite:delete:everywhere")
def test_a_deleted_story_is_gone_everywhere(desk: Desk) -> None:
    tracker = desk.tracker(commit=True)
    tracker.delete("1.1")
    assert not (desk.repo.path / STORIES / "1-1-first.md").exists()
    assert "1-1-first" not in text(desk, SPRINT)
    assert text(desk, EPICS) == EPICS_TEXT.replace("### Story 1.1: First\n\n", "")
    with pytest.raises(NotFound):
        desk.tracker().get("1.1")
    tracker.delete("1.2")
    tracker.delete("epic-1")
    assert "epic-1" not in text(desk, SPRINT)
    assert text(desk, EPICS) == "# Epics\n\n## Epic 2: Later\n\n### Story 2.1: Later\n"
    assert desk.repo.git("status", "--short") == ""


@pytest.mark.requirement("mdwrite:delete:epic")
def test_an_epic_with_stories_stays(desk: Desk) -> None:
    with pytest.raises(Conflict, match=r"has 2 stories: 1\.1, 1\.2"):
        desk.tracker().delete("epic-1")
    assert text(desk, EPICS) == EPICS_TEXT


@pytest.mark.requirement("mdwrite:parent:label")
def test_another_epic_is_said_in_a_label(desk: Desk) -> None:
    tracker = desk.tracker()
    moved = tracker.update("1.1", {"parent": "epic-2"})
    assert (moved.ref.key, moved.parent and moved.parent.key) == ("1.1", "epic-2")
    assert "Status: ready-for-dev\nEpic: 2\n" in text(desk, f"{STORIES}/1-1-first.md")
    back = tracker.update("1.1", {"parent": "epic-1"})
    assert back.parent
    assert back.parent.key == "epic-1"
    for wrong in (None, "1.2", "epic-9"):
        with pytest.raises((InvalidInput, NotFound)):
            tracker.update("1.1", {"parent": wrong})
    with pytest.raises(InvalidInput, match="under its epic"):
        tracker.update("1.2", {"parent": "epic-2"})


@pytest.mark.requirement("mdwrite:needs:other")
def test_what_another_file_says_is_not_taken_away_here(desk: Desk) -> None:
    desk.put_story("1-3-third.md", story("1.3", "Third", more="**Blocks:** 1.1\n"))
    tracker = desk.tracker()
    assert [ref.key for ref in tracker.get("1.1").blocked_by] == ["1.3"]
    with pytest.raises(InvalidInput, match=r"1-3-third\.md:4 says that 1\.3 blocks it"):
        tracker.update("1.1", {"blocked_by": []})
    both = tracker.update("1.1", {"blocked_by": ["1.3", "1.2"]})
    assert [ref.key for ref in both.blocked_by] == ["1.2", "1.3"]


@pytest.mark.requirement("mdwrite:twin:set")
def test_the_key_of_a_twin_is_written_and_cleared(desk: Desk) -> None:
    tracker = desk.tracker()
    assert tracker.update("1.1", {"twin_key": "US123"}).twin_key == "US123"
    assert "FormattedID: US123" in text(desk, f"{STORIES}/1-1-first.md")
    assert tracker.update("1.1", {"twin_key": None}).twin_key is None
    assert text(desk, f"{STORIES}/1-1-first.md") == story("1.1", "First")


@pytest.mark.requirement("mdwrite:steps:half")
def test_half_done_becomes_done_and_nothing_is_written_twice(desk: Desk) -> None:
    path = f"{STORIES}/1-1-first.md"
    desk.put(path, story("1.1", "First").replace("- [ ] Do it", "- [~] Do it"))
    tracker = desk.tracker()
    tracker.tick("1.1", Task("Do it", True, 0))
    assert "- [x] Do it" in text(desk, path)
    at = (desk.repo.path / path).stat().st_mtime_ns
    tracker.tick("1.1", Task("Do it", True, 0))
    tracker.update("1.1", {"title": "First", "labels": [], "assignee": None})
    assert (desk.repo.path / path).stat().st_mtime_ns == at


@pytest.mark.requirement("mdwrite:commit:one")
def test_every_change_is_one_commit_of_its_files_alone(desk: Desk) -> None:
    desk.repo.put("other.txt", "staged")
    desk.repo.git("add", "other.txt")
    desk.tracker(commit=True).transition("1.1", State.DONE)
    assert desk.repo.git("log", "-1", "--format=%s") == "stories 1.1: status done"
    assert desk.repo.git("show", "--name-only", "--format=", "HEAD").split() == sorted(
        [f"{STORIES}/1-1-first.md", SPRINT]
    )
    assert desk.repo.git("status", "--short") == "A  other.txt"


@pytest.mark.requirement("mdwrite:folders:two")
def test_two_folders_are_written_apart(tmp_path: Path) -> None:
    first = desk_in(tmp_path / "app", [("1-1-first.md", story("1.1", "First"))])
    second = desk_in(tmp_path / "web", [("1-1-first.md", story("1.1", "Other"))])
    first.folders = (str(first.repo.path), str(second.repo.path))
    tracker = first.tracker()
    assert tracker.transition("web#1.1", State.DONE).ref.key == "web#1.1"
    assert tracker.get("app#1.1").state is State.PLANNING
    new = tracker.create(NewIssue(Kind.STORY, {"title": "New"}, project="web"))
    assert new.ref.key == "web#0.1"
    below = made(tracker, parent="app#epic-1")
    assert below.ref.key == "app#1.2"
    assert [
        ref.key for ref in tracker.update("web#1.1", {"blocked_by": ["web#0.1"]}).blocked_by
    ] == ["web#0.1"]


@pytest.mark.requirement("mdwrite:folders:no-git")
def test_a_folder_outside_git_is_written_too(tmp_path: Path) -> None:
    desk = desk_in(tmp_path / "app", [("1-1-first.md", story("1.1", "First"))])
    plain = tmp_path / "plain" / "docs" / "stories"
    plain.mkdir(parents=True)
    (plain / "1.1.first.md").write_text("# Story 1.1: First\n\n## Status\n\nDraft\n")
    desk.folders = (str(plain.parent.parent),)
    tracker = desk.tracker(commit=True)
    assert tracker.transition("1.1", State.DONE).native_state == "Done"
    assert made(tracker, parent="epic-1").ref.key == "1.2"
    assert tracker.history("1.1") == []


@pytest.mark.requirement("mdwrite:fault:read-only")
def test_a_read_only_file_is_named_and_nothing_is_written(desk: Desk) -> None:
    (desk.repo.path / SPRINT).chmod(0o444)
    with pytest.raises(LocalFault) as caught:
        desk.tracker().transition("1.1", State.DONE)
    assert SPRINT in caught.value.message
    assert text(desk, f"{STORIES}/1-1-first.md") == story("1.1", "First")
    (desk.repo.path / SPRINT).chmod(0o644)
    assert desk.tracker().get("1.1").state is State.PLANNING


@pytest.mark.requirement("mdwrite:create:titles")
@pytest.mark.parametrize(
    "title",
    ["1.5 release", "Story: 2.1 again", "a **bold** move", "{braces} %s", "a | b: c", "漢字"],
)
def test_a_title_is_read_as_it_was_given(desk: Desk, title: str) -> None:
    new = made(desk.tracker(), title=title, parent="epic-1")
    assert (new.title, new.ref.key) == (title, "1.3")
    assert desk.tracker().update("1.1", {"title": title}).title == title
    assert made(desk.tracker(), Kind.EPIC, title=title).title == title


@pytest.mark.requirement("mdwrite:create:titles")
@pytest.mark.parametrize("title", ["Learn C #", "ends in *move*"])
def test_a_title_that_would_be_read_as_another_is_refused(desk: Desk, title: str) -> None:
    with pytest.raises(InvalidInput):
        made(desk.tracker(), title=title)
    assert desk.repo.git("status", "--short") == ""


@pytest.mark.requirement("mdwrite:create:titles")
def test_a_file_without_a_title_gets_one(desk: Desk) -> None:
    path = desk.put_story("1-4-bare.md", "Status: done\n\n## Story\n\nText\n")
    assert desk.tracker().update("1.4", {"title": "Named"}).title == "Named"
    assert path.read_text() == "# Story 1.4: Named\n\nStatus: done\n\n## Story\n\nText\n"
