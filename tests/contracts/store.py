"""What every store must do, whatever keeps its rows: one class that each store's test inherits."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from panopticon.errors import InvalidInput
from panopticon.model.change import Cursor, Page
from panopticon.model.event import EventKind
from panopticon.model.issue import Comment, Issue, IssueFilter, Kind, State, Task
from panopticon.model.lease import Lease
from panopticon.model.ref import IssueRef
from panopticon.store.base import Applied, Store, SyncRecord

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOSTILE = (
    "quote ' and \" (brackets) & + %_\\",
    "two\nlines\ttab",
    "四🦉 emoji",
    "'; drop table item; --",
    "half \ud83d character",
    "zero \0 byte",
)


def ref(key: str, tracker: str = "rally") -> IssueRef:
    return IssueRef(tracker, key)


def item(key: str, title: str = "A story", kind: Kind = Kind.STORY, **more: object) -> Issue:
    plain = Issue(
        ref=ref(key),
        kind=kind,
        project="DDC-AI",
        title=title,
        state=State.BACKLOG,
        native_state="Defined",
        created_at=NOW - timedelta(days=9),
        updated_at=NOW - timedelta(days=2),
        native_id=f"id-{key}",
        version="1",
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def apply(store: Store, *issues: Issue, deleted: tuple[str, ...] = (), **more: object) -> Applied:
    cursor = more.get("cursor", Cursor())
    assert isinstance(cursor, Cursor)
    page = Page(tuple(issues), cursor, deleted)
    return store.apply("rally", page, NOW, scope="whole", stream="stories")


def keys(found: list[Issue]) -> list[str]:
    return [one.ref.key for one in found]


class StoreContract:
    """Tests of a store; a subclass has a fixture `store`."""

    @pytest.mark.requirement("store:items:kept-whole")
    def test_gives_back_what_it_was_given(self, store: Store) -> None:
        full = item(
            "US1",
            body="text",
            body_html="<p>text</p>",
            acceptance_criteria="- it works",
            tasks=(Task("Step", True, 0), Task("Next", False, 1, "TA2", "Defined")),
            labels=("a", "b"),
            due=NOW.date(),
            points=3.0,
            parent=ref("F17"),
            blocked_by=(ref("US9"), ref("X-1", "elsewhere")),
            lease=Lease("jo@example.com", NOW, NOW + timedelta(hours=24), "story/US-1", 3, "git"),
            coverage=81.5,
            custom={"c_Team": "blue", "c_List": [1, {"deep": None}]},
        )
        assert apply(store, full) == Applied(created=1)
        assert store.issue(full.ref) == full
        assert store.issues(IssueFilter()) == [full]

    @pytest.mark.requirement("store:items:once")
    def test_an_item_that_comes_twice_is_kept_once(self, store: Store) -> None:
        assert apply(store, item("US1", "Old"), item("US1", "New", version="2")).created == 1
        assert apply(store, item("US1", "New", version="2")) == Applied(unchanged=1)
        assert store.issues(IssueFilter()) == [item("US1", "New", version="2")]
        assert len(store.events(0)) == 1

    @pytest.mark.requirement("store:items:never-older")
    def test_never_goes_back_to_an_older_version(self, store: Store) -> None:
        apply(store, item("US1", "Ten", version="10"))
        assert apply(store, item("US1", "Nine", version="9")) == Applied(unchanged=1)
        by_time = item("US2", "Late", version=None, updated_at=NOW)
        apply(store, by_time)
        apply(store, replace(by_time, title="Early", updated_at=NOW - timedelta(seconds=1)))
        assert [one.title for one in store.issues(IssueFilter())] == ["Late", "Ten"]

    @pytest.mark.requirement("store:items:renamed")
    def test_a_renamed_item_stays_one_and_a_reused_key_is_another(self, store: Store) -> None:
        apply(store, item("US1"), item("US2"))
        apply(store, replace(item("US1"), ref=ref("US2"), version="2"))
        assert store.versions("rally") == {"id-US1": "2"}
        assert keys(store.issues(IssueFilter())) == ["US2"]
        apply(store, replace(item("US2"), native_id="another"))
        assert store.versions("rally") == {"another": "1"}

    @pytest.mark.requirement("store:page:at-once")
    def test_saves_rows_cursor_and_deletions_at_once(self, store: Store) -> None:
        cursor = Cursor(NOW, "page 2", NOW + timedelta(seconds=5))
        apply(store, item("US1"), item("US2"))
        assert apply(store, deleted=("id-US1", "unknown"), cursor=cursor).deleted == 1
        assert store.cursor("rally", "whole", "stories") == cursor
        assert store.cursor("rally", "whole", "tasks") == Cursor()
        assert store.cursor("rally", "epics=17", "stories") == Cursor()
        assert keys(store.issues(IssueFilter())) == ["US2"]

    @pytest.mark.requirement("store:page:all-or-nothing")
    def test_a_page_that_fails_leaves_nothing(self, store: Store) -> None:
        class Broken(tuple[str, ...]):
            __slots__ = ()

            def __iter__(self) -> Iterator[str]:
                raise InvalidInput("broken")

        page = Page((item("US1"),), Cursor(NOW), Broken(["x"]))
        with pytest.raises(InvalidInput):
            store.apply("rally", page, NOW, scope="whole", stream="stories")
        assert store.issues(IssueFilter()) == []
        assert store.last_event() == 0
        assert store.cursor("rally", "whole", "stories") == Cursor()

    @pytest.mark.requirement("store:events:what-changed")
    def test_the_log_says_what_changed_in_order(self, store: Store) -> None:
        apply(store, item("US1"))
        moved = item(
            "US1", version="2", state=State.IN_PROGRESS, body="long text", parent=ref("F17")
        )
        apply(store, moved)
        apply(store, replace(moved, version="3"))
        store.drop("rally", ["id-US1"], NOW)
        made, changed, gone = store.events(0)
        assert [one.kind for one in (made, changed, gone)] == [
            EventKind.CREATED,
            EventKind.UPDATED,
            EventKind.DELETED,
        ]
        assert changed.data == {
            "state": ["backlog", "in_progress"],
            "body": True,
            "parent": [None, "rally:F17"],
        }
        assert made.seq < changed.seq < gone.seq == store.last_event()
        assert gone.data["parent"] == "rally:F17"
        assert store.events(changed.seq) == [gone]
        assert store.events(0, limit=1) == [made]

    @pytest.mark.requirement("store:events:of-item")
    def test_the_log_of_one_item_is_newest_first(self, store: Store) -> None:
        apply(store, item("US1"), item("US2"))
        apply(store, item("US1", "Renamed", version="2"))
        store.put(replace(item("US1"), ref=ref("US1", "other")), NOW)
        store.add_comment(ref("US1"), Comment("1", "ada", "Hello", NOW), NOW)
        told = store.events_of(ref("US1"))
        assert [one.kind for one in told] == [
            EventKind.COMMENTED,
            EventKind.UPDATED,
            EventKind.CREATED,
        ]
        assert {one.ref for one in told} == {ref("US1")}
        assert store.events_of(ref("US1"), limit=1) == told[:1]
        assert store.events_of(ref("US3")) == []

    @pytest.mark.requirement("store:events:pruned")
    def test_the_log_is_shortened_and_says_from_where_it_is_whole(self, store: Store) -> None:
        assert store.events_floor() == 0
        for number in range(9):
            store.put(item(f"US{number}"), NOW)
        assert store.prune_events(NOW, 9) == 0
        assert store.prune_events(NOW, 4) == 5
        assert store.events_floor() == 5
        assert [one.seq for one in store.events(0)] == [6, 7, 8, 9]
        assert store.prune_events(NOW, 8) == 0
        assert store.events_floor() == 5
        store.put(item("US9"), NOW)
        assert store.last_event() == 10

    @pytest.mark.requirement("store:events:syncs")
    def test_words_of_good_syncs_go_but_the_last_of_each_source(self, store: Store) -> None:
        def synced(source: str, hours: int, error: str | None = None) -> None:
            at = NOW - timedelta(hours=hours)
            store.record_sync(SyncRecord(source, at, at, None if error else at, error))

        for source, hours in [("rally", 60), ("github", 50), ("rally", 40), ("rally", 30)]:
            synced(source, hours)
        synced("rally", 29, "Away.")
        store.put(item("US1"), NOW - timedelta(hours=28))
        synced("rally", 2)
        synced("rally", 1)
        assert store.prune_events(NOW - timedelta(hours=24), 1000) == 3
        told = [(one.kind, one.data.get("source")) for one in store.events(0)]
        assert told == [
            (EventKind.SYNCED, "github"),
            (EventKind.SYNC_FAILED, "rally"),
            (EventKind.CREATED, None),
            (EventKind.SYNCED, "rally"),
            (EventKind.SYNCED, "rally"),
        ]
        assert store.events_floor() == 0
        assert store.prune_events(NOW - timedelta(hours=24), 1000) == 0

    @pytest.mark.requirement("store:tree:child-first")
    def test_a_child_may_come_before_its_parent(self, store: Store) -> None:
        apply(store, item("US1", parent=ref("F17")))
        apply(store, item("TA1", "Step", Kind.TASK, parent=ref("US1"), state=State.DONE))
        apply(store, item("F17", "Sign-in", Kind.FEATURE, parent=ref("E1")))
        apply(store, item("E1", "Accounts", Kind.EPIC, parent=ref("US1")))  # a loop must end
        assert keys(store.children(ref("F17"))) == ["US1"]
        assert keys(store.descendants(ref("E1"))) == ["US1", "F17"]
        assert keys(store.issues(IssueFilter(epic="rally:F17"))) == []  # US1 is above E1: no leaf
        found = store.issue(ref("US1"))
        assert found is not None
        assert found.tasks == (Task("Step", True, 0, "TA1", "Defined"),)

    @pytest.mark.requirement("store:filter:together")
    def test_filters_hold_together(self, store: Store) -> None:
        apply(
            store,
            item("F17", "Sign-in", Kind.FEATURE),
            item("US1", "Log in", parent=ref("F17"), labels=("Web", "api"), assignee="Jo@x.org"),
            item("US2", "Parent", parent=ref("F17"), iteration="Sprint-24", blocked=True),
            item("DE3", "100% wrong", Kind.DEFECT, parent=ref("US2"), state=State.DONE),
            item("TA4", "Step", Kind.TASK, parent=ref("US1")),
            item("US5", "Elsewhere", project="Other", body="the NEEDLE"),
        )
        expected = {
            IssueFilter(epic="17"): {"US1", "DE3"},
            IssueFilter(epic="F-17", kinds=(Kind.STORY,)): {"US1"},
            IssueFilter(kinds=(Kind.STORY, Kind.TASK)): {"US1", "US2", "TA4", "US5"},
            IssueFilter(states=(State.DONE,)): {"DE3"},
            IssueFilter(include_done=False, project="ddc-ai"): {"F17", "US1", "US2", "TA4"},
            IssueFilter(labels=("API", "web")): {"US1"},
            IssueFilter(labels=("api", "no")): set(),
            IssueFilter(assignee="jo@x.org"): {"US1"},
            IssueFilter(assignee="o@x.org"): set(),
            IssueFilter(assignee="JO"): {"US1"},
            IssueFilter(iteration="Sprint-24"): {"US2"},
            IssueFilter(blocked=True): {"US2"},
            IssueFilter(among=frozenset({ref("US5"), ref("US1", "other")})): {"US5"},
            IssueFilter(among=frozenset(), kinds=(Kind.STORY,)): set(),
            IssueFilter(tracker="other"): set(),
            IssueFilter(trackers=("other", "rally"), kinds=(Kind.DEFECT,)): {"DE3"},
            IssueFilter(trackers=("rally-eu", "all")): set(),
            IssueFilter(trackers=()): set(),
            IssueFilter(beginning="us-"): {"US1", "US2", "US5"},
            IssueFilter(beginning="%"): set(),
        }
        for wanted, found in expected.items():
            assert set(keys(store.issues(wanted))) == found, wanted
            assert store.count(wanted) == len(found)
            assert store.refs(wanted) == [one.ref for one in store.issues(wanted)]
        assert len(store.issues(IssueFilter(limit=2))) == 2
        assert store.count(IssueFilter(limit=2)) == 6
        some = frozenset({ref("US5"), ref("DE3")})
        assert len(store.issues(IssueFilter(among=some, limit=1))) == 1
        assert store.count(IssueFilter(among=some, limit=1)) == 2

    @pytest.mark.requirement("store:filter:order")
    def test_orders_by_rank_then_newest_change(self, store: Store) -> None:
        apply(
            store,
            item("US1", updated_at=NOW),
            item("US2", updated_at=NOW + timedelta(seconds=1)),
            item("US3", rank="b"),
            item("US4", rank="a"),
        )
        assert keys(store.issues(IssueFilter())) == ["US4", "US3", "US2", "US1"]

    @pytest.mark.requirement("store:find:spellings")
    def test_finds_by_any_spelling(self, store: Store) -> None:
        apply(store, item("US12"), item("owner/repo#45"), item("F12", kind=Kind.FEATURE))
        assert store.find(None, ["us12", "US12", "US-12"]) == [ref("US12")]
        assert store.find("rally", ["US12"]) == [ref("US12")]
        assert store.find("other", ["US12"]) == []
        assert store.find(None, ["repo#45"]) == [ref("owner/repo#45")]
        assert store.find(None, ["po#45"]) == []
        assert store.find(None, ["US%"]) == []
        assert [one.ref.key for one in store.numbered(None, "12")] == ["F12", "US12"]
        assert store.nearby(None, "us1") == [ref("US12")]

    @pytest.mark.requirement("store:text:any-character")
    @pytest.mark.parametrize("text", HOSTILE)
    def test_takes_any_character(self, store: Store, text: str) -> None:
        apply(store, item("US1", text, body=text, labels=(text,), custom={text: text}))
        (found,) = store.issues(IssueFilter())
        assert found.title == text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        assert store.issues(IssueFilter(labels=(text,))) == [found]
        assert store.find(None, [text]) == []

    @pytest.mark.requirement("store:text:huge-number")
    def test_takes_numbers_larger_than_a_database_does(self, store: Store) -> None:
        apply(store, item("US1", custom={"c_Big": 2**80}))
        found = store.issue(ref("US1"))
        assert found is not None
        assert found.custom["c_Big"] == str(2**80)

    @pytest.mark.requirement("store:lease:shown")
    def test_shows_claims_and_outlines(self, store: Store) -> None:
        lease = Lease("jo@example.com", NOW, NOW + timedelta(hours=1))
        held = item("US1", lease=lease, parent=ref("F17"), assignee="jo@example.com")
        apply(store, held, item("US2"), item("TA1", kind=Kind.TASK))
        assert store.leased() == [held]
        first, second = sorted(store.outline(), key=lambda one: one.ref)
        assert (first.holder, first.held_until) == ("jo@example.com", lease.expires_at)
        assert (first.parent, first.assignee) == (ref("F17"), "jo@example.com")
        assert first.is_held(NOW)
        assert not first.is_held(NOW + timedelta(hours=1))
        assert not second.is_held(NOW)

    @pytest.mark.requirement("store:comments:kept")
    def test_keeps_remarks_until_the_item_goes(self, store: Store) -> None:
        remarks = [Comment("1", "Jo", "Half \ud83d", NOW), Comment("2", "Al", "**ok**", NOW)]
        store.put(item("US1"), NOW)
        store.put_comments(ref("US1"), remarks)
        assert [one.author for one in store.comments(ref("US1"))] == ["Jo", "Al"]
        store.drop("rally", ["id-US1"], NOW)
        assert store.comments(ref("US1")) == []

    @pytest.mark.requirement("store:sync:freshness")
    def test_remembers_when_a_source_was_last_good(self, store: Store) -> None:
        later = NOW + timedelta(minutes=5)
        store.record_sync(SyncRecord("rally", NOW, NOW, NOW, None, 10, 2, 1, 4, 9_000))
        store.record_sync(SyncRecord("rally", later, later, None, "The server is away."))
        (record,) = store.sync_records()
        assert (record.ok_at, record.error) == (NOW, "The server is away.")
        good, bad = store.events(0)
        assert (good.kind, bad.kind) == (EventKind.SYNCED, EventKind.SYNC_FAILED)
        assert (good.ref, bad.data["source"]) == (None, "rally")

    @pytest.mark.requirement("store:sync:began")
    def test_a_sync_that_began_leaves_the_last_ones_word(self, store: Store) -> None:
        later = NOW + timedelta(minutes=5)
        store.record_sync(SyncRecord("rally", NOW, NOW, NOW, "Away.", 10, 2, 1, 4, 9_000))
        store.record_sync(SyncRecord("rally", later, None, None, None))
        store.record_sync(SyncRecord("new", later, None, None, None))
        new, record = store.sync_records()
        assert record == SyncRecord("rally", later, NOW, NOW, "Away.", 10, 2, 1, 4, 9_000)
        assert (new.source, new.started_at, new.ended_at) == ("new", later, None)

    @pytest.mark.requirement("store:comments:event")
    def test_a_remark_of_ours_is_an_event(self, store: Store) -> None:
        store.put(item("US1"), NOW)
        first, second = Comment("1", "Jo", "One", NOW), Comment("2", "Al", "Two", NOW)
        store.put_comments(ref("US1"), [first])
        store.add_comment(ref("US1"), second, NOW)
        assert store.comments(ref("US1")) == [first, second]
        told = store.events(1)
        assert [(one.kind, one.ref, one.data["id"]) for one in told] == [
            (EventKind.COMMENTED, ref("US1"), "2")
        ]

    @pytest.mark.requirement("store:notes:kept")
    def test_keeps_notes(self, store: Store) -> None:
        assert store.note("sweep") is None
        store.put_note("sweep", "one")
        store.put_note("sweep", "two")
        assert store.note("sweep") == "two"

    @pytest.mark.requirement("store:threads:at-once")
    def test_many_threads_write_and_read_at_once(self, store: Store) -> None:
        def work(number: int) -> int:
            store.put(item(f"US{number}"), NOW)
            return len(store.issues(IssueFilter()))

        with ThreadPoolExecutor(8) as pool:
            counts = list(pool.map(work, range(40)))
        assert max(counts) == 40
        assert [one.seq for one in store.events(0)] == list(range(1, 41))
