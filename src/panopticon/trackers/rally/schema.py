"""What this workspace's items look like: types, fields, allowed values, flow; read when needed."""

from dataclasses import dataclass
from hashlib import sha256

from panopticon.errors import Unsupported
from panopticon.model.issue import Json, Kind
from panopticon.trackers.notes import Notes
from panopticon.trackers.rally.client import Wsapi
from panopticon.trackers.rally.definitions import Definitions
from panopticon.trackers.rally.record import count, flag, records, text
from panopticon.trackers.rally.remembered import Remembered

TYPES = {Kind.STORY: "HierarchicalRequirement", Kind.DEFECT: "Defect", Kind.TASK: "Task"}


@dataclass(frozen=True, slots=True)
class PortfolioType:
    """A level of the portfolio; `level` 0 is the one that holds stories."""

    path: str
    prefix: str
    level: int
    name: str = ""

    @property
    def kind(self) -> Kind:
        """Call the lowest level a feature, everything above an epic."""
        return Kind.FEATURE if self.level == 0 else Kind.EPIC


@dataclass(frozen=True, slots=True)
class Attribute:
    """A field of a type; `label` is what Rally's screens call it.

    `type` tells an administrator's own sorts apart (`DROP_DOWN`, `USER`, `MULTI_VALUE`); `values`
    is the path of its allowed values, `is_listed` whether it takes only those.
    """

    name: str
    label: str
    type: str
    read_only: bool
    required: bool
    hidden: bool
    is_listed: bool
    values: str


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow state of a project and the schedule state that it stands for."""

    name: str
    path: str
    schedule: str


class Schema:
    """Reads through to the server once a day and remembers, also between runs (`notes`)."""

    def __init__(self, wsapi: Wsapi, notes: Notes, place: str) -> None:
        self._read = Definitions(wsapi)
        prefix = f"rally-schema:{sha256(place.encode()).hexdigest()[:16]}:"
        self._remembered = Remembered(notes, prefix, wsapi.server_now)

    def forget(self) -> None:
        """Read everything afresh when it is next asked for."""
        self._remembered.forget()

    def portfolio(self) -> tuple[PortfolioType, ...]:
        """List the portfolio's levels, lowest first."""
        return _levels_from(self._remembered.get("portfolio", self._read.portfolio))

    def portfolio_kind(self, type_path: str) -> Kind:
        """Call `PortfolioItem/Feature` a feature or an epic."""
        wanted = type_path.lower()
        return next((t.kind for t in self.portfolio() if t.path.lower() == wanted), Kind.FEATURE)

    def type_path(self, kind: Kind) -> str:
        """Name the type that a new item of a kind gets; raises Unsupported where there is none."""
        if kind in TYPES:
            return TYPES[kind]
        levels = [level.path for level in self.portfolio() if level.kind is kind]
        if not levels:
            raise Unsupported(
                f"This Rally has no {kind}.",
                "It knows stories, defects, tasks and its portfolio items.",
            )
        return levels[0]

    def attributes(self, type_path: str) -> dict[str, Attribute]:
        """Map the fields of a type by element name."""
        told = self._remembered.get(_fields(type_path), lambda: self._read.attributes(type_path))
        return _attributes_from(told)

    def known_attributes(self, kind: Kind) -> dict[str, Attribute] | None:
        """Map the fields of a kind where they are known already; sends nothing."""
        levels = _levels_from(self._remembered.known("portfolio"))
        paths = [level.path for level in levels if level.kind is kind]
        type_path = TYPES.get(kind) or next(iter(paths), None)
        told = self._remembered.known(_fields(type_path)) if type_path else None
        return _attributes_from(told) or None

    def values(self, type_path: str, field: str) -> tuple[str, ...]:
        """List the allowed values of a field in the server's order; none where it is free."""
        return tuple(self.choices(type_path, field))

    def choices(self, type_path: str, field: str) -> dict[str, str]:
        """Map the allowed values of a field to their paths."""
        told = self._remembered.get(
            _values(type_path, field), lambda: self._read_values(type_path, field)
        )
        return _paths_from(told)

    def flow(self, project: str | None) -> tuple[Flow, ...]:
        """List the flow states of a project in order, those of the whole workspace when None."""
        told = self._remembered.get(f"flow:{project}", lambda: self._read.flow(project))
        return tuple(
            Flow(text(r, "word"), text(r, "path"), text(r, "schedule")) for r in records(told)
        )

    def portfolio_words(self, type_path: str) -> dict[str, str]:
        """Map the names of a portfolio type's states to their paths, in order."""
        told = self._remembered.get(
            f"states:{type_path}", lambda: self._read.states(self._name_of(type_path))
        )
        return _paths_from(told)

    def lacks(self, type_path: str, field: str) -> bool:
        """Tell whether a type is known to have no such field; looks again before it says so."""
        known = _attributes_from(self._remembered.known(_fields(type_path)))
        if not known or field in known:
            return False
        self._remembered.drop(_fields(type_path))
        return field not in self.attributes(type_path)

    def look_at_fields_again(self, type_path: str) -> None:
        """Read the fields of a type afresh when they are next asked for."""
        self._remembered.drop(_fields(type_path))

    def look_again(self, type_path: str, field: str, project: str | None) -> None:
        """Read what says where items may stand afresh when it is next asked for."""
        for name in (
            *(_fields(type_path), _values(type_path, field)),
            *(f"flow:{project}", f"states:{type_path}"),
        ):
            self._remembered.drop(name)

    def _read_values(self, type_path: str, field: str) -> Json:
        attribute = self.attributes(type_path).get(field)
        return self._read.values(attribute.values) if attribute else []

    def _name_of(self, type_path: str) -> str:
        names = {level.path: level.name for level in self.portfolio()}
        return names.get(type_path) or type_path.rsplit("/", 1)[-1]


def _fields(type_path: str) -> str:
    return f"fields:{type_path}"


def _values(type_path: str, field: str) -> str:
    return f"choices:{type_path}.{field}"


def _levels_from(told: Json) -> tuple[PortfolioType, ...]:
    types = [
        PortfolioType(text(r, "path"), text(r, "prefix"), count(r, "level"), text(r, "name"))
        for r in records(told)
    ]
    return tuple(sorted(types, key=lambda found: found.level))


def _paths_from(told: Json) -> dict[str, str]:
    return {text(row, "word"): text(row, "path") for row in records(told)}


def _attributes_from(told: Json) -> dict[str, Attribute]:
    found = [
        Attribute(
            name=text(r, "name"),
            label=text(r, "label") or text(r, "name"),
            type=text(r, "type"),
            read_only=flag(r, "read_only"),
            required=flag(r, "required"),
            hidden=flag(r, "hidden"),
            is_listed=flag(r, "listed"),
            values=text(r, "values"),
        )
        for r in records(told)
    ]
    return {attribute.name: attribute for attribute in found if attribute.name}
