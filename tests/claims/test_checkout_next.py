"""Which story next, and which instead."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from panopticon.errors import Conflict, InvalidInput, Retriable
from panopticon.model.claim import Act, Ask, Claim
from panopticon.model.issue import Kind, NewIssue, State
from panopticon.model.lease import Lease
from panopticon.services.claim.desk import Desk
from panopticon.services.claim.holds import Holds
from panopticon.services.claim.take import choose, hold
from panopticon.services.claim.take.checkout import Wish, checkout
from panopticon.store.lease import StoreArbiter
from tests.claims.office import EPIC, START, Office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def next_of(office: Office, who: str, desk: Desk | None = None) -> str:
    return checkout(desk or office.desk(who), Wish(epic=EPIC, with_branch=False)).issue.ref.key


def fails(*_: object) -> None:
    raise Retriable("away")


class Watched(StoreArbiter):
    """An arbiter that tells what it was asked, and may do something just before it decides."""

    asked: list[str]
    looks: int
    first: Callable[[Ask], None]

    def ask(self, ask: Ask) -> Claim:
        self.asked.append(ask.key.rpartition("/")[2])
        self.first(ask)
        return super().ask(ask)

    def records(self) -> list[Claim]:
        self.looks += 1
        return super().records()


def watched(
    office: Office, who: str, first: Callable[[Ask], None] = lambda _: None
) -> tuple[Desk, Watched]:
    desk = office.desk(who)
    arbiter = Watched(desk.arbiter.name, office.store._database, office.clock)
    arbiter.asked, arbiter.looks, arbiter.first = [], 0, first
    return replace(desk, arbiter=arbiter), arbiter


@pytest.mark.requirement("claim:checkout:next")
def test_urgent_ones_first_then_what_is_planned(office: Office) -> None:
    idea = office.story("Idea")
    planned = office.story("Planned", state=State.PLANNING)
    urgent = office.story("Urgent")
    office.store.put(replace(office.tracker.get(urgent), priority=1, version="9"), office.now)
    assert [next_of(office, who) for who in ("ann", "bob", "cy")] == [urgent, planned, idea]


@pytest.mark.requirement("claim:checkout:next")
def test_a_story_is_no_epic_and_an_empty_one_says_so(office: Office) -> None:
    error = None
    with pytest.raises(Conflict, match="it has no stories") as caught:
        next_of(office, "ann")
    error = caught.value
    assert error.details["error"] == "none_available"
    key = office.story()
    with pytest.raises(InvalidInput):
        checkout(office.desk("ann"), Wish(epic=key))


@pytest.mark.requirement("claim:checkout:synced")
def test_a_sync_before_shows_what_others_made_and_its_failure_is_a_warning(office: Office) -> None:
    office.settings["auto_sync"] = True
    made = office.tracker.create(NewIssue(Kind.STORY, {"title": "New", "parent": EPIC}))
    assert next_of(office, "ann") == made.ref.key
    later = office.story("Later")
    office.now += timedelta(minutes=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(office.tracker, "pull", fails)
        done = checkout(office.desk("bob"), Wish(epic=EPIC, with_branch=False))
    assert done.issue.ref.key == later
    assert "Not synced: away" in str(done.as_json()["warnings"])


@pytest.mark.requirement("claim:checkout:none")
def test_what_is_in_the_way_of_an_epic_is_counted(office: Office) -> None:
    held = office.story("Held")
    office.story("Waits", blocked_by=[held])
    office.story("By hand", state=State.IN_PROGRESS)
    office.story("Done", state=State.DONE)
    office.make(Kind.STORY, "Done too", state=State.DONE)
    checkout(office.desk("bob"), Wish(story=held))
    with pytest.raises(Conflict) as caught:
        next_of(office, "ann")
    facts = caught.value.details
    assert [facts[word] for word in ("held", "blocked", "begun", "done")] == [1, 1, 1, 2]
    assert caught.value.message == (
        f"No story of {EPIC} is free: 1 held, 1 blocked, 1 in progress by hand, 2 done."
    )
    assert caught.value.exit_code == 3


@pytest.mark.requirement("claim:checkout:skips")
def test_what_the_records_show_as_held_is_not_asked_for(office: Office) -> None:
    first, second = office.story("One"), office.story("Two")
    desk = office.desk("bob")
    desk.arbiter.ask(Ask(Act.TAKE, desk.key(office.tracker.get(first).ref), "b", "s", 3600))
    at, arbiter = watched(office, "ann")
    assert next_of(office, "ann", at) == second
    assert (arbiter.asked, arbiter.looks) == ([second], 1)


@pytest.mark.requirement("claim:checkout:skips")
def test_a_lock_that_outlived_its_claim_in_the_tracker_hides_nothing(office: Office) -> None:
    key = office.story()
    checkout(office.desk("bob"), Wish(story=key))
    left = office.tracker.get(key)
    hold.release(office.desk("bob"), key)
    office.store.put(replace(left, state=State.BACKLOG, version="99"), office.now)
    office.give(replace(left, state=State.BACKLOG, version="99"))
    assert next_of(office, "ann") == key


@pytest.mark.requirement("claim:checkout:skips")
def test_what_was_begun_and_left_is_free_when_its_claim_has_ended(office: Office) -> None:
    key = office.story("Begun")
    checkout(office.desk("bob"), Wish(story=key, hours=1))
    assert office.state(key) is State.IN_PROGRESS
    fresh = office.story("Fresh")
    office.later(hours=2)
    assert [next_of(office, who) for who in ("ann", "cy")] == [fresh, key]


@pytest.mark.requirement("claim:checkout:spread")
def test_who_loses_goes_on_with_one_of_the_next_few(office: Office) -> None:
    keys = [office.story(f"Story {number}") for number in range(12)]
    other = office.desk("bob")

    def race(ask: Ask) -> None:
        """Bob takes the first two that Ann asks for, just before her."""
        if len(arbiter.asked) <= 2:
            other.arbiter.ask(replace(ask, holder=other.holder, session=other.session))

    desk, arbiter = watched(office, "ann", race)
    got = next_of(office, "ann", desk)
    assert arbiter.asked[0] == keys[0]
    assert arbiter.asked[1] in keys[1:5]
    assert got == arbiter.asked[2]
    assert arbiter.looks == 1


@pytest.mark.requirement("claim:checkout:spread")
def test_a_queue_is_alike_for_one_session_and_spreads_many(office: Office) -> None:
    for number in range(40):
        office.story(f"Story {number}", steps=0)
    desk = office.desk("ann")
    free = choose.free(Holds(desk), choose.of_epic(desk.ctx, office.tracker.get(EPIC).ref))

    def order(seed: str) -> list[str]:
        queue, found = choose.Line(list(free), seed, Holds(desk)), []
        while one := queue.next():
            found.append(one.ref.key)
            queue.lost()
        return found

    assert order("a") == order("a")
    assert sorted(order("a")) == sorted(one.ref.key for one in free)
    assert {order(str(seed))[0] for seed in range(20)} == {free[0].ref.key}
    thirds = {order(str(seed))[2] for seed in range(20)}
    assert len(thirds) >= 4


@pytest.mark.requirement("claim:checkout:spread")
def test_what_shows_anothers_claim_is_asked_for_last(office: Office) -> None:
    first, second = office.story("First"), office.story("Second")
    desk = office.desk("ann")
    left = choose.of_epic(desk.ctx, office.tracker.get(EPIC).ref)
    queue = choose.Line(left, "a", Holds(desk))
    checkout(office.desk("bob"), Wish(story=first))
    shown = office.tracker.get(first)
    assert queue.next() is not None
    assert queue.is_put_off(shown)
    assert not queue.is_put_off(office.tracker.get(second))
    assert [one.ref.key for one in iter(queue.next, None)] == [second, first]
    assert not queue.is_put_off(shown)


@pytest.mark.requirement("claim:checkout:alternatives")
def test_instead_comes_what_is_alike_then_larger_then_smaller(office: Office) -> None:
    wanted = office.story("Wanted", steps=5)
    small, large = office.story("Small", steps=1), office.story("Large", steps=12)
    begun, stuck = office.story("Begun", state=State.IN_PROGRESS), office.story("Stuck")
    alike = office.story("Alike", steps=6)
    office.give(replace(office.tracker.get(stuck), blocked=True))
    office.store.put(office.tracker.get(stuck), office.now)
    held = office.story("Held", steps=5)
    for key in (wanted, held):
        checkout(office.desk("bob"), Wish(story=key))
    with pytest.raises(Conflict) as caught:
        checkout(office.desk("ann"), Wish(story=wanted))
    found = caught.value.details["alternatives"]
    assert isinstance(found, list)
    assert [one["ref"] for one in found] == [alike, large, small]
    assert begun not in str(found)
    assert caught.value.details["epic_title"] == "User management"


@pytest.mark.requirement("claim:checkout:alternatives")
def test_without_an_epic_the_project_gives_what_is_free(office: Office) -> None:
    wanted, other = office.story("Wanted", parent=None), office.story("Other", parent=None)
    checkout(office.desk("bob"), Wish(story=wanted))
    with pytest.raises(Conflict) as caught:
        checkout(office.desk("ann"), Wish(story=wanted))
    found = caught.value.details["alternatives"]
    assert isinstance(found, list)
    assert [one["ref"] for one in found] == [other]
    assert caught.value.details["epic"] is None


@pytest.mark.requirement("claim:locks")
def test_claims_that_count_are_listed_and_locks_by_hand_apart(office: Office) -> None:
    first, second, by_hand = office.story("One"), office.story("Two"), office.story("Three")
    checkout(office.desk("ann"), Wish(story=first))
    checkout(office.desk("bob"), Wish(story=second, hours=1))
    lease = Lease("zoe@example.com", START, None)
    office.store.put(replace(office.tracker.get(by_hand), lease=lease, version="9"), office.now)
    desk = office.desk("ann")
    assert [one.ref.key for one in hold.locks(desk)] == [second, first]
    assert [one.ref.key for one in hold.locks(desk, mine=True)] == [first]
    assert [one.ref.key for one, _ in Holds(desk).by_hand()] == [by_hand]
    office.later(hours=2)
    assert [one.ref.key for one in hold.locks(desk)] == [first]


@pytest.mark.requirement("claim:locks")
def test_an_arbiter_without_records_is_asked_for_what_is_known_and_shown(office: Office) -> None:
    class Single(StoreArbiter):
        def records(self) -> None:  # type: ignore[override]
            return None

    first, second = office.story("One"), office.story("Two")
    checkout(office.desk("ann"), Wish(story=first))
    checkout(office.desk("ann"), Wish(story=second))
    hold.release(office.desk("ann"), second)
    office.settings["max_locks"] = 1
    third, desk = office.story("Three"), office.desk("ann")
    desk = replace(desk, arbiter=Single(desk.arbiter.name, office.store._database, office.clock))
    assert [one.ref.key for one in hold.locks(desk)] == [first]
    with pytest.raises(Conflict) as caught:
        checkout(desk, Wish(story=third))
    assert caught.value.details["held"] == [first]
