"""The native words of states, kind by kind, and the column that each of them means."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from panopticon.model.issue import Kind, State
from panopticon.trackers.rally import states
from panopticon.trackers.rally.moves import PHASES, phase_words
from panopticon.trackers.rally.schema import TYPES, Flow, Schema
from panopticon.trackers.rally.settings import RallySettings
from panopticon.trackers.rally.territory import Territory

Words = tuple[tuple[str, State], ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """Lists words for people who map them."""

    schema: Schema
    settings: RallySettings
    territory: Territory

    def listed(self) -> dict[Kind, Words]:
        """List the words of each kind in the server's order.

        Several projects share one list: where their own maps differ, the first project's counts.
        """
        projects = self.territory.projects()
        overrides = self._overrides([path for path in projects if path])
        flow = [one for path in projects for one in self.schema.flow(path)]
        found = {kind: self._work(kind, flow, overrides) for kind in TYPES}
        for level in self.schema.portfolio():
            words = self.schema.portfolio_words(level.path)
            listed = tuple((word, states.column(word, overrides)) for word in words)
            found[level.kind] = _once((*found.get(level.kind, ()), *listed))
        return found

    def _work(self, kind: Kind, flow: list[Flow], overrides: Mapping[str, State]) -> Words:
        return _once(tuple(self._words(kind, flow, overrides)))

    def _words(
        self, kind: Kind, flow: list[Flow], overrides: Mapping[str, State]
    ) -> Iterator[tuple[str, State]]:
        type_path = TYPES[kind]
        field = states.state_field(kind, self.settings.defect_state_field)
        for word in self.schema.values(type_path, field):
            yield word, states.column(word, overrides)
        if kind is Kind.TASK:
            return
        for one in flow:
            words = states.Words(one.schedule, flow=one.name)
            stands = states.standing(words, overrides)
            if field == "ScheduleState" or stands.state in PHASES:
                yield one.name, stands.state
        for word in phase_words(self.schema, type_path, self.settings.fields.status):
            yield word, states.column(word, overrides)

    def _overrides(self, projects: list[str]) -> Mapping[str, State]:
        own = self.settings.project_states
        names = [self.territory.project_name(path) for path in projects] if own else []
        merged = dict(self.settings.states)
        for name in reversed(names):
            merged |= own.get(name, {})
        return merged


def _once(words: Words) -> Words:
    """Keep the first of equal words, and no empty one."""
    found: dict[str, State] = {}
    for word, state in words:
        if word:
            found.setdefault(word, state)
    return tuple(found.items())
