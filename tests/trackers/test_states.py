"""Columns and priorities from a team's own words."""

import pytest

from panopticon.model.issue import State
from panopticon.trackers.rally.states import (
    Words,
    column,
    priority_from,
    priority_word,
    standing,
    word_for,
)


@pytest.mark.requirement("rally:state:columns")
@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("Idea", State.BACKLOG),
        ("Defined", State.BACKLOG),
        ("In-Progress", State.IN_PROGRESS),
        ("Completed", State.DONE),
        ("Accepted", State.DONE),
        ("Released", State.DONE),
        ("Code Review", State.IN_REVIEW),
        ("QA testing", State.IN_REVIEW),
        ("Grooming", State.PLANNING),
        ("Ready for Dev", State.BACKLOG),
        ("Wibble", State.BACKLOG),
        ("", State.BACKLOG),
    ],
)
def test_words_fall_into_sane_columns(word: str, state: State) -> None:
    assert column(word, {}) is state


@pytest.mark.requirement("rally:state:columns")
def test_the_teams_own_map_wins() -> None:
    assert column("Wibble", {"wibble": State.IN_REVIEW}) is State.IN_REVIEW


@pytest.mark.requirement("rally:state:phases")
def test_flow_and_phase_words_fill_planning_and_review() -> None:
    flowing = standing(Words("In-Progress", flow="Code Review"), {})
    assert (flowing.state, flowing.native) == (State.IN_REVIEW, "Code Review")
    assert standing(Words("Defined", phase="Planning"), {}).state is State.PLANNING
    done = standing(Words("Accepted", flow="In Review"), {})
    assert (done.state, done.native) == (State.DONE, "Accepted")
    assert standing(Words("In-Progress", flow="Done"), {}).state is State.IN_PROGRESS


@pytest.mark.requirement("rally:state:cancelled")
def test_called_off_is_done_and_cancelled() -> None:
    stands = standing(Words("Closed Declined"), {})
    assert (stands.state, stands.cancelled) == (State.DONE, True)
    assert not standing(Words("Closed"), {}).cancelled


@pytest.mark.requirement("rally:state:words")
def test_a_column_takes_an_allowed_word_only() -> None:
    allowed = ["Idea", "Defined", "In-Progress", "Completed", "Accepted"]
    assert word_for(State.BACKLOG, allowed, {}) == "Defined"
    assert word_for(State.DONE, allowed, {}) == "Completed"
    assert word_for(State.IN_REVIEW, allowed, {}) is None
    assert word_for(State.DONE, ["Closed Declined", "Closed"], {}) == "Closed"
    assert word_for(State.DONE, ["Todo", "Fini"], {"fini": State.DONE}) == "Fini"


@pytest.mark.requirement("rally:priority:scale")
def test_priorities_follow_known_words_else_their_order() -> None:
    shipped = ["None", "Resolve Immediately", "High Attention", "Normal", "Low"]
    assert [priority_from(word, shipped, {}) for word in shipped] == [0, 1, 2, 3, 4]
    assert [priority_word(number, shipped, {}) for number in range(5)] == shipped
    own = ["None", "Now", "Soon", "Later", "Never"]
    assert [priority_from(word, own, {}) for word in own] == [0, 1, 2, 3, 4]
    assert priority_word(2, ["None", "High", "Low"], {}) == "High"
    assert priority_word(0, ["High", "Low"], {}) is None
    assert priority_from("Now", own, {"now": 4}) == 4
