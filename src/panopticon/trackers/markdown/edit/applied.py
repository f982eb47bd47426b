"""Making changes to a text, and refusing those that would not be read as they were meant."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from panopticon.errors import Conflict, InvalidInput
from panopticon.trackers.markdown.edit.add import Change
from panopticon.trackers.markdown.text.epics import Epics, epic_in, read_epics
from panopticon.trackers.markdown.text.field import values
from panopticon.trackers.markdown.text.piece import Piece, replaced
from panopticon.trackers.markdown.text.story import Story, read

_HINT = "Write it without headings, list marks, open code blocks or comments."


@dataclass(frozen=True, slots=True)
class Aim:
    """What an edit is for: `found` reads the value again; the facts `touched` may change."""

    name: str
    value: object
    found: Callable[[Story], object]
    touched: frozenset[str]
    hint: str = _HINT


def done(story: Story, changes: Sequence[Change], aim: Aim) -> str:
    """Make the changes, and refuse what is not read as it was meant."""
    text = story.document.text
    path = story.document.path or "The file"
    if story.has_conflict:
        raise Conflict(f"{path} holds the markers of a merge.", "Resolve the merge, then retry.")
    for change in sorted(changes, key=lambda change: change.place.start, reverse=True):
        text = replaced(text, change.place, change.text)
    now = again(story, text)
    before, after = _facts(story), _facts(now)
    left = (name for name in before if name not in aim.touched)
    lost = [name for name in left if after[name] != before[name]]
    if aim.found(now) != aim.value or lost:
        why = f": it would change the {' and the '.join(lost)}" if lost else ""
        message = f"{path}: the {aim.name} would be read as something else{why}."
        raise InvalidInput(message, aim.hint)
    return text


def _facts(story: Story) -> dict[str, object]:
    """Give what an edit of something else must leave alone."""
    ticks = [sign(task.tick) for task in story.tasks]
    ticks += [sign(item.tick) for item in story.criteria]
    return {
        "number": story.number,
        "title": story.name,
        "status": story.word,
        "id": shared(story, known(story.formatted_id)),
        "labels": values(story),
        "tasks": [(task.title.text, task.depth) for task in story.tasks],
        "criteria": [item.text for item in story.criteria],
        "ticks": ticks,
        "comments": [remark.text for remark in story.comments],
        "log": [remark.text for remark in story.log],
        "unclosed": [p.code for p in story.document.problems].count("unclosed"),
        "stories": _neighbours(story),
    }


def _neighbours(story: Story) -> list[tuple[str, str]]:
    """Give what else an epics file tells, which an edit of one story or epic must not change."""
    told = read_epics(story.document.text, story.document.path)
    at = _place(story, told)
    if at is None and not story.is_part:
        return []
    others = [(part.number, part.name) for part in told.stories if part.number != story.number]
    epics = [(one.number, one.title.text) for one in told.epics]
    return others + [one for one in epics if at is None or one[0] != story.number]


def _place(story: Story, told: Epics) -> int | None:
    """Find the epic whose lines a story is; a whole file may be one epic."""
    pairs = enumerate(told.epics)
    return next((at for at, epic in pairs if story.title[:1] == (epic.title,)), None)


def again(story: Story, text: str) -> Story:
    """Read the new text as the old one was: a file, or an epic or a story of an epics file."""
    path = story.document.path
    before = read_epics(story.document.text, path)
    at = _place(story, before)
    if at is None and not story.is_part:
        return read(text, path)
    after = read_epics(text, path)
    if at is not None:
        found = epic_in(after.document, after.epics[at]) if at < len(after.epics) else None
        return found or story
    line = story.head.number if story.head else 0
    old = [part.head.number for part in before.stories if part.head]
    new = after.stories
    where = old.index(line) if line in old else 0
    return new[min(where, len(new) - 1)] if new else story


def known(place: Piece | None) -> tuple[Piece, ...]:
    """Give a place as a row of one, or of none."""
    return (place,) if place else ()


def shared(story: Story, places: Sequence[Piece]) -> str:
    """Give the value that all places share, or nothing."""
    said = {story.said(place) for place in places}
    return said.pop() if len(said) == 1 else ""


def sign(tick: Piece | None) -> str:
    """Give what stands between the brackets."""
    return tick.text if tick else "?"
