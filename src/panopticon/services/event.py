"""The log of what happened, as the live page follows it, and how long it is kept."""

from collections.abc import Collection
from datetime import datetime, timedelta

from panopticon.model.event import Event
from panopticon.services.context import Context

MOST = 100_000  # lines of the log: weeks of a busy team
SYNCS_KEPT = timedelta(days=1)
_PRUNED_EVERY = timedelta(hours=1)
_NOTE = "log:pruned"


def last(ctx: Context) -> int:
    """Give the newest number of the log."""
    return ctx.store.last_event()


def floor(ctx: Context) -> int:
    """Give the number after which the log is whole: a page behind it reads all anew."""
    return ctx.store.events_floor()


def news(ctx: Context, after: int, limit: int) -> list[Event]:
    """Read what happened after a number, oldest first."""
    return ctx.store.events(after, limit)


def is_of(event: Event, names: Collection[str]) -> bool:
    """Tell whether an event is about one of these sources."""
    source = event.ref.tracker if event.ref else event.data.get("source")
    return source in names


def prune(ctx: Context) -> None:
    """Keep the log from growing for ever; once an hour is enough."""
    at = ctx.store.note(_NOTE)
    if at and timedelta() <= ctx.now() - datetime.fromisoformat(at) < _PRUNED_EVERY:
        return
    ctx.store.prune_events(ctx.now() - SYNCS_KEPT, MOST)
    ctx.store.put_note(_NOTE, ctx.now().isoformat())
