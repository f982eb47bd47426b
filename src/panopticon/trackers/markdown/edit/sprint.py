"""Entries of sprint-status that come and go."""

from panopticon.errors import Conflict
from panopticon.trackers.markdown.text.number import canonical
from panopticon.trackers.markdown.text.piece import Piece, replaced
from panopticon.trackers.markdown.text.sprint import EntryKind, Sprint, add_entry, read_sprint


def add_story(sprint: Sprint, key: str, word: str, epic: str) -> str:
    """Add a story behind the last one of its epic, else behind the epic, else at the end."""
    beginning = f"{epic}."
    own = [
        one.key
        for one in sprint.entries
        if one.kind is EntryKind.STORY and canonical(one.number).startswith(beginning)
    ]
    own = own or [
        one.key
        for one in sprint.entries
        if one.kind is EntryKind.EPIC and canonical(one.number) == epic
    ]
    return add_entry(sprint, key, word, own[-1] if own else None)


def add_epic(sprint: Sprint, number: str, word: str) -> str:
    """Add an epic at the end."""
    return add_entry(sprint, f"epic-{number.replace('.', '-')}", word)


def without_entries(sprint: Sprint, keys: set[str]) -> str:
    """Take entries out; every other byte stays."""
    if any(problem.code == "conflict" for problem in sprint.problems):
        path = sprint.document.path or "sprint-status.yaml"
        raise Conflict(f"{path} holds the markers of a merge.", "Resolve it, then retry.")
    text = sprint.document.text
    for entry in reversed(sprint.entries):
        if entry.key in keys:
            line = sprint.document.lines[entry.line - 1]
            end = line.end + len(line.ending)
            text = replaced(text, Piece("", line.start, end, line.number), "")
    again = read_sprint(text, sprint.document.path)
    kept = [(one.key, one.value) for one in sprint.entries if one.key not in keys]
    if [(one.key, one.value) for one in again.entries] != kept:
        raise Conflict("An entry cannot be taken out alone.", "Take its line out by hand.")
    return text
