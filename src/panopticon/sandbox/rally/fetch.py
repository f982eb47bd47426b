"""Fetch lists and the shapes of objects in replies: bare, fetched, full, nested and compact."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field as dataclass_field
from datetime import datetime
from typing import Any

import orjson

from panopticon.sandbox.rally import dates
from panopticon.sandbox.rally.kinds import Field, Kind
from panopticon.sandbox.rally.objects import Objects, Thing, uuid_of
from panopticon.sandbox.rally.rollup import COMPUTED

Json = dict[str, Any]
VERSION = {"_rallyAPIMajor": "2", "_rallyAPIMinor": "0"}
_EMPTY: dict[str, object] = {"TEXT": "", "BOOLEAN": False, "RATING": "None"}
_QUANTITIES = {"QUANTITY", "DECIMAL"}
# Rally adds these unasked when the other is fetched.
_RIDERS = {"formattedid": "directchildrencount", "schedulestate": "blocked"}
_NAMED_LISTS = {"Tag", "Milestone", "AllowedAttributeValue"}
_ENTRY = re.compile(r"([\w.]+)(:summary)?(?:\[([^\]]*)\])?")


@dataclass(frozen=True, slots=True)
class Fetch:
    """What a caller wants to see of each object."""

    everything: bool = False
    names: frozenset[str] = frozenset()
    inside: dict[str, "Fetch"] = dataclass_field(default_factory=dict)
    shallow: bool = False
    summaries: dict[str, tuple[str, ...]] = dataclass_field(default_factory=dict)

    @property
    def nothing(self) -> bool:
        """Tell whether bare references are enough."""
        return not self.everything and not self.names


NOTHING, EVERYTHING = Fetch(), Fetch(everything=True)


def fetch_of(fetch: str | None, shallow: str | None, default: Fetch) -> Fetch:
    """Read the two parameters; quotes around the list are tolerated, unknown names too."""
    if shallow:
        return _listed(shallow, shallow=True)
    text = (fetch or "").strip().strip('"')
    match text.lower():
        case "":
            return default
        case "true":
            return EVERYTHING
        case "false":
            return NOTHING
        case _:
            return _listed(text, shallow=False)


def _listed(text: str, *, shallow: bool) -> Fetch:
    names, inside, summaries = set(), {}, {}
    for name, summary, rest in _ENTRY.findall(text):
        low = name.lower()
        names.add(low)
        if summary:
            summaries[low] = tuple(re.split(r"[;+,]", rest))
        elif shallow:
            inside[low] = _listed(rest.replace(";", ","), shallow=True)
    if not shallow:
        names |= {_RIDERS[name] for name in names & _RIDERS.keys()}
    return Fetch(False, frozenset(names), inside, shallow, summaries)


def value_of(store: Objects, thing: Thing, one: Field) -> object:
    """Read a field as the API shows it, references and collections aside."""
    if one.compute:
        return COMPUTED[one.compute](store, thing)
    value = thing.values.get(one.name)
    if value is None:
        return {} if one.type == "WEB_LINK" else _EMPTY.get(one.type)
    return float(value) if one.type in _QUANTITIES and isinstance(value, int) else value


def name_of(store: Objects, thing: Thing) -> str | None:
    """Give what `_refObjectName` shows: a name, or a user's display or user name."""
    if thing.kind.name == "User":
        return thing.text("DisplayName") or thing.text("UserName")
    label = thing.kind.label
    return (
        str(value_of(store, thing, thing.kind.fields[label]) or "")
        if label in thing.kind.fields
        else None
    )


class Writer:
    """Writes objects for one reply; nested objects that repeat are serialised once."""

    def __init__(
        self, store: Objects, base: str, now: datetime, fetch: Fetch, permission: str = ""
    ) -> None:
        """Keep what every object of the reply shares; `permission` is its `_p`, if asked for."""
        self.permission = permission
        self.store = store
        self.base = base
        self.now = now
        self.fetch = fetch
        self.plans: dict[tuple[Kind, int], list[tuple[str, Callable[[Thing], object]]]] = {}
        self.bare_memo: dict[int, orjson.Fragment] = {}
        self.memo: dict[int, orjson.Fragment] = {}

    def item(self, thing: Thing) -> Json:
        """Write one item of a list, or the object of a create or update."""
        if self.fetch.nothing:
            return self.bare(thing)
        if self.fetch.everything:
            return self.full(thing) | {"_type": thing.kind.name}
        return self._fetched(thing, self.fetch, ())

    def read(self, thing: Thing) -> Json:
        """Write a single read: the same without `_type`."""
        if self.fetch.everything:
            return self.full(thing)
        written = self._fetched(thing, self.fetch, ())
        del written["_type"]
        return written

    def ref(self, thing: Thing) -> str:
        """Spell an object's reference with the host and version of the request."""
        return f"{self.base}/{thing.kind.path}/{thing.oid}"

    def bare(self, thing: Thing) -> Json:
        """Write a plain reference."""
        return self._head(thing, versioned=False) | {"_type": thing.kind.name}

    def full(self, thing: Thing) -> Json:
        """Write every field, in schema order."""
        written = self._head(thing, versioned=True)
        created = thing.text("CreationDate")
        written["CreationDate"] = created or None
        written["_CreatedAt"] = dates.ago(created, self.now) if created else ""
        for name, read in self._plan(thing.kind, EVERYTHING):
            written[name] = read(thing)
        return written

    def _head(self, thing: Thing, *, versioned: bool) -> Json:
        oid = thing.oid
        written: Json = {
            "_rallyAPIMajor": "2",
            "_rallyAPIMinor": "0",
            "_ref": f"{self.base}/{thing.kind.path}/{oid}",
            "_refObjectUUID": uuid_of(oid),
        }
        if versioned:
            written["_objectVersion"] = str(thing.version)
        name = name_of(self.store, thing)
        if name is not None:
            written["_refObjectName"] = name
        if self.permission:
            written["_p"] = self.permission
        return written

    def _fetched(self, thing: Thing, fetch: Fetch, above: tuple[int, ...]) -> Json:
        written = self._head(thing, versioned=True)
        for name, read in self._plan(thing.kind, fetch, (*above, thing.oid)):
            written[name] = read(thing)
        written["_type"] = thing.kind.name
        return written

    def _plan(
        self, kind: Kind, fetch: Fetch, above: tuple[int, ...] = ()
    ) -> list[tuple[str, Callable[[Thing], object]]]:
        # Nested plans know who is above them, so that a circle ends in a plain reference.
        if len(above) > 1:
            return self._made(kind, fetch, above)
        key = (kind, id(fetch))
        if key not in self.plans:
            self.plans[key] = self._made(kind, fetch, ())
        return self.plans[key]

    def _made(
        self, kind: Kind, fetch: Fetch, above: tuple[int, ...]
    ) -> list[tuple[str, Callable[[Thing], object]]]:
        wanted = [
            one
            for low, one in kind.lower.items()
            if (fetch.everything and low != "creationdate") or low in fetch.names
        ]
        return [(one.name, self._reader(one, fetch, above)) for one in wanted]

    def _reader(
        self, one: Field, fetch: Fetch, above: tuple[int, ...]
    ) -> Callable[[Thing], object]:
        if one.type == "OBJECT":
            return lambda thing: self._nested(thing, one, fetch, above)
        if one.type == "COLLECTION":
            return lambda thing: self._collection(thing, one, fetch)
        if one.compute or one.type in _QUANTITIES or one.type == "WEB_LINK":
            return lambda thing: value_of(self.store, thing, one)
        name, empty = (
            one.name,
            None if one.custom and one.type == "RATING" else _EMPTY.get(one.type),
        )
        return lambda thing: thing.values.get(name, empty)

    def _nested(self, thing: Thing, one: Field, fetch: Fetch, above: tuple[int, ...]) -> object:
        oid = value_of(self.store, thing, one)
        other = self.store.get(oid) if isinstance(oid, int) else None
        if other is None:
            return None
        if fetch.shallow:
            inner = fetch.inside.get(one.name.lower(), NOTHING)
            return self.bare(other) if inner.nothing else self._fetched(other, inner, ())
        line = above or (thing.oid,)
        if fetch.everything or not self._shows(other.kind, fetch) or other.oid in line:
            return self._bare_once(other)
        if len(line) > 1:
            return self._fetched(other, fetch, line)
        if other.oid not in self.memo:
            self.memo[other.oid] = _fragment(self._fetched(other, fetch, line))
        return self.memo[other.oid]

    def _shows(self, kind: Kind, fetch: Fetch) -> bool:
        return any(name in kind.lower for name in fetch.names)

    def _bare_once(self, other: Thing) -> orjson.Fragment:
        if other.oid not in self.bare_memo:
            self.bare_memo[other.oid] = _fragment(self.bare(other))
        return self.bare_memo[other.oid]

    def _collection(self, thing: Thing, one: Field, fetch: Fetch) -> Json:
        members = self.store.members(thing, one)
        written: Json = {
            "_rallyAPIMajor": "2",
            "_rallyAPIMinor": "0",
            "_ref": f"{self.base}/{thing.kind.name}/{thing.oid}/{one.name}",
            "_type": one.target,
        }
        if one.target in _NAMED_LISTS and one.stored_collection:
            written["_tagsNameArray"] = [self._named(self.store.things[oid]) for oid in members]
        written["Count"] = len(members)
        if words := fetch.summaries.get(one.name.lower()):
            written["Summary"] = self._summary(members, words)
        return written

    def _named(self, member: Thing) -> Json:
        written: Json = {"Name": name_of(self.store, member)}
        if member.kind.name == "Milestone":
            written["DisplayColor"] = member.values.get("DisplayColor")
            written["TargetDate"] = member.values.get("TargetDate")
        return written | {"_ref": f"/{member.kind.path}/{member.oid}"}

    def _summary(self, members: list[int], words: tuple[str, ...]) -> Json:
        counted: dict[str, dict[str, int]] = {}
        for word in words:
            row = counted.setdefault(word, {})
            for oid in members:
                thing = self.store.things[oid]
                one = thing.kind.lower.get(word.lower())
                value = value_of(self.store, thing, one) if one else None
                row[str(value)] = row.get(str(value), 0) + 1
        return counted


def compact(value: object, base: str, seen: set[str]) -> object:
    """Drop versions, make references relative, and shrink what was written before."""
    if isinstance(value, list):
        return [compact(one, base, seen) for one in value]
    if not isinstance(value, dict):
        return value
    ref = value.get("_ref")
    if isinstance(ref, str):
        short = ref.removeprefix(base)
        if short in seen and "Count" not in value:
            return {"_ref": short}
        seen.add(short)
        value = value | {"_ref": short}
    dropped = {*VERSION, "_objectVersion"}
    return {k: compact(v, base, seen) for k, v in value.items() if k not in dropped}


def _fragment(value: Json) -> orjson.Fragment:
    return orjson.Fragment(escaped(orjson.dumps(value)))


def escaped(text: bytes) -> bytes:
    """Write angle brackets as Rally does; inside JSON they stand in strings only."""
    return text.replace(b"<", b"\\u003C").replace(b">", b"\\u003E")
