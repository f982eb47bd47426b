"""Where an item's fields are written: its file, its part of an epics file; made where missing."""

from dataclasses import dataclass

from panopticon.errors import InvalidInput
from panopticon.model.issue import Kind
from panopticon.trackers.markdown.edit import epic as epic_edit, template
from panopticon.trackers.markdown.edit.applied import again
from panopticon.trackers.markdown.shelf.item import Item
from panopticon.trackers.markdown.text.story import Story, read
from panopticon.trackers.markdown.write.pending import Pending
from panopticon.trackers.markdown.write.words import dialect_called


@dataclass
class Target:
    """A story (or the lines of an epic) in a file, as pending changes have it."""

    pending: Pending
    path: str
    story: Story

    def put(self, text: str) -> None:
        """Take a new text of the whole file."""
        self.pending.put(self.path, text)
        self.story = again(self.story, text)


def target_of(pending: Pending, item: Item) -> Target | None:
    """Find where an item's texts stand; None where only sprint-status tells of it."""
    story = pending.shelf.story(item)
    path = item.path or item.epics_path
    if story is None or path is None:
        return None
    pending.text(path)
    return Target(pending, path, story)


def made_target(pending: Pending, item: Item) -> Target:
    """Find where an item's texts stand, or make its file or its heading there."""
    found = target_of(pending, item)
    if found:
        return found
    if item.kind is Kind.EPIC:
        return new_epic(pending, item.number, item.title)
    layout = pending.shelf.layout
    stem = item.entry.key if item.entry else item.key.rpartition("#")[2]
    path = f"{layout.story_folder}/{stem}.md".lstrip("/")
    return new_story(pending, path, template.New(item.number, item.title, item.native_state))


def new_story(pending: Pending, path: str, new: template.New) -> Target:
    """Make a story file in the folder's dialect."""
    if pending.text(path) is not None:
        raise InvalidInput(f"{path} is there already.", "Sync, then look at it.")
    dialect = dialect_called(pending.shelf.layout.dialect)
    text = template.new_text(dialect, new)
    pending.put(path, text)
    story = read(text, path)
    if story.name != new.title or (new.number and story.key != new.number):
        raise InvalidInput(
            f"{new.title!r} would be read as another title.", "Use plain words.", field="title"
        )
    return Target(pending, path, story)


def new_epic(pending: Pending, number: str, title: str) -> Target:
    """Add the heading of an epic to the epics file, which is made where missing."""
    path = pending.shelf.layout.epics_file
    text = pending.text(path)
    if not number:
        raise InvalidInput("An epic needs a number.", "Write its heading by hand.")
    new, story = epic_edit.new_epic(epic_edit.EMPTY if text is None else text, path, number, title)
    pending.put(path, new)
    return Target(pending, path, story)
