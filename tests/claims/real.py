"""Real things that stop before each step, so that the scheduler can explore them.

Git: another process a verb, against a real server. SQLite: one file, a database object each, and
steps inside a transaction too. Rally: HTTP to the simulated WSAPI, whose clock is the schedule's.
"""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from panopticon.config import Source
from panopticon.errors import Retriable
from panopticon.local.git.lease import GitArbiter
from panopticon.local.git.ref import GitRefs
from panopticon.model.claim import Arbiter
from panopticon.sandbox.serve import Running
from panopticon.store.lease import StoreArbiter
from panopticon.store.rows import Rows
from panopticon.store.sqlite import Sqlite
from panopticon.trackers.http import HttpClient, no_word
from panopticon.trackers.rally.lease import Entry, RallyArbiter
from panopticon.trackers.rally.lease_log import LockLog
from panopticon.trackers.rally.record import email_of
from panopticon.trackers.rally.settings import settings_from
from panopticon.trackers.rally.tracker import RallyTracker, door_for, policy_for
from tests.claims.explore import START, Scheduler, World
from tests.claims.ports import Remote
from tests.claims.templates import bare

SCHEDULES = 200
SKEW = 20.0  # seconds that two clocks may differ
TURNS = 2
HOUR = 3600
Make = Callable[[World, Callable[[], datetime]], Arbiter]
Wrap = Callable[[Arbiter], Arbiter]
MOVES = 0.5  # of the readings of a history go to another node


class Now:
    """The time of the schedule that runs, for servers that outlive it."""

    def __init__(self) -> None:
        self.world: World | None = None

    def __call__(self) -> datetime:
        return self.world.now if self.world else START

    def seconds(self) -> float:
        return self.world.seconds if self.world else 0.0

    def step(self) -> None:
        if self.world:
            self.world.step()


def scheduler(seed: int, now: Now, *, told: bool, lags: bool = False) -> Scheduler:
    """Begin a schedule on a story of its own; every third is without faults."""
    faults = 0.15 if seed % 3 else 0.0
    made = Scheduler(seed, faults=faults, skew=SKEW, told=told, lags=lags)
    made.world.key = f"rally:1/US{seed}"
    made.world.seconds = now.seconds() + HOUR  # a server's time does not go back
    now.world = made.world
    return made


def clients(seed: int) -> range:
    return range(2 + seed % 2)


def ended(made: Scheduler) -> list[str]:
    """Run a schedule to its end and say what went wrong."""
    made.run(TURNS)
    return made.judged()


class SteppingRefs(GitRefs):
    """The refs of a real remote."""

    def __init__(self, url: str, folder: Path, world: World) -> None:
        super().__init__(url, folder, ticks=lambda: world.seconds)
        self.world = world

    def read(self, ref: str) -> tuple[str | None, str | None]:
        self.before()
        return super().read(ref)

    def texts(self, space: str) -> list[tuple[str, str]]:
        self.before()
        return super().texts(space)

    def swap(self, ref: str, version: str | None, text: str) -> bool:
        self.before()
        is_done = super().swap(ref, version, text)
        self.after()
        return is_done

    def before(self) -> None:
        self.world.step()
        if self.world.is_lost():
            raise Retriable("lost before")

    def after(self) -> None:
        self.world.step()
        if self.world.is_lost():
            raise Retriable("lost after")


def as_is(arbiter: Arbiter) -> Arbiter:
    return arbiter


def git(seed: int, url: str, root: Path, now: Now, wrap: Wrap = as_is) -> list[str]:
    """Each client has objects of its own, as each machine; an HTTP remote tells the time.

    A schedule has a repository beside `url`'s: refs that gather would slow the next one down.
    """
    remote = bare(root, f"{seed}.git")
    url, folders = url.replace("remote.git", remote.name), root / f"{seed}"
    made = scheduler(seed, now, told=url.startswith("http"))
    allowed = timedelta(seconds=SKEW)

    def arbiter(folder: Path) -> Make:
        return lambda world, clock: wrap(
            GitArbiter("git", SteppingRefs(url, folder, world), clock, allowed)
        )

    for number in clients(seed):
        made.add(arbiter(folders / f"client{number}"))
    wrong = ended(made)
    shutil.rmtree(folders)
    shutil.rmtree(remote)
    return wrong


class SteppingDatabase(Sqlite):
    """One machine's way to the file; killed in a transaction it leaves nothing."""

    def __init__(self, path: Path, now: Now) -> None:
        super().__init__(path, busy_ms=1)  # who waits for a lock stops the whole schedule
        self.now = now

    @contextmanager
    def read(self) -> Iterator[Rows]:
        with super().read() as rows:
            yield rows
            self.step()

    @contextmanager
    def write(self) -> Iterator[Rows]:
        with super().write() as rows:
            self.step()
            yield rows
            self.step()  # done and not kept yet

    def step(self) -> None:
        self.now.step()


def store(seed: int, databases: Sequence[Sqlite], now: Now, wrap: Wrap = as_is) -> list[str]:
    """Each client has connections of its own to one file."""
    made = scheduler(seed, now, told=True)

    def arbiter(database: Sqlite) -> Make:
        return lambda world, _: Remote(
            wrap(StoreArbiter("store:x", database, lambda: world.now)), world
        )

    for number in clients(seed):
        made.add(arbiter(databases[number]))
    return ended(made)


class Connection:
    """A person's connection to the WSAPI, patient without waiting."""

    def __init__(self, sandbox: Running, key: str, now: Now) -> None:
        place = {"server": sandbox.url, "workspace": sandbox.workspace, "project": sandbox.project}
        settings = settings_from(Source("rally", "rally", place, key))
        policy = replace(
            policy_for(settings),
            monotonic=now.seconds,
            sleep=lambda _: now.step(),  # a write that collided waits while others write
            on_wait=no_word,
        )
        self.http = HttpClient(door_for(settings), policy)
        self.tracker = RallyTracker(settings, self.http)
        self.items = self.tracker._items
        found = self.items.wsapi.read("/user", ("EmailAddress",))
        self.holder = email_of(found) or ""

    def move(self) -> None:
        """Talk to another node from now on, which does not know what this session wrote."""
        self.http._client.cookies.clear()


@contextmanager
def connected(sandbox: Running, now: Now) -> Iterator[list[Connection]]:
    """Connect two places of one person and one of another."""
    keys = (sandbox.api_key, sandbox.member_key, sandbox.api_key)
    made = [Connection(sandbox, key, now) for key in keys]
    try:
        yield made
    finally:
        for one in made:
            one.tracker.close()


class SteppingLog(LockLog):
    """The history of a story, read and written over HTTP."""

    def __init__(self, connection: Connection, world: World) -> None:
        super().__init__(connection.items)
        self.connection = connection
        self.world = world

    def entries(self, key: str) -> Sequence[Entry]:
        self.world.step()
        if self.world.is_lost():
            raise Retriable("no answer")
        if self.world.rng.random() < MOVES:
            self.connection.move()
        return super().entries(key)

    def write(self, key: str, token: str) -> None:
        self.world.step()
        if self.world.is_lost():
            raise Retriable("lost before")
        super().write(key, token)
        self.world.step()
        if self.world.is_lost():
            raise Retriable("lost after")


def rally(
    seed: int, key: str, connections: Sequence[Connection], now: Now, wrap: Wrap = as_is
) -> list[str]:
    """Each client has a connection of its own."""
    made = scheduler(seed, now, told=True, lags=True)
    made.world.key = f"rally:1/{key}"
    made.people = [one.holder for one in connections]

    def arbiter(one: Connection) -> Make:
        return lambda world, _: wrap(RallyArbiter(SteppingLog(one, world), lambda: _rest(world)))

    for number in clients(seed):
        made.add(arbiter(connections[number]))
    return ended(made)


def _rest(world: World) -> None:
    world.seconds += 1
    world.step()
