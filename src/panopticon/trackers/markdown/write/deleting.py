"""Taking an item away: its file, its entry in sprint-status, its part of an epics file."""

from panopticon.errors import Conflict
from panopticon.model.issue import Kind
from panopticon.trackers.markdown.edit import sprint as sprint_edit
from panopticon.trackers.markdown.edit.epic import removed
from panopticon.trackers.markdown.shelf.item import Item
from panopticon.trackers.markdown.text.sprint import read_sprint
from panopticon.trackers.markdown.write.pending import Pending


def delete(pending: Pending, item: Item) -> None:
    """Take every place away that tells of it; raises Conflict for an epic that has stories."""
    if item.kind is Kind.EPIC and (below := pending.shelf.below(item)):
        names = ", ".join(one.key for one in below[:5])
        raise Conflict(
            f"{item.key} has {len(below)} stories: {names}{' …' if len(below) > 5 else ''}.",  # noqa: PLR2004
            "Delete them, or move them to another epic first.",
        )
    if item.path:
        story = pending.shelf.story(item)
        if story and story.has_conflict:
            message = f"{item.path} holds the markers of a merge."
            raise Conflict(message, "Resolve the merge, then retry.")
        pending.put(item.path, None)
    part = pending.shelf.part(item)
    if part and item.epics_path:
        pending.put(item.epics_path, removed(part))
    if item.entry and item.sprint_path:
        sprint = read_sprint(pending.text(item.sprint_path) or "", item.sprint_path)
        keys = {item.entry.key}
        if item.kind is Kind.EPIC:
            keys.add(f"{item.entry.key}-retrospective")
        pending.put(item.sprint_path, sprint_edit.without_entries(sprint, keys))
