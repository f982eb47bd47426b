"""Writing what a story waits for: where it says so now, else beside its status."""

import re
from collections.abc import Callable, Iterator, Sequence

from panopticon.errors import InvalidInput
from panopticon.trackers.markdown.edit.add import Change, spaced, under
from panopticon.trackers.markdown.edit.applied import Aim, done
from panopticon.trackers.markdown.edit.place_line import (
    flow,
    new_entry,
    new_label,
    over_entry,
    over_label,
    without,
    without_entry,
    without_label,
)
from panopticon.trackers.markdown.text.document import Kind, Line
from panopticon.trackers.markdown.text.entry import Entry
from panopticon.trackers.markdown.text.grammar import Role
from panopticon.trackers.markdown.text.need import Need
from panopticon.trackers.markdown.text.number import BARE_NUMBER, canonical
from panopticon.trackers.markdown.text.piece import Piece
from panopticon.trackers.markdown.text.section import Label, Section, label_of
from panopticon.trackers.markdown.text.story import Story

_PREFIX = re.compile(r"([a-z]+)\.")
_BARE = re.compile(BARE_NUMBER, re.IGNORECASE)
_NOTHING = re.compile(r"[\W_]*(?:none|n/a|nothing)\b.{0,40}", re.IGNORECASE)


def needs(story: Story, wanted: Sequence[str], is_there: Callable[[str], bool]) -> str:
    """Write the stories that this one waits for, as numbers; none takes all away.

    What names a story that is not there stays as it stands.
    """
    if "" in wanted:
        raise InvalidInput("A story without a number cannot be waited for.", "Give it a number.")
    said = [need for need in story.needs if not need.blocks]
    strangers = {number for number in _named(said) if not is_there(number)}
    asked = list(dict.fromkeys(canonical(number) for number in wanted))
    aim = strangers | set(asked)
    if _named(said) == aim:
        return story.document.text
    kept = [need for need in said if _named([need]) <= aim]
    missing = [number for number in asked if number not in _named(kept)]
    changes = list(_changes(story, said, kept, (missing, aim)))
    touched = frozenset({"labels", *(["criteria"] if _is_in_criteria(story, said) else [])})
    hint = "Write it into the file by hand."
    return done(story, changes, Aim("list of what it waits for", aim, _found, touched, hint))


def _is_in_criteria(story: Story, said: Sequence[Need]) -> bool:
    """Tell whether a statement stands among the criteria, so that it is part of one's text."""
    places = [need.place for need in said]
    return any(
        item.place.start <= place.start < item.place.end
        for item in story.criteria
        for place in places
    )


def spelled(number: str) -> str:
    """Spell a number so that it is read as one: `1.2`, `us-123`, `Story 7`."""
    text = _PREFIX.sub(r"\1-", number, count=1)
    return text if _BARE.fullmatch(text) else f"Story {text}"


def _named(said: Sequence[Need]) -> set[str]:
    return {canonical(number) for need in said for number in need.numbers}


def _found(now: Story) -> set[str]:
    return _named([need for need in now.needs if not need.blocks])


def _changes(
    story: Story,
    said: Sequence[Need],
    kept: Sequence[Need],
    new: tuple[Sequence[str], set[str]],
) -> Iterator[Change]:
    """Write what is missing into the first list that is a label or a key; take the others away."""
    missing, aim = new
    home = next((need for need in said if _entry(story, need) or _label(story, need)), None)
    if home and (missing or home not in kept):
        own = [canonical(number) for number in home.numbers if canonical(number) in aim]
        listed = [spelled(number) for number in dict.fromkeys([*own, *missing])]
        yield from _over(story, home, listed)
    for need in said:
        if need not in kept and need is not home:
            yield from _over(story, need, [])
    if not home and missing:
        yield from _new(story, [spelled(number) for number in missing])


def _over(story: Story, need: Need, listed: Sequence[str]) -> Iterator[Change]:
    if entry := _entry(story, need):
        if not listed:
            yield without_entry(story, entry)
        else:
            is_list = bool(entry.items) or entry.value.text.startswith("[")
            yield from over_entry(story, entry, listed if is_list else ", ".join(listed))
    elif label := _label(story, need):
        yield over_label(story, label, ", ".join(listed)) if listed else without_label(story, label)
    else:
        yield without(story, story.document.lines[need.place.line - 1])


def _entry(story: Story, need: Need) -> Entry | None:
    return next((one for one in story.front if one.value == need.place), None)


def _label(story: Story, need: Need) -> Label | None:
    if story.is_front(need.place):
        return None
    label = label_of(story.document.lines[need.place.line - 1])
    return label if label and label.value == need.place else None


def _new(story: Story, listed: Sequence[str]) -> Iterator[Change]:
    """Say it for the first time: in its section, the front matter, or beside the status."""
    found = story.section(Role.NEEDS)
    if found and not any(need.blocks for need in story.needs):
        yield from _in_section(story, found, [f"- {_worded(one)}" for one in listed])
    elif story.has_front_status:
        yield new_entry(story, "depends_on", flow(listed))
    else:
        yield new_label(story, "Depends on", ", ".join(listed))


def _worded(number: str) -> str:
    return number if number.startswith("Story") else f"Story {number}"


def _in_section(story: Story, section: Section, rows: list[str]) -> Iterator[Change]:
    """Put items behind the last one of a section, or where it says "None"."""
    full: list[Line] = [line for line in section.own if line.kind is Kind.TEXT]
    none = [line for line in full if _NOTHING.fullmatch(line.text)]
    if none:
        line = none[0]
        place = Piece(line.text, line.start, line.end, line.number)
        yield Change(place, story.document.newline.join(rows))
    elif full and full[-1].text.lstrip().startswith(("-", "*")):
        yield under(story, full[-1], rows)
    else:
        yield spaced(story, full[-1] if full else section.heading, rows)
