"""A page that follows changes holds at any time what a page that reads everything anew holds."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from panopticon.config import Source
from panopticon.errors import Retriable
from panopticon.model.issue import Issue, Kind, State, Task
from panopticon.model.lease import Lease
from panopticon.model.ref import IssueRef
from panopticon.services.board import memory as board_memory
from panopticon.services.board.answer import Asked, board
from panopticon.services.board.memory import Memory
from panopticon.services.context import Context
from panopticon.store.base import Store
from panopticon.store.registry import memory_store
from tests.services.shelf import NOW, item
from tests.web.fakes import context

STATES = list(State)


@dataclass
class Page:
    """What a browser remembers of the board."""

    seq: int | None = None
    epoch: str = ""
    cards: dict[str, Any] = field(default_factory=dict)
    rest: dict[str, Any] = field(default_factory=dict)
    wholes: int = 0
    last: list[str] = field(default_factory=list)

    def follow(self, ctx: Context, memory: Memory) -> None:
        answer = board(ctx, memory, Asked(since=self.seq, epoch=self.epoch), [])
        assert answer.body
        told = orjson.loads(answer.body)
        if told["whole"]:
            self.wholes += 1
            self.cards = {}
        self.last = [card["key"] for card in told["cards"]]
        self.cards |= {card["ref"]: card for card in told["cards"]}
        for ref in told["gone"]:
            self.cards.pop(ref, None)  # it may have come and gone since the page looked
        self.seq, self.epoch = told["seq"], told["epoch"]
        self.rest = {name: told[name] for name in ("epics", "total", "title")}


def fresh(ctx: Context) -> Page:
    page = Page()
    page.follow(ctx, Memory())
    return page


def assert_same(page: Page, ctx: Context) -> None:
    whole = fresh(ctx)
    assert page.cards == whole.cards
    assert page.rest == whole.rest
    assert page.rest["total"] == len(page.cards)


@pytest.fixture
def store() -> Store:
    return memory_store()


@pytest.fixture
def ctx(tmp_path: Path, store: Store) -> Context:
    return context(tmp_path, store, sources=(Source("rally", "rally"),))


def ref(key: str) -> IssueRef:
    return IssueRef("rally", key)


@dataclass
class Team:
    """People who change anything at random, with a seed."""

    store: Store
    chance: random.Random
    items: dict[str, Issue] = field(default_factory=dict)
    made: int = 0

    def act(self) -> None:
        acts: list[Callable[[], None]] = [
            self.create,
            self.delete,
            self.rename,
            *[self.change] * 6,
        ]
        self.chance.choice(acts)()

    def create(self) -> None:
        self.made += 1
        kind = self.chance.choice([Kind.STORY, Kind.DEFECT, Kind.TASK, Kind.FEATURE, Kind.EPIC])
        key = f"{kind.value[:2].upper()}{self.made}"
        self.put(item(key, kind=kind, parent=self.any_ref()))

    def delete(self) -> None:
        if self.items:
            key = self.chance.choice(list(self.items))
            self.store.drop("rally", [self.items.pop(key).native_id], NOW)

    def rename(self) -> None:
        """Give an item another key, sometimes one that another item has."""
        if self.items:
            old = self.items.pop(self.chance.choice(list(self.items)))
            self.made += 1
            key = self.chance.choice([f"RE{self.made}", *self.items])
            self.put(replace(old, ref=ref(key)))

    def change(self) -> None:
        if not self.items:
            return
        old = self.items[self.chance.choice(list(self.items))]
        steps = tuple(Task(f"Step {i}", self.chance.random() < 0.5, i) for i in range(2))
        changes: list[dict[str, Any]] = [
            {"state": self.chance.choice(STATES)},
            {"state": State.DONE},
            {"parent": self.any_ref()},
            {"blocked_by": tuple(r for r in (self.any_ref(), self.any_ref()) if r)},
            {"kind": self.chance.choice([Kind.STORY, Kind.FEATURE, Kind.TASK])},
            {"tasks": steps},
            {"title": f"Title {self.chance.random()}"},
            {"project": self.chance.choice(["DDC-AI", "Other"])},
            {"lease": Lease("jo@example.com", NOW, NOW + timedelta(hours=1))},
            {"rank": str(self.chance.random())},
            {"blocked": True, "blocked_reason": "No access"},
        ]
        self.put(replace(old, **self.chance.choice(changes)))

    def put(self, issue: Issue) -> None:
        self.made += 1
        issue = replace(issue, version=str(self.made))
        self.items[issue.ref.key] = issue
        self.store.put(issue, NOW)

    def any_ref(self) -> IssueRef | None:
        """Name an item, at times one that is not there, at times none."""
        keys = [*self.items, "US404"]
        return ref(self.chance.choice(keys)) if self.chance.random() < 0.8 else None


@pytest.mark.requirement("board:delta:exact")
@pytest.mark.parametrize("seed", range(20))
def test_whatever_happens_news_and_all_agree(ctx: Context, store: Store, seed: int) -> None:
    team, memory, often, seldom = Team(store, random.Random(seed)), Memory(), Page(), Page()
    often.follow(ctx, memory)
    seldom.follow(ctx, memory)
    for step in range(50):
        for _ in range(team.chance.randint(1, 3)):
            team.act()
        often.follow(ctx, memory)
        assert_same(often, ctx)
        if step % 17 == 16:
            seldom.follow(ctx, memory)
            assert_same(seldom, ctx)
    assert (often.wholes, seldom.wholes) == (1, 1)


@pytest.mark.requirement("board:delta:exact")
def test_much_news_is_told_exactly_too(
    ctx: Context, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board_memory, "_MOST_EVENTS", 5)
    team, memory, page = Team(store, random.Random(7)), Memory(), Page()
    page.follow(ctx, memory)
    for _ in range(30):
        for _ in range(8):
            team.act()
        page.follow(ctx, memory)
        assert_same(page, ctx)
    assert page.wholes == 1


@pytest.mark.requirement("board:delta:neighbours")
def test_news_name_the_neighbours_and_nobody_else(ctx: Context, store: Store) -> None:
    memory, page = Memory(), Page()
    for one in (
        item("E1", kind=Kind.EPIC),
        item("F1", kind=Kind.FEATURE, parent=ref("E1")),
        item("US1", parent=ref("F1")),
        item("US2", parent=ref("US1"), blocked_by=(ref("US3"),)),
        item("US3"),
        item("TA1", kind=Kind.TASK, parent=ref("US3")),
        item("US4"),
    ):
        store.put(one, NOW)
    page.follow(ctx, memory)

    def told(issue: Issue) -> list[str]:
        store.put(replace(issue, version="9"), NOW)
        page.follow(ctx, memory)
        return sorted(page.last)

    assert told(item("TA1", kind=Kind.TASK, parent=ref("US3"), state=State.DONE)) == ["US3"]
    assert page.cards["rally:US3"]["progress"] == {"done": 1, "total": 1}
    assert told(item("US3", state=State.DONE)) == ["US2", "US3"]
    assert page.cards["rally:US2"]["blocked"] is None
    assert page.cards["rally:US2"]["epic"] == "rally:F1"
    assert told(item("F1", kind=Kind.STORY, parent=ref("E1"))) == ["F1", "US1", "US2"]
    assert page.cards["rally:US2"]["epic"] == "rally:E1"
    assert told(item("E1", "Renamed", kind=Kind.EPIC)) == []
    assert [epic["title"] for epic in page.rest["epics"]] == ["Renamed"]


@pytest.mark.requirement("board:delta:neighbours")
def test_a_change_that_no_card_shows_is_no_news(ctx: Context, store: Store) -> None:
    memory, page = Memory(), Page()
    store.put(item("US1"), NOW)
    page.follow(ctx, memory)
    store.put(item("US1", body="Another text", version="2"), NOW)
    page.follow(ctx, memory)
    assert (page.last, page.seq, page.wholes) == ([], 2, 1)


@pytest.mark.requirement("board:delta:failed-read")
def test_a_read_that_failed_loses_no_news(ctx: Context, store: Store) -> None:
    memory, page = Memory(), Page()
    for one in (item("US1"), item("US2", blocked_by=(ref("US1"),)), item("US3")):
        store.put(one, NOW)
    page.follow(ctx, memory)
    store.put(item("US1", state=State.DONE, version="2"), NOW)
    store.put(item("US3", "Changed", version="2"), NOW)
    read, calls = store.issue, iter([True, False])

    def failing(ref: IssueRef) -> Issue | None:
        if next(calls, True):
            return read(ref)
        raise Retriable("The store is busy.")

    store.issue = failing  # type: ignore[method-assign]
    with pytest.raises(Retriable):
        page.follow(ctx, memory)
    page.follow(ctx, memory)
    assert_same(page, ctx)


@pytest.mark.requirement("board:delta:whole")
def test_who_cannot_be_told_reads_all(ctx: Context, store: Store) -> None:
    memory, page = Memory(), Page()
    store.put(item("US1"), NOW)
    page.follow(ctx, memory)
    known = page.seq, page.epoch
    for since, epoch in [(page.seq, "other"), (9, page.epoch), (0, page.epoch), (None, "")]:
        page.seq, page.epoch = since, epoch
        page.follow(ctx, memory)
        assert (page.seq, page.epoch) == known
    assert page.wholes == 5


@pytest.mark.requirement("board:delta:whole")
def test_a_page_behind_forgotten_deletions_reads_all(
    ctx: Context, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board_memory, "_MOST_GONE", 2)
    memory, page, late = Memory(), Page(), Page()
    for number in range(6):
        store.put(item(f"US{number}"), NOW)
    page.follow(ctx, memory)
    late.follow(ctx, memory)
    for number in range(5):
        store.drop("rally", [f"id-US{number}"], NOW)
        page.follow(ctx, memory)
        assert_same(page, ctx)
    assert page.wholes == 1
    late.follow(ctx, memory)
    assert_same(late, ctx)
    assert late.wholes == 2


@pytest.mark.requirement("board:delta:pruned")
def test_a_memory_behind_a_shortened_log_is_exact(ctx: Context, store: Store) -> None:
    memory, page = Memory(), Page()
    for number in range(6):
        store.put(item(f"US{number}"), NOW)
    page.follow(ctx, memory)
    store.drop("rally", ["id-US0"], NOW)
    for number in range(1, 6):
        store.put(item(f"US{number}", "Changed", version="2"), NOW)
    store.prune_events(NOW, 2)
    page.follow(ctx, memory)
    assert_same(page, ctx)
    assert (page.wholes, len(page.last)) == (1, 5)


@pytest.mark.requirement("board:epoch:sources")
def test_other_sources_are_another_epoch(ctx: Context, store: Store) -> None:
    memory, page = Memory(), Page()
    store.put(item("US1"), NOW)
    store.put(replace(item("US2"), ref=IssueRef("other", "US2")), NOW)
    page.follow(ctx, memory)
    first = page.epoch
    assert list(page.cards) == ["rally:US1"]
    ctx.config = replace(ctx.config, sources=(Source("rally", "rally"), Source("other", "rally")))
    page.follow(ctx, memory)
    assert sorted(page.cards) == ["other:US2", "rally:US1"]
    ctx.config = replace(ctx.config, sources=(Source("other", "rally"),))
    page.follow(ctx, memory)
    assert list(page.cards) == ["other:US2"]
    assert page.wholes == 3
    assert page.epoch != first


@pytest.mark.requirement("board:epoch:store")
def test_another_store_is_another_epoch(tmp_path: Path) -> None:
    memory, page, old, new = Memory(), Page(), memory_store(), memory_store()
    old.put(item("US1"), NOW)
    page.follow(context(tmp_path, old), memory)
    new.put(item("US2"), NOW)
    new.put(item("US3"), NOW)  # further on than the old one was
    page.follow(context(tmp_path, new), memory)
    assert sorted(page.cards) == ["rally:US2", "rally:US3"]
    assert page.wholes == 2
