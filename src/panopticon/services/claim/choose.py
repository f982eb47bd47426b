"""Which story next, and which instead: what is free, in the order it should be taken."""

from dataclasses import dataclass
from datetime import datetime

from panopticon.model.complexity import Tier, compared, tier_of
from panopticon.model.issue import CARDS, Issue, IssueFilter, Json, State
from panopticon.model.ref import IssueRef
from panopticon.services.context import Context

_FREE = (State.PLANNING, State.BACKLOG)
_FEW = 3


@dataclass(frozen=True, slots=True)
class Alternative:
    """A free story that somebody may take instead."""

    issue: Issue
    tier: Tier
    why: str

    def as_json(self) -> dict[str, Json]:
        """Give it to programs."""
        return {
            "ref": self.issue.ref.key,
            "title": self.issue.title,
            "complexity": self.tier.label,
            "why": self.why,
        }


def free(ctx: Context, epic: IssueRef) -> list[Issue]:
    """List the stories of an epic that can be started now, the best first."""
    wanted = IssueFilter(tracker=epic.tracker, epic=str(epic), kinds=CARDS, states=_FREE)
    stories = ctx.store.issues(wanted)
    now = ctx.now()
    return sorted((one for one in stories if is_free(ctx, one, now)), key=_order)


def is_free(ctx: Context, story: Issue, now: datetime) -> bool:
    """Tell whether nobody holds it and nothing is in its way."""
    is_held = story.lease is not None and story.lease.is_held(now)
    return not (is_held or story.cancelled or story.blocked or blockers(ctx, story))


def blockers(ctx: Context, story: Issue) -> list[Issue]:
    """Name the open items that a story waits for."""
    found = (ctx.store.issue(ref) for ref in story.blocked_by)
    return [one for one in found if one and one.state is not State.DONE]


def alternatives(ctx: Context, story: Issue, epic: IssueRef | None) -> list[Alternative]:
    """Rank what is free in the same epic: the nearest in size first."""
    if epic is None:
        return []
    wanted = tier_of(ctx.store.issue(story.ref) or story)
    found = [
        Alternative(full, tier_of(full), "")
        for one in free(ctx, epic)
        if one.ref != story.ref and (full := ctx.store.issue(one.ref))
    ]
    found.sort(key=lambda one: abs(one.tier - wanted))
    return [Alternative(one.issue, one.tier, compared(one.tier, wanted)) for one in found[:_FEW]]


def _order(story: Issue) -> tuple[int, bool, str, str]:
    """Planned stories before the rest; urgent first; then as the tracker ranks."""
    urgency = story.priority or 9
    return (urgency, story.state is State.BACKLOG, story.rank or "~", story.ref.key)
