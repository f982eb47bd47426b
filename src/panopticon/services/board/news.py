"""What a run of sync changed, told by the log of events."""

from collections.abc import Iterator

from panopticon.local.git import clone
from panopticon.model.event import Event
from panopticon.model.ref import IssueRef
from panopticon.services.context import Context
from panopticon.services.sync.report import epic_of

_BITE = 500


def mark(ctx: Context) -> int:
    """Note where the log ends; 0 before anything was ever stored."""
    return ctx.store.last_event()


def epics_since(ctx: Context, since: int) -> set[IssueRef]:
    """Name the epics that changed since, or whose items did; all where the log was shortened."""
    known = {one.ref: one for one in ctx.store.outline()}
    is_told = since >= ctx.store.events_floor()
    touched = set(_touched(ctx, since)) if is_told else set(map(str, known))
    names = {str(ref): ref for ref in known}
    refs = {names[name] for name in touched if name in names}
    return refs | {above.ref for ref in refs if (above := epic_of(known[ref], known))}


def hint_about_cache(ctx: Context) -> str:
    """Say of a cache inside a repository that git need not keep it."""
    root = None if ctx.config.is_demo else clone.root(ctx.config.folder)
    if root is None:
        return ""
    return "`.bmad/` holds copies for agents: let git ignore it (one line in .gitignore)."


def _touched(ctx: Context, since: int) -> Iterator[str]:
    while found := ctx.store.events(since, _BITE):
        for event in found:
            yield from _named(event)
        since = found[-1].seq


def _named(event: Event) -> Iterator[str]:
    """Name the item and the parents it had: a string when it was deleted, a pair when moved."""
    if event.ref:
        yield str(event.ref)
    parent = event.data.get("parent")
    parents = parent if isinstance(parent, list) else [parent]
    yield from (one for one in parents if isinstance(one, str))
