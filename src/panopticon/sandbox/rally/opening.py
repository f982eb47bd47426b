"""Opens the simulated Rally: its data from the seed or a file, its keys, and what is told of it."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from panopticon.sandbox.catalog import product
from panopticon.sandbox.journal import Journal
from panopticon.sandbox.options import Options
from panopticon.sandbox.rally.auth import Account, Door
from panopticon.sandbox.rally.objects import Commit, Objects, Thing
from panopticon.sandbox.rally.seed import Seed, first_user, places
from panopticon.sandbox.rally.server import Rally
from panopticon.sandbox.rally.unit import Actor

PREFIX = "/slm"
API_KEY = "_sandbox0FullAccessKeyOfTheSimulatedRally0000"
READ_ONLY_KEY = "_sandbox0ReadOnlyKeyOfTheSimulatedRally00000"
MEMBER_KEY = "_sandbox0KeyOfAMemberWhoIsNoAdministrator000"
PASSWORD = "sandbox"  # noqa: S105 - the simulator's, not a secret


@dataclass(frozen=True, slots=True)
class Place:
    """A workspace or project by name and id."""

    name: str
    oid: int


@dataclass(frozen=True, slots=True)
class Access:
    """What a client is told."""

    api_key: str
    read_only_key: str
    username: str
    password: str
    workspace: Place
    project: Place


class Shelf:
    """The objects as rows of a journal."""

    def __init__(self, store: Objects) -> None:
        """Keep the store."""
        self.store = store

    @property
    def generation(self) -> int:
        """Give the number of the last commit."""
        return self.store.generation

    def rows(self) -> Iterator[list[Any]]:
        """Give every object, workspaces first."""
        things = self.store.things.values()
        for one in sorted(things, key=lambda one: one.kind.name != "Workspace"):
            yield row(one.oid, one)

    def restore(self, number: int, rows: list[Any]) -> None:
        """Apply rows one by one: a type's custom fields must be known before its objects."""
        for oid, *rest in rows:
            thing = None
            if rest:
                name, version, values = rest
                kinds = self.store.schema(values.get("Workspace") or 0).kinds
                thing = Thing(kinds[name], oid, values, version)
            self.store.apply(Commit(number, ((oid, thing),)))


def row(oid: int, thing: Thing | None) -> list[Any]:
    """Write an object, or that it is gone."""
    return [oid] if thing is None else [oid, thing.kind.name, thing.version, thing.values]


def opened(options: Options, journal: Journal | None) -> Rally:
    """Begin with what the journal has, or with the seed's data."""
    store = Objects()
    shelf = Shelf(store)
    if journal is None or not journal.load(shelf):
        now = options.clock()
        data = options.product or product(options.stories, options.seed, now)
        Seed(store, now, lock_fields=options.lock_fields).fill(data)
        if journal:
            journal.snapshot(shelf)
    rally = Rally(store, _door(store), options.clock)
    rally.told = asdict(access(store))
    if journal:
        rally.keep = lambda commit: journal.append(
            commit.number, [row(oid, thing) for oid, thing in commit.changes]
        )
    return rally


def access(store: Objects) -> Access:
    """Tell how to come in, and where."""
    name = store.things[first_user(store)].text("UserName")
    workspace, project = (Place(*place) for place in places(store))
    return Access(API_KEY, READ_ONLY_KEY, name, PASSWORD, workspace, project)


def _door(store: Objects) -> Door:
    first, second = [*store.by_kind[(0, "User")]][:2]
    return Door(
        [
            Account(Actor(first), API_KEY, store.things[first].text("UserName"), PASSWORD),
            Account(Actor(first, writes=False, admin=False), READ_ONLY_KEY),
            Account(
                Actor(second, admin=False),
                MEMBER_KEY,
                store.things[second].text("UserName"),
                PASSWORD,
            ),
        ]
    )
