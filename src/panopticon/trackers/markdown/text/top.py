"""The top of a story: its title and number, its status, and the labels above its content."""

import re
from collections.abc import Iterator, Sequence

from panopticon.trackers.markdown.text import grammar
from panopticon.trackers.markdown.text.document import Kind, Line
from panopticon.trackers.markdown.text.entry import Entry
from panopticon.trackers.markdown.text.grammar import Role
from panopticon.trackers.markdown.text.piece import Piece, stripped
from panopticon.trackers.markdown.text.section import Label, Section, label_of

_COMMENT = re.compile(r"\s*<!--.*?(?:-->|\Z)\s*", re.DOTALL)
_COMMENTS = re.compile(rf"(?:{_COMMENT.pattern})+", re.DOTALL)
_ABOVE = frozenset({None, Role.DETAILS, Role.STATUS, Role.CONTEXT})


def lines_above(top: Sequence[Line], sections: Sequence[Section]) -> Iterator[Line]:
    """Give the lines that may hold the story's own labels: those above its content."""
    yield from top
    for section in sections:
        if section.role not in _ABOVE:
            break
        yield from section.own
    for section in sections:
        if section.role is Role.DETAILS:
            yield from section.own


def as_a(top: Sequence[Line]) -> list[Line]:
    """Find "As a … I want … so that" where no section holds it."""
    start = next(
        (i for i, line in enumerate(top) if line.text.lstrip("* ").startswith("As ")), None
    )
    if start is None:
        return []
    end = start
    while end < len(top) and top[end].kind is Kind.TEXT:
        end += 1
    return list(top[start:end])


def title_of(heading: Line | None, front: Sequence[Entry]) -> tuple[str, tuple[Piece, ...]]:
    """Read the number in a heading and every place of the title: the front matter may repeat it."""
    number = ""
    places: list[Piece] = []
    if heading:
        words = heading.heading
        for pattern in grammar.TITLES:
            if match := pattern.fullmatch(words.text.strip("*")):
                offset = words.start + len(words.text) - len(words.text.lstrip("*"))
                number = match.groupdict().get("number") or ""
                title = stripped(match["title"], offset + match.start("title"), words.line)
                break
        places.append(title)
    for entry in front:
        if entry.key == "title" and entry.scalar and (not places or entry.scalar == places[0].text):
            places.append(entry.value)
    return number, tuple(places)


def labelled_number(labels: Sequence[Label], front: Sequence[Entry]) -> str:
    """Read the number from a label like "Story ID"."""
    text = first_of(labels, front, grammar.NUMBER_LABELS)
    for pattern in grammar.TITLES[:3]:
        if match := pattern.fullmatch(f"story {text.strip('*`')}"):
            return match["number"]
    return ""


def first_of(labels: Sequence[Label], front: Sequence[Entry], names: frozenset[str]) -> str:
    """Give the first value of these labels."""
    return next((piece.text for piece in pieces_of(labels, front, names) if piece.text), "")


def pieces_of(
    labels: Sequence[Label], front: Sequence[Entry], names: frozenset[str]
) -> Iterator[Piece]:
    """Find the values of these labels, those of the front matter last."""
    for label in labels:
        if label.name in names:
            yield label.value
    for entry in front:
        if grammar.heading_words(entry.key.replace("_", " ")) in names:
            yield entry.value


def status_of(
    labels: Sequence[Label], sections: Sequence[Section], front: Sequence[Entry]
) -> Iterator[Piece]:
    """Find the status: a label, the section of that name, the front matter."""
    found = [label.value for label in labels if label.name in grammar.STATUS_LABELS][:1]
    found = [uncommented(piece) for piece in (*found, *_status_section(sections))]
    found = [piece for piece in found if piece.text]
    if found:
        yield _bare(min(found, key=lambda piece: piece.start))
    for entry in front:
        if entry.key == "status" and entry.scalar and not _COMMENT.fullmatch(entry.scalar):
            yield entry.value


def _status_section(sections: Sequence[Section]) -> Iterator[Piece]:
    for section in sections:
        if section.role is not Role.STATUS:
            continue
        words = section.heading.heading
        _, colon, value = words.text.partition(":")
        if colon and value.strip(" *"):
            yield stripped(value, words.end - len(value), words.line)
        boxes = [line for line in section.own if is_step(line)]
        for line in section.own:
            if line.kind is Kind.TEXT and line.text.strip(" -") and line not in boxes:
                label = label_of(line)
                is_status = label is not None and label.name in grammar.STATUS_LABELS
                yield label.value if label and is_status else _text_of(line)
        yield from _last_ticked(boxes)


def uncommented(piece: Piece) -> Piece:
    """Take off the comments before and behind a value, also one that goes on below."""
    before = _COMMENTS.match(piece.text)
    begin = before.end() if before else 0
    end = piece.text.find("<!--", begin)
    text = piece.text[begin : end if end >= 0 else None]
    return stripped(text, piece.start + begin, piece.line)


def is_step(line: Line) -> bool:
    """Tell a line of a status that is told as a list of steps: `- [x] Story drafted`."""
    return line.kind is Kind.TEXT and grammar.CHECKBOX.match(line.text) is not None


def _last_ticked(boxes: Sequence[Line]) -> Iterator[Piece]:
    """Take the last step that is done."""
    for line in reversed(boxes):
        match = grammar.CHECKBOX.match(line.text)
        if match and match["tick"] in grammar.TICKED and match["tick"]:
            yield stripped(match["text"], line.start + match.start("text"), line.number)
            return


def _text_of(line: Line) -> Piece:
    bare = line.text.lstrip("->* \t") if line.text.lstrip()[:2] in {"- ", "* ", "> "} else line.text
    return stripped(bare, line.end - len(bare), line.number)


def _bare(piece: Piece) -> Piece:
    """Take off the emphasis around the whole of a status."""
    for mark in ("***", "**", "__", "`", "*", "_"):
        size = len(mark)
        text = piece.text
        inner = text[size:-size]
        if len(text) > 2 * size and text.startswith(mark) and text.endswith(mark):
            if mark not in inner:
                return Piece(inner, piece.start + size, piece.end - size, piece.line)
            break
    return piece
