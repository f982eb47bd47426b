"""The sync of one tracker: its streams side by side, each page stored with its cursor.

The cursor law: rows and cursor are kept in one transaction, so that a run that was killed goes on
where it stopped; what comes twice is kept once.
"""

import time
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime
from pathlib import Path

from panopticon.errors import NotFound, PanError, Retriable
from panopticon.local import lock
from panopticon.model.change import Usage
from panopticon.services.context import Context
from panopticon.services.redaction import learn, struck
from panopticon.services.sync import sweep as sync_sweep
from panopticon.services.sync.report import TrackerReport
from panopticon.services.sync.turn import Progress, Turn
from panopticon.store.base import SyncRecord
from panopticon.trackers.base import Tracker

# Streams of one tracker at once: each holds pages in memory, and trackers read ahead by themselves
# (51,000 items: 2 streams 215 MB, 5 streams 305 MB, and no faster).
_SIDE_BY_SIDE = 2


def is_running(ctx: Context, name: str) -> bool:
    """Tell whether a source is being synced, by any process: its lock says who is alive."""
    return lock.is_held(_lock_file(ctx, name))


def run(turn: Turn) -> TrackerReport:
    """Sync one tracker; whatever goes wrong is in the report."""
    began, started_at = time.monotonic(), turn.ctx.now()
    error: PanError | None = None
    try:
        path = _lock_file(turn.ctx, turn.name)
        with lock.held(path, f"The sync of {turn.name!r}", turn.wanted.wait_seconds):
            error = _recorded(turn, started_at)
    except PanError as fault:
        error = fault
    return TrackerReport(
        name=turn.name,
        fetched=turn.fetched,
        changed=turn.changed,
        deleted=turn.deleted,
        forgotten=turn.forgotten,
        requests=turn.usage.requests,
        bytes=turn.usage.bytes,
        seconds=time.monotonic() - began,
        error=error,
        is_elsewhere=turn.is_elsewhere,
        problems=turn.problems,
    )


def _recorded(turn: Turn, started_at: datetime) -> PanError | None:
    """Sync between two records, so that every face knows how fresh the data is."""
    turn.store.record_sync(SyncRecord(turn.name, started_at, None, None, None))
    error = _failure(turn)
    if error:  # kept and shown by every face: no key may be in it
        error.message, error.hint = struck(error.message), struck(error.hint)
    turn.is_elsewhere = _is_elsewhere(turn, error)
    if turn.is_elsewhere:  # the source is well: how it was last read stays known
        return error
    ended_at = turn.ctx.now()
    turn.store.record_sync(
        SyncRecord(
            source=turn.name,
            started_at=started_at,
            ended_at=ended_at,
            ok_at=None if error else ended_at,
            error=error.message if error else None,
            fetched=turn.fetched,
            changed=turn.changed,
            deleted=turn.deleted,
            requests=turn.usage.requests,
            bytes=turn.usage.bytes,
        )
    )
    return error


def _is_elsewhere(turn: Turn, error: PanError | None) -> bool:
    """Tell whether a source answered that the part that is wanted is not in it."""
    is_reached = bool(turn.fingerprint)
    return is_reached and isinstance(error, NotFound) and not turn.wanted.scope.is_whole


def _failure(turn: Turn) -> PanError | None:
    """Read the tracker; give what went wrong."""
    try:
        _read(turn)
    except PanError as fault:
        return fault
    except Exception as fault:  # noqa: BLE001 - a defect in one tracker must not hide the others
        error = PanError(
            f"{turn.name}: {type(fault).__name__}: {fault}", "This is a defect: please report it."
        )
        error.__cause__ = fault
        return error
    return None


def _read(turn: Turn) -> None:
    learn(turn.ctx.source(turn.name))
    tracker = turn.ctx.tracker(turn.name)
    before = tracker.usage()
    try:
        sync_sweep.begin(turn, tracker)
        if turn.before:
            turn.before(turn.name)
        _streams(turn, tracker)
        turn.drop(sorted(turn.gone))  # a page read before the deletion may have been stored after
        if turn.wanted.scope.is_whole:
            sync_sweep.end(turn, tracker)
    finally:
        after = tracker.usage()
        turn.usage = Usage(after.requests - before.requests, after.bytes - before.bytes)


def _streams(turn: Turn, tracker: Tracker) -> None:
    """Read the streams side by side; each ends before the first failure is raised."""
    (deletions, *streams), now = tracker.streams(), turn.ctx.now()
    with ThreadPoolExecutor(_SIDE_BY_SIDE, thread_name_prefix=turn.name) as pool:
        jobs = [pool.submit(_stream, turn, tracker, deletions, now)]
        wait(jobs)  # the bin law of the seam: its mark is taken before anything is read
        jobs += [pool.submit(_stream, turn, tracker, stream, now) for stream in streams]
    for job in jobs:
        job.result()


def _stream(turn: Turn, tracker: Tracker, stream: str, now: datetime) -> None:
    done = 0
    for page in tracker.pull(stream, turn.wanted.scope, turn.cursor(stream), now):
        if turn.stop.is_set():
            raise Retriable("The sync was stopped.", "The next one goes on where it ended.")
        turn.apply(stream, page)
        done += len(page.issues) + len(page.deleted)
        turn.tell(Progress(turn.name, stream, done, page.total))
        del page  # while the next one is read: pages are large


def _lock_file(ctx: Context, name: str) -> Path:
    safe = "".join(c if c.isalnum() or c in "-_" else "_" for c in name)
    return ctx.config.home / "sync" / f"{safe}.lock"
