"""Writing the fields of an item into its text, each by its own way."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from panopticon.errors import InvalidInput, NotFound
from panopticon.model.issue import IssueFields, Kind
from panopticon.trackers.markdown.edit import (
    body,
    criteria as criteria_edit,
    epic as epic_edit,
    labelled,
    need as need_edit,
    story as edit,
    template,
)
from panopticon.trackers.markdown.edit.add import Change, under
from panopticon.trackers.markdown.edit.applied import Aim, done
from panopticon.trackers.markdown.edit.place_line import (
    new_entry,
    new_label,
    over_entry,
    over_label,
    without_entry,
    without_label,
)
from panopticon.trackers.markdown.shelf.item import Item
from panopticon.trackers.markdown.shelf.shelf import Shelf
from panopticon.trackers.markdown.shelf.union import NO_EPIC
from panopticon.trackers.markdown.text.field import spots
from panopticon.trackers.markdown.text.grammar import EPIC_LABELS
from panopticon.trackers.markdown.text.number import canonical
from panopticon.trackers.markdown.text.story import Story
from panopticon.trackers.markdown.write.people import person
from panopticon.trackers.markdown.write.target import Target

# In this order: what frees a word before what needs it.
ORDER = (
    *("title", "twin_key", "body", "acceptance_criteria", "parent", "blocked_by", "labels"),
    *("assignee", "priority", "points", "hours", "due", "release", "blocked", "blocked_reason"),
    *("branch", "coverage", "commit_sha"),
)


@dataclass(frozen=True, slots=True)
class Fields:
    """What shall be written into one item's text."""

    shelf: Shelf
    kind: Kind
    told: IssueFields
    number: str
    item: Item | None = None  # None: it is being made

    def write(self, target: Target) -> None:
        """Write every field that differs."""
        told: Mapping[str, object] = dict(self.told)
        for name in ORDER:
            if name in told:
                target.put(self._written(target.story, name, told[name]))

    def _written(self, story: Story, name: str, value: object) -> str:
        writers: Mapping[str, Callable[[Story, object], str]] = {
            "title": self._title,
            "twin_key": lambda story, value: edit.formatted_id(story, str(value or "")),
            "body": lambda story, value: body.rewritten(story, str(value or "")),
            "acceptance_criteria": lambda story, value: criteria_edit.rewritten(
                story, str(value or "")
            ),
            "parent": self._parent,
            "blocked_by": self._needs,
            "assignee": self._assignee,
        }
        if name in writers:
            return writers[name](story, value)
        return labelled.written(story, name, value)

    def _title(self, story: Story, value: object) -> str:
        title = one_line(str(value or ""))
        if title == " ".join(story.name.split()):
            return story.document.text
        if self.kind is Kind.EPIC:
            return epic_edit.rename(story, title)
        return edit.title(story, title) if story.title else self._heading(story, title)

    def _heading(self, story: Story, title: str) -> str:
        """Give a title to a file that has none."""
        number = f"Story {template.said(self.number)}: " if self.number else ""
        change = under(story, None, [f"# {number}{title}", ""])
        aim = Aim("title", title, lambda now: now.name, frozenset({"title", "number"}))
        return done(story, [change], aim)

    def _assignee(self, story: Story, value: object) -> str:
        known = labelled.values(story).assignee
        if value and value == known:
            return story.document.text
        who = person(self.shelf.folder, str(value)) if value else None
        return labelled.written(story, "assignee", who)

    def _needs(self, story: Story, value: object) -> str:
        listed = list(value) if isinstance(value, list | tuple) else []
        items = [self._story(str(key)) for key in listed]
        self._refuse_others(items)
        there = {one.number for one in self.shelf.items if one.kind is Kind.STORY}
        prefix, dot, _ = self.number.partition(".")
        own = f"{prefix}." if dot and prefix.isalpha() else ""
        said = {canonical(number) for need in story.needs for number in need.numbers}
        numbers = [one.number for one in items]
        if own:  # beside `env.6.3` a bare `6.2` is `env.6.2`
            bare = [number.removeprefix(own) for number in numbers]
            pairs = zip(numbers, bare, strict=True)
            numbers = [short if short in said else number for number, short in pairs]
        return need_edit.needs(story, numbers, lambda one: one in there or f"{own}{one}" in there)

    def _story(self, key: str) -> Item:
        found = self.shelf.find(key)
        if found is None or found.kind is not Kind.STORY:
            raise NotFound(
                f"{self.shelf.project} has no story {key!r}.", "Name one of its stories."
            )
        if not found.number:
            raise InvalidInput(f"{key} has no number of its own.", "Give it one by hand first.")
        return found

    def _refuse_others(self, wanted: list[Item]) -> None:
        """Refuse to take away what another story's file says."""
        if self.item is None:
            return
        keys = {one.key for one in wanted}
        for key in self.item.blocked_by:
            other = self.shelf.find(key)
            told = self.shelf.story(other) if other and key not in keys else None
            for need in told.needs if told else ():
                if need.blocks and _names(need.numbers, self.number):
                    raise InvalidInput(
                        f"{told.document.path if told else key}:{need.place.line} says that"
                        f" {key} blocks it.",
                        f"Take it out there, or keep {key}.",
                        field="blocked_by",
                    )

    def _parent(self, story: Story, value: object) -> str:
        """Say the epic in a label, where the number does not say it already."""
        own = self.item.parent if self.item else None
        epic = self.shelf.find(str(value)) if value else None
        if value and (epic is None or epic.kind is not Kind.EPIC):
            raise NotFound(f"{self.shelf.project} has no epic {value!r}.", "Name one of its epics.")
        if (epic.key if epic else None) == own:
            return story.document.text
        if story.is_part:
            raise InvalidInput(
                f"{story.document.path} tells it under its epic.",
                "Move its part to the other epic by hand.",
                field="parent",
            )
        number = epic.number if epic else ""
        is_numbered = "." in self.number and not self._is_of_none()
        if epic and not number:
            raise InvalidInput(f"{value} has no number of its own.", "Give it one by hand first.")
        if not epic and is_numbered:
            message = f"The number of {self.item.key if self.item else 'it'} says its epic."
            raise InvalidInput(message, "Name another epic instead.", field="parent")
        return done(story, _labelled_epic(story, number), _epic_aim(number))

    def _is_of_none(self) -> bool:
        """Tell a number that stands for no epic: `0.1`, where nobody tells of an epic 0."""
        epic = self.number.rpartition(".")[0]
        return epic == NO_EPIC and self.shelf.find(f"epic-{epic}") is None


def one_line(text: str) -> str:
    """Take a title as one line; raises InvalidInput where nothing is left."""
    title = " ".join(text.split())
    if not title:
        raise InvalidInput("A title is needed.", "Give the item a name.", field="title")
    return title


def _names(numbers: tuple[str, ...], number: str) -> bool:
    return any(canonical(one) == number for one in numbers)


def _labelled_epic(story: Story, number: str) -> list[Change]:
    found = list(spots(story, EPIC_LABELS))
    text = template.said(number)
    for one in found[:1]:
        if one.entry:
            put = over_entry(story, one.entry, text)
            return put if number else [without_entry(story, one.entry)]
        if one.label:
            return [
                over_label(story, one.label, text) if number else without_label(story, one.label)
            ]
    if not number:
        return []
    if story.has_front_status:
        return [new_entry(story, "epic", text)]
    return [new_label(story, "Epic", text)]


def _epic_aim(number: str) -> Aim:
    return Aim("epic", template.said(number), lambda now: now.epic.strip("'\""), frozenset())
