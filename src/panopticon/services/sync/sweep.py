"""The sweep: compare the ids a tracker has with those that are stored, now and then.

It mends what streams miss: items purged without a trace, moved out of sight, or lost.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from panopticon.config import Source
from panopticon.model.change import Cursor, Page, Scope
from panopticon.services import link, written
from panopticon.services.sync.turn import Progress, Turn
from panopticon.store.base import FORMAT
from panopticon.trackers.base import Tracker

STREAM = "sweep"
_AT_ONCE = 200


def begin(turn: Turn, tracker: Tracker) -> None:
    """Learn which server this is; forget what is stored when it is another one than last time."""
    identity = tracker.identity()
    turn.fingerprint = fingerprint(identity, turn.ctx.source(turn.name))
    note = f"identity:{turn.name}"
    known = turn.store.note(note)
    link.adopt(turn.ctx, turn.name, identity)
    if known == identity:
        return
    if known:
        turn.forget(list(turn.store.versions(turn.name)))
    turn.store.put_note(note, identity)


def end(turn: Turn, tracker: Tracker) -> None:
    """Sweep when it is due; after the first whole run everything has just been seen."""
    note = f"sweep:{turn.name}"
    last, now = turn.store.note(note), turn.ctx.now()
    if last is not None and _is_due(turn, last, now):
        turn.store.put_note(note, "")  # killed on the way: due again
        _sweep(turn, tracker, is_elsewhere=last.partition(" ")[0] != turn.fingerprint)
    elif last is not None:
        return
    turn.store.put_note(note, f"{turn.fingerprint} {now.isoformat()}")


def fingerprint(identity: str, source: Source) -> str:
    """Stand for a server, a workspace, the settings of a source and the form of what is stored."""
    options = sorted((name, repr(value)) for name, value in source.options.items())
    return hashlib.sha256(repr((identity, options, FORMAT)).encode()).hexdigest()[:12]


def _is_due(turn: Turn, last: str, now: datetime) -> bool:
    seen, _, at = last.partition(" ")
    if turn.wanted.force or seen != turn.fingerprint:
        return True
    age = now - datetime.fromisoformat(at)
    return not timedelta() <= age < timedelta(hours=turn.ctx.config.sweep_hours)


def _sweep(turn: Turn, tracker: Tracker, *, is_elsewhere: bool) -> None:
    stored = turn.store.versions(turn.name)  # before the listing: what is made meanwhile stays
    there = dict(tracker.native_ids(Scope()))
    gone = stored.keys() - there.keys()
    if gone:  # a listing may skip an item while another is deleted: look twice before dropping
        gone -= dict(tracker.native_ids(Scope())).keys()
    fresh = written.lately(turn.ctx, turn.name)  # a replica may not have heard of these
    (turn.forget if is_elsewhere else turn.drop)(sorted(gone - fresh))
    stale = [one for one, version in there.items() if _is_stale(stored.get(one), version)]
    back = [one for one in stale if one not in fresh and _is_back(stored.get(one), there[one])]
    if not turn.wanted.force:  # a lagging replica shows older versions; only force believes it
        stale = [one for one in stale if one not in set(back)]
    _fetch(turn, tracker, stale, set(back))


def _fetch(turn: Turn, tracker: Tracker, stale: list[str], back: set[str]) -> None:
    """Read what is missing or newer; what went back is dropped first, for rows never do."""
    done = 0
    for some in _bites(stale):
        issues = tracker.fetch(some)
        turn.drop([one for one in some if one in back])
        turn.apply(STREAM, Page(tuple(issues), Cursor()))
        done += len(some)
        turn.tell(Progress(turn.name, STREAM, done, len(stale)))


def _is_stale(stored: str | None, version: str) -> bool:
    return stored is None or bool(version and stored != version)


def _is_back(stored: str | None, version: str) -> bool:
    return bool(stored and stored.isdigit() and version.isdigit() and int(stored) > int(version))


def _bites(ids: list[str]) -> Iterable[list[str]]:
    return (ids[i : i + _AT_ONCE] for i in range(0, len(ids), _AT_ONCE))
