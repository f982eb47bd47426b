"""A word before a claim of this machine ends, and after: from what is known here, nobody is asked.

What another took over since is told for a day, or until the story is taken here again or done; a
terminal says it once.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from panopticon.model.claim import Known
from panopticon.model.issue import Json, State
from panopticon.model.ref import IssueRef
from panopticon.services import person
from panopticon.services.claim.desk import sessions_of
from panopticon.services.claim.lost import Lost, lost, mark_said
from panopticon.services.context import Context

TOLD_FOR = timedelta(hours=24)  # after its end


class End(StrEnum):
    """How a claim stands: about to end, past its end, or with somebody else."""

    NEAR = "near"
    PAST = "past"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Due:
    """A claim of this machine that wants a word; `by` is who has it now, where it was lost."""

    ref: IssueRef
    holder: str
    fence: int
    end: End
    at: datetime  # its end, or when the loss was learnt of
    left: timedelta  # negative after its end
    by: str | None = None
    why: str = ""
    key: str = ""  # of the claim

    @property
    def text(self) -> str:
        """Say it to whoever holds it."""
        key = self.ref.key
        if self.end is End.NEAR:
            return f"{key} is yours for {spelled(self.left)} more."
        if self.end is End.PAST:
            return f"{key} is yours no longer: the claim ended {spelled(-self.left)} ago."
        why = " ".join(self.why.split()).rstrip(".")
        return f"{key} is no longer yours: {self.by} took it{f': {why}' if why else ''}."

    @property
    def command(self) -> str:
        """What to do about it, without the program's name."""
        key = self.ref.key
        return "locks" if self.end is End.LOST else f"renew story={key}"

    def as_json(self) -> dict[str, Json]:
        """Give it to programs and pages."""
        return {
            "story": self.ref.key,
            "ref": str(self.ref),
            "holder": self.holder,
            "fence": self.fence,
            "state": self.end.value,
            "at": self.at.isoformat(),
            "minutes": round(self.left.total_seconds() / 60),
            "by": self.by,
            "why": self.why or None,
            "message": self.text,
        }


def due(ctx: Context) -> list[Due]:
    """Name my claims of this machine that end within `warn_minutes`, ended, or were lost."""
    if not ctx.config.sources:
        return []
    sessions, now = sessions_of(ctx.config), ctx.now()
    soon = timedelta(minutes=ctx.config.warn_minutes)
    known = [one for one in ctx.store.known_claims() if one.ref.tracker in ctx.names]
    own = [found for one in known if (found := _due(one, sessions, now, soon))]
    kept = {one.claim.key for one in known if one.claim.session in sessions}
    gone = [_gone(one) for one in lost(ctx) if one.key not in kept and now - one.at < TOLD_FOR]
    told = [one for one in gone if one.ref.tracker in ctx.names and not _is_over(ctx, one.ref)]
    return sorted(_of_me(ctx, [*own, *told]), key=lambda one: (one.at, one.ref))


def to_say(ctx: Context, but: Collection[IssueRef] = ()) -> list[Due]:
    """Name what a terminal is to say now: a loss once, all else until it is mended."""
    said = {one.key for one in lost(ctx) if one.is_said}
    found = [one for one in due(ctx) if one.ref not in but and one.key not in said]
    if new := {one.key for one in found if one.end is End.LOST}:
        mark_said(ctx, new)
    return found


def _is_over(ctx: Context, ref: IssueRef) -> bool:
    item = ctx.store.issue(ref)
    return item is not None and (item.cancelled or item.state is State.DONE)


def _gone(one: Lost) -> Due:
    span = timedelta()
    return Due(one.ref, one.holder, one.fence, End.LOST, one.at, span, one.by, one.why, key=one.key)


def _of_me(ctx: Context, found: list[Due]) -> list[Due]:
    """Leave out what was taken here in somebody else's name."""
    me = person.known(ctx) if found else None
    return [one for one in found if me is None or one.holder.casefold() == me.casefold()]


def _due(known: Known, sessions: frozenset[str], now: datetime, soon: timedelta) -> Due | None:
    claim = known.claim
    left = claim.expires_at - now
    if claim.is_released or claim.session not in sessions or not -TOLD_FOR < left <= soon:
        return None
    end = End.NEAR if left > timedelta() else End.PAST
    return Due(known.ref, claim.holder, claim.fence, end, claim.expires_at, left)


def spelled(span: timedelta) -> str:
    """Say how long, as people do."""
    minutes = max(1, round(span.total_seconds() / 60))
    if minutes < 120:  # noqa: PLR2004 - below two hours minutes count
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 2880 else f"{minutes // 1440} d"  # noqa: PLR2004
