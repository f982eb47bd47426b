"""A sync as faces call it: writes that wait go first, then all is read, then claims are looked at.

Nothing of that fails a sync: what went wrong is in the report.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from panopticon.errors import Conflict, PanError
from panopticon.local import lock
from panopticon.services.claim import notes
from panopticon.services.claim.desk import Desk, arbiter_of
from panopticon.services.claim.status import merged, queue
from panopticon.services.claim.status.queue import Replayed
from panopticon.services.claim.sync.repair import repair
from panopticon.services.context import Context
from panopticon.services.redaction import struck
from panopticon.services.sync import pull as syncs
from panopticon.services.sync.pull import Around, Progress, Report, Wanted
from panopticon.services.sync.report import Claims

_log = logging.getLogger(__name__)
_OFTEN = 0.8  # of the time between two polls: several sources are one look
_WAIT_SECONDS = 10.0


def pull(
    ctx: Context,
    wanted: Wanted | None = None,
    progress: Callable[[Progress], None] | None = None,
    *,
    is_polled: bool = False,
) -> Report:
    """Sync with what claims want around it; `is_polled`: a source at a time, again and again."""
    return syncs.pull(ctx, wanted, progress, around(ctx, is_polled=is_polled))


def around(ctx: Context, *, is_polled: bool = False) -> Around:
    """Give what comes before a source is read and after all are."""
    sent: list[Replayed] = []

    def before(source: str) -> None:
        sent.append(_sent(ctx, source))

    def after() -> Claims | None:
        if is_polled and _is_fresh(ctx):
            return _with_writes(None, sent, [])
        merged, troubles = _merged(ctx)
        found = _looked(ctx, is_polled=is_polled)
        return _with_writes(found, sent, troubles, merged)

    return Around(before, after)


def _sent(ctx: Context, source: str) -> Replayed:
    """Send the writes of a source that wait, so that the sync reads what they made."""
    try:
        return queue.replay(ctx, source)
    except PanError as error:
        return Replayed(error=f"{source}: {error.message}")


def _merged(ctx: Context) -> tuple[int, list[str]]:
    """Write what git says was merged; say what is left to people."""
    try:
        found = merged.sweep(ctx, is_asked=False)
    except PanError as error:
        return 0, [struck(f"What was merged is not known: {error.message}")]
    said = [f"{one.issue.ref.key}: {note}" for one in found for note in one.notes]
    return sum(not one.is_found for one in found), [struck(one) for one in said]


def _with_writes(
    found: Claims | None, sent: list[Replayed], troubles: list[str], done: int = 0
) -> Claims | None:
    """Add what became of writes; nothing is said where nothing was done."""
    begun, errors = found or Claims(""), [struck(one.error) for one in sent if one.error]
    errors += [struck(note) for one in sent for note in one.notes]
    told = replace(
        begun,
        merged=done,
        sent=sum(len(one.sent) for one in sent),
        dropped=sum(len(one.dropped) for one in sent),
        waiting=sum(one.waiting for one in sent),
        troubles=(*begun.troubles, *troubles, *errors),
    )
    return None if told == Claims("") else told


def _looked(ctx: Context, *, is_polled: bool) -> Claims | None:
    """Look at claims; None where nobody decides, or another sync just did."""
    name = ctx.config.arbiter
    if not name:
        return None
    try:
        with lock.held(ctx.config.home / "sync" / "claims.lock", "A look at claims", _WAIT_SECONDS):
            if is_polled and _is_fresh(ctx):
                return None
            ctx.store.put_note(notes.LOOKED, ctx.now().isoformat())
            return repair(Desk(ctx, arbiter_of(ctx), "", ""))
    except Conflict:
        return None  # another process is at it
    except PanError as error:
        error.message, error.hint = struck(error.message), struck(error.hint)
        return Claims(struck(name), error=error)
    except Exception as fault:  # noqa: BLE001 - a record that nobody can read must not stop a sync
        _log.exception("a look at claims")
        text = struck(f"{type(fault).__name__}: {fault}")
        return Claims(struck(name), error=PanError(text, "This is a defect: please report it."))


def _is_fresh(ctx: Context) -> bool:
    at = ctx.store.note(notes.LOOKED)
    age = ctx.now() - datetime.fromisoformat(at) if at else None
    return age is not None and timedelta() <= age < timedelta(
        seconds=ctx.config.poll_seconds * _OFTEN
    )
