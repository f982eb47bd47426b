"""After a sync items show what the arbiter has on record, and what ended is told once."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from panopticon.errors import Retriable, Unsupported
from panopticon.model.claim import Act, Arbiter, Ask, Claim
from panopticon.model.event import EventKind
from panopticon.model.issue import State
from panopticon.model.lease import Lease
from panopticon.model.ref import IssueRef
from panopticon.services.claim.status import queue
from panopticon.services.claim.status.goal import Goal
from panopticon.services.claim.sync.look import HANDFUL
from panopticon.services.claim.sync.repair import repair
from tests.claims.machines import SOURCE, Machine, Team


@pytest.fixture
def team(tmp_path: Path) -> Team:
    return Team(tmp_path)


def pair(team: Team, **words: object) -> tuple[Machine, Machine, str]:
    key = team.story()
    return team.machine("ann", **words), team.machine("bob", **words), key


@pytest.mark.requirement("claim:repair:expired")
def test_a_claim_past_its_end_is_told_once_and_taken_off_the_tracker(team: Team) -> None:
    ann, _, key = pair(team)
    ann.take(key)
    assert ann.claims().held == 1
    team.later(hours=25)
    report = ann.claims()
    assert (report.held, report.ended, report.mended) == (0, 1, 1)
    assert team.tracker.get(key).lease is None
    assert ann.shows(key).lease is None
    again = ann.claims()
    assert (again.ended, again.mended) == (0, 0)
    (told,) = ann.events(key, EventKind.EXPIRED)
    assert (told.data["holder"], told.data["fence"]) == ("ann@example.com", 1)


@pytest.mark.requirement("claim:repair:worked")
@pytest.mark.parametrize("does_work", [True, False])
def test_the_log_says_whether_a_claim_was_used(team: Team, *, does_work: bool) -> None:
    ann, bob, key = pair(team)
    team.later(minutes=5)
    ann.take(key)
    team.later(hours=1)
    if does_work:
        ann.commit()
    team.later(hours=25)
    ann.sync()
    bob.sync()
    (told,) = ann.events(key, EventKind.EXPIRED)
    assert told.data["worked"] is does_work
    (elsewhere,) = bob.events(key, EventKind.EXPIRED)
    assert elsewhere.data["worked"] is None


@pytest.mark.requirement("claim:repair:others")
def test_everybodys_claims_are_seen_even_where_the_tracker_has_no_place(team: Team) -> None:
    ann, bob, key = pair(team)
    team.tracker.refusal = Unsupported("no place")
    ann.take(key)
    bob.sync()
    lease = bob.shows(key).lease
    assert lease
    assert (lease.holder, lease.fence) == ("ann@example.com", 1)
    (told,) = bob.events(key, EventKind.TAKEN)
    assert told.data["holder"] == "ann@example.com"
    ann.release(key)
    bob.sync()
    assert bob.shows(key).lease is None
    assert [one.kind for one in bob.events(key, EventKind.TAKEN, EventKind.RELEASED)] == [
        EventKind.TAKEN,
        EventKind.RELEASED,
    ]


@pytest.mark.requirement("claim:repair:lag")
def test_a_claim_that_the_tracker_could_not_show_is_shown_by_the_next_sync(team: Team) -> None:
    ann, bob, key = pair(team)
    team.tracker.refusal = Retriable("away")
    ann.take(key)
    bob.sync()
    assert team.tracker.get(key).lease is None
    team.tracker.refusal = None
    bob.sync()
    assert team.tracker.get(key).lease is None  # it is not Bob's to show
    assert ann.claims().mended == 1
    lease = team.tracker.get(key).lease
    assert lease
    assert lease.holder == "ann@example.com"
    assert ann.store.here(IssueRef(SOURCE, key)) is None


@pytest.mark.requirement("claim:repair:lag")
def test_a_release_that_the_tracker_missed_is_shown_by_the_next_sync(team: Team) -> None:
    ann, _, key = pair(team)
    ann.take(key)
    team.tracker.refusal = Retriable("away")
    ann.release(key)
    assert team.tracker.get(key).lease
    told = ann.claims()
    assert (told.mended, len(told.troubles)) == (0, 1)
    team.tracker.refusal = None
    assert ann.claims().mended == 1
    assert team.tracker.get(key).lease is None


@pytest.mark.requirement("claim:repair:words")
def test_a_tracker_that_tells_in_words_hears_of_a_claim_and_of_its_end_once(team: Team) -> None:
    ann, _, key = pair(team)
    team.tracker.said = []
    claim = ann.take(key).claim
    for _ in range(3):
        ann.sync()
    assert team.tracker.said == [claim, claim]  # the first sync cannot know that it was heard
    team.later(hours=25)
    for _ in range(3):
        ann.sync()
    assert team.tracker.said == [claim, claim, None]
    assert ann.shows(key).lease is None


@pytest.mark.requirement("claim:repair:others-end")
@pytest.mark.parametrize("auto_sync", [True, False])
def test_anothers_ended_claim_is_taken_off_only_where_that_is_wanted(
    team: Team, *, auto_sync: bool
) -> None:
    ann, bob, key = pair(team, auto_sync=auto_sync)
    ann.take(key)
    team.later(hours=24, minutes=5)
    assert bob.claims().mended == 0  # clocks may differ: git tells no time
    team.later(minutes=6)
    assert bob.claims().mended == int(auto_sync)
    assert (team.tracker.get(key).lease is None) is auto_sync


@pytest.mark.requirement("claim:repair:by-hand")
@pytest.mark.parametrize("hours", [-1, 48])
def test_a_lock_set_by_hand_stays(team: Team, hours: float) -> None:
    ann, _, key = pair(team, auto_sync=True)
    ann.take(key)
    team.later(hours=25)
    by_hand = Lease("zoe@example.com", None, team.now + timedelta(hours=hours))
    team.tracker.put(replace(team.tracker.get(key), lease=by_hand, updated_at=team.now))
    assert ann.claims().mended == 0
    assert team.tracker.get(key).lease == by_hand


@pytest.mark.requirement("claim:repair:by-hand")
def test_a_lock_set_by_hand_over_a_claim_is_not_written_over(team: Team) -> None:
    ann, _, key = pair(team, auto_sync=True)
    ann.take(key)
    team.later(hours=1)
    by_hand = Lease("zoe@example.com", None, team.now + timedelta(hours=5))
    team.tracker.put(replace(team.tracker.get(key), lease=by_hand, updated_at=team.now))
    assert ann.claims().mended == 0
    assert team.tracker.get(key).lease == by_hand
    team.later(hours=6)
    assert ann.claims().mended == 1  # it counts no longer, the claim does
    lease = team.tracker.get(key).lease
    assert lease
    assert lease.holder == "ann@example.com"


@pytest.mark.requirement("claim:repair:moved-on")
def test_what_was_taken_again_meanwhile_is_not_taken_off(team: Team) -> None:
    ann, bob, key = pair(team, auto_sync=True)
    ann.take(key)
    team.later(hours=25)
    bob.take(key)
    ann.sync()
    lease = team.tracker.get(key).lease
    assert lease
    assert lease.holder == "bob@example.com"
    assert ann.events(key, EventKind.EXPIRED) == []


@pytest.mark.requirement("claim:repair:foreign")
def test_claims_of_other_projects_are_none_of_ours(team: Team) -> None:
    ann, _, key = pair(team)
    desk = ann.desk
    for name in ("jira:elsewhere/PRJ-1", f"{team.tracker.identity()}/US999"):
        desk.arbiter.ask(Ask(Act.TAKE, name, "eve@example.com", "e" * 16, 3600.0))
    assert ann.claims().ended == 0
    assert ann.store.known_claims() == []
    assert ann.shows(key).lease is None


@pytest.mark.requirement("claim:repair:unasked")
def test_a_sync_goes_well_when_the_arbiter_cannot_be_asked(team: Team) -> None:
    ann, _, _key = pair(team)
    ann.set(arbiter=f"git:{team.root}/nowhere.git")
    report = ann.sync()
    assert report.exit_error() is None
    assert report.claims
    assert report.claims.error
    told = report.as_json()["claims"]
    assert isinstance(told, dict)
    assert told["ok"] is False
    assert told["error"]


@pytest.mark.requirement("claim:repair:unasked")
def test_where_nobody_decides_there_is_nothing_to_look_at(team: Team) -> None:
    ann, _, _key = pair(team)
    ann.set(arbiter=None)
    assert ann.sync().claims is None


@pytest.mark.requirement("claim:repair:cheap")
def test_the_board_looks_once_for_all_its_sources(team: Team) -> None:
    ann, _, _key = pair(team)
    team.later(minutes=2)
    assert ann.sync(is_polled=True).claims
    assert ann.sync(is_polled=True).claims is None
    assert ann.sync().claims  # who asks for a sync gets one
    team.later(seconds=50)
    assert ann.sync(is_polled=True).claims


@pytest.mark.requirement("claim:repair:few")
def test_a_tracker_that_decides_is_asked_about_a_handful(team: Team) -> None:
    ann, _, _key = pair(team)
    keys = [team.story() for _ in range(HANDFUL + 2)]
    ann.sync()
    for key in keys:
        ann.take(key)
    team.later(hours=25)
    single = OneByOne(ann.desk.arbiter)
    desk = replace(ann.desk, arbiter=single)
    first = repair(desk)
    assert (first.ended, first.left) == (HANDFUL, 2)
    assert single.asked <= 2 * HANDFUL
    assert (repair(desk).ended, repair(desk).ended) == (2, 0)
    single.asked = 0
    assert repair(desk).left == 0
    assert single.asked == 0


@pytest.mark.requirement("claim:repair:writes")
def test_writes_that_wait_are_sent_before_the_tracker_is_read(team: Team) -> None:
    ann, _, key = pair(team)
    ann.sync()
    wish = queue.wish(ann.ctx, ann.shows(key), "ann@example.com", Goal(State.IN_REVIEW))
    ann.store.queue(wish)
    told = ann.claims()
    assert (told.sent, told.waiting) == (1, 0)
    assert ann.shows(key).state is State.IN_REVIEW


@pytest.mark.requirement("claim:repair:merged")
def test_a_sync_finds_what_was_merged(team: Team) -> None:
    ann, _, key = pair(team)
    ann.sync()
    ann.take(key)
    team.later(hours=1)
    ann.commit()
    ann.merge()
    told = ann.claims()
    assert told.merged == 1
    assert team.tracker.get(key).state is State.DONE
    assert (ann.claims().merged, team.tracker.get(key).lease) == (0, None)


@dataclass
class OneByOne:
    """An arbiter that gives no list of its records, as Rally."""

    inner: Arbiter
    asked: int = 0

    @property
    def name(self) -> str:
        return "rally"

    def read(self, key: str) -> Claim | None:
        self.asked += 1
        return self.inner.read(key)

    def records(self) -> None:
        """Give nothing."""

    def ask(self, ask: Ask) -> Claim:
        return self.inner.ask(ask)

    def now(self) -> datetime:
        if not self.asked:
            raise Retriable("It has not told its time yet.")
        return self.inner.now()
