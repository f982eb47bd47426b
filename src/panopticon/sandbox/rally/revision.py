"""What a revision says: UPPER-CASE display names and the values before and after."""

from typing import TYPE_CHECKING

from panopticon.sandbox.rally import dates
from panopticon.sandbox.rally.fetch import name_of, value_of
from panopticon.sandbox.rally.kinds import Field
from panopticon.sandbox.rally.objects import Thing

if TYPE_CHECKING:
    from panopticon.sandbox.rally.unit import Unit

_TOO_LONG = 2000


def parts(unit: "Unit", old: Thing, new: Thing) -> list[str]:
    """Describe what changed, field by field, in schema order."""
    said = [
        part
        for one in new.kind.fields.values()
        if not (one.silent or one.compute) and old.values.get(one.name) != new.values.get(one.name)
        for part in _change(unit, one, old, new)
    ]
    moved = old.text("DragAndDropRank"), new.text("DragAndDropRank")
    if moved[0] != moved[1]:
        said.append(f"RANK moved {'up' if moved[1] < moved[0] else 'down'}")
    return said


def _change(unit: "Unit", one: Field, old: Thing, new: Thing) -> list[str]:
    title = one.display.upper()
    if one.type == "COLLECTION":
        return _members(unit, title, old.members(one.name), new.members(one.name))
    before, after = _shown(unit, one, old), _shown(unit, one, new)
    if before == after:
        return []
    if not before:
        return [f"{title} added [{after}]"]
    if not after and one.type == "OBJECT":
        return [f"{title} removed [{before}]"]
    return [f"{title} changed from [{before}] to [{after}]"]


def _members(unit: "Unit", title: str, old: list[int], new: list[int]) -> list[str]:
    gone = [f"{title} removed [{_name(unit, oid)}]" for oid in old if oid not in new]
    return gone + [f"{title} added [{_name(unit, oid)}]" for oid in new if oid not in old]


def _shown(unit: "Unit", one: Field, thing: Thing) -> str:
    value = value_of(unit.store, thing, one)
    if value is None or value == {}:
        return ""
    match one.type:
        case "OBJECT":
            return _name(unit, value)
        case "DATE":
            return dates.long(str(value))
        case "BOOLEAN":
            return str(value).lower()
        case _:
            text = str(value)
            return text if len(text) < _TOO_LONG else "value too long to display"


def _name(unit: "Unit", oid: object) -> str:
    other = unit.get(oid) if isinstance(oid, int) else None
    if other is None:
        return str(oid)
    number, name = other.text("FormattedID"), name_of(unit.store, other) or ""
    return f"{number}: {name}" if number else name
