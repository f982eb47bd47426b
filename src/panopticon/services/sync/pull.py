"""Read the trackers into the store: all of them side by side, none hiding another's data."""

import gc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from threading import Event

from panopticon.errors import InvalidInput, PanError
from panopticon.services import event
from panopticon.services.context import Context
from panopticon.services.sync import cache as sync_cache
from panopticon.services.sync.report import (
    Claims,
    EpicReport,
    Report,
    TrackerReport,
    epics_from,
    epics_in,
    forgiven,
    in_files,
)
from panopticon.services.sync.run import run
from panopticon.services.sync.turn import Progress, Turn, Wanted
from panopticon.services.twin import all_twins
from panopticon.store.base import Outline

__all__ = [
    "Around",
    "Claims",
    "EpicReport",
    "Progress",
    "Report",
    "TrackerReport",
    "Wanted",
    "pull",
]

# Pages are hundreds of thousands of small objects without a circle: Python's own thresholds
# (700 objects) look for circles among them all the time, 7 % of a first sync.
_GARBAGE = (50_000, 20, 50)


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a sync: `before` each source, in its thread; `after` all were read.

    What comes after is in the cache as well; neither raises PanError.
    """

    before: Callable[[str], None] | None = None
    after: Callable[[], Claims | None] | None = None


def pull(
    ctx: Context,
    wanted: Wanted | None = None,
    progress: Callable[[Progress], None] | None = None,
    around: Around | None = None,
) -> Report:
    """Read what changed, write the cache, and say what there is; `progress` hears from threads.

    Faces call `services/claim/sync/pull.py`, which puts what claims want around it.
    """
    wanted, around = wanted or Wanted(), around or Around()
    names = [ctx.source(name).name for name in dict.fromkeys(wanted.trackers)]
    names = names or [source.name for source in ctx.config.sources]
    if not names:
        raise InvalidInput(
            "No tracker is configured.",
            "Run `pan init`, or see it work first: `pan demo`.",
        )
    gc.set_threshold(*_GARBAGE)
    store, stop = ctx.store, Event()
    tell, before = progress or _quiet, around.before
    turns = [Turn(ctx, store, name, wanted, tell, stop, before=before) for name in names]
    with ThreadPoolExecutor(len(turns), thread_name_prefix="sync") as pool:
        try:
            reports = tuple(pool.map(run, turns))
        finally:
            stop.set()  # after Ctrl-C the threads end at their next page
    claims = around.after() if around.after else None
    with suppress(PanError):  # what is stored counts even when the log could not be shortened
        event.prune(ctx)
    outlines = [one for one in ctx.store.outline() if one.ref.tracker in ctx.names]
    twins = all_twins(ctx, [one.ref for one in outlines])
    problems = (*in_files(reports), *twins.problems())
    epics = _epics(ctx, [one for one in outlines if one.ref.tracker in names], wanted)
    return Report(forgiven(reports), epics, _cached(ctx, wanted), problems, claims)


def _epics(ctx: Context, outlines: list[Outline], wanted: Wanted) -> tuple[EpicReport, ...]:
    """Count the epics of what was synced, all of their stories."""
    shown = epics_in(outlines, wanted.scope)
    return tuple(one for one in epics_from(outlines, ctx.now()) if one.ref in shown)


def _cached(ctx: Context, wanted: Wanted) -> PanError | None:
    """Write the cache; what is stored counts even when that fails."""
    try:
        sync_cache.write(ctx, force=wanted.force)
    except PanError as error:
        return error
    return None


def _quiet(progress: Progress) -> None:
    """Say nothing."""
