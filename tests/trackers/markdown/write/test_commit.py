"""Commits of a team's own repository: one for a change, and nobody else's lines in it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from panopticon.errors import Partial
from panopticon.model.issue import Kind, NewIssue, State
from panopticon.trackers.markdown.options import Options
from panopticon.trackers.markdown.tracker import tracker_of
from tests.trackers.markdown.desk import NOW, SPRINT, STORIES, Desk, desk_in, story
from tests.trackers.markdown.write.crash import Wrapped, Wrapping
from tests.trackers.markdown.write.test_writer import SPRINT_TEXT, text
from tests.trackers.markdown.write.test_writer_faults import killed

FIRST = f"{STORIES}/1-1-first.md"
HALF = story("1.1", "First").replace("it is there.\n", "it is there.\n\nhalf\n")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A repository with a story and its entry, committed."""
    desk = desk_in(tmp_path / "app", [("1-1-first.md", story("1.1", "First"))])
    desk.put(SPRINT, SPRINT_TEXT)
    desk.repo.save()
    return desk


def typed(desk: Desk) -> str:
    """Type into the story file."""
    desk.put(FIRST, HALF)
    return FIRST


def typed_in_sprint(desk: Desk) -> str:
    """Change another line of sprint-status."""
    desk.put(SPRINT, SPRINT_TEXT.replace("2-1-later: backlog", "2-1-later: half"))
    return SPRINT


def staged(desk: Desk) -> str:
    """Stage something in the story file, and take it out of the file again."""
    desk.put(FIRST, HALF)
    desk.repo.git("add", FIRST)
    desk.put(FIRST, story("1.1", "First"))
    return FIRST


def never_added(desk: Desk) -> str:
    """Take the story file out of git, as one is that nobody has committed yet."""
    desk.put(FIRST, HALF)
    desk.repo.git("rm", "--quiet", "--cached", FIRST)
    desk.repo.git("commit", "--quiet", "-m", "Out")
    return FIRST


@pytest.mark.requirement("mdwrite:commit:own")
@pytest.mark.parametrize("begun", [typed, typed_in_sprint, staged, never_added])
def test_what_somebody_has_begun_by_hand_is_not_committed(
    desk: Desk, begun: Callable[[Desk], str]
) -> None:
    path = begun(desk)
    head = desk.repo.git("rev-parse", "HEAD")
    index = desk.repo.git("ls-files", "--stage")
    with pytest.raises(Partial, match=path) as caught:
        desk.tracker(commit=True).transition("1.1", State.IN_REVIEW)
    told = caught.value.details
    assert (told["written"], told["ref"], told["files"]) == (True, "1.1", [FIRST, SPRINT])
    assert "Status: review" in text(desk, FIRST)
    assert "1-1-first: review" in text(desk, SPRINT)
    assert desk.repo.git("rev-parse", "HEAD") == head
    assert desk.repo.git("ls-files", "--stage") == index
    assert desk.repo.open().journal() is None


@pytest.mark.requirement("mdwrite:commit:own")
def test_once_it_is_committed_by_hand_changes_are_committed_again(desk: Desk) -> None:
    typed(desk)
    with pytest.raises(Partial):
        desk.tracker(commit=True).transition("1.1", State.IN_REVIEW)
    desk.repo.save("Mine")
    desk.tracker(commit=True).transition("1.1", State.DONE)
    assert desk.repo.git("log", "-1", "--format=%s") == "stories 1.1: status done"
    assert desk.repo.git("status", "--short") == ""


@pytest.mark.requirement("mdwrite:commit:own")
def test_a_file_that_goes_is_committed_as_gone(desk: Desk) -> None:
    typed(desk)
    desk.tracker(commit=True).delete("1.1")
    assert desk.repo.git("show", "--name-status", "--format=", "HEAD").splitlines() == [
        f"D\t{FIRST}",
        f"M\t{SPRINT}",
    ]


@pytest.mark.requirement("mdwrite:commit:own")
@pytest.mark.parametrize("moment", ["journal", "write:1", "written"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_kill_in_between_sweeps_nothing_in(desk: Desk, moment: str, when: str) -> None:
    if when == "before":
        desk.put(FIRST, HALF)
    killed(desk, moment, "move")
    if when == "after":
        desk.put(SPRINT, text(desk, SPRINT).replace("2-1-later: backlog", "2-1-later: done"))
    head = desk.repo.git("rev-parse", "HEAD")
    desk.tracker(commit=True).get("1.1")
    assert "1-1-first: done" in text(desk, SPRINT)
    assert "Status: done" in text(desk, FIRST)
    assert desk.repo.git("rev-parse", "HEAD") == head


@pytest.mark.requirement("mdwrite:commit:impossible")
def test_a_folder_that_git_ignores_is_written_and_the_error_says_so(desk: Desk) -> None:
    desk.repo.git("rm", "-r", "--quiet", "--cached", STORIES)
    desk.repo.put(".gitignore", "_bmad-output/\n")
    desk.repo.save()
    head = desk.repo.git("rev-parse", "HEAD")
    with pytest.raises(Partial, match=r"is written, but not committed: .* ignores"):
        desk.tracker(commit=True).transition("1.1", State.DONE)
    assert "Status: done" in text(desk, FIRST)
    assert desk.repo.git("rev-parse", "HEAD") == head


@pytest.mark.requirement("mdwrite:commit:impossible")
def test_without_git_it_is_written_and_the_error_says_so(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with monkeypatch.context() as patched:
        patched.setenv("PATH", str(tmp_path))
        with pytest.raises(Partial, match=r"not committed: .*`git` is not installed"):
            desk.tracker(commit=True).transition("1.1", State.DONE)
    assert "Status: done" in text(desk, FIRST)
    assert desk.repo.open().journal() is None


@pytest.mark.requirement("mdwrite:commit:own")
def test_what_was_written_without_a_commit_gets_none_later(desk: Desk) -> None:
    typed(desk)
    folder = Forgetting(desk.repo.open())
    options = Options("stories", (str(desk.repo.path),))
    tracker_of(options, Wrapping(lambda _: folder), lambda: NOW).transition("1.1", State.DONE)
    assert desk.repo.open().journal() is not None
    head = desk.repo.git("rev-parse", "HEAD")
    desk.tracker(commit=True).get("1.1")
    assert desk.repo.open().journal() is None
    assert desk.repo.git("rev-parse", "HEAD") == head


class Forgetting(Wrapped):
    """A folder whose journal stays, as after a kill right before it is forgotten."""

    def put_journal(self, content: bytes | None) -> None:
        """Keep it only."""
        if content is not None:
            self._inner.put_journal(content)


@pytest.mark.requirement("mdwrite:commit:name")
def test_a_commit_names_the_item_without_the_folder(desk: Desk, tmp_path: Path) -> None:
    other = desk_in(tmp_path / "web")
    desk.folders = (str(desk.repo.path), str(other.repo.path))
    tracker = desk.tracker(commit=True)
    tracker.transition("app#1.1", State.DONE)
    assert desk.repo.git("log", "-1", "--format=%s") == "stories 1.1: status done"
    new = tracker.create(NewIssue(Kind.EPIC, {"title": "New"}, project="web"))
    assert new.ref.key == "web#epic-1"
    assert other.repo.git("log", "-1", "--format=%s") == "stories epic-1: new"
