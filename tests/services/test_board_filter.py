"""Which cards fit a filter."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from panopticon.config import Source
from panopticon.model.issue import Json, Kind, State
from panopticon.model.lease import Lease
from panopticon.model.ref import IssueRef
from panopticon.services.board.answer import Asked, board, matches
from panopticon.services.board.filter import Wanted
from panopticon.services.board.memory import Memory
from panopticon.services.context import Context
from panopticon.store.registry import memory_store
from tests.services.shelf import NOW, item
from tests.web.fakes import context


def ref(key: str, tracker: str = "rally") -> IssueRef:
    return IssueRef(tracker, key)


def lease(who: str, hours: int) -> Lease:
    return Lease(f"{who}@example.com", NOW, NOW + timedelta(hours=hours))


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    store = memory_store()
    rows = [
        item("E1", kind=Kind.EPIC),
        item("F17", kind=Kind.FEATURE, parent=ref("E1")),
        item("US1", "Straße", parent=ref("F17"), body="the Needle", labels=("Web", "API")),
        item("US2", parent=ref("F17"), assignee="Ada.Obi@example.com", iteration="Sprint 24"),
        item("US3", parent=ref("US2"), blocked_by=(ref("US1"),), assignee="maya.rao@example.com"),
        item("DE4", kind=Kind.DEFECT, state=State.DONE, project="Other", labels=("web",)),
        item("US5", lease=lease("maya.rao", 1)),
        item("US6", lease=lease("maya.rao", -1), blocked=True, acceptance_criteria="100% sure"),
        item("TA7", "Needle", kind=Kind.TASK, parent=ref("US2")),
        replace(item("US1", "Twin"), ref=ref("US1", "other"), parent=ref("F17", "other")),
        replace(item("F17", kind=Kind.FEATURE), ref=ref("F17", "other")),
        replace(item("US9", "Needle"), ref=ref("US9", "hidden")),
    ]
    for row in rows:
        store.put(row, NOW)
    sources = (Source("rally", "rally"), Source("other", "rally"))
    ctx = context(tmp_path, store, sources=sources)
    ctx.config = replace(ctx.config, me="ada.obi@example.com")
    return ctx


def found(ctx: Context, **wanted: str) -> str:
    labels = tuple(filter(None, wanted.pop("labels", "").split()))
    told = matches(ctx, Memory(), Wanted(**wanted, labels=labels))
    refs = told["refs"]
    assert isinstance(refs, list)
    return " ".join(sorted(str(one).removeprefix("rally:") for one in refs))


ALL = "DE4 US1 US2 US3 US5 US6 other:US1"


@pytest.mark.requirement("board:filter:each")
@pytest.mark.parametrize(
    ("name", "word", "expected"),
    [
        ("text", "NEEDLE", "US1 US2"),  # in a step of US2
        ("text", "us-3", "US3"),
        ("text", "STRASSE", "US1"),
        ("text", "100%", "US6"),
        ("text", "1_0", ""),
        ("text", "api", "US1"),
        ("text", "ada", "US2"),
        ("text", "a@b", ""),
        ("text", "obi@ex", "US2"),
        ("text", "Maya Rao", "US3 US5"),
        ("tracker", "other", "other:US1"),
        ("tracker", "hidden", ""),
        ("project", "other", "DE4"),
        ("project", "DDC-AI", "US1 US2 US3 US5 US6 other:US1"),
        ("epic", "rally:F17", "US1 US3"),
        ("epic", "other:F-17", "other:US1"),
        ("epic", "F17", "US1 US3 other:US1"),
        ("epic", "17", "US1 US3 other:US1"),
        ("epic", "e1", "US1 US3"),
        ("epic", "US2", "US3"),
        ("epic", "F404", ""),
        ("epic", "", ALL),
        ("assignee", "Ada.Obi@example.com", "US2"),
        ("assignee", "obi@example.com", ""),
        ("assignee", "maya", "US3 US5"),
        ("assignee", "Maya Rao", "US3 US5"),
        ("assignee", "none", "DE4 US1 US6 other:US1"),
        ("assignee", "me", "US2"),
        ("labels", "web", "DE4 US1"),
        ("labels", "api WEB", "US1"),
        ("labels", "web nothing", ""),
        ("iteration", "sprint 24", "US2"),
        ("iteration", "none", "DE4 US1 US3 US5 US6 other:US1"),
        ("kind", "defect", "DE4"),
        ("kind", "task", ""),
        ("state", "done", "DE4"),
        ("state", "somewhere", ""),
        ("blocked", "yes", "US3 US6"),
        ("blocked", "no", "DE4 US1 US2 US5 other:US1"),
        ("blocked", "perhaps", ""),
    ],
)
def test_each_filter(ctx: Context, name: str, word: str, expected: str) -> None:
    assert found(ctx, **{name: word}) == expected


@pytest.mark.requirement("board:filter:together")
def test_filters_hold_together(ctx: Context) -> None:
    assert found(ctx) == ALL
    assert found(ctx, epic="17", tracker="rally", labels="web") == "US1"
    assert found(ctx, epic="17", text="needle", assignee="none") == "US1"
    assert found(ctx, text="needle", state="done") == ""


@pytest.mark.requirement("board:filter:each")
def test_a_bare_number_means_the_default_trackers_epic(ctx: Context) -> None:
    ctx.config = replace(ctx.config, default_tracker="other")
    assert found(ctx, epic="17") == "other:US1"
    assert found(ctx, epic="rally:17") == "US1 US3"


@pytest.mark.requirement("board:filter:each")
def test_nobody_is_me_where_none_is_known(ctx: Context, tmp_path: Path) -> None:
    ctx.config = replace(ctx.config, me=None, folder=tmp_path / "no repository")
    assert found(ctx, assignee="me") == ""


@pytest.mark.requirement("board:filter:clock")
def test_who_held_a_card_has_it_no_more(ctx: Context) -> None:
    ctx.now = lambda: NOW + timedelta(hours=2)
    assert found(ctx, assignee="maya") == "US3"
    assert found(ctx, assignee="none") == "DE4 US1 US5 US6 other:US1"


@pytest.mark.requirement("board:filter:loops")
def test_loops_of_parents_end(ctx: Context) -> None:
    ctx.store.put(item("E1", kind=Kind.EPIC, parent=ref("US2"), version="2"), NOW)
    assert found(ctx, epic="E1") == "US1 US3"


@pytest.mark.requirement("board:search:remembered")
def test_what_was_found_is_remembered_until_something_happens(ctx: Context) -> None:
    memory = Memory()

    def now(text: str) -> set[str]:
        asked = matches(ctx, memory, Wanted(text=text)), board_of(ctx, memory, text)
        first, second = (set(map(str, refs_of(one))) for one in asked)
        assert first == second
        return first

    assert now('"the needle"') == now('"the needle"') == {"rally:US1"}
    ctx.store.put(item("US2", body="the needle too"), NOW + timedelta(minutes=1))
    assert now('"the needle"') == {"rally:US1", "rally:US2"}
    ctx.store.drop("rally", [item("US1").native_id], NOW + timedelta(minutes=2))
    assert now('"the needle"') == {"rally:US2"}
    for number in range(40):
        assert now(f"nothing {number}") == set()
    assert now('"the needle"') == {"rally:US2"}


def board_of(ctx: Context, memory: Memory, text: str) -> dict[str, Json]:
    body = board(ctx, memory, Asked(Wanted(text=text)), []).body
    assert body
    return {"refs": [card["ref"] for card in json.loads(body)["cards"]]}


@pytest.mark.requirement("board:search:remembered")
def test_a_remembered_search_follows_the_clock_and_who_asks(ctx: Context) -> None:
    memory, holder, me = Memory(), Wanted(assignee="maya"), Wanted(assignee="me")
    assert len(refs_of(matches(ctx, memory, holder))) == 2
    assert refs_of(matches(ctx, memory, me)) == ["rally:US2"]
    ctx.now = lambda: NOW + timedelta(hours=2)  # the lease has ended
    ctx.config = replace(ctx.config, me="maya.rao@example.com")
    assert refs_of(matches(ctx, memory, holder)) == ["rally:US3"]
    assert refs_of(matches(ctx, memory, me)) == ["rally:US3"]


def refs_of(told: dict[str, Json]) -> list[Json]:
    refs = told["refs"]
    assert isinstance(refs, list)
    return refs
