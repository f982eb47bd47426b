"""Entries of sprint-status that come and go."""

from panopticon.errors import Conflict
from panopticon.trackers.markdown.text.document import Kind, Line
from panopticon.trackers.markdown.text.entry import quoted_like
from panopticon.trackers.markdown.text.number import canonical
from panopticon.trackers.markdown.text.piece import Piece, replaced
from panopticon.trackers.markdown.text.sprint import (
    EntryKind,
    Sprint,
    SprintEntry,
    add_entry,
    read_sprint,
)


def add_story(sprint: Sprint, key: str, word: str, epic: str) -> str:
    """Add a story behind the last one of its epic, else behind the epic, else among the epics."""
    own = [one for one in _of(sprint, epic) if one.kind is EntryKind.STORY]
    own = own or [one for one in _of(sprint, epic) if one.kind is EntryKind.EPIC]
    if own or not sprint.entries:
        return add_entry(sprint, key, word, own[-1].key if own else None)
    lower = [one for one in sprint.entries if _place(_epic_of(one)) < _place(epic)]
    return _added(sprint, [(key, word)], lower[-1] if lower else None)


def add_epic(sprint: Sprint, number: str, word: str) -> str:
    """Add an epic at the end, with the retrospective that others have too."""
    key = f"epic-{number.replace('.', '-')}"
    if not sprint.entries or any(one.key == key for one in sprint.entries):
        return add_entry(sprint, key, word)
    block = [(key, word)]
    if any(one.kind is EntryKind.RETROSPECTIVE for one in sprint.entries):
        block.append((f"{key}-retrospective", "optional"))
    return _added(sprint, block, sprint.entries[-1])


def _of(sprint: Sprint, epic: str) -> list[SprintEntry]:
    return [one for one in sprint.entries if _epic_of(one) == epic]


def _epic_of(entry: SprintEntry) -> str:
    number = canonical(entry.number)
    return number.rpartition(".")[0] if entry.kind is EntryKind.STORY else number


def _place(epic: str) -> tuple[bool, int]:
    """Order epics by number; those without one come first, so that nothing is between theirs."""
    return (epic.isdecimal(), int(epic) if epic.isdecimal() else 0)


def _added(sprint: Sprint, block: list[tuple[str, str]], behind: SprintEntry | None) -> str:
    """Add entries as a group of their own: behind one, or above all; apart as the others are."""
    lines, text = sprint.document.lines, sprint.document.text
    first = lines[sprint.entries[0].line - 1]
    indent = first.text[: len(first.text) - len(first.text.lstrip(" "))]
    group = [f"{indent}{key}: {quoted_like(word, '')}" for key, word in block]
    line = lines[behind.line - 1] if behind else _head(sprint)
    heads = [one.line for one in sprint.entries if one.kind is EntryKind.EPIC][1:]
    if not heads or any(lines[at - 2].kind is Kind.BLANK for at in heads):
        follower = lines[line.number] if line.number < len(lines) else None
        group = ["", *group] if behind else group
        group += [""] if follower and follower.kind is not Kind.BLANK else []
    newline = sprint.document.newline
    at = line.end + len(line.ending)
    said = newline.join(group)
    said = f"{said}{newline}" if line.ending else f"{newline}{said}"
    new = replaced(text, Piece("", at, at, line.number), said)
    where = sprint.entries.index(behind) + 1 if behind else 0
    wanted = [(one.key, one.value) for one in sprint.entries]
    wanted[where:where] = block
    return _checked(sprint, new, wanted, "An entry cannot be added here.")


def _head(sprint: Sprint) -> Line:
    """Give the line right above the entries that opens the block, with remarks left below."""
    lines = sprint.document.lines[: sprint.entries[0].line - 1]
    return next(line for line in reversed(lines) if line.text[:1].strip("# \t"))


def without_entries(sprint: Sprint, keys: set[str]) -> str:
    """Take entries out, with the blank line that would stand there twice or at the end."""
    gone = {one.line for one in sprint.entries if one.key in keys}
    text = sprint.document.text
    for number in sorted(gone | _left_over(sprint, gone), reverse=True):
        line = sprint.document.lines[number - 1]
        end = line.end + len(line.ending)
        text = replaced(text, Piece("", line.start, end, number), "")
    kept = [(one.key, one.value) for one in sprint.entries if one.key not in keys]
    return _checked(sprint, text, kept, "An entry cannot be taken out alone.")


def _left_over(sprint: Sprint, gone: set[int]) -> set[int]:
    """Find the blank lines that stood beside lines that go, and have nothing to part any more."""
    lines = sprint.document.lines
    found = set()
    for number in gone:
        above = next(one for one in reversed(lines[: number - 1]) if one.number not in gone)
        below = next((one for one in lines[number:] if one.number not in gone), None)
        if below is None or below.kind is Kind.BLANK:
            if above.kind is Kind.BLANK:
                found.add(above.number)
            elif below and above is _head(sprint):
                found.add(below.number)
    return found


def _checked(sprint: Sprint, text: str, wanted: list[tuple[str, str]], told: str) -> str:
    """Refuse what would be read as something else, and the markers of a merge."""
    path = sprint.document.path or "sprint-status.yaml"
    if any(problem.code == "conflict" for problem in sprint.problems):
        raise Conflict(f"{path} holds the markers of a merge.", "Resolve it, then retry.")
    again = read_sprint(text, sprint.document.path)
    if [(one.key, one.value) for one in again.entries] != wanted:
        raise Conflict(told, f"Write it in {path} by hand.")
    return text
