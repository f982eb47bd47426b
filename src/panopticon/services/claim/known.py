"""Claims as this machine last saw them: nobody is asked, so none of this decides."""

from panopticon.model.claim import Known
from panopticon.model.issue import Issue
from panopticon.model.ref import IssueRef
from panopticon.services.claim.lost import lost_on
from panopticon.services.context import Context


def known_of(ctx: Context, key: str) -> Known | None:
    """Give the claim of a key."""
    return next((one for one in ctx.store.known_claims() if one.claim.key == key), None)


def known_for(ctx: Context, ref: IssueRef) -> list[Known]:
    """Give the claims of an item: of several keys where its tracker was connected anew."""
    return [one for one in ctx.store.known_claims() if one.ref == ref]


def taken_over(ctx: Context, ref: IssueRef) -> str | None:
    """Say who took an item over and why, while that claim counts; None where nobody did."""
    for one in known_for(ctx, ref):
        claim = one.claim
        if claim.reason and claim.is_held(ctx.now()):
            return f"by {claim.holder}: {' '.join(claim.reason.split())}"
    return None


def known_on(ctx: Context, branch: str) -> list[Known]:
    """Give the claims whose branch it is, of the trackers that are set up here."""
    every = ctx.store.known_claims()
    return [one for one in every if one.claim.branch == branch and one.ref.tracker in ctx.names]


def shown_on(ctx: Context, branch: str) -> list[Issue]:
    """Find the items that show a claim and whose branch it is."""
    return [one for one in ctx.store.leased() if branch in _branches(one)]


def is_storys(ctx: Context, branch: str) -> bool:
    """Tell whether a branch may be a story's."""
    return bool(known_on(ctx, branch) or lost_on(ctx, branch) or shown_on(ctx, branch))


def _branches(story: Issue) -> set[str | None]:
    return {story.branch, story.lease.branch if story.lease else None}
