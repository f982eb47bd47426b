"""A sync: what it reads, what it costs, and what it says."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from panopticon.errors import (
    AuthFailed,
    Conflict,
    InvalidInput,
    LocalFault,
    NotFound,
    Partial,
    Retriable,
)
from panopticon.local import lock
from panopticon.model.change import Scope
from panopticon.model.event import EventKind
from panopticon.model.issue import IssueFilter, Kind, NewIssue, State
from panopticon.model.lease import Lease
from panopticon.model.ref import IssueRef
from panopticon.services.context import Context
from panopticon.services.issue import verbs as issue
from panopticon.services.sync import pull as sync
from panopticon.services.sync.pull import Progress, Wanted
from panopticon.store.rowstore import RowStore
from panopticon.store.sqlite import Sqlite
from tests.services.shelf import NOW, Shelf, context, item


def shelf_of(count: int = 25) -> Shelf:
    shelf = Shelf()
    epic = item("F17", "User Authentication", Kind.FEATURE)
    stories = [item(f"US{i}", parent=epic.ref) for i in range(100, 100 + count)]
    steps = [item(f"TA{i}", f"Step {i}", Kind.TASK, parent=stories[0].ref) for i in range(3)]
    shelf.items = {one.native_id: one for one in (epic, *stories, *steps)}
    return shelf


def stored(ctx: Context) -> dict[str, str]:
    return {str(one.ref): one.title for one in ctx.store.issues(IssueFilter())}


@pytest.mark.requirement("sync:pull:everything")
def test_the_first_sync_reads_everything(tmp_path: Path) -> None:
    shelf = shelf_of()
    ctx = context(tmp_path, rally=shelf)
    heard: list[Progress] = []
    report = sync.pull(ctx, progress=heard.append)
    trackers = report.as_json()["trackers"]
    assert isinstance(trackers, list)
    (told,) = trackers
    assert isinstance(told, dict)
    seconds = told.pop("seconds")
    assert isinstance(seconds, float | int)
    assert seconds >= 0
    assert told == {
        "name": "rally",
        "ok": True,
        "fetched": 29,
        "changed": 29,
        "deleted": 0,
        "requests": 6,
        "bytes": 600,
        "error": None,
    }
    assert report.exit_error() is None
    assert len(stored(ctx)) == 29
    assert heard.count(Progress("rally", "stories", 25, 25)) == 1
    assert {one.stream for one in heard} == {"stories", "tasks", "epics", "deleted"}
    kinds = [event.kind for event in ctx.store.events(0)]
    assert kinds == [EventKind.CREATED] * 29 + [EventKind.SYNCED]


@pytest.mark.requirement("sync:pull:changes-only")
def test_the_next_sync_reads_what_changed(tmp_path: Path) -> None:
    shelf = shelf_of()
    ctx = context(tmp_path, rally=shelf)
    sync.pull(ctx)
    shelf.clock += timedelta(minutes=5)
    shelf.put(item("US100", "Renamed"), item("US999", "New"))
    shelf.throw("US101")
    shelf.requests = 0
    (told,) = sync.pull(ctx).trackers
    assert (told.fetched, told.changed, told.deleted) == (2, 2, 1)
    assert shelf.requests == 4
    assert stored(ctx)["rally:US100"] == "Renamed"
    assert "rally:US101" not in stored(ctx)
    shelf.clock += timedelta(minutes=5)
    (again,) = sync.pull(ctx).trackers
    assert (again.changed, again.deleted) == (0, 0)  # the lag reads the last ones once more


@pytest.mark.requirement("sync:pull:any-clock")
@pytest.mark.parametrize("wrong", [timedelta(hours=1), timedelta(hours=-1)])
def test_a_wrong_clock_here_misses_nothing(tmp_path: Path, wrong: timedelta) -> None:
    shelf = shelf_of()
    ctx = context(tmp_path, rally=shelf)
    ctx.now = lambda: NOW + wrong
    sync.pull(ctx)
    shelf.clock += timedelta(seconds=1)
    shelf.put(item("US100", "Just after"))
    (told,) = sync.pull(ctx).trackers
    assert stored(ctx)["rally:US100"] == "Just after"
    assert told.changed == 1


@pytest.mark.requirement("sync:failure:hides-nothing")
def test_a_failing_tracker_hides_nothing_of_a_good_one(tmp_path: Path) -> None:
    bad = shelf_of()
    bad.faults["stories"] = Retriable("The server is away.", "Try later.")
    broken = shelf_of()
    broken.faults["tasks"] = ZeroDivisionError("oops")
    refused = AuthFailed("The key was refused.", "Make a new one.")
    ctx = context(tmp_path, rally=shelf_of(), bad=bad, broken=broken, refused=refused)
    report = sync.pull(ctx)
    ok = {one.name: one.error is None for one in report.trackers}
    assert ok == {"rally": True, "bad": False, "broken": False, "refused": False}
    error = report.exit_error()
    assert isinstance(error, Partial)
    assert error.exit_code == 5
    assert "bad: The server is away." in error.message
    assert "ZeroDivisionError" in error.message
    assert len([one for one in stored(ctx) if one.startswith("rally:")]) == 29
    assert len([one for one in stored(ctx) if one.startswith("bad:")]) == 4  # the other streams
    records = {one.source: one for one in ctx.store.sync_records()}
    assert records["rally"].ok_at == NOW
    assert (records["bad"].ok_at, records["bad"].error) == (None, "The server is away.")
    assert records["refused"].error == "The key was refused."


@pytest.mark.requirement("sync:failure:alone")
def test_the_only_tracker_failing_is_its_own_error(tmp_path: Path) -> None:
    ctx = context(tmp_path, rally=AuthFailed("The key was refused."))
    error = sync.pull(ctx).exit_error()
    assert error is not None
    assert (type(error), error.exit_code) == (AuthFailed, 4)


@pytest.mark.requirement("sync:failure:disk-full")
def test_a_full_disk_is_told_and_what_fitted_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "panopticon.db"
    shelf = shelf_of(200)
    shelf.items = {i: replace(one, body="long " * 500) for i, one in shelf.items.items()}
    store = RowStore(Sqlite(path, page_limit=100))
    error = sync.pull(context(tmp_path, store, rally=shelf)).exit_error()
    assert isinstance(error, LocalFault)
    assert "space" in error.hint
    kept = store.count(IssueFilter())
    assert 0 < kept < 204
    store.close()
    ctx = context(tmp_path, RowStore(Sqlite(path)), rally=shelf)
    report = sync.pull(ctx)
    assert report.exit_error() is None
    assert report.trackers[0].changed == 204 - kept
    assert len(stored(ctx)) == 204
    ctx.close()


@pytest.mark.requirement("sync:failure:goes-on")
def test_an_interrupted_stream_goes_on_where_it_stopped(tmp_path: Path) -> None:
    shelf = shelf_of(45)

    def fail(stream: str, page: int) -> None:
        if (stream, page) == ("stories", 3):
            raise Retriable("cut")

    shelf.before_page = fail
    ctx = context(tmp_path, rally=shelf)
    assert sync.pull(ctx).trackers[0].fetched == 34
    shelf.clock += timedelta(hours=1)
    shelf.before_page = lambda _stream, _page: None
    assert sync.pull(ctx).trackers[0].fetched == 15  # not the three pages it has
    assert len(stored(ctx)) == 49
    shelf.put(item("US144", "Changed while it was cut"))
    shelf.clock += timedelta(hours=1)
    sync.pull(ctx)
    assert stored(ctx)["rally:US144"] == "Changed while it was cut"


@pytest.mark.requirement("sync:force:anew")
def test_force_reads_everything_anew_and_mends(tmp_path: Path) -> None:
    shelf = shelf_of()
    ctx = context(tmp_path, rally=shelf)
    sync.pull(ctx)
    ctx.store.drop("rally", ["id-US100"], NOW)
    ctx.store.put(item("US101", "Never was so", version="77"), NOW)
    ctx.store.put(item("US888", "Never was there"), NOW)
    (told,) = sync.pull(ctx, Wanted(force=True)).trackers
    assert told.fetched >= 29
    assert stored(ctx) == {str(one.ref): one.title for one in shelf.items.values()}


@pytest.mark.requirement("sync:sweep:periodic")
def test_the_sweep_mends_what_the_streams_missed(tmp_path: Path) -> None:
    shelf = shelf_of()
    ctx = context(tmp_path, rally=shelf)
    sync.pull(ctx)
    del shelf.items["id-US100"]  # purged: no trace in the bin
    silent = replace(item("US101"), title="Changed without a date", version="2")
    shelf.items["id-US101"] = silent
    shelf.items["id-US777"] = item("US777", updated_at=NOW - timedelta(days=99))
    shelf.clock += timedelta(hours=1)
    ctx.now = lambda: NOW + timedelta(hours=23)
    sync.pull(ctx)
    assert "rally:US100" in stored(ctx)
    ctx.now = lambda: NOW + timedelta(hours=25)
    (told,) = sync.pull(ctx).trackers
    assert (told.fetched, told.changed, told.deleted) == (2, 2, 1)
    assert stored(ctx) == {str(one.ref): one.title for one in shelf.items.values()}
    shelf.requests = 0
    sync.pull(ctx)
    assert shelf.requests == 4  # swept: not due again


@pytest.mark.requirement("sync:sweep:just-written")
def test_what_we_just_wrote_survives_a_lagging_tracker(tmp_path: Path) -> None:
    shelf = shelf_of()
    ctx = context(tmp_path, rally=shelf)
    sync.pull(ctx)
    made = issue.create(ctx, NewIssue(Kind.STORY, {"title": "Just made"}))
    hidden = shelf.items.pop(made.native_id)  # its replica has not heard of it
    sync.pull(ctx, Wanted(force=True))
    assert issue.show(ctx, made.ref.key, refresh=True).issue.title == "Just made"
    ctx.now = lambda: NOW + timedelta(hours=1)
    with pytest.raises(NotFound):
        issue.show(ctx, made.ref.key, refresh=True)
    sync.pull(ctx, Wanted(force=True))
    assert str(made.ref) not in stored(ctx)
    assert hidden.native_id == made.native_id


@pytest.mark.requirement("sync:sweep:looks-twice")
def test_the_sweep_believes_no_single_listing(tmp_path: Path) -> None:
    shelf = shelf_of()
    ctx = context(tmp_path, rally=shelf)
    sync.pull(ctx)
    hidden = shelf.items.pop("id-US100")

    def show_again(what: str, _page: int) -> None:
        if what == "ids":
            shelf.before_page = lambda _what, _page: shelf.items.update({"id-US100": hidden})

    shelf.before_page = show_again
    ctx.now = lambda: NOW + timedelta(hours=25)
    assert sync.pull(ctx).trackers[0].deleted == 0
    assert "rally:US100" in stored(ctx)


@pytest.mark.requirement("sync:scope:apart")
def test_a_part_has_its_own_cursor_and_deletes_nothing_outside(tmp_path: Path) -> None:
    shelf = shelf_of()
    shelf.put(item("US100", iteration="Sprint-24"))
    ctx = context(tmp_path, rally=shelf)
    part = Wanted(scope=Scope(iteration="Sprint-24"))
    assert sync.pull(ctx, part).trackers[0].fetched == 1
    assert sync.pull(ctx).trackers[0].fetched == 29
    shelf.clock += timedelta(hours=1)
    shelf.put(item("US101", "Outside"))
    sync.pull(ctx, replace(part, force=True))
    assert len(stored(ctx)) == 29
    assert stored(ctx)["rally:US101"] == "Story US101"
    sync.pull(ctx)
    assert stored(ctx)["rally:US101"] == "Outside"


@pytest.mark.requirement("sync:server:another")
def test_another_workspace_under_the_same_name_starts_anew(tmp_path: Path) -> None:
    shelf = shelf_of()
    ctx = context(tmp_path, rally=shelf)
    sync.pull(ctx)
    shelf.identity = "rally:2"
    shelf.items = {"id-US1": item("US1", "Of the other workspace")}
    sync.pull(ctx)
    assert stored(ctx) == {"rally:US1": "Of the other workspace"}


@pytest.mark.requirement("sync:deleted:stays-gone")
def test_an_item_deleted_while_its_page_was_on_the_way_stays_gone(tmp_path: Path) -> None:
    shelf = shelf_of()
    ctx = context(tmp_path, rally=shelf)
    sync.pull(ctx)
    shelf.clock += timedelta(minutes=5)
    shelf.thrown["id-US100"] = shelf.clock  # the bin knows; the stories' page still has it
    shelf.put(item("US100", "A ghost"))
    sync.pull(ctx)
    assert "rally:US100" not in stored(ctx)


@pytest.mark.requirement("sync:deleted:meanwhile")
def test_an_item_deleted_in_a_long_first_sync_is_gone_after_the_next(tmp_path: Path) -> None:
    shelf = shelf_of()
    ctx = context(tmp_path, rally=shelf)

    def throw(stream: str, page: int) -> None:
        if (stream, page) == ("stories", 2):  # its page has been read; the sync takes an hour more
            shelf.throw("US100")
            shelf.clock += timedelta(hours=1)

    shelf.before_page = throw
    sync.pull(ctx)
    assert "rally:US100" in stored(ctx)
    shelf.before_page = lambda _stream, _page: None
    sync.pull(ctx)
    assert "rally:US100" not in stored(ctx)


@pytest.mark.requirement("sync:two-at-once:one-waits")
def test_a_second_sync_says_who_is_syncing(tmp_path: Path) -> None:
    ctx = context(tmp_path, rally=shelf_of(), other=shelf_of())
    with lock.held(tmp_path / "sync" / "rally.lock", "The sync", 0):
        report = sync.pull(ctx, Wanted(wait_seconds=0))
        alone = sync.pull(ctx, Wanted(trackers=("rally",), wait_seconds=0)).exit_error()
    assert [type(one.error) for one in report.trackers] == [Conflict, type(None)]
    assert isinstance(alone, Conflict)
    assert alone.exit_code == 3
    assert "process" in alone.message
    assert sync.pull(ctx, Wanted(wait_seconds=0)).exit_error() is None


@pytest.mark.requirement("sync:report:epics")
def test_the_report_counts_by_what_may_be_done(tmp_path: Path) -> None:
    shelf = Shelf()
    epic = IssueRef("rally", "F17")
    soon, past = NOW + timedelta(hours=2), NOW - timedelta(seconds=1)
    shelf.put(
        item("E1", "All", Kind.FEATURE),
        item("F17", "User Authentication", Kind.FEATURE, parent=IssueRef("rally", "E1")),
        item("US1", parent=epic),
        item("US2", parent=epic, lease=Lease("jo@example.com", NOW, soon)),
        item("US3", parent=epic, lease=Lease("al@example.com", NOW, past)),
        item("US4", parent=epic, state=State.IN_REVIEW),
        item("US5", parent=epic, state=State.DONE, lease=Lease("al@example.com", NOW, soon)),
        item("US6", "Above others", parent=epic),
        item("DE7", kind=Kind.DEFECT, parent=IssueRef("rally", "US6")),
        item("US8", "Without an epic"),
        item("TA9", kind=Kind.TASK, parent=IssueRef("rally", "US1")),
    )
    report = sync.pull(context(tmp_path, rally=shelf))
    assert report.as_json()["epics"] == [
        {
            "ref": "F17",
            "title": "User Authentication",
            "ready": 3,
            "in_progress": 2,
            "completed": 1,
            "stories": 6,
        }
    ]
    (told,) = report.epics
    assert told.number == "17"
    assert [(one.ref.key, one.holder) for one in told.held] == [("US2", "jo@example.com")]


@pytest.mark.requirement("sync:report:scope")
@pytest.mark.parametrize(
    ("scope", "epics"),
    [
        (Scope(), ["F17", "F18"]),
        (Scope(epics=("17",)), ["F17"]),
        (Scope(epics=("f-18", "99")), ["F18"]),
        (Scope(epics=("E1",)), ["F17"]),
        (Scope(iteration="Sprint-24"), ["F18"]),
        (Scope(project="ddc-ai"), ["F17", "F18"]),
        (Scope(project="Other"), []),
        (Scope(project="137438953628"), ["F17", "F18"]),
    ],
)
def test_the_report_shows_the_epics_of_the_scope(
    tmp_path: Path, scope: Scope, epics: list[str]
) -> None:
    shelf = Shelf()
    top = item("E1", "All", Kind.EPIC, parent=IssueRef("rally", "F17"))  # a loop must end
    shelf.put(
        top,
        item("F17", kind=Kind.FEATURE, parent=top.ref),
        item("F18", kind=Kind.FEATURE),
        item("US1", parent=IssueRef("rally", "F17")),
        item("US2", parent=IssueRef("rally", "F18"), iteration="Sprint-24"),
    )
    ctx = context(tmp_path, rally=shelf)
    sync.pull(ctx)
    report = sync.pull(ctx, Wanted(scope=scope))
    assert [one.ref.key for one in report.epics] == epics


@pytest.mark.requirement("sync:names:checked")
def test_unknown_or_no_trackers_are_told(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        sync.pull(context(tmp_path, rally=shelf_of()), Wanted(trackers=("jira",)))
    with pytest.raises(InvalidInput, match="No tracker"):
        sync.pull(context(tmp_path))


@pytest.mark.requirement("sync:refs:outside")
def test_blockers_that_are_not_stored_stay_known(tmp_path: Path) -> None:
    shelf = shelf_of(1)
    outside = (IssueRef("rally", "US555"),)
    shelf.put(item("US100", blocked_by=outside))
    ctx = context(tmp_path, rally=shelf)
    sync.pull(ctx)
    found = ctx.store.issue(IssueRef("rally", "US100"))
    assert found is not None
    assert found.blocked_by == outside
