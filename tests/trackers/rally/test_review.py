"""Into review and out again, by a flow state, the status field, or a word of the team's own."""

from collections.abc import Iterator

import httpx2
import pytest

from panopticon.errors import InvalidInput, Unsupported
from panopticon.model.issue import Issue, Kind, State
from panopticon.trackers.rally.tracker import RallyTracker
from tests.trackers.rally.conftest import Place, made

STATUS = "c_PantheonStatus"
KINDS = pytest.mark.parametrize("kind", [Kind.STORY, Kind.DEFECT])


class Server:
    """The flow states, as an administrator changes them."""

    def __init__(self, place: Place) -> None:
        self.place = place

    def drop(self, name: str) -> None:
        """Delete a flow state of every project."""
        found = self.place.ask("GET", "flowstate", query=f'(Name = "{name}")', project="null")
        for one in found["Results"]:
            self.place.ask("DELETE", one["_ref"].partition("/v2.0/")[2])

    def add(self, name: str) -> None:
        """Add a flow state to the project."""
        project = f"/project/{self.place.box.project_oid}"
        state = {"Name": name, "ScheduleStateMapping": "In-Progress", "Project": project}
        self.place.ask("POST", "flowstate/create", {"FlowState": {**state, "OrderIndex": 9}})


@pytest.fixture
def silent(full: Place) -> Iterator[Server]:
    """A team without a flow state for reviews, with the status field."""
    server = Server(full)
    server.drop("Code Review")
    yield server
    httpx2.post(f"{full.box.admin}/reset").raise_for_status()


def places(tracker: RallyTracker, issue: Issue) -> tuple[State, str, object]:
    status = tracker.get(issue.ref.key).custom.get(STATUS)
    return issue.state, issue.native_state, status or None


@pytest.mark.requirement("rally:review:moves")
@KINDS
def test_a_flow_state_is_used_first(full: Place, kind: Kind) -> None:
    tracker = full.tracker(custom_fields=[STATUS])
    key = made(tracker, kind)
    there = tracker.transition(key, State.IN_REVIEW)
    assert places(tracker, there) == (State.IN_REVIEW, "Code Review", None)
    tracker.transition(key, State.IN_PROGRESS)
    named = tracker.update(key, {"native_state": "Code Review"})
    assert places(tracker, named) == (State.IN_REVIEW, "Code Review", None)
    assert tracker.transition(key, State.DONE).state is State.DONE


@pytest.mark.requirement("rally:review:moves")
@KINDS
@pytest.mark.usefixtures("silent")
def test_else_the_status_field_also_with_the_teams_word(full: Place, kind: Kind) -> None:
    tracker = full.tracker(custom_fields=[STATUS])
    key = made(tracker, kind)
    there = tracker.transition(key, State.IN_REVIEW)
    assert places(tracker, there) == (State.IN_REVIEW, "In Review", "In Review")
    named = tracker.update(key, {"native_state": "Code Review"})
    assert places(tracker, named) == (State.IN_REVIEW, "Code Review", "Code Review")
    back = tracker.transition(key, State.IN_PROGRESS)
    assert places(tracker, back)[::2] == (State.IN_PROGRESS, None)
    with pytest.raises(InvalidInput, match="Rally has no state 'Cod Revw' here"):
        tracker.update(key, {"native_state": "Cod Revw"})


@pytest.mark.requirement("rally:review:moves")
def test_a_word_that_the_team_maps_counts(full: Place, silent: Server) -> None:
    silent.add("With Zoe")
    states = {"With Zoe": "in_review", "Lawyers look": "in_review"}
    tracker = full.tracker(custom_fields=[STATUS], states=states)
    key = made(tracker)
    there = tracker.transition(key, State.IN_REVIEW)
    assert places(tracker, there) == (State.IN_REVIEW, "With Zoe", None)
    tracker.transition(key, State.IN_PROGRESS)
    named = tracker.update(key, {"native_state": "With Zoe"})
    assert places(tracker, named) == (State.IN_REVIEW, "With Zoe", None)
    own = tracker.update(key, {"native_state": "Lawyers look"})
    assert places(tracker, own)[2] == "Lawyers look"
    assert own.state is State.IN_REVIEW


@pytest.mark.requirement("rally:review:nowhere")
def test_where_rally_has_no_place_for_it_that_is_said(bare: Place) -> None:
    Server(bare).drop("Code Review")
    tracker = bare.tracker()
    key = made(tracker)
    with pytest.raises(Unsupported, match="no word for In review") as caught:
        tracker.transition(key, State.IN_REVIEW)
    assert "Panopticon can keep that phase itself" in caught.value.hint
    with pytest.raises(InvalidInput):
        tracker.update(key, {"native_state": "Code Review"})
