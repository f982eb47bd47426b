"""What the board makes of items."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from panopticon.config import Source
from panopticon.local import lock
from panopticon.model.issue import Issue, Kind, State, Task
from panopticon.model.lease import Lease
from panopticon.model.ref import IssueRef
from panopticon.services.board.answer import Asked, board, freshness, title_from
from panopticon.services.board.card import Around, Progress, card_json, person_json
from panopticon.services.board.memory import Memory
from panopticon.services.context import Context
from panopticon.store.base import SyncRecord
from panopticon.store.registry import memory_store
from tests.web.fakes import NOW, context, held, remove, story, team_store

ALONE = Around()


def told(ctx: Context, memory: Memory | None = None) -> dict[str, Any]:
    answer = board(ctx, memory or Memory(), Asked(), [])
    assert answer.body
    found: dict[str, Any] = orjson.loads(answer.body)
    return found


def card(issue: Issue, around: Around = ALONE) -> dict[str, Any]:
    return dict(card_json(issue, around))


def column(found: dict[str, Any], state: State) -> list[str]:
    return [one["key"] for one in found["cards"] if one["state"] == state]


@pytest.mark.requirement("board:columns:five")
def test_every_item_has_its_column(tmp_path: Path) -> None:
    ctx = context(tmp_path, team_store())
    ctx.config = replace(ctx.config, limits={"in_progress": 3})
    found = told(ctx)
    assert [one["name"] for one in found["columns"]] == [
        "Backlog",
        "Planning",
        "In progress",
        "In review",
        "Done",
    ]
    assert [one["limit"] for one in found["columns"]] == [None, None, 3, None, None]
    assert {one["kind"] for one in found["cards"]} == {"story", "defect"}
    assert len(found["cards"]) == found["total"] == 9


@pytest.mark.requirement("board:columns:order")
def test_ranks_decide_and_what_has_none_follows_newest_first(tmp_path: Path) -> None:
    store = memory_store()
    for key, rank in [("US3", "b"), ("US1", None), ("US2", None), ("US4", "a"), ("US5", None)]:
        at = NOW - timedelta(hours=5) if key == "US5" else NOW - timedelta(hours=int(key[2:]))
        store.put(story(key, key, rank=rank, updated_at=at), NOW)
    memory, ctx = Memory(), context(tmp_path, store)
    assert column(told(ctx, memory), State.BACKLOG) == ["US4", "US3", "US1", "US2", "US5"]
    later = NOW + timedelta(hours=1)
    store.put(story("US1", "US1", rank="aa", updated_at=later), later)
    assert column(told(ctx, memory), State.BACKLOG) == ["US4", "US1", "US3", "US2", "US5"]


@pytest.mark.requirement("board:card:holder")
def test_a_card_tells_assignee_and_claim_whatever_the_time() -> None:
    both = card(story("US1", "x", lease=held("jun.li", -2), assignee="Ada Obi"))
    assert both["assignee"] == {"id": "Ada Obi", "name": "Ada Obi", "initials": "AO"}
    assert both["lease"] == {
        "holder": {"id": "jun.li@example.com", "name": "Jun Li", "initials": "JL"},
        "locked_at": "2026-11-19T10:00:00+00:00",
        "expires_at": "2026-11-20T10:00:00+00:00",
        "branch": "story/US-121-add-login-endpoint",
        "fence": 4,
        "arbiter": "",
    }
    by_hand = card(story("US1", "x", lease=Lease("jun")))["lease"]
    assert (by_hand["locked_at"], by_hand["expires_at"]) == (None, None)
    free = card(story("US1", "x"))
    assert (free["assignee"], free["lease"]) == (None, None)


@pytest.mark.requirement("board:card:blocked")
def test_only_open_blockers_block() -> None:
    one, two, other = IssueRef("rally", "US1"), IssueRef("rally", "US2"), IssueRef("gh", "#9")
    around = Around({one: story("US1", "x", State.DONE), two: story("US2", "y")})
    waits = story("US3", "z", blocked_by=(one, two, other))
    assert card(waits, around)["blocked"] == {
        "by": [{"ref": "rally:US2", "key": "US2"}, {"ref": "gh:#9", "key": "#9"}],
        "reason": None,
    }
    assert card(story("US3", "z", blocked_by=(one,)), around)["blocked"] is None
    stuck = story("US3", "z", blocked=True, blocked_reason="No access")
    assert card(stuck, around)["blocked"] == {"by": [], "reason": "No access"}
    assert card(replace(stuck, state=State.DONE), around)["blocked"] is None


@pytest.mark.requirement("board:card:progress")
def test_steps_are_counted_wherever_they_are_kept() -> None:
    lines = story("US1", "x", tasks=(Task("a", True, 0), Task("b", False, 1)))
    assert card(lines)["progress"] == {"done": 1, "total": 2}
    assert card(story("US1", "x"))["progress"] is None
    items = Around(progress={IssueRef("rally", "US1"): Progress(2, 3)})
    assert card(story("US1", "x"), items)["progress"] == {"done": 2, "total": 3}


@pytest.mark.requirement("board:card:epic")
def test_a_card_names_the_nearest_epic_above() -> None:
    def above(**parents: str | None) -> str | None:
        known = {
            IssueRef("rally", key): replace(
                story(key, key),
                kind=Kind.FEATURE if key.startswith("F") else Kind.STORY,
                parent=IssueRef("rally", parent) if parent else None,
            )
            for key, parent in parents.items()
        }
        found: str | None = card(known[IssueRef("rally", "US1")], Around(known))["epic"]
        return found

    assert above(US1="F1", F1="F2", F2=None) == "rally:F1"
    assert above(US1="US2", US2="F1", F1=None) == "rally:F1"
    assert above(US1="US2", US2=None) is None
    assert above(US1="F404") is None
    assert above(US1="US2", US2="US3", US3="US2") is None
    assert above(US1="US1") is None


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
    for key in ("F9", "F100", "F5", "F6"):
        store.put(replace(story(key, "Epic"), kind=Kind.FEATURE), NOW)
    for number, parent in enumerate(("F9", "F100")):
        store.put(story(f"US70{number}", "x", parent=IssueRef("rally", parent)), NOW)
    below = replace(story("F7", "x"), kind=Kind.FEATURE, parent=IssueRef("rally", "F6"))
    store.put(below, NOW)
    found = told(context(tmp_path, store))["epics"]
    assert [epic["key"] for epic in found] == ["F9", "F17", "F100"]
    assert found[1] == {
        "ref": "rally:F17",
        "key": "F17",
        "title": "User accounts",
        "source": "rally",
        "folds_into": None,
    }


@pytest.mark.requirement("board:freshness:sources")
def test_every_source_says_how_it_is(tmp_path: Path) -> None:
    store = memory_store()
    store.record_sync(SyncRecord("b", NOW, None, NOW, "The key was refused."))
    sources = (Source("a", "markdown"), Source("b", "rally"))
    ctx = context(tmp_path, store, sources=sources)
    with lock.held(ctx.config.home / "sync/b.lock", "The sync", 0):
        found = freshness(ctx)
    assert found == [
        {
            "name": "a",
            "type": "markdown",
            "label": "BMAD story files",
            "ok_at": None,
            "error": None,
            "syncing": False,
        },
        {
            "name": "b",
            "type": "rally",
            "label": "Rally",
            "ok_at": NOW.isoformat(),
            "error": "The key was refused.",
            "syncing": True,
        },
    ]


@pytest.mark.requirement("board:title:project")
def test_the_title() -> None:
    assert title_from({"Northwind"}, "Demo") == "Northwind"
    assert title_from({"Other", "Northwind", ""}, "") == "Northwind and 1 more"
    assert title_from({"Other", "Northwind"}, "Demo") == "Demo"
    assert title_from({""}, "") == "Panopticon"


@pytest.mark.requirement("board:title:project")
def test_the_title_follows_the_cards(tmp_path: Path) -> None:
    store, memory = memory_store(), Memory()
    ctx = context(tmp_path, store)
    store.put(story("US1", "x"), NOW)
    assert told(ctx, memory)["title"] == "Northwind Accounts"
    store.put(story("US1", "x", project="Other"), NOW)
    assert told(ctx, memory)["title"] == "Other"


@pytest.mark.requirement("board:me:known")
def test_the_board_knows_who_looks(tmp_path: Path) -> None:
    ctx, memory = context(tmp_path, team_store()), Memory()
    ctx.config = replace(ctx.config, me="maya.rao@example.com")
    assert told(ctx, memory)["me"]["name"] == "Maya Rao"
    ctx.config = replace(ctx.config, me="jun.li@example.com")
    assert told(ctx, memory)["me"]["name"] == "Jun Li"


@pytest.mark.requirement("board:etag:cards")
def test_the_mark_of_a_board_is_that_of_its_cards(tmp_path: Path) -> None:
    store, memory = team_store(), Memory()
    ctx = context(tmp_path, store)

    def mark() -> str:
        return board(ctx, memory, Asked(), []).etag

    first = mark()
    store.put(story("US128", "Add password reset", State.PLANNING), NOW)
    second = mark()
    assert second != first
    store.put(story("US128", "Add password reset", State.PLANNING, body="Another"), NOW)
    store.record_sync(SyncRecord("rally", NOW, NOW, NOW, None))
    ctx.now = lambda: NOW + timedelta(hours=1)
    assert mark() == second
    assert board(ctx, memory, Asked(etags=frozenset({second})), []).body is None
    assert board(ctx, memory, Asked(etags=frozenset({first})), []).body
    remove(store, "US128")
    third = mark()
    assert third != second
    store.put(replace(story("F17", "Accounts"), kind=Kind.FEATURE), NOW)
    assert mark() != third
    assert board(ctx, memory, Asked(etags=frozenset({mark()})), [{"name": "rally"}]).body


@pytest.mark.requirement("board:memory:reads-little")
def test_the_memory_reads_only_what_changed(tmp_path: Path) -> None:
    store, memory = team_store(), Memory()
    ctx = context(tmp_path, store)
    told(ctx, memory)
    asked: list[IssueRef] = []
    read = store.issue

    def counting(ref: IssueRef) -> Issue | None:
        asked.append(ref)
        return read(ref)

    store.issue = counting  # type: ignore[method-assign]
    store.issues = nothing  # type: ignore[method-assign,assignment]
    told(ctx, memory)
    assert asked == []
    store.put(story("US129", "Renamed"), NOW)
    titles = {one["key"]: one["title"] for one in told(ctx, memory)["cards"]}
    assert asked == [IssueRef("rally", "US129")]
    assert titles["US129"] == "Renamed"


def nothing(*_wanted: object) -> list[Issue]:
    raise AssertionError("everything was read anew")
