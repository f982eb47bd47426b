"""Holding on to a claim that one has, and giving it back."""

from dataclasses import replace

from panopticon.model.claim import FINISHED, Act, Claim
from panopticon.model.ref import IssueRef
from panopticon.services.claim import hear, shown
from panopticon.services.claim.desk import Desk
from panopticon.services.context import Context
from panopticon.services.sync import cache as sync_cache


def seconds_of(ctx: Context, claim: Claim) -> float:
    """Say how long a claim is renewed for unasked: as long as it was, never beyond the setting."""
    length = (claim.expires_at - claim.locked_at).total_seconds()
    return min(length, ctx.config.lock_hours * 3600)


def renewed(desk: Desk, ref: IssueRef, claim: Claim, seconds: float) -> Claim:
    """Renew a claim, and remember it; the tracker shows it with the next sync or renewal."""
    after = hear.asked(desk, ref, claim.ask(Act.RENEW, seconds))
    shown.learn(desk, ref, after, Act.RENEW)
    return after


def given_back(
    desk: Desk,
    ref: IssueRef,
    claim: Claim,
    *,
    is_finished: bool = False,
    away: str | None = None,
) -> tuple[Claim, str | None]:
    """Give a story back; tells why its tracker does not show that yet, and raises where refused.

    `is_finished` stays on record: others are not to take the story next.
    `away`: the tracker did not answer a moment ago, and is not asked again.
    """
    why, worked = (FINISHED, True) if is_finished else ("", None)
    after = hear.asked(desk, ref, replace(claim.ask(Act.RELEASE), reason=why))
    shown.learn(desk, ref, after, Act.RELEASE, worked=worked)
    if away:
        shown.keep_lease(desk, ref, after)
        trouble: str | None = f"{ref.tracker} does not show it yet: {away}"
    else:
        trouble = shown.show(desk, ref, after)
    sync_cache.follow(desk.ctx, ref)
    return after, trouble
