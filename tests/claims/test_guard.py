"""Which statuses the work writes from which branch."""

from pathlib import Path

import pytest

from panopticon.model.issue import State
from panopticon.services.claim.status.finish import Finish, finish
from panopticon.services.claim.status.guard import refusal, skipped
from tests.claims.lifecycle import BRANCH, Room


@pytest.mark.requirement("claim:guard")
@pytest.mark.parametrize("state", State)
def test_main_writes_everything_a_feature_branch_what_it_can_know(state: State) -> None:
    is_free = state in {State.IN_PROGRESS, State.IN_REVIEW, State.DONE}
    assert refusal(state, "main", ["main"]) is None
    assert refusal(state, None, ["main"]) is None
    said = refusal(state, "story/US-1", ["main"])
    assert (said is None) == is_free
    assert is_free or (said or "").startswith("Skipped: ")


@pytest.mark.requirement("claim:guard")
def test_a_skipped_status_is_said_and_the_rest_goes_on(tmp_path: Path) -> None:
    room = Room(tmp_path, words={"review": "planning"}, is_inside=True)
    room.work()
    room.take()
    room.git("switch", "-q", BRANCH)
    told = finish(room.desk(), Finish("US1"))
    assert any(note.startswith("Skipped: Planning") for note in told.notes)
    assert (room.story.state, told.is_unlocked) == (State.IN_PROGRESS, True)
    assert len(room.remarks()) == 1


@pytest.mark.requirement("claim:guard")
def test_outside_a_repository_nothing_is_guarded(tmp_path: Path) -> None:
    assert skipped(Room(tmp_path).ctx(), State.BACKLOG) is None
