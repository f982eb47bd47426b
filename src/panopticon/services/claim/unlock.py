"""Giving a story back after work was done under its claim."""

from panopticon.errors import PanError
from panopticon.model.claim import Act, Ask, Claim
from panopticon.model.ref import IssueRef
from panopticon.services.claim import shown
from panopticon.services.claim.desk import Desk
from panopticon.services.sync import cache as sync_cache


def unlocked(desk: Desk, ref: IssueRef, claim: Claim) -> tuple[bool, str | None]:
    """Give a story back after work; tells whether it is, and what went wrong."""
    ask = Ask(
        Act.RELEASE, claim.key, claim.holder, claim.session, branch=claim.branch, fence=claim.fence
    )
    try:
        after = desk.arbiter.ask(ask)
    except PanError as error:
        return False, f"Not unlocked: {error.message} Run the command again"
    shown.learn(desk, ref, after, Act.RELEASE, worked=True)
    trouble = shown.show(desk, ref, after)
    sync_cache.follow(desk.ctx, ref)
    return True, trouble
