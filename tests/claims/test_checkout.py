"""Checking out, giving back, taking over: what a team sees."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from panopticon.errors import Conflict, InvalidInput, PanError, Retriable
from panopticon.local.git import clone
from panopticon.model.issue import State
from panopticon.model.lease import Lease
from panopticon.services.claim.take import hold
from panopticon.services.claim.take.checkout import Checkout, Wish, checkout
from tests.claims.office import EPIC, START, Office, git as run_git


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def take(office: Office, who: str, story: str | None = None, **words: object) -> Checkout:
    told = {"story": story} if story else {"epic": EPIC}
    return checkout(office.desk(who), Wish(**{**told, **words}))  # type: ignore[arg-type]


def refused(verb: Callable[[], object]) -> Conflict:
    with pytest.raises(Conflict) as caught:
        verb()
    return caught.value


@pytest.mark.requirement("claim:checkout:shown")
def test_a_checkout_locks_starts_and_makes_the_branch(office: Office) -> None:
    key = office.story("Add a profile page")
    done = take(office, "ann", key)
    shown = office.tracker.get(key)
    assert (done.claim.fence, done.claim.holder) == (1, "ann@example.com")
    assert shown.lease
    assert shown.lease.holder == "ann@example.com"
    assert shown.state is State.IN_PROGRESS
    assert clone.branch(office.repository("ann")) == "story/US-1-add-a-profile-page"
    assert [step.error for step in done.steps] == [None] * 4


@pytest.mark.requirement("claim:checkout:held")
def test_who_comes_second_hears_who_has_it_and_what_is_free(office: Office) -> None:
    wanted, same = office.story("Sign in", steps=5), office.story("Sign out", steps=6)
    larger, small = office.story("Invoices", steps=12), office.story("Typo", steps=1)
    take(office, "ann", wanted)
    error = refused(lambda: take(office, "bob", wanted))
    assert (error.details["holder"], error.exit_code) == ("ann@example.com", 3)
    assert [(one["ref"], one["why"]) for one in error.details["alternatives"]] == [  # type: ignore[attr-defined]
        (same, "similar complexity"),
        (larger, "higher complexity"),
        (small, "lower complexity"),
    ]


@pytest.mark.requirement("claim:checkout:next")
def test_an_epic_gives_the_best_that_is_free_until_none_is(office: Office) -> None:
    first, second = office.story("One"), office.story("Two")
    office.story("Waits", blocked_by=[first])
    got = {take(office, who).issue.ref.key for who in ("ann", "bob")}
    assert got == {first, second}
    error = refused(lambda: take(office, "cy"))
    assert error.details["reason"] == "none-available"


@pytest.mark.requirement("claim:checkout:again")
def test_again_in_the_same_place_renews_elsewhere_needs_resume(office: Office) -> None:
    key = office.story()
    first = take(office, "ann", key)
    office.later(hours=5)
    again = take(office, "ann", key)
    assert again.claim.fence == first.claim.fence
    assert again.claim.expires_at > first.claim.expires_at
    error = refused(lambda: checkout(office.desk("ann", "-laptop"), Wish(story=key)))
    assert "resume=true" in error.hint
    assert (error.details["error"], error.details["reason"]) == ("locked", "elsewhere")
    moved = checkout(office.desk("ann", "-laptop"), Wish(story=key, resume=True))
    assert moved.claim.fence == 2
    refused(lambda: hold.renew(office.desk("ann"), key, 1))


@pytest.mark.requirement("claim:checkout:senseless")
@pytest.mark.parametrize("state", [State.DONE])
def test_what_is_done_is_not_taken(office: Office, state: State) -> None:
    key = office.story(state=state)
    with pytest.raises(Conflict):
        take(office, "ann", key)


@pytest.mark.requirement("claim:checkout:senseless")
def test_what_waits_is_taken_only_when_told(office: Office) -> None:
    first = office.story("First")
    key = office.story("Second", blocked_by=[first])
    assert first in refused(lambda: take(office, "ann", key)).message
    assert take(office, "ann", key, is_blocked_ok=True).claim.fence == 1


@pytest.mark.requirement("claim:checkout:by-hand")
def test_a_lock_set_by_hand_is_respected(office: Office) -> None:
    key = office.story()
    lease = Lease("zoe@example.com", START, START.replace(year=2027))
    office.tracker.put(replace(office.tracker.get(key), lease=lease))
    error = refused(lambda: take(office, "ann", key))
    assert error.details["holder"] == "zoe@example.com"


@pytest.mark.requirement("claim:checkout:shown-later")
@pytest.mark.parametrize("refusal", [Retriable("away"), PanError("odd")])
def test_the_claim_stands_when_it_cannot_be_shown(office: Office, refusal: PanError) -> None:
    key = office.story()
    office.tracker.refusal = refusal
    done = take(office, "ann", key)
    assert refusal.message in str(done.as_json()["warnings"])
    assert refused(lambda: take(office, "bob", key)).details["holder"] == "ann@example.com"
    office.tracker.refusal = None
    take(office, "ann", key)
    assert office.tracker.get(key).lease


@pytest.mark.requirement("claim:release")
def test_what_is_given_back_is_free_at_once(office: Office) -> None:
    key = office.story()
    take(office, "ann", key)
    refused(lambda: hold.release(office.desk("bob"), key))
    assert hold.release(office.desk("ann"), key).claim.is_released
    assert office.tracker.get(key).lease is None
    assert take(office, "bob", key).claim.fence == 2


@pytest.mark.requirement("claim:expired")
def test_what_has_expired_is_free_without_anybody_doing_anything(office: Office) -> None:
    key = office.story()
    take(office, "ann", key, hours=1)
    assert [one.ref.key for one in hold.locks(office.desk("bob"))] == [key]
    office.later(minutes=59)
    assert refused(lambda: take(office, "bob", key)).details["holder"] == "ann@example.com"
    office.later(minutes=2)
    assert hold.locks(office.desk("bob")) == []
    assert take(office, "bob", key).claim.fence == 2
    refused(lambda: hold.renew(office.desk("ann"), key, 1))


@pytest.mark.requirement("claim:steal")
def test_a_theft_needs_a_reason_and_raises_the_fence(office: Office) -> None:
    key = office.story()
    take(office, "ann", key)
    with pytest.raises(InvalidInput):
        hold.steal(office.desk("bob"), key, 1, " ")
    assert hold.steal(office.desk("me"), key, 1, "Ann is ill").claim.fence == 2
    shown = office.tracker.get(key)
    assert shown.lease
    assert (shown.lease.holder, shown.assignee) == ("me@example.com", "me@example.com")
    refused(lambda: hold.renew(office.desk("ann"), key, 1))


@pytest.mark.requirement("claim:branch")
def test_unsaved_work_stays_where_it_is(office: Office) -> None:
    repository = office.repository("ann")
    (repository / "a.txt").write_text("a")
    run_git(repository, "add", "a.txt")
    done = take(office, "ann", office.story("Add it"))
    assert clone.branch(repository) == "main"
    assert clone.has_branch(repository, "story/US-1-add-it")
    assert any("uncommitted" in step.text for step in done.steps)
