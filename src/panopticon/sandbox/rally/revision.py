"""What a revision says: UPPER-CASE display names and the values before and after."""

from typing import Protocol

from panopticon.sandbox.rally import dates
from panopticon.sandbox.rally.fetch import name_of, value_of
from panopticon.sandbox.rally.kinds import Field
from panopticon.sandbox.rally.objects import Objects, Thing

_TOO_LONG = 2000


class Known(Protocol):
    """Where objects are looked up, the change under way included."""

    store: Objects

    def get(self, oid: int) -> Thing | None:
        """Find an object as the change leaves it."""


def parts(known: Known, old: Thing, new: Thing) -> list[str]:
    """Describe what changed, field by field, in schema order."""
    said = [
        part
        for one in new.kind.fields.values()
        if not (one.silent or one.compute) and old.values.get(one.name) != new.values.get(one.name)
        for part in _change(known, one, old, new)
    ]
    moved = old.text("DragAndDropRank"), new.text("DragAndDropRank")
    if moved[0] != moved[1]:
        said.append(f"RANK moved {'up' if moved[1] < moved[0] else 'down'}")
    return said


def _change(known: Known, one: Field, old: Thing, new: Thing) -> list[str]:
    title = one.display.upper()
    if one.type == "COLLECTION":
        return _members(known, title, old.members(one.name), new.members(one.name))
    before, after = _shown(known, one, old), _shown(known, one, new)
    if before == after and one.type != "DATE":  # two moments of one second read the same
        return []
    if not before:
        return [f"{title} added [{after}]"]
    if not after and one.type == "OBJECT":
        return [f"{title} removed [{before}]"]
    return [f"{title} changed from [{before}] to [{after}]"]


def _members(known: Known, title: str, old: list[int], new: list[int]) -> list[str]:
    gone = [f"{title} removed [{_name(known, oid)}]" for oid in old if oid not in new]
    return gone + [f"{title} added [{_name(known, oid)}]" for oid in new if oid not in old]


def _shown(known: Known, one: Field, thing: Thing) -> str:
    value = value_of(known.store, thing, one)
    if value is None or value == {}:
        return ""
    match one.type:
        case "OBJECT":
            return _name(known, value)
        case "DATE":
            return dates.long(str(value))
        case "BOOLEAN":
            return str(value).lower()
        case _:
            text = str(value)
            return text if len(text) < _TOO_LONG else "value too long to display"


def _name(known: Known, oid: object) -> str:
    other = known.get(oid) if isinstance(oid, int) else None
    if other is None:
        return str(oid)
    number, name = other.text("FormattedID"), name_of(known.store, other) or ""
    return f"{number}: {name}" if number else name
