"""From a team's words to the five columns and back; the words themselves are read from Rally."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from panopticon.model.issue import Kind, State

_EXACT: Mapping[str, State] = {
    "idea": State.BACKLOG,
    "new": State.BACKLOG,
    "defined": State.BACKLOG,
    "submitted": State.BACKLOG,
    "todo": State.BACKLOG,
    "ready": State.BACKLOG,
    "backlog": State.BACKLOG,
    "noentry": State.BACKLOG,
    "": State.BACKLOG,
    "discovering": State.PLANNING,
    "planning": State.PLANNING,
    "inprogress": State.IN_PROGRESS,
    "open": State.IN_PROGRESS,
    "reopened": State.IN_PROGRESS,
    "developing": State.IN_PROGRESS,
    "measuring": State.IN_REVIEW,
    "codereview": State.IN_REVIEW,
    "completed": State.DONE,
    "accepted": State.DONE,
    "released": State.DONE,
    "fixed": State.DONE,
    "closed": State.DONE,
    "done": State.DONE,
}
# Tried in this order on words that are not in the table.
_SIGNS: Sequence[tuple[State, str]] = (
    (State.BACKLOG, r"ready for dev|backlog|\bto ?do\b|not started|queue"),
    (State.IN_REVIEW, r"review|\bqa\b|testing|\btest\b|verif|validat|\buat\b"),
    (State.PLANNING, r"plan|discover|groom|refin|analy|design|elaborat"),
    (
        State.DONE,
        r"done|complete|accept|releas|closed|deploy|cancel|reject|declin|duplicate|won.?t",
    ),
    (State.IN_PROGRESS, r"progress|develop|doing|active|started|coding|implement|build"),
)
_CANCELLED = re.compile(r"cancel|reject|declin|duplicate|won.?t|obsolete|abandon", re.IGNORECASE)
_FAVOURITES: Mapping[State, Sequence[str]] = {
    State.BACKLOG: ("Defined", "Submitted", "New", "Ready", "Idea"),
    State.PLANNING: ("Planning", "In Planning", "Discovering"),
    State.IN_PROGRESS: ("In-Progress", "Open", "Developing", "In Progress"),
    State.IN_REVIEW: ("Code Review", "In Review", "Review", "Measuring"),
    State.DONE: ("Completed", "Closed", "Done", "Accepted", "Fixed"),
}
_PRIORITIES: Mapping[str, int] = {
    **dict.fromkeys(("", "none", "noentry"), 0),
    **dict.fromkeys(("resolveimmediately", "urgent", "critical", "highest", "blocker", "p1"), 1),
    **dict.fromkeys(("highattention", "high", "major", "p2"), 2),
    **dict.fromkeys(("normal", "medium", "moderate", "p3"), 3),
    **dict.fromkeys(("low", "minor", "lowest", "trivial", "p4"), 4),
}
_STATE_FIELDS = {Kind.TASK: "State", Kind.FEATURE: "State", Kind.EPIC: "State"}


@dataclass(frozen=True, slots=True)
class Words:
    """What Rally says about where an item stands; `phase` and `flow` may refine `state`."""

    state: str
    flow: str = ""
    phase: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """The column, the word that decided it, and whether it was called off."""

    state: State
    native: str
    cancelled: bool


def state_field(kind: Kind, defect_field: str) -> str:
    """Name the field that says where an item of this kind stands."""
    return defect_field if kind is Kind.DEFECT else _STATE_FIELDS.get(kind, "ScheduleState")


def column(word: str, overrides: Mapping[str, State]) -> State:
    """Find the column of a native word: the team's own map, then known words, then signs."""
    if (own := overrides.get(word.lower())) is not None:
        return own
    if (known := _EXACT.get(_squeezed(word))) is not None:
        return known
    return next(
        (state for state, sign in _SIGNS if re.search(sign, word, re.IGNORECASE)), State.BACKLOG
    )


def standing(words: Words, overrides: Mapping[str, State]) -> Standing:
    """Judge an item; a flow or phase word counts only where it means planning or review."""
    state = column(words.state, overrides)
    if state is not State.DONE:
        for word in (words.phase, words.flow):
            finer = column(word, overrides) if word else None
            if finer in {State.PLANNING, State.IN_REVIEW}:
                return Standing(finer, word, cancelled=False)
    return Standing(
        state, words.state, state is State.DONE and bool(_CANCELLED.search(words.state))
    )


def word_for(state: State, allowed: Sequence[str], overrides: Mapping[str, State]) -> str | None:
    """Pick the native word for a column out of the allowed ones; None where there is none."""
    fitting = [
        word for word in allowed if column(word, overrides) is state and not _CANCELLED.search(word)
    ]
    for favourite in _FAVOURITES[state]:
        if favourite in fitting:
            return favourite
    return fitting[0] if fitting else None


def priority_from(word: str, allowed: Sequence[str], overrides: Mapping[str, int]) -> int:
    """Place a word on 0 (none) to 4 (low): the team's own map, known words, then its order."""
    if (own := overrides.get(word.lower())) is not None:
        return own
    if (known := _PRIORITIES.get(_squeezed(word))) is not None:
        return known
    ranked = [value for value in allowed if _PRIORITIES.get(_squeezed(value)) != 0]
    if word not in ranked:
        return 3
    return min(4, 1 + ranked.index(word) * 4 // len(ranked))


def priority_word(
    priority: int, allowed: Sequence[str], overrides: Mapping[str, int]
) -> str | None:
    """Pick the allowed word for a number, the nearest where there is no exact one."""
    scored = [
        (abs(priority_from(word, allowed, overrides) - priority), at)
        for at, word in enumerate(allowed)
    ]
    if priority == 0:
        scored = [pair for pair in scored if pair[0] == 0]
    else:
        scored = [
            pair for pair in scored if priority_from(allowed[pair[1]], allowed, overrides) != 0
        ]
    return allowed[min(scored)[1]] if scored else None


def is_known_priority(word: str, overrides: Mapping[str, int]) -> bool:
    """Tell whether a word can be placed without asking Rally for its order."""
    return word.lower() in overrides or _squeezed(word) in _PRIORITIES


@lru_cache(maxsize=1024)  # the same few words on every item
def _squeezed(word: str) -> str:
    return re.sub(r"[^a-z0-9]", "", word.lower())
