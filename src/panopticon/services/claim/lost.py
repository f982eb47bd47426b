"""Claims of this machine that another took over since, as a sync or a refusal told.

They are told for a day (`warn`). The fence each had is remembered longer: what is written under it
then is stale (`fence`).
"""

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from panopticon.model.claim import Claim, Known
from panopticon.model.issue import Json
from panopticon.model.ref import IssueRef
from panopticon.services.claim import notes
from panopticon.services.context import Context

_KEPT_FOR = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Lost:
    """A claim that was this machine's: who held it and in which session, when whose it became.

    `branch`: where it was worked on here; `why`: the reason of who took it over.
    """

    key: str
    ref: IssueRef
    holder: str
    session: str
    fence: int
    at: datetime
    by: str
    branch: str | None = None
    why: str = ""
    is_said: bool = False  # to a person


def lose(ctx: Context, before: Known, after: Claim) -> None:
    """Remember that a claim of this machine is somebody else's now."""
    claim, now = before.claim, ctx.now()
    new = Lost(
        claim.key,
        before.ref,
        claim.holder,
        claim.session,
        claim.fence,
        now,
        after.holder,
        claim.branch,
        "" if after.is_released else after.reason,
    )
    kept = [one for one in lost(ctx) if now - one.at < _KEPT_FOR and one.key != claim.key]
    _keep(ctx, [*kept, new])


def mark_said(ctx: Context, keys: Collection[str] | None = None) -> None:
    """Remember that a person heard of these losses, or of all: once is enough."""
    rows = lost(ctx)
    told = [replace(one, is_said=True) if keys is None or one.key in keys else one for one in rows]
    if told != rows:
        _keep(ctx, told)


def _keep(ctx: Context, rows: list[Lost]) -> None:
    ctx.store.put_note(notes.LOST, json.dumps([_row(one) for one in rows]))


def lost(ctx: Context) -> list[Lost]:
    """Read what was lost, a claim a key; what cannot be read is passed over."""
    try:
        rows = json.loads(ctx.store.note(notes.LOST) or "[]")
    except ValueError:
        rows = []
    read = (_lost(row) for row in (rows if isinstance(rows, list) else []))
    return [one for one in read if one]


def lost_on(ctx: Context, branch: str) -> list[Lost]:
    """Name the stories that were worked on here on a branch, and are somebody else's now."""
    return [one for one in lost(ctx) if one.branch == branch and one.ref.tracker in ctx.names]


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
        "branch": one.branch,
        "why": one.why,
        "said": one.is_said,
    }


def _lost(row: dict[str, Any]) -> Lost | None:
    try:
        return Lost(
            row["key"],
            IssueRef(row["tracker"], row["story"]),
            row["holder"],
            row["session"],
            int(row["fence"]),
            datetime.fromisoformat(row["at"]),
            row["by"],
            row.get("branch"),
            row.get("why") or "",
            is_said=bool(row.get("said")),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
