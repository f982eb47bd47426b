"""Moving an item: which field and which of the team's own words put it into a column."""

from collections.abc import Mapping
from dataclasses import dataclass

from panopticon.errors import InvalidInput, Unsupported
from panopticon.model.issue import Json, Kind, State
from panopticon.trackers.rally import states
from panopticon.trackers.rally.people import People
from panopticon.trackers.rally.record import Record, nested, text
from panopticon.trackers.rally.schema import Schema
from panopticon.trackers.rally.settings import RallySettings

_PHASES = {State.PLANNING: "Planning", State.IN_REVIEW: "In Review"}
_UNDERNEATH = {State.PLANNING: State.BACKLOG, State.IN_REVIEW: State.IN_PROGRESS}


@dataclass(frozen=True, slots=True)
class Target:
    """The item a write is for; `record` is as last read, empty for a new one."""

    kind: Kind
    type_path: str
    project: str
    record: Record

    @property
    def is_portfolio(self) -> bool:
        """Tell whether its state is an object rather than a word."""
        return self.kind in {Kind.FEATURE, Kind.EPIC}


@dataclass(frozen=True, slots=True)
class Moves:
    """Finds the write that moves an item."""

    people: People
    schema: Schema
    settings: RallySettings

    def to_column(self, target: Target, column: str) -> Mapping[str, Json]:
        """Choose the native word for a column."""
        state = State(column) if column in set(State) else None
        if state is None:
            raise InvalidInput(
                f"{column!r} is no state.", f"Known: {', '.join(State)}.", field="state"
            )
        overrides = self._overrides(target)
        if target.is_portfolio:
            return self._portfolio(target, state)
        field = self._field(target)
        if word := states.word_for(state, self.schema.values(target.type_path, field), overrides):
            return {field: word, **self._cleared_phase(target)}
        if state in _PHASES and target.kind is not Kind.TASK:
            return self._phase(target, state)
        raise self._no_word(target, state)

    def to_word(self, target: Target, word: str) -> Mapping[str, Json]:
        """Write one of the team's own words, into the field that knows it."""
        if target.is_portfolio:
            paths = self.people.portfolio_words(target.type_path)
            if not word or word in paths:
                return {"State": paths.get(word)}
            raise _unknown(word, tuple(paths))
        field = self._field(target)
        allowed = self.schema.values(target.type_path, field)
        if word not in allowed:
            allowed = self.schema.fresh_values(target.type_path, field)
        if word in allowed:
            return {field: word, **self._cleared_phase(target)}
        flow = self.people.flow_words(target.project) if target.kind is not Kind.TASK else {}
        if word in flow:
            return {"FlowState": flow[word], **self._cleared_phase(target)}
        phases = self._phase_words(target)
        if word in phases:
            return {self.settings.fields.status: word}
        raise _unknown(word, (*allowed, *flow, *phases))

    def _portfolio(self, target: Target, state: State) -> Mapping[str, Json]:
        paths = self.people.portfolio_words(target.type_path)
        word = states.word_for(state, tuple(paths), self._overrides(target))
        if word is None and state is State.BACKLOG:
            return {"State": None}
        if word is None:
            raise self._no_word(target, state)
        return {"State": paths[word]}

    def _phase(self, target: Target, state: State) -> Mapping[str, Json]:
        """Use a flow state, else the status field, with a schedule state that fits underneath."""
        overrides = self._overrides(target)
        flow = self.people.flow_words(target.project)
        if word := states.word_for(state, tuple(flow), overrides):
            return {"FlowState": flow[word], **self._cleared_phase(target)}
        if not self._has_phase(target):
            raise self._no_word(target, state)
        allowed = self._phase_words(target)
        phase = states.word_for(state, allowed, overrides) if allowed else _PHASES[state]
        if phase is None:
            raise self._no_word(target, state)
        body: dict[str, Json] = {self.settings.fields.status: phase}
        field = self._field(target)
        under = states.word_for(
            _UNDERNEATH[state], self.schema.values(target.type_path, field), overrides
        )
        stands = states.column(text(target.record, field), overrides)
        if under and (state is State.IN_REVIEW or stands is State.DONE):
            body[field] = under
        return body

    def _has_phase(self, target: Target) -> bool:
        name = self.settings.fields.status
        return bool(name) and self.schema.has(target.type_path, name)

    def _phase_words(self, target: Target) -> tuple[str, ...]:
        name = self.settings.fields.status
        known = bool(name) and name in self.schema.attributes(target.type_path)
        return (
            tuple(word for word in self.schema.values(target.type_path, name) if word)
            if known
            else ()
        )

    def _cleared_phase(self, target: Target) -> Mapping[str, Json]:
        """Take a planning or review word away that would outlive the move."""
        name = self.settings.fields.status
        return {name: ""} if name and text(target.record, name) else {}

    def _field(self, target: Target) -> str:
        return states.state_field(target.kind, self.settings.defect_state_field)

    def _overrides(self, target: Target) -> Mapping[str, State]:
        return self.settings.states_of(text(nested(target.record, "Project"), "Name"))

    def _no_word(self, target: Target, state: State) -> Unsupported:
        return Unsupported(
            f"This Rally has no word for {state.value!r} on a {target.kind}.",
            "Panopticon can keep that phase itself; or add a flow state, or the field "
            f"{self.settings.fields.status or 'c_PantheonStatus'}; or map a word in `states`.",
            field="state",
        )


def _unknown(word: str, allowed: tuple[str, ...]) -> InvalidInput:
    names = ", ".join(dict.fromkeys(name for name in allowed if name))
    return InvalidInput(
        f"Rally has no state {word!r} here.", f"It allows: {names}.", field="native_state"
    )
