"""What the board tells of claims and of writes that wait, beside the cards."""

from dataclasses import replace

from panopticon.config import Config
from panopticon.config.arbiter import same_arbiter
from panopticon.model.issue import Issue, Json
from panopticon.model.queued import Queued
from panopticon.services.context import Context


def claims_json(config: Config) -> dict[str, Json]:
    """Say which sort of arbiter decides (None: nobody was chosen), and how long claims hold.

    The sort alone: the address of a git remote may hold a password.
    """
    return {
        "arbiter": config.arbiter.partition(":")[0] if config.arbiter else None,
        "lock_hours": config.lock_hours,
        "warn_minutes": config.warn_minutes,
    }


def with_fence(ctx: Context, issue: Issue) -> Issue:
    """Add the fence of a claim whose tracker has no place for it, as this machine last saw it."""
    lease = issue.lease
    if lease is None or lease.fence is not None or not lease.arbiter:
        return issue
    for known in ctx.store.known_claims():
        claim = known.claim
        is_same = known.ref == issue.ref and same_arbiter(known.arbiter, lease.arbiter)
        if is_same and claim.holder == lease.holder and not claim.is_released:
            return replace(issue, lease=replace(lease, fence=claim.fence))
    return issue


def waiting(ctx: Context) -> list[Json]:
    """Name the writes that wait for their tracker, in the order they will be sent."""
    return [_json(one) for one in ctx.store.queued() if one.ref.tracker in ctx.names]


def _json(write: Queued) -> Json:
    fields: list[Json] = [*sorted(write.fields)]
    return {
        "ref": str(write.ref),
        "key": write.ref.key,
        "source": write.ref.tracker,
        "state": write.state.value if write.state else None,
        "fields": fields,
        "remarks": bool(write.remark),
        "at": write.at.isoformat(),
        "by": write.by,
        "tries": write.tries,
        "error": write.error,
    }
