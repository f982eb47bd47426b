"""The words that teams write behind "Status:", and the columns they mean."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from panopticon.model.issue import State

WORDS: Mapping[State, tuple[str, ...]] = {
    State.BACKLOG: (
        *("backlog", "draft", "todo", "to-do", "not-started", "new", "planned", "proposed", "open"),
        *("pending", "deferred", "on-hold", "postponed", "idea", "defined", "optional", "parked"),
    ),
    State.PLANNING: (
        *("ready-for-dev", "ready-for-development", "ready-for-implementation", "ready"),
        *("ready-to-start", "ready-to-implement", "approved", "drafted", "planning", "refined"),
        "context-generated",
    ),
    State.IN_PROGRESS: (
        *("in-progress", "inprogress", "in-development", "in-dev", "started", "doing", "active"),
        *("wip", "contexted", "implementing", "reopened", "changes-requested", "blocked"),
        *("partially-complete", "partially-done", "partial"),
    ),
    State.IN_REVIEW: (
        *("review", "in-review", "ready-for-review", "ready-for-code-review", "code-review"),
        *("ready-for-qa", "qa", "in-qa", "ready-for-testing", "ready-for-test", "in-testing"),
        *("testing", "ready-for-manual-testing", "ready-for-done", "ready-for-merge"),
        *("implementation-complete", "code-complete", "dev-complete", "implemented", "reviewed"),
    ),
    State.DONE: (
        *("done", "complete", "completed", "closed", "finished", "merged", "shipped", "released"),
        *("accepted", "verified", "resolved", "deployed", "validated", "review-passed"),
    ),
}
CANCELLED = (
    *("cancelled", "canceled", "superseded", "obsolete", "rejected", "abandoned", "dropped"),
    *("wont-do", "wontfix", "won-t-do", "split", "split-into", "removed", "duplicate", "skipped"),
    *("deprecated", "descoped"),
)
_SIGNS = (("\u2705", "done"), ("\u2611", "done"), ("\U0001f6a7", "in-progress"))
_CUT = re.compile(r"[(\[|,;:#\u2014\u2013]|\s-\s|\s--")
_BETWEEN = re.compile(r"[^\w]+|_")
_LONGEST = 6  # words
_EMPHASIS = re.compile(r"(?<!\w)(\*{1,3}|_{1,3}|`)(?=\S)((?:(?!\1).)*\S)\1(?!\w)")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a status word means; `is_known` is false where the backlog was only assumed."""

    state: State
    cancelled: bool = False
    is_known: bool = True


_KNOWN: Mapping[str, Meaning] = {
    **{word: Meaning(state) for state, words in WORDS.items() for word in words},
    **dict.fromkeys(CANCELLED, Meaning(State.DONE, cancelled=True)),
}


def meaning_of(word: str, own: Mapping[str, State] | None = None) -> Meaning:
    """Find the column of a word; `own` are a team's words, which go first.

    Case, emphasis, emoji, percentages and remarks behind the words are left out, and a "Story"
    before them; then the longest beginning that is known decides: `Review (AC 9 open)` is `review`.
    """
    table = {plain(name): Meaning(state) for name, state in (own or {}).items()}
    names = plain(_CUT.split(word.strip(" *_`"), maxsplit=1)[0]).split("-")[:_LONGEST]
    bare = names[1:] if names[0] == "story" else []
    for some in (names, bare):
        for count in range(len(some), 0, -1):
            beginning = "-".join(some[:count])
            if meaning := table.get(beginning) or _KNOWN.get(beginning):
                return meaning
    for sign, name in _SIGNS:
        if sign in word and not any(names):
            return _KNOWN[name]
    return Meaning(State.BACKLOG, is_known=False)


def unmarked(word: str) -> str:
    """Take emphasis and code marks off a word as it is shown: `🚧 **READY**` is `🚧 READY`."""
    return _EMPHASIS.sub(r"\2", word)


def plain(word: str) -> str:
    """Spell a word as status files do: `Ready for Review` is `ready-for-review`."""
    return _BETWEEN.sub("-", word.casefold()).strip("-")
