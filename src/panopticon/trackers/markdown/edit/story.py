"""Edits of one field: a story and a value in, the whole new text out.

The law: only the bytes of that field change, and reading the new text gives the value. Each edit
reads its result again before it gives it; what a file's form cannot hold is refused.
"""

from collections.abc import Sequence
from typing import TypeVar

from panopticon.errors import InvalidInput, NotFound
from panopticon.trackers.markdown.edit.add import (
    Change,
    remark_lines,
    row_of,
    section_lines,
    status_lines,
    task_line,
)
from panopticon.trackers.markdown.edit.applied import Aim, done, known, shared, sign
from panopticon.trackers.markdown.edit.place_line import (
    new_entry,
    new_label,
    without_entry,
    without_label,
)
from panopticon.trackers.markdown.text.checklist import unfolded, unix
from panopticon.trackers.markdown.text.entry import quoted_like
from panopticon.trackers.markdown.text.grammar import Role
from panopticon.trackers.markdown.text.piece import Piece, on_one_line, seen, writable
from panopticon.trackers.markdown.text.section import body_of
from panopticon.trackers.markdown.text.story import Story
from panopticon.trackers.markdown.text.top import is_step

T = TypeVar("T")
_WORDS = {
    Role.STORY: "user story",
    Role.CRITERIA: "acceptance criteria",
    Role.NOTES: "notes",
}


def title(story: Story, value: str) -> str:
    """Write the title, in the front matter too where it is repeated there."""
    value = _full(on_one_line(value, "title"), "title")
    changes = _everywhere(story, story.title, value)
    if not changes:
        raise NotFound("The file has no title.", "Add a heading `# Story 1.2: title`.")
    aim = Aim("title", value, lambda now: shared(now, now.title), frozenset({"title"}))
    return done(story, changes, aim)


def status(story: Story, word: str) -> str:
    """Write the status word wherever the file says it; a missing one as the dialect spells it.

    Above a list of steps (`- [x] Story drafted`) it is a word of its own: the list stays.
    """
    word = _full(on_one_line(word, "status"), "status")
    lines = story.document.lines
    places = [one for one in story.status if not is_step(lines[one.line - 1])]
    changes = _everywhere(story, places, word)
    if len(places) < len(story.status) or not changes:
        changes.append(status_lines(story, word))
    aim = Aim("status", word, lambda now: shared(now, now.status), frozenset({"status"}))
    return done(story, changes, aim)


def formatted_id(story: Story, value: str) -> str:
    """Write the id that another tracker knows the story by; an empty one takes it away."""
    name = "FormattedID"
    value = on_one_line(value, name)
    place = story.formatted_id
    if place:
        changes = _everywhere(story, (place,), value) if value else [_without(story, place)]
    elif not value:
        return story.document.text
    elif story.has_front_status:
        changes = [new_entry(story, "formatted_id", quoted_like(value, ""))]
    else:
        changes = [new_label(story, name, value)]
    aim = Aim(name, value, lambda now: shared(now, known(now.formatted_id)), frozenset({"id"}))
    return done(story, changes, aim)


def _without(story: Story, place: Piece) -> Change:
    for label in story.labels:
        if label.value == place:
            return without_label(story, label)
    return without_entry(story, next(one for one in story.front if one.value == place))


def task_tick(story: Story, index: int, tick: str) -> str:
    """Put a sign between the brackets of a task: `x`, a blank or `~`."""
    task = _at(story.tasks, index, "task")
    if task.tick is None or len(tick) != 1:
        raise InvalidInput("A tick is one sign.", "Use x, ~ or a blank.")

    def found(now: Story) -> str:
        return "".join(sign(task.tick) for task in now.tasks[index : index + 1])

    return done(story, [Change(task.tick, tick)], Aim("tick", tick, found, frozenset({"ticks"})))


def task_title(story: Story, index: int, value: str) -> str:
    """Write the words of a task."""
    value = _full(on_one_line(value, "task"), "task")
    change = Change(_at(story.tasks, index, "task").title, value)

    def found(now: Story) -> str:
        return "".join(task.title.text for task in now.tasks[index : index + 1])

    return done(story, [change], Aim("task", value, found, frozenset({"tasks"})))


def add_task(story: Story, value: str) -> str:
    """Add a task behind the last one of the first depth."""
    value = _full(on_one_line(value, "task"), "task")
    change = task_line(story, value) or section_lines(story, Role.TASKS, f"- [ ] {value}")

    def found(now: Story) -> str:
        is_one_more = len(now.tasks) == len(story.tasks) + 1
        return now.tasks[-1].title.text if is_one_more else ""

    return done(story, [change], Aim("task", value, found, frozenset({"tasks", "ticks"})))


def criterion_tick(story: Story, index: int, tick: str) -> str:
    """Put a sign between the brackets of a criterion that has them."""
    criterion = _at(story.criteria, index, "criterion")
    if criterion.tick is None or len(tick) != 1:
        raise InvalidInput("This criterion has no box to tick.", "Write it as `- [ ] text`.")

    def found(now: Story) -> str:
        return "".join(sign(item.tick) for item in now.criteria[index : index + 1])

    aim = Aim("tick", tick, found, frozenset({"ticks"}))
    return done(story, [Change(criterion.tick, tick)], aim)


def criterion_text(story: Story, index: int, value: str) -> str:
    """Write the text of a criterion; further lines are indented as the list asks."""
    criterion = _at(story.criteria, index, "criterion")
    value = _full(tidy(writable(value, "criterion")), "criterion")
    text = unfolded(value, criterion.indent, story.document.newline)

    def found(now: Story) -> str:
        is_same = len(now.criteria) == len(story.criteria)
        return now.criteria[index].text if is_same else ""

    aim = Aim("criterion", value, found, frozenset({"criteria"}))
    return done(story, [Change(criterion.place, text)], aim)


def section(story: Story, role: Role, value: str) -> str:
    """Write the whole text of a section (user story, criteria, notes), adding it where missing.

    An empty value leaves the section without a word.
    """
    name = _WORDS[role]
    value = tidy(writable(value, name))
    part = story.section(role)
    body = body_of(story.document, part.own) if part else None
    if body is None:
        change = section_lines(story, role, value, under=part)
    else:
        change = Change(body, value.replace("\n", story.document.newline))

    def found(now: Story) -> str:
        piece = now.body(role)
        return tidy(piece.text) if piece else ""

    touched = frozenset({"criteria", "ticks"} if role is Role.CRITERIA else {name})
    if found(story) == value:
        return story.document.text
    return done(story, [change], Aim(name, value, found, touched))


def add_comment(story: Story, when: str, author: str, value: str) -> str:
    """Add a remark to the Dev Agent Record; `when` as `2026-11-21T10:05:00Z`."""
    value = _full(tidy(writable(value, "comment")), "comment")
    change = remark_lines(story, f"- **{when} {on_one_line(author, 'author')}:** ", value)

    def found(now: Story) -> str:
        is_one_more = len(now.comments) == len(story.comments) + 1
        return now.comments[-1].text if is_one_more else ""

    return done(story, [change], Aim("comment", value, found, frozenset({"comments"})))


def add_log(story: Story, date: str, author: str, value: str) -> str:
    """Add a line to the change log, as a row where it is a table."""
    value = _full(on_one_line(value, "change"), "change")
    change = row_of(story, date, on_one_line(author, "author"), value)

    def found(now: Story) -> str:
        is_one_more = len(now.log) == len(story.log) + 1
        texts = [remark.text.replace("\\|", "|") for remark in now.log]
        return value if is_one_more and any(value in text for text in texts) else ""

    return done(story, [change], Aim("change", value, found, frozenset({"log"})))


def _everywhere(story: Story, places: Sequence[Piece], value: str) -> list[Change]:
    """Write a value in all its places; in the front matter with the quotes it needs."""
    return [
        Change(place, quoted_like(value, place.text) if story.is_front(place) else value)
        for place in places
    ]


def _full(value: str, name: str) -> str:
    if not seen(value):
        raise InvalidInput(f"The {name} must not be empty.", "Give at least a word.")
    return value


def tidy(value: str) -> str:
    """Take the blank lines around a text and the blanks in blank lines off."""
    lines = unix(value).strip().split("\n")
    return "\n".join(line if line.strip() else "" for line in lines)


def _at(items: Sequence[T], index: int, name: str) -> T:
    if not 0 <= index < len(items):
        raise NotFound(f"There is no {name} {index + 1}.", f"The file has {len(items)}.")
    return items[index]
