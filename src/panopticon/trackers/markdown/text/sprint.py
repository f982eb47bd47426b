"""`sprint-status.yaml`: the word of every epic, story and retrospective, edited line by line."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from panopticon.errors import Conflict, InvalidInput, NotFound
from panopticon.model.issue import State
from panopticon.trackers.markdown.text.document import Document, Kind, Line, document_from
from panopticon.trackers.markdown.text.entry import Entry, entries_from, quoted_like, unquoted
from panopticon.trackers.markdown.text.number import canonical, file_name_from
from panopticon.trackers.markdown.text.piece import Piece, Problem, decode, on_one_line, replaced
from panopticon.trackers.markdown.text.word import Meaning, meaning_of

_BLOCK = "development_status"
_EPIC = re.compile(
    r"(?:(?P<prefix>[A-Za-z]{1,8})-)?epic-(?P<number>[\w.-]*?)(?P<retro>-retrospective)?$"
)
_BARE_EPIC = re.compile(r"(?!us-|de-|ta-)([a-z]{1,8}-\d{1,9})(-retrospective)?")  # `dm-01`


class EntryKind(Enum):
    """What a key of the file stands for."""

    EPIC = "epic"
    STORY = "story"
    RETROSPECTIVE = "retrospective"


@dataclass(frozen=True, slots=True)
class SprintEntry:
    """One line: `key` as written, the number it stands for, the word and where it stands."""

    key: str
    kind: EntryKind
    number: str
    slug: str
    word: Piece
    meaning: Meaning
    line: int

    @property
    def value(self) -> str:
        """Give the word without quotes."""
        return unquoted(self.word.text)


@dataclass(frozen=True, slots=True)
class Sprint:
    """A sprint-status file: its entries in order, its other keys, what is wrong with it."""

    document: Document
    entries: tuple[SprintEntry, ...]
    settings: Mapping[str, str]
    problems: tuple[Problem, ...]

    def entry(self, number: str) -> SprintEntry | None:
        """Find a story by its number, in any spelling."""
        wanted = canonical(number)
        stories = (entry for entry in self.entries if entry.kind is EntryKind.STORY)
        return next((entry for entry in stories if canonical(entry.number) == wanted), None)


def read_sprint(
    data: bytes | str, path: str = "", words: Mapping[str, State] | None = None
) -> Sprint:
    """Read a file. Never fails: what is no plain entry is told, the others are there."""
    document = document_from(decode(data) if isinstance(data, bytes) else data, path)
    entries, problems = entries_from(document.lines, path, "sprint")
    found = [_entry(entry, words) for entry in _inside(entries)]
    if not any(entry.key == _BLOCK and not entry.indent for entry in entries):
        problems.append(Problem(path, 1, "sprint", f"no `{_BLOCK}:` in the file"))
    told = [p for p in document.problems if p.code in {"conflict", "encoding"}]
    lines = {problem.line for problem in problems}
    told += [*problems, *(p for p in _told(path, found) if p.line not in lines)]
    settings = {entry.key: entry.scalar for entry in entries if not entry.indent}
    return Sprint(document, tuple(found), settings, tuple(sorted(told)))


def _inside(entries: Sequence[Entry]) -> Iterator[Entry]:
    """Give the entries of the block, at the depth of its first one."""
    depth = None
    for entry in entries:
        if not entry.indent:
            depth = -1 if entry.key == _BLOCK else None
        elif depth is not None:
            depth = entry.indent if depth < 0 else depth
            if entry.indent == depth:
                yield entry


def _entry(entry: Entry, words: Mapping[str, State] | None) -> SprintEntry:
    kind, number, slug = kind_of(entry.key)
    meaning = meaning_of(entry.scalar, words)
    return SprintEntry(entry.key, kind, number, slug, entry.value, meaning, entry.line)


def kind_of(key: str) -> tuple[EntryKind, str, str]:
    """Tell what a key stands for (`epic-1`, `1-2-slug`), its number and slug."""
    if match := _EPIC.match(key):
        number = "-".join(part for part in (match["prefix"], match["number"]) if part)
        return (EntryKind.RETROSPECTIVE if match["retro"] else EntryKind.EPIC), number, ""
    if match := _BARE_EPIC.fullmatch(key):
        return (EntryKind.RETROSPECTIVE if match[2] else EntryKind.EPIC), match[1], ""
    name = file_name_from(key)
    return EntryKind.STORY, name.number, name.slug


def _told(path: str, entries: Sequence[SprintEntry]) -> Iterator[Problem]:
    first: dict[str, SprintEntry] = {}
    for entry in entries:
        if not entry.word.text:
            yield Problem(path, entry.line, "sprint", f"{entry.key} has no word")
        elif not entry.meaning.is_known and entry.kind is not EntryKind.RETROSPECTIVE:
            message = f"unknown status {entry.value[:60]!r}: shown in the backlog"
            yield Problem(path, entry.line, "status", message)
        if entry.kind is not EntryKind.STORY or not entry.number:
            continue
        key = canonical(entry.number)
        if key in first and first[key].key != entry.key:
            message = f"{entry.key} and {first[key].key} (line {first[key].line}) share a number"
            yield Problem(path, entry.line, "duplicate", message)
        first.setdefault(key, entry)


def set_word(sprint: Sprint, key: str, word: str) -> str:
    """Write the word of one entry; comments, order and every other byte stay."""
    word = on_one_line(word, "status")
    entry = next((entry for entry in sprint.entries if entry.key == key), None)
    if entry is None:
        raise NotFound(f"{_name(sprint)} has no entry {key}.", "Add it, or run sprint-planning.")
    text = quoted_like(word, entry.word.text)
    if not entry.word.text:
        text = f" {text}" if _touches_colon(sprint, entry.word) else text
    return _checked(sprint, replaced(sprint.document.text, entry.word, text), key, word)


def add_entry(sprint: Sprint, key: str, word: str, behind: str | None = None) -> str:
    """Add an entry behind another one; without it behind the last, or under an empty block."""
    if any(entry.key == key for entry in sprint.entries):
        raise Conflict(f"{_name(sprint)} has {key} already.", "Change its word instead.")
    line = _place(sprint, behind)
    indent = "  "
    if sprint.entries:
        first = sprint.document.lines[sprint.entries[0].line - 1].text
        indent = first[: len(first) - len(first.lstrip(" "))]
    newline = sprint.document.newline
    new = f"{indent}{key}: {quoted_like(on_one_line(word, 'status'), '')}"
    at = line.end + len(line.ending)
    text = f"{new}{newline}" if line.ending else f"{newline}{new}"
    whole = replaced(sprint.document.text, Piece("", at, at, line.number), text)
    return _checked(sprint, whole, key, word.strip())


def _place(sprint: Sprint, behind: str | None) -> Line:
    lines = sprint.document.lines
    numbers = [entry.line for entry in sprint.entries if behind in {None, entry.key}]
    if numbers:
        return lines[numbers[-1] - 1]
    block = [
        line for line in lines if line.kind is not Kind.BLANK and line.text.startswith(f"{_BLOCK}:")
    ]
    if behind is not None or not block:
        raise NotFound(f"{_name(sprint)} has no place for it.", f"It needs `{_BLOCK}:`.")
    return block[-1]


def _checked(sprint: Sprint, text: str, key: str, word: str) -> str:
    """Refuse what would be read as something else."""
    if any(problem.code == "conflict" for problem in sprint.problems):
        raise Conflict(f"{_name(sprint)} holds the markers of a merge.", "Resolve it, then retry.")
    again = read_sprint(text, sprint.document.path)
    if not any(entry.key == key and entry.value == word for entry in again.entries):
        raise InvalidInput(f"{word!r} cannot be written for {key}.", "Use a plain word.")
    return text


def _touches_colon(sprint: Sprint, place: Piece) -> bool:
    return sprint.document.text[place.start - 1 : place.start] == ":"


def _name(sprint: Sprint) -> str:
    return sprint.document.path or "sprint-status.yaml"
