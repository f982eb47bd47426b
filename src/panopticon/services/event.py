"""The log of what happened, as the live page follows it."""

from panopticon.model.event import Event
from panopticon.services.context import Context


def last(ctx: Context) -> int:
    """Give the newest number of the log."""
    return ctx.store.last_event()


def news(ctx: Context, after: int, limit: int) -> list[Event]:
    """Read what happened after a number, oldest first."""
    return ctx.store.events(after, limit)
