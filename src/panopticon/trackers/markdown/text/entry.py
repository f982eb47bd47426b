"""`key: value` lines of YAML, each with the place of its value; nothing is ever constructed.

A line grammar, not a YAML library: it is linear, keeps the places for edits, and cannot be
bombed. Tags, anchors and aliases are told as problems and their values are not used.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from panopticon.trackers.markdown.text.document import Line
from panopticon.trackers.markdown.text.piece import Piece, Problem

_KEY_END = re.compile(r":(?=[ \t]|$)")
_NO_KEY = frozenset("&*!|>%@`[]{},?:")
_ITEM = re.compile(r"[ ]*-[ \t]+(?P<rest>.*)$")
_REFUSED = {"&": "an anchor", "*": "an alias", "!": "a tag"}
_INSIDE = re.compile(r"[\[{,:]\s*[&*!]")
_ESCAPES = {"n": "\n", "t": "\t", '"': '"', "\\": "\\", "/": "/"}
_NEEDS_QUOTES = re.compile(
    r"""[\s&*!|>%@`\[\]{},"'#?:-]|.*(?::\s|\s\#|:$)|(?:true|false|null|yes|no|on|off|~)?$"""
    r"|[+-]?[.\d][\d_.:eExXoOa-fA-F+-]*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One key; `value` is where the scalar stands with its quotes, `items` those of a list."""

    key: str
    indent: int
    line: int
    value: Piece
    items: tuple[str, ...] = ()

    @property
    def scalar(self) -> str:
        """Give the value without its quotes."""
        return unquoted(self.value.text)


def entries_from(
    lines: Sequence[Line], path: str, code: str = "front"
) -> tuple[list[Entry], list[Problem]]:
    """Read the keys of a block of YAML, at any depth, in order."""
    found: list[Entry] = []
    items: dict[int, list[str]] = {}
    problems: list[Problem] = []
    seen: dict[int, set[str]] = {}  # the keys of each open depth
    block = -1  # the indent of a key whose text block is being passed over
    for line in lines:
        bare = line.text.lstrip(" ")
        indent = len(line.text) - len(bare)
        if not bare.strip() or bare[0] == "#" or indent > block >= 0:
            continue
        block = -1
        if found and (item := _ITEM.match(line.text)):
            seen = {depth: keys for depth, keys in seen.items() if depth <= indent}
            if indent >= found[-1].indent and not found[-1].value.text:
                items.setdefault(len(found) - 1, []).append(_item(item["rest"]))
        elif entry := _entry(line, indent):
            block = indent if entry.value.text[:1] in {"|", ">"} else -1
            seen = {depth: keys for depth, keys in seen.items() if depth <= indent}
            keys = seen.setdefault(indent, set())
            problems += _problems(entry, entry.key in keys, path, code)
            keys.add(entry.key)
            found.append(entry)
        elif line.text.rstrip() not in {"---", "..."}:
            problems.append(Problem(path, line.number, code, "not a `key: value` line"))
    listed = [
        replace(entry, items=tuple(items.get(i, entry.items))) for i, entry in enumerate(found)
    ]
    return [_safe(entry) for entry in listed], problems


def _entry(line: Line, indent: int) -> Entry | None:
    text = line.text
    if text[indent] in _NO_KEY or text.startswith("- ", indent):
        return None
    begin = indent
    if text[indent] in {'"', "'"}:
        begin += (_closing(text[indent:]) or 1) - 1
    match = _KEY_END.search(text, begin)
    if match is None:
        return None
    value = scalar_at(text[match.end() :], line.start + match.end(), line.number)
    items = tuple(_flow(value.text)) if value.text.startswith("[") else ()
    key = unquoted(text[indent : match.start()].rstrip())
    return Entry(key, indent, line.number, value, items)


def scalar_at(rest: str, start: int, line: int) -> Piece:
    """Find the scalar in what follows the colon: without blanks and the remark behind it."""
    begin = len(rest) - len(rest.lstrip(" \t"))
    text = rest[begin:]
    if text[:1] in {'"', "'"}:
        end = _closing(text)
        if end is not None:
            return Piece(text[:end], start + begin, start + begin + end, line)
    if text.startswith("#"):
        return Piece("", start + min(begin, 1), start + min(begin, 1), line)
    cut = re.search(r"[ \t]#", text)
    bare = (text[: cut.start()] if cut else text).rstrip(" \t")
    return Piece(bare, start + begin, start + begin + len(bare), line)


def _closing(text: str) -> int | None:
    """Give the offset behind the closing quote, or None where it is missing."""
    quote, i = text[0], 1
    while i < len(text):
        if text[i] == "\\" and quote == '"':
            i += 1
        elif text[i] == quote:
            if quote == "'" and text[i + 1 : i + 2] == "'":
                i += 1
            else:
                return i + 1
        i += 1
    return None


def _is_refused(value: str) -> bool:
    return value[:1] in _REFUSED or (value[:1] in {"[", "{"} and bool(_INSIDE.search(value)))


def _safe(entry: Entry) -> Entry:
    """Leave out a value that is not read."""
    if not _is_refused(entry.value.text):
        return entry
    return replace(entry, value=entry.value._replace(text=""), items=())


def _problems(entry: Entry, is_double: bool, path: str, code: str) -> Iterator[Problem]:  # noqa: FBT001
    if _is_refused(entry.value.text):
        what = _REFUSED.get(entry.value.text[:1], "an anchor, alias or tag")
        yield Problem(path, entry.line, code, f"{what} is not read: write the value itself")
    if is_double:
        yield Problem(path, entry.line, "duplicate", f"the key {entry.key!r} is there twice")


def _item(rest: str) -> str:
    text = scalar_at(rest, 0, 0).text
    return "" if _is_refused(text) else unquoted(text)


def _flow(text: str) -> Iterator[str]:
    """Give the scalars of `[a, 'b', "c"]`."""
    for part in text.strip("[] \t").split(","):
        if part.strip():
            yield unquoted(part.strip())


def unquoted(text: str) -> str:
    """Take the quotes off a scalar."""
    if len(text) > 1 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    if len(text) > 1 and text[0] == text[-1] == '"':
        return re.sub(r"\\(.)", lambda match: _ESCAPES.get(match[1], match[0]), text[1:-1])
    return text


def quoted_like(value: str, old: str) -> str:
    """Write a scalar with the quotes it had; with quotes where YAML needs them."""
    if old[:1] == '"' or "\n" in value:
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    if old[:1] == "'" or _NEEDS_QUOTES.match(value):
        return "'" + value.replace("'", "''") + "'"
    return value
