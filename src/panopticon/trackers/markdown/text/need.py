"""What a story says it waits for, and what waits for it: as written, with the numbers named."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from panopticon.trackers.markdown.text import grammar
from panopticon.trackers.markdown.text.document import Kind, Line
from panopticon.trackers.markdown.text.entry import Entry
from panopticon.trackers.markdown.text.grammar import Role
from panopticon.trackers.markdown.text.number import BARE_NUMBER, NUMBER
from panopticon.trackers.markdown.text.piece import Piece, stripped
from panopticon.trackers.markdown.text.section import Section, label_of

_STORIES = re.compile(
    rf"\bstor(?:y|ies)[ \t]+((?:{NUMBER})(?:[ \t]*(?:,|;|&|/|and|or|to|-|\u2013)[ \t]*"
    rf"(?:stor(?:y|ies)[ \t]+)?(?:{NUMBER})){{0,40}})",
    re.IGNORECASE,
)
_BEGINS = re.compile(rf"[^\w]{{0,12}}({BARE_NUMBER})(?=$|[\s,;:)*_`\]])", re.IGNORECASE)
_ONLY = re.compile(rf"[\[\s\"'`]*({BARE_NUMBER})(?:-[a-z][\w-]*)?[\]\s\"'`.]*", re.IGNORECASE)
_NUMBER = re.compile(NUMBER, re.IGNORECASE)
_NOTHING = frozenset({"none", "n/a", "na", "-", "nothing", ""})
_REVERSED = re.compile(r"block(?:s|ed stories)|enables|downstream|dependent|that depend on")


@dataclass(frozen=True, slots=True)
class Need:
    """One statement; `numbers` are the stories it names, in the file's spelling.

    `blocks` turns it round: the named stories wait for this one.
    """

    place: Piece
    numbers: tuple[str, ...]
    blocks: bool = False


def needs_of(
    lines: Sequence[Line], sections: Sequence[Section], front: Sequence[Entry]
) -> Iterator[Need]:
    """Read front matter, labels and sections of dependencies."""
    for entry in front:
        words = grammar.heading_words(entry.key.replace("_", " "))
        blocks = words in grammar.BLOCKS_LABELS
        if blocks or words in grammar.NEEDS_LABELS:
            listed = entry.items or (entry.scalar,)
            yield Need(entry.value, tuple(n for text in listed for n in _listed(text)), blocks)
    for section in sections:
        if section.role is Role.NEEDS:
            yield from _in_section(section)
    for line in lines:
        if line.kind is Kind.TEXT and ":" in line.text and (label := label_of(line)):
            blocks = label.name in grammar.BLOCKS_LABELS
            if (blocks or label.name in grammar.NEEDS_LABELS) and label.value.text:
                yield Need(label.value, tuple(_listed(label.value.text)), blocks)


def _in_section(section: Section) -> Iterator[Need]:
    """Read the lines of a section; a heading or label inside it may turn them round."""
    turned = bool(_REVERSED.search(section.name))
    for line in section.own:
        if line.kind is Kind.HEADING:
            turned = bool(_REVERSED.search(grammar.heading_words(line.heading.text)))
        if line.kind is not Kind.TEXT:
            continue
        label = label_of(line)
        if label and label.name in grammar.NEEDS_LABELS | grammar.BLOCKS_LABELS:
            if not label.value.text:
                turned = label.name in grammar.BLOCKS_LABELS
            continue
        numbers = tuple(numbers_in(line.text))
        if numbers:
            yield Need(stripped(line.text, line.start, line.number), numbers, turned)


def _listed(text: str) -> Iterator[str]:
    """Read a list of numbers: `1.1, 1.2`, `5-1-slug`, `Story 2.5`, `None`."""
    if text.strip(" .*_").casefold() in _NOTHING:
        return
    found = False
    for part in re.split(r"[,;]", text):
        if match := _ONLY.fullmatch(part):
            found = True
            yield match[1]
        else:
            for number in numbers_in(part):
                found = True
                yield number
    if not found:
        yield from numbers_in(text)


def numbers_in(text: str) -> Iterator[str]:
    """Read the story numbers of a sentence: those behind "Story", and one that begins it."""
    seen: set[str] = set()
    groups = [match[1] for match in _STORIES.finditer(text)]
    if not groups and (match := _BEGINS.match(text)):
        groups = [match[1]]
    for group in groups:
        for number in _NUMBER.findall(group):
            if number not in seen:
                seen.add(number)
                yield number
