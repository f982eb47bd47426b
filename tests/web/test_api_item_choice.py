"""What a page offers to choose from: columns, fields, people, iterations; asked for seldom."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from panopticon.config import Source
from panopticon.errors import Retriable
from panopticon.model.issue import Iteration, State
from panopticon.trackers.base import Place
from tests.web.fakes import NOW, story
from tests.web.trackers import ADA, ME, Desk, desk_at


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_at(tmp_path) as desk:
        yield desk


def ask(desk: Desk, path: str, status: int = 200, **query: str) -> dict[str, Any]:
    answer = desk.client.get(path, params=query)
    assert answer.status_code == status, answer.text
    return dict(answer.json())


@pytest.mark.requirement("web:moves:columns")
def test_each_column_says_whether_one_may_move_there(desk: Desk) -> None:
    words = dict(desk.tracker._shape.words)
    del words[State.PLANNING]
    desk.tracker._shape = replace(desk.tracker._shape, words=words)
    found = ask(desk, "/api/item/moves", ref="US121")
    assert (found["ref"], found["state"]) == ("rally:US121", "in_progress")
    assert [move["name"] for move in found["moves"]] == [
        "Backlog",
        "Planning",
        "In progress",
        "In review",
        "Done",
    ]
    planning, review = found["moves"][1], found["moves"][3]
    assert (planning["allowed"], planning["native_state"], planning["note"]) == (
        True,
        None,
        "Planning is kept here only: rally has no word for it",
    )
    assert (review["allowed"], review["native_state"], review["reason"], review["note"]) == (
        True,
        "Code Review",
        None,
        None,
    )
    del words[State.DONE]
    desk.tracker._shape = replace(desk.tracker._shape, words=words)
    desk.tracker.by_ada("US121", {"title": "Another title"})
    desk.store.put(desk.tracker.get("US121"), NOW)
    done = ask(desk, "/api/item/moves", ref="US121")["moves"][4]
    assert (done["allowed"], done["reason"]) == (False, "This tracker cannot show done.")


@pytest.mark.requirement("web:form:new")
def test_a_form_for_a_new_item(desk: Desk) -> None:
    found = ask(desk, "/api/form")
    assert (found["tracker"], found["kind"]) == ("rally", "story")
    assert found["kinds"] == ["story", "defect", "task", "feature", "epic"]
    assert found["projects"] == [{"id": "2", "name": "Project"}]
    assert found["project"] == "Project"
    fields = {field["name"]: field for field in found["fields"]}
    assert fields["title"] == {
        "name": "title",
        "label": "Title",
        "type": "text",
        "required": True,
        "values": [],
        "many": False,
    }
    assert fields["custom.c_Team"]["values"] == ["Blue", "Green"]
    assert "priority" not in fields
    bug = ask(desk, "/api/form", kind="defect", tracker="rally")
    priority = next(field for field in bug["fields"] if field["name"] == "priority")
    assert priority["values"] == ["none", "urgent", "high", "normal", "low"]


@pytest.mark.requirement("web:form:new")
def test_a_form_names_the_configured_projects_and_those_below(desk: Desk) -> None:
    desk.tracker.places = lambda: [  # type: ignore[method-assign]
        Place("workspace", "1", "Memory"),
        Place("project", "10", "Mine", "1"),
        Place("project", "11", "Below", "10"),
        Place("project", "12", "Theirs", "1"),
    ]
    source = Source("rally", "rally", {"projects": ["mine"]}, secret="good")
    desk.ctx.config = replace(desk.ctx.config, sources=(source,))
    found = ask(desk, "/api/form")
    assert [project["name"] for project in found["projects"]] == ["Mine", "Below"]
    assert found["project"] == "Mine"


@pytest.mark.requirement("web:form:new")
@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"kind": "issue"}, 400),
        ({"kind": "nonsense"}, 400),
        ({"tracker": "nobody"}, 404),
        ({"ref": "US999"}, 404),
    ],
)
def test_a_form_of_nothing_is_told(desk: Desk, query: dict[str, str], status: int) -> None:
    told = ask(desk, "/api/form", status, **query)
    assert told["message"]
    assert told["hint"]


@pytest.mark.requirement("web:form:item")
def test_the_form_of_an_item_names_what_can_be_written(desk: Desk) -> None:
    found = ask(desk, "/api/form", ref="DE31")
    assert (found["kind"], found["project"]) == ("defect", "Northwind Accounts")
    names = {field["name"] for field in found["fields"]}
    assert {"due", "priority", "custom.c_Team"} <= names
    assert names - {"custom.c_Team"} <= set(ask(desk, "/api/item", ref="DE31")["can"]["edit"])


@pytest.mark.requirement("web:form:remembered")
def test_menus_ask_once_in_five_minutes(desk: Desk) -> None:
    def open_menus() -> list[str]:
        desk.tracker.asked.clear()
        ask(desk, "/api/item/moves", ref="US121")
        ask(desk, "/api/form")
        ask(desk, "/api/people")
        ask(desk, "/api/iterations", tracker="rally")
        return sorted(desk.tracker.asked)

    all_of_them = ["form", "iterations", "moves", "places", "users"]
    assert open_menus() == all_of_them
    assert open_menus() == []
    desk.clock.skip(4)
    assert open_menus() == []
    desk.clock.skip(2)
    assert open_menus() == all_of_them
    wrong = {"ref": "US121", "fields": {"assignee": "nobody@example.com"}}
    assert desk.client.patch("/api/item", json=wrong).status_code == 400
    assert open_menus() == all_of_them


@pytest.mark.requirement("web:form:remembered")
def test_a_move_is_remembered_only_for_the_item_as_it_stands(desk: Desk) -> None:
    ask(desk, "/api/item/moves", ref="US121")
    desk.client.post("/api/item/move", json={"ref": "US121", "state": "done"})
    desk.tracker.asked.clear()
    ask(desk, "/api/item/moves", ref="US121")
    assert desk.tracker.asked == ["moves"]


@pytest.mark.requirement("web:people:named")
def test_people_have_the_trackers_names(desk: Desk) -> None:
    found = ask(desk, "/api/people")
    assert found["error"] is None
    assert found["people"] == [
        {"id": ADA, "name": "Ada Obi", "initials": "AO", "source": "rally"},
        {"id": "build-robot", "name": "build-robot", "initials": "BU", "source": "rally"},
        {"id": ME, "name": "Maya Rao", "initials": "MR", "source": "rally"},
    ]


@pytest.mark.requirement("web:people:named")
def test_iterations_stand_in_times_order(desk: Desk) -> None:
    desk.tracker.timeboxes = [
        Iteration("Sprint 2", NOW, NOW, "Planning", "P"),
        Iteration("Sprint 1", NOW.replace(month=1), NOW, "Accepted", "P"),
    ]
    found = ask(desk, "/api/iterations")["iterations"]
    assert [one["name"] for one in found] == ["Sprint 1", "Sprint 2"]
    assert found[0]["start"] == "2026-01-20T12:00:00+00:00"
    assert (found[0]["source"], found[0]["state"]) == ("rally", "Accepted")


@pytest.mark.requirement("web:people:down")
def test_a_tracker_that_fails_leaves_whom_the_store_has_seen(desk: Desk) -> None:
    desk.store.put(story("US800", "In a sprint", iteration="Sprint 9"), desk.clock())
    desk.tracker.fault = Retriable("rally is away.")
    found = ask(desk, "/api/people")
    assert found["error"] == "rally: rally is away."
    names = [person["name"] for person in found["people"]]
    assert names == ["Ada Obi", "Jun Li", "Maya Rao", "Tomas Klein"]
    boxes = ask(desk, "/api/iterations")
    assert boxes["error"] == "rally: rally is away."
    assert [box["name"] for box in boxes["iterations"]] == ["Sprint 9"]
    assert ask(desk, "/api/form", 503)["message"] == "rally is away."
    desk.tracker.fault = None
    desk.clock.skip(1)
    assert ask(desk, "/api/people")["error"] is None
