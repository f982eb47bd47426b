"""What an item shows of a claim, compared with what the arbiter has on record: pure decisions."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from panopticon.model.claim import Claim
from panopticon.model.event import Event, EventKind
from panopticon.model.lease import Lease

_NEAR = timedelta(seconds=2)  # trackers keep times to the second or the millisecond
_DECIDED = {EventKind.TAKEN, EventKind.STOLEN, EventKind.RENEWED}


class Mend(Enum):
    """What makes an item show what is on record."""

    NOTHING = "nothing"
    SHOW = "show"  # write it into the tracker
    KEEP = "keep"  # put it on the item here
    CLEAR = "clear"  # take an ended claim off the tracker
    DROP = "drop"  # take it off the item here


@dataclass(frozen=True, slots=True)
class Shown:
    """What an item shows: the lock in the tracker itself, and the claim kept here beside it.

    `is_ours`: the tracker's lock stands for a claim that an arbiter granted, now or before.
    """

    there: Lease | None
    here: Lease | None
    is_ours: bool = True


def mend(claim: Claim, shown: Shown, kept: Lease, at: datetime, *, is_mine: bool) -> Mend:
    """Say what an item wants; a lock that somebody set by hand stays as it is.

    `kept` is the claim as it is put on items here; `is_mine`: this machine made the claim.
    """
    there = shown.there
    if not claim.is_held(at):
        if there and shown.is_ours:
            return Mend.CLEAR
        return Mend.DROP if shown.here else Mend.NOTHING
    if there and is_same(there, claim):
        return Mend.DROP if shown.here else Mend.NOTHING
    if there and not shown.is_ours and there.is_held(at):
        return Mend.NOTHING
    if is_mine:
        return Mend.SHOW
    return Mend.NOTHING if shown.here == kept else Mend.KEEP


def is_same(lease: Lease, claim: Claim) -> bool:
    """Tell whether a lock shows this claim, its end too."""
    return is_of(lease, claim) and _is_near(lease.expires_at, claim.expires_at)


def is_of(lease: Lease, claim: Claim) -> bool:
    """Tell whether a lock stands for a claim, renewed or not: the holder, and when it was taken."""
    is_holder = lease.holder.casefold() == claim.holder.casefold()
    return is_holder and _is_near(lease.locked_at, claim.locked_at)


def is_granted(lease: Lease, claim: Claim | None) -> bool:
    """Tell whether a lock shows that an arbiter granted it: by what it says, or as this claim."""
    if lease.fence is not None or lease.arbiter:
        return True
    return claim is not None and is_of(lease, claim)


def is_ours(lease: Lease, claim: Claim | None) -> bool:
    """Tell whether a lock was granted or left behind, older than what was decided since.

    Else it was set by hand.
    """
    is_older = claim and lease.locked_at and lease.locked_at < claim.locked_at
    return bool(is_older) or is_granted(lease, claim)


def is_told(lease: Lease, events: list[Event]) -> bool:
    """Tell whether the log knows the claim behind a lock: the same holder, the same end."""
    return any(
        event.kind in _DECIDED
        and str(event.data.get("holder", "")).casefold() == lease.holder.casefold()
        and _is_near(lease.expires_at, _time(event.data.get("expires_at")))
        for event in events
    )


def _time(value: object) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else None


def _is_near(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and other is not None and abs(one - other) <= _NEAR
