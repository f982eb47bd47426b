"""Questions about how a workspace is set up: types, fields, allowed values, flow states.

https://knowledge.broadcom.com/external/article?articleId=57584 (TypeDefinition, Attributes)
"""

from dataclasses import dataclass

from panopticon.errors import InvalidInput, NotFound
from panopticon.model.issue import Json
from panopticon.trackers.rally.ask import Ask
from panopticon.trackers.rally.client import Wsapi
from panopticon.trackers.rally.query import Condition, Term, both
from panopticon.trackers.rally.record import Record, count, flag, nested, path_of, text

_TYPE_FIELDS = ("Name", "ElementName", "TypePath", "IDPrefix", "Ordinal", "Creatable", "Attributes")
_FIELD_FIELDS = (
    *("ElementName", "Name", "AttributeType", "RealAttributeType", "ReadOnly", "Required"),
    *("Hidden", "Constrained", "AllowedValues"),
)
_LISTED = {"RATING", "STATE"}


@dataclass(frozen=True, slots=True)
class Definitions:
    """Asks the server; the answers are JSON, so that they can be kept."""

    wsapi: Wsapi

    def portfolio(self) -> Json:
        """Read the levels of the portfolio."""
        wanted = both(Term("Parent.Name", "=", "Portfolio Item"), Term("Creatable", "=", True))
        return [
            {
                "path": text(row, "TypePath") or _path(row),
                "prefix": text(row, "IDPrefix"),
                "level": count(row, "Ordinal"),
                "name": text(row, "Name"),
            }
            for row in self._definitions(wanted)
        ]

    def path(self, type_path: str) -> str:
        """Find the definition of a type; "" where the key sees none."""
        rows = self._definitions(Term("ElementName", "=", type_path.rsplit("/", 1)[-1]))
        return path_of(rows[0]) if rows else ""

    def attributes(self, type_path: str) -> Json:
        """Read the fields of a type."""
        path = self.path(type_path)
        if not path:
            return []
        ask = Ask(
            f"TypeDefinition{path[len('/typedefinition') :]}/Attributes",
            _FIELD_FIELDS,
            size=500,
        )
        return [
            {
                "name": text(row, "ElementName"),
                "label": text(row, "Name"),
                "type": text(row, "RealAttributeType") or text(row, "AttributeType"),
                "read_only": flag(row, "ReadOnly"),
                "required": flag(row, "Required"),
                "hidden": flag(row, "Hidden"),
                "listed": flag(row, "Constrained") or text(row, "AttributeType") in _LISTED,
                "values": path_of(nested(row, "AllowedValues")) if row.get("AllowedValues") else "",
            }
            for row in self.wsapi.all(ask)
        ]

    def values(self, path: str) -> Json:
        """Read the allowed values at an attribute's path."""
        if len(path) < 2:  # noqa: PLR2004 - "/" where an attribute names none
            return []
        ask = Ask(path.strip("/"), ("StringValue",), order="ValueIndex", size=500)
        return [_named_path(row, "StringValue") for row in self.wsapi.all(ask)]

    def flow(self, project: str | None) -> Json:
        """Read the flow states of a project, of the whole workspace when None."""
        ask = Ask(
            "flowstate",
            ("Name", "OrderIndex", "ScheduleStateMapping"),
            order="OrderIndex",
            size=2000,
            project=project,
            scope_down=False,
        )
        try:
            rows = self.wsapi.all(ask)
        except (InvalidInput, NotFound):  # a Rally without flow states
            return []
        return [
            {**_named_path(row, "Name"), "schedule": text(row, "ScheduleStateMapping")}
            for row in rows
        ]

    def states(self, name: str) -> Json:
        """Read the states of a portfolio type by the type's name."""
        wanted = Term("TypeDef.Name", "=", name)
        ask = Ask("state", ("Name", "OrderIndex", "Enabled"), wanted, order="OrderIndex")
        return [
            _named_path(row, "Name")
            for row in self.wsapi.all(ask)
            if row.get("Enabled") is not False
        ]

    def _definitions(self, wanted: Condition | None) -> list[Record]:
        return self.wsapi.all(Ask("typedefinition", _TYPE_FIELDS, wanted, order="Ordinal"))


def _path(row: Record) -> str:
    return f"PortfolioItem/{text(row, 'ElementName') or text(row, 'Name')}"


def _named_path(row: Record, name: str) -> dict[str, Json]:
    return {"word": text(row, name), "path": path_of(row)}
