"""A sync of story files: only what differs, deletions, cut runs, folders that are missing."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from panopticon.errors import InvalidInput, LocalFault, NotFound, PanError
from panopticon.local.disk import LocalFolder
from panopticon.model.change import Cursor, Scope
from panopticon.model.disk import Listing
from panopticon.trackers.disk import Folder
from panopticon.trackers.markdown.options import Options
from panopticon.trackers.markdown.shelf.streams import Streams
from panopticon.trackers.markdown.tracker import tracker_of
from tests.trackers.markdown.desk import EPICS, NOW, STORIES, Desk, desk_in, story


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    names = [(f"1-{n}-x{n}.md", story(f"1.{n}", f"X{n}")) for n in range(1, 6)]
    return desk_in(tmp_path / "app", names)


EVERY = ["1.1", "1.2", "1.3", "1.4", "1.5", "epic-1"]


def small(desk: Desk, size: int = 2) -> Streams:
    """Open the streams as a new process would, with small pages."""
    return Streams(desk.tracker().shelves, desk.notes, size)


@pytest.mark.requirement("markdown:sync:changes")
def test_after_a_whole_run_only_what_differs_comes(desk: Desk) -> None:
    assert sorted(desk.sync()[0]) == EVERY
    assert desk.sync() == ([], [])
    file = desk.put_story("1-2-x2.md", story("1.2", "X2", "done"))
    assert sorted(desk.sync()[0]) == ["1.2", "epic-1"]  # the epic is as far as its stories are
    file.write_text(file.read_text())
    desk.repo.save("The same bytes")
    assert desk.sync() == ([], [])


@pytest.mark.requirement("markdown:sync:changes")
def test_a_word_of_sprint_status_changes_its_story_alone(desk: Desk) -> None:
    desk.put(
        f"{STORIES}/sprint-status.yaml", "development_status:\n  epic-1: done\n  1-9-y: done\n"
    )
    desk.sync()
    desk.put(
        f"{STORIES}/sprint-status.yaml", "development_status:\n  epic-1: done\n  1-9-y: review\n"
    )
    assert desk.sync() == (["1.9"], [])


@pytest.mark.requirement("markdown:sync:unknown-mark")
def test_a_cursor_of_another_mark_gets_everything(desk: Desk) -> None:
    desk.sync()
    pages = desk.tracker().pull("items", Scope(), Cursor(NOW.replace(year=2001)), NOW)
    assert sorted(i.ref.key for page in pages for i in page.issues) == EVERY
    desk.notes = type(desk.notes)()
    assert sorted(desk.sync()[0]) == EVERY


@pytest.mark.requirement("markdown:sync:deleted")
def test_a_file_that_is_gone_is_deleted_and_a_renamed_one_is_not(desk: Desk) -> None:
    ids = {key: one.native_id for key, one in desk.issues().items()}
    desk.sync()
    folder = desk.repo.path / STORIES
    (folder / "1-1-x1.md").unlink()
    (folder / "1-2-x2.md").rename(folder / "1-2-better.md")
    keys, gone = desk.sync()
    assert gone == [ids["1.1"]]
    assert keys == ["1.2"]
    assert desk.tracker().fetch(list(ids.values()))[0].native_id != ids["1.1"]


@pytest.mark.requirement("markdown:sync:cut")
def test_a_run_that_was_cut_off_goes_on_and_starts_anew_where_files_changed(desk: Desk) -> None:
    pull = small(desk).pull("items", Scope(), Cursor(), NOW)
    first = next(pull)
    assert first.total == len(EVERY)
    rest = list(small(desk).pull("items", Scope(), first.cursor, NOW))
    seen = [issue.ref.key for page in (first, *rest) for issue in page.issues]
    assert sorted(seen) == EVERY
    changed = first.issues[1].ref.key
    name = f"{changed.replace('.', '-')}-x{changed[-1]}.md"
    desk.put_story(name, story(changed, "Changed meanwhile"))
    again = list(small(desk).pull("items", Scope(), first.cursor, NOW))
    titles = {issue.ref.key: issue.title for page in again for issue in page.issues}
    assert titles[changed] == "Changed meanwhile"
    assert sorted(titles) == EVERY


@pytest.mark.requirement("markdown:sync:cut")
def test_what_was_never_stored_comes_again(desk: Desk) -> None:
    desk.sync()
    before = dict(desk.cursors)
    desk.put_story("1-2-x2.md", story("1.2", "Changed"))
    (desk.repo.path / STORIES / "1-5-x5.md").unlink()
    told = desk.sync()
    desk.cursors = before  # killed after the tracker gave its last page, before it was stored
    assert desk.sync() == told


@pytest.mark.requirement("markdown:sync:missing")
def test_a_missing_folder_is_an_error_and_deletes_nothing(desk: Desk, tmp_path: Path) -> None:
    desk.sync()
    identity = desk.tracker().identity()
    away = tmp_path / "away"
    shutil.move(desk.repo.path, away)
    tracker = desk.tracker()
    assert tracker.identity() == identity
    for stream in tracker.streams():
        with pytest.raises(NotFound) as caught:
            list(tracker.pull(stream, Scope(), desk.cursors[stream], NOW))
        assert str(desk.repo.path) in caught.value.message
    verbs = (tracker.check, tracker.places, lambda: list(tracker.native_ids(Scope())))
    for verb in (*verbs, lambda: tracker.get("1.1"), lambda: tracker.fetch(["x"])):
        with pytest.raises(NotFound):
            verb()
    shutil.move(away, desk.repo.path)
    assert desk.sync() == ([], [])


@pytest.mark.requirement("markdown:sync:partial")
def test_one_missing_folder_of_two_leaves_the_other_whole(desk: Desk, tmp_path: Path) -> None:
    web = desk_in(
        tmp_path / "web", [("2-1-w.md", story("2.1", "W")), ("2-2-v.md", story("2.2", "V"))]
    )
    desk.folders = (str(desk.repo.path), str(web.repo.path))
    desk.sync()
    away = tmp_path / "away"
    shutil.move(desk.repo.path, away)
    web.put_story("2-1-w.md", story("2.1", "W again"))
    (web.repo.path / STORIES / "2-2-v.md").unlink()
    tracker = desk.tracker()
    keys: list[str] = []
    gone: list[str] = []

    def read(stream: str) -> None:
        for page in tracker.pull(stream, Scope(), desk.cursors[stream], NOW):
            keys.extend(issue.ref.key for issue in page.issues)
            gone.extend(page.deleted)
            desk.cursors[stream] = page.cursor

    for stream in tracker.streams():
        with pytest.raises(PanError, match="app"):
            read(stream)
    assert keys == ["web#2.1"]
    (one,) = gone
    assert one.endswith("2-2-v.md")
    assert tracker.get("2.1").title == "W again"
    shutil.move(away, desk.repo.path)
    assert desk.sync()[0] == []


class Closed:
    """A disk on which the folder of stories cannot be entered."""

    def open(self, path: str) -> Folder:
        """Open a folder that says so."""
        return ClosedFolder(Path(path))


class ClosedFolder(LocalFolder):
    """A folder one of whose folders is closed."""

    def files(self, is_wanted: Callable[[str], bool]) -> Listing:
        """List all but what is in it."""
        listing = super().files(is_wanted)
        left = tuple(file for file in listing.files if not file.path.startswith(STORIES))
        return Listing(left, {STORIES: "cannot be read: Permission denied"})


@pytest.mark.requirement("markdown:sync:closed")
def test_a_folder_that_cannot_be_entered_any_more_deletes_nothing(desk: Desk) -> None:
    desk.sync()
    options = Options("stories", (str(desk.repo.path),))
    tracker = tracker_of(options, Closed(), lambda: NOW, desk.notes)
    for stream in tracker.streams():
        with pytest.raises(LocalFault, match="cannot be read"):
            list(tracker.pull(stream, Scope(), desk.cursors[stream], NOW))
    assert desk.sync() == ([], [])


@pytest.mark.requirement("markdown:sync:remarks")
def test_remarks_come_with_their_items(desk: Desk) -> None:
    record = (
        "\n## Dev Agent Record\n\n### Comments\n\n"
        "- **2026-11-20T09:00:00Z bob@example.com:** Second\n"
        "- **2026-11-19T09:00:00Z ann@example.com:** First\n    and more\n"
    )
    desk.put_story("1-1-x1.md", story("1.1", "X1") + record)
    remarks = {key: said for page in desk.pages() for key, said in page.remarks.items()}
    assert [one.body for one in remarks["1.1"]] == ["First\nand more", "Second"]
    assert [one.author for one in remarks["1.1"]] == ["ann@example.com", "bob@example.com"]
    assert remarks["1.2"] == ()
    assert desk.tracker().comments("1.1") == list(remarks["1.1"])


@pytest.mark.requirement("markdown:scope:parts")
def test_a_scope_is_a_folder_an_epic_or_a_sprint(desk: Desk) -> None:
    desk.put(EPICS, "## Epic 2: Two\n\n### Story 2.1: Only told\n\nText.\n")
    desk.put_story("1-3-x3.md", story("1.3", "X3", more="**Sprint:** Nine\n"))
    tracker = desk.tracker()

    def keys(scope: Scope) -> list[str]:
        pages = tracker.pull("items", scope, Cursor(), NOW)
        return sorted(issue.ref.key for page in pages for issue in page.issues)

    assert keys(Scope(epics=("2",))) == keys(Scope(epics=("epic-2",))) == ["2.1", "epic-2"]
    assert keys(Scope(epics=("1", "stories:epic-2"))) == sorted([*EVERY, "2.1", "epic-2"])
    assert keys(Scope(iteration="Nine")) == ["1.3"]
    assert keys(Scope(project="app")) == sorted([*EVERY, "2.1", "epic-2"])
    for wrong in (Scope(epics=("3",)), Scope(project="web"), Scope(epics=("1.1",))):
        with pytest.raises(NotFound):
            keys(wrong)


@pytest.mark.requirement("markdown:scope:parts")
def test_an_epic_of_two_folders_is_asked_for_by_its_key(desk: Desk, tmp_path: Path) -> None:
    web = desk_in(tmp_path / "web", [("1-1-w.md", story("1.1", "W"))])
    desk.folders = (str(desk.repo.path), str(web.repo.path))
    with pytest.raises(InvalidInput) as caught:
        desk.sync(Scope(epics=("1",)))
    assert caught.value.details["candidates"] == ["app#epic-1", "web#epic-1"]
    desk.cursors.clear()
    assert sorted(desk.sync(Scope(epics=("web#epic-1",)))[0]) == ["web#1.1", "web#epic-1"]


@pytest.mark.requirement("markdown:scope:deleted")
def test_what_left_a_scope_is_not_deleted(desk: Desk) -> None:
    scope = Scope(epics=("1",))
    desk.sync(scope)
    desk.put(EPICS, "## Epic 2: Two\n\nText.\n")
    desk.put_story("1-3-x3.md", story("1.3", "X3", more="**Epic:** 2\n"))
    (desk.repo.path / STORIES / "1-4-x4.md").unlink()
    _, gone = desk.sync(scope)
    assert len(gone) == 1
    assert "1-4" in gone[0]
