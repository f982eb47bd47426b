"""The text of a story as blocks: paragraphs, headings, lists and code, each with its lines.

Shown are the user story and the other sections of content; not the title, status, labels,
criteria, tasks, needs, the Dev Agent Record, the change log and the comments, which are fields
of their own.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from panopticon.trackers.markdown.text.checklist import unix
from panopticon.trackers.markdown.text.document import Kind, Line, document_from
from panopticon.trackers.markdown.text.field import NAMINGS
from panopticon.trackers.markdown.text.grammar import (
    BLOCKS_LABELS,
    EPIC_LABELS,
    FORMATTED_ID_LABELS,
    NEEDS_LABELS,
    NUMBER_LABELS,
    STATUS_LABELS,
    TABLE,
    Role,
)
from panopticon.trackers.markdown.text.section import Section, label_of
from panopticon.trackers.markdown.text.story import Story

_HIDDEN = frozenset({Role.STATUS, Role.DETAILS, Role.CRITERIA, Role.TASKS, Role.NEEDS})
_WHOLLY = frozenset({Role.RECORD, Role.LOG, Role.COMMENTS})  # with all that is inside
SAID_APART = _HIDDEN | _WHOLLY
_PROSE = frozenset(  # labels above the sections that are text, not fields
    {"goal", "epic goal", "objective", "outcome", "description", "summary", "value", "scope"}
    | {"user value", "user story", "user outcome", "business value", "why", "note", "context"}
)
_FIELDS = frozenset(name for naming in NAMINGS.values() for name in naming.read).union(
    *(STATUS_LABELS, NUMBER_LABELS, EPIC_LABELS, FORMATTED_ID_LABELS, NEEDS_LABELS, BLOCKS_LABELS)
)
_FOREIGN = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Block:
    """Lines without a blank one around them; `is_heading`: it begins a section."""

    text: str
    is_heading: bool
    lines: tuple[Line, ...] = ()
    is_lead: bool = False


def shown(line: Line, shift: int) -> str:
    """Give a line as it is shown: bytes that are no text as such, headings from the second level.

    In an epics file a story's sections lie deeper; `shift` is by how many levels.
    """
    text = _FOREIGN.sub("\ufffd", line.text)
    return text.lstrip(" ")[shift:] if line.kind is Kind.HEADING else text


def shift_of(story: Story) -> int:
    """Tell how many levels deeper than in a file of its own a story's headings are."""
    return story.head.level - 1 if story.is_part and story.head else 0


def blocks_of(story: Story) -> list[Block]:
    """Give the blocks that are shown: first the user story, then the others in order."""
    shift = shift_of(story)
    lead: list[Block] = []
    rest: list[Block] = []
    for lines, is_lead in _runs(story):
        found = (_block(part, shift, is_lead=is_lead) for part in _split(lines))
        (lead if is_lead else rest).extend(found)
    return lead + rest


def blocks_in(text: str) -> list[Block]:
    """Give the blocks of a text."""
    lines = document_from(f"\n{unix(text)}").lines[1:]
    return [_block(part, 0, is_lead=False) for part in _split(lines)]


def text_of(blocks: Sequence[Block]) -> str:
    """Write blocks with a blank line between them."""
    return "\n\n".join(block.text for block in blocks)


def _block(lines: Sequence[Line], shift: int, *, is_lead: bool) -> Block:
    text = "\n".join(shown(line, shift) for line in lines)
    return Block(text, lines[0].kind is Kind.HEADING, tuple(lines), is_lead)


def _split(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Split lines at the blank ones outside code; and where the file has others between them."""
    part: list[Line] = []
    for line in lines:
        if part and (line.kind is Kind.BLANK or line.number != part[-1].number + 1):
            yield _trimmed(part)
            part = []
        if line.kind is not Kind.BLANK and (part or line.text.strip()):
            part.append(line)
    if part:
        yield _trimmed(part)


def _trimmed(part: list[Line]) -> list[Line]:
    """Leave out the blank lines at the end of code that is never closed."""
    end = len(part)
    while not part[end - 1].text.strip():
        end -= 1
    return part[:end]


def _runs(story: Story) -> Iterator[tuple[list[Line], bool]]:
    """Give the lines to show with whether they are the user story's."""
    first = story.section(Role.STORY)
    has_tasks = any(one.role is Role.TASKS for one in story.sections)
    hidden = {line.number for line in hidden_lines(story, has_tasks=has_tasks)}
    inside = {one.heading.number for one in story.sections} | {
        line.number for one in story.sections for line in one.own
    }
    above = [line for line in story.lines if line.number not in inside and line is not story.head]
    yield (
        [line for part in _split(above) if _is_prose(part, is_part=story.is_part) for line in part],
        True,
    )
    if first and first.heading.number not in hidden:
        yield [line for line in first.own if line.number not in hidden], True
    for one in story.sections:
        if one is not first and one.heading.number not in hidden:
            yield list(_with_heading(one, hidden)), False


def _with_heading(section: Section, hidden: set[int]) -> Iterator[Line]:
    """Give a section with its heading, or nothing of one that says nothing."""
    own = [line for line in section.own if line.number not in hidden]
    if any(line.kind is not Kind.BLANK for line in own) or section.heading.kind is not Kind.HEADING:
        yield section.heading
        yield from own


def hidden_lines(story: Story, *, has_tasks: bool) -> Iterator[Line]:
    """Give the lines that say fields of their own."""
    by_number = {line.number: line for line in story.lines}
    for one in story.sections:
        is_steps = one.role is Role.STEPS and bool(story.tasks) and not has_tasks
        if one.role in _WHOLLY:
            numbers = range(one.heading.number, one.last.number + 1)
            yield from (by_number[number] for number in numbers if number in by_number)
        elif one.role in _HIDDEN or is_steps:
            yield one.heading
            yield from one.own


def _is_prose(lines: Sequence[Line], *, is_part: bool) -> bool:
    """Tell text above every section from labels, rules and remarks to the writer.

    A part of an epics file has its text under labels; there only what is a field is none.
    """
    first = lines[0]
    if first.kind is Kind.COMMENT or first.text.strip(" \t-*_") == "":
        return False
    if first.kind is not Kind.TEXT:
        return True
    label = label_of(first)
    if label is None:
        return not TABLE.match(first.text)
    return label.name not in _FIELDS if is_part else label.name in _PROSE
