"""A file as lines that know what they are: heading, code, comment, front matter or text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple

from panopticon.trackers.markdown.text.piece import (
    BOM,
    Piece,
    Problem,
    foreign_lines,
    lines_of,
    newline_of,
    stripped,
)

_FENCE = re.compile(r"[ \t]*(?:(?:[-*+>]|\d{1,9}[.)]) +)?(`{3,}|~{3,})([^\r\n]*)")
_KEY = re.compile(r"""["']?[\w-][\w .-]{0,80}["']?[ \t]*:(?:\s|$)""")
_CONFLICT = re.compile(r"(?:<{7}|>{7}|\|{7})(?: |$)")
_DEEPEST = 6


class Kind(Enum):
    """What a line is; only headings and text carry fields."""

    TEXT = auto()
    BLANK = auto()
    HEADING = auto()
    CODE = auto()
    COMMENT = auto()
    FRONT = auto()


class Line(NamedTuple):
    """One line: its number from 1, its offset, its text without the ending, and the ending."""

    number: int
    start: int
    text: str
    ending: str
    kind: Kind
    level: int = 0

    @property
    def end(self) -> int:
        """Give the offset behind the text, before the ending."""
        return self.start + len(self.text)

    @property
    def heading(self) -> Piece:
        """Give the words of a heading, without its marks."""
        bare = self.text.lstrip(" ")
        begin = len(self.text) - len(bare) + self.level
        words = self.text[begin:].rstrip(" \t")
        unclosed = words.rstrip("#")
        if unclosed != words and (not unclosed or unclosed[-1] in " \t"):
            words = unclosed
        return stripped(words, self.start + begin, self.number)


@dataclass(frozen=True, slots=True)
class Document:
    """A text and its lines; `body` is the index of the first line behind the front matter."""

    path: str
    text: str
    newline: str
    lines: tuple[Line, ...]
    body: int
    problems: tuple[Problem, ...]

    @property
    def front(self) -> tuple[Line, ...]:
        """Give the lines between the two rules of the front matter."""
        return self.lines[1 : self.body - 1] if self.body else ()


def document_from(text: str, path: str = "") -> Document:
    """Read a text; every line of it is there, in one pass."""
    raw = lines_of(text)
    body = _front_matter(raw)
    scan = _Scan(path, text.rfind("-->"))
    lines = tuple(scan.lines(raw, body))
    problems = [*foreign_lines(path, raw), *scan.problems]
    if not body and _begins_front(raw):
        message = "the front matter has no closing rule; it is read as text"
        problems.append(Problem(path, 1, "front", message))
    return Document(path, text, newline_of(text), lines, body, tuple(problems))


def _begins_front(raw: list[str]) -> bool:
    """Tell whether a rule in the first line is followed by a key, not by text."""
    if len(raw) < 2 or raw[0].lstrip(BOM).rstrip() != "---":  # noqa: PLR2004 - a rule and a key
        return False
    return bool(raw[1].strip()) and not raw[1].startswith("#") and bool(_KEY.match(raw[1]))


def _front_matter(raw: list[str]) -> int:
    """Count the lines of the front matter with its rules; 0 where there is none."""
    if not raw or raw[0].lstrip(BOM).rstrip() != "---":
        return 0
    first = next((line for line in raw[1:] if line.strip() and line[0] != "#"), "")
    if first.rstrip() not in {"---", "..."} and not _KEY.match(first):
        return 0
    for i, line in enumerate(raw[1:], 1):
        if line.rstrip() in {"---", "..."}:
            return i + 1
    return 0


class _Scan:
    """The state that runs down a file: inside code, inside a comment."""

    def __init__(self, path: str, last_close: int) -> None:
        self.path = path
        self.last_close = last_close
        self.fence = ""
        self.fence_line = 0
        self.is_comment = False
        self.problems: list[Problem] = []

    def lines(self, raw: list[str], body: int) -> Iterator[Line]:
        """Name the kind of every line."""
        offset = 0
        for i, whole in enumerate(raw):
            text = whole.rstrip("\r\n")
            ending = whole[len(text) :]
            start = offset
            if i == 0 and text.startswith(BOM):
                text, start = text[1:], 1
            kind, level = (Kind.FRONT, 0) if i < body else self._kind(text, start, i + 1)
            yield Line(i + 1, start, text, ending, kind, level)
            offset += len(whole)
        if self.fence:
            message = "this code block is never closed: what follows is read as code"
            self.problems.append(Problem(self.path, self.fence_line, "unclosed", message))

    def _kind(self, text: str, start: int, number: int) -> tuple[Kind, int]:
        if _CONFLICT.match(text):
            message = "merge-conflict marker: both sides are read, nothing is written"
            self.problems.append(Problem(self.path, number, "conflict", message))
        if self.is_comment:
            self.is_comment = "-->" not in text
            return Kind.COMMENT, 0
        if self.fence or (text.lstrip(" \t>-*+.)0123456789")[:3] in {"```", "~~~"}):
            if self._is_code(text, number):
                return Kind.CODE, 0
        elif text.lstrip(" \t").startswith("<!--"):
            return self._comment(text, start, number), 0
        return _plain(text)

    def _is_code(self, text: str, number: int) -> bool:
        match = _FENCE.match(text)
        if self.fence:
            if match and match[1].startswith(self.fence) and not match[2].strip():
                self.fence = ""
            return True
        if match and not (match[1][0] == "`" and "`" in match[2]):
            self.fence, self.fence_line = match[1], number
            return True
        return False

    def _comment(self, text: str, start: int, number: int) -> Kind:
        close = text.rfind("-->")
        if close >= 0:
            return Kind.TEXT if text[close + 3 :].strip() else Kind.COMMENT
        if self.last_close < start:
            message = "this comment is never closed: it is read as text"
            self.problems.append(Problem(self.path, number, "unclosed", message))
            return Kind.TEXT
        self.is_comment = True
        return Kind.COMMENT


def _plain(text: str) -> tuple[Kind, int]:
    bare = text.lstrip(" ")
    if not bare.strip():
        return Kind.BLANK, 0
    if bare[0] == "#" and len(text) - len(bare) <= 3:  # noqa: PLR2004 - four blanks are code
        level = len(bare) - len(bare.lstrip("#"))
        if level <= _DEEPEST and (len(bare) == level or bare[level] in " \t"):
            return Kind.HEADING, level
    return Kind.TEXT, 0
