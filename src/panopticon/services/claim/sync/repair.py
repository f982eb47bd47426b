"""After a sync: what items show of claims follows what the arbiter has on record.

Readers tell of what ended; nothing here decides who holds. A claim that the tracker should show is
written by the machine that made it; everybody else's is kept beside the item here. What ended is
taken off the tracker by the machine that made it, and by every machine where `auto_sync` is on:
the record is the same for all, so is what they write. A lock set by hand stays.
"""

from dataclasses import replace

from panopticon.errors import PanError
from panopticon.model.claim import Claim, Known
from panopticon.model.event import EventKind
from panopticon.model.issue import Issue
from panopticon.model.ref import IssueRef
from panopticon.services.claim import branch, shown
from panopticon.services.claim.desk import Desk
from panopticon.services.claim.hear import heard
from panopticon.services.claim.lag import Mend, Shown, is_granted, is_told, mend
from panopticon.services.claim.shown import lease_of
from panopticon.services.claim.sync.look import Look, look_at, records
from panopticon.services.sync.report import Claims

WRITES = 20  # of one sync into trackers; the next one goes on


def repair(desk: Desk) -> Claims:
    """Look at all claims once; raises what the arbiter raises when it cannot be asked."""
    look = look_at(desk)
    found, left = records(look)
    for claim in found:
        _follow(look, claim)
    return Claims(
        arbiter=desk.arbiter.name,
        held=sum(one.is_held(look.at) for one in found),
        ended=look.ended,
        mended=look.mended,
        left=left + max(0, look.writes - WRITES),
        troubles=tuple(look.troubles),
    )


def _follow(look: Look, claim: Claim) -> None:
    """Remember a record, tell of its end, and let its item show it."""
    ref, known = look.ref(claim.key), look.known.get(claim.key)
    assert ref is not None
    is_over = not claim.is_held(look.at, look.slack(claim))
    is_news = known is None or known.claim != claim or not (known.is_told or claim.is_released)
    if is_over and not is_news and ref not in look.leased:
        return  # nearly all of an old project's records
    issue = look.leased.get(ref) or look.desk.ctx.store.issue(ref)
    if issue is None:
        return  # another project's, or not read yet
    known = heard(look.desk, ref, claim, known, look.at)
    if is_over and not claim.is_released and known.claim == claim and not known.is_told:
        _tell_end(look, issue, known)
    try:
        _mend(look, issue, claim)
    except PanError as error:
        look.troubles.append(f"{ref.key}: {error.message}")


def _tell_end(look: Look, issue: Issue, known: Known) -> None:
    """Say once in the log that a claim ran out, and whether it was used.

    Only the machine that made it can tell: work that nobody pushed is nowhere else.
    """
    ctx, claim = look.desk.ctx, known.claim
    ctx.store.log(
        EventKind.EXPIRED,
        known.ref,
        {
            "holder": claim.holder,
            "fence": claim.fence,
            "expires_at": claim.expires_at.isoformat(),
            "worked": branch.worked(ctx, issue, claim) if look.is_mine(claim) else None,
        },
        ctx.now(),
    )
    ctx.store.know_claim(replace(known, is_told=True))
    look.ended += 1


def _mend(look: Look, issue: Issue, claim: Claim) -> None:
    there, here = look.both(issue)
    shows = Shown(there, here, is_ours=there is None or _is_ours(look, issue, claim))
    kept = lease_of(claim, look.desk.arbiter.name)
    step = mend(claim, shows, kept, look.at, is_mine=look.is_mine(claim))
    if step is Mend.DROP and there is None and _may_clear(look, claim):
        _write(look, issue.ref, claim, is_end=True)  # a tracker without a place was told in words
    elif step is Mend.DROP:
        shown.drop_lease(look.desk, issue.ref)
    elif step is Mend.KEEP:
        shown.keep_lease(look.desk, issue.ref, claim)
    elif step is Mend.SHOW and (there or not look.was_shown(claim)):
        _write(look, issue.ref, claim, is_end=False)
    elif step is Mend.CLEAR and _may_clear(look, claim):
        _write(look, issue.ref, claim, is_end=True)


def _may_clear(look: Look, claim: Claim) -> bool:
    is_over = not claim.is_held(look.at, look.slack(claim))
    return is_over and (look.is_mine(claim) or look.desk.ctx.config.auto_sync)


def _is_ours(look: Look, issue: Issue, claim: Claim) -> bool:
    """Tell a lock that stands for a claim, present or past, from one that was set by hand."""
    lease = issue.lease
    assert lease is not None
    known = look.known.get(claim.key)
    if is_granted(lease, claim) or is_granted(lease, known.claim if known else None):
        return True
    return is_told(lease, look.desk.ctx.store.events_of(issue.ref))


def _write(look: Look, ref: IssueRef, claim: Claim, *, is_end: bool) -> None:
    """Let the tracker show a claim or its end, unless the record has moved on meanwhile."""
    look.writes += 1
    if look.writes > WRITES or look.desk.arbiter.read(claim.key) != claim:
        return  # the next sync sees
    told = replace(claim, is_released=True) if is_end else claim
    trouble = shown.show(look.desk, ref, told)
    if trouble:
        look.troubles.append(f"{ref.key}: {trouble}")
        return
    look.mended += 1
    if not is_end:
        look.mark_shown(claim)
