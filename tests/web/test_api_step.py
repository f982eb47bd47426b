"""Steps over HTTP: lines of an item, and steps added however their tracker keeps them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest

from panopticon.model.issue import Issue, Kind, Task
from panopticon.model.ref import IssueRef
from panopticon.trackers.memory_shape import FULL
from tests.web.fakes import kept
from tests.web.trackers import SHAPE, Desk, desk_at

LINES = (Task("Write it", False, 0), Task("Test it", False, 1, depth=1), Task("Ship", True, 2))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_at(tmp_path) as desk:
        yield desk


@pytest.fixture
def lines(desk: Desk) -> Desk:
    """A desk whose tracker keeps steps as lines, as story files do."""
    desk.tracker._shape = replace(SHAPE, steps=True)
    put(desk, LINES)
    return desk


def put(desk: Desk, tasks: tuple[Task, ...]) -> None:
    issue = replace(desk.tracker._issues["US129"], tasks=tasks, version="3")
    desk.tracker.put(issue)
    desk.store.put(issue, desk.clock())


def steps(desk: Desk) -> list[tuple[str, bool]]:
    return [(task.title, task.done) for task in at_tracker(desk).tasks]


def at_tracker(desk: Desk) -> Issue:
    return desk.tracker._issues["US129"]


def tick(desk: Desk, status: int = 200, /, **asked: object) -> dict[str, object]:
    answer = desk.client.post("/api/item/task", json={"ref": "US129", "done": True, **asked})
    assert answer.status_code == status, answer.text
    return cast("dict[str, object]", answer.json())


@pytest.mark.requirement("web:task:line")
def test_a_line_is_ticked_and_back(lines: Desk) -> None:
    seen = lines.client.get("/api/item", params={"ref": "US129"}).json()
    assert [task["depth"] for task in seen["tasks"]] == [0, 1, 0]
    assert seen["can"]["steps"] is True
    answer = tick(lines, position=1, title="Test it")
    assert steps(lines)[1] == ("Test it", True)
    assert [task.done for task in kept(lines.store, "US129").tasks] == [False, True, True]
    assert cast("dict[str, object]", answer["item"])["progress"] == {"done": 2, "total": 3}
    assert answer["seq"] == lines.store.last_event()
    tick(lines, **cast("dict[str, object]", answer["before"]))
    assert steps(lines)[1] == ("Test it", False)


@pytest.mark.requirement("web:task:line")
def test_a_script_may_leave_the_title_out(lines: Desk) -> None:
    tick(lines, position=2, done=False)
    assert steps(lines)[2] == ("Ship", False)
    assert tick(lines, 404, position=9)["error"] == "not_found"


@pytest.mark.requirement("web:task:line:moved")
def test_another_step_is_never_ticked_instead(lines: Desk) -> None:
    moved = (Task("Plan it", False, 0), *(replace(t, position=t.position + 1) for t in LINES))
    lines.tracker.put(
        replace(
            at_tracker(lines),
            tasks=moved,
            version="4",
            updated_at=lines.clock() + timedelta(minutes=1),
        )
    )
    told = tick(lines, 409, position=0, title="Write it")
    assert (told["error"], bool(told["message"]), bool(told["hint"])) == ("conflict", True, True)
    assert cast("dict[str, object]", told["item"])["progress"] == {"done": 1, "total": 4}
    assert [done for _, done in steps(lines)] == [False, False, False, True]
    assert (
        kept(lines.store, "US129").tasks == moved
    )  # what the page reads next is what stands there


@pytest.mark.requirement("web:step:add")
def test_a_step_is_added_as_a_line(lines: Desk) -> None:
    answer = lines.client.post("/api/item/step", json={"ref": "US129", "title": "  Tell\nthem "})
    assert answer.status_code == 201
    assert steps(lines)[-1] == ("Tell them", False)
    assert answer.json()["item"]["progress"] == {"done": 1, "total": 4}
    assert answer.json()["seq"] == lines.store.last_event()


@pytest.mark.requirement("web:step:add")
def test_a_step_is_added_as_an_item(desk: Desk) -> None:
    answer = desk.client.post("/api/item/step", json={"ref": "US129", "title": "Tell them"})
    assert answer.status_code == 201
    assert answer.json()["item"]["key"] == "US129"
    made = desk.store.children(IssueRef("rally", "US129"))
    assert [(one.kind, one.title) for one in made] == [(Kind.TASK, "Tell them")]
    assert answer.json()["item"]["progress"] == {"done": 0, "total": 1}
    blank = desk.client.post("/api/item/step", json={"ref": "US129", "title": " \n"})
    assert blank.status_code == 400


@pytest.mark.requirement("web:step:none")
def test_where_there_are_no_steps_none_is_added(desk: Desk) -> None:
    prefixes: dict[Kind, str] = {
        kind: word for kind, word in FULL.prefixes.items() if kind is not Kind.TASK
    }
    desk.tracker._shape = replace(SHAPE, prefixes=prefixes)
    assert desk.client.get("/api/item?ref=US129").json()["can"]["steps"] is False
    answer = desk.client.post("/api/item/step", json={"ref": "US129", "title": "Tell them"})
    assert (answer.status_code, answer.json()["error"]) == (400, "unsupported")
    assert answer.json()["hint"]
