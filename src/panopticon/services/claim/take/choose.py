"""Which story next, and which instead: what is free, in the order it should be taken."""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from panopticon.model.complexity import Tier, compared, tier_of
from panopticon.model.issue import CARDS, Issue, IssueFilter, Json, State
from panopticon.model.ref import IssueRef
from panopticon.services.claim.holds import Holds
from panopticon.services.context import Context

_DIGITS, _WIDTH = re.compile(r"\d+"), 12
_STARTABLE = (State.PLANNING, State.BACKLOG)
_FEW = 3
_NEAR = 4  # the next best among which one chooses after the first loss
_LOOKED_AT = 200  # stories of a project, where there is no epic to look for others in


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


@dataclass
class Line:
    """The stories that one may take, the best first.

    Who loses one to somebody else takes any of the next few, and of twice as many after each
    further loss: many who ask at once spread out instead of marching on together. `seed` makes
    that the same each time for one session. What shows somebody else's claim by now waits till
    the end: only the arbiter knows, but to ask it costs more than to look.
    """

    left: list[Issue]
    seed: str
    holds: Holds
    among: int = 1
    late: list[Issue] = field(default_factory=list)
    is_late: bool = False

    def next(self) -> Issue | None:
        """Take the next one out."""
        if not self.left and not self.is_late:
            self.left, self.is_late = self.late, True
        if not self.left:
            return None
        chance = random.Random(f"{self.seed} {self.among}")  # noqa: S311 - it hides nothing
        return self.left.pop(chance.randrange(min(self.among, len(self.left))))

    def is_put_off(self, story: Issue) -> bool:
        """Tell whether a story, freshly read, is to be tried later: another's claim shows on it."""
        if self.is_late or self.holds.holder(story) in {None, self.holds.desk.holder}:
            return False
        self.late.append(story)
        self.lost()
        return True

    def lost(self) -> None:
        """Hear that another was faster."""
        self.among = max(_NEAR, self.among * 2)


def of_epic(ctx: Context, epic: IssueRef) -> list[Issue]:
    """Read the stories of an epic."""
    return ctx.store.issues(IssueFilter(tracker=epic.tracker, epic=str(epic), kinds=CARDS))


def free(holds: Holds, stories: Iterable[Issue]) -> list[Issue]:
    """List the stories that can be taken now, the best first."""
    blocks = blocker_of(holds.desk.ctx)
    return sorted((one for one in stories if in_the_way(holds, one, blocks) is None), key=_order)


def in_the_way(
    holds: Holds, story: Issue, blocks: Callable[[IssueRef], Issue | None]
) -> str | None:
    """Say in a word what keeps one from taking a story; None where nothing does.

    A story in progress is free again when the claim on it has ended.
    """
    if story.cancelled or story.state is State.DONE:
        return "done"
    if holds.holder(story):
        return "held"
    if holds.finished(story):
        return "finished"
    if story.state not in _STARTABLE and not (story.state is State.IN_PROGRESS and story.lease):
        return "begun"
    if story.blocked or any(blocks(ref) for ref in story.blocked_by):
        return "blocked"
    return None


def counts(holds: Holds, stories: Iterable[Issue]) -> Counter[str]:
    """Count what is in the way of the stories that cannot be taken."""
    blocks = blocker_of(holds.desk.ctx)
    words = (in_the_way(holds, one, blocks) for one in stories)
    return Counter(word for word in words if word)


def blocker_of(ctx: Context) -> Callable[[IssueRef], Issue | None]:
    """Give what tells an open item from one that holds nothing up, each read once."""
    seen: dict[IssueRef, Issue | None] = {}

    def blocks(ref: IssueRef) -> Issue | None:
        if ref not in seen:
            found = ctx.store.issue(ref)
            is_open = found and found.state is not State.DONE and not found.cancelled
            seen[ref] = found if is_open else None
        return seen[ref]

    return blocks


def blockers(ctx: Context, story: Issue) -> list[Issue]:
    """Name the open items that a story waits for."""
    found = map(blocker_of(ctx), story.blocked_by)
    return [one for one in found if one]


def alternatives(holds: Holds, story: Issue) -> list[Alternative]:
    """Rank what is free in the same epic, else the project: alike in size, then larger."""
    ctx = holds.desk.ctx
    wanted = tier_of(ctx.store.issue(story.ref) or story)
    found = []
    for one in free(holds, _around(ctx, story)):
        full = ctx.store.issue(one.ref)  # with its steps, which tell its size
        if full and one.ref != story.ref:
            found.append(Alternative(full, tier_of(full), ""))
    found.sort(key=lambda one: (one.tier < wanted, abs(one.tier - wanted)))
    return [Alternative(one.issue, one.tier, compared(one.tier, wanted)) for one in found[:_FEW]]


def _around(ctx: Context, story: Issue) -> list[Issue]:
    if story.parent:
        return of_epic(ctx, story.parent)
    near = IssueFilter(
        tracker=story.ref.tracker,
        project=story.project,
        kinds=CARDS,
        states=(*_STARTABLE, State.IN_PROGRESS),
        limit=_LOOKED_AT,
    )
    return ctx.store.issues(near)


def _order(story: Issue) -> tuple[int, int, str, str]:
    """Urgent ones first; planned before the rest, begun and left ones last; as ranked."""
    readiness = {State.PLANNING: 0, State.BACKLOG: 1}.get(story.state, 2)
    numbered = _DIGITS.sub(lambda found: found[0].zfill(_WIDTH), story.ref.key)  # 1.2 before 1.10
    return (story.priority or 9, readiness, story.rank or "~", numbered)
