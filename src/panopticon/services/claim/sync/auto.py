"""A sync around a checkout or the end of work, where `auto_sync` wants it: failing is a warning.

The seed's `rally_auto_sync`: a checkout chooses from what the tracker says now, and the caches that
agents read follow what was done. The arbiter decides in any case, however old our data is.
"""

from collections.abc import Iterable
from datetime import timedelta

from panopticon.errors import PanError
from panopticon.services.claim.sync.pull import pull
from panopticon.services.context import Context
from panopticon.services.ref import epic_ref, resolve
from panopticon.services.sync.pull import Wanted

_FRESH = timedelta(seconds=5)  # read a moment ago, by the board or another command
_WAIT_SECONDS = 2.0  # for another sync of the same tracker: what it reads is read


def before(ctx: Context, *, story: str | None = None, epic: str | None = None) -> list[str]:
    """Read what changed in the tracker of a story or an epic; gives what went wrong."""
    if not ctx.config.auto_sync:
        return []
    try:
        ref = resolve(ctx, story) if story else epic_ref(ctx, epic) if epic else None
    except PanError:
        return []  # what is asked for says so itself
    return _read(ctx, [ref.tracker] if ref else [])


def after(ctx: Context, tracker: str) -> list[str]:
    """Read what changed once more, after a checkout or the end of work; gives what went wrong."""
    return _read(ctx, [tracker], is_fresh_enough=False) if ctx.config.auto_sync else []


def _read(ctx: Context, names: Iterable[str], *, is_fresh_enough: bool = True) -> list[str]:
    """Sync whole sources, which their cursors make quick; a part of one has no older cursor."""
    records = {one.source: one.ok_at for one in ctx.store.sync_records()}
    at = ctx.now()
    stale = [
        name
        for name in dict.fromkeys(names)
        if not is_fresh_enough
        or (ok := records.get(name)) is None
        or not timedelta() <= at - ok < _FRESH
    ]
    if not stale:
        return []
    try:
        report = pull(ctx, Wanted(trackers=tuple(stale), wait_seconds=_WAIT_SECONDS))
    except PanError as error:
        return [f"Not synced: {error.message}"]
    errors = [one.error for one in report.trackers if one.error]
    return [f"Not synced: {error.message}" for error in [*errors, report.cache_error] if error]
