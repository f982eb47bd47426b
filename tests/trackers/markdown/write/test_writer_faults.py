"""Writes that are cut off, raced, or refused: nothing is lost, nothing stays half done."""

import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from panopticon.config.layer import environment
from panopticon.errors import Conflict, Partial
from panopticon.model.disk import Write
from panopticon.model.issue import State
from panopticon.trackers.disk import Folder
from panopticon.trackers.markdown.options import Options
from panopticon.trackers.markdown.tracker import MarkdownTracker, tracker_of
from tests.trackers.markdown.desk import EPICS, NOW, SPRINT, STORIES, Desk, desk_in, story
from tests.trackers.markdown.write.crash import MOMENTS, VERBS, Wrapped, Wrapping
from tests.trackers.markdown.write.test_writer import EPICS_TEXT, SPRINT_TEXT, text

FIRST = f"{STORIES}/1-1-first.md"
_WRITER = """\
import sys
from tests.trackers.markdown.write.crash import NOW, Options, LocalDisk, tracker_of
root, name, count = sys.argv[1:]
tracker = tracker_of(Options("stories", (root,)), LocalDisk(), lambda: NOW)
print("ready", flush=True)
sys.stdin.readline()
for number in range(int(count)):
    if number % 2:
        tracker.comment("1.1", f"{name} {number}")
    else:
        tracker.add_step("1.1", f"{name} {number}")
"""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A repository with a story, its entry and its epic."""
    desk = desk_in(tmp_path / "app", [("1-1-first.md", story("1.1", "First"))])
    desk.put(SPRINT, SPRINT_TEXT)
    desk.put(EPICS, EPICS_TEXT)
    desk.repo.save()
    return desk


def killed(desk: Desk, moment: str, verb: str) -> None:
    """Run a writer that dies."""
    words = [sys.executable, "-m", "tests.trackers.markdown.write.crash"]
    done = subprocess.run(
        [*words, str(desk.repo.path), moment, verb],
        cwd=Path.cwd(),
        env=environment(),
        timeout=60,
        check=False,
        capture_output=True,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


def is_half(desk: Desk) -> bool:
    """Tell whether something is left to be finished."""
    return desk.repo.open().journal() is not None


@pytest.mark.requirement("mdwrite:crash:finished")
@pytest.mark.parametrize("verb", list(VERBS))
@pytest.mark.parametrize("moment", MOMENTS)
def test_the_next_command_finishes_what_a_kill_cut_off(desk: Desk, moment: str, verb: str) -> None:
    killed(desk, moment, verb)
    assert is_half(desk)
    tracker = desk.tracker(commit=True)
    tracker.get("epic-2")  # any command, a reading one too
    assert not is_half(desk)
    sprint = text(desk, SPRINT)
    if verb == "move":
        assert "Status: done" in text(desk, FIRST)
        assert "1-1-first: done" in sprint
    elif verb == "story":
        assert tracker.get("1.3").title == "New"
        assert "1-3-new: backlog" in sprint
    elif verb == "epic":
        assert "## Epic 3: New" in text(desk, EPICS)
        assert "epic-3: backlog" in sprint
    else:
        assert not (desk.repo.path / FIRST).exists()
        assert "1-1-first" not in sprint
        assert "Story 1.1" not in text(desk, EPICS)
    assert desk.repo.git("status", "--short") == ""
    assert desk.repo.git("log", "-1", "--format=%s").startswith("stories ")
    assert tracker.check().warnings == ()


@pytest.mark.requirement("mdwrite:crash:finished")
def test_the_next_write_finishes_it_first(desk: Desk) -> None:
    killed(desk, "write:1", "move")
    desk.tracker(commit=True).transition("2.1", State.IN_PROGRESS)
    assert "1-1-first: done" in text(desk, SPRINT)
    assert "2-1-later: in-progress" in text(desk, SPRINT)
    assert desk.repo.git("log", "-2", "--format=%s").split("\n") == [
        "stories 2.1: status in-progress",
        "stories 1.1: status done",
    ]


@pytest.mark.requirement("mdwrite:crash:newer")
@pytest.mark.parametrize("moment", ["journal", "write:1"])
def test_a_newer_edit_by_hand_wins(desk: Desk, moment: str) -> None:
    killed(desk, moment, "move")
    by_hand = story("1.1", "First", "review")
    desk.put(FIRST, by_hand)
    desk.tracker().get("1.1")
    assert not is_half(desk)
    assert text(desk, FIRST) == by_hand
    assert text(desk, SPRINT) == SPRINT_TEXT


@pytest.mark.requirement("mdwrite:crash:branch")
@pytest.mark.parametrize("moment", ["journal", "write:1"])
def test_on_another_branch_nothing_is_finished(desk: Desk, moment: str) -> None:
    killed(desk, moment, "move")
    desk.repo.git("checkout", "--quiet", "--", ".")
    desk.repo.git("checkout", "--quiet", "-b", "other")
    desk.tracker(commit=True).get("1.1")
    assert not is_half(desk)
    assert "Status: done" not in text(desk, FIRST)
    assert text(desk, SPRINT) == SPRINT_TEXT
    assert desk.repo.git("status", "--short") == ""


@pytest.mark.requirement("mdwrite:crash:newer")
def test_an_edit_elsewhere_in_the_file_is_kept_and_the_word_is_finished(desk: Desk) -> None:
    killed(desk, "write:1", "move")
    by_hand = SPRINT_TEXT.replace("# kept by hand", "# kept").replace("epic-2: b", "epic-2: in-b")
    desk.put(SPRINT, by_hand)
    desk.tracker().get("1.1")
    assert text(desk, SPRINT) == by_hand.replace("1-1-first: ready-for-dev", "1-1-first: done")


@pytest.mark.requirement("mdwrite:crash:newer")
@pytest.mark.parametrize("content", [b"", b"{", b'{"format": 9}', b"\xff"])
def test_a_journal_that_makes_no_sense_is_forgotten(desk: Desk, content: bytes) -> None:
    desk.repo.open().put_journal(content)
    desk.tracker().transition("1.1", State.DONE)
    assert not is_half(desk)
    assert "Status: done" in text(desk, FIRST)


@pytest.mark.requirement("mdwrite:race:two-writers")
def test_two_writers_lose_nothing(desk: Desk) -> None:
    count = 50
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(desk.repo.path), name, str(count)],
            cwd=Path.cwd(),
            env={**environment(), "PYTHONPATH": str(Path.cwd())},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for name in ("one", "two")
    ]
    for writer in writers:
        assert writer.stdout
        assert writer.stdout.readline() == b"ready\n"
    for writer in writers:
        assert writer.stdin
        writer.stdin.write(b"\n")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate(timeout=300)
        assert writer.returncode == 0
    found = desk.tracker().get("1.1")
    said = {one.body for one in desk.tracker().comments("1.1")}
    steps = {one.title for one in found.tasks}
    for name in ("one", "two"):
        assert {f"{name} {number}" for number in range(1, count, 2)} <= said
        assert {f"{name} {number}" for number in range(0, count, 2)} <= steps
    assert len(said) == count


class Disturbed(Wrapped):
    """A folder in which somebody does something right before a write."""

    def __init__(self, inner: Folder, disturb: Callable[[], object]) -> None:
        super().__init__(inner)
        self._disturb = disturb

    def write(self, changes: Sequence[Write]) -> None:
        """Let it happen, then write."""
        self._disturb()
        self._inner.write(changes)


def disturbed(desk: Desk, disturb: Callable[[], object]) -> MarkdownTracker:
    """Open the tracker on such a folder."""
    options = Options("stories", (str(desk.repo.path),))
    return tracker_of(options, Wrapping(lambda inner: Disturbed(inner, disturb)), lambda: NOW)


@pytest.mark.requirement("mdwrite:race:by-hand")
@pytest.mark.parametrize("path", [FIRST, SPRINT])
def test_an_edit_by_hand_at_the_moment_of_writing_is_not_lost(desk: Desk, path: str) -> None:
    before = {one: text(desk, one) for one in (FIRST, SPRINT)}
    by_hand = f"{before[path]}\n# by hand\n"
    with pytest.raises(Conflict) as caught:
        disturbed(desk, lambda: desk.put(path, by_hand)).transition("1.1", State.DONE)
    assert caught.value.details["path"] == path
    assert "+# by hand" in str(caught.value.details["difference"])
    assert {one: text(desk, one) for one in before} == {**before, path: by_hand}
    assert not is_half(desk)
    assert desk.tracker().transition("1.1", State.DONE).state is State.DONE
    assert text(desk, path).endswith("# by hand\n")


@pytest.mark.requirement("mdwrite:race:deleted")
def test_a_file_that_was_deleted_meanwhile_is_not_made_again(desk: Desk) -> None:
    with pytest.raises(Conflict, match="was deleted"):
        disturbed(desk, (desk.repo.path / FIRST).unlink).transition("1.1", State.DONE)
    assert not (desk.repo.path / FIRST).exists()
    assert text(desk, SPRINT) == SPRINT_TEXT


@pytest.mark.requirement("mdwrite:fault:hook")
def test_a_refusing_hook_leaves_the_files_written_and_says_so(desk: Desk) -> None:
    hook = desk.repo.put(
        ".git/hooks/pre-commit", "#!/bin/sh\necho 'no story commits' >&2\nexit 1\n"
    )
    hook.chmod(0o755)
    with pytest.raises(Partial) as caught:
        desk.tracker(commit=True).transition("1.1", State.DONE)
    assert "no story commits" in f"{caught.value.message} {caught.value.hint}"
    assert caught.value.details["written"] is True
    assert caught.value.details["ref"] == "1.1"
    assert caught.value.details["files"] == [FIRST, SPRINT]
    assert desk.tracker().get("1.1").state is State.DONE
    assert not is_half(desk)


@pytest.mark.requirement("mdwrite:fault:merge")
def test_a_file_with_merge_markers_is_read_and_not_written(desk: Desk) -> None:
    torn = story("1.1", "First").replace(
        "- [ ] Do it", "<<<<<<< HEAD\n- [ ] Do it\n=======\n- [ ] Do that\n>>>>>>> other"
    )
    desk.put(FIRST, torn)
    tracker = desk.tracker()
    assert len(tracker.get("1.1").tasks) == 3
    verbs: list[Callable[[], object]] = [
        lambda: tracker.transition("1.1", State.DONE),
        lambda: tracker.comment("1.1", "x"),
        lambda: tracker.update("1.1", {"body": "x", "labels": ["x"]}),
        lambda: tracker.delete("1.1"),
    ]
    for verb in verbs:
        with pytest.raises(Conflict, match="merge"):
            verb()
    assert text(desk, FIRST) == torn
    assert text(desk, SPRINT) == SPRINT_TEXT


@pytest.mark.requirement("mdwrite:fault:merge")
def test_a_merge_under_way_is_not_committed(desk: Desk) -> None:
    repo = desk.repo
    repo.git("checkout", "--quiet", "-b", "other")
    repo.put("a.txt", "other")
    repo.save()
    repo.git("checkout", "--quiet", "main")
    repo.put("a.txt", "main")
    repo.save()
    with pytest.raises(subprocess.CalledProcessError):
        repo.git("merge", "other")
    with pytest.raises(Partial) as caught:
        desk.tracker(commit=True).transition("1.1", State.DONE)
    assert caught.value.details["written"] is True
    assert "Status: done" in text(desk, FIRST)
    assert (repo.path / ".git/MERGE_HEAD").exists()
