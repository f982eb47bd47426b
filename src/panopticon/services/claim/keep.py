"""Holding on to a claim that one has, and giving it back."""

from panopticon.model.claim import Act, Claim
from panopticon.model.ref import IssueRef
from panopticon.services.claim import shown
from panopticon.services.claim.desk import Desk
from panopticon.services.context import Context
from panopticon.services.sync import cache as sync_cache


def seconds_of(ctx: Context, claim: Claim) -> float:
    """Say how long a claim is renewed for unasked: as long as it was, never beyond the setting."""
    length = (claim.expires_at - claim.locked_at).total_seconds()
    return min(length, ctx.config.lock_hours * 3600)


def renewed(desk: Desk, ref: IssueRef, claim: Claim, seconds: float) -> Claim:
    """Renew a claim, and remember it; the tracker shows it with the next sync or renewal."""
    after = desk.arbiter.ask(claim.ask(Act.RENEW, seconds))
    shown.learn(desk, ref, after, Act.RENEW)
    return after


def given_back(
    desk: Desk, ref: IssueRef, claim: Claim, *, worked: bool | None = None
) -> tuple[Claim, str | None]:
    """Give a story back; tells why its tracker does not show that yet, and raises where refused.

    `worked`: whether work was done under the claim; None where nobody can tell.
    """
    after = desk.arbiter.ask(claim.ask(Act.RELEASE))
    shown.learn(desk, ref, after, Act.RELEASE, worked=worked)
    trouble = shown.show(desk, ref, after)
    sync_cache.follow(desk.ctx, ref)
    return after, trouble
