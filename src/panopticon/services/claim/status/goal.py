"""Where a step of the work moves its item: a column, or one of the tracker's own words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from panopticon.errors import InvalidInput, Retriable
from panopticon.model.issue import Issue, State
from panopticon.services.context import Context

Step = Literal["start", "review", "merged"]

_COLUMNS: Mapping[Step, State] = {
    "start": State.IN_PROGRESS,
    "review": State.IN_REVIEW,
    "merged": State.DONE,
}
_APART = re.compile(r"[\s_-]+")


@dataclass(frozen=True, slots=True)
class Goal:
    """A column; `word` where the settings name the tracker's own."""

    state: State
    word: str | None = None

    def is_reached(self, issue: Issue) -> bool:
        """Tell whether an item stands there."""
        if self.word is None:
            return issue.state is self.state
        return issue.native_state.casefold() == self.word.casefold()


def goal(ctx: Context, issue: Issue, step: Step, *, is_away: bool = False) -> Goal:
    """Read where a step leads; raises InvalidInput for a word that the tracker does not have.

    `is_away`: the tracker is not asked for its words, which are judged when they are written.
    """
    told = ctx.config.status_words.get(step, "").strip()
    spelled = _APART.sub("_", told.casefold())
    if not told:
        return Goal(_COLUMNS[step])
    if spelled in set(State):
        return Goal(State(spelled))
    if is_away:
        return Goal(_COLUMNS[step], told)
    try:
        words = ctx.tracker(issue.ref.tracker).words().get(issue.kind, ())
    except Retriable:  # it is judged when it is written
        return Goal(_COLUMNS[step], told)
    for word, state in words:
        if word.casefold() == told.casefold():
            return Goal(state, word)
    names = ", ".join(dict.fromkeys([*State, *(word for word, _ in words if word)]))
    raise InvalidInput(
        f"The status after `{step}` is set to {told!r}, which {issue.ref.tracker} does not have.",
        f"Change it in the settings. Known: {names}.",
    )
