"""The items of a story: acceptance criteria and tasks, with their ticks."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from panopticon.trackers.markdown.text import grammar
from panopticon.trackers.markdown.text.document import Document, Kind, Line
from panopticon.trackers.markdown.text.piece import Piece
from panopticon.trackers.markdown.text.section import Section, label_of

_TAB = 4
_RANGE = re.compile(r"(\d{1,4})[a-z]?[ \t]*[-\u2013][ \t]*(?:AC)?[ -]?#?(\d{1,4})", re.IGNORECASE)
_ONE = re.compile(r"\d{1,4}(?:\.\d{1,4})*[a-z]?", re.IGNORECASE)
_WIDEST_RANGE = 50


@dataclass(frozen=True, slots=True)
class Criterion:
    """An acceptance criterion; `tick` is the sign between its brackets, where it has them.

    `text` reads as one would write it anew: unix line breaks, and without the indent that
    continued lines have in the file.
    """

    number: str
    text: str
    place: Piece
    indent: str
    tick: Piece | None = None

    @property
    def is_done(self) -> bool:
        """Tell whether it is ticked."""
        return self.tick is not None and self.tick.text in grammar.TICKED


@dataclass(frozen=True, slots=True)
class Task:
    """A step; `depth` counts from 0, `parent` is an index into the same tuple.

    `criteria` are the numbers of the acceptance criteria that it names; `group` is the heading
    above it inside the section.
    """

    title: Piece
    tick: Piece | None
    depth: int
    parent: int | None
    criteria: tuple[str, ...]
    group: str
    indent: str

    @property
    def is_done(self) -> bool:
        """Tell whether it is ticked."""
        return self.tick is not None and self.tick.text in grammar.TICKED

    @property
    def is_partial(self) -> bool:
        """Tell whether it carries Pantheon's sign for half done."""
        return self.tick is not None and self.tick.text == "~"


@dataclass(frozen=True, slots=True)
class _Start:
    """Where an item begins: the offset of its text in the line, its number, its tick."""

    column: int
    number: str = ""
    tick: tuple[int, int] | None = None
    width: int = 0  # of the list mark with its indent, which continued lines share


def _by(pattern: re.Pattern[str]) -> Callable[[Line], _Start | None]:
    """Make a form from a pattern of lines of text."""

    def start(line: Line) -> _Start | None:
        match = pattern.match(line.text) if line.kind is Kind.TEXT else None
        if match is None:
            return None
        groups = match.groupdict()
        tick = match.span("tick") if "tick" in groups else None
        column = match.start("text")
        width = match.start("tick") - 1 if tick else column if "indent" in groups else 0
        return _Start(column, groups.get("number") or "", tick, width)

    return start


def _by_heading(pattern: re.Pattern[str]) -> Callable[[Line], _Start | None]:
    def start(line: Line) -> _Start | None:
        match = pattern.match(line.heading.text) if line.kind is Kind.HEADING else None
        if match is None:
            return None
        return _Start(line.heading.start - line.start, match.groupdict().get("number") or "")

    return start


def _row(line: Line) -> _Start | None:
    """Take a row of a table; its first cell is the number where it is a short one."""
    if line.kind is not Kind.TEXT or not grammar.TABLE.match(line.text):
        return None
    cell = line.text.strip(" \t|").partition("|")[0].strip(" *`")
    is_short = len(cell) <= len("AC-00.00") and any(map(str.isdigit, cell))
    return _Start(line.text.index("|"), cell if is_short else "")


_NUMBER_IN = re.compile(r"[^\w]*(?:AC)?[ -]?#?(\d[\w.]*)", re.IGNORECASE)
# The first form that a line of the section has decides for the section; the weak ones only
# where none of the others occurs.
_STRONG = (
    _by_heading(grammar.AC_HEADING),
    _by(grammar.CHECKBOX),
    _by(grammar.LABELLED),
    _by(grammar.ORDERED),
    _by(grammar.GIVEN),
)
_WEAK = (
    _by_heading(grammar.NUMBER_HEADING),
    _by(grammar.BULLET),
    _row,
    _by_heading(re.compile(r".")),
    _by(re.compile(r"(?P<text>.)")),
)


def criteria_of(document: Document, section: Section) -> Iterator[Criterion]:
    """Read the criteria of a section, in whatever form it lists them."""
    lines = _without_table_heads(section.own)
    forms = next((forms for forms in (_STRONG, *((f,) for f in _WEAK)) if _first(forms, lines)), ())
    chosen = _first(forms, lines)
    if chosen is None:
        return
    form, outer = chosen
    starts = [(i, start) for i, line in enumerate(lines) if (start := form(line))]
    starts = [(i, start) for i, start in starts if start.column <= outer]
    is_paragraph = form is _WEAK[-1]
    if is_paragraph:
        starts = [(i, s) for i, s in starts if not i or lines[i - 1].kind is not Kind.TEXT]
    for (i, start), end in zip(starts, ends_of(starts, len(lines)), strict=True):
        yield _criterion(document, lines[i : _end(lines, i, end)], start)


def ends_of(starts: Sequence[tuple[int, object]], last: int) -> list[int]:
    """Give for each start the index at which the next one begins."""
    return [*(i for i, _ in starts[1:]), last][: len(starts)]


def _first(
    forms: Sequence[Callable[[Line], _Start | None]], lines: Sequence[Line]
) -> tuple[Callable[[Line], _Start | None], int] | None:
    """Find the form of the first item, and how far right an item of the same depth may begin."""
    for line in lines:
        for form in forms:
            if start := form(line):
                return form, start.column + 1
    return None


def _without_table_heads(lines: Sequence[Line]) -> list[Line]:
    """Leave out the rules of tables and the rows of names above them."""
    rules = {i for i, line in enumerate(lines) if grammar.TABLE_RULE.match(line.text)}
    rules = {i for i in rules if "|" in lines[i].text}
    gone = rules | {i - 1 for i in rules}
    return [line for i, line in enumerate(lines) if i not in gone]


def _end(lines: Sequence[Line], first: int, limit: int) -> int:
    """Give the index behind an item: before a heading above it or a label between groups."""
    level = lines[first].level or 7
    end = first + 1
    for i in range(first + 1, limit):
        line = lines[i]
        if line.kind is Kind.HEADING and line.level <= level:
            break
        is_apart = line.kind is Kind.TEXT and lines[i - 1].kind is Kind.BLANK
        if is_apart and (line.text.rstrip() == "---" or _heads_group(line)):
            break
        if line.kind not in {Kind.BLANK, Kind.COMMENT}:
            end = i + 1
    return end


def _heads_group(line: Line) -> bool:
    if not line.text.startswith("**"):
        return False
    label = label_of(line)
    return label is not None and not label.value.text


def _criterion(document: Document, lines: Sequence[Line], start: _Start) -> Criterion:
    first, last = lines[0], lines[-1]
    begin = first.start + start.column
    end = max(begin, last.start + len(last.text.rstrip(" \t")))
    place = Piece(document.text[begin:end], begin, end, first.number)
    indent = " " * start.width
    tick = piece_in(first, start.tick) if start.tick else None
    number = start.number.rstrip(".")
    if not number and (match := _NUMBER_IN.match(place.text)) and "AC" in match[0].upper():
        number = match[1].rstrip(".")
    return Criterion(number, folded(place.text, lines[1:], indent), place, indent, tick)


def folded(raw: str, continued: Sequence[Line], indent: str) -> str:
    """Read continued lines as text: unix line breaks, without the indent that they share.

    That is the one that we write, or what they have in common where it is another one.
    """
    full = [line.text for line in continued if line.text.strip()]
    if not all(line.startswith(indent) for line in full):
        indent = _shared_indent(full)
    first, *rest = unix(raw).split("\n")
    return "\n".join([first, *(line.removeprefix(indent) if line.strip() else "" for line in rest)])


def _shared_indent(lines: Sequence[str]) -> str:
    low, high = min(lines), max(lines)  # what these two share all share
    blanks = low[: len(low) - len(low.lstrip(" \t"))]
    same = next((i for i, sign in enumerate(blanks) if sign != high[i : i + 1]), len(blanks))
    return blanks[:same]


def unix(text: str) -> str:
    """Write the line breaks as LF."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def unfolded(value: str, indent: str, newline: str) -> str:
    """Write text as continued lines."""
    first, *rest = unix(value).split("\n")
    return newline.join([first, *(indent + line if line.strip() else "" for line in rest)])


def tasks_of(sections: Sequence[Section]) -> tuple[Task, ...]:
    """Read the tasks of the sections: every checkbox, nested by its indent."""
    tasks: list[Task] = []
    for section in sections:
        stack: list[tuple[int, int]] = []  # (column, index) of the tasks around
        group = ""
        for line in section.own:
            if line.kind is Kind.HEADING:
                group, stack = line.heading.text, []
            match = grammar.CHECKBOX.match(line.text) if line.kind is Kind.TEXT else None
            if match is None:
                continue
            column = len(match["indent"].expandtabs(_TAB))
            while stack and stack[-1][0] >= column:
                stack.pop()
            parent = stack[-1][1] if stack else None
            depth = len(stack)
            stack.append((column, len(tasks)))
            tasks.append(_task(line, match, (depth, parent), group))
    return tuple(tasks)


def _task(line: Line, match: re.Match[str], where: tuple[int, int | None], group: str) -> Task:
    title = match["text"].rstrip()
    begin = match.start("text")
    return Task(
        title=piece_in(line, (begin, begin + len(title))),
        tick=piece_in(line, match.span("tick")),
        depth=where[0],
        parent=where[1],
        criteria=refs_in(title),
        group=group,
        indent=match["indent"],
    )


def piece_in(line: Line, span: tuple[int, int]) -> Piece:
    """Make a piece of a part of a line."""
    begin, end = span
    return Piece(line.text[begin:end], line.start + begin, line.start + end, line.number)


def refs_in(text: str) -> tuple[str, ...]:
    """Read the acceptance criteria that a task names: `(AC: 1, #3-#5)`, `(AC7)`."""
    found: list[str] = []
    for match in grammar.AC_REFS.finditer(text):
        words = match[1] if match[1] is not None else match[2]
        for low, high in _RANGE.findall(words):
            if 0 < int(high) - int(low) <= _WIDEST_RANGE:
                found += [str(number) for number in range(int(low), int(high) + 1)]
        found += _ONE.findall(_RANGE.sub("", words))
    return tuple(dict.fromkeys(found))
