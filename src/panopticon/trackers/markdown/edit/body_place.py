"""Where new blocks of a body are put, and how they are spelled there."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from panopticon.errors import InvalidInput
from panopticon.trackers.markdown.edit.add import NAMES, Change, spaced
from panopticon.trackers.markdown.edit.block import SAID_APART, Block, shift_of
from panopticon.trackers.markdown.text.document import Kind, Line
from panopticon.trackers.markdown.text.grammar import Role, heading_words
from panopticon.trackers.markdown.text.piece import writable
from panopticon.trackers.markdown.text.section import body_of
from panopticon.trackers.markdown.text.story import Story

_DEEPEST = 6
_BEHIND = frozenset({Role.RECORD, Role.LOG, Role.CLOSED})
HINT = (
    "Headings that are fields of their own (Status, Acceptance Criteria, Tasks, Change Log) are "
    "written as those; a heading needs text below it; code and comments must be closed."
)


class Hunk(NamedTuple):
    """Old blocks and what takes their place; `before` and `after` stand around them."""

    old: Sequence[Block]
    new: Sequence[Block]
    before: Block | None
    after: Block | None


Place = Callable[[Story, Hunk], Line | None]


def into_empty(story: Story, blocks: Sequence[Block]) -> tuple[list[Change], Sequence[Block]]:
    """Put new sections under headings that stand there without a word; give the others back."""
    lead, rest = at_heading(blocks)
    empty = {
        (one.level, one.name): one.heading
        for one in story.sections
        if one.role not in SAID_APART and body_of(story.document, one.own) is None
    }
    changes: list[Change] = []
    left = list(lead)
    for group in _groups(rest):
        head = group[0].lines[0]
        name = head.level + shift_of(story), heading_words(head.heading.text)
        rows = [row for block in group for row in ("", *rows_of(story, block))][2:]
        heading = empty.pop(name, None)
        if heading and any(rows):
            changes.append(spaced(story, heading, rows[1:] if not rows[0] else rows))
        else:
            left += group
    return changes, left


def _groups(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Give each heading with what follows it up to the next one."""
    group: list[Block] = []
    for block in blocks:
        if block.is_heading and group:
            yield group
            group = []
        group.append(block)
    if group:
        yield group


def at_heading(blocks: Sequence[Block]) -> tuple[Sequence[Block], Sequence[Block]]:
    """Split where the first section begins."""
    at = next((i for i, block in enumerate(blocks) if block.is_heading), len(blocks))
    return blocks[:at], blocks[at:]


def is_lead(block: Block | None) -> bool:
    """Tell a block of the user story."""
    return block is not None and block.is_lead


def new_lead(story: Story, blocks: Sequence[Block]) -> Change:
    """Put a user story where the file has none: into its section, which is made where missing."""
    rows = [row for block in blocks for row in ("", *rows_of(story, block))][1:]
    found = story.section(Role.STORY)
    if found:
        return spaced(story, found.heading, rows)
    level = (story.head.level if story.head else 1) + 1
    if story.is_part and story.head:  # an epics file tells it without a heading
        return spaced(story, _last_label(story) or story.head, rows)
    rows = [f"{'#' * level} {NAMES[Role.STORY]}", "", *rows]
    above = {Role.STATUS, Role.DETAILS}
    first = next((one for one in story.sections if one.role not in above), None)
    line = story.document.lines[first.heading.number - 2] if first else _end(story)
    return spaced(story, line if first is None or first.heading.number > 1 else None, rows)


def _last_label(story: Story) -> Line | None:
    """Find the end of the labels under a story's heading in an epics file."""
    top = story.sections[0].heading.number if story.sections else story.lines[-1].number + 1
    numbers = [label.value.line for label in story.labels if label.value.line < top]
    return story.document.lines[numbers[-1] - 1] if numbers else None


def apart(story: Story, hunk: Hunk) -> Line | None:
    """Put new sections behind the others when they would follow the user story; else behind."""
    if hunk.new[0].is_heading and (hunk.before is None or hunk.before.is_lead):
        later = (one for one in story.sections if one.role in _BEHIND)
        level = (story.head.level if story.head else 1) + 1
        follower = next((one for one in later if one.level <= level), None)
        if follower:
            return story.document.lines[follower.heading.number - 2]
        return _end(story)
    return behind(story, hunk)


def filling(story: Story, hunk: Hunk) -> Line | None:
    """As `apart`, for what found no empty section."""
    return apart(story, hunk)


def behind(story: Story, hunk: Hunk) -> Line | None:
    """Put new blocks behind the one before them."""
    if hunk.before:
        return hunk.before.lines[-1]
    return in_front(story, hunk) if hunk.after else _end(story)


def in_front(story: Story, hunk: Hunk) -> Line | None:
    """Put new blocks before the one behind them."""
    if hunk.after is None:
        return _end(story)
    number = hunk.after.lines[0].number
    return story.document.lines[number - 2] if number > 1 else None


def _end(story: Story) -> Line | None:
    """Give the last line of a story that says something."""
    full = [line for line in story.lines if line.kind is not Kind.BLANK]
    return full[-1] if full else story.head


def rows_of(story: Story, block: Block) -> list[str]:
    """Give the lines of a block as the file has them: headings as deep as its sections are."""
    shift = shift_of(story)
    return [_deeper(line._replace(text=writable(line.text, "body")), shift) for line in block.lines]


def _deeper(line: Line, shift: int) -> str:
    if line.kind is not Kind.HEADING or not shift:
        return line.text
    if line.level + shift > _DEEPEST:
        raise InvalidInput(f"{line.text[:60]!r} lies too deep for an epics file.", HINT)
    return "#" * shift + line.text.lstrip(" ")
