"""A column that a tracker has no word for: kept here, until the tracker's own word moves on."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from panopticon.errors import Partial
from panopticon.model.here import Here
from panopticon.model.issue import CARDS, Issue, State
from panopticon.model.ref import IssueRef
from panopticon.services.context import Context
from panopticon.services.sync import cache as sync_cache

_PHASES = (State.PLANNING, State.IN_REVIEW)


def can_be_kept(issue: Issue, state: State) -> bool:
    """Tell whether a column may be kept here for an item: a phase, of a story or a defect."""
    return issue.kind in CARDS and state in _PHASES


def note_of(tracker: str, state: State) -> str:
    """Say that a column is kept here only."""
    return f"{state.label} is kept here only: {tracker} has no word for it"


def keep(ctx: Context, issue: Issue, state: State) -> Issue:
    """Keep a column beside the tracker's own word; returns the item as it is shown then."""
    before = ctx.store.here(issue.ref) or Here()
    was = before.was if issue.is_here_only and before.was else issue.state
    kept = replace(before, state=state, native_state=issue.native_state, was=was)
    ctx.store.keep_here(issue.ref, kept, ctx.now())
    sync_cache.follow(ctx, issue.ref)
    return ctx.store.issue(issue.ref) or issue


@contextmanager
def ending(ctx: Context, ref: IssueRef) -> Iterator[None]:
    """Forget what was kept here once the tracker has a status, written in part too."""
    try:
        yield
    except Partial as error:
        if error.details.get("written"):
            _forget(ctx, ref)
        raise
    _forget(ctx, ref)


def _forget(ctx: Context, ref: IssueRef) -> None:
    before = ctx.store.here(ref)
    if before and before.state:
        after = replace(before, state=None, native_state="", was=None)
        ctx.store.keep_here(ref, None if after == Here() else after, ctx.now())
        sync_cache.follow(ctx, ref)
