"""From fields a person writes to the body of a WSAPI write: names become references here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from panopticon.errors import InvalidInput, Unsupported
from panopticon.model.issue import IssueFields, Json, Kind
from panopticon.trackers.rally import states
from panopticon.trackers.rally.moves import Moves, Target
from panopticon.trackers.rally.people import People
from panopticon.trackers.rally.record import Record, path_of
from panopticon.trackers.rally.schema import TYPES, Schema
from panopticon.trackers.rally.settings import RallySettings
from panopticon.trackers.rally.text import html_from
from panopticon.trackers.rally.writable import DUE, attribute_of, refuse_unknown

_PLAIN = {
    "points": "PlanEstimate",
    "blocked": "Blocked",
    "blocked_reason": "BlockedReason",
}


@dataclass(frozen=True, slots=True)
class Payloads:
    """Builds bodies; `find` reads an item by its key."""

    find: Callable[[str], Record]
    people: People
    schema: Schema
    settings: RallySettings

    def body(self, target: Target, fields: IssueFields) -> dict[str, Json]:
        """Translate fields for one item; raises before anything is written."""
        refuse_unknown(target.kind, fields)
        body: dict[str, Json] = {}
        for name, value in fields.items():
            self._refuse_lacking(target, name)
            if name != "state" or "native_state" not in fields:  # the native word wins
                body |= self._one(target, name, value)
        return body

    def refused(self, target: Target, fields: IssueFields) -> None:
        """Read afresh next time what a refused move was chosen from: a state may be gone."""
        if "state" in fields or "native_state" in fields:
            self._moves().look_again(target)

    def _refuse_lacking(self, target: Target, name: str) -> None:
        """Refuse what is known to be missing before Rally would leave it out of a write."""
        field = attribute_of(name, target.kind, self.settings)
        if field and self.schema.lacks(target.type_path, field):
            raise _lacking(target.kind, name, field)

    def _one(self, target: Target, name: str, value: object) -> Mapping[str, Json]:
        if name in _PLAIN:
            return {_PLAIN[name]: _scalar(name, value)}
        if (custom := self._own_field(name)) is not None:
            return {custom: self._custom_text(name, value)}
        makers: Mapping[str, Callable[[Target, object], Mapping[str, Json]]] = {
            "title": self._title,
            "body": self._body,
            "state": self._state,
            "native_state": self._native_state,
            "priority": self._priority,
            "labels": self._labels,
            "assignee": self._assignee,
            "parent": self._parent,
            "hours": self._hours,
            "due": self._due,
            "iteration": self._iteration,
            "release": self._release,
            "blocked_by": self._blocked_by,
            "blocks": self._blocks,
            "custom": self._custom,
        }
        return makers[name](target, value)

    def _own_field(self, name: str) -> str | None:
        names = self.settings.fields
        own = {
            "acceptance_criteria": names.criteria,
            "branch": names.branch,
            "coverage": names.coverage,
            "commit_sha": names.commit,
        }
        if name in own and not own[name]:
            raise Unsupported(
                f"No Rally field is set for {name!r}.",
                "Name it in the tracker's settings.",
                field=name,
            )
        return own.get(name)

    def _custom_text(self, name: str, value: object) -> Json:
        return (
            html_from(str(value or "")) if name == "acceptance_criteria" else _scalar(name, value)
        )

    def _title(self, _target: Target, value: object) -> Mapping[str, Json]:
        title = " ".join(str(value or "").split())
        if not title:
            raise InvalidInput("A title is needed.", "Give the item a name.", field="title")
        return {"Name": title}

    def _body(self, _target: Target, value: object) -> Mapping[str, Json]:
        return {"Description": html_from(str(value or ""))}

    def _state(self, target: Target, value: object) -> Mapping[str, Json]:
        return self._moves().to_column(target, str(value))

    def _native_state(self, target: Target, value: object) -> Mapping[str, Json]:
        return self._moves().to_word(target, str(value))

    def _moves(self) -> Moves:
        return Moves(self.schema, self.settings)

    def _priority(self, _target: Target, value: object) -> Mapping[str, Json]:
        if not isinstance(value, int) or not 0 <= value <= 4:  # noqa: PLR2004
            raise InvalidInput(
                f"{value!r} is no priority.", "0 none, 1 urgent, 2 high, 3 normal, 4 low."
            )
        allowed = self.schema.values(TYPES[Kind.DEFECT], "Priority")
        word = states.priority_word(value, allowed, self.settings.priorities)
        if word is None:
            raise InvalidInput(
                f"Rally has no word for priority {value}.", f"It knows: {', '.join(allowed)}."
            )
        return {"Priority": word}

    def _labels(self, _target: Target, value: object) -> Mapping[str, Json]:
        names = dict.fromkeys(str(name).strip() for name in _listed(value))
        paths = self.people.tag_paths([name for name in names if name])
        return {"Tags": [{"_ref": path} for path in paths]}

    def _assignee(self, _target: Target, value: object) -> Mapping[str, Json]:
        return {"Owner": self.people.user_path(str(value)) if value else None}

    def _parent(self, target: Target, value: object) -> Mapping[str, Json]:
        path = path_of(self.find(str(value))) if value else None
        is_story = path is not None and path.startswith("/hierarchicalrequirement/")
        if target.kind is Kind.STORY:
            if path and not is_story and not self._holds_stories(path):
                raise InvalidInput(
                    "A story's parent is a feature (F…) or a story (US…).",
                    f"`pan work list kind=feature` lists features; {value} is none.",
                    field="parent",
                )
            return {
                "Parent": path if is_story else None,
                "PortfolioItem": None if is_story else path,
            }
        if target.kind is Kind.DEFECT:
            if path and not is_story:
                raise InvalidInput(
                    "A defect's parent is a story (US…).",
                    f"`pan work list epic={value} kind=story` lists those below {value}.",
                    field="parent",
                )
            return {"Requirement": path}
        if target.kind is Kind.TASK:
            if path is None:
                raise InvalidInput(
                    "A task needs a story or defect above it.", "Set `parent`.", field="parent"
                )
            return {"WorkProduct": path}
        return {"Parent": path}

    def _holds_stories(self, path: str) -> bool:
        """Tell whether it is of the portfolio's lowest level."""
        lowest = self.schema.portfolio()[:1]
        return any(path.lower().startswith(f"/{level.path.lower()}/") for level in lowest)

    def _hours(self, target: Target, value: object) -> Mapping[str, Json]:
        field = "Estimate" if target.kind is Kind.TASK else self.settings.fields.hours
        if not field:
            raise Unsupported(
                "Rally adds a story's hours up from its tasks.",
                "Estimate the tasks, or name a custom field in `hours_field`.",
                field="hours",
            )
        return {field: _scalar("hours", value)}

    def _due(self, target: Target, value: object) -> Mapping[str, Json]:
        if value is not None and not isinstance(value, date):
            raise InvalidInput(f"{value!r} is no date.", "Write it as 2026-12-31.", field="due")
        # Rally cuts to midnight of its own zone; noon UTC is the same day nearly everywhere.
        return {DUE[target.kind]: f"{value:%Y-%m-%d}T12:00:00.000Z" if value else None}

    def _iteration(self, target: Target, value: object) -> Mapping[str, Json]:
        return {"Iteration": self._timebox("iteration", target, value)}

    def _release(self, target: Target, value: object) -> Mapping[str, Json]:
        return {"Release": self._timebox("release", target, value)}

    def _timebox(self, kind: str, target: Target, value: object) -> str | None:
        return self.people.timebox_path(kind, str(value), target.project) if value else None

    def _blocked_by(self, _target: Target, value: object) -> Mapping[str, Json]:
        return {"Predecessors": self._references(value)}

    def _blocks(self, _target: Target, value: object) -> Mapping[str, Json]:
        return {"Successors": self._references(value)}

    def _references(self, value: object) -> list[Json]:
        return [{"_ref": path_of(self.find(str(key)))} for key in _listed(value)]

    def _custom(self, target: Target, value: object) -> Mapping[str, Json]:
        if not isinstance(value, Mapping):
            raise InvalidInput(
                "`custom` is a table of fields.", "Write custom.c_Name=value.", field="custom"
            )
        return dict(self._custom_one(target, str(name), found) for name, found in value.items())

    def _custom_one(self, target: Target, name: str, value: Json) -> tuple[str, Json]:
        known = self.schema.attributes(target.type_path)
        spelled = name if name in known or name.startswith("c_") else f"c_{name}"
        if self.schema.lacks(target.type_path, spelled):
            raise _lacking(target.kind, f"custom.{name}", spelled)
        type_ = known[spelled].type if spelled in known else ""
        if type_ == "USER" and value:
            return spelled, self.people.user_path(str(value))
        if type_ == "MULTI_VALUE":
            paths = self.schema.choices(target.type_path, spelled)
            return spelled, [_choice(name, str(word), paths) for word in _listed(value)]
        return spelled, value


def _choice(name: str, word: str, paths: Mapping[str, str]) -> Json:
    if word not in paths:
        raise InvalidInput(
            f"{word!r} is no value of {name}.", f"It allows: {', '.join(paths)}.", field="custom"
        )
    return {"_ref": paths[word]}


def _lacking(kind: Kind, name: str, field: str) -> Unsupported:
    return Unsupported(
        f"A Rally {kind} has no {name!r} here: this workspace lacks its field {field}. "
        "Nothing was written.",
        "`pan doctor` lists missing fields; docs/rally.md says how to add them.",
        field=name,
        fields=[field],
        written=False,
    )


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else []


def _scalar(name: str, value: object) -> Json:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise InvalidInput(f"{value!r} does not fit {name!r}.", field=name)
