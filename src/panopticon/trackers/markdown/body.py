"""The body of a story as one text, and a new body written back: only what changed."""

from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from panopticon.errors import InvalidInput
from panopticon.trackers.markdown.add import NAMES, Change, spaced, under
from panopticon.trackers.markdown.applied import Aim, done
from panopticon.trackers.markdown.block import (
    SAID_APART,
    Block,
    blocks_in,
    blocks_of,
    shift_of,
    text_of,
)
from panopticon.trackers.markdown.document import Kind, Line
from panopticon.trackers.markdown.grammar import Role, heading_words
from panopticon.trackers.markdown.place_line import without
from panopticon.trackers.markdown.section import body_of
from panopticon.trackers.markdown.story import Story
from panopticon.trackers.markdown.text import Piece, writable

_DEEPEST = 6
_MOST_BLOCKS = 2_000  # beyond, what differs is taken as one piece
_BEHIND = frozenset({Role.RECORD, Role.LOG, Role.CLOSED})
_HINT = (
    "Headings that are fields of their own (Status, Acceptance Criteria, Tasks, Change Log) are "
    "written as those; a heading needs text below it; code and comments must be closed."
)


class _Hunk(NamedTuple):
    """Old blocks and what takes their place; `before` and `after` stand around them."""

    old: Sequence[Block]
    new: Sequence[Block]
    before: Block | None
    after: Block | None


def composed(story: Story) -> str:
    """Give the user story and the other sections of content with their headings."""
    return text_of(blocks_of(story))


def rewritten(story: Story, body: str) -> str:
    """Give the whole text with a new body; raises InvalidInput for what cannot be said there.

    Blank lines around paragraphs count as one.
    """
    new = blocks_in(body)
    wanted = text_of(new)
    old = blocks_of(story)
    if wanted == text_of(old):
        return story.document.text
    refused: InvalidInput | None = None
    for hunks, place in _ways(old, new):
        aim = Aim("body", wanted, composed, frozenset(), _HINT)
        try:
            changes = [change for hunk in hunks for change in _changes(story, hunk, place)]
            return done(story, _merged(story, changes), aim)
        except InvalidInput as error:
            refused = refused or error
    assert refused is not None
    raise refused


Place = Callable[[Story, _Hunk], Line | None]


def _ways(old: list[Block], new: list[Block]) -> Iterator[tuple[list[_Hunk], Place]]:
    """Give the ways to write it, the smallest change first; the first that reads back is taken."""
    hunks = _differing(old, new)
    for place in (_filling, _apart, _behind, _in_front):
        yield hunks, place
    whole = [_Hunk(old, new, None, None)]
    yield whole, _filling
    yield whole, _apart


def _differing(old: list[Block], new: list[Block]) -> list[_Hunk]:
    """Compare by blocks, the common beginning and end left out first."""
    start, end = 0, 0
    least = min(len(old), len(new))
    while start < least and old[start].text == new[start].text:
        start += 1
    while end < least - start and old[-1 - end].text == new[-1 - end].text:
        end += 1
    mine, other = old[start : len(old) - end], new[start : len(new) - end]
    spans = [(0, len(mine), 0, len(other))]
    if max(len(mine), len(other)) <= _MOST_BLOCKS:
        texts = [block.text for block in mine], [block.text for block in other]
        codes = SequenceMatcher(None, *texts, autojunk=False).get_opcodes()
        spans = [(a, b, c, d) for tag, a, b, c, d in codes if tag != "equal"]
    return [
        _Hunk(
            mine[a:b],
            other[c:d],
            old[start + a - 1] if start + a else None,
            old[start + b] if start + b < len(old) else None,
        )
        for a, b, c, d in spans
    ]


def _changes(story: Story, hunk: _Hunk, place: Place) -> Iterator[Change]:
    """Write one place, what belongs to the user story apart from the sections behind it."""
    old_lead = [block for block in hunk.old if block.is_lead]
    if hunk.before is None or hunk.before.is_lead:
        lead, rest = _at_heading(hunk.new)
        if lead and not (old_lead or _is_lead(hunk.before) or _is_lead(hunk.after)):
            yield _new_lead(story, lead)
        else:
            yield from _replaced(story, hunk._replace(old=old_lead, new=lead), _behind)
        before = old_lead[-1] if old_lead else hunk.before
        old_rest = hunk.old[len(old_lead) :]
        yield from _replaced(story, _Hunk(old_rest, rest, before, hunk.after), place)
    else:
        yield from _replaced(story, hunk, place)


def _replaced(story: Story, hunk: _Hunk, place: Place) -> Iterator[Change]:
    """Write blocks over others as long as they are alike, then take away and add."""
    pairs = []
    for old, new in zip(hunk.old, hunk.new, strict=False):
        if old.is_heading != new.is_heading:
            break
        pairs.append((old, new))
        yield from _over(story, old, new)
    for old in hunk.old[len(pairs) :]:
        _check_text(story, old.lines)
        yield without(story, old.lines[0], old.lines[-1])
    if more := hunk.new[len(pairs) :]:
        before = pairs[-1][0] if pairs else hunk.before
        if place is _filling:
            filled, more = _into_empty(story, more)
            yield from filled
        if more:
            line = place(story, hunk._replace(old=(), new=more, before=before))
            rows = [row for block in more for row in ("", *_rows(story, block))]
            yield spaced(story, line, rows[1:])


def _into_empty(story: Story, blocks: Sequence[Block]) -> tuple[list[Change], Sequence[Block]]:
    """Put new sections under headings that stand there without a word; give the others back."""
    lead, rest = _at_heading(blocks)
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
        rows = [row for block in group for row in ("", *_rows(story, block))][2:]
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


def _at_heading(blocks: Sequence[Block]) -> tuple[Sequence[Block], Sequence[Block]]:
    """Split where the first section begins."""
    at = next((i for i, block in enumerate(blocks) if block.is_heading), len(blocks))
    return blocks[:at], blocks[at:]


def _is_lead(block: Block | None) -> bool:
    return block is not None and block.is_lead


def _new_lead(story: Story, blocks: Sequence[Block]) -> Change:
    """Put a user story where the file has none: into its section, which is made where missing."""
    rows = [row for block in blocks for row in ("", *_rows(story, block))][1:]
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


def _apart(story: Story, hunk: _Hunk) -> Line | None:
    """Put new sections behind the others when they would follow the user story; else behind."""
    if hunk.new[0].is_heading and (hunk.before is None or hunk.before.is_lead):
        later = (one for one in story.sections if one.role in _BEHIND)
        level = (story.head.level if story.head else 1) + 1
        follower = next((one for one in later if one.level <= level), None)
        if follower:
            return story.document.lines[follower.heading.number - 2]
        return _end(story)
    return _behind(story, hunk)


def _filling(story: Story, hunk: _Hunk) -> Line | None:
    """As `_apart`, for what found no empty section."""
    return _apart(story, hunk)


def _behind(story: Story, hunk: _Hunk) -> Line | None:
    if hunk.before:
        return hunk.before.lines[-1]
    return _in_front(story, hunk) if hunk.after else _end(story)


def _in_front(story: Story, hunk: _Hunk) -> Line | None:
    if hunk.after is None:
        return _end(story)
    number = hunk.after.lines[0].number
    return story.document.lines[number - 2] if number > 1 else None


def _end(story: Story) -> Line | None:
    """Give the last line of a story that says something."""
    full = [line for line in story.lines if line.kind is not Kind.BLANK]
    return full[-1] if full else story.head


def _over(story: Story, old: Block, new: Block) -> Iterator[Change]:
    """Write one block over another: only the lines that differ."""
    rows = _rows(story, new)
    was = [line.text for line in old.lines]
    seen = old.text.split("\n")
    asked = new.text.split("\n")
    start, end = 0, 0
    least = min(len(seen), len(asked))
    while start < least and seen[start] == asked[start]:
        start += 1
    while end < least - start and seen[-1 - end] == asked[-1 - end]:
        end += 1
    lines = old.lines[start : len(was) - end]
    block = rows[start : len(rows) - end]
    _check_text(story, lines)
    if not lines:
        anchor = old.lines[start - 1] if start else None
        yield under(story, anchor or _in_front(story, _Hunk((), (), None, old)), block)
    elif not block:
        yield _without_only(story, lines)
    else:
        first, last = lines[0], lines[-1]
        piece = Piece(
            story.document.text[first.start : last.end], first.start, last.end, first.number
        )
        yield Change(piece, story.document.newline.join(block))


def _without_only(story: Story, lines: Sequence[Line]) -> Change:
    start, end = lines[0].start, lines[-1].end + len(lines[-1].ending)
    if not lines[-1].ending:
        start = story.document.lines[lines[0].number - 2].end
    return Change(Piece(story.document.text[start:end], start, end, lines[0].number), "")


def _check_text(story: Story, lines: Sequence[Line]) -> None:
    """Refuse to write over bytes that are no text: what stands there cannot be shown whole."""
    for line in lines:
        if any("\ud800" <= sign <= "\udfff" for sign in line.text):
            raise InvalidInput(
                f"{story.document.path or 'The file'}:{line.number} is not UTF-8.",
                "Save the file as UTF-8, then try again.",
            )


def _rows(story: Story, block: Block) -> list[str]:
    """Give the lines of a block as the file has them: headings as deep as its sections are."""
    shift = shift_of(story)
    return [_deeper(line._replace(text=writable(line.text, "body")), shift) for line in block.lines]


def _deeper(line: Line, shift: int) -> str:
    if line.kind is not Kind.HEADING or not shift:
        return line.text
    if line.level + shift > _DEEPEST:
        raise InvalidInput(f"{line.text[:60]!r} lies too deep for an epics file.", _HINT)
    return "#" * shift + line.text.lstrip(" ")


def _merged(story: Story, changes: Sequence[Change]) -> list[Change]:
    """Join changes at one place in their order, and removals that meet at a blank line."""
    joined: list[Change] = []
    for change in sorted(changes, key=lambda one: (one.place.start, one.place.end)):
        last = joined[-1] if joined else None
        if last and change.place.start <= last.place.end:
            start, end = last.place.start, max(last.place.end, change.place.end)
            piece = Piece(story.document.text[start:end], start, end, last.place.line)
            joined[-1] = Change(piece, last.text + change.text)
        else:
            joined.append(change)
    return joined
