"""What is not taken, and what is said instead: done, blocked, held, of another kind, too many."""

from collections.abc import Sequence
from datetime import datetime

from panopticon.config.arbiter import same_arbiter
from panopticon.errors import Conflict, InvalidInput, PanError
from panopticon.model.claim import Claim
from panopticon.model.issue import CARDS, OUTCOMES, Issue, Json, State
from panopticon.model.lease import Lease
from panopticon.model.ref import number_of
from panopticon.services.claim.desk import Desk
from panopticon.services.claim.holds import Holds
from panopticon.services.claim.lag import is_ours
from panopticon.services.claim.take import choose
from panopticon.store.base import Outline

_IN_THE_WAY = {
    "held": "held",
    "blocked": "blocked",
    "begun": "in progress by hand",
    "finished": "finished and not merged yet",
    "done": "done",
}


def refusal(desk: Desk, story: Issue, *, is_blocked_ok: bool) -> PanError | None:
    """Say why a story is not to be taken by anybody, or not by this person; None where it may.

    Whoever holds it by the arbiter is for the arbiter to say.
    """
    return (
        never_taken(story)
        or other_arbiter(desk, story)
        or _by_hand(desk, story)
        or (None if is_blocked_ok else _blocked(desk, story))
    )


def never_taken(story: Issue) -> PanError | None:
    """Say why a story is nobody's to hold, by the arbiter's word or over it."""
    return _of_kind(story) or _over(story)


def _of_kind(story: Issue) -> InvalidInput | None:
    key = story.ref.key
    if story.kind in CARDS:
        return None
    if story.kind in OUTCOMES:
        number = number_of(key) or key
        hint = f"`pan checkout epic={number}` takes the best of its stories that is free."
        return InvalidInput(f"{key} is {_a(story.kind.value)}, not a story.", hint)
    above = story.parent.key if story.parent else None
    hint = f"`pan checkout story={above}` takes the story." if above else "Take its story."
    return InvalidInput(f"{key} is a step{f' of {above}' if above else ''}, not a story.", hint)


def _a(word: str) -> str:
    return f"an {word}" if word[0] in "aeiou" else f"a {word}"


def _over(story: Issue) -> Conflict | None:
    if not story.cancelled and story.state is not State.DONE:
        return None
    word = "cancelled" if story.cancelled else "done"
    told = story.native_state
    more = f" ({told})" if told and told.casefold() != word else ""
    hint = "Take another one, or open it again first: `pan work update`."
    message = f"{story.ref.key} is {word}{more}."
    return Conflict(message, hint, error="over", reason="over")


def other_arbiter(desk: Desk, story: Issue) -> InvalidInput | None:
    """Refuse to decide where the team has another arbiter decide: two would grant twice."""
    lease = story.lease
    if lease is None or not lease.arbiter or not lease.is_held(desk.ctx.now()):
        return None
    if same_arbiter(lease.arbiter, desk.arbiter.name):
        return None
    return InvalidInput(
        f"{story.ref.key} is held by {lease.holder} by the word of {lease.arbiter}, "
        f"but here {desk.arbiter.name} decides.",
        "A team has one arbiter: set the same `arbiter` everywhere, then try again.",
        arbiter=desk.arbiter.name,
        other=lease.arbiter,
        holder=lease.holder,
    )


def _by_hand(desk: Desk, story: Issue) -> Conflict | None:
    lease = story.lease
    if lease is None or not lease.is_held(desk.ctx.now()):
        return None
    is_own = lease.holder.casefold() == desk.holder.casefold()
    if is_own or is_ours(lease, desk.arbiter.read(desk.key(story.ref))):
        return None
    return Conflict(
        f"{story.ref.key} was locked by hand in {story.ref.tracker}, by {lease.holder}.",
        f"Ask them, clear the lock there, or `pan steal story={story.ref.key} reason=…`.",
        **_told(lease),
        by_hand=True,
    )


def _told(lease: Lease) -> dict[str, Json]:
    return {
        "holder": lease.holder,
        "locked_at": lease.locked_at.isoformat() if lease.locked_at else None,
        "expires_at": lease.expires_at.isoformat() if lease.expires_at else None,
    }


def _blocked(desk: Desk, story: Issue) -> Conflict | None:
    waits = choose.blockers(desk.ctx, story)
    if not waits and not story.blocked:
        return None
    names = ", ".join(f"{one.ref.key} ({one.native_state or one.state.label})" for one in waits)
    told = (story.blocked_reason or "").strip().rstrip(".")
    why = f"waits for {names}" if waits else f"is blocked{f': {told}' if told else ''}"
    return Conflict(
        f"{story.ref.key} {why}.",
        "Add blocked=ok to take it anyway.",
        error="blocked",
        reason="blocked",
        waits_for=[one.ref.key for one in waits],
    )


def too_many(holds: Holds, story: Issue | None = None) -> Conflict | None:
    """Refuse who holds as many stories as one may; what one has already is none more."""
    most, desk = holds.desk.ctx.config.max_locks, holds.desk
    if not most:
        return None
    own = holds.of(desk.holder)
    if len(own) < most or (story and desk.key(story.ref) in {one.key for one in own}):
        return None
    keys = [one.key.rpartition("/")[2] for one in own]
    return Conflict(
        f"You hold {', '.join(keys)}: no one may hold more than {most} at a time.",
        f"`pan release story={keys[0]}` gives one back.",
        error="too_many",
        reason="too-many",
        held=keys,
        max_locks=most,
    )


def may_not_steal(desk: Desk, held: Claim | Lease | None, key: str) -> Conflict | None:
    """Refuse who is no lead to take over a claim that counts; an ended one is anybody's."""
    leads: Sequence[str] = desk.ctx.config.leads
    if held is None or not leads or desk.holder.casefold() in {one.casefold() for one in leads}:
        return None
    return Conflict(
        f"{key} is held by {held.holder}; only {' or '.join(leads)} may take over what is held.",
        "Ask one of them, or wait until it ends.",
        error="locked",
        reason="not-lead",
        leads=list(leads),
        holder=held.holder,
        expires_at=held.expires_at.isoformat() if held.expires_at else None,
    )


def instead(holds: Holds, story: Issue, error: Conflict) -> Conflict:
    """Add to a refusal which story it is about, and what is free."""
    found = choose.alternatives(holds, story)
    epic = holds.desk.ctx.store.issue(story.parent) if story.parent else None
    is_own = error.details.get("holder") == holds.desk.holder
    error = _ended(holds, story, error)
    details: dict[str, object] = {
        "error": "locked",
        "reason": "elsewhere" if is_own else "locked",
        **error.details,
        "story": story.ref.key,
        "title": story.title,
        "epic": epic.ref.key if epic else None,
        "epic_title": epic.title if epic else None,
        "alternatives": [one.as_json() for one in found],
    }
    return Conflict(error.message, error.hint, **details)


def _ended(holds: Holds, story: Issue, error: Conflict) -> Conflict:
    """Say of a claim that has ended when it is free for others: clocks may differ."""
    told, desk = error.details.get("expires_at"), holds.desk
    if not isinstance(told, str) or error.details.get("by_hand"):
        return error
    end, at = datetime.fromisoformat(told), desk.arbiter.now()
    free = end + desk.skew
    if not end <= at < free:
        return error
    message = (
        f"{story.ref.key} was held by {error.details.get('holder')}: the claim ended at "
        f"{end:%H:%M} UTC, and is free for others at {free:%H:%M} UTC, for clocks may differ."
    )
    hint = "Take it then, or another story now."
    return Conflict(message, hint, **error.details, free_at=free.isoformat())


def none_free(holds: Holds, epic: Issue | Outline, stories: Sequence[Issue]) -> Conflict:
    """Say that an epic has nothing to take, and what is in the way."""
    found = choose.counts(holds, stories)
    said = [f"{found[word]} {told}" for word, told in _IN_THE_WAY.items() if found[word]]
    why = ", ".join(said) if said else "it has no stories"
    hint = "`pan locks` shows who holds what."
    if found["blocked"]:
        hint += " blocked=ok with a story's name takes one that waits."
    return Conflict(
        f"No story of {epic.ref.key} is free: {why}.",
        hint,
        error="none_available",
        reason="none-available",
        epic=epic.ref.key,
        epic_title=epic.title,
        held=found["held"],
        blocked=found["blocked"],
        begun=found["begun"],
        finished=found["finished"],
        done=found["done"],
        alternatives=[],
    )
