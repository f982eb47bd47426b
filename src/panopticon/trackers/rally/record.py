"""Typed reads of WSAPI objects: replies are parsed here, at the edge, and nowhere else."""

from collections.abc import Mapping
from datetime import UTC, datetime

from panopticon.model.issue import Json

Record = Mapping[str, Json]
_NUMBERS = (int, float)  # a tuple made once: `int | float` is built anew at every call


def text(record: Record, name: str) -> str:
    """Read a text; "" when it is unset or something else."""
    value = record.get(name)
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return str(value) if isinstance(value, _NUMBERS) and not isinstance(value, bool) else ""


def number(record: Record, name: str) -> float | None:
    """Read a number, also one that is written as text."""
    value = record.get(name)
    if value is None or isinstance(value, bool) or not isinstance(value, (*_NUMBERS, str)):
        return None
    try:
        return float(value)
    except ValueError:
        return None


def count(record: Record, name: str) -> int:
    """Read a whole number; 0 when it is unset."""
    return int(number(record, name) or 0)


def flag(record: Record, name: str) -> bool:
    """Read a boolean; unset is false."""
    return record.get(name) is True


def nested(record: Record, name: str) -> Record:
    """Read a reference or collection; empty when it is unset."""
    value = record.get(name)
    return value if isinstance(value, dict) else {}


def records(value: Json) -> list[Record]:
    """Read a list of objects, leaving out anything else."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def words(value: Json) -> list[str]:
    """Read a list of texts (Errors, Warnings), leaving out anything else."""
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def moment(record: Record, name: str) -> datetime | None:
    """Read a time, `2024-01-15T10:30:00.000Z`."""
    return moment_from(text(record, name))


def moment_from(written: str) -> datetime | None:
    """Parse a time; None when it is none."""
    if not written:
        return None
    try:
        parsed = datetime.fromisoformat(written)
    except ValueError:
        return None
    if parsed.tzinfo is UTC:
        return parsed
    return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def path_of(record: Record) -> str:
    """Give `/hierarchicalrequirement/123` out of an absolute or relative `_ref`."""
    return path_from(text(record, "_ref"))


def path_from(ref: str) -> str:
    """Cut host, base and `.js` off a reference."""
    for mark in ("/webservice/", "/slm/"):
        if mark in ref:
            ref = ref.split(mark, 1)[1]
            ref = ref.split("/", 1)[1] if mark == "/webservice/" else ref
    return "/" + ref.strip("/").removesuffix(".js")


def oid_of(record: Record) -> str:
    """Give the ObjectID, from the field or the reference."""
    return text(record, "ObjectID") or path_of(record).rsplit("/", 1)[-1]


def email_of(person: Record) -> str | None:
    """Name a person: email, else user name, else what Rally shows."""
    for name in ("EmailAddress", "UserName", "DisplayName", "_refObjectName"):
        if found := text(person, name):
            return found
    return None


def tag_names(collection: Record) -> tuple[str, ...]:
    """Read the names that ride along with a collection of tags."""
    value = collection.get("_tagsNameArray")
    items = value if isinstance(value, list) else []
    names = [text(item, "Name") if isinstance(item, dict) else str(item) for item in items]
    return tuple(name for name in names if name)
