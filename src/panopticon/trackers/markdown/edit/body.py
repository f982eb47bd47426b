"""The body of a story as one text, and a new body written back: only what changed."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from panopticon.errors import InvalidInput
from panopticon.trackers.markdown.edit.add import Change, spaced, under
from panopticon.trackers.markdown.edit.applied import Aim, done
from panopticon.trackers.markdown.edit.block import (
    Block,
    blocks_in,
    blocks_of,
    text_of,
)
from panopticon.trackers.markdown.edit.body_place import (
    HINT,
    Hunk,
    Place,
    apart,
    at_heading,
    behind,
    filling,
    in_front,
    into_empty,
    is_lead,
    new_lead,
    rows_of,
)
from panopticon.trackers.markdown.edit.place_line import without
from panopticon.trackers.markdown.text.document import Line
from panopticon.trackers.markdown.text.piece import Piece
from panopticon.trackers.markdown.text.story import Story

_MOST_BLOCKS = 2_000  # beyond, what differs is taken as one piece


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
        aim = Aim("body", wanted, composed, frozenset(), HINT)
        try:
            changes = [change for hunk in hunks for change in _changes(story, hunk, place)]
            return done(story, _merged(story, changes), aim)
        except InvalidInput as error:
            refused = refused or error
    assert refused is not None
    raise refused


def _ways(old: list[Block], new: list[Block]) -> Iterator[tuple[list[Hunk], Place]]:
    """Give the ways to write it, the smallest change first; the first that reads back is taken."""
    hunks = _differing(old, new)
    for place in (filling, apart, behind, in_front):
        yield hunks, place
    whole = [Hunk(old, new, None, None)]
    yield whole, filling
    yield whole, apart


def _differing(old: list[Block], new: list[Block]) -> list[Hunk]:
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
        Hunk(
            mine[a:b],
            other[c:d],
            old[start + a - 1] if start + a else None,
            old[start + b] if start + b < len(old) else None,
        )
        for a, b, c, d in spans
    ]


def _changes(story: Story, hunk: Hunk, place: Place) -> Iterator[Change]:
    """Write one place, what belongs to the user story apart from the sections behind it."""
    old_lead = [block for block in hunk.old if block.is_lead]
    if hunk.before is None or hunk.before.is_lead:
        lead, rest = at_heading(hunk.new)
        if lead and not (old_lead or is_lead(hunk.before) or is_lead(hunk.after)):
            yield new_lead(story, lead)
        else:
            yield from _replaced(story, hunk._replace(old=old_lead, new=lead), behind)
        before = old_lead[-1] if old_lead else hunk.before
        old_rest = hunk.old[len(old_lead) :]
        yield from _replaced(story, Hunk(old_rest, rest, before, hunk.after), place)
    else:
        yield from _replaced(story, hunk, place)


def _replaced(story: Story, hunk: Hunk, place: Place) -> Iterator[Change]:
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
        if place is filling:
            filled, more = into_empty(story, more)
            yield from filled
        if more:
            line = place(story, hunk._replace(old=(), new=more, before=before))
            rows = [row for block in more for row in ("", *rows_of(story, block))]
            yield spaced(story, line, rows[1:])


def _over(story: Story, old: Block, new: Block) -> Iterator[Change]:
    """Write one block over another: only the lines that differ."""
    rows = rows_of(story, new)
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
        yield under(story, anchor or in_front(story, Hunk((), (), None, old)), block)
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
