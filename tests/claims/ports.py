"""Modelled ports of the arbiters: a remote's refs, with lost replies before and after the deed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import orjson

from panopticon.errors import Conflict, Retriable
from panopticon.model.claim import Act, Arbiter, Ask, Claim, follow, refused
from panopticon.trackers.rally.lease import Entry
from tests.claims.explore import World


class FakeRefs:
    """One remote's refs for many clients; every record that follows another is looked at."""

    def __init__(self) -> None:
        self.refs: dict[str, tuple[str, str]] = {}
        self.number = 0
        self.wrong: list[str] = []

    def put(self, ref: str, text: str) -> None:
        before = self.refs.get(ref)
        if before:
            self.look(orjson.loads(before[1]), orjson.loads(text))
        self.number += 1
        self.refs[ref] = str(self.number), text

    def look(self, old: dict[str, object], new: dict[str, object]) -> None:
        is_same = (old["holder"], old["session"]) == (new["holder"], new["session"])
        step = int(str(new["fence"])) - int(str(old["fence"]))
        if step != 1 and not (step == 0 and is_same):
            self.wrong.append(f"{old} became {new}")


class RefsOf:
    """What one client sees of the remote."""

    def __init__(self, remote: FakeRefs, world: World, *, told: bool) -> None:
        self.remote = remote
        self.world = world
        self.told = told

    def read(self, ref: str) -> tuple[str | None, str | None]:
        self.world.step()
        if self.world.is_lost():
            raise Retriable("no answer")
        return self.remote.refs.get(ref, (None, None))

    def texts(self, space: str) -> list[tuple[str, str]]:
        self.world.step()
        if self.world.is_lost():
            raise Retriable("no answer")
        refs = self.remote.refs.items()
        return [(ref, text) for ref, (_, text) in refs if ref.startswith(space)]

    def swap(self, ref: str, version: str | None, text: str) -> bool:
        self.world.step()
        if self.world.is_lost():
            raise Retriable("lost before")
        if self.remote.refs.get(ref, (None, None))[0] != version:
            return False
        self.remote.put(ref, text)
        self.world.step()  # the deed is done; the process may die before it hears
        if self.world.is_lost():
            raise Retriable("lost after")
        return True

    def told_time(self) -> datetime | None:
        return self.world.now if self.told else None


class ReadBack:
    """What most tools do: write the holder, read it back, believe it. It must be caught."""

    name = "read-back"

    def __init__(
        self, field: dict[str, Claim], world: World, clock: Callable[[], datetime]
    ) -> None:
        self.field = field
        self.world = world
        self.clock = clock

    def now(self) -> datetime:
        return self.clock()

    def read(self, key: str) -> Claim | None:
        self.world.step()
        return self.field.get(key)

    def records(self) -> list[Claim]:
        return list(self.field.values())

    def ask(self, ask: Ask) -> Claim:
        held = self.read(ask.key)
        after = follow(held, ask, self.clock())
        if after is None:
            raise refused(held, ask)
        self.world.step()
        self.field[ask.key] = after
        seen = self.read(ask.key)
        if seen != after and ask.act is not Act.RELEASE:
            raise Conflict("somebody was faster")
        return after


class FakeLog:
    """One item's revisions on a server; each client reads a replica of its own that may lag."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.entries: list[Entry] = []

    def write(self, user: str, token: str) -> None:
        self.entries.append(Entry(len(self.entries), self.world.now, user, token))


class LogOf:
    """What one client sees: always a prefix, unless `gaps` breaks the promise."""

    def __init__(self, log: FakeLog, user: str, lag: int, *, gaps: bool = False) -> None:
        self.log = log
        self.world = log.world
        self.user = user
        self.lag = lag
        self.gaps = gaps

    def entries(self, _key: str) -> list[Entry]:
        self.world.step()
        if self.world.is_lost():
            raise Retriable("no answer")
        seen = list(self.log.entries)
        missing = self.world.rng.randint(0, self.lag)
        if self.gaps and len(seen) > 1:  # its own write is there, one of another is not
            del seen[-2]
            return [replace(one, number=place) for place, one in enumerate(seen)]
        return seen[: len(seen) - missing]

    def write(self, _key: str, token: str) -> None:
        self.world.step()
        if self.world.is_lost():
            raise Retriable("lost before")
        self.log.write(self.user, token)
        self.world.step()
        if self.world.is_lost():  # the client library sends it once more
            self.log.write(self.user, token)
            self.world.step()
        if self.world.is_lost():
            raise Retriable("lost after")

    def told_time(self) -> datetime:
        return self.world.now


class Hopeful:
    """Looks whether a story is free, then takes it by force: two steps where one is needed."""

    def __init__(self, inner: Arbiter) -> None:
        self.inner = inner
        self.name = inner.name

    def now(self) -> datetime:
        return self.inner.now()

    def read(self, key: str) -> Claim | None:
        return self.inner.read(key)

    def records(self) -> list[Claim] | None:
        return self.inner.records()

    def ask(self, ask: Ask) -> Claim:
        if ask.act is Act.TAKE and follow(self.inner.read(ask.key), ask, self.inner.now()):
            ask = replace(ask, act=Act.STEAL)
        return self.inner.ask(ask)


class Remote:
    """An arbiter behind a network: steps and lost replies around another one's verbs."""

    def __init__(self, inner: Arbiter, world: World) -> None:
        self.inner = inner
        self.world = world

    @property
    def name(self) -> str:
        return self.inner.name

    def now(self) -> datetime:
        return self.inner.now()

    def read(self, key: str) -> Claim | None:
        self.world.step()
        return self.inner.read(key)

    def records(self) -> list[Claim] | None:
        self.world.step()
        if self.world.is_lost():
            raise Retriable("no answer")
        return self.inner.records()

    def ask(self, ask: Ask) -> Claim:
        self.world.step()
        if self.world.is_lost():
            raise Retriable("lost before")
        made = self.inner.ask(ask)
        self.world.step()
        if self.world.is_lost():
            raise Retriable("lost after")
        return made
