"""The fields that claims and progress are shown in: which a workspace has, and making the others.

Panopticon makes none by itself: a tracker may keep a field for good once it is there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from panopticon.errors import InvalidInput, PanError, Unsupported
from panopticon.model.issue import Kind
from panopticon.services.context import Context
from panopticon.trackers.base import FieldStanding, HasOwnFields, MakesFields, OwnField, Place

__all__ = [
    "KINDS",
    "FieldStanding",
    "OwnField",
    "Plan",
    "checklist",
    "make",
    "planned",
]

_TYPE = "rally"
_KINDS = {
    Kind.STORY: {"story", "stories", "userstory", "hierarchicalrequirement", "us"},
    Kind.DEFECT: {"defect", "defects", "de"},
    Kind.TASK: {"task", "tasks", "ta"},
}
KINDS = (Kind.STORY, Kind.DEFECT)  # what is claimed


@dataclass(frozen=True, slots=True)
class Plan:
    """What a workspace has of the needed fields, and which were made in this run.

    `error` says why no more was made; `is_trial`: nothing was to be.
    """

    tracker: str
    workspace: Place
    fields: tuple[OwnField, ...]
    made: tuple[OwnField, ...] = ()
    error: PanError | None = None
    is_trial: bool = False

    @property
    def missing(self) -> tuple[OwnField, ...]:
        """The fields that could be made."""
        return tuple(one for one in self.fields if one.standing is FieldStanding.MISSING)

    @property
    def unfit(self) -> tuple[OwnField, ...]:
        """The fields that nothing here can mend."""
        known = {FieldStanding.THERE, FieldStanding.MISSING}
        return tuple(one for one in self.fields if one.standing not in known)

    @property
    def exit_code(self) -> int:
        """0 when all is there, or nothing was to be done."""
        if self.error:
            return self.error.exit_code
        return int(not self.is_trial and bool(self.missing or self.unfit))

    def is_made(self, one: OwnField) -> bool:
        """Tell whether this run made it."""
        return any((own.kind, own.element) == (one.kind, one.element) for own in self.made)

    def as_json(self) -> dict[str, object]:
        """Give it to programs."""
        return {
            "tracker": self.tracker,
            "workspace": {"id": self.workspace.id, "name": self.workspace.name},
            "fields": [self._row(one) for one in self.fields],
            "created": [f"{one.kind}.{one.element}" for one in self.made],
            "missing": [f"{one.kind}.{one.element}" for one in self.missing],
            "dry_run": self.is_trial,
            "checklist": checklist(self) if self.missing else [],
            **(self.error.as_json() if self.error else {"error": None}),
        }

    def _row(self, one: OwnField) -> dict[str, object]:
        return {
            "kind": one.kind.value,
            "field": one.purpose,
            "name": one.name,
            "element": one.element,
            "type": one.wanted,
            "found": one.found or None,
            "state": one.standing.value,
            "created": self.is_made(one),
        }


def planned(
    ctx: Context, tracker: str | None = None, only: Sequence[str] = (), types: Sequence[str] = ()
) -> Plan:
    """Look at what is there; writes nothing. Raises InvalidInput for an unknown word."""
    kinds, purposes = _kinds(types), {word.lower() for word in only}
    name = _name(ctx, tracker)
    found = _fields(ctx, name)
    place = found.workspace()
    fields = found.looked(kinds)
    if purposes:
        _check(purposes, fields)
        fields = [one for one in fields if purposes & {one.purpose.lower(), one.element.lower()}]
    return Plan(name, place, tuple(fields))


def make(ctx: Context, plan: Plan) -> Plan:
    """Make what is missing, one by one; what goes wrong ends it and is in the answer."""
    fields = _fields(ctx, plan.tracker)
    made: list[OwnField] = []
    error: PanError | None = None
    try:
        for one in plan.missing:
            fields.create(one)
            made.append(one)
        for one in made:
            fields.is_there(one)
    except PanError as refused:
        error = refused
    return _after(plan, fields, made, error)


def _after(plan: Plan, fields: MakesFields, made: list[OwnField], error: PanError | None) -> Plan:
    """Read once more what is there now."""
    told = replace(plan, made=tuple(made), error=error)
    wanted = {(one.kind, one.element) for one in plan.fields}
    kinds = tuple(dict.fromkeys(one.kind for one in plan.fields))
    try:
        now = fields.looked(kinds)
    except PanError as unread:
        return replace(told, error=error or unread)
    return replace(told, fields=tuple(o for o in now if (o.kind, o.element) in wanted))


def checklist(plan: Plan) -> list[str]:
    """Tell an administrator what to make by hand."""
    where = f"Setup > Workspaces & Projects > {plan.workspace.name} > Fields"
    said = [f"In Rally: {where} (what your edition calls it may differ)."]
    for kind in dict.fromkeys(one.kind for one in plan.missing):
        said.append(f"Work item type {_TITLES[kind]}:")
        rows = [one for one in plan.missing if one.kind is kind]
        wide = max(len(one.name) for one in rows)
        said += [
            f"  [ ] Name: {one.name:{wide}}  Type: {_WORDS[one.wanted]:7}  (API: {one.element})"
            for one in rows
        ]
    return [
        *said,
        "Exactly these names and types; not required, not hidden.",
        "Rally can never delete a custom field, nor change its type.",
    ]


_TITLES = {
    Kind.STORY: "User Story (HierarchicalRequirement)",
    Kind.DEFECT: "Defect",
    Kind.TASK: "Task",
}
_WORDS = {"STRING": "String", "DATE": "Date", "DECIMAL": "Decimal"}


def _kinds(types: Sequence[str]) -> tuple[Kind, ...]:
    found = [
        kind for word in types for kind, words in _KINDS.items() if word.lower().strip() in words
    ]
    unknown = [word for word in types if not any(word.lower() in w for w in _KINDS.values())]
    if unknown:
        raise InvalidInput(f"There is no type {unknown[0]!r} here.", "Known: story, defect, task.")
    return tuple(dict.fromkeys(found)) or KINDS


def _check(purposes: set[str], fields: Sequence[OwnField]) -> None:
    known = {word.lower() for one in fields for word in (one.purpose, one.element)}
    if unknown := sorted(purposes - known):
        names = ", ".join(dict.fromkeys(one.purpose for one in fields))
        raise InvalidInput(
            f"There is no field {unknown[0]!r} to set up.",
            f"Known: {names}; one whose option is empty is switched off.",
        )


def _name(ctx: Context, name: str | None) -> str:
    """Choose the source: the one that is named, else the only one."""
    if name:
        source = ctx.source(name)
        if source.type != _TYPE:
            raise InvalidInput(f"{source.name} is no Rally.", "`pan trackers list` shows types.")
        return source.name
    names = [source.name for source in ctx.config.sources if source.type == _TYPE]
    if not names:
        raise InvalidInput("No Rally is connected.", "`pan init --tracker rally` connects one.")
    if len(names) > 1:
        raise InvalidInput(
            f"{len(names)} Rally sources are connected: {', '.join(names)}.",
            "Say which: tracker=NAME. Fields can never be deleted again.",
        )
    return names[0]


def _fields(ctx: Context, name: str) -> MakesFields:
    tracker = ctx.tracker(name)
    if not isinstance(tracker, HasOwnFields):
        raise Unsupported(f"{name} has no fields that could be made.", "`pan trackers list`.")
    return tracker.own_fields
