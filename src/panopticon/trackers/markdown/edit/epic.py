"""Headings of epics and parts of stories in an epics file: made, named, taken away."""

from panopticon.errors import InvalidInput
from panopticon.trackers.markdown.edit.add import Change, spaced
from panopticon.trackers.markdown.edit.applied import Aim, done
from panopticon.trackers.markdown.edit.place_line import without
from panopticon.trackers.markdown.edit.story import title as titled
from panopticon.trackers.markdown.edit.template import said
from panopticon.trackers.markdown.text.document import Kind, Line, document_from
from panopticon.trackers.markdown.text.epics import Epics, epic_in, read_epics
from panopticon.trackers.markdown.text.number import canonical
from panopticon.trackers.markdown.text.piece import on_one_line, replaced
from panopticon.trackers.markdown.text.story import Story, story_in

EMPTY = "# Epics\n"
_LOWEST = 6  # the smallest heading of Markdown


def new_epic(text: str, path: str, number: str, title: str) -> tuple[str, Story]:
    """Add an epic behind the last one; gives the text and the epic as read from it."""
    told = read_epics(text, path)
    level = _level(told)
    heading = f"{'#' * level} Epic {number}: {on_one_line(title, 'title')}"
    base = _base(told)
    change = spaced(base, _end(told), [heading])
    new = replaced(text, change.place, change.text)
    if not text.endswith(("\n", "\r")):
        new += told.document.newline
    again = read_epics(new, path)
    made = next((one for one in again.epics if one.key == number.casefold()), None)
    found = epic_in(again.document, made) if made else None
    before = [(one.key, one.title.text, one.stories) for one in told.epics]
    kept = [(one.key, one.title.text, one.stories) for one in again.epics if one is not made]
    if found is None or found.name != title.strip() or before != kept:
        raise InvalidInput(f"{path}: Epic {number} cannot be added.", "Add its heading by hand.")
    return new, found


def _base(told: Epics) -> Story:
    """Read the whole file as one text, so that lines can be put into it."""
    return story_in(told.document, told.document.lines[told.document.body :], None)


def _level(told: Epics) -> int:
    lines = told.document.lines
    return lines[told.epics[-1].line - 1].level if told.epics else 2


def _end(told: Epics) -> Line | None:
    """Find the last full line of the last epic or story; of the file where there is none."""
    epics = [epic_in(told.document, epic) for epic in told.epics]
    parts = [one for one in (*epics, *told.stories) if one and one.lines]
    last = max((one.lines[-1].number for one in parts), default=len(told.document.lines))
    full = [line for line in told.document.lines[:last] if line.kind is not Kind.BLANK]
    return full[-1] if full else None


def with_story(text: str, path: str, epic: str, number: str, title: str) -> str:
    """Tell a new story under the heading of its epic; the text as it was where that cannot be."""
    told = read_epics(text, path)
    found = next((one for one in told.epics if one.key == epic), None)
    block = epic_in(told.document, found) if found else None
    if found is None or block is None or block.has_conflict:
        return text
    own = [one for one in told.stories if one.number in found.stories]
    heads = [one.head for one in own or told.stories if one.head]
    level = heads[-1].level if heads else min(_LOWEST, (block.head.level if block.head else 2) + 1)
    lines = [line for line in (own[-1] if own else block).lines if not _is_between(line)]
    heading = f"{'#' * level} Story {said(number)}: {title}"
    change = spaced(block, lines[-1], [heading])
    new = replaced(text, change.place, change.text)
    again = read_epics(new, path)
    before = [(one.key, one.name) for one in told.stories]
    after = [(one.key, one.name) for one in again.stories]
    is_told = (canonical(number), title) in after and len(after) == len(before) + 1
    titles = [one.title.text for one in told.epics]
    is_same = set(before) < set(after) and titles == [one.title.text for one in again.epics]
    return new if is_told and is_same else text


def _is_between(line: Line) -> bool:
    """Tell what stands behind a part without being of it: blank lines, a rule."""
    return line.kind is Kind.BLANK or not line.text.strip("-*_ ")


def rename(story: Story, value: str) -> str:
    """Write an epic's title, also where its heading has only a number."""
    value = on_one_line(value, "title")
    place = story.title[0]
    if place.text or not value:
        return titled(story, value)
    change = Change(place, f": {value}")
    aim = Aim("title", value, lambda now: now.name, frozenset({"title"}))
    return done(story, [change], aim)


def _without_blanks_at_end(text: str) -> str:
    """Take away the blank lines that stood above what has been the last."""
    lines = document_from(text).lines
    at = len(lines)
    while at > 1 and lines[at - 1].kind is Kind.BLANK and lines[at - 2].ending:
        at -= 1
    return text[: lines[at - 1].end + len(lines[at - 1].ending)] if at else text


def removed(story: Story) -> str:
    """Take a story's or an epic's lines out of an epics file."""
    told = read_epics(story.document.text, story.document.path)
    lines = [line for line in story.lines if line is not story.head]
    first = story.head or lines[0]
    last = story.lines[-1] if story.lines else first
    change = without(story, first, last)
    text = replaced(story.document.text, change.place, change.text)
    if last is story.document.lines[-1]:
        text = _without_blanks_at_end(text)
    again = read_epics(text, story.document.path)
    line = first.number
    stories = [
        (one.number, one.name) for one in told.stories if one.head and one.head.number != line
    ]
    epics = [one.title.text for one in told.epics if one.line != line]
    now = [(one.number, one.name) for one in again.stories], [one.title.text for one in again.epics]
    if (stories, epics) != now:
        raise InvalidInput(
            f"{story.document.path}:{line} cannot be taken out alone.", "Take it out by hand."
        )
    return text
