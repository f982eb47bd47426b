"""A heart that renews a claim: its pace, troubles, sleep and death."""

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from panopticon.errors import Conflict, PanError, Retriable
from panopticon.model.claim import Act, Arbiter, Ask, Claim
from panopticon.model.ref import IssueRef
from panopticon.services.claim.desk import Desk
from panopticon.services.claim.work import heartbeat
from panopticon.services.claim.work.heartbeat import Beat, Heartbeat, Pulse
from tests.claims.office import START, Office

REF = IssueRef("rally", "US1")
HOUR = 3600.0


@dataclass
class Away:
    """An arbiter that may not answer, or be busy."""

    arbiter: Arbiter
    error: PanError | None = None

    @property
    def name(self) -> str:
        return self.arbiter.name

    def read(self, key: str) -> Claim | None:
        if isinstance(self.error, Retriable):
            raise self.error
        return self.arbiter.read(key)

    def records(self) -> list[Claim] | None:
        return self.arbiter.records()

    def ask(self, ask: Ask) -> Claim:
        if self.error:
            raise self.error
        return self.arbiter.ask(ask)

    def now(self) -> object:
        return self.arbiter.now()


@dataclass
class Ward:
    """A heart, the clocks that it looks at, and what it told."""

    office: Office
    uptime: float = 0.0
    told: list[Pulse] = field(default_factory=list)
    heart: Heartbeat = field(init=False)

    def __post_init__(self) -> None:
        here = self.office.desk("ann")
        self.office.story()
        claim = take(here)
        self.away = Away(here.arbiter)
        desk = Desk(here.ctx, self.away, here.holder, here.session)  # type: ignore[arg-type]
        self.heart = Heartbeat(desk, REF, claim, HOUR, self.told.append, lambda: self.uptime)
        self.heart.look()

    def pass_by(self, seconds: float) -> None:
        """Let time go by as a running heart sees it."""
        until = self.uptime + seconds
        while self.uptime < until and not self.heart.is_lost:
            step = min(self.heart.look() or 0.001, until - self.uptime)
            self.uptime += step
            self.office.now += timedelta(seconds=step)
        self.heart.look()

    @property
    def beats(self) -> list[Beat]:
        return [one.beat for one in self.told]

    @property
    def record(self) -> Claim:
        found = self.away.arbiter.read(self.heart.claim.key)
        assert found
        return found

    def steal(self) -> None:
        take(self.office.desk("bob"), Act.STEAL)


def take(here: Desk, act: Act = Act.TAKE) -> Claim:
    ask = Ask(act, here.key(REF), here.holder, here.session, HOUR, "b", reason="x")
    return here.arbiter.ask(ask)


@pytest.fixture
def ward(tmp_path: Path) -> Ward:
    return Ward(Office(tmp_path))


@pytest.mark.requirement("heart:beat")
def test_it_renews_at_a_third_of_the_claims_length(ward: Ward) -> None:
    ward.pass_by(1190)
    assert ward.beats == []
    ward.pass_by(20)
    assert ward.beats == [Beat.RENEWED]
    assert ward.record.expires_at == START + timedelta(seconds=1200 + HOUR)
    ward.pass_by(10 * HOUR)
    assert set(ward.beats) == {Beat.RENEWED}
    assert len(ward.beats) == 31
    assert (ward.record.fence, ward.record.is_held(ward.office.now)) == (1, True)


@pytest.mark.requirement("heart:beat")
@pytest.mark.parametrize(("seconds", "every"), [(1.0, 1.0), (90.0, 30.0), (86400.0, 1800.0)])
def test_the_pace_has_bounds(ward: Ward, seconds: float, every: float) -> None:
    ward.heart.seconds = seconds
    assert ward.heart.every == every


@pytest.mark.requirement("heart:late")
def test_while_nobody_answers_it_tries_again_less_and_less_often(ward: Ward) -> None:
    ward.away.error = Retriable("away")
    tries: list[float] = []
    asked = ward.away.ask

    def ask(wish: Ask) -> Claim:
        tries.append(ward.uptime)
        return asked(wish)

    ward.away.ask = ask  # type: ignore[method-assign, assignment]
    ward.pass_by(1500)
    gaps = [round(b - a) for a, b in pairwise(tries)]
    assert gaps[:8] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert ward.beats == [Beat.LATE]
    ward.pass_by(HOUR)
    assert ward.beats == [Beat.LATE, Beat.ENDED]
    ward.away.error = None
    ward.pass_by(61)
    assert ward.beats == [Beat.LATE, Beat.ENDED, Beat.RENEWED]
    assert ward.record.is_held(ward.office.now)


@pytest.mark.requirement("heart:lost")
def test_a_theft_is_told_once_and_ends_it(ward: Ward) -> None:
    ward.steal()
    ward.pass_by(3 * HOUR)
    assert ward.beats == [Beat.LOST]
    assert ward.heart.is_lost
    error = ward.told[0].error
    assert isinstance(error, Conflict)
    assert (error.details["holder"], error.details["fence"]) == ("bob@example.com", 2)


@pytest.mark.requirement("heart:lost")
def test_what_was_given_back_elsewhere_is_lost_too(ward: Ward) -> None:
    claim = ward.heart.claim
    ward.away.arbiter.ask(
        Ask(Act.RELEASE, claim.key, claim.holder, claim.session, fence=claim.fence)
    )
    ward.pass_by(HOUR)
    assert ward.beats == [Beat.LOST]


@pytest.mark.requirement("heart:minute")
def test_a_theft_is_known_within_a_minute(ward: Ward) -> None:
    ward.pass_by(600)
    ward.steal()
    ward.pass_by(70)
    assert ward.beats == [Beat.LOST]
    error = ward.told[0].error
    assert error
    assert error.message.endswith("bob@example.com (fence 2): x.")


@pytest.mark.requirement("heart:minute")
def test_while_nobody_answers_a_look_says_nothing_and_is_made_again(ward: Ward) -> None:
    ward.away.error = Retriable("away")
    ward.pass_by(200)
    ward.away.error = None
    ward.steal()
    assert ward.beats == []
    ward.pass_by(70)
    assert ward.beats == [Beat.LOST]


@pytest.mark.requirement("heart:minute")
def test_a_nap_in_which_another_took_it_is_seen_at_once(ward: Ward) -> None:
    ward.steal()
    ward.office.later(minutes=5)  # before the next renewal
    ward.heart.look()
    assert ward.beats == [Beat.LOST]


@pytest.mark.requirement("heart:lost")
def test_a_busy_record_is_not_lost(ward: Ward) -> None:
    ward.away.error = Conflict("US1 changes all the time.")
    ward.pass_by(1300)
    assert ward.beats == [Beat.LATE]
    ward.away.error = None
    ward.pass_by(61)
    assert ward.beats[-1] is Beat.RENEWED


@pytest.mark.requirement("heart:sleep")
@pytest.mark.parametrize("is_counted", [True, False])
def test_after_a_laptops_sleep_it_renews_at_once(ward: Ward, *, is_counted: bool) -> None:
    ward.office.later(hours=9)
    ward.uptime += 9 * HOUR if is_counted else 0  # not every clock counts sleep
    assert ward.heart.look() > 0
    assert ward.beats == [Beat.RENEWED]
    assert ward.record.is_held(ward.office.now)


@pytest.mark.requirement("heart:sleep")
def test_after_a_sleep_in_which_another_took_it_it_is_lost(ward: Ward) -> None:
    ward.office.later(hours=9)
    take(ward.office.desk("bob"))
    ward.heart.look()
    assert ward.beats == [Beat.LOST]


@pytest.mark.requirement("heart:sleep")
def test_a_clock_that_is_set_back_stops_no_heart(ward: Ward) -> None:
    ward.office.later(days=-1)
    ward.uptime += 1201
    ward.heart.look()
    assert ward.beats == [Beat.RENEWED]


@pytest.mark.requirement("heart:beat")
def test_it_beats_beside_the_work_until_that_ends(ward: Ward) -> None:
    rests: list[float] = []

    def rest(seconds: float) -> bool:
        rests.append(seconds)
        ward.uptime += seconds
        ward.office.now += timedelta(seconds=seconds)
        return ward.uptime > 1300

    heartbeat.run(ward.heart, rest)
    assert ward.beats == [Beat.RENEWED]
    assert max(rests) <= 5.0
    with heartbeat.beating(ward.heart):
        pass


@pytest.mark.requirement("heart:dead")
def test_what_a_killed_holder_held_is_taken_when_it_has_expired(ward: Ward) -> None:
    ward.pass_by(2 * HOUR)
    here = ward.office.desk("bob")
    ward.office.later(minutes=30)  # killed: nothing beats, nothing else runs
    with pytest.raises(Conflict):
        take(here)
    ward.office.later(minutes=31)
    assert take(here).fence == 2
