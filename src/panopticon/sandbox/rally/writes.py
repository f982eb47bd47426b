"""The write calls: create, update, delete, copy, collection changes, ranking and batches."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson

from panopticon.sandbox.faults import Refusal
from panopticon.sandbox.rally import rank, reference
from panopticon.sandbox.rally.fetch import VERSION, Json
from panopticon.sandbox.rally.objects import Commit, Thing
from panopticon.sandbox.rally.path import Target, target
from panopticon.sandbox.rally.reads import Reading
from panopticon.sandbox.rally.select import ordered
from panopticon.sandbox.rally.trouble import Trouble
from panopticon.sandbox.rally.unit import Unit
from panopticon.sandbox.rally.write import Members, Pen

_CLASSES = {"HierarchicalRequirement": "UserStory"}
_RANKS = ("rankAbove", "rankBelow", "rankTo")


@dataclass(frozen=True, slots=True)
class Writing:
    """One write: where it is read from, how it is committed, and the faults it may meet."""

    reading: Reading
    commit: Callable[[Commit | None], None]
    conflicts: Callable[[], bool]
    refusal: Refusal

    def answer(self, aim: Target) -> Json:
        """Answer a POST, PUT or DELETE in the envelope of its call."""
        name = "CreateResult" if aim.verb in {"create", "copy"} else "OperationResult"
        return {name: self.result(aim)}

    def batch(self, aim: Target) -> Json:
        """Answer a batch: one entry after the other, each for itself."""
        entries = self._json().get("Batch")
        if not isinstance(entries, list):
            raise Trouble("Could not parse: Batch must be an array of entries")
        results = [self._entry(entry, aim) for entry in entries]
        return {"BatchResult": {"Errors": [], "Warnings": aim.warnings, "Results": results}}

    def _entry(self, entry: Any, aim: Target) -> Json:
        wrapped = entry.get("Entry", entry) if isinstance(entry, dict) else {}
        address = urlsplit(str(wrapped.get("Path", "")))
        request = replace(
            self.reading.request,
            method=str(wrapped.get("Method", "POST")).upper(),
            query=self.reading.request.query | dict(parse_qsl(address.query)),
            body=orjson.dumps(wrapped.get("Body") or {}),
        )
        one = replace(self, reading=replace(self.reading, request=request))
        root = "/slm/webservice/" + aim.base.rpartition("/")[2]
        try:
            inner = target(root + "/" + address.path.lstrip("/"), request.origin, self._names())
            if request.method == "GET":
                return next(iter(one.reading.answer(inner).values()))
            return one.result(inner)
        except Trouble as trouble:
            return VERSION | {"Errors": trouble.errors, "Warnings": []}

    def result(self, aim: Target) -> Json:
        """Do it in one transaction; give the envelope's inside."""
        unit = Unit(self.reading.store, self.reading.actor, self.reading.now)
        pen = Pen(unit, self.reading.home(), self.refusal)
        try:
            things = self._act(aim, pen)
        except Trouble as trouble:
            return VERSION | {"Errors": trouble.errors, "Warnings": aim.warnings + pen.warnings}
        change = unit.commit()
        if change is not None and self.conflicts():
            return VERSION | {"Errors": [_conflict(change)], "Warnings": []}
        self.commit(change)
        said = VERSION | {"Errors": [], "Warnings": aim.warnings + pen.warnings}
        return said | self._shown(aim, things)

    def _shown(self, aim: Target, things: list[Thing]) -> Json:
        store = self.reading.store
        writer = self.reading.writer(aim, "full")
        items = [writer.item(thing) for one in things if (thing := store.get(one.oid))]
        if aim.verb == "add":
            return {"Results": items}
        return {"Object": items[0]} if items else {}

    def _act(self, aim: Target, pen: Pen) -> list[Thing]:
        if self.reading.request.method == "DELETE":
            pen.delete(self._thing(aim, "Object to delete cannot be null"))
            return []
        if aim.collection:
            return self._members(aim, pen)
        if aim.verb == "copy":
            return [pen.copy(self._thing(aim, "Cannot find object to read"))]
        wrapper, body = self._wrapped()
        if aim.verb == "create":
            made = pen.create(self._names().kinds[aim.kind], wrapper, body)
            self._rank(pen.unit, made)
            return [made]
        if aim.oid is None:
            raise Trouble("Cannot find object to update")
        missing = (
            f"Could not read: Could not read {aim.kind.rpartition('/')[2]} {aim.oid} to update."
        )
        thing = self._thing(aim, missing)
        self._rank(pen.unit, thing)
        return [pen.update(thing.oid, wrapper, body)]

    def _members(self, aim: Target, pen: Pen) -> list[Thing]:
        thing = self._thing(aim, "Cannot find object to read")
        one = thing.kind.lower.get(aim.collection.lower())
        if one is None or one.type != "COLLECTION" or aim.verb not in {"add", "remove"}:
            raise Trouble("Cannot find object to read")
        _name, items = next(iter(self._json().items()), ("", []))
        if not isinstance(items, list):
            raise Trouble("Could not parse: CollectionItems must be an array of references")
        members = Members(pen, thing, one)
        if aim.verb == "add":
            return members.add(items)
        members.remove(items)
        return []

    def _thing(self, aim: Target, missing: str) -> Thing:
        thing = self.reading.store.get(aim.oid or 0)
        if thing is None or aim.kind not in (thing.kind.name, *thing.kind.ancestors):
            raise Trouble(missing)
        return thing

    def _names(self) -> Any:
        return self.reading.store.schemas[0]

    def _json(self) -> dict[str, Any]:
        try:
            body = orjson.loads(self.reading.request.body or b"{}")
        except orjson.JSONDecodeError as error:
            raise Trouble(
                f"Cannot parse input stream due to I/O error as JSON document: Parse error: {error}"
            ) from error
        if not isinstance(body, dict):
            raise Trouble("Cannot parse input stream as JSON document: expected '{'")
        return body

    def _wrapped(self) -> tuple[str, dict[str, Any]]:
        name, inner = next(iter(self._json().items()), ("", {}))
        if not isinstance(inner, dict):
            raise Trouble(f'Could not parse: "{name}" must be an object')
        return name, inner

    def _rank(self, unit: Unit, thing: Thing) -> None:
        given = {name: self.reading.parameter(name) for name in _RANKS}
        if not any(given.values()) or "DragAndDropRank" not in thing.kind.fields:
            return
        mine = unit.edit(thing.oid)
        if where := given["rankTo"].upper():
            low, high = unit.store.ranks
            mine.values["DragAndDropRank"] = (
                rank.before(low) if where == "TOP" else rank.after(high)
            )
            return
        above = bool(given["rankAbove"])
        other = unit.get(reference.oid_of_ref(given["rankAbove"] or given["rankBelow"]))
        if other is None or not other.text("DragAndDropRank"):
            raise Trouble("Could not read: Could not read referenced object")
        mine.values["DragAndDropRank"] = self._beside(other, mine, above=above)

    def _beside(self, other: Thing, mine: Thing, *, above: bool) -> str:
        """Find the rank between an object and its neighbour of the same sort."""
        store = self.reading.store
        here = store.by_kind[(other.workspace, other.kind.name)]
        rest = [store.things[oid] for oid in here if oid != mine.oid]
        line = ordered(rest, "Rank", [other.kind], store)
        place = line.index(other) + (-1 if above else 1)
        own = other.text("DragAndDropRank")
        if not 0 <= place < len(line):
            return rank.before(own) if above else rank.after(own)
        return rank.between(own, line[place].text("DragAndDropRank"))


def _conflict(change: Commit) -> str:
    changed = [(oid, one) for oid, one in change.changes if not one or one.kind.name != "Revision"]
    oid, thing = changed[0]
    kind = thing.kind.element if thing else "Artifact"
    return (
        "Concurrency conflict: [Object has been modified since being read for update in this"
        " context] - ConcurrencyConflictException : Modified since read on update : Object Class :"
        f" com.f4tech.slm.domain.{_CLASSES.get(kind, kind)} : ObjectID : {oid}"
    )
