"""One item with what stands around it, and how long its tracker may take to tell of a new one."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from panopticon.config import Source
from panopticon.errors import InvalidInput, NotFound, Retriable
from panopticon.model.issue import Issue, User
from panopticon.model.ref import IssueRef
from panopticon.services.board import item as board_item
from panopticon.services.issue.form import Forms
from panopticon.services.within import within
from panopticon.trackers.base import Tracker
from tests.web.fakes import NOW, context, kept, story, team_store
from tests.web.trackers import Desk, TeamTracker, desk_at


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_at(tmp_path) as desk:
        yield desk


class Door:
    """Keeps callers waiting until it is opened."""

    def __init__(self) -> None:
        self.opened = threading.Event()
        self.passed = 0

    def wait(self) -> None:
        self.opened.wait(20)
        self.passed += 1


@pytest.fixture
def door() -> Iterator[Door]:
    door = Door()
    yield door
    door.opened.set()


@pytest.mark.requirement("web:item:slow")
def test_a_slow_tracker_is_not_waited_for(desk: Desk, door: Door) -> None:
    read = desk.tracker.get

    def slow(key: str) -> Issue:
        door.wait()
        return read(key)

    desk.tracker.get = slow  # type: ignore[method-assign]
    desk.tracker.put(story("US950", "Never synced"))
    with pytest.raises(Retriable, match="not answered") as late:
        board_item.item(desk.ctx, "US950", seconds=0.05)
    assert late.value.hint
    assert late.value.retry_after
    assert board_item.item(desk.ctx, "US121", seconds=0.05).issue.ref.key == "US121"  # stored
    door.opened.set()
    assert board_item.item(desk.ctx, "US950").issue.title == "Never synced"


@pytest.mark.requirement("web:item:slow")
def test_questions_without_an_answer_do_not_pile_up(door: Door) -> None:
    for _ in range(8):
        with pytest.raises(Retriable, match="not answered"):
            within(0.001, door.wait, "a hanging tracker")
    with pytest.raises(Retriable, match="Too many"):
        within(0.001, door.wait, "a hanging tracker")
    assert within(5, lambda: "here", "another tracker") == "here"


@pytest.mark.requirement("web:form:remembered")
def test_of_many_who_ask_at_once_one_asks_the_tracker(desk: Desk, door: Door) -> None:
    read = desk.tracker.users

    def slow() -> list[User]:
        door.wait()
        return read()

    desk.tracker.users = slow  # type: ignore[method-assign]
    forms = Forms(desk.ctx)
    with ThreadPoolExecutor(6) as pool:
        asked = [pool.submit(forms.people, "rally") for _ in range(6)]
        door.opened.set()
        found = [one.result() for one in asked]
    assert all(one == desk.tracker.people for one in found)
    assert door.passed == 1


@pytest.mark.requirement("web:form:remembered")
def test_an_answer_that_comes_late_is_there_for_the_next(desk: Desk, door: Door) -> None:
    read = desk.tracker.users

    def slow() -> list[User]:
        door.wait()
        return read()

    desk.tracker.users = slow  # type: ignore[method-assign]
    forms = Forms(desk.ctx, seconds=0.05)
    with pytest.raises(Retriable):
        forms.people("rally")
    door.opened.set()
    forms.seconds = 5
    assert forms.people("rally") == desk.tracker.people
    assert door.passed == 1


@pytest.mark.requirement("web:form:remembered")
def test_another_tracker_of_the_same_name_is_asked_anew(desk: Desk) -> None:
    forms = Forms(desk.ctx)
    forms.people("rally")
    desk.ctx._trackers.clear()  # what a change of the settings does
    other = TeamTracker(desk.clock, desk.store)
    other.people = [User("9", "Only Me", None)]
    desk.ctx.open_tracker = lambda _: cast("Tracker", other)
    assert [user.name for user in forms.people("rally")] == ["Only Me"]


@pytest.mark.requirement("board:item:resolve")
def test_a_spelling_finds_its_item(tmp_path: Path) -> None:
    store = team_store()
    sources = (Source("rally", "rally"), Source("other", "rally"))
    ctx = context(tmp_path, store, sources=sources)
    assert board_item.item(ctx, "us-121").issue.ref.key == "US121"
    with pytest.raises(NotFound) as missing:
        board_item.item(ctx, "US999")
    assert missing.value.hint
    store.put(replace(story("US121", "Twin"), ref=IssueRef("other", "US121")), NOW)
    with pytest.raises(InvalidInput) as twice:
        board_item.item(ctx, "US121")
    assert twice.value.details["candidates"] == ["other:US121", "rally:US121"]
    assert board_item.item(ctx, "other:US121").issue.title == "Twin"


@pytest.mark.requirement("board:item:around")
def test_an_item_knows_its_neighbours(desk: Desk) -> None:
    login: Any = board_item.item(desk.ctx, "US121").as_json()
    assert [(task["title"], task["done"]) for task in login["tasks"]] == [
        ("Step 0", True),
        ("Step 1", True),
        ("Step 2", False),
    ]
    epic: Any = board_item.item(desk.ctx, "F17").as_json()
    assert len(epic["children"]) == 9
    assert login["children"] == []
    blocker: Any = board_item.item(desk.ctx, "US125").as_json()["blocked_by"]
    assert blocker == [
        {
            "ref": "rally:US122",
            "key": "US122",
            "title": "Add registration endpoint",
            "state": "in_progress",
        }
    ]


@pytest.mark.requirement("web:api:item")
def test_the_card_of_an_item_is_the_boards(desk: Desk) -> None:
    blocked = replace(kept(desk.store, "US129"), blocks=(IssueRef("rally", "US125"),))
    desk.store.put(blocked, desk.clock())
    card = board_item.card(desk.ctx, kept(desk.store, "US125"))
    whole = board_item.item(desk.ctx, "US125").as_json()
    assert card == {name: whole[name] for name in card}
    assert card["blocked"] == {"by": [{"ref": "rally:US122", "key": "US122"}], "reason": None}
    assert card["epic"] == "rally:F17"
    assert card["progress"] is None
