"""What the board makes of items."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from panopticon.config import Source
from panopticon.local import lock
from panopticon.model.issue import Issue, IssueFilter, Kind, State, Task
from panopticon.model.lease import Lease
from panopticon.model.ref import IssueRef
from panopticon.services.board import board, columns_from, freshness, title_from
from panopticon.services.board_card import Around, card_json, person_json
from panopticon.services.board_memory import Memory
from panopticon.store.base import Store, SyncRecord
from panopticon.store.registry import memory_store
from tests.web.fakes import NOW, context, held, remove, story, team_store

ALONE = Around({}, {})


def shown(memory: Memory, store: Store) -> set[str]:
    return {issue.ref.key for issue in memory.look(store).issues}


@pytest.mark.requirement("board:columns:five")
def test_every_item_has_its_column(tmp_path: Path) -> None:
    found = board(context(tmp_path, team_store()), IssueFilter())
    assert list(found.columns) == list(State)
    kinds = {issue.kind for issues in found.columns.values() for issue in issues}
    assert kinds == {Kind.STORY, Kind.DEFECT}
    assert sum(map(len, found.columns.values())) == found.total == 9


@pytest.mark.requirement("board:columns:order")
def test_ranks_decide_and_the_newest_done_is_first(tmp_path: Path) -> None:
    store = memory_store()
    for key, rank, state in [
        ("US3", "b", State.BACKLOG),
        ("US1", "c", State.BACKLOG),
        ("US2", None, State.BACKLOG),
        ("US4", "a", State.BACKLOG),
        ("US5", "a", State.DONE),
        ("US6", "b", State.DONE),
    ]:
        at = NOW - timedelta(hours=int(key[2:]))
        done = NOW + timedelta(hours=1) if key == "US6" else at
        store.put(story(key, key, state, rank=rank, updated_at=done), NOW)
    found = board(context(tmp_path, store), IssueFilter()).columns
    assert [issue.ref.key for issue in found[State.BACKLOG]] == ["US4", "US3", "US1", "US2"]
    assert [issue.ref.key for issue in found[State.DONE]] == ["US6", "US5"]


@pytest.mark.requirement("board:columns:order")
def test_columns_keep_the_order_they_are_given() -> None:
    two = [story("US2", "b"), story("US1", "a")]
    assert columns_from(two)[State.BACKLOG] == tuple(two)


@pytest.mark.requirement("board:card:holder")
def test_the_lease_wins_over_the_assignee_until_it_ends() -> None:
    both = story("US1", "x", lease=held("jun.li", 2), assignee="Ada Obi")
    assert card_json(both, ALONE, NOW)["holder"]["id"] == "jun.li@example.com"  # type: ignore[index,call-overload]
    later = card_json(both, ALONE, NOW + timedelta(hours=2))["holder"]
    assert later == {"id": "Ada Obi", "name": "Ada Obi", "initials": "AO", "lease": None}
    by_hand = story("US1", "x", lease=Lease("jun"))
    assert card_json(by_hand, ALONE, NOW)["holder"]["lease"]["expires_at"] is None  # type: ignore[index,call-overload]
    assert card_json(story("US1", "x"), ALONE, NOW)["holder"] is None


@pytest.mark.requirement("board:card:blocked")
def test_only_open_blockers_block() -> None:
    one, two = IssueRef("rally", "US1"), IssueRef("rally", "US2")
    around = Around({one: story("US1", "x", State.DONE), two: story("US2", "y")}, {})
    waits = story("US3", "z", blocked_by=(one, two, IssueRef("rally", "US9")))
    assert card_json(waits, around, NOW)["blocked"] == {"by": ["US2", "US9"], "reason": None}
    free = story("US3", "z", blocked_by=(one,))
    assert card_json(free, around, NOW)["blocked"] is None
    stuck = story("US3", "z", blocked=True, blocked_reason="No access")
    assert card_json(stuck, around, NOW)["blocked"] == {"by": [], "reason": "No access"}
    over = replace(stuck, state=State.DONE)
    assert card_json(over, around, NOW)["blocked"] is None


@pytest.mark.requirement("board:card:progress")
def test_steps_are_counted_wherever_they_are_kept(tmp_path: Path) -> None:
    lines = story("US1", "x", tasks=(Task("a", True, 0), Task("b", False, 1)))
    assert card_json(lines, ALONE, NOW)["progress"] == {"done": 1, "total": 2}
    assert card_json(story("US1", "x"), ALONE, NOW)["progress"] is None
    found = board(context(tmp_path, team_store()), IssueFilter())
    login = next(i for i in found.columns[State.IN_PROGRESS] if i.ref.key == "US121")
    assert card_json(login, found.around, NOW)["progress"] == {"done": 2, "total": 3}


@pytest.mark.requirement("board:card:person")
@pytest.mark.parametrize(
    ("who", "name", "initials"),
    [
        ("maya.rao@example.com", "Maya Rao", "MR"),
        ("Tomás Klein", "Tomás Klein", "TK"),
        ("ada", "Ada", "AD"),
        ("anna_maria.de.luca@x.y", "Anna Maria De Luca", "AL"),
        ("@", "@", "@"),
        ("张伟", "张伟", "张伟"),
    ],
)
def test_people_have_names(who: str, name: str, initials: str) -> None:
    assert person_json(who) == {"id": who, "name": name, "initials": initials}


@pytest.mark.requirement("board:epics:filter")
def test_epics_with_items_in_natural_order(tmp_path: Path) -> None:
    store = team_store()
    for key in ("F9", "F100", "F5"):
        store.put(replace(story(key, "Epic"), kind=Kind.FEATURE), NOW)
    for number, parent in enumerate(("F9", "F100")):
        store.put(story(f"US70{number}", "x", parent=IssueRef("rally", parent)), NOW)
    found = board(context(tmp_path, store), IssueFilter()).epics
    assert [epic.ref.key for epic in found] == ["F9", "F17", "F100"]


@pytest.mark.requirement("board:freshness:sources")
def test_every_source_says_how_it_is(tmp_path: Path) -> None:
    store = memory_store()
    store.record_sync(SyncRecord("b", NOW, None, NOW, "The key was refused."))
    sources = (Source("a", "rally"), Source("b", "rally"))
    ctx = context(tmp_path, store, sources=sources)
    with lock.held(ctx.config.home / "sync/b.lock", "The sync", 0):
        told = freshness(ctx)
    assert told == (
        {"name": "a", "ok_at": None, "error": None, "syncing": False},
        {"name": "b", "ok_at": NOW.isoformat(), "error": "The key was refused.", "syncing": True},
    )


@pytest.mark.requirement("board:title:project")
def test_the_title() -> None:
    one = story("US1", "x")
    assert title_from([one], "Demo") == "Northwind Accounts"
    other = replace(one, project="Other")
    assert title_from([one, other], "") == "Northwind Accounts and 1 more"
    assert title_from([one, other], "Demo") == "Demo"
    assert title_from([], "") == "Panopticon"


@pytest.mark.requirement("board:memory:follows")
def test_the_memory_follows_the_log() -> None:
    store, memory = team_store(), Memory()
    assert "US128" in shown(memory, store)
    remove(store, "US128")
    store.put(story("US500", "New"), NOW)
    store.put(story("US129", "Renamed"), NOW)
    task = replace(story("TA9", "Step", State.DONE), kind=Kind.TASK)
    store.put(replace(task, parent=IssueRef("rally", "US500")), NOW)
    sight = memory.look(store)
    titles = {issue.ref.key: issue.title for issue in sight.issues}
    assert "US128" not in titles
    assert (titles["US500"], titles["US129"]) == ("New", "Renamed")
    assert sight.progress[IssueRef("rally", "US500")].done == 1
    assert sight.seq == store.last_event()
    fresh = Memory().look(store)
    assert fresh == sight


@pytest.mark.requirement("board:memory:follows")
def test_the_memory_reads_only_what_changed() -> None:
    store, memory = team_store(), Memory()
    first = memory.look(store)
    assert memory.look(store) is first
    asked: list[IssueRef] = []
    read = store.issue

    def counting(ref: IssueRef) -> Issue | None:
        asked.append(ref)
        return read(ref)

    store.issue = counting  # type: ignore[method-assign]
    store.put(story("US129", "Renamed"), NOW)
    memory.look(store)
    assert asked == [IssueRef("rally", "US129")]


@pytest.mark.requirement("board:memory:restarts")
def test_a_store_that_starts_anew_is_read_anew() -> None:
    store, memory = team_store(), Memory()
    shown(memory, store)
    fresh = memory_store()
    fresh.put(story("US1", "Only"), NOW)
    assert shown(memory, fresh) == {"US1"}


@pytest.mark.requirement("board:memory:restarts")
def test_much_news_is_read_anew() -> None:
    store, memory = memory_store(), Memory()
    store.put(story("US0", "First"), NOW)
    shown(memory, store)
    for number in range(2100):
        store.put(story(f"US{number}", "Many"), NOW)
    assert len(shown(memory, store)) == 2100
