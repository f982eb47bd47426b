"""Moving an item: which field and which of the team's own words put it into a column.

A flow state that means planning or review outweighs the state beneath it. A move out of such a
phase therefore has to choose another flow state wherever the server would stay in, or fall into,
that one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from panopticon.errors import InvalidInput, Unsupported
from panopticon.model.form import Move
from panopticon.model.issue import Issue, Json, Kind, State
from panopticon.trackers.rally import states
from panopticon.trackers.rally.record import Record, nested, text
from panopticon.trackers.rally.schema import Flow, Schema
from panopticon.trackers.rally.settings import RallySettings

PHASES = (State.PLANNING, State.IN_REVIEW)
_FREE_PHASES = ("Planning", "In Review")
_UNDERNEATH = {State.PLANNING: State.BACKLOG, State.IN_REVIEW: State.IN_PROGRESS}
_SCHEDULE = "ScheduleState"


@dataclass(frozen=True, slots=True)
class Target:
    """The item a write is for; `project` is its path, `place` its project's name.

    `record` is as last read, empty for a new one; `stands` where it is now.
    """

    kind: Kind
    type_path: str
    project: str
    place: str = ""
    record: Record = field(default_factory=dict)
    stands: states.Standing | None = None

    @property
    def is_portfolio(self) -> bool:
        """Tell whether its state is an object rather than a word."""
        return self.kind in {Kind.FEATURE, Kind.EPIC}

    @property
    def flow(self) -> str:
        """Name the flow state it is in."""
        flow = nested(self.record, "FlowState")
        return text(flow, "Name") or text(flow, "_refObjectName")


@dataclass(frozen=True, slots=True)
class Way:
    """What to write, and the native word that the item then shows."""

    word: str
    body: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Moves:
    """Finds the write that moves an item, out of what is remembered of the workspace."""

    schema: Schema
    settings: RallySettings

    def told(self, issue: Issue) -> tuple[Move, ...]:
        """Say for each column how `to_column` would get there, or why it would refuse."""
        target = Target(
            issue.kind,
            issue.native_kind,
            f"/project/{issue.project_id}",
            issue.project,
            stands=states.Standing(issue.state, issue.native_state, issue.cancelled),
        )
        return tuple(self._told(target, state) for state in State)

    def _told(self, target: Target, state: State) -> Move:
        try:
            return Move(state, self._way(target, state).word)
        except Unsupported as refused:
            return Move(state, reason=refused.message)

    def to_column(self, target: Target, column: str) -> Mapping[str, Json]:
        """Choose the native word for a column; looks at the workspace again before it refuses."""
        state = State(column) if column in set(State) else None
        if state is None:
            raise InvalidInput(
                f"{column!r} is no state.", f"Known: {', '.join(State)}.", field="state"
            )
        try:
            return self._way(target, state).body
        except Unsupported:
            self.look_again(target)
            return self._way(target, state).body

    def to_word(self, target: Target, word: str) -> Mapping[str, Json]:
        """Write one of the team's own words, into the field that knows it."""
        body = self._by_word(target, word)
        if body is None:
            self.look_again(target)
            body = self._by_word(target, word)
        if body is None:
            raise _unknown(word, self._words(target))
        return body

    def look_again(self, target: Target) -> None:
        """Read the words of the workspace afresh when they are next asked for."""
        self.schema.look_again(target.type_path, self._field(target), target.project)

    def words(self, target: Target) -> tuple[str, ...]:
        """List the words that an item shows once they are written."""
        if target.is_portfolio:
            return tuple(self.schema.portfolio_words(target.type_path))
        overrides = self._overrides(target)
        finer = [
            word
            for word in (*(one.name for one in self._phases(target)), *self._phase_words(target))
            if states.column(word, overrides) in PHASES
        ]
        own = [word for word in self._field_words(target) if word]
        return tuple(dict.fromkeys((*own, *finer)))

    def _way(self, target: Target, state: State) -> Way:
        """Find the write and the word; raises Unsupported."""
        stands = target.stands
        if stands and stands.state is state and not stands.cancelled:
            return Way(stands.native, {})  # `Accepted` is not turned back into `Completed`
        if target.is_portfolio:
            return self._portfolio(target, state)
        overrides = self._overrides(target)
        if word := states.word_for(state, self._field_words(target), overrides):
            body = self._settled(target, state, word)
            if body is None:
                raise self._no_word(target, state)
            return Way(word, body)
        if state in PHASES and target.kind is not Kind.TASK:
            return self._phase(target, state)
        raise self._no_word(target, state)

    def _by_word(self, target: Target, word: str) -> Mapping[str, Json] | None:
        if target.is_portfolio:
            paths = self.schema.portfolio_words(target.type_path)
            return {"State": paths.get(word)} if not word or word in paths else None
        column = states.column(word, self._overrides(target))
        if word in self._field_words(target):
            settled = self._settled(target, column, word)
            return settled or {self._field(target): word, **self._cleared_phase(target)}
        under = self._under(target, column) if column in PHASES else {}
        flow = {one.name: one.path for one in self._flow(target)}
        if word in flow:
            under = under if self._field(target) != _SCHEDULE else {}
            return {"FlowState": flow[word], **under, **self._cleared_phase(target)}
        if word in self._phase_words(target) or (column in PHASES and self._is_free(target)):
            return {self.settings.fields.status: word, **under}
        return None

    def _portfolio(self, target: Target, state: State) -> Way:
        paths = self.schema.portfolio_words(target.type_path)
        word = states.word_for(state, tuple(paths), self._overrides(target))
        if word is None and state is State.BACKLOG:
            return Way("", {"State": None})
        if word is None:
            raise self._no_word(target, state)
        return Way(word, {"State": paths[word]})

    def _settled(self, target: Target, state: State, word: str) -> Mapping[str, Json] | None:
        """Write a word of the state field so that no flow state leads elsewhere; None: no way."""
        name = self._field(target)
        body: dict[str, Json] = {name: word, **self._cleared_phase(target)}
        if state is State.DONE:
            return body  # nothing outweighs done
        flow = [one for one in self._flow(target) if name != _SCHEDULE or one.schedule == word]
        astray = [one for one in flow if self._column(target, one) in {*PHASES} - {state}]
        if not astray:
            return body
        fit = [one for one in flow if one not in astray]
        if not fit:
            return None
        stays = target.flow in {one.name for one in astray}
        falls = flow[0] in astray and text(target.record, name) != word
        if stays or (name == _SCHEDULE and falls):
            by_name = [one for one in fit if self._column(target, one) is state]
            body["FlowState"] = (by_name or fit)[0].path
        return body

    def _phase(self, target: Target, state: State) -> Way:
        """Use a flow state, else the status field, with a state that fits underneath."""
        overrides = self._overrides(target)
        under = self._under(target, state)
        flow = {one.name: one.path for one in self._phases(target)}
        if word := states.word_for(state, tuple(flow), overrides):
            closed = under if self._field(target) != _SCHEDULE else {}
            return Way(word, {"FlowState": flow[word], **closed, **self._cleared_phase(target)})
        phase = states.word_for(state, self._phase_words(target), overrides)
        if phase is None:
            raise self._no_word(target, state)
        return Way(phase, {self.settings.fields.status: phase, **under})

    def _under(self, target: Target, state: State) -> Mapping[str, Json]:
        """Choose what stands beneath a phase, where what stands there now would not fit."""
        name, overrides = self._field(target), self._overrides(target)
        under = states.word_for(_UNDERNEATH[state], self._field_words(target), overrides)
        stands = states.column(text(target.record, name), overrides)
        wanted = state is State.IN_REVIEW or stands is State.DONE
        return {name: under} if under and wanted else {}

    def _phases(self, target: Target) -> list[Flow]:
        """List the flow states that do not count as done: those could show no phase."""
        by_schedule = self._field(target) == _SCHEDULE
        overrides = self._overrides(target)
        return [
            one
            for one in self._flow(target)
            if not by_schedule or states.column(one.schedule, overrides) is not State.DONE
        ]

    def _flow(self, target: Target) -> tuple[Flow, ...]:
        return () if target.kind is Kind.TASK else self.schema.flow(target.project)

    def _column(self, target: Target, flow: Flow) -> State:
        return states.column(flow.name, self._overrides(target))

    def _phase_words(self, target: Target) -> tuple[str, ...]:
        name = self.settings.fields.status
        return () if target.kind is Kind.TASK else phase_words(self.schema, target.type_path, name)

    def _is_free(self, target: Target) -> bool:
        """Tell whether the status field takes any text: then also the team's own phases."""
        return self._phase_words(target) is _FREE_PHASES

    def _field_words(self, target: Target) -> tuple[str, ...]:
        return self.schema.values(target.type_path, self._field(target))

    def _words(self, target: Target) -> tuple[str, ...]:
        """List every word that may be written."""
        if target.is_portfolio:
            return tuple(self.schema.portfolio_words(target.type_path))
        flow = (one.name for one in self._flow(target))
        return (*self._field_words(target), *flow, *self._phase_words(target))

    def _cleared_phase(self, target: Target) -> Mapping[str, Json]:
        """Take a planning or review word away that would outlive the move."""
        name = self.settings.fields.status
        return {name: ""} if name and text(target.record, name) else {}

    def _field(self, target: Target) -> str:
        return states.state_field(target.kind, self.settings.defect_state_field)

    def _overrides(self, target: Target) -> Mapping[str, State]:
        return self.settings.states_of(target.place)

    def _no_word(self, target: Target, state: State) -> Unsupported:
        return Unsupported(
            f"This Rally has no word for {state.label} on {_a(target.kind)}.",
            "Panopticon can keep that phase itself; or add a flow state, or the field "
            f"{self.settings.fields.status or 'c_PantheonStatus'}; or map a word in `states`.",
            field="state",
        )


def phase_words(schema: Schema, type_path: str, name: str) -> tuple[str, ...]:
    """List the phases that a type's status field may hold: our own where it takes any text."""
    if not name or name not in schema.attributes(type_path):
        return ()
    return tuple(word for word in schema.values(type_path, name) if word) or _FREE_PHASES


def _a(kind: Kind) -> str:
    return f"an {kind}" if kind is Kind.EPIC else f"a {kind}"


def _unknown(word: str, allowed: tuple[str, ...]) -> InvalidInput:
    names = ", ".join(dict.fromkeys(name for name in allowed if name))
    return InvalidInput(
        f"Rally has no state {word!r} here.", f"It allows: {names}.", field="native_state"
    )
