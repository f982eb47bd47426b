"""The three arbiters over modelled ports, each for one seeded exploration."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from panopticon.local.git.lease import GitArbiter
from panopticon.model.claim import Claim
from panopticon.store.lease import StoreArbiter
from panopticon.store.sqlite import Sqlite
from panopticon.trackers.rally.lease import RallyArbiter
from tests.claims.explore import Scheduler
from tests.claims.ports import FakeLog, FakeRefs, LogOf, ReadBack, RefsOf, Remote

SKEW = 20.0  # seconds that two clocks may differ
LAG = 3  # revisions that a replica may be behind
TURNS = 6


Done = Counter[str] | None


@dataclass(frozen=True, slots=True)
class Trial:
    """A scheduler whose clients are there; `wrong` is what the port itself noticed.

    `done` gathers how often what happened.
    """

    scheduler: Scheduler
    wrong: list[str]
    done: Done

    def run(self) -> list[str]:
        """Let it run to its end and say what went wrong."""
        self.scheduler.run(TURNS)
        found = self.scheduler.judged() + self.wrong
        if self.done is not None:
            self.done.update(self.scheduler.heard.count)
        return found


def scheduler(seed: int, *, skew: float, told: bool, lags: bool = False) -> Scheduler:
    """Make a world; every third is without faults."""
    return Scheduler(seed, faults=0.15 if seed % 3 else 0.0, skew=skew, told=told, lags=lags)


def clients(seed: int) -> range:
    return range(2 + seed % 4)


def git(seed: int, done: Done = None, *, skew: float = SKEW, told: bool = False) -> list[str]:
    """A remote that tells its time, or clocks that differ."""
    made, remote = scheduler(seed, skew=skew, told=told), FakeRefs()
    allowed = timedelta(seconds=SKEW)
    for _ in clients(seed):
        made.add(
            lambda world, clock: GitArbiter(
                "git:x", RefsOf(remote, world, told=told), clock, allowed
            )
        )
    return Trial(made, remote.wrong, done).run()


def git_with_time(seed: int, done: Done = None) -> list[str]:
    return git(seed, done, told=True)


def store(seed: int, done: Done = None) -> list[str]:
    """A database behind a network that loses replies."""
    made, database = scheduler(seed, skew=SKEW, told=True), Sqlite(None)
    for _ in clients(seed):
        made.add(
            lambda world, _: Remote(StoreArbiter("store:x", database, lambda: world.now), world)
        )
    wrong = Trial(made, [], done).run()
    database.close()
    return wrong


def rally(seed: int, done: Done = None, *, gaps: bool = False) -> list[str]:
    """Revisions read from replicas that lag."""
    made = scheduler(seed, skew=SKEW, told=True, lags=True)
    log = FakeLog(made.world)
    for number in clients(seed):
        seen = LogOf(log, f"dev{number % 3}@example.com", LAG, gaps=gaps)
        made.add(lambda world, _, seen=seen: RallyArbiter(seen, world.step))  # type: ignore[misc]
    return Trial(made, [], done).run()


def read_back(seed: int, done: Done = None) -> list[str]:
    """Assign, read back, believe: without any fault it must be found out."""
    made = Scheduler(seed, faults=0.0, skew=0.0)
    field: dict[str, Claim] = {}
    for _ in range(3):
        made.add(lambda world, clock: ReadBack(field, world, clock))
    return Trial(made, [], done).run()


ARBITERS: dict[str, Callable[..., list[str]]] = {
    "git": git,
    "git-with-time": git_with_time,
    "store": store,
    "rally": rally,
}
