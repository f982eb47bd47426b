"""What this workspace's items look like: portfolio types, fields, allowed values; read when needed.

https://knowledge.broadcom.com/external/article?articleId=57584 (TypeDefinition, Attributes)
"""

from dataclasses import dataclass
from hashlib import sha256

from panopticon.model.issue import Json, Kind
from panopticon.trackers.notes import Notes
from panopticon.trackers.rally.ask import Ask
from panopticon.trackers.rally.client import Wsapi
from panopticon.trackers.rally.query import Condition, Term, both
from panopticon.trackers.rally.record import (
    Record,
    count,
    flag,
    nested,
    path_of,
    records,
    text,
    words,
)
from panopticon.trackers.rally.remembered import Remembered

TYPES = {Kind.STORY: "HierarchicalRequirement", Kind.DEFECT: "Defect", Kind.TASK: "Task"}
_TYPE_FIELDS = ("Name", "ElementName", "TypePath", "IDPrefix", "Ordinal", "Creatable", "Attributes")
_FIELD_FIELDS = ("ElementName", "AttributeType", "ReadOnly", "Custom", "AllowedValues")


@dataclass(frozen=True, slots=True)
class PortfolioType:
    """A level of the portfolio; `level` 0 is the one that holds stories."""

    path: str
    prefix: str
    level: int

    @property
    def kind(self) -> Kind:
        """Call the lowest level a feature, everything above an epic."""
        return Kind.FEATURE if self.level == 0 else Kind.EPIC


@dataclass(frozen=True, slots=True)
class Attribute:
    """A field of a type; `values` is the path of its allowed values."""

    name: str
    type: str
    read_only: bool
    values: str


class Schema:
    """Reads through to the server once a day and remembers, also between runs (`notes`)."""

    def __init__(self, wsapi: Wsapi, notes: Notes, place: str) -> None:
        self._wsapi = wsapi
        prefix = f"rally-schema:{sha256(place.encode()).hexdigest()[:16]}:"
        self._remembered = Remembered(notes, prefix, wsapi.server_now)

    def forget(self) -> None:
        """Read everything afresh when it is next asked for."""
        self._remembered.forget()

    def portfolio(self) -> tuple[PortfolioType, ...]:
        """List the portfolio's levels, lowest first."""
        rows = records(self._remembered.get("portfolio", self._read_portfolio))
        types = [PortfolioType(text(r, "path"), text(r, "prefix"), count(r, "level")) for r in rows]
        return tuple(sorted(types, key=lambda found: found.level))

    def portfolio_kind(self, type_path: str) -> Kind:
        """Call `PortfolioItem/Feature` a feature or an epic."""
        wanted = type_path.lower()
        return next((t.kind for t in self.portfolio() if t.path.lower() == wanted), Kind.FEATURE)

    def attributes(self, type_path: str) -> dict[str, Attribute]:
        """Map the fields of a type by element name."""
        rows = records(
            self._remembered.get(
                f"attributes:{type_path}", lambda: self._read_attributes(type_path)
            )
        )
        found = [
            Attribute(text(r, "name"), text(r, "type"), flag(r, "read_only"), text(r, "values"))
            for r in rows
        ]
        return {attribute.name: attribute for attribute in found}

    def values(self, type_path: str, field: str) -> tuple[str, ...]:
        """List the allowed values of a field in the server's order; none where it is free."""
        return tuple(
            words(
                self._remembered.get(
                    f"values:{type_path}.{field}", lambda: self._read_values(type_path, field)
                )
            )
        )

    def has(self, type_path: str, field: str) -> bool:
        """Tell whether a type has a field; looks again before it says no."""
        if field in self.attributes(type_path):
            return True
        self._remembered.drop(f"attributes:{type_path}")
        return field in self.attributes(type_path)

    def fresh_values(self, type_path: str, field: str) -> tuple[str, ...]:
        """List the allowed values as they are right now."""
        self._remembered.drop(f"values:{type_path}.{field}")
        return self.values(type_path, field)

    def _read_portfolio(self) -> Json:
        wanted = both(Term("Parent.Name", "=", "Portfolio Item"), Term("Creatable", "=", True))
        return [
            {
                "path": text(row, "TypePath") or _path(row),
                "prefix": text(row, "IDPrefix"),
                "level": count(row, "Ordinal"),
            }
            for row in self._definitions(wanted)
        ]

    def _read_attributes(self, type_path: str) -> Json:
        rows = self._definitions(Term("ElementName", "=", type_path.rsplit("/", 1)[-1]))
        if not rows:
            return []
        ask = Ask(
            f"TypeDefinition{path_of(rows[0])[len('/typedefinition') :]}/Attributes",
            _FIELD_FIELDS,
            size=500,
        )
        return [
            {
                "name": text(row, "ElementName"),
                "type": text(row, "AttributeType"),
                "read_only": flag(row, "ReadOnly"),
                "values": path_of(nested(row, "AllowedValues")) if row.get("AllowedValues") else "",
            }
            for row in self._wsapi.all(ask)
        ]

    def _read_values(self, type_path: str, field: str) -> Json:
        attribute = self.attributes(type_path).get(field)
        if attribute is None or len(attribute.values) < 2:  # noqa: PLR2004
            return []
        ask = Ask(attribute.values.strip("/"), ("StringValue",), order="ValueIndex", size=500)
        return [text(row, "StringValue") for row in self._wsapi.all(ask)]

    def _definitions(self, wanted: Condition | None) -> list[Record]:
        return self._wsapi.all(Ask("typedefinition", _TYPE_FIELDS, wanted, order="Ordinal"))


def _path(row: Record) -> str:
    return f"PortfolioItem/{text(row, 'ElementName') or text(row, 'Name')}"
