"""The sections of a story: which lines belong to which role."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from panopticon.trackers.markdown.text.document import Document, Kind, Line
from panopticon.trackers.markdown.text.grammar import LABELS, Role, heading_words, role_of
from panopticon.trackers.markdown.text.piece import Piece, stripped

_LABEL_LEVEL = 7  # a bold label that stands for a heading lies below every heading
_AS_HEADING = frozenset({Role.CRITERIA, Role.TASKS, Role.NEEDS})
_LISTS = frozenset({Role.CRITERIA, Role.TASKS})  # inside them other names head groups of items
_RECORDED = frozenset({Role.LOG, Role.COMMENTS, Role.FILES, Role.CLOSED})


@dataclass(frozen=True, slots=True)
class Label:
    """A line `**Name:** value` in any of its forms; `lead` is what stands before the name."""

    name: str
    value: Piece
    lead: str
    form: int


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the story under a heading; `own` are its lines less those of parts inside it."""

    role: Role | None
    name: str
    heading: Line
    level: int
    own: tuple[Line, ...]
    last: Line  # the last line under the heading, parts inside it among them


@dataclass(slots=True)
class _Open:
    role: Role | None
    name: str
    heading: Line
    level: int
    last: Line
    own: list[Line] = field(default_factory=list)

    def closed(self) -> Section:
        return Section(self.role, self.name, self.heading, self.level, tuple(self.own), self.last)


def sections_of(lines: Sequence[Line]) -> tuple[list[Line], list[Section]]:
    """Split lines into those above every section and the sections, in order of their headings.

    A heading without a role of its own belongs to the section around it; where there is none it
    begins a section without a role.
    """
    head: list[Line] = []
    done: list[_Open] = []
    stack: list[_Open] = []
    for line in lines:
        opened = _opened(line, stack)
        if opened:
            while stack and stack[-1].level >= opened.level:
                stack.pop()
            if opened.role is None and stack:
                stack[-1].own.append(line)
            else:
                stack.append(opened)
                done.append(opened)
        else:
            (stack[-1].own if stack else head).append(line)
        for part in stack:
            part.last = line
    return head, [part.closed() for part in done]


def _opened(line: Line, stack: Sequence[_Open]) -> _Open | None:
    """Say what a line opens, if it does."""
    in_closed = any(part.role is Role.CLOSED for part in stack)
    if line.kind is Kind.HEADING and line.level > 1:
        words = line.heading.text
        role = role_of(words) or _status_heading(words)
        around = {part.role for part in stack if part.level < line.level}
        is_lost = (
            Role.CLOSED in around
            or (around & _LISTS and role not in _LISTS)
            or (Role.RECORD in around and role not in _RECORDED)
        )
        return _Open(None if is_lost else role, heading_words(words), line, line.level, line)
    if line.kind is Kind.HEADING:
        return _Open(None, heading_words(line.heading.text), line, 1, line)
    if line.kind is Kind.TEXT and line.text[:1] == "*" and not in_closed:
        label = label_of(line)
        if label and not label.value.text and label.lead == "**":
            role = role_of(label.name)
            inside = stack[-1].level == _LABEL_LEVEL if stack else False
            if role in _AS_HEADING and not (stack and stack[-1].role is role and not inside):
                return _Open(role, label.name, line, _LABEL_LEVEL, line)
            if inside:
                return _Open(None, label.name, line, _LABEL_LEVEL, line)
    return None


def _status_heading(words: str) -> Role | None:
    """Read `## Status: Done`, where the heading holds the word."""
    name, colon, _ = words.partition(":")
    return Role.STATUS if colon and role_of(name) is Role.STATUS else None


def label_of(line: Line) -> Label | None:
    """Read a line as `Name: value`."""
    for form, pattern in enumerate(LABELS):
        if match := pattern.match(line.text):
            name = heading_words(match["name"].replace("_", " "))
            text, start = match["value"], line.start + match.start("value")
            cut = text.find(" | **")
            value = stripped(text[:cut] if cut >= 0 else text, start, line.number)
            return Label(name, value, match["lead"], form)
    return None


def labels_of(lines: Iterable[Line]) -> Iterator[Label]:
    """Read the labels among lines; heads of tables are none."""
    for line in lines:
        if line.kind is Kind.TEXT and (label := label_of(line)):
            yield label


def body_of(document: Document, lines: Sequence[Line]) -> Piece | None:
    """Give the text of neighbouring lines without the blank ones around it."""
    full = [line for line in lines if line.kind is not Kind.BLANK]
    if not full:
        return None
    start, end = full[0].start, full[-1].start + len(full[-1].text.rstrip())
    return Piece(document.text[start:end], start, end, full[0].number)
