"""All objects of the simulated subscription, in memory, with the indexes that keep reads fast.

Law: objects change only through `apply`, one commit at a time, so that a commit is whole or absent
in the store, in the journal and in a lagging replica alike.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from panopticon.sandbox.rally.kinds import Field, Kind, Schema

STEP = 4  # an object's id; +1 is its revision history, +2 its revision 0
FIRST = 1 << 37
_ODD, _MASK = 0x9E3779B97F4A7C15, (1 << 64) - 1
_INVERSE = pow(_ODD, -1, 1 << 64)
_LINKS = {
    "Artifact.Tags",
    "HierarchicalRequirement.Iteration",
    "Project.TeamMembers",
    "Workspace.Subscriber",
}

Value = object
Key = tuple[int, str]


class Thing:
    """One object: its kind, id, version and what is stored of its fields."""

    __slots__ = ("kind", "oid", "values", "version")

    def __init__(self, kind: Kind, oid: int, values: dict[str, Value], version: int = 1) -> None:
        """Keep the values; references are ids, dates are text, collections lists of ids."""
        self.kind = kind
        self.oid = oid
        self.values = values
        self.version = version

    @property
    def workspace(self) -> int:
        """Give the workspace it lives in; 0 for what belongs to the subscription."""
        return self.oid if self.kind.name == "Workspace" else self.number("Workspace")

    def text(self, name: str) -> str:
        """Read a text field."""
        value = self.values.get(name)
        return value if isinstance(value, str) else ""

    def number(self, name: str) -> int:
        """Read an id or a whole number; 0 when unset."""
        value = self.values.get(name)
        return value if isinstance(value, int) else 0

    def amount(self, name: str) -> float:
        """Read a quantity; 0 when unset."""
        value = self.values.get(name)
        return float(value) if isinstance(value, int | float) else 0.0

    def members(self, name: str) -> list[int]:
        """Read a stored collection."""
        value = self.values.get(name)
        return value if isinstance(value, list) else []

    def copy(self) -> "Thing":
        """Copy for a change."""
        return Thing(self.kind, self.oid, dict(self.values), self.version)


@dataclass(frozen=True, slots=True)
class Commit:
    """What one transaction changed; None means gone."""

    number: int
    changes: tuple[tuple[int, Thing | None], ...]


def uuid_of(oid: int) -> str:
    """Derive an object's UUID from its id; `oid_of` turns it back."""
    a, b = f"{oid * _ODD & _MASK:016x}", f"{(oid + 7) * _INVERSE & _MASK:016x}"
    return f"{a[:8]}-{a[8:12]}-4{b[:3]}-a{b[3:6]}-{a[12:]}{b[6:14]}"


def oid_of(uuid: str) -> int:
    """Turn a UUID, dashed or not, back into an id; a foreign UUID gives an id nobody has."""
    digits = uuid.replace("-", "").lower()
    oid = int(digits[:12] + digits[20:24], 16) * _INVERSE & _MASK
    oid = oid if oid < 1 << 63 else oid - (1 << 64)  # standard definitions have negative ids
    return oid if uuid_of(oid).replace("-", "") == digits else 0


class Objects:
    """The object store of one server, or of its replica."""

    def __init__(self) -> None:
        """Start empty."""
        self.things: dict[int, Thing] = {}
        self.schemas: dict[int, Schema] = {0: Schema()}
        self.by_kind: dict[Key, dict[int, None]] = {}
        self.by_updated: dict[Key, list[tuple[str, int]]] = {}
        self.by_number: dict[str, list[int]] = {}
        self.back: dict[tuple[str, int], dict[int, None]] = {}
        self.top: dict[Key, int] = {}
        self.links: dict[Kind, tuple[tuple[str, str], ...]] = {}
        self.generation = 0
        self.next_oid = FIRST
        self.ranks = ["", ""]

    def apply(self, commit: Commit) -> None:
        """Make a commit's changes visible, all of them."""
        for oid, thing in commit.changes:
            self._forget(oid)
            if thing is not None:
                self._learn(thing)
                self._index(thing)
        self.generation = commit.number

    def adopt(self, thing: Thing) -> Thing:
        """Give a thing of another store this store's own kind."""
        kind = self.schema(thing.workspace).kinds[thing.kind.name]
        return Thing(kind, thing.oid, thing.values, thing.version)

    def schema(self, workspace: int) -> Schema:
        """Give the types as a workspace sees them."""
        return self.schemas.get(workspace) or self.schemas[0]

    def get(self, oid: int) -> Thing | None:
        """Find an object, the implied ones (revision history, revision 0) included."""
        found = self.things.get(oid)
        if found is not None or oid < FIRST or oid % STEP not in {1, 2}:
            return found
        owner = self.things.get(oid - oid % STEP)
        if owner is None or "RevisionHistory" not in owner.kind.fields:
            return None
        return self._history(owner) if oid % STEP == 1 else self._original(owner)

    def of(self, workspace: int, kind: Kind) -> dict[int, None]:
        """List the ids of a concrete kind; subscription-wide kinds ignore the workspace."""
        shared = "Workspace" not in kind.fields
        return self.by_kind.get((0 if shared else workspace, kind.name), {})

    def members(self, thing: Thing, field: Field) -> list[int]:
        """List a collection's members that still exist."""
        if field.stored_collection:
            return [oid for oid in thing.members(field.name) if oid in self.things]
        if field.compute == "ancestors":
            return [*self._above(thing)]
        found = [*self.back.get((field.inverse or field.mirror, thing.oid), ())]
        if field.inverse == "Revision.RevisionHistory":
            return [thing.oid + 1, *found] if thing.oid % STEP == 1 else found
        return found

    def count(self, thing: Thing, field: Field) -> int:
        """Count a collection's members."""
        return len(self.members(thing, field))

    def inverse(self, spec: str, oid: int) -> Iterator[Thing]:
        """Follow a reference backwards."""
        return (self.things[one] for one in [*self.back.get((spec, oid), ())])

    def allocate(self, count: int = 1) -> int:
        """Reserve ids and give the first."""
        first = self.next_oid
        self.next_oid += STEP * count
        return first

    def number(self, workspace: int, prefix: str) -> int:
        """Give the next free FormattedID number of a prefix."""
        return self.top.get((workspace, prefix), 0) + 1

    def implied(self, workspace: int) -> Iterator[int]:
        """List the revision 0 of everything that has a history."""
        for thing in [*self.things.values()]:
            if thing.workspace == workspace and "RevisionHistory" in thing.kind.fields:
                yield thing.oid + 2

    def _above(self, thing: Thing) -> Iterator[int]:
        """Walk up from a story to its parents, features and epics."""
        while (oid := thing.number("Parent") or thing.number("PortfolioItem")) in self.things:
            yield oid
            thing = self.things[oid]

    def _history(self, owner: Thing) -> Thing:
        kind = self.schema(owner.workspace).kinds["RevisionHistory"]
        return Thing(kind, owner.oid + 1, _implied(owner))

    def _original(self, owner: Thing) -> Thing:
        kind = self.schema(owner.workspace).kinds["Revision"]
        values = _implied(owner) | {
            "Description": "Original revision",
            "RevisionHistory": owner.oid + 1,
            "RevisionNumber": 0,
            "User": owner.values.get("CreatedBy"),
        }
        return Thing(kind, owner.oid + 2, values)

    def _learn(self, thing: Thing) -> None:
        name = thing.kind.name
        if name == "Workspace" and thing.oid not in self.schemas:
            self.schemas[thing.oid] = Schema()
        elif name == "AttributeDefinition" and thing.values.get("Custom"):
            self._learn_field(thing)

    def _learn_field(self, thing: Thing) -> None:
        values = thing.values
        kind = self.schema(thing.workspace).kinds[str(values["Owner"])]
        options = values.get("Options")
        kind.learn(
            Field(
                name=str(values["ElementName"]),
                type=str(values["AttributeType"]),
                target=str(values.get("Target") or ""),
                display=str(values["Name"]),
                required=bool(values.get("Required")),
                allowed=tuple(map(str, options)) if isinstance(options, list) else (),
                custom=True,
            )
        )

    def _index(self, thing: Thing) -> None:
        self.things[thing.oid] = thing
        key = (thing.number("Workspace"), thing.kind.name)
        self.by_kind.setdefault(key, {})[thing.oid] = None
        if updated := thing.text("LastUpdateDate"):
            _insert(self.by_updated.setdefault(key, []), (updated, thing.oid))
        if number := thing.text("FormattedID"):
            self.by_number.setdefault(number, []).append(thing.oid)
            place = (key[0], thing.kind.prefix)
            digits = number[len(thing.kind.prefix) :]
            self.top[place] = max(self.top.get(place, 0), int(digits))
        if rank := thing.text("DragAndDropRank"):
            self.ranks = [min(self.ranks[0] or rank, rank), max(self.ranks[1], rank)]
        for spec, target in self._targets(thing):
            self.back.setdefault((spec, target), {})[thing.oid] = None
        self.next_oid = max(self.next_oid, thing.oid + STEP - thing.oid % STEP)

    def _forget(self, oid: int) -> None:
        old = self.things.pop(oid, None)
        if old is None:
            return
        key = (old.number("Workspace"), old.kind.name)
        self.by_kind[key].pop(oid, None)
        if updated := old.text("LastUpdateDate"):
            row = self.by_updated[key]
            row.pop(bisect_left(row, (updated, oid)))
        if number := old.text("FormattedID"):
            self.by_number[number].remove(oid)
        for spec, target in self._targets(old):
            self.back[(spec, target)].pop(oid, None)

    def _targets(self, thing: Thing) -> Iterable[tuple[str, int]]:
        for name, spec in self._links_of(thing.kind):
            value = thing.values.get(name)
            if isinstance(value, int):
                yield spec, value
            elif isinstance(value, list):
                for one in value:
                    yield spec, one

    def _links_of(self, kind: Kind) -> tuple[tuple[str, str], ...]:
        if kind not in self.links:
            names = (kind.name, *kind.ancestors)
            pairs = (spec.rsplit(".", 1) for spec in specs(self.schemas[0]))
            self.links[kind] = tuple((f, f"{owner}.{f}") for owner, f in pairs if owner in names)
        return self.links[kind]


def specs(schema: Schema) -> list[str]:
    """List every reference that some collection reads backwards."""
    fields = [one for kind in schema.kinds.values() for one in kind.fields.values()]
    return sorted(_LINKS | {f.inverse or f.mirror for f in fields if f.inverse or f.mirror})


def _implied(owner: Thing) -> dict[str, Value]:
    return {
        "Workspace": owner.number("Workspace"),
        "CreationDate": owner.values.get("CreationDate"),
    }


def _insert(row: list[tuple[str, int]], item: tuple[str, int]) -> None:
    if not row or row[-1] < item:
        row.append(item)
    else:
        insort(row, item)
