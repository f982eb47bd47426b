"""Drawing how fresh things are, and how long ago anything was."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from panopticon.cli.face import Face
from panopticon.cli.table import Column, lines
from panopticon.cli.terminal import Terminal
from panopticon.config import TYPES
from panopticon.model.ref import IssueRef
from panopticon.services.claim import warn
from panopticon.services.claim.warn import Due
from panopticon.services.context import Context
from panopticon.services.status import Freshness, Stale, Status
from panopticon.services.sync.report import said_of

_MOST_DUE = 3
_TOLERATED = 60  # seconds that two clocks may differ without a word


def ago(then: datetime | None, now: datetime) -> str:
    """Say how long ago something was, in one unit."""
    if then is None:
        return "never"
    seconds = int((now - then).total_seconds())
    if seconds < -_TOLERATED:
        return "in the future (check the clock)"
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit} ago"
    return f"{max(0, seconds)} s ago"


def draw_stale(err: Terminal, sources: Sequence[Stale], now: datetime) -> None:
    """Say which sources could not be read, and how old what is shown of them is."""
    for one in sources:
        error = err.clean(one.error).rstrip(".")
        age = f"shown as read {ago(one.ok_at, now)}" if one.ok_at else "never read whole"
        sign = err.amber(err.sign("warn"))
        err.line(f"{sign} {err.clean(one.name)} could not be read ({error}): {age}.")


def due(face: Face, ctx: Context, but: Sequence[IssueRef] = ()) -> list[Due]:
    """Name the claims of this machine to warn people of; programs read it elsewhere.

    `but`: items of which the command itself tells. From what is stored: nobody is asked.
    """
    return [] if face.as_json else warn.to_say(ctx, but)


def draw_due(face: Face, found: Sequence[Due]) -> None:
    """Warn of claims that end soon, have ended, or are somebody else's now."""
    err = replace(face.err, program=face.paper.program)
    for one in found[:_MOST_DUE]:
        sign = err.amber(err.sign("warn"))
        err.line(f"{sign} {err.clean(one.text)} {err.next(one.command)}")
    if more := len(found[_MOST_DUE:]):
        err.line(err.dim(f"  and {more} more: `{err.program} locks`"))


def draw_status(out: Terminal, status: Status) -> None:
    """Draw `pan status`."""
    if status.server:
        out.line(f"{out.green(out.sign('ok'))} The board runs at {status.server.url}")
        out.line(out.dim(f"  process {status.server.pid}, state in {status.home}"))
    else:
        out.line(f"{out.dim(out.sign('dot'))} No board runs here.")
    rows = [_row(source, status.now) for source in status.sources]
    columns = [Column(), Column(paint=out.dim), Column(right=True), Column(gives=True)]
    for line in lines(out, columns, rows, indent=2):
        out.line(line)
    for source in status.sources:
        if source.error:
            out.line(
                f"  {out.red(out.sign('bad'))} {out.clean(said_of(source.name, source.error))}"
            )
    counts = [f"{count} {state.label.lower()}" for state, count in status.states.items()]
    out.line(", ".join(counts))
    if status.waiting:
        verb = "write waits" if status.waiting == 1 else "writes wait"
        why = f"`{out.program} queue` says why"
        out.line(f"{out.amber(out.sign('warn'))} {status.waiting} status {verb}: {why}")
    out.line(_next(out, status))


def _row(source: Freshness, now: datetime) -> list[str]:
    fresh = "syncing" if source.is_syncing else f"good {ago(source.ok_at, now)}"
    if source.ok_at is None and not source.is_syncing:
        fresh = "never synced"
    items = f"{source.items} items" + ("" if TYPES[source.type].place.are_paths else " with tasks")
    return [source.name, source.type, items, fresh]


def _next(out: Terminal, status: Status) -> str:
    if not status.sources:
        return f"{out.next('init')} connects a tracker, `pan demo` needs none"
    if any(source.error for source in status.sources):
        return out.next("doctor")
    if not any(source.ok_at for source in status.sources):
        return out.next("sync")
    return out.next("open" if status.server else "up")
