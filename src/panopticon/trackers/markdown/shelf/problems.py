"""Several story files together: what only shows when they lie beside one another."""

from collections.abc import Iterable, Iterator, Mapping

from panopticon.model.issue import State
from panopticon.trackers.markdown.shelf.facts import Told
from panopticon.trackers.markdown.text.piece import Problem
from panopticon.trackers.markdown.text.sprint import SprintEntry
from panopticon.trackers.markdown.text.word import meaning_of


def clashes(stories: Iterable[Told]) -> Iterator[Problem]:
    """Tell two stories with one FormattedID; both stay."""
    first: dict[str, str] = {}
    for told in stories:
        name = told.twin.casefold()
        if name and name in first:
            message = f"the same FormattedID as {first[name]}: {told.twin}"
            yield Problem(told.path, told.twin_line, "duplicate", message)
        elif name:
            first[name] = told.path


def drift(
    pairs: Iterable[tuple[str, SprintEntry, Told]], words: Mapping[str, State]
) -> Iterator[Problem]:
    """Tell where sprint-status (its path, its entry) and a story file say different columns."""
    for path, entry, told in pairs:
        if not (entry.value and told.word):
            continue
        if entry.meaning.state is not meaning_of(told.word, words).state:
            there = f"{told.path}:{told.word_line}"
            message = f"{entry.key} is {entry.value!r} here, {told.word!r} in {there}"
            yield Problem(path, entry.line, "drift", message)


def unknown(stories: Iterable[Told], words: Mapping[str, State]) -> Iterator[Problem]:
    """Tell status words that mean nothing that is known."""
    for told in stories:
        if told.word and not meaning_of(told.word, words).is_known:
            message = f"unknown status {told.word[:60]!r}: shown in the backlog"
            yield Problem(told.path, told.word_line, "status", message)
