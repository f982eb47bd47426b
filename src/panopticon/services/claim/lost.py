"""Claims of this machine that another took over since, as a sync found out.

They are told for a day (`warn`). The fence each had is remembered longer: what is written under it
then is stale (`fence`).
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from panopticon.model.claim import Claim, Known
from panopticon.model.issue import Json
from panopticon.model.ref import IssueRef
from panopticon.services.claim import notes
from panopticon.services.context import Context

_KEPT_FOR = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Lost:
    """A claim that was this machine's: who held it and in which session, when whose it became."""

    key: str
    ref: IssueRef
    holder: str
    session: str
    fence: int
    at: datetime
    by: str


def lose(ctx: Context, before: Known, after: Claim) -> None:
    """Remember that a claim of this machine is somebody else's now."""
    claim, now = before.claim, ctx.now()
    new = Lost(claim.key, before.ref, claim.holder, claim.session, claim.fence, now, after.holder)
    kept = [one for one in lost(ctx) if now - one.at < _KEPT_FOR and one.key != claim.key]
    ctx.store.put_note(notes.LOST, json.dumps([_row(one) for one in [*kept, new]]))


def lost(ctx: Context) -> list[Lost]:
    """Read what was lost, a claim a key."""
    rows: list[dict[str, str]] = json.loads(ctx.store.note(notes.LOST) or "[]")
    return [_lost(row) for row in rows]


def fence_before(ctx: Context, key: str, session: str) -> int | None:
    """Give the fence that a session had of a story before another took it; None: it lost none."""
    found = (one.fence for one in lost(ctx) if (one.key, one.session) == (key, session))
    return next(found, None)


def _row(one: Lost) -> dict[str, Json]:
    return {
        "key": one.key,
        "tracker": one.ref.tracker,
        "story": one.ref.key,
        "holder": one.holder,
        "session": one.session,
        "fence": one.fence,
        "at": one.at.isoformat(),
        "by": one.by,
    }


def _lost(row: dict[str, str]) -> Lost:
    return Lost(
        row["key"],
        IssueRef(row["tracker"], row["story"]),
        row["holder"],
        row["session"],
        int(row["fence"]),
        datetime.fromisoformat(row["at"]),
        row["by"],
    )
