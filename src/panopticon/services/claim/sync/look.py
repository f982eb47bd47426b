"""One look at all claims: what the arbiter has, what is known here, what items show."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from panopticon.model.claim import Claim, Known
from panopticon.model.issue import Issue
from panopticon.model.lease import Lease
from panopticon.model.ref import IssueRef
from panopticon.services.claim import notes
from panopticon.services.claim.desk import Desk, item_of, sessions_of
from panopticon.services.claim.lag import is_of, is_same

HANDFUL = 5  # questions about single items in one sync, where there are no records to read at once
_AGAIN = timedelta(hours=1)  # a lock that no claim explains is asked about so often


@dataclass
class Look:
    """What is there, and what was done about it; `sources` by the beginning of their keys."""

    desk: Desk
    at: datetime
    sessions: frozenset[str]
    known: dict[str, Known]
    leased: dict[IssueRef, Issue]
    sources: dict[str, str]
    writes: int = 0
    ended: int = 0
    mended: int = 0
    troubles: list[str] = field(default_factory=list)

    def ref(self, key: str) -> IssueRef | None:
        """Give the item of a key; None for those of other projects."""
        return item_of(key, self.sources)

    def key(self, ref: IssueRef) -> str | None:
        """Spell an item as the arbiter does, without asking its tracker who it is."""
        places = (place for place, source in self.sources.items() if source == ref.tracker)
        return next((f"{place}/{ref.key}" for place in places), None)

    def slack(self, claim: Claim) -> timedelta:
        """How long after its end others wait where clocks may differ: git tells no time."""
        is_sure = self.is_mine(claim) or not self.desk.arbiter.name.startswith("git:")
        return timedelta() if is_sure else timedelta(minutes=self.desk.ctx.config.skew_minutes)

    def is_mine(self, claim: Claim) -> bool:
        """Tell whether this machine made the claim."""
        return claim.session in self.sessions

    def both(self, issue: Issue) -> tuple[Lease | None, Lease | None]:
        """Give the lock that the tracker itself shows, and the one that is kept here."""
        here = self.desk.ctx.store.here(issue.ref)
        own = here.lease if here else None
        return (None if issue.lease == own else issue.lease), own

    def was_shown(self, claim: Claim) -> bool:
        """Tell whether the tracker was told of a claim, though its items do not show it."""
        return self.desk.ctx.store.note(notes.SHOWN.format(key=claim.key)) == str(claim.fence)

    def mark_shown(self, claim: Claim) -> None:
        """Remember that the tracker was told."""
        self.desk.ctx.store.put_note(notes.SHOWN.format(key=claim.key), str(claim.fence))


def look_at(desk: Desk) -> Look:
    """Read what this machine knows; asks nobody."""
    store, names = desk.ctx.store, desk.ctx.names
    places = {name: store.note(notes.IDENTITY.format(source=name)) for name in names}
    return Look(
        desk=desk,
        at=desk.ctx.now(),
        sessions=sessions_of(desk.ctx.config),
        known={one.claim.key: one for one in store.known_claims()},
        leased={one.ref: one for one in store.leased()},
        sources={place: name for name, place in places.items() if place},
    )


def records(look: Look) -> tuple[list[Claim], int]:
    """Read every record of these sources, or the few that are wanted; say how many must wait."""
    arbiter = look.desk.arbiter
    told = arbiter.records()
    if told is not None:
        look.at = arbiter.now()
        return [one for one in told if look.ref(one.key)], 0
    wanted = _next(look)
    some = wanted[:HANDFUL]
    read = [claim for key in some if (claim := arbiter.read(key))]
    if some:  # a server that was asked nothing has told no time
        look.at = arbiter.now()
    own = [one.claim for key, one in look.known.items() if key not in some and look.ref(key)]
    return [*read, *(one for one in own if one.is_held(look.at))], len(wanted) - len(some)


def _next(look: Look) -> list[str]:
    """Order what is to be asked: who waited longest first; a lock set by hand is no daily work."""
    store = look.desk.ctx.store
    asked: dict[str, str] = json.loads(store.note(notes.ASKED) or "{}")
    unsure = _unsure(look)
    odd = [
        key
        for key in _odd(look)
        if key not in asked or look.at - datetime.fromisoformat(asked[key]) >= _AGAIN
    ]
    wanted = sorted([*unsure, *odd], key=lambda key: asked.get(key, ""))
    if wanted:
        fresh = dict.fromkeys(wanted[:HANDFUL], look.at.isoformat())
        there = {look.key(ref) for ref in look.leased}
        kept = {key: at for key, at in asked.items() if key in there or key in look.known}
        store.put_note(notes.ASKED, json.dumps(kept | fresh))
    return wanted


def _unsure(look: Look) -> list[str]:
    """Name the known claims of which only the arbiter can say how they stand."""
    return [key for key, known in look.known.items() if _is_unsure(look, known)]


def _is_unsure(look: Look, known: Known) -> bool:
    claim, ref = known.claim, look.ref(known.claim.key)
    if ref is None:
        return False
    issue = look.leased.get(ref)
    there, here = look.both(issue) if issue else (None, None)
    if claim.is_held(look.at):
        is_lagging = not (there and is_same(there, claim)) and not look.was_shown(claim)
        return look.is_mine(claim) and is_lagging
    is_over = known.is_told or claim.is_released
    return not is_over or here is not None or bool(there and is_of(there, claim))


def _odd(look: Look) -> list[str]:
    """Name items whose lock has ended and which this machine knows nothing of."""
    if not look.desk.ctx.config.auto_sync:
        return []
    leased = [one for one in look.leased.values() if one.lease]
    ended = (one.ref for one in leased if one.lease and not one.lease.is_held(look.at))
    return [key for ref in ended if (key := look.key(ref)) and key not in look.known]
