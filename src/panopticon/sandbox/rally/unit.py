"""A unit of work: changes gathered on copies, then committed whole with their revisions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from panopticon.sandbox.rally import dates, rank, revision
from panopticon.sandbox.rally.kinds import Kind
from panopticon.sandbox.rally.objects import Commit, Objects, Thing, Value


@dataclass(frozen=True, slots=True)
class Actor:
    """Who works: the user's object id, and what the key allows."""

    user: int
    writes: bool = True
    admin: bool = True


class Unit:
    """One transaction over the store."""

    def __init__(self, store: Objects, actor: Actor, now: datetime) -> None:
        """Begin."""
        self.store = store
        self.actor = actor
        self.now = now
        self.changed: dict[int, Thing | None] = {}
        self.extra: dict[int, list[str]] = {}

    def get(self, oid: int) -> Thing | None:
        """Read, own changes included."""
        return self.changed[oid] if oid in self.changed else self.store.get(oid)

    def edit(self, oid: int) -> Thing:
        """Give a copy that may be changed."""
        thing = self.changed.get(oid)
        if thing is None:
            thing = self.store.things[oid].copy()
            self.changed[oid] = thing
        return thing

    def new(self, kind: Kind, workspace: int, values: dict[str, Value]) -> Thing:
        """Make an object with everything the server fills in."""
        oid = self.store.allocate()
        stamp = dates.wire(self.now)
        made: dict[str, Value] = {"CreationDate": stamp}
        if "Workspace" in kind.fields:
            made["Workspace"] = workspace
        stamps: dict[str, Value] = {"LastUpdateDate": stamp, "CreatedBy": self.actor.user}
        made |= {name: value for name, value in stamps.items() if name in kind.fields}
        if kind.prefix:
            made["FormattedID"] = f"{kind.prefix}{self._number(workspace, kind.prefix)}"
        if "DragAndDropRank" in kind.fields:
            made["DragAndDropRank"] = rank.after(self.store.ranks[1])
        thing = Thing(kind, oid, made | values)
        self.changed[oid] = thing
        return thing

    def delete(self, oid: int) -> None:
        """Remove an object."""
        self.changed[oid] = None

    def note(self, oid: int, text: str) -> None:
        """Add a part to the revision that the object's change will write."""
        self.extra.setdefault(oid, []).append(text)

    def inverse(self, spec: str, oid: int) -> Iterator[Thing]:
        """Follow a reference backwards, own changes included."""
        kind, _, name = spec.rpartition(".")
        for thing in self.store.inverse(spec, oid):
            if thing.oid not in self.changed:
                yield thing
        for one in [*self.changed.values()]:
            if one and kind in (one.kind.name, *one.kind.ancestors):
                value = one.values.get(name)
                if value == oid or (isinstance(value, list) and oid in value):
                    yield one

    def commit(self) -> Commit | None:
        """Number the new versions, write the revisions, and give what is to be applied."""
        stamp = dates.wire(self.now)
        changes: list[tuple[int, Thing | None]] = []
        for oid, thing in [*self.changed.items()]:
            old = self.store.things.get(oid)
            if thing is not None and old is not None:
                parts = revision.parts(self, old, thing) + self.extra.get(oid, [])
                if old.values == thing.values:
                    continue
                thing.version = old.version + 1
                if "LastUpdateDate" in thing.kind.fields:
                    thing.values["LastUpdateDate"] = stamp
                changes.extend(self._revision(thing, parts))
            changes.append((oid, thing))
        return Commit(self.store.generation + 1, tuple(changes)) if changes else None

    def _revision(self, thing: Thing, parts: list[str]) -> Iterator[tuple[int, Thing]]:
        if not parts or "RevisionHistory" not in thing.kind.fields:
            return
        kind = self.store.schema(thing.workspace).kinds["Revision"]
        known = self.store.back.get(("Revision.RevisionHistory", thing.oid + 1), ())
        values: dict[str, Value] = {
            "Workspace": thing.number("Workspace"),
            "CreationDate": dates.wire(self.now),
            "Description": ", ".join(parts),
            "RevisionHistory": thing.oid + 1,
            "RevisionNumber": len(known) + 1,
            "User": self.actor.user,
        }
        oid = self.store.allocate()
        yield oid, Thing(kind, oid, values)

    def _number(self, workspace: int, prefix: str) -> int:
        mine = [
            int(thing.text("FormattedID")[len(prefix) :])
            for thing in self.changed.values()
            if thing and thing.kind.prefix == prefix and thing.workspace == workspace
        ]
        return max([*(n + 1 for n in mine), self.store.number(workspace, prefix)])
