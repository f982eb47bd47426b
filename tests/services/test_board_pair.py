"""A board of two trackers: links and twins on its cards, exact whatever happens to either side."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from panopticon.errors import Retriable
from panopticon.model.issue import Issue, IssueFilter, Kind, State, Task
from panopticon.model.link import LinkKind, link_between
from panopticon.model.ref import IssueRef
from panopticon.services import link
from panopticon.services.board import item as board_item, memory as board_memory
from panopticon.services.board.answer import Asked, board
from panopticon.services.board.filter import Wanted, fitting
from panopticon.services.board.memory import Memory
from panopticon.services.issue import verbs as issue
from tests.services.pair import Pair, file, made, us
from tests.services.shelf import NOW
from tests.services.test_board_delta import Page, assert_same

NUMBERS = [f"US{n}" for n in range(4)]
STORIES = [f"1.{n}" for n in range(4)]
CLAIMS = [*NUMBERS, "US-1", "rally:US2", "stories:US1", "1.2", "F1", "US9", "epic-1", None, None]


@dataclass
class Team:
    """People at work in both trackers at random, with a seed."""

    pair: Pair
    chance: random.Random
    items: dict[IssueRef, Issue] = field(default_factory=dict)
    made: int = 0

    def act(self) -> None:
        acts: list[Callable[[], None]] = [
            self.drop,
            self.rename,
            self.link,
            self.unlink,
            *[self.change] * 6,
        ]
        self.chance.choice(acts)()

    def change(self) -> None:
        ref = self.any_ref()
        kind = Kind.FEATURE if ref.key == "F1" else Kind.EPIC if ref.key == "epic-1" else Kind.STORY
        old = self.items.get(ref) or made(ref.tracker, ref.key, "Same", kind)
        steps = tuple(Task(f"Step {i}", self.chance.random() < 0.5, i) for i in range(2))
        changes: list[dict[str, Any]] = [
            {"twin_key": self.chance.choice(CLAIMS)},
            {"twin_key": self.chance.choice(CLAIMS)},
            {"title": self.chance.choice(["Same", "Other"])},
            {"state": self.chance.choice([State.BACKLOG, State.DONE])},
            {"acceptance_criteria": self.chance.choice(["- one", "* One!", "two", ""])},
            {"points": self.chance.choice([None, 1.0, 2.0])},
            {"tasks": steps},
            {"parent": self.any_ref()},
            {"blocked_by": (replace(self.any_ref(), tracker=ref.tracker),)},
            {"kind": self.chance.choice([Kind.STORY, Kind.FEATURE, Kind.TASK])},
        ]
        self.put(replace(old, **self.chance.choice(changes)))

    def drop(self) -> None:
        if self.items:
            ref = self.chance.choice(list(self.items))
            gone = self.items.pop(ref)
            self.pair.store.drop(ref.tracker, [gone.native_id], NOW)

    def rename(self) -> None:
        if self.items:
            old = self.items.pop(self.chance.choice(list(self.items)))
            new = replace(self.any_ref(), tracker=old.ref.tracker)
            self.put(replace(old, ref=new))

    def link(self) -> None:
        self.pair.store.put_link(self.any_link())

    def unlink(self) -> None:
        known = self.pair.store.links() or [self.any_link()]
        self.pair.store.drop_link(self.chance.choice(known), NOW)

    def any_link(self) -> Any:
        source, target = self.chance.sample(self.refs, 2)
        return link_between(self.chance.choice(list(LinkKind)), source, target, NOW)

    def put(self, issue: Issue) -> None:
        self.made += 1
        kept = replace(issue, version=str(self.made))
        self.items = {r: i for r, i in self.items.items() if i.native_id != kept.native_id}
        self.items[kept.ref] = kept
        self.pair.store.put(kept, NOW)

    @property
    def refs(self) -> list[IssueRef]:
        return [
            *(IssueRef("rally", key) for key in [*NUMBERS, "F1"]),
            *(IssueRef("stories", key) for key in [*STORIES, "epic-1"]),
            *(IssueRef("other", key) for key in [*NUMBERS[:2], "1.2"]),
        ]

    def any_ref(self) -> IssueRef:
        return self.chance.choice(self.refs)


def assert_alike(page: Page, pair: Pair) -> None:
    """Compare with a page that reads all anew, and with the cards told one by one."""
    assert_same(page, pair.ctx)
    for told in page.cards.values():
        stored = pair.store.issue(IssueRef(told["source"], told["key"]))
        assert stored
        alone = board_item.card(pair.ctx, stored)
        for name in ("twin", "folds_into", "blocked"):
            assert told[name] == alone[name], (name, told["ref"])


@pytest.mark.requirement("board:pair:exact")
@pytest.mark.parametrize("most", [5, 2000])
@pytest.mark.parametrize("seed", range(8))
def test_whatever_happens_to_either_side_all_pages_agree(
    tmp_path: Path, seed: int, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board_memory, "_MOST_EVENTS", most)
    pair = Pair(tmp_path, names=("rally", "stories", "other"))
    team, memory, page = Team(pair, random.Random(seed)), Memory(), Page()
    seen = {"twin": 0, "blocked": 0}
    page.follow(pair.ctx, memory)
    for _ in range(60):
        for _ in range(team.chance.randint(1, 3)):
            team.act()
        page.follow(pair.ctx, memory)
        assert_alike(page, pair)
        seen["twin"] += sum(bool(card["twin"]) for card in page.cards.values())
        seen["blocked"] += sum(bool(card["blocked"]) for card in page.cards.values())
    assert page.wholes == 1
    assert all(seen.values()), seen


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    pair = Pair(tmp_path)
    pair.put(
        us("US120", "Create user model", points=3.0),
        us("US121", "Another"),
        file("1.2", "Create user model", twin_key="US-120", points=5.0),
        file("1.3", "Third"),
    )
    return pair


@pytest.mark.requirement("board:pair:card")
def test_a_pair_is_marked_on_both_cards_and_folds_one(pair: Pair) -> None:
    memory, page = Memory(), Page()
    page.follow(pair.ctx, memory)
    server, story = page.cards["rally:US120"], page.cards["stories:1.2"]
    assert story["folds_into"] == "rally:US120"
    assert story["twin"] == {
        "ref": "rally:US120",
        "key": "US120",
        "source": "rally",
        "differs": ["points"],
    }
    assert (server["folds_into"], server["twin"]["ref"]) == (None, "stories:1.2")
    assert page.cards["stories:1.3"]["twin"] is None
    pair.put(us("US120", "Create user model", points=5.0))
    page.follow(pair.ctx, memory)
    assert sorted(page.last) == ["1.2", "US120"]
    assert page.cards["stories:1.2"]["twin"]["differs"] == []
    pair.put(file("1.3", "Third", twin_key="US120"))
    page.follow(pair.ctx, memory)
    assert [card["twin"] for card in page.cards.values()] == [None] * 4
    assert sorted(page.last) == ["1.2", "US120"]


@pytest.mark.requirement("board:pair:card")
@pytest.mark.parametrize("is_new", [True, False])
def test_criteria_of_an_item_claimed_later_are_compared(pair: Pair, *, is_new: bool) -> None:
    memory, page = Memory(), Page()
    server = us("US130", acceptance_criteria="- It works")
    if not is_new:
        pair.put(server)
    page.follow(pair.ctx, memory)
    if is_new:  # both come at once, the one without the key first
        pair.put(server)
    pair.put(file("3.1", "Story US130", twin_key="US130", acceptance_criteria="1. it works!"))
    page.follow(pair.ctx, memory)
    assert page.cards["stories:3.1"]["twin"]["differs"] == []
    pair.put(us("US130", acceptance_criteria="- It fails"))
    page.follow(pair.ctx, memory)
    assert page.cards["stories:3.1"]["twin"]["differs"] == ["criteria"]
    assert_alike(page, pair)


@pytest.mark.requirement("board:pair:blocked")
def test_a_blocker_elsewhere_stands_on_the_card(pair: Pair) -> None:
    memory, page = Memory(), Page()
    page.follow(pair.ctx, memory)
    link.link(pair.ctx, "US121", "blocks", "1.3")
    page.follow(pair.ctx, memory)
    blocked = {"by": [{"ref": "rally:US121", "key": "US121"}], "reason": None}
    assert page.cards["stories:1.3"]["blocked"] == blocked
    with memory.look(pair.ctx) as sight:
        found = fitting(pair.ctx, memory, sight, Wanted(blocked="yes"), sight.written)
    assert [str(card.ref) for card in found] == ["stories:1.3"]
    pair.put(us("US121", state=State.DONE))
    page.follow(pair.ctx, memory)
    assert page.cards["stories:1.3"]["blocked"] is None


@pytest.mark.requirement("board:pair:failed-read")
def test_a_failed_read_loses_no_link(pair: Pair) -> None:
    memory, page = Memory(), Page()
    page.follow(pair.ctx, memory)
    pair.store.put_link(
        link_between(LinkKind.BLOCKS, IssueRef("rally", "US121"), IssueRef("stories", "1.3"), NOW)
    )
    pair.put(us("US120", "Renamed"))
    read, calls = pair.store.issue, iter([True, True, False])

    def failing(ref: IssueRef) -> Issue | None:
        if next(calls, True):
            return read(ref)
        raise Retriable("The store is busy.")

    pair.store.issue = failing  # type: ignore[method-assign]
    with pytest.raises(Retriable):
        page.follow(pair.ctx, memory)
    page.follow(pair.ctx, memory)
    assert_alike(page, pair)
    assert page.cards["stories:1.3"]["blocked"]


@pytest.mark.requirement("board:pair:order")
def test_each_source_stands_together_as_it_ranks(tmp_path: Path) -> None:
    pair = Pair(tmp_path)
    pair.put(
        us("US1", rank="P!zz"),
        file("1.1", rank="000002"),
        us("US2", rank="O!zz"),
        file("1.2", rank="z00001"),
        us("US3"),
        file("2.1", rank="000001"),
    )
    whole = board(pair.ctx, Memory(), Asked(), []).body
    assert whole
    told = [card["key"] for card in orjson.loads(whole)["cards"]]
    listed = [one.ref.key for one in issue.list_issues(pair.ctx, IssueFilter())]
    assert told == listed == ["US2", "US1", "US3", "2.1", "1.1", "1.2"]


@pytest.mark.requirement("board:pair:epic")
def test_the_epic_filter_takes_both_sides_of_an_epic(tmp_path: Path) -> None:
    pair, memory = Pair(tmp_path), Memory()
    f17, e17 = IssueRef("rally", "F17"), IssueRef("stories", "epic-17")
    pair.put(
        us("F17", kind=Kind.FEATURE),
        us("US1", parent=f17),
        file("epic-17", kind=Kind.EPIC),
        file("17.1", parent=e17, twin_key="US1"),
        file("17.2", parent=e17),
        file("1.1"),
    )

    def found(text: str) -> set[str]:
        with memory.look(pair.ctx) as sight:
            wanted = Wanted(epic=text)
            cards = fitting(pair.ctx, memory, sight, wanted, sight.written)
        return {card.ref.key for card in cards}

    assert found("17") == {"US1"}
    assert found("stories:17") == {"17.1", "17.2"}
    pair.put(file("epic-17", kind=Kind.EPIC, twin_key="F-17"))
    assert found("17") == found("F17") == found("stories:epic-17") == {"US1", "17.1", "17.2"}
