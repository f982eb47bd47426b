"""Remarks: the comments of the Dev Agent Record and the rows of the change log."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from panopticon.trackers.markdown.text import grammar
from panopticon.trackers.markdown.text.checklist import ends_of, folded
from panopticon.trackers.markdown.text.document import Document, Kind, Line
from panopticon.trackers.markdown.text.grammar import Role
from panopticon.trackers.markdown.text.piece import Piece
from panopticon.trackers.markdown.text.section import Section

# `- **2026-11-21T10:05:00Z ann@example.com:** text`
COMMENT = re.compile(
    r"-[ \t]+\*\*(?P<when>\d{4}-\d\d-\d\dT[\d:]{5,8}Z)[ \t]+(?P<who>[^*]{1,200}?):\*\*[ \t]*"
    r"(?P<text>.*)"
)
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
INDENT = "    "  # four, so that a heading or a list in a remark stays inside it


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment or a row of the change log; `when` as written."""

    when: str
    author: str
    text: str
    place: Piece


def comments_of(document: Document, sections: Sequence[Section]) -> Iterator[Remark]:
    """Read the comments that Panopticon or a person put under "Comments"."""
    for section in sections:
        if section.role is not Role.COMMENTS:
            continue
        starts = [
            (i, match)
            for i, line in enumerate(section.own)
            if line.kind is Kind.TEXT and (match := COMMENT.match(line.text))
        ]
        for (i, match), end in zip(starts, ends_of(starts, len(section.own)), strict=True):
            yield _remark(document, section.own[i:end], match)


def _remark(document: Document, lines: Sequence[Line], match: re.Match[str]) -> Remark:
    full = [line for line in lines if line.kind is not Kind.BLANK]
    begin = lines[0].start + match.start("text")
    end = max(begin, full[-1].start + len(full[-1].text.rstrip()))
    raw = document.text[begin:end]
    place = Piece(raw, begin, end, lines[0].number)
    return Remark(match["when"], match["who"], folded(raw, lines[1:], INDENT), place)


def log_of(sections: Sequence[Section]) -> Iterator[Remark]:
    """Read the change log: a table, or a list whose items begin with a date."""
    for section in sections:
        if section.role is Role.LOG:
            yield from _logged([line for line in section.own if line.kind is Kind.TEXT])


def _logged(lines: Sequence[Line]) -> Iterator[Remark]:
    names: list[str] = []
    for line in lines:
        if grammar.BULLET.match(line.text):
            yield _bullet(line)
        elif grammar.TABLE.match(line.text):
            cells = cells_of(line.text)
            if not names:
                names = [grammar.heading_words(cell) for cell in cells]
            elif not grammar.TABLE_RULE.match(line.text):
                yield _row(line, names, cells)


def cells_of(row: str) -> list[str]:
    """Split a row of a table."""
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", row.strip().strip("|"))]


def _row(line: Line, names: Sequence[str], cells: Sequence[str]) -> Remark:
    values = dict(zip(names, cells, strict=False))
    text = values.get("description") or values.get("change") or values.get("changes")
    place = Piece(line.text, line.start, line.end, line.number)
    rest = " ".join(cell for name, cell in values.items() if name not in {"date", "author"})
    return Remark(values.get("date", ""), values.get("author", ""), text or rest, place)


def _bullet(line: Line) -> Remark:
    text = line.text.strip().lstrip("-*+ \t")
    date = _DATE.search(text[:30])
    place = Piece(line.text, line.start, line.end, line.number)
    return Remark(date[0] if date else "", "", text, place)
