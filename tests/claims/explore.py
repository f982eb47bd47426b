"""A deterministic scheduler: clients of one arbiter, interleaved step by step from a seed.

A client is a thread that stops before every step of its port until the scheduler lets it go on;
one runs at a time, so a seed always gives the same history. Between steps it may be killed (and
come back), its replies may be lost, its clock is off, and a replica may lag.
"""

import random
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from panopticon.errors import Conflict, Retriable
from panopticon.model.claim import Act, Arbiter, Ask, Claim
from tests.claims.heard import Heard

START = datetime(2026, 11, 21, 9, tzinfo=UTC)
LEASE = 60.0  # seconds
LOOKS = 0.15  # of the turns
KEY = "rally:1/US120"


class Killed(BaseException):
    """The process of a client ended here."""


@dataclass
class World:
    """True time, and the step that everybody waits for."""

    rng: random.Random
    seconds: float = 0.0
    step: Callable[[], None] = lambda: None
    key: str = KEY
    fault_rate: float = 0.0

    @property
    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds)

    def is_lost(self) -> bool:
        return self.rng.random() < self.fault_rate


@dataclass
class Grant:
    """What a client was told: it holds the story under a fence until then, by its own clock."""

    session: str
    fence: int
    expires_at: datetime
    at: datetime  # true time
    act: Act


@dataclass
class Client:
    """A person's working folder: takes, renews, gives back, at random."""

    number: int
    world: World
    arbiter: Arbiter
    log: list[Grant]
    offset: timedelta
    granted: Callable[["Client"], None]
    heard: Heard
    people: Sequence[str]
    baton: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    mine: Grant | None = None
    owed: int | None = None  # the fence of a release whose reply was lost
    is_dying: bool = False
    is_forced: bool = False  # a theft was asked for, whose reply may have been lost
    is_over: bool = False

    @property
    def holder(self) -> str:
        return self.people[self.number % len(self.people)]

    @property
    def session(self) -> str:
        return f"s{self.number}"

    def clock(self) -> datetime:
        return self.world.now + self.offset

    def run(self, turns: int) -> None:
        for _ in range(turns):
            try:
                self.turn()
            except Conflict:
                self.heard.count["refused"] += 1
            except Retriable:
                self.heard.count["reply lost"] += 1
            except Killed:
                self.heard.count["killed"] += 1
                self.is_dying = False
                self.mine = self.owed = None  # it comes back without knowing what it had
        self.is_over = True

    def turn(self) -> None:
        rng = self.world.rng
        if self.owed is not None:
            self.heard.count["release again"] += 1
            self.given_back(self.owed)
        elif rng.random() < LOOKS:
            self.look()
        elif self.mine is None:
            acts = [Act.TAKE] * 8 + [Act.RESUME, Act.STEAL]
            self.told(rng.choice(acts))
        elif rng.random() < 0.5:
            self.told(Act.RENEW)
        else:
            mine, self.mine = self.mine, None  # from here on it writes no more
            self.given_back(mine.fence)

    def given_back(self, fence: int) -> None:
        """Release; a lost reply is asked for again at the next turn."""
        self.owed = fence
        try:
            claim = self.asked(Act.RELEASE, fence)
        except Conflict:
            self.owed = None
            raise
        self.owed = None
        self.heard.count["release"] += 1
        if not claim.is_released or (claim.session, claim.fence) != (self.session, fence):
            self.heard.wrong.append(f"{self.session} released {fence}, and {claim} was")

    def look(self) -> None:
        """Read what everybody can: every record, or the story's where that is all there is."""
        known = self.heard.highest
        found = self.arbiter.records()
        if found is None:
            one = self.arbiter.read(self.world.key)
            found = [one] if one else []
        self.heard.count["looked"] += 1
        self.heard.look([one for one in found if one.key == self.world.key], known)

    def told(self, act: Act) -> None:
        fence = self.mine.fence if self.mine else None
        self.is_forced = self.is_forced or act in {Act.STEAL, Act.RESUME}
        try:
            claim = self.asked(act, fence)
        except Conflict:
            self.mine = None
            raise
        self.mine = Grant(self.session, claim.fence, claim.expires_at, self.world.now, act)
        self.log.append(self.mine)
        self.heard.count[act.value] += 1
        self.heard.grant(claim)
        self.granted(self)
        self.is_forced = False

    def asked(self, act: Act, fence: int | None) -> Claim:
        return self.arbiter.ask(
            Ask(
                act,
                self.world.key,
                self.holder,
                self.session,
                LEASE,
                fence=fence,
                reason="test",
            )
        )


class Scheduler:
    """Runs clients one step at a time."""

    def __init__(
        self, seed: int, *, faults: float, skew: float, told: bool = False, lags: bool = False
    ) -> None:
        self.rng = random.Random(seed)
        self.world = World(self.rng, fault_rate=faults, step=self.step)
        self.skew = skew
        self.told = told  # the arbiter tells its time: a holder judges its own end by that
        self.clients: list[Client] = []
        # Two sessions of one person among four.
        self.people: Sequence[str] = [f"dev{number}@example.com" for number in range(3)]
        self.log: list[Grant] = []
        self.wrong: list[str] = []
        self.heard = Heard(lags=lags, wrong=self.wrong)
        self.ended = 0  # fences up to here were taken away by force
        self.back = threading.Semaphore(0)
        self.current: Client | None = None

    def add(self, make: Callable[[World, Callable[[], datetime]], Arbiter]) -> None:
        offset = timedelta(seconds=self.rng.uniform(-self.skew / 2, self.skew / 2))
        arbiter = make(self.world, lambda: self.world.now + offset)
        number = len(self.clients)
        own = timedelta() if self.told else offset
        client = Client(
            number, self.world, arbiter, self.log, own, self.check, self.heard, self.people
        )
        self.clients.append(client)

    def check(self, client: Client) -> None:
        """Look at the moment of a grant who else thinks to hold the story."""
        assert client.mine is not None
        if client.is_forced:
            self.ended = max(self.ended, client.mine.fence - 1)
        # A reply may come after a theft: who was told an older fence holds nothing any more.
        is_valid = client.mine.fence > self.ended and client.clock() < client.mine.expires_at
        if is_valid and client.mine.act is not Act.RENEW:
            for other in believers(client, self.clients, self.ended):
                self.wrong.append(f"{client.mine} while {other.mine}")

    def step(self) -> None:
        """Called by a port before each of its steps: let the others run."""
        me = self.current
        if me is None:
            return
        self.back.release()
        me.baton.acquire()
        if me.is_dying:
            raise Killed

    def run(self, turns: int) -> None:
        threads = [threading.Thread(target=self._life, args=(c, turns)) for c in self.clients]
        for thread in threads:
            thread.start()
        while alive := [c for c in self.clients if not c.is_over]:
            chosen = self.rng.choice(alive)
            self.world.seconds += self.rng.choice([0, 0.1, 1, 5, LEASE / 2])
            chosen.is_dying = self.rng.random() < self.world.fault_rate / 4
            self.current = chosen
            chosen.baton.release()
            self.back.acquire()
        self.current = None
        for thread in threads:
            thread.join()

    def judged(self) -> list[str]:
        """Say what went wrong, and whether the story can be taken once all is quiet."""
        self.heard.count[f"{len(self.clients)} clients"] += 1
        wrong = self.wrong + [f"{one} and {other}" for one, other in double_grants(self.log)]
        self.world.fault_rate = 0.0
        self.world.seconds += 3 * LEASE + 2 * self.skew
        last = self.clients[-1]
        try:
            last.asked(Act.TAKE, None)
        except (Conflict, Retriable) as error:
            wrong.append(f"nobody can take it: {error.message}")
        return wrong

    def _life(self, client: Client, turns: int) -> None:
        client.baton.acquire()
        try:
            client.run(turns)
        except Exception as error:  # noqa: BLE001 - an arbiter may raise nothing else
            self.wrong.append(f"{client.session}: {error!r}")
        finally:
            client.is_over = True
            self.back.release()


def double_grants(log: list[Grant]) -> Iterator[tuple[Grant, Grant]]:
    """Name two takes of different sessions that returned one fence."""
    owner: dict[int, Grant] = {}
    for grant in log:
        first = owner.setdefault(grant.fence, grant)
        if first.session != grant.session:
            yield first, grant


def believers(client: Client, clients: list[Client], ended: int) -> list[Client]:
    """Name the others who may still think, by their own clocks, that the story is theirs.

    Fences up to `ended` were taken away by a theft or a resumption, which warns nobody.
    """
    return [
        one
        for one in clients
        if one is not client
        and one.mine is not None
        and one.mine.fence > ended
        and one.clock() < one.mine.expires_at
    ]
