"""Headings of epics and parts of stories in an epics file: made, named, taken away."""

from panopticon.errors import InvalidInput
from panopticon.trackers.markdown.edit.add import Change, spaced
from panopticon.trackers.markdown.edit.applied import Aim, done
from panopticon.trackers.markdown.edit.place_line import without
from panopticon.trackers.markdown.edit.story import title as titled
from panopticon.trackers.markdown.text.document import Kind, Line
from panopticon.trackers.markdown.text.epics import Epics, epic_in, read_epics
from panopticon.trackers.markdown.text.piece import on_one_line, replaced
from panopticon.trackers.markdown.text.story import Story, story_in

EMPTY = "# Epics\n"


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


def rename(story: Story, value: str) -> str:
    """Write an epic's title, also where its heading has only a number."""
    value = on_one_line(value, "title")
    place = story.title[0]
    if place.text or not value:
        return titled(story, value)
    change = Change(place, f": {value}")
    aim = Aim("title", value, lambda now: now.name, frozenset({"title"}))
    return done(story, [change], aim)


def removed(story: Story) -> str:
    """Take a story's or an epic's lines out of an epics file."""
    told = read_epics(story.document.text, story.document.path)
    lines = [line for line in story.lines if line is not story.head]
    first = story.head or lines[0]
    last = story.lines[-1] if story.lines else first
    change = without(story, first, last)
    text = replaced(story.document.text, change.place, change.text)
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
