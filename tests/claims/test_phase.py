"""A person's move to a column that the tracker has no word for."""

from pathlib import Path

import pytest

from panopticon.errors import Partial, Unsupported
from panopticon.model.issue import Issue, Kind, NewIssue, State
from panopticon.services.issue import edit, write
from tests.claims.lifecycle import NO_REVIEW, Room


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path, shape=NO_REVIEW)


def moved(room: Room, state: State) -> Issue:
    return write.transition(room.ctx(), "US1", state)


@pytest.mark.requirement("claim:finish:here-person")
def test_a_move_begins_a_phase_and_the_next_one_ends_it(room: Room) -> None:
    shown = moved(room, State.IN_REVIEW)
    assert (shown.state, shown.is_here_only) == (State.IN_REVIEW, True)
    assert room.story.state is State.IN_PROGRESS
    assert room.store.issue(room.ref) == shown
    moved(room, State.IN_PROGRESS)
    after = room.store.issue(room.ref)
    assert after
    assert (after.state, after.is_here_only) == (State.IN_PROGRESS, False)


@pytest.mark.requirement("claim:finish:here-person")
def test_the_trackers_own_word_ends_a_phase_though_it_is_the_same(room: Room) -> None:
    shown = moved(room, State.IN_REVIEW)
    goal = edit.Goal(State.IN_PROGRESS, shown.native_state, expected=State.IN_REVIEW)
    change = edit.move(room.ctx(), "US1", goal)
    assert (change.before["state"], change.after["state"]) == (State.IN_REVIEW, State.IN_PROGRESS)
    after = room.store.issue(room.ref)
    assert after
    assert not after.is_here_only


@pytest.mark.requirement("claim:finish:here-person")
def test_a_move_that_went_through_with_a_flaw_ends_a_phase(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved(room, State.IN_REVIEW)

    def flawed(key: str, state: State) -> Issue:
        del state
        raise Partial("No commit was made.", "Commit it.", ref=key, written=True)

    monkeypatch.setattr(room.tracker, "transition", flawed)
    with pytest.raises(Partial):
        moved(room, State.IN_PROGRESS)
    after = room.store.issue(room.ref)
    assert after
    assert not after.is_here_only


@pytest.mark.requirement("claim:finish:here-person")
def test_an_epic_is_kept_nowhere(room: Room) -> None:
    epic = room.tracker.create(NewIssue(Kind.EPIC, {"title": "Accounts"}))
    room.put(epic)
    with pytest.raises(Unsupported):
        write.transition(room.ctx(), epic.ref.key, State.IN_REVIEW)
    assert room.store.here(epic.ref) is None
