"""New stories and epics: numbered, named and placed like those that are there.

A story without an epic is numbered in epic 0.
"""

import re
from pathlib import PurePosixPath

from panopticon.errors import InvalidInput
from panopticon.model.issue import IssueFields, Kind, State
from panopticon.trackers.markdown.edit import (
    epic as epic_edit,
    sprint as sprint_edit,
    story as edit,
    template,
)
from panopticon.trackers.markdown.shelf.item import Item
from panopticon.trackers.markdown.shelf.union import NO_EPIC
from panopticon.trackers.markdown.text.sprint import read_sprint
from panopticon.trackers.markdown.write.fields import Fields, one_line
from panopticon.trackers.markdown.write.pending import Pending
from panopticon.trackers.markdown.write.target import Target, new_epic, new_story
from panopticon.trackers.markdown.write.words import beside, dialect_called, own_words


def create(pending: Pending, kind: Kind, told: IssueFields, word: str | None) -> str:
    """Make a story or an epic; gives its key without the project."""
    title = one_line(told.get("title") or "")
    rest: IssueFields = told.copy()
    for name in ("title", "parent", "state", "native_state"):
        rest.pop(name, None)  # type: ignore[misc]
    if kind is Kind.EPIC:
        return _epic(pending, title, rest, word)
    return _story(pending, title, (rest, told.get("parent")), word)


def _epic(pending: Pending, title: str, rest: IssueFields, word: str | None) -> str:
    shelf = pending.shelf
    numbers = [one.number for one in shelf.items if one.kind is Kind.EPIC]
    number = str(max((int(one) for one in numbers if one.isdecimal()), default=0) + 1)
    target = new_epic(pending, number, title)
    Fields(shelf, Kind.EPIC, rest, number).write(target)
    said = word or own_words(dialect_called(""), Kind.EPIC)[0]
    if path := shelf.sprint_path:
        sprint = read_sprint(pending.text(path) or "", path)
        pending.put(path, sprint_edit.add_epic(sprint, number, said))
    elif word:
        target.put(edit.status(target.story, said))
    return f"epic-{number}"


def _story(
    pending: Pending, title: str, asked: tuple[IssueFields, str | None], word: str | None
) -> str:
    shelf = pending.shelf
    rest, parent = asked
    epic = _epic_number(pending, parent)
    dialect = dialect_called(shelf.layout.dialect)
    number = template.next_number(epic, (one.number for one in shelf.items))
    said = word or dialect.words[State.BACKLOG]
    beside_it, folder = template.neighbours_of(
        epic, shelf.layout.stories, shelf.layout.story_folder
    )
    stem = template.stem_of(number, title, [PurePosixPath(one).stem for one in beside_it], dialect)
    path = f"{folder}/{stem}.md".lstrip("/")
    like = pending.text(beside_it[0]) if beside_it else None
    target = new_story(pending, path, template.New(number, title, said, like or ""))
    Fields(shelf, Kind.STORY, rest, number).write(target)
    _entry(pending, target, stem, epic)
    _part(pending, target, epic)
    return number


def _entry(pending: Pending, target: Target, stem: str, epic: str) -> None:
    """Name a new story in sprint-status, where there is one."""
    if path := pending.shelf.sprint_path:
        sprint = read_sprint(pending.text(path) or "", path)
        word = beside(target.story.word, "", pending.shelf.binding.words)
        key = re.sub(r"[^\w-]+", "-", stem)
        pending.put(path, sprint_edit.add_story(sprint, key, word, epic))


def _part(pending: Pending, target: Target, epic: str) -> None:
    """Name a new story under its epic's heading, from which BMAD plans sprints."""
    found = pending.shelf.find(f"epic-{epic.replace('.', '-')}")
    path = found.epics_path if found and found.number == epic else None
    if path and (text := pending.text(path)) is not None:
        told = epic_edit.with_story(text, path, epic, target.story.key, target.story.name)
        pending.put(path, told)


def _epic_number(pending: Pending, parent: str | None) -> str:
    if not parent:
        return NO_EPIC
    found: Item | None = pending.shelf.find(parent)
    if found is None or found.kind is not Kind.EPIC:
        raise InvalidInput(
            f"{parent!r} is no epic of {pending.shelf.project}.",
            "Name one of its epics.",
            field="parent",
        )
    if not found.number:
        raise InvalidInput(f"{parent} has no number of its own.", "Give it one by hand first.")
    return found.number
