"""Where a new item belongs: which tracker is meant by what is said of it."""

from panopticon.model.issue import NewIssue
from panopticon.model.query import Field
from panopticon.services.context import Context
from panopticon.services.ref import epic_ref, resolve, source_name


def place_of(ctx: Context, new: NewIssue, tracker: str | None) -> str:
    """Choose a tracker: the named one, that of the project or of the item above, the default.

    Raises InvalidInput where nothing says it, NotFound for an item above that is nowhere.
    """
    if tracker is None and len(ctx.names) > 1:
        tracker = _by_project(ctx, new.project) or _by_parent(ctx, new.fields.get("parent"))
    return source_name(ctx, tracker)


def _by_project(ctx: Context, project: str | None) -> str | None:
    """Name the only tracker that has items in a project of this name."""
    asked = (project or "").strip().casefold()
    found = [
        name
        for name in ctx.names
        if any(asked == one.casefold() for one, _ in ctx.store.words(Field.PROJECT, (name,)))
    ]
    return found[0] if len(found) == 1 else None


def _by_parent(ctx: Context, above: str | None) -> str | None:
    if not above:
        return None
    find = epic_ref if above.strip().isdecimal() else resolve
    return find(ctx, above).tracker
