"""A folder's project is called as the settings say; what names its items stays."""

from pathlib import Path

import pytest

from panopticon.model.change import Scope
from tests.trackers.markdown.desk import Desk, desk_in, story


def desk_of(tmp_path: Path, *names: str) -> Desk:
    desks = [desk_in(tmp_path / name, [("1-1-a.md", story("1.1", name))]) for name in names]
    return Desk(desks[0].repo, folders=tuple(str(one.repo.path) for one in desks))


@pytest.mark.requirement("markdown:project:name")
def test_one_folder_with_a_name_keeps_its_keys_and_ids(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, "app")
    before = desk.tracker().get("1.1")
    names = {desk.folders[0]: "Enterprise Application"}
    tracker = desk.tracker(names=names)
    after = tracker.get("1.1")
    assert (before.project, after.project) == ("app", "Enterprise Application")
    assert (after.ref, after.native_id) == (before.ref, before.native_id)
    assert after.project_id == before.project_id
    assert after.version != before.version
    assert tracker.get("app#1.1").ref == after.ref
    assert tracker.check().project == "Enterprise Application"
    assert [one.name for one in tracker.places()] == ["app", "Enterprise Application"]
    assert tracker.identity() == desk.tracker().identity()


@pytest.mark.requirement("markdown:project:name")
def test_a_new_name_comes_with_the_next_sync(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, "app")
    assert "1.1" in desk.sync()[0]
    assert desk.sync() == ([], [])
    names = {desk.folders[0]: "Enterprise"}
    keys, gone = desk.sync(names=names)
    assert "1.1" in keys
    assert gone == []
    assert desk.sync(names=names) == ([], [])


@pytest.mark.requirement("markdown:project:name")
def test_several_folders_are_told_apart_by_both_names(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, "app", "web", "lab")
    app, web, _ = desk.folders
    tracker = desk.tracker(names={app: "Shop", web: "Shop"})
    assert tracker.get("app#1.1").project == "Shop (app)"
    assert tracker.get("web#1.1").project == "Shop (web)"
    assert tracker.get("lab#1.1").project == "lab"
    tracker = desk.tracker(names={app: "Shop", web: "lab"})
    assert tracker.get("web#1.1").project == "lab (web)"
    for project in ("Shop", "app"):
        keys, _ = desk.sync(Scope(project=project), names={app: "Shop"})
        assert "app#1.1" in keys
        assert "web#1.1" not in keys
        desk.cursors.clear()
