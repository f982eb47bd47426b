"""Showing a claim after the decision: in the tracker where it can, here where it cannot."""

from collections.abc import Mapping
from dataclasses import replace

from panopticon.errors import PanError, Retriable, Unsupported
from panopticon.model.claim import Act, Claim, Known
from panopticon.model.event import EventKind
from panopticon.model.here import Here
from panopticon.model.issue import Issue, Json
from panopticon.model.lease import Lease
from panopticon.model.ref import IssueRef
from panopticon.services.claim.desk import Desk
from panopticon.services.claim.known import known_of

_KINDS = {
    Act.TAKE: EventKind.TAKEN,
    Act.RESUME: EventKind.TAKEN,
    Act.RENEW: EventKind.RENEWED,
    Act.RELEASE: EventKind.RELEASED,
    Act.STEAL: EventKind.STOLEN,
}
_HELD_BY = frozenset({EventKind.TAKEN, EventKind.STOLEN, EventKind.RENEWED})


def lease_of(claim: Claim, arbiter: str) -> Lease:
    """Spell a claim as faces show it."""
    return Lease(
        holder=claim.holder,
        locked_at=claim.locked_at,
        expires_at=claim.expires_at,
        branch=claim.branch,
        fence=claim.fence,
        arbiter=arbiter,
    )


def show(desk: Desk, ref: IssueRef, claim: Claim) -> str | None:
    """Show a claim, or its end; returns why the tracker does not show it yet.

    A tracker without a place for it is no trouble: then this machine keeps it.
    """
    told = None if claim.is_released else claim
    try:
        tracker = desk.ctx.tracker(ref.tracker)
        _keep(desk, tracker.show_claim(ref.key, told, desk.arbiter.name), claim)
    except Unsupported:
        keep_lease(desk, ref, claim)
    except PanError as error:
        keep_lease(desk, ref, claim)
        word = "yet" if isinstance(error, Retriable) else "it"
        return f"{ref.tracker} does not show {word}: {error.message}"
    return None


def _keep(desk: Desk, issue: Issue, claim: Claim) -> None:
    desk.ctx.store.put(issue, desk.ctx.now())
    is_shown = issue.lease is not None or claim.is_released
    if is_shown:
        drop_lease(desk, issue.ref)
    else:
        keep_lease(desk, issue.ref, claim)


def keep_lease(desk: Desk, ref: IssueRef, claim: Claim) -> None:
    """Keep a claim on the item here."""
    if claim.is_released:
        drop_lease(desk, ref)
        return
    before = desk.ctx.store.here(ref) or Here()
    after = replace(before, lease=lease_of(claim, desk.arbiter.name))
    if after != before:
        desk.ctx.store.keep_here(ref, after, desk.ctx.now())


def drop_lease(desk: Desk, ref: IssueRef) -> None:
    """Keep no claim here: the tracker shows it, or there is none."""
    before = desk.ctx.store.here(ref)
    if before and before.lease:
        after = replace(before, lease=None)
        desk.ctx.store.keep_here(ref, None if after == Here() else after, desk.ctx.now())


def learn(
    desk: Desk, ref: IssueRef, claim: Claim, act: Act, *, before: Issue | None = None, **more: Json
) -> None:
    """Remember what the arbiter decided, and say so in the log; `before`: the item as it was.

    What an item was before its first checkout stays known while the claim is the same, and when
    the same person goes on elsewhere.
    """
    store, at = desk.ctx.store, desk.ctx.now()
    old = known_of(desk.ctx, claim.key)
    was_native, was = (before.native_state, before.state) if before else ("", None)
    if old and old.was and _goes_on(old.claim, claim):
        was_native, was = old.was_native, old.was
    if old is None or old.claim != claim:
        _log(desk, ref, claim, act, more)
    store.know_claim(Known(ref, claim, desk.arbiter.name, at, was_native, was))


def _log(desk: Desk, ref: IssueRef, claim: Claim, act: Act, more: Mapping[str, Json]) -> None:
    """Tell the log of a decision once, also when the run that told it ended before it was done."""
    name, until = desk.arbiter.name, claim.expires_at.isoformat()
    told = [
        event
        for event in desk.ctx.store.events_of(ref)
        if event.kind in _HELD_BY | {EventKind.RELEASED}
        and (event.data.get("fence"), event.data.get("arbiter")) == (claim.fence, name)
    ]
    is_longer = not claim.is_released and any(one.kind in _HELD_BY for one in told)
    kind = EventKind.RENEWED if is_longer else _KINDS[act]
    if is_longer and any(one.data.get("expires_at") == until for one in told):
        return
    if claim.is_released and any(one.kind is EventKind.RELEASED for one in told):
        return
    data: dict[str, Json] = {
        "holder": claim.holder,
        "session": claim.session,
        "fence": claim.fence,
        "expires_at": until,
        "arbiter": name,
        **more,
    }
    desk.ctx.store.log(kind, ref, data, desk.ctx.now())


def _goes_on(old: Claim, new: Claim) -> bool:
    is_same = old.fence == new.fence
    return is_same or (old.holder == new.holder and not old.is_released)
