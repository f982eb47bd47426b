"""Which fields an item of a kind takes in this workspace: what a form should ask for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from panopticon.model.form import FieldType, FormField
from panopticon.model.issue import PRIORITIES, Kind
from panopticon.trackers.rally import states
from panopticon.trackers.rally.moves import Moves, Target
from panopticon.trackers.rally.schema import Attribute, Schema
from panopticon.trackers.rally.settings import RallySettings
from panopticon.trackers.rally.territory import Territory
from panopticon.trackers.rally.writable import WRITABLE, attribute_of, is_taken

_TYPES: Mapping[str, FieldType] = {  # in the order of the form
    "title": FieldType.TEXT,
    "parent": FieldType.ITEM,
    "body": FieldType.MARKDOWN,
    "acceptance_criteria": FieldType.MARKDOWN,
    "native_state": FieldType.CHOICE,
    "priority": FieldType.CHOICE,
    "assignee": FieldType.PERSON,
    "labels": FieldType.LABELS,
    "points": FieldType.NUMBER,
    "hours": FieldType.NUMBER,
    "iteration": FieldType.ITERATION,
    "release": FieldType.TEXT,
    "due": FieldType.DATE,
    "blocked": FieldType.FLAG,
    "blocked_reason": FieldType.TEXT,
    "blocked_by": FieldType.ITEM,
    "blocks": FieldType.ITEM,
    "branch": FieldType.TEXT,
    "coverage": FieldType.NUMBER,
    "commit_sha": FieldType.TEXT,
}
_MANY = {"labels", "blocked_by", "blocks"}
_OWN_TYPES: Mapping[str, FieldType] = {  # of what only the workspace knows; others are left out
    "STRING": FieldType.TEXT,
    "TEXT": FieldType.TEXT,
    "INTEGER": FieldType.NUMBER,
    "DECIMAL": FieldType.NUMBER,
    "QUANTITY": FieldType.NUMBER,
    "BOOLEAN": FieldType.FLAG,
    "DATE": FieldType.DATE,
    "USER": FieldType.PERSON,
    "DROP_DOWN": FieldType.CHOICE,
    "RATING": FieldType.CHOICE,
    "STATE": FieldType.CHOICE,
    "MULTI_VALUE": FieldType.CHOICE,
}
# Required, and filled by the server or by us.
_FILLED = {
    *("Project", "Workspace", "Subscription", "ScheduleState", "State", "FlowState", "TaskIndex"),
    *("CreatedBy", "SubmittedBy", "DisplayColor", "Parent", "PortfolioItem"),
}


@dataclass(frozen=True, slots=True)
class Forms:
    """Builds forms out of the remembered schema."""

    schema: Schema
    settings: RallySettings
    territory: Territory
    moves: Moves

    def fields(self, kind: Kind, project: str | None) -> tuple[FormField, ...]:
        """List the fields of a kind in a project; raises Unsupported, NotFound."""
        path = self.territory.project_path(project) if project else self.territory.projects()[0]
        type_path = self.schema.type_path(kind)
        target = Target(kind, type_path, path or "", self._place(path))
        known = self.schema.attributes(type_path)
        found = [*self._standard(target, known), *self._own(target, known)]
        return tuple(sorted(found, key=lambda one: (one.name != "title", not one.required)))

    def _place(self, path: str | None) -> str:
        """Name a project where only its name tells which words it uses."""
        wanted = path and self.settings.project_states
        return self.territory.project_name(path) if path and wanted else ""

    def _standard(self, target: Target, known: Mapping[str, Attribute]) -> Iterator[FormField]:
        for name, type_ in _TYPES.items():
            attribute = attribute_of(name, target.kind, self.settings)
            if name not in WRITABLE[target.kind] or not is_taken(attribute, known):
                continue
            found = known.get(attribute)
            yield FormField(
                name,
                found.label if found else name.replace("_", " ").capitalize(),
                type_,
                required=name == "title" or bool(found and _is_asked(found)),
                values=self._values(target, name),
                many=name in _MANY,
            )

    def _values(self, target: Target, name: str) -> tuple[str, ...]:
        if name == "native_state":
            return self.moves.words(target)
        if name == "priority":
            allowed = self.schema.values(target.type_path, "Priority")
            own = self.settings.priorities
            taken = {states.priority_from(word, allowed, own) for word in allowed}
            return tuple(word for number, word in enumerate(PRIORITIES) if number in taken)
        return ()

    def _own(self, target: Target, known: Mapping[str, Attribute]) -> Iterator[FormField]:
        """Ask for what is configured, and for what the workspace wants and we have no name for."""
        covered = {attribute_of(name, target.kind, self.settings) for name in WRITABLE[target.kind]}
        wanted = [name for name, one in known.items() if _is_asked(one) and name not in covered]
        for name in dict.fromkeys((*wanted, *self.settings.fields.custom)):
            if name in known and not known[name].read_only and name not in covered:
                yield from self._own_field(target, known[name])

    def _own_field(self, target: Target, one: Attribute) -> Iterator[FormField]:
        if one.type not in _OWN_TYPES:
            return
        listed = self.schema.values(target.type_path, one.name) if one.is_listed else ()
        values = tuple(word for word in listed if word)
        type_ = FieldType.CHOICE if values else _OWN_TYPES[one.type]
        many = one.type == "MULTI_VALUE"
        yield FormField(f"custom.{one.name}", one.label, type_, _is_asked(one), values, many)


def _is_asked(one: Attribute) -> bool:
    """Tell whether a new item needs a word for it from a person: a flag is just not set."""
    hidden = one.read_only or one.hidden or one.type == "BOOLEAN"
    return one.required and not hidden and one.name not in _FILLED
