"""Files that go away while they are read, or all at once: nobody's board is emptied by that."""

import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest

from panopticon.errors import LocalFault, PanError, Retriable
from panopticon.local.disk import LocalFolder
from panopticon.model.change import Cursor, Scope
from panopticon.model.disk import Listing
from panopticon.trackers.disk import Folder
from panopticon.trackers.markdown.options import Options
from panopticon.trackers.markdown.tracker import MarkdownTracker, tracker_of
from tests.trackers.markdown.desk import NOW, STORIES, Desk, desk_in, story

NAMES = [(f"1-{n}-x{n}.md", story(f"1.{n}", f"X{n}")) for n in range(1, 6)]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return desk_in(tmp_path / "app", NAMES)


@dataclass
class Board:
    """What a sync keeps of the pages, as services do: deletions once more at the end."""

    desk: Desk

    def __post_init__(self) -> None:
        self.keys: dict[str, str] = {}

    def sync(self, tracker: MarkdownTracker, between: Callable[[], object] = bool) -> None:
        """Read the bin, then the items; `between` happens in the middle."""
        bin_, items = tracker.streams()
        gone = [one for page in self._pages(tracker, bin_) for one in page]
        between()
        for _ in self._pages(tracker, items):
            pass
        for one in gone:
            self.keys.pop(one, None)

    def _pages(self, tracker: MarkdownTracker, stream: str) -> Iterator[tuple[str, ...]]:
        last = self.desk.cursors.get(stream, Cursor())
        for page in tracker.pull(stream, Scope(), last, NOW):
            self.keys |= {issue.native_id: issue.ref.key for issue in page.issues}
            for one in page.deleted:
                self.keys.pop(one, None)
            self.desk.cursors[stream] = page.cursor
            yield page.deleted

    @property
    def shown(self) -> list[str]:
        """Give the keys that are on it."""
        return sorted(self.keys.values())


EVERY = ["1.1", "1.2", "1.3", "1.4", "1.5", "epic-1"]


class Other:
    """A disk whose folders are of another class."""

    def __init__(self, made: Callable[[Path], LocalFolder]) -> None:
        self._made = made

    def open(self, path: str) -> Folder:
        """Open one."""
        return self._made(Path(path))


def tracker_on(desk: Desk, made: Callable[[Path], LocalFolder]) -> MarkdownTracker:
    options = Options("stories", (str(desk.repo.path),))
    return tracker_of(options, Other(made), lambda: NOW, desk.notes)


class Blinking(LocalFolder):
    """A folder from which half is missing in the first listing."""

    listings = 0

    def files(self, is_wanted: Callable[[str], bool]) -> Listing:
        """List half of it, later the whole."""
        listing = super().files(is_wanted)
        self.listings += 1
        return Listing(listing.files[:3], {}) if self.listings == 1 else listing


class Restless(LocalFolder):
    """A folder that is another one in every listing."""

    listings = 0

    def files(self, is_wanted: Callable[[str], bool]) -> Listing:
        """List one file more or less."""
        listing = super().files(is_wanted)
        self.listings += 1
        return Listing(listing.files[: 2 + self.listings % 2], {})


class Counted(LocalFolder):
    """A folder that counts how often its files are read."""

    read_paths: ClassVar[list[str]] = []

    def read(self, path: str) -> bytes:
        """Read a file."""
        self.read_paths.append(path)
        return super().read(path)


@pytest.mark.requirement("markdown:read:once")
def test_a_first_sync_opens_every_story_once(desk: Desk) -> None:
    Counted.read_paths.clear()
    board = Board(desk)
    board.sync(tracker_on(desk, Counted))
    assert board.shown == EVERY
    stories = sorted(path for path in Counted.read_paths if path.endswith(".md"))
    assert stories == sorted(f"{STORIES}/{name}" for name, _ in NAMES)


@pytest.mark.requirement("markdown:sync:one-reading")
def test_files_that_come_back_between_the_streams_are_on_the_board(
    desk: Desk, tmp_path: Path
) -> None:
    board = Board(desk)
    board.sync(desk.tracker())
    file = desk.repo.path / STORIES / "1-3-x3.md"
    away = tmp_path / "away.md"
    file.rename(away)
    board.sync(desk.tracker(), between=lambda: away.rename(file))
    board.sync(desk.tracker())
    assert board.shown == EVERY


@pytest.mark.requirement("markdown:sync:back")
def test_what_was_deleted_comes_again_in_every_scope(desk: Desk, tmp_path: Path) -> None:
    scope = Scope(epics=("1",))
    desk.sync()
    whole, desk.cursors = desk.cursors, {}
    desk.sync(scope)
    part, desk.cursors = desk.cursors, whole
    file = desk.repo.path / STORIES / "1-3-x3.md"
    away = tmp_path / "away.md"
    file.rename(away)
    assert len(desk.sync()[1]) == 1
    away.rename(file)
    assert desk.sync()[0] == ["1.3"]
    desk.cursors = part
    assert desk.sync(scope)[0] == ["1.3"]
    assert desk.sync(scope)[0] == []


@pytest.mark.requirement("markdown:sync:back")
def test_what_a_sweep_has_missed_comes_again(desk: Desk, tmp_path: Path) -> None:
    desk.sync()
    file = desk.repo.path / STORIES / "1-3-x3.md"
    away = tmp_path / "away.md"
    file.rename(away)
    assert len(dict(desk.tracker().native_ids(Scope()))) == len(EVERY) - 1
    away.rename(file)
    assert desk.sync()[0] == ["1.3"]


@pytest.mark.requirement("markdown:read:twice")
def test_a_listing_that_lacks_files_for_a_moment_deletes_nothing(desk: Desk) -> None:
    desk.sync()
    tracker = tracker_on(desk, Blinking)
    for stream in tracker.streams():
        pages = list(tracker.pull(stream, Scope(), desk.cursors[stream], NOW))
        assert [(page.deleted, page.issues) for page in pages] == [((), ())]


@pytest.mark.requirement("markdown:read:twice")
def test_a_folder_that_does_not_rest_is_a_reason_to_try_again(desk: Desk) -> None:
    desk.sync()
    tracker = tracker_on(desk, Restless)
    with pytest.raises(Retriable, match="come and go"):
        list(tracker.pull("deleted", Scope(), desk.cursors["deleted"], NOW))
    assert desk.sync() == ([], [])


@pytest.mark.requirement("markdown:read:git-at-work")
def test_nothing_is_deleted_while_git_changes_the_files(desk: Desk) -> None:
    desk.sync()
    lock = desk.repo.path / ".git/index.lock"
    lock.touch()
    (desk.repo.path / STORIES / "1-3-x3.md").unlink()
    with pytest.raises(Retriable, match=r"index\.lock") as caught:
        desk.sync()
    assert "remove that file" in (caught.value.hint or "")
    lock.unlink()
    assert len(desk.sync()[1]) == 1


@pytest.mark.requirement("markdown:read:git-at-work")
def test_another_branch_without_stories_empties_the_board_and_coming_back_fills_it(
    desk: Desk,
) -> None:
    git = desk.repo.git
    git("checkout", "--quiet", "-b", "bare")
    git("rm", "-r", "--quiet", STORIES)
    desk.repo.save("None")
    git("checkout", "--quiet", "main")
    board = Board(desk)
    board.sync(desk.tracker())
    git("checkout", "--quiet", "bare")
    board.sync(desk.tracker())
    assert board.shown == []
    git("checkout", "--quiet", "main")
    board.sync(desk.tracker())
    assert board.shown == EVERY


@pytest.mark.slow
@pytest.mark.requirement("markdown:sync:one-reading")
def test_branches_that_change_all_the_time_lose_nothing(tmp_path: Path) -> None:
    names = [(f"{n // 50 + 1}-{n % 50 + 1}-x.md", story("", f"X{n}")) for n in range(400)]
    desk = desk_in(tmp_path / "app", names)
    git = desk.repo.git
    git("checkout", "--quiet", "-b", "bare")
    git("rm", "-r", "--quiet", STORIES)
    desk.repo.save("None")
    git("checkout", "--quiet", "main")
    board = Board(desk)
    board.sync(desk.tracker())
    every = board.shown
    stop = threading.Event()

    def switch() -> None:
        while not stop.is_set():
            for branch in ("bare", "main"):
                subprocess.run(
                    ["git", "checkout", "--quiet", branch], cwd=desk.repo.path, check=True
                )

    other = threading.Thread(target=switch)
    other.start()
    try:
        for _ in range(8):
            try:
                board.sync(desk.tracker())
            except PanError:
                continue
    finally:
        stop.set()
        other.join()
    board.sync(desk.tracker())
    assert board.shown == every


def refused(desk: Desk, words: str) -> LocalFault:
    for stream, cursor in desk.cursors.items():
        with pytest.raises(LocalFault, match=words) as caught:
            list(desk.tracker().pull(stream, Scope(), cursor, NOW))
    with pytest.raises(LocalFault, match=words):
        list(desk.tracker().native_ids(Scope()))
    return caught.value


@pytest.mark.requirement("markdown:sync:emptied")
def test_an_empty_folder_in_place_of_a_repository_is_an_error(desk: Desk, tmp_path: Path) -> None:
    desk.sync()
    away = tmp_path / "away"
    shutil.move(desk.repo.path, away)
    desk.repo.path.mkdir()
    hint = refused(desk, "was a git repository").hint or ""
    assert "force=true" in hint
    desk.repo.path.rmdir()
    shutil.move(away, desk.repo.path)
    assert desk.sync() == ([], [])


@pytest.mark.requirement("markdown:sync:emptied")
def test_stories_that_are_all_gone_without_git_are_an_error(desk: Desk, tmp_path: Path) -> None:
    desk.sync()
    shutil.move(desk.repo.path / "_bmad-output", tmp_path / "away")
    hint = refused(desk, "All 5 story files").hint or ""
    assert "git restore" in hint
    desk.repo.save("They are gone")
    assert len(desk.sync()[1]) == len(EVERY)


@pytest.mark.requirement("markdown:sync:emptied")
def test_a_commit_that_left_the_stories_tracked_does_not_explain_it(
    desk: Desk, tmp_path: Path
) -> None:
    desk.sync()
    shutil.move(desk.repo.path / "_bmad-output", tmp_path / "away")
    desk.put("other.txt", "x")
    desk.repo.git("add", "other.txt")
    desk.repo.git("commit", "--quiet", "-m", "Other")
    refused(desk, "All 5 story files")


@pytest.mark.requirement("markdown:sync:emptied")
def test_force_believes_it_but_not_with_other_settings(desk: Desk, tmp_path: Path) -> None:
    desk.sync()
    shutil.move(desk.repo.path / "_bmad-output", tmp_path / "away")
    other = {"commit": True}
    with pytest.raises(LocalFault):
        list(desk.tracker(**other).pull("deleted", Scope(), Cursor(), NOW))
    with pytest.raises(LocalFault):
        list(desk.tracker().pull("deleted", Scope(epics=("1",)), Cursor(), NOW))
    tracker = desk.tracker()
    for stream in tracker.streams():
        assert [page.issues for page in tracker.pull(stream, Scope(), Cursor(), NOW)] == [()]
    assert list(tracker.native_ids(Scope())) == []


@pytest.mark.requirement("markdown:sync:emptied")
def test_other_settings_may_leave_all_stories_out(desk: Desk) -> None:
    desk.sync()
    tracker = desk.tracker(exclude=("_bmad-output",))
    assert list(tracker.native_ids(Scope())) == []
