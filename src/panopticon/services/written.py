"""What was written through this machine a moment ago, which a lagging tracker may not show yet."""

import json
import threading
from datetime import datetime, timedelta

from panopticon.model.issue import Issue
from panopticon.services.context import Context

# Replicas lag for seconds; a tracker that still does not show a write after this lost it.
LAG = timedelta(minutes=5)
_marking = threading.Lock()  # two writes of one server read and write the same note


def mark(ctx: Context, issue: Issue) -> None:
    """Remember that an item was just written; what is older than the lag is forgotten."""
    with _marking:
        known = _known(ctx, issue.ref.tracker)
        known[issue.native_id or issue.ref.key] = ctx.now()
        kept = {one: at.isoformat() for one, at in known.items()}
        ctx.store.put_note(_note(issue.ref.tracker), json.dumps(kept))


def lately(ctx: Context, source: str) -> set[str]:
    """Name the items of a source, by native id, that were written within the lag."""
    return set(_known(ctx, source))


def _known(ctx: Context, source: str) -> dict[str, datetime]:
    found: dict[str, str] = json.loads(ctx.store.note(_note(source)) or "{}")
    times = {one: datetime.fromisoformat(at) for one, at in found.items()}
    return {one: at for one, at in times.items() if timedelta() <= ctx.now() - at < LAG}


def _note(source: str) -> str:
    return f"written:{source}"
