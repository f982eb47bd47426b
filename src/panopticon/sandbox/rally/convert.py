"""JSON values into stored ones, refused with the real texts where Rally would refuse."""

import base64
import binascii
import math
import re
from collections.abc import Callable
from dataclasses import dataclass

from panopticon.sandbox.rally import dates, reference
from panopticon.sandbox.rally.kinds import Field, Kind
from panopticon.sandbox.rally.objects import Thing
from panopticon.sandbox.rally.trouble import Trouble
from panopticon.sandbox.rally.unit import Unit

_HTML = re.compile(
    r"<\s*/?\s*(script|iframe|object|embed|form|meta)\b|<[^>]*\bon\w+\s*=|javascript:",
    re.IGNORECASE,
)
_WHITELIST = "contained invalid input. Search 'HTML Whitelist' at help.rallydev.com for details."


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value goes: the object, its field, and the transaction."""

    unit: Unit
    thing: Thing
    field: Field

    @property
    def kind(self) -> Kind:
        """Give the object's kind."""
        return self.thing.kind

    @property
    def label(self) -> str:
        """Name the field in a validation text: standard by attribute, custom by display name."""
        return f"{self.kind.element}.{self.field.display if self.field.custom else self.field.name}"


def stored(place: Place, value: object) -> object:
    """Convert one value for its field."""
    if place.field.type == "COLLECTION":
        return members(place, value)
    if value is None or (value == "" and place.field.type not in {"STRING", "TEXT"}):
        _refuse_nothing(place)
        return None
    convert = _CONVERSIONS.get(place.field.type)
    return convert(place, value) if convert else value


def _refuse_nothing(place: Place) -> None:
    if place.field.required:
        raise Trouble(f"Validation error: {place.label} should not be null")
    if place.field.type == "STATE":
        raise _unfit(place, "null")


def _text(place: Place, value: object) -> str | None:
    text = str(value)
    if place.field.required and not text.strip():
        raise Trouble(f"Validation error: {place.label} should not be null")
    if place.field.allowed and text and text not in place.field.allowed:
        raise _unfit(place, text)
    if len(text) > place.field.max_length:
        raise Trouble(
            f"Validation error: {place.label} length is greater than the maximum length"
            f" of {place.field.max_length}"
        )
    if _HTML.search(text):
        raise Trouble(*_refused(place))
    return text or None


def _refused(place: Place) -> list[str]:
    said = [f"Validation error: {place.label} {_WHITELIST}"]
    if place.field.name == "Name" and place.kind.name == "HierarchicalRequirement":
        said.insert(0, f"Validation error: Card.WorkProductName {_WHITELIST}")
    return said


def _choice(place: Place, value: object) -> object:
    if value == "None" and place.field.type == "RATING":
        return None
    if not isinstance(value, str) or value not in place.field.allowed:
        raise _unfit(place, value)
    return value


def _unfit(place: Place, value: object) -> Trouble:
    kind, name = place.kind.element, place.field.name
    return Trouble(
        f'Could not convert: "{name}" must be a string : Conversion method name : '
        f"com.f4tech.slm.convert.{kind}Conversion.get{name}Named : value to convert : {value}"
        " : type to convert : class com.f4tech.slm.domain.Rating : valid set is : "
        f"({','.join(place.field.allowed)})"
    )


def _number(place: Place, value: object) -> int | float:
    try:
        number = float(value) if isinstance(value, str | int | float) else math.nan
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise Trouble(
            f"Could not convert: {place.field.name} : value to convert : {value}"
            " : type to convert : class java.math.BigDecimal"
        )
    return int(number) if place.field.type == "INTEGER" else number


def _date(place: Place, value: object) -> str:
    moment = dates.exact(str(value))
    return dates.cut(moment, place.field.cut) if place.field.cut else moment


def _binary(_place: Place, value: object) -> str:
    text = str(value)
    try:
        base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise Trouble(
            f"Could not convert:  : value to convert : {text} : type to convert : class [B"
        ) from error
    return text


def linked(place: Place, value: object) -> int:
    """Resolve a reference, and refuse what may not be connected."""
    oid = reference.oid_of_ref(value)
    other = place.unit.get(oid)
    if other is None or not fits(other, place.field.target):
        raise Trouble(f"Could not read: Could not read referenced object {oid}")
    mine, theirs = place.thing.workspace, other.workspace
    title = place.field.display
    if mine and theirs and mine != theirs and place.field.name != "Workspace":
        raise Trouble(
            f"Could not set value for {title}: Cannot connect object to value, {title} value is"
            f" in a different workspace. [object workspace OID={mine}, value workspace OID={theirs}"
        )
    return oid


def members(place: Place, value: object) -> list[int]:
    """Resolve a whole collection."""
    if not isinstance(value, list):
        raise Trouble(f'Could not parse: "{place.field.name}" must be an array of references')
    found = [linked(place, one) for one in value]
    return [*dict.fromkeys(found)]


def fits(thing: Thing, target: str) -> bool:
    """Tell whether an object is of a kind, or of one that the kind stands for."""
    return not target or target in (thing.kind.name, *thing.kind.ancestors)


_CONVERSIONS: dict[str, Callable[[Place, object], object]] = {
    "STRING": _text,
    "TEXT": _text,
    "RATING": _choice,
    "STATE": _choice,
    "INTEGER": _number,
    "QUANTITY": _number,
    "DECIMAL": _number,
    "BOOLEAN": lambda _place, value: str(value).lower() == "true",
    "DATE": _date,
    "OBJECT": linked,
    "BINARY_DATA": _binary,
}
