"""Background polling: how often, when not, and what wakes it."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from threading import Event

import pytest

from panopticon.errors import Conflict, NotFound, PanError, Retriable
from panopticon.web.poller import Poller, pause
from tests.web.fakes import NOW

MINUTE = timedelta(seconds=60)


class Rig:
    """A poller, the sources it asked so far, what they answer, and a clock that one can set."""

    def __init__(self, *sources: str, every: timedelta = timedelta(hours=1)) -> None:
        self.asked: list[str] = []
        self.fault: Exception | None = None
        self.clock = NOW
        self.poller = Poller(sources, self.pull, every, self.now)
        self.poller.glance_seconds = 0.01

    def pull(self, name: str) -> None:
        self.asked.append(name)
        if self.fault:
            raise self.fault

    def now(self) -> datetime:
        return self.clock

    def told(self, name: str) -> dict[str, object]:
        return dict(self.poller.waits()[name])


def until(is_so: Callable[[], object], seconds: float = 5) -> None:
    for _ in range(int(seconds * 100)):
        if is_so():
            return
        Event().wait(0.01)
    raise AssertionError("it never came")


def never(is_so: Callable[[], object]) -> None:
    Event().wait(0.1)
    assert not is_so()


@pytest.fixture
def rig() -> Iterator[Rig]:
    made = Rig("a", "b")
    made.poller.start()
    until(lambda: sorted(made.asked) == ["a", "b"] and made.told("a")["next_at"])
    until(lambda: made.told("b")["next_at"])
    yield made
    assert made.poller.stop()


@pytest.mark.requirement("web:poll:next")
def test_every_source_says_when_it_is_asked_next(rig: Rig) -> None:
    at = (NOW + timedelta(hours=1)).isoformat()
    assert rig.told("a") == {"waits_until": None, "next_at": at, "paused": False}


@pytest.mark.requirement("web:poll:backoff")
def test_a_failing_source_says_until_when_it_waits() -> None:
    rig = Rig("a", every=MINUTE)
    rig.fault = Retriable("503")
    rig.poller.start()
    until(lambda: rig.told("a")["waits_until"])
    rig.poller.stop()
    told = rig.told("a")
    assert told["waits_until"] == told["next_at"]
    wait = datetime.fromisoformat(str(told["next_at"])) - NOW
    assert 2 * MINUTE <= wait <= 2.2 * MINUTE


@pytest.mark.requirement("web:poll:backoff")
def test_the_pause_grows_to_ten_minutes() -> None:
    def waits(failures: int, every: timedelta = MINUTE) -> tuple[float, float]:
        found = [pause(every, failures) / MINUTE for _ in range(200)]
        return min(found), max(found)

    assert waits(0) == (1, 1)
    for failures, minutes in ((1, 2), (2, 4), (3, 8), (4, 10), (99, 10)):
        low, high = waits(failures)
        assert minutes <= low < high <= minutes * 1.1
    low, high = waits(3, timedelta(hours=1))
    assert 60 <= low < high <= 66


@pytest.mark.requirement("web:poll:backoff")
def test_a_tracker_that_asks_for_a_pause_gets_it() -> None:
    assert pause(MINUTE, 1, timedelta(minutes=9)) == timedelta(minutes=9)
    assert pause(MINUTE, 1, timedelta(hours=9)) == timedelta(minutes=10)
    assert pause(MINUTE, 4, timedelta(minutes=1)) >= timedelta(minutes=10)
    rig = Rig("a", every=MINUTE)
    rig.fault = Retriable("429", retry_after=480)
    rig.poller.start()
    until(lambda: rig.told("a")["waits_until"])
    rig.poller.stop()
    assert rig.told("a")["waits_until"] == (NOW + timedelta(minutes=8)).isoformat()


@pytest.mark.requirement("web:poll:backoff")
def test_a_good_look_ends_the_backoff(rig: Rig) -> None:
    rig.fault = PanError("Away.")
    rig.poller.nudge()
    until(lambda: rig.told("a")["waits_until"])
    rig.fault = None
    rig.poller.nudge()
    until(lambda: rig.told("a")["next_at"] and not rig.told("a")["waits_until"])


@pytest.mark.requirement("web:poll:turns")
def test_a_source_somebody_else_is_syncing_has_not_failed() -> None:
    rig = Rig("a", every=timedelta(seconds=0.01))
    rig.fault = Conflict("A sync runs already.")
    rig.poller.start()
    until(lambda: len(rig.asked) > 1)
    rig.poller.stop()
    assert rig.told("a")["waits_until"] is None


@pytest.mark.requirement("web:poll:backoff")
def test_a_bug_in_one_source_does_not_end_its_polling(caplog: pytest.LogCaptureFixture) -> None:
    rig = Rig("a")
    rig.fault = ZeroDivisionError()
    rig.poller.start()
    until(lambda: rig.told("a")["waits_until"])
    rig.poller.nudge()
    until(lambda: len(rig.asked) == 2)
    rig.poller.stop()
    assert "polling a failed" in caplog.text


@pytest.mark.requirement("web:poll:pause")
def test_a_source_that_rests_is_not_asked_until_it_goes_on() -> None:
    rig = Rig("a", "b", every=timedelta(seconds=0.05))
    rig.poller.start()
    until(lambda: rig.asked.count("a") > 1)
    rig.poller.pause("a", paused=True)
    Event().wait(0.1)  # a look that was under way
    count = rig.asked.count("a")
    assert rig.told("a") == {"waits_until": None, "next_at": None, "paused": True}
    others = rig.asked.count("b")
    until(lambda: rig.asked.count("b") > others + 2)
    assert rig.asked.count("a") == count
    rig.poller.pause("a", paused=False)
    until(lambda: rig.asked.count("a") > count + 1)
    rig.poller.stop()


@pytest.mark.requirement("web:poll:pause")
def test_who_goes_on_looks_at_once_and_who_rests_can_be_asked(rig: Rig) -> None:
    rig.poller.pause(None, paused=True)
    assert [rig.told(name)["paused"] for name in "ab"] == [True, True]
    rig.poller.nudge()
    until(lambda: len(rig.asked) == 4)
    never(lambda: len(rig.asked) > 4)
    assert rig.told("a")["paused"]
    rig.poller.pause(None, paused=False)
    until(lambda: len(rig.asked) == 6)
    rig.poller.pause("b", paused=False)  # it does not rest
    never(lambda: len(rig.asked) > 6)
    with pytest.raises(NotFound):
        rig.poller.pause("c", paused=True)


@pytest.mark.requirement("web:poll:follow")
def test_sources_come_and_go_while_it_runs(rig: Rig) -> None:
    rig.poller.follow(["b", "c"])
    until(lambda: rig.asked[2:] == ["c"])
    assert sorted(rig.poller.waits()) == ["b", "c"]
    rig.poller.nudge()
    until(lambda: sorted(rig.asked[3:]) == ["b", "c"])
    rig.poller.follow(["b", "c"], MINUTE)  # sooner: what is waited for already is asked now
    at = (NOW + MINUTE).isoformat()
    until(lambda: [rig.told(name)["next_at"] for name in "bc"] == [at, at])
    count = len(rig.asked)
    rig.poller.follow(["b", "c"], MINUTE)
    never(lambda: len(rig.asked) > count)
    rig.poller.pause(None, paused=True)
    rig.poller.follow(["b", "c"], 2 * MINUTE)
    never(lambda: len(rig.asked) > count)
    rig.poller.follow(["d"])
    until(lambda: rig.asked[-1] == "d")
    assert rig.told("d")["paused"]


@pytest.mark.requirement("web:poll:follow")
def test_a_source_that_went_is_asked_no_more() -> None:
    rig = Rig("a", "b", every=timedelta(seconds=0.02))
    rig.poller.start()
    until(lambda: rig.asked.count("a") > 1)
    rig.poller.follow(["b"])
    Event().wait(0.1)  # a look that was under way
    count, others = rig.asked.count("a"), rig.asked.count("b")
    until(lambda: rig.asked.count("b") > others + 5)
    assert rig.asked.count("a") == count
    rig.poller.stop()


@pytest.mark.requirement("web:poll:follow")
def test_one_that_asks_nobody_follows_nobody() -> None:
    idle = Poller.idle(lambda: NOW)
    idle.start()
    idle.follow(["a"])
    assert idle.waits() == {}
    assert idle.nudge() == []
    assert idle.stop()


@pytest.mark.requirement("web:poll:sleep")
@pytest.mark.parametrize("jump", [timedelta(minutes=40), -timedelta(hours=3)])
def test_a_machine_that_slept_looks_at_once(rig: Rig, jump: timedelta) -> None:
    never(lambda: len(rig.asked) > 2)
    rig.clock += jump
    until(lambda: sorted(rig.asked[2:]) == ["a", "b"])
    never(lambda: len(rig.asked) > 4)


@pytest.mark.requirement("web:poll:sleep")
def test_a_machine_that_slept_leaves_alone_who_rests(rig: Rig) -> None:
    rig.poller.pause(None, paused=True)
    Event().wait(0.05)
    rig.clock += timedelta(hours=9)
    never(lambda: len(rig.asked) > 2)
