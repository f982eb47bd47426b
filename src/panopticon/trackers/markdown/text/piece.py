"""Text whose bytes are never lost: decoding, lines, pieces and their replacement.

The law: `encode(decode(data)) == data` for any bytes, and an edit is the replacement of one
piece, so that every byte outside it stays.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from panopticon.errors import InvalidInput

BOM = "\ufeff"
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_UNSEEN = frozenset({"Cf", "Cc", "Mn", "Me", "Zs", "Zl", "Zp"})
_FILLERS = "\u115f\u1160\u2800\u3164\uffa0"
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


class Piece(NamedTuple):
    """A part of a text and where it stands: offsets in characters, the line from 1."""

    text: str
    start: int
    end: int
    line: int


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """What is wrong with a file, and where; nothing is left out because of it.

    `code` is stable: conflict, drift, duplicate, encoding, front, sprint, status, title, unclosed,
    unread.
    """

    path: str
    line: int
    code: str
    message: str

    def __str__(self) -> str:
        """Print it as compilers do: `path:line: message`."""
        return f"{self.path or '-'}:{self.line}: {self.message}"


def decode(data: bytes) -> str:
    """Read bytes as UTF-8; those that are not are kept as lone surrogates."""
    return data.decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    """Give back exactly the bytes that were read."""
    return text.encode("utf-8", "surrogateescape")


def shown(text: str) -> str:
    """Give text that any program can hold: bytes that are not UTF-8 become replacement signs."""
    if text.isascii():
        return text
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def seen(text: str) -> str:
    """Give a text as it is; nothing of one in which there is nothing to see."""
    if text.isascii():
        return text
    is_blank = all(unicodedata.category(sign) in _UNSEEN or sign in _FILLERS for sign in text)
    return "" if is_blank else text


def lines_of(text: str) -> list[str]:
    """Split at LF, CRLF and CR alone; each line keeps its ending."""
    return _LINE.findall(text)


def newline_of(text: str) -> str:
    """Tell the line ending of a text by its first one; LF when it has none."""
    match = re.search(r"\r\n|\r|\n", text)
    return match[0] if match else "\n"


def foreign_lines(path: str, lines: Iterable[str]) -> list[Problem]:
    """Tell the first line that is not UTF-8."""
    for number, line in enumerate(lines, 1):
        if not line.isascii() and any("\udc80" <= sign <= "\udcff" for sign in line):
            sentence = "not UTF-8: the bytes are kept as they are"
            return [Problem(path, number, "encoding", sentence)]
    return []


def replaced(text: str, piece: Piece, value: str) -> str:
    """Put a value in the place of a piece."""
    return text[: piece.start] + value + text[piece.end :]


def on_one_line(value: str, name: str) -> str:
    """Take a value that must stay on its line; raises InvalidInput."""
    if "\n" in value or "\r" in value:
        raise InvalidInput(f"The {name} must be one line.", "Leave the line breaks out.")
    return writable(value, name).strip()


def writable(value: str, name: str) -> str:
    """Take a value that a text file can hold; raises InvalidInput for control characters."""
    if _UNWRITABLE.search(value):
        raise InvalidInput(f"The {name} holds control characters.", "Leave them out.")
    return value


def stripped(text: str, start: int, line: int) -> Piece:
    """Make a piece without the blanks around it."""
    bare = text.strip(" \t")
    begin = start + len(text) - len(text.lstrip(" \t"))
    return Piece(bare, begin, begin + len(bare), line)
