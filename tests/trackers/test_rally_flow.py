"""Moves where a team's flow states stand in the way: one that means a phase outweighs the rest."""

from collections.abc import Mapping, Sequence
from typing import Any

import httpx2
import orjson
import pytest

from panopticon.errors import InvalidInput, Unsupported
from panopticon.model.issue import Kind, State
from tests.trackers.rig import BASE, Rig, errors, reply, rig, rows, story

SCHEDULE = ("Defined", "In-Progress", "Completed")
DEFECT = ("Submitted", "Open", "Closed")
PLAIN = tuple((word, word) for word in SCHEDULE)
REVIEW_FIRST = (
    ("Analysis", "Defined"),
    ("Ready", "Defined"),
    ("Code Review", "In-Progress"),
    ("Coding", "In-Progress"),
    ("Testing", "Completed"),
)
ONLY_REVIEW = (("Defined", "Defined"), ("Review", "In-Progress"), ("Completed", "Completed"))


class Team:
    """A Rally whose flow states are given, and which applies a write as Rally does."""

    def __init__(self, flow: Sequence[tuple[str, str]], **item: Any) -> None:
        self.flow = dict(flow)
        self.item = story(12, **item)

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        path = request.url.path.removeprefix("/slm/webservice/v2.0/")
        if request.method == "POST":
            body = next(iter(orjson.loads(request.content).values()))
            if body.get("FlowState", "/").rsplit("/", 1)[-1] not in {"", *self.flow}:
                text = "Could not read: Could not read referenced object"
                return errors(text, wrapper="OperationResult")
            self._write(body)
            return reply("OperationResult", Object=self.item)
        if path.endswith("/AllowedValues"):
            return rows(*({"StringValue": word} for word in self._words(path)))
        return rows(*self._rows(path))

    def _words(self, path: str) -> Sequence[str]:
        return SCHEDULE if "/1/" in path else DEFECT

    def _rows(self, path: str) -> Sequence[dict[str, Any]]:
        if path == "typedefinition":
            return [{"_ref": f"{BASE}/typedefinition/9", "ElementName": "X"}]
        if path.endswith("/Attributes"):
            return [_attribute("ScheduleState", 1), _attribute("State", 2), _attribute("Name", 3)]
        if path == "flowstate":
            return [
                {"_ref": f"{BASE}/flowstate/{name}", "Name": name, "ScheduleStateMapping": mapped}
                for name, mapped in self.flow.items()
            ]
        return [self.item]

    def _write(self, body: Mapping[str, Any]) -> None:
        if "ScheduleState" in body and body["ScheduleState"] != self.item["ScheduleState"]:
            self.item["ScheduleState"] = body["ScheduleState"]
            mapped = [name for name, word in self.flow.items() if word == body["ScheduleState"]]
            self.item["FlowState"] = {"Name": mapped[0]}
        if "FlowState" in body:
            name = body["FlowState"].rsplit("/", 1)[-1]
            self.item |= {"FlowState": {"Name": name}, "ScheduleState": self.flow[name]}
        if "State" in body:
            self.item["State"] = body["State"]


def _attribute(name: str, oid: int) -> dict[str, Any]:
    values = {"_ref": f"{BASE}/attributedefinition/{oid}/AllowedValues"}
    return {"ElementName": name, "AttributeType": "STATE", "AllowedValues": values}


def team(flow: Sequence[tuple[str, str]], *, defect: bool = False, **item: Any) -> Rig:
    """Open a tracker on one story (or defect) of a team."""
    if defect:
        item |= {
            "_type": "Defect",
            "FormattedID": "DE12",
            "_ref": f"{BASE}/defect/12",
        }
    return rig(Team(flow, **item))


def moved(found: Rig, key: str, state: State) -> tuple[str, str]:
    """Move the item as its moves say; give where it is then."""
    (told,) = [one for one in found.tracker.moves(found.tracker.get(key)) if one.state is state]
    item = found.tracker.transition(key, state)
    assert item.native_state == told.native_state
    return item.state, item.native_state


@pytest.mark.requirement("rally:moves:flow")
@pytest.mark.parametrize("start", list(State))
@pytest.mark.parametrize("end", list(State))
def test_a_story_leaves_and_enters_every_phase(start: State, end: State) -> None:
    found = team(REVIEW_FIRST, FlowState={"Name": "Ready"})
    words = {
        State.BACKLOG: "Defined",
        State.PLANNING: "Analysis",
        State.IN_PROGRESS: "In-Progress",
        State.IN_REVIEW: "Code Review",
        State.DONE: "Completed",
    }
    assert moved(found, "US12", start) == (start, words[start])
    assert moved(found, "US12", end) == (end, words[end])


@pytest.mark.requirement("rally:moves:flow")
@pytest.mark.parametrize("start", list(State))
@pytest.mark.parametrize("end", list(State))
def test_a_defect_leaves_a_phase_as_well(start: State, end: State) -> None:
    place = {"State": "Submitted", "FlowState": {"Name": "Ready"}}
    found = team(REVIEW_FIRST, defect=True, **place)
    assert moved(found, "DE12", start)[0] == start
    assert moved(found, "DE12", end)[0] == end


@pytest.mark.requirement("rally:moves:flow")
def test_a_word_of_the_team_leaves_the_phase_too() -> None:
    found = team(REVIEW_FIRST, ScheduleState="In-Progress", FlowState={"Name": "Code Review"})
    item = found.tracker.update("US12", {"native_state": "In-Progress"})
    assert (item.state, item.native_state) == (State.IN_PROGRESS, "In-Progress")


@pytest.mark.requirement("rally:moves:flow")
def test_a_column_that_every_flow_state_leads_past_is_refused() -> None:
    found = team(ONLY_REVIEW, FlowState={"Name": "Defined"})
    item = found.tracker.get("US12")
    told = {one.state: one for one in found.tracker.moves(item)}
    assert [state for state, one in told.items() if not one.is_allowed] == [
        State.PLANNING,
        State.IN_PROGRESS,
    ]
    with pytest.raises(Unsupported) as caught:
        found.tracker.transition("US12", State.IN_PROGRESS)
    assert caught.value.message == told[State.IN_PROGRESS].reason


@pytest.mark.requirement("rally:moves:flow")
def test_a_flow_state_that_counts_as_done_is_no_review() -> None:
    found = team((*PLAIN, ("Testing", "Completed")), FlowState={"Name": "Defined"})
    item = found.tracker.get("US12")
    (told,) = [one for one in found.tracker.moves(item) if one.state is State.IN_REVIEW]
    assert not told.is_allowed
    with pytest.raises(Unsupported):
        found.tracker.transition("US12", State.IN_REVIEW)
    native = next(f for f in found.tracker.form(Kind.STORY) if f.name == "native_state")
    assert native.values == SCHEDULE


@pytest.mark.requirement("rally:moves:flow")
def test_where_no_flow_state_means_a_phase_the_schedule_state_alone_is_written() -> None:
    found = team(PLAIN, FlowState={"Name": "Defined"})
    found.tracker.transition("US12", State.IN_PROGRESS)
    (sent,) = found.asked("/hierarchicalrequirement/12", "POST")
    assert orjson.loads(sent.content) == {
        "hierarchicalrequirement": {"ScheduleState": "In-Progress"}
    }


@pytest.mark.requirement("rally:moves:word-wins")
def test_the_native_word_wins_over_the_column() -> None:
    found = team(PLAIN, FlowState={"Name": "Defined"})
    item = found.tracker.update("US12", {"state": State.PLANNING, "native_state": "In-Progress"})
    assert (item.state, item.native_state) == (State.IN_PROGRESS, "In-Progress")


@pytest.mark.requirement("rally:moves:gone")
def test_a_state_that_is_gone_is_not_chosen_twice() -> None:
    server = Team((*PLAIN, ("Code Review", "In-Progress")), FlowState={"Name": "Defined"})
    found = rig(server)
    assert found.tracker.moves(found.tracker.get("US12"))[3].native_state == "Code Review"
    del server.flow["Code Review"]
    server.flow["Peer Review"] = "In-Progress"
    with pytest.raises(InvalidInput):
        found.tracker.transition("US12", State.IN_REVIEW)
    assert moved(found, "US12", State.IN_REVIEW) == (State.IN_REVIEW, "Peer Review")
