"""Hearing what the arbiter has on record, by a sync or a refusal: the next write knows it."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from panopticon.errors import Conflict, PanError
from panopticon.model.claim import Act, Ask, Claim, Known
from panopticon.model.issue import Json
from panopticon.model.ref import IssueRef
from panopticon.services.claim import lost, shown
from panopticon.services.claim.desk import Desk, sessions_of
from panopticon.services.claim.known import known_of


def heard(desk: Desk, ref: IssueRef, claim: Claim, before: Known | None, at: datetime) -> Known:
    """Remember a record; what others decided is said in the log, their renewals are not."""
    if before and (before.claim == claim or before.claim.fence > claim.fence):
        return before
    own = sessions_of(desk.ctx.config)
    is_other = before is None or before.claim.fence != claim.fence
    was_mine = is_other and before is not None and before.claim.session in own
    if before and was_mine and not before.claim.is_released and claim.session not in own:
        lost.lose(desk.ctx, before, claim)
    is_end = claim.is_released and before is not None
    if is_end or (is_other and claim.is_held(at)):
        act = Act.RELEASE if is_end else Act.STEAL if claim.reason else Act.TAKE
        more: dict[str, Json] = {"reason": claim.reason} if act is Act.STEAL else {}
        if before and more:
            more["from"] = before.claim.holder
        shown.learn(desk, ref, claim, act, before=None, **more)
        if found := known_of(desk.ctx, claim.key):
            return found
    now, name = desk.ctx.now(), desk.arbiter.name
    known = Known(ref, claim, name, now)
    if before and not is_other:
        known = replace(before, claim=claim, seen_at=now, is_told=False)
    desk.ctx.store.know_claim(known)
    return known


def of_refusal(desk: Desk, ref: IssueRef, record: Claim) -> None:
    """Remember whose a story is that was refused here."""
    heard(desk, ref, record, known_of(desk.ctx, record.key), desk.arbiter.now())


def asked(
    desk: Desk, ref: IssueRef, ask: Ask, decide: Callable[[Ask], Claim] | None = None
) -> Claim:
    """Have a wish decided, by the desk's arbiter; a refusal tells whose the story is."""
    try:
        return (decide or desk.arbiter.ask)(ask)
    except Conflict:
        with suppress(PanError):  # the refusal counts, whatever else is known
            if record := desk.arbiter.read(ask.key):
                of_refusal(desk, ref, record)
        raise
