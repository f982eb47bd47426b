"""Fences: who may write in a story's name."""

import json
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from panopticon.config.schema import Repository
from panopticon.errors import Conflict, InvalidInput
from panopticon.model.claim import Act, Claim
from panopticon.model.event import EventKind
from panopticon.model.lease import Lease
from panopticon.model.ref import IssueRef
from panopticon.services.claim import fence, shown
from panopticon.services.claim.desk import Desk
from panopticon.services.claim.known import known_of
from panopticon.services.claim.standing import Verdict, judge
from tests.claims.office import START
from tests.claims.workshop import Workshop, branch_of, git

HOUR = timedelta(hours=1)
OURS = Claim("k", "ann@example.com", "s-ann", 1, START, START + HOUR, "b")
THEIRS = replace(OURS, holder="bob@example.com", session="s-bob", fence=2)


@pytest.fixture
def shop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)


def ref(key: str) -> IssueRef:
    return IssueRef("rally", key)


def lost(here: Desk, key: str) -> Conflict:
    with pytest.raises(Conflict) as caught:
        fence.check(here, ref(key))
    return caught.value


@pytest.mark.requirement("fence:held")
@pytest.mark.requirement("fence:lost")
@pytest.mark.requirement("fence:told")
@pytest.mark.parametrize(
    ("record", "known", "hours", "told", "verdict"),
    [
        (OURS, OURS, 0, None, Verdict.HELD),
        (OURS, None, 0, None, Verdict.HELD),
        (OURS, OURS, 2, None, Verdict.EXPIRED),
        (replace(OURS, is_released=True), OURS, 0, None, Verdict.GIVEN_BACK),
        (replace(OURS, fence=3), OURS, 0, None, Verdict.STALE),
        (replace(OURS, fence=3), replace(OURS, fence=3), 0, 1, Verdict.STALE),
        (OURS, OURS, 0, 1, Verdict.HELD),
        (THEIRS, OURS, 0, None, Verdict.STALE),
        (THEIRS, OURS, 2, None, Verdict.STALE),
        (replace(THEIRS, is_released=True), OURS, 0, None, Verdict.STALE),
        (THEIRS, None, 0, None, Verdict.TAKEN),
        (THEIRS, THEIRS, 0, None, Verdict.TAKEN),
        (THEIRS, replace(OURS, is_released=True), 0, None, Verdict.TAKEN),
        (THEIRS, replace(OURS, is_released=True), 2, None, Verdict.FREE),
        (THEIRS, None, 2, None, Verdict.FREE),
        (None, OURS, 0, None, Verdict.FREE),
    ],
)
def test_the_record_is_judged_by_what_was_told(
    record: Claim | None, known: Claim | None, hours: float, told: int | None, verdict: Verdict
) -> None:
    at = START + timedelta(hours=hours)
    assert judge(record, known, "s-ann", at, told) is verdict


@pytest.mark.requirement("fence:held")
def test_the_holder_is_let_through_and_others_hear_who_it_is(shop: Workshop) -> None:
    key = shop.story()
    ann, bob = shop.desk("ann"), shop.desk("bob")
    shop.take(ann, key)
    assert fence.check_held(ann, ref(key)).is_ours
    error = lost(bob, key)
    assert (error.details["holder"], error.details["fence"]) == ("ann@example.com", 1)
    assert error.exit_code == 3


@pytest.mark.requirement("fence:lost")
def test_after_a_theft_the_new_holder_is_named(shop: Workshop) -> None:
    key = shop.story()
    ann, bob = shop.desk("ann"), shop.desk("bob")
    shop.take(ann, key)
    shop.take(bob, key, Act.STEAL)
    assert "bob@example.com (fence 2)" in lost(ann, key).message
    shop.later(hours=5)  # his has ended too: hers does not come back by that
    assert lost(ann, key).details["fence"] == 2


@pytest.mark.requirement("fence:lost")
def test_the_other_place_of_the_same_person_is_another_session(shop: Workshop) -> None:
    key = shop.story()
    ann = shop.desk("ann")
    shop.take(ann, key)
    laptop = shop.desk("ann", "-laptop")
    assert "resume=true" in lost(laptop, key).hint


@pytest.mark.requirement("fence:asleep")
def test_what_ended_and_nobody_took_is_renewed_with_a_word(shop: Workshop) -> None:
    key = shop.story()
    ann = shop.desk("ann")
    first = shop.take(ann, key, hours=2)
    shop.later(hours=9)
    found = fence.check_held(ann, ref(key))
    assert found.warning
    assert "renewed until 2026-11-21 20:00" in found.warning
    assert found.claim
    assert (found.claim.fence, found.claim.is_held(shop.now)) == (first.fence, True)
    assert ann.arbiter.read(first.key) == found.claim
    assert [one.kind for one in ann.ctx.store.events_of(ref(key))][:2] == [
        EventKind.RENEWED,
        EventKind.TAKEN,
    ]
    assert fence.check_held(ann, ref(key)).warning is None


@pytest.mark.requirement("fence:asleep")
def test_what_ended_and_was_taken_is_lost(shop: Workshop) -> None:
    key = shop.story()
    ann, bob = shop.desk("ann"), shop.desk("bob")
    shop.take(ann, key, hours=2)
    shop.later(hours=3)
    shop.take(bob, key)
    assert lost(ann, key).details["holder"] == "bob@example.com"


@pytest.mark.requirement("fence:nobody")
def test_what_nobody_holds_is_not_held(shop: Workshop) -> None:
    key = shop.story()
    ann = shop.desk("ann")
    with pytest.raises(Conflict, match="nobody holds it"):
        fence.check_held(ann, ref(key))
    assert fence.ask(ann, None, "main") is None
    git(ann.ctx.config.folder, "checkout", "-q", "--detach")
    assert fence.ask(ann, None) is None


@pytest.mark.requirement("fence:held")
def test_who_was_interrupted_after_the_decision_learns_of_it(shop: Workshop) -> None:
    key = shop.story()
    ann = shop.desk("ann")
    claim = shop.take(ann, key)
    shop.stores.clear()
    again = shop.desk("ann")
    assert known_of(again.ctx, claim.key) is None
    assert fence.check(again, ref(key)).is_ours
    known = known_of(again.ctx, claim.key)
    assert known
    assert known.claim == claim


@pytest.mark.requirement("fence:told")
def test_a_command_of_before_is_refused_though_its_session_holds(shop: Workshop) -> None:
    key = shop.story()
    ann, bob = shop.desk("ann"), shop.desk("bob")
    shop.take(ann, key)
    shop.take(bob, key, Act.STEAL)
    shop.take(ann, key, Act.STEAL)
    assert fence.check_held(ann, ref(key)).is_ours
    with pytest.raises(Conflict, match="under fence 3"):
        fence.check_held(ann, ref(key), {key: 1})
    assert fence.check_held(ann, ref(key), {key: 3, "US999": 1}).is_ours


@pytest.mark.requirement("fence:branch")
def test_a_branch_tells_its_story(shop: Workshop) -> None:
    key = shop.story()
    ann, bob = shop.desk("ann"), shop.desk("bob")
    claim = shop.take(ann, key)
    found = fence.ask(ann, None)  # she stands on it
    assert found
    assert found.ref == ref(key)
    assert fence.check_branch(bob, branch_of(key)) is None  # his machine never heard of it
    shop.tracker.show_claim(key, claim)
    bob.ctx.store.put(shop.tracker.get(key), shop.now)
    with pytest.raises(Conflict, match="ann@example"):
        fence.check_branch(bob, branch_of(key))


@pytest.mark.requirement("fence:branch")
def test_of_two_stories_on_a_branch_one_of_ours_is_enough(shop: Workshop) -> None:
    first, second = shop.story(), shop.story()
    ann, bob = shop.desk("ann"), shop.desk("bob")
    theirs = shop.take(bob, first)
    ours = shop.take(ann, second)
    shown.learn(ann, ref(first), replace(theirs, branch=ours.branch), Act.TAKE)
    found = fence.check_branch(ann, ours.branch or "")
    assert found
    assert found.ref == ref(second)


@pytest.mark.requirement("fence:branch")
def test_the_repository_of_a_project_is_where_its_claims_are_worked_on(shop: Workshop) -> None:
    key = shop.story()
    ann, code = shop.desk("ann"), shop.desk("ann", "-code")
    shop.take(ann, key)
    code.ctx.open_store = ann.ctx.open_store
    project = shop.tracker.get(key).project
    assert "in another place" in lost(code, key).message
    place = Repository(code.ctx.config.folder)
    code.ctx.config = replace(code.ctx.config, repositories={project: place})
    assert fence.check_held(code, ref(key)).is_ours
    shop.take(shop.desk("bob"), key, Act.STEAL)
    assert "bob@example" in lost(code, key).message


def hold(shop: Workshop, key: str, who: str = "bob") -> None:
    """Have the tracker show a lock."""
    lease = Lease(f"{who}@example.com", START, START + HOUR)
    ann = shop.desk("ann")
    ann.ctx.store.put(replace(shop.tracker.get(key), lease=lease), shop.now)


@pytest.mark.requirement("fence:guard")
def test_the_state_of_what_another_holds_is_left_alone(shop: Workshop) -> None:
    key = shop.story()
    hold(shop, key)
    ctx = shop.desk("ann").ctx
    with pytest.raises(Conflict) as caught:
        fence.guard_fields(ctx, ref(key), {"state": "done"}, None)
    told = caught.value.as_json()
    assert (told["error"], told["holder"]) == ("locked", "bob@example.com")
    assert "claim=ignore" in caught.value.hint
    fence.guard_fields(ctx, ref(key), {"state": "done"}, "ignore")
    fence.guard_fields(ctx, ref(key), {"points": 3}, None)
    with pytest.raises(InvalidInput, match="claim=yes"):
        fence.guard_fields(ctx, ref(key), {"state": "done"}, "yes")
    shop.later(hours=2)
    fence.guard(ctx, ref(key))


@pytest.mark.requirement("fence:guard")
def test_ones_own_and_what_is_known_to_be_over_are_free(shop: Workshop) -> None:
    mine, over, theirs = shop.story(), shop.story(), shop.story()
    ann, bob = shop.desk("ann"), shop.desk("bob")
    hold(shop, mine, "ANN")
    fence.guard(ann.ctx, ref(mine))
    old = shop.take(bob, over)
    ended = replace(old, is_released=True)
    shown.learn(ann, ref(over), ended, Act.RELEASE)
    lease = shown.lease_of(old, "git")
    ann.ctx.store.put(replace(shop.tracker.get(over), lease=lease), shop.now)
    fence.guard(ann.ctx, ref(over))
    shown.learn(ann, ref(theirs), shop.take(bob, theirs), Act.TAKE)  # no tracker shows it
    with pytest.raises(Conflict, match="bob@example"):
        fence.guard(ann.ctx, ref(theirs))


@pytest.mark.requirement("fence:guard")
def test_where_nobody_decides_locks_are_only_shown(shop: Workshop) -> None:
    key = shop.story()
    hold(shop, key)
    ctx = shop.desk("ann").ctx
    ctx.config = replace(ctx.config, arbiter=None)
    fence.guard(ctx, ref(key))


@pytest.mark.requirement("fence:newer")
@pytest.mark.parametrize(
    ("minutes", "fence_no", "is_refused"), [(30, 2, True), (30, None, True), (-30, None, False)]
)
def test_a_newer_claim_that_is_shown_counts_more_than_our_own(
    shop: Workshop, minutes: int, fence_no: int | None, *, is_refused: bool
) -> None:
    key = shop.story()
    ann = shop.desk("ann")
    shop.take(ann, key)
    at = START + timedelta(minutes=minutes)
    lease = Lease("bob@example.com", at, at + 2 * HOUR, fence=fence_no)
    ann.ctx.store.put(replace(shop.tracker.get(key), lease=lease), shop.now)
    with pytest.raises(Conflict, match="bob@example") if is_refused else nullcontext():
        fence.guard(ann.ctx, ref(key))


@pytest.mark.requirement("fence:command")
def test_the_document_says_who_holds_what(shop: Workshop) -> None:
    key = shop.story()
    ann = shop.desk("ann")
    shop.take(ann, key)
    told = json.loads(json.dumps(fence.check(ann, ref(key)).as_json()))
    assert (told["story"], told["held"], told["fence"]) == (key, True, 1)
    assert told["warnings"] == []
