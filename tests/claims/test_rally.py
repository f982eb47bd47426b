"""The Rally arbiter on a simulated server, with conflicts and a lagging replica."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest

from panopticon.config import Source
from panopticon.errors import Conflict
from panopticon.model.claim import Act, Ask
from panopticon.sandbox.serve import Options, Running, start
from panopticon.trackers.rally.lease import RallyArbiter
from panopticon.trackers.rally.lease_log import LockLog
from panopticon.trackers.rally.tracker import RallyTracker, open_rally

Make = Callable[[], RallyArbiter]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Running]:
    with start(Options(stories=40)) as running:
        yield running


@pytest.fixture
def arbiter(sandbox: Running) -> Iterator[Make]:
    opened: list[RallyTracker] = []
    place = {"server": sandbox.url, "workspace": sandbox.workspace, "project": sandbox.project}

    def make() -> RallyArbiter:
        opened.append(open_rally(Source("rally", "rally", place, sandbox.api_key)))
        return RallyArbiter(LockLog(opened[-1]._items), lambda: time.sleep(0.05))

    yield make
    for tracker in opened:
        tracker.close()


def ask(sandbox: Running, act: Act, session: str, key: str, fence: int | None = None) -> Ask:
    return Ask(act, f"rally:1/{key}", sandbox.username, session, 3600, "b", fence, "x")


@pytest.mark.requirement("claim:rally")
def test_a_claim_from_place_to_place(sandbox: Running, arbiter: Make) -> None:
    one, other = arbiter(), arbiter()
    first = one.ask(ask(sandbox, Act.TAKE, "s1", "US120"))
    assert (first.fence, other.read("rally:1/US120")) == (1, first)
    with pytest.raises(Conflict):
        other.ask(ask(sandbox, Act.TAKE, "s2", "US120"))
    assert other.ask(ask(sandbox, Act.RESUME, "s2", "US120")).fence == 2
    with pytest.raises(Conflict):
        one.ask(ask(sandbox, Act.RENEW, "s1", "US120", 1))
    assert other.ask(ask(sandbox, Act.RELEASE, "s2", "US120", 2)).is_released


@pytest.mark.requirement("claim:rally")
def test_of_many_at_once_one_wins_with_conflicts_and_lag(sandbox: Running, arbiter: Make) -> None:
    faults = {"conflict_rate": 0.2, "lag_ms": 150}
    httpx2.post(f"{sandbox.url}/_sandbox/faults", json=faults).raise_for_status()

    def take(n: int) -> bool:
        try:
            arbiter().ask(ask(sandbox, Act.TAKE, f"s{n}", "US121"))
        except Conflict:
            return False
        return True

    try:
        with ThreadPoolExecutor(6) as pool:
            assert sum(pool.map(take, range(6))) == 1
    finally:
        httpx2.post(f"{sandbox.url}/_sandbox/faults", json={}).raise_for_status()
