"""Status writes that wait: tried at once, kept when the tracker does not answer, sent in order.

Claims are never among them. What a person changed after a write was wished is newer and wins.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from panopticon.errors import AuthFailed, Conflict, NotFound, PanError, Retriable
from panopticon.local import lock
from panopticon.model.event import EventKind
from panopticon.model.issue import Issue, Json
from panopticon.model.queued import Queued
from panopticon.services.claim.status.deliver import deliver, goal_of, words_of
from panopticon.services.claim.status.goal import Goal
from panopticon.services.context import Context
from panopticon.services.issue import write as issue_write


@dataclass(frozen=True, slots=True)
class Sent:
    """How a write went: the item as it is then, or why it waits under which number."""

    issue: Issue | None
    notes: tuple[str, ...] = ()
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Replayed:
    """What became of the writes of a tracker; `error` says why some still wait.

    `notes`: what a tracker did not take of writes that were sent.
    """

    sent: tuple[Queued, ...] = ()
    dropped: tuple[Queued, ...] = ()
    waiting: int = 0
    error: str | None = None
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Json]:
        """Give it to programs."""
        return {
            "sent": [document(one) for one in self.sent],
            "dropped": [document(one) for one in self.dropped],
            "waiting": self.waiting,
            "error": self.error,
            "warnings": list(self.notes),
        }


def wish(ctx: Context, issue: Issue, by: str, goal: Goal | None) -> Queued:
    """Begin a write of an item as it is seen now; without a goal its status stays."""
    state, word = (goal.state, goal.word) if goal else (None, None)
    at = ctx.now()
    return Queued(issue.ref, by, at, issue.native_state, issue.updated_at, state, word=word)


def sent(ctx: Context, write: Queued, away: str | None = None) -> Sent:
    """Do a status write after those of its item that wait; keep it when that fails for now.

    `away`: the tracker did not answer a moment ago, and why; it is not asked again.
    """
    if away:
        return _kept(ctx, write, away)
    if _of(ctx, write):
        replay(ctx, write.ref.tracker)
    if _of(ctx, write):
        return _kept(ctx, write, f"Earlier writes of {write.ref.key} wait.")
    try:
        done = deliver(ctx, write)
    except Retriable as error:
        return _kept(ctx, write, error.message)
    return Sent(done.issue, done.notes)


def _of(ctx: Context, write: Queued) -> list[Queued]:
    return [one for one in ctx.store.queued() if one.ref == write.ref]


def _kept(ctx: Context, write: Queued, error: str) -> Sent:
    """Keep a write with what its fields held; the same one is kept once."""
    if any(_what(one) == _what(write) for one in _of(ctx, write)):
        return Sent(None, error=error)
    known = ctx.store.issue(write.ref)
    seen: dict[str, Json] = {name: getattr(known, name, None) for name in write.fields}
    number = ctx.store.queue(replace(write, seen=seen, tries=1, error=error))
    _log(ctx, EventKind.QUEUED, replace(write, number=number), {"error": error})
    return Sent(None, error=error)


def _what(write: Queued) -> tuple[Json, ...]:
    return write.state, write.word, dict(write.fields), write.remark


def listed(ctx: Context) -> list[Queued]:
    """Read the writes that wait, in their order."""
    return ctx.store.queued()


def document(write: Queued) -> dict[str, Json]:
    """Give a line of `pan queue --json`."""
    return {
        "number": write.number,
        "story": write.ref.key,
        "tracker": write.ref.tracker,
        "what": words_of(write),
        "state": write.state.value if write.state else None,
        "native_state": write.word,
        "fields": dict(write.fields),
        "remark": write.remark or None,
        "by": write.by,
        "at": write.at.isoformat(),
        "tries": write.tries,
        "error": write.error,
    }


def drop(ctx: Context, number: int | None) -> list[Queued]:
    """Forget a write that waits, or all (None); raises NotFound."""
    found = [one for one in ctx.store.queued() if number in {None, one.number}]
    if not found and number is not None:
        raise NotFound(f"No write {number} waits.", "`pan queue` shows those that do.")
    gone = []
    for name in dict.fromkeys(one.ref.tracker for one in found):
        with _turn(ctx, name, 10.0):
            theirs = [one for one in found if one.ref.tracker == name]
            gone += [one for one in theirs if ctx.store.unqueue(one.number)]
    for one in gone:
        _log(ctx, EventKind.DROPPED, one, {"reason": "dropped by hand"})
    return gone


def replay(ctx: Context, tracker: str, wait_seconds: float = 0.0) -> Replayed:
    """Send what waits for a tracker, in order; one process at a time does."""
    if not _waits(ctx, tracker):
        return Replayed()
    try:
        with _turn(ctx, tracker, wait_seconds):
            return _replayed(ctx, tracker)
    except Conflict as busy:
        return Replayed(waiting=len(_waits(ctx, tracker)), error=busy.message)


def _waits(ctx: Context, tracker: str) -> list[Queued]:
    return [one for one in ctx.store.queued() if one.ref.tracker == tracker]


@contextmanager
def _turn(ctx: Context, tracker: str, wait_seconds: float) -> Iterator[None]:
    safe = "".join(c if c.isalnum() or c in "-_" else "_" for c in tracker)
    path: Path = ctx.config.home / "queue" / f"{safe}.lock"
    with lock.held(path, f"Sending what waits for {tracker!r}", wait_seconds):
        yield


def _replayed(ctx: Context, tracker: str) -> Replayed:
    done: list[Queued] = []
    dropped: list[Queued] = []
    stuck: dict[object, str] = {}
    notes: list[str] = []
    for number in [one.number for one in _waits(ctx, tracker)]:
        write = next((one for one in ctx.store.queued() if one.number == number), None)
        if write is None or write.ref in stuck:
            continue
        try:
            (done if _one(ctx, write, notes) else dropped).append(write)
        except PanError as error:
            ctx.store.requeue(replace(write, tries=write.tries + 1, error=error.message))
            stuck[write.ref] = error.message
            if isinstance(error, Retriable | AuthFailed):
                break  # nobody else's write would get through
    why = next(iter(stuck.values()), None)
    left = len(_waits(ctx, tracker))
    return Replayed(tuple(done), tuple(dropped), left, why, tuple(notes))


def _one(ctx: Context, write: Queued, notes: list[str]) -> bool:
    """Send one write; False where it was dropped. What the tracker did not take is noted."""
    try:
        now = issue_write.fresh(ctx, write.ref)
    except NotFound as gone:
        return _end(ctx, EventKind.DROPPED, write, {"reason": gone.message})
    goal, fields = goal_of(write), write.fields
    is_reached = goal is not None and goal.is_reached(now)
    is_overtaken = goal is not None and not is_reached and _is_newer(write, now)
    kept = {name: value for name, value in fields.items() if _is_ours(write, now, name)}
    lost: dict[str, Json] = {name: getattr(now, name, None) for name in fields if name not in kept}
    state = None if is_reached or is_overtaken else write.state
    delivered = deliver(ctx, replace(write, state=state, fields=kept))
    after, said = delivered.issue, [f"{write.ref.key}: {note}" for note in delivered.notes]
    notes += said
    _rebase(ctx, write, after, kept, is_moved=goal is not None and not is_overtaken)
    if not is_overtaken and not lost:
        return _end(ctx, EventKind.SENT, write, {"native_state": after.native_state})
    more: dict[str, Json] = {"found": now.native_state, "fields": lost}
    if is_overtaken and goal:
        more |= {"wanted": goal.word or goal.state.label, "reason": "changed by somebody later"}
    _end(ctx, EventKind.DROPPED, write, more)
    return not is_overtaken


def _is_newer(write: Queued, now: Issue) -> bool:
    """Tell whether somebody moved the item after the write was wished."""
    return now.native_state != write.seen_native and now.updated_at > write.seen_at


def _is_ours(write: Queued, now: Issue, name: str) -> bool:
    """Tell whether nobody else filled a field since the write was wished."""
    return getattr(now, name, None) in (None, write.seen.get(name), write.fields[name])


def _rebase(
    ctx: Context, write: Queued, after: Issue, fields: Mapping[str, Json], *, is_moved: bool
) -> None:
    """Tell the later writes of an item what ours left there: it is no stranger's change."""
    for later in _of(ctx, write):
        if later.number <= write.number:
            continue
        rebased = replace(later, seen={**later.seen, **fields})
        if is_moved:
            rebased = replace(
                rebased,
                seen_native=after.native_state,
                seen_at=max(later.seen_at, after.updated_at),
            )
        ctx.store.requeue(rebased)


def _end(ctx: Context, kind: EventKind, write: Queued, more: Mapping[str, Json]) -> bool:
    """Forget a write and say how it ended; tells whether it was sent."""
    if ctx.store.unqueue(write.number):
        _log(ctx, kind, write, more)
    return kind is EventKind.SENT


def _log(ctx: Context, kind: EventKind, write: Queued, more: Mapping[str, Json]) -> None:
    data: dict[str, Json] = {
        "number": write.number,
        "by": write.by,
        "what": words_of(write),
        **more,
    }
    ctx.store.log(kind, write.ref, data, ctx.now())
