"""A word before a claim of this machine ends, and after."""

from pathlib import Path

import pytest

from panopticon.errors import Conflict
from panopticon.services.claim import fence, warn
from panopticon.services.claim.desk import desk
from panopticon.services.claim.take import hold
from panopticon.services.claim.take.checkout import Wish, checkout
from panopticon.services.claim.warn import End
from tests.claims.machines import Team


@pytest.fixture
def team(tmp_path: Path) -> Team:
    return Team(tmp_path)


@pytest.mark.requirement("claim:warn:near")
def test_a_claim_is_warned_of_before_it_ends_and_after(team: Team) -> None:
    key, ann = team.story(), team.machine("ann")
    ann.sync()
    ann.take(key)
    assert warn.due(ann.ctx) == []
    team.later(hours=23, minutes=20)
    (near,) = warn.due(ann.ctx)
    assert (near.end, near.text) == (End.NEAR, f"{key} is yours for 40 min more.")
    assert near.command == f"renew story={key}"
    assert near.as_json()["minutes"] == 40
    hold.renew(ann.desk, key, 2)
    assert warn.due(ann.ctx) == []
    team.later(hours=5)
    (past,) = warn.due(ann.ctx)
    assert past.text == f"{key} is yours no longer: the claim ended 3 h ago."
    team.later(hours=24)
    assert warn.due(ann.ctx) == []


@pytest.mark.requirement("claim:warn:own")
def test_claims_of_other_machines_and_what_was_given_back_are_no_trouble(team: Team) -> None:
    one, other, third = (team.story() for _ in range(3))
    ann, bob = team.machine("ann"), team.machine("bob")
    ann.sync()
    ann.take(one)
    ann.take(other)
    ann.release(other)
    bob.sync()
    team.later(hours=24, minutes=-5)
    checkout(desk(ann.ctx, "eve@example.com"), Wish(story=third, hours=0.5))
    assert [due.ref.key for due in warn.due(ann.ctx)] == [one]
    assert warn.due(bob.ctx) == []


@pytest.mark.requirement("claim:warn:lost")
@pytest.mark.parametrize("is_stolen", [True, False])
def test_what_another_took_is_told_for_a_day(team: Team, *, is_stolen: bool) -> None:
    key, ann, bob = team.story(), team.machine("ann"), team.machine("bob")
    ann.sync()
    bob.sync()
    ann.take(key)
    if is_stolen:
        hold.steal(bob.desk, key, 24, "she is away")
    else:
        team.later(hours=25)
        bob.take(key)
    ann.sync()
    (lost,) = warn.due(ann.ctx)
    assert lost.text == f"{key} is no longer yours: bob@example.com took it."
    assert lost.command == "locks"
    team.later(hours=12)
    ann.sync()
    assert [one.end for one in warn.due(ann.ctx)] == [End.LOST]
    team.later(hours=13)
    assert warn.due(ann.ctx) == []


@pytest.mark.requirement("claim:warn:lost")
def test_what_was_taken_back_is_not_lost(team: Team) -> None:
    key, ann, bob = team.story(), team.machine("ann"), team.machine("bob")
    ann.sync()
    bob.sync()
    ann.take(key)
    hold.steal(bob.desk, key, 24, "she is away")
    ann.sync()
    bob.release(key)
    ann.sync()
    ann.take(key)
    assert warn.due(ann.ctx) == []


@pytest.mark.requirement("claim:warn:stale")
def test_a_session_that_lost_its_claim_stays_stale_after_a_sync(team: Team) -> None:
    key, ann, bob = team.story(), team.machine("ann"), team.machine("bob")
    ann.sync()
    bob.sync()
    branch = ann.take(key).branch or ""
    hold.steal(bob.desk, key, 24, "she is away")
    ann.sync()
    bob.release(key)
    ann.sync()
    with pytest.raises(Conflict):
        fence.check_branch(ann.desk, branch)
    ann.take(key)
    standing = fence.check_branch(ann.desk, branch)
    assert standing
    assert standing.is_ours
