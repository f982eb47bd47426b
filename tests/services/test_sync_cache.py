"""The files agents read: where they are, what they hold, and that they follow the store."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from panopticon.errors import LocalFault
from panopticon.model.issue import Kind, State, Task
from panopticon.model.lease import Lease
from panopticon.model.ref import IssueRef
from panopticon.services.context import Context
from panopticon.services.issue import verbs as issue
from panopticon.services.sync import cache as sync_cache, pull as sync
from tests.services.shelf import NOW, Shelf, context, item

FEATURE = IssueRef("rally", "F17")


def shelf_of_three() -> Shelf:
    shelf = Shelf()
    shelf.put(
        item("F17", "User Authentication", Kind.FEATURE),
        item("US123", "Log in", parent=FEATURE, tasks=(Task("Do", False, 0),), body="why"),
        item("US124", "Log out", parent=FEATURE),
        item("US9", "Alone"),
    )
    return shelf


def files(ctx: Context) -> dict[str, str]:
    root = ctx.config.cache
    return {str(p.relative_to(root)): p.read_text() for p in root.rglob("*") if p.is_file()}


def later(ctx: Context, shelf: Shelf) -> None:
    shelf.clock += timedelta(minutes=5)
    sync.pull(ctx)


@pytest.mark.requirement("cache:files:as-drawn")
def test_the_files_are_where_the_seed_draws_them(tmp_path: Path) -> None:
    ctx = context(tmp_path, rally=shelf_of_three())
    sync.pull(ctx)
    assert set(files(ctx)) == {
        "epics.json",
        "assignments.json",
        "stories/epic-17/US-123.json",
        "stories/epic-17/US-124.json",
        "stories/no-epic/US-9.json",
    }
    assert ctx.config.cache == tmp_path / "repo" / ".bmad" / "rally-cache"


@pytest.mark.requirement("cache:story:detail")
def test_a_story_file_is_the_detail_and_its_markdown(tmp_path: Path) -> None:
    ctx = context(tmp_path, rally=shelf_of_three())
    sync.pull(ctx)
    told = json.loads(files(ctx)["stories/epic-17/US-123.json"])
    shown = issue.show(ctx, "US-123")
    assert told.pop("markdown") == shown.markdown()
    assert told == shown.as_json()
    (epic,) = json.loads(files(ctx)["epics.json"])
    assert (epic["ref"], epic["number"], epic["ready"], epic["stories"]) == ("F17", "17", 2, 2)


@pytest.mark.requirement("cache:write:only-changes")
def test_only_what_changed_is_written_again(tmp_path: Path) -> None:
    shelf = shelf_of_three()
    ctx = context(tmp_path, rally=shelf)
    sync.pull(ctx)
    stories = ctx.config.cache / "stories"
    before = {path: path.stat().st_ino for path in stories.rglob("*.json")}
    shelf.put(item("US124", "Log out at once", parent=FEATURE))
    later(ctx, shelf)
    after = {path: path.stat().st_ino for path in stories.rglob("*.json")}
    changed = [path.name for path in before if before[path] != after[path]]
    assert changed == ["US-124.json"]
    assert "Log out at once" in files(ctx)["stories/epic-17/US-124.json"]
    assert sync_cache.write(ctx, force=True).written == 0


@pytest.mark.requirement("cache:write:neighbours")
def test_a_story_follows_its_steps_its_epic_and_its_blockers(tmp_path: Path) -> None:
    shelf = shelf_of_three()
    story, other = IssueRef("rally", "US124"), IssueRef("rally", "US9")
    shelf.put(
        item("US9", "Alone", blocks=(story,)),
        item("US124", "Log out", parent=FEATURE, blocked_by=(other,)),
        item("TA1", "A step", Kind.TASK, parent=story),
    )
    ctx = context(tmp_path, rally=shelf)
    sync.pull(ctx)
    shelf.put(
        item("F17", "Signing in", Kind.FEATURE),
        item("TA1", "A step", Kind.TASK, parent=story, state=State.DONE),
        item("US9", "Alone", blocks=(story,), state=State.DONE),
    )
    later(ctx, shelf)
    told = json.loads(files(ctx)["stories/epic-17/US-124.json"])
    assert told["above"]["title"] == "Signing in"
    assert told["tasks"][0]["done"] is True
    assert told["blockers"][0]["state"] == "done"
    shelf.throw("TA1")
    later(ctx, shelf)
    assert json.loads(files(ctx)["stories/epic-17/US-124.json"])["tasks"] == []


@pytest.mark.requirement("cache:write:vanished")
def test_files_of_vanished_and_moved_stories_go(tmp_path: Path) -> None:
    shelf = shelf_of_three()
    ctx = context(tmp_path, rally=shelf)
    sync.pull(ctx)
    shelf.throw("US9")
    shelf.put(item("F18", kind=Kind.FEATURE), item("US124", parent=IssueRef("rally", "F18")))
    later(ctx, shelf)
    assert {name for name in files(ctx) if name.startswith("stories")} == {
        "stories/epic-17/US-123.json",
        "stories/epic-18/US-124.json",
    }
    assert not (ctx.config.cache / "stories" / "no-epic").exists()


@pytest.mark.requirement("cache:write:mended")
def test_removed_files_come_back_and_other_files_stay(tmp_path: Path) -> None:
    ctx = context(tmp_path, rally=shelf_of_three())
    sync.pull(ctx)
    (ctx.config.cache / "stories/epic-17/US-123.json").unlink()
    (ctx.config.cache / "dependencies.json").write_text("{}")
    (ctx.config.cache / "stories/epic-17/.US-124.json.tmp").write_text("half of")
    sync.pull(ctx)
    assert "stories/epic-17/US-123.json" in files(ctx)
    assert files(ctx)["dependencies.json"] == "{}"
    assert "stories/epic-17/.US-124.json.tmp" not in files(ctx)


@pytest.mark.requirement("cache:assignments:held")
def test_assignments_hold_the_claims_that_count(tmp_path: Path) -> None:
    shelf = shelf_of_three()
    lease = Lease("jo@example.com", NOW, NOW + timedelta(hours=24), "story/US-123")
    shelf.put(item("US123", "Log in", parent=FEATURE, lease=lease))
    ctx = context(tmp_path, rally=shelf)
    sync.pull(ctx)
    (held,) = json.loads(files(ctx)["assignments.json"])
    assert (held["story"], held["holder"], held["branch"]) == (
        "US123",
        "jo@example.com",
        "story/US-123",
    )
    assert json.loads(files(ctx)["stories/epic-17/US-123.json"])["lease"]["story"] == "US123"
    ctx.now = lambda: NOW + timedelta(hours=25)
    sync.pull(ctx)
    assert json.loads(files(ctx)["assignments.json"]) == []
    assert json.loads(files(ctx)["stories/epic-17/US-123.json"])["lease"] is None


@pytest.mark.requirement("cache:names:safe")
def test_hostile_keys_stay_inside_the_folder(tmp_path: Path) -> None:
    shelf = Shelf()
    keys = ("../../../etc/passwd", "/abs", "..", "a/b#1", "a_b#1", "con\n", "x" * 400, ".hidden")
    shelf.put(item("F/../..", "Bad", Kind.FEATURE))
    shelf.put(*(item(key, parent=IssueRef("rally", "F/../..")) for key in keys))
    ctx = context(tmp_path, rally=shelf)
    assert sync.pull(ctx).exit_error() is None
    stories = [name for name in files(ctx) if name.startswith("stories/")]
    assert len(stories) == len(keys)
    assert {name.count("/") for name in stories} == {2}
    allowed = {"repo", "sync"}
    assert {path.name for path in tmp_path.iterdir()} == allowed


@pytest.mark.requirement("cache:names:two-trackers")
def test_equal_keys_of_two_trackers_have_files_of_their_own(tmp_path: Path) -> None:
    ctx = context(tmp_path, other=shelf_of_three(), rally=shelf_of_three())
    sync.pull(ctx)
    found = sorted(name for name in files(ctx) if "US-123" in name)
    assert len(found) == 2
    assert json.loads(files(ctx)["stories/epic-17/US-123.json"])["tracker"] == "rally"


@pytest.mark.requirement("cache:epics:leaves")
def test_an_epic_of_epics_counts_their_leaves_and_has_no_folder(tmp_path: Path) -> None:
    shelf = shelf_of_three()
    shelf.put(
        item("E1", "Top", Kind.EPIC),
        item("F17", "User Authentication", Kind.FEATURE, parent=IssueRef("rally", "E1")),
        item("F18", "Empty", Kind.FEATURE, parent=IssueRef("rally", "E1")),
    )
    ctx = context(tmp_path, rally=shelf)
    sync.pull(ctx)
    epics = {one["ref"]: one for one in json.loads(files(ctx)["epics.json"])}
    found = {ref: (one["stories"], one["ready"], one["folder"]) for ref, one in epics.items()}
    assert found == {"E1": (2, 2, None), "F17": (2, 2, "stories/epic-17"), "F18": (0, 0, None)}


@pytest.mark.requirement("cache:write:follows")
def test_the_files_follow_writes_through_us(tmp_path: Path) -> None:
    shelf = shelf_of_three()
    step = item("TA1", "A step", Kind.TASK, parent=IssueRef("rally", "US124"))
    shelf.put(step)
    ctx = context(tmp_path, rally=shelf)
    issue.update(ctx, "US124", {"title": "No cache yet"})
    assert not ctx.config.cache.exists()
    sync.pull(ctx)
    issue.update(ctx, "US124", {"title": "At once"})
    issue.transition(ctx, "TA1", State.DONE)
    issue.comment(ctx, "US124", "Seen")
    told = json.loads(files(ctx)["stories/epic-17/US-124.json"])
    assert (told["title"], told["tasks"][0]["done"]) == ("At once", True)
    assert told["comments"][-1]["body"] == "Seen"
    (ctx.config.cache / "assignments.json").unlink()
    (ctx.config.cache / "assignments.json").mkdir()  # a cache that cannot be written
    assert issue.update(ctx, "US124", {"title": "Still"})[1].title == "Still"


@pytest.mark.requirement("cache:fault:told")
def test_a_cache_that_cannot_be_written_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    ctx = context(tmp_path, rally=shelf_of_three())
    (tmp_path / "repo").write_text("a file in place of the folder")
    report = sync.pull(ctx)
    error = report.exit_error()
    assert isinstance(error, LocalFault)
    assert "cache" in error.message
    assert error.hint
    assert report.trackers[0].error is None
    assert ctx.store.issue(FEATURE) is not None
    (tmp_path / "repo").unlink()
    assert sync.pull(ctx).exit_error() is None
    assert len(files(ctx)) == 5


@pytest.mark.requirement("cache:write:gone")
def test_what_is_deleted_or_moved_leaves_no_file_behind(tmp_path: Path) -> None:
    shelf = shelf_of_three()
    shelf.put(item("F18", "Elsewhere", Kind.FEATURE))
    ctx = context(tmp_path, rally=shelf)
    sync.pull(ctx)
    issue.delete(ctx, "US124")
    shelf.clock += timedelta(minutes=1)
    issue.update(ctx, "US123", {"parent": "F18"})
    assert {name for name in files(ctx) if name.startswith("stories/")} == {
        "stories/epic-18/US-123.json",
        "stories/no-epic/US-9.json",
    }
