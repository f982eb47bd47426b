"""A word before a claim of this machine ends, and after."""

from collections.abc import Callable
from pathlib import Path

import pytest

from panopticon.errors import Conflict
from panopticon.model.issue import State
from panopticon.model.ref import IssueRef
from panopticon.services.claim import fence, notes, warn
from panopticon.services.claim.desk import desk
from panopticon.services.claim.keep import renewed
from panopticon.services.claim.status.finish import Finish, finish
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
    why = ": she is away" if is_stolen else ""
    assert lost.text == f"{key} is no longer yours: bob@example.com took it{why}."
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


@pytest.mark.requirement("claim:warn:once")
def test_a_terminal_says_once_that_a_story_is_lost_and_never_of_done_ones(team: Team) -> None:
    key, done, ann, bob = team.story(), team.story(), team.machine("ann"), team.machine("bob")
    for one in (key, done):
        ann.take(one)
        hold.steal(bob.desk, one, 24, "she is away")
    team.tracker.update(done, {"state": State.DONE})
    ann.sync()
    assert [one.ref.key for one in warn.due(ann.ctx)] == [key]
    assert warn.to_say(ann.ctx, [IssueRef("rally", key)]) == []
    assert [one.end for one in warn.to_say(ann.ctx)] == [End.LOST]
    assert warn.to_say(ann.ctx) == []
    assert [one.end for one in warn.due(ann.ctx)] == [End.LOST]


@pytest.mark.requirement("fence:learnt")
def test_who_was_refused_knows_it_from_then_on(team: Team) -> None:
    key, ann, bob = team.story(), team.machine("ann"), team.machine("bob")
    branch = ann.take(key).branch or ""
    hold.steal(bob.desk, key, 24, "she is away")
    ref = IssueRef("rally", key)
    fence.guard(ann.ctx, ref)  # nothing told this machine yet
    with pytest.raises(Conflict, match="she is away"):
        fence.check(ann.desk, ref)
    with pytest.raises(Conflict) as caught:
        fence.guard(ann.ctx, ref)
    assert caught.value.details["holder"] == "bob@example.com"
    assert [one.why for one in warn.due(ann.ctx)] == ["she is away"]
    bob.release(key)
    with pytest.raises(Conflict):
        fence.check_branch(ann.desk, branch)


@pytest.mark.requirement("fence:learnt")
@pytest.mark.parametrize("verb", ["renew", "finish"])
def test_other_verbs_that_are_refused_tell_it_too(team: Team, verb: str) -> None:
    key, ann, bob = team.story(), team.machine("ann"), team.machine("bob")
    claim = ann.take(key).claim
    hold.steal(bob.desk, key, 24, "she is away")
    verbs: dict[str, Callable[[], object]] = {
        "renew": lambda: renewed(ann.desk, IssueRef("rally", key), claim, 3600),
        "finish": lambda: finish(ann.desk, Finish(key)),
    }
    with pytest.raises(Conflict):
        verbs[verb]()
    with pytest.raises(Conflict):
        fence.guard(ann.ctx, IssueRef("rally", key))


@pytest.mark.requirement("fence:learnt")
def test_a_broken_note_of_losses_breaks_nothing(team: Team) -> None:
    ann = team.machine("ann")
    for text in ("{", "3", '[{"key": "x"}, 7]'):
        ann.store.put_note(notes.LOST, text)
        assert warn.due(ann.ctx) == []
