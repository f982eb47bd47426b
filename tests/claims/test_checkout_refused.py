"""What is not taken, and what is said instead."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest

from panopticon.errors import Conflict, InvalidInput, NotFound, PanError
from panopticon.model.issue import State
from panopticon.model.lease import Lease
from panopticon.services.claim.desk import arbiter_of
from panopticon.services.claim.take import hold
from panopticon.services.claim.take.checkout import Checkout, Wish, checkout
from tests.claims.office import EPIC, START, Office

_E = TypeVar("_E", bound=PanError)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def take(office: Office, who: str, story: str, **words: object) -> Checkout:
    return checkout(office.desk(who), Wish(story=story, **words))  # type: ignore[arg-type]


def refused(kind: type[_E], verb: Callable[[], object]) -> _E:
    with pytest.raises(kind) as caught:
        verb()
    return caught.value


@pytest.mark.requirement("claim:checkout:asked-badly")
def test_an_unknown_story_is_answered_with_near_ones(office: Office) -> None:
    key = office.story()
    error = refused(NotFound, lambda: take(office, "ann", "US12"))
    assert key in error.hint


@pytest.mark.requirement("claim:checkout:asked-badly")
def test_an_epic_and_a_step_are_no_stories(office: Office) -> None:
    key = office.story(steps=1)
    epic = refused(InvalidInput, lambda: take(office, "ann", EPIC))
    assert "pan checkout epic=1`" in epic.hint
    step = refused(InvalidInput, lambda: take(office, "ann", "TA1"))
    assert f"pan checkout story={key}" in step.hint
    swapped = refused(InvalidInput, lambda: checkout(office.desk("ann"), Wish(epic=key)))
    assert f"pan checkout story={key}" in swapped.hint


@pytest.mark.requirement("claim:checkout:asked-badly")
@pytest.mark.parametrize("words", [{}, {"story": "US1", "epic": "1"}])
def test_one_thing_is_asked_for(office: Office, words: dict[str, str]) -> None:
    office.story()
    refused(InvalidInput, lambda: checkout(office.desk("ann"), Wish(**words)))  # type: ignore[arg-type]
    assert office.known("US1") is None


@pytest.mark.requirement("claim:checkout:asked-badly")
def test_a_cancelled_story_is_not_taken(office: Office) -> None:
    key = office.story()
    office.give(replace(office.tracker.get(key), cancelled=True))
    error = refused(Conflict, lambda: take(office, "ann", key))
    assert "cancelled" in error.message
    assert (error.details["error"], error.exit_code) == ("over", 3)


@pytest.mark.requirement("claim:checkout:asked-badly")
@pytest.mark.parametrize("hours", [0.0, 0.05, -3.0, 721.0, float("nan"), float("inf")])
def test_impossible_hours_are_refused_everywhere(office: Office, hours: float) -> None:
    key = office.story()
    refused(InvalidInput, lambda: take(office, "ann", key, hours=hours))
    take(office, "ann", key)
    before = office.known(key)
    refused(InvalidInput, lambda: hold.renew(office.desk("ann"), key, hours))
    refused(InvalidInput, lambda: hold.steal(office.desk("bob"), key, hours, "x"))
    assert office.known(key) == before


@pytest.mark.requirement("claim:checkout:senseless")
def test_a_blocked_story_says_why_and_what_is_free(office: Office) -> None:
    free, key = office.story("Free"), office.story("Stuck")
    office.give(replace(office.tracker.get(key), blocked=True, blocked_reason="Legal decides."))
    error = refused(Conflict, lambda: take(office, "ann", key))
    assert error.message == f"{key} is blocked: Legal decides."
    assert (error.details["reason"], error.details["error"]) == ("blocked", "blocked")
    assert [one["ref"] for one in error.details["alternatives"]] == [free]  # type: ignore[attr-defined]


@pytest.mark.requirement("claim:checkout:senseless")
def test_what_a_cancelled_item_blocks_is_free(office: Office) -> None:
    first = office.story("First", state=State.IN_PROGRESS)
    office.give(replace(office.tracker.get(first), cancelled=True))
    office.store.put(office.tracker.get(first), office.now)
    key = office.story("Second", blocked_by=[first])
    assert take(office, "ann", key).claim.fence == 1


@pytest.mark.requirement("claim:checkout:arbiter")
def test_a_claim_by_another_arbiter_is_refused_with_both_names(office: Office) -> None:
    key = office.story()
    lease = Lease("zoe@example.com", START, START.replace(year=2027), None, 3, "git:/srv/team.git")
    office.give(replace(office.tracker.get(key), lease=lease))
    desk = office.desk("ann")
    verbs: tuple[Callable[[], object], ...] = (
        lambda: take(office, "ann", key),
        lambda: checkout(office.desk("ann"), Wish(epic=EPIC)),
        lambda: hold.steal(desk, key, 1, "she left"),
        lambda: hold.release(desk, key),
    )
    for verb in verbs[:1] + verbs[2:]:
        error = refused(InvalidInput, verb)
        assert "git:/srv/team.git" in error.message
        assert desk.arbiter.name in error.message
    assert refused(Conflict, verbs[1]).details["held"] == 1
    assert desk.arbiter.read(desk.key(office.tracker.get(key).ref)) is None
    office.give(replace(office.tracker.get(key), lease=replace(lease, expires_at=START)))
    assert take(office, "ann", key).claim.fence == 1


@pytest.mark.requirement("claim:checkout:arbiter")
def test_no_name_of_an_arbiter_holds_credentials(office: Office) -> None:
    office.settings["arbiter"] = "git:https://ann:s3cret@git.example.com/team/app.git"
    assert arbiter_of(office.desk("ann").ctx).name == "git:https://git.example.com/team/app.git"


@pytest.mark.requirement("claim:checkout:arbiter")
@pytest.mark.parametrize("told", ["store:/elsewhere/panopticon.db", "linear"])
def test_an_arbiter_that_this_run_does_not_have_is_named(office: Office, told: str) -> None:
    office.settings["arbiter"] = told
    assert told in refused(InvalidInput, lambda: office.desk("ann")).message


@pytest.mark.requirement("claim:checkout:most")
def test_nobody_holds_more_than_one_may(office: Office) -> None:
    first, second, third = (office.story() for _ in range(3))
    office.settings["max_locks"] = 2
    take(office, "ann", first)
    take(office, "ann", second)
    error = refused(Conflict, lambda: take(office, "ann", third))
    assert (error.details["reason"], error.details["held"]) == ("too-many", [first, second])
    assert error.exit_code == 3
    refused(Conflict, lambda: checkout(office.desk("ann"), Wish(epic=EPIC)))
    take(office, "bob", third)
    refused(Conflict, lambda: hold.steal(office.desk("ann"), third, 1, "mine"))
    assert take(office, "ann", first).claim.fence == 1
    assert checkout(office.desk("ann", "-l"), Wish(story=first, resume=True)).claim.fence == 2
    hold.release(office.desk("ann"), second)
    assert hold.steal(office.desk("ann"), third, 1, "mine").claim.fence == 2


@pytest.mark.requirement("claim:checkout:most")
def test_what_has_ended_counts_no_more(office: Office) -> None:
    first, second = office.story(), office.story()
    office.settings["max_locks"] = 1
    take(office, "ann", first, hours=1)
    refused(Conflict, lambda: take(office, "ann", second))
    office.later(hours=2)
    assert take(office, "ann", second).claim.fence == 1


@pytest.mark.requirement("claim:checkout:own-lock")
def test_ones_own_lock_by_hand_keeps_nobody_else_in(office: Office) -> None:
    key = office.story()
    lease = Lease("Ann@Example.com", START, START.replace(year=2027))
    office.give(replace(office.tracker.get(key), lease=lease))
    assert refused(Conflict, lambda: take(office, "bob", key)).details["by_hand"] is True
    assert take(office, "ann", key).claim.fence == 1


@pytest.mark.requirement("claim:checkout:own-lock")
def test_a_lock_that_a_past_claim_left_in_the_tracker_is_not_by_hand(office: Office) -> None:
    key = office.story()
    take(office, "ann", key)
    left = office.tracker.get(key).lease
    assert left
    hold.release(office.desk("ann"), key)
    bare = replace(left, fence=None, arbiter="")  # as a tracker shows it
    office.give(replace(office.tracker.get(key), lease=bare))
    assert take(office, "bob", key).claim.fence == 2


@pytest.mark.requirement("claim:checkout:own-lock")
def test_a_lock_set_by_hand_after_a_claim_ended_is_respected(office: Office) -> None:
    key = office.story()
    take(office, "ann", key, hours=1)
    office.later(hours=2)
    lease = Lease("zoe@example.com", office.now, None)
    office.give(replace(office.tracker.get(key), lease=lease))
    assert (
        refused(Conflict, lambda: take(office, "bob", key)).details["holder"] == "zoe@example.com"
    )
    assert hold.steal(office.desk("bob"), key, 1, "asked her").claim.fence == 2
    assert office.events(key)[-1][1]["from"] == "zoe@example.com"


@pytest.mark.requirement("claim:steal:leads")
def test_only_leads_take_over_what_is_held_by_claim_or_by_hand(office: Office) -> None:
    key, by_hand = office.story(), office.story()
    office.settings["leads"] = ("Lea@example.com",)
    take(office, "ann", key, hours=1)
    lease = Lease("zoe@example.com", START, START.replace(year=2027))
    office.give(replace(office.tracker.get(by_hand), lease=lease))
    for story in (key, by_hand):
        error = refused(Conflict, lambda: hold.steal(office.desk("bob"), story, 1, "now"))  # noqa: B023
        assert "Lea@example.com" in error.message
        assert error.details["leads"] == ["Lea@example.com"]
    assert hold.steal(office.desk("lea"), key, 1, "now").claim.fence == 2
    office.later(hours=2)
    assert hold.steal(office.desk("bob"), key, 1, "it ended").claim.fence == 3
