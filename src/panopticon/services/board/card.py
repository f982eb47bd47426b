"""What a card says: the one place where an item becomes the board's JSON.

A card answers what, who has it, which state in the team's own word, and what is in the way. It
never depends on the time of day: ages and whether a claim has ended are left to the reader's clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from panopticon.model.issue import OUTCOMES, Issue, Json, State
from panopticon.model.lease import Lease
from panopticon.model.ref import IssueRef
from panopticon.services.projection import claim, person as person_json
from panopticon.services.twin import differences
from panopticon.services.twin_names import Joined

__all__ = [
    "Around",
    "Progress",
    "blocked_json",
    "card_json",
    "epic_above",
    "epic_json",
    "person_json",
]


@dataclass(frozen=True, slots=True)
class Progress:
    """How many steps of an item are done."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Around:
    """What a card needs to know of other items: above, in the way, the steps, the other sides."""

    issues: Mapping[IssueRef, Issue] = field(default_factory=dict)
    progress: Mapping[IssueRef, Progress] = field(default_factory=dict)
    pairs: Mapping[IssueRef, Joined] = field(default_factory=dict)

    def steps(self, issue: Issue) -> tuple[int, int]:
        """Count the steps: child items where the tracker keeps them so, else the item's own."""
        found = self.progress.get(issue.ref)
        if found:
            return found.done, found.total
        return sum(task.done for task in issue.tasks), len(issue.tasks)


def card_json(issue: Issue, around: Around) -> dict[str, Json]:
    """Give the card of an item."""
    epic = epic_above(issue, around.issues)
    pair = around.pairs.get(issue.ref)
    return {
        "ref": str(issue.ref),
        "key": issue.ref.key,
        "source": issue.ref.tracker,
        "kind": issue.kind.value,
        "project": issue.project,
        "title": issue.title,
        "state": issue.state.value,
        "native_state": issue.native_state,
        "here_only": issue.is_here_only,
        "cancelled": issue.cancelled,
        "priority": issue.priority,
        "points": issue.points,
        "labels": list(issue.labels),
        "iteration": issue.iteration,
        "assignee": person_json(issue.assignee) if issue.assignee else None,
        "lease": lease_json(issue.lease) if issue.lease else None,
        "blocked": blocked_json(issue, around.issues),
        "progress": progress_json(issue, around),
        "parent": str(issue.parent) if issue.parent else None,
        "epic": str(epic) if epic else None,
        "twin": twin_json(issue, pair, around) if pair else None,
        "folds_into": str(pair.ref) if pair and pair.folds else None,
        "rank": issue.rank,
        "created_at": issue.created_at.isoformat(),
        "updated_at": issue.updated_at.isoformat(),
        "url": issue.url,
    }


def epic_json(epic: Issue, pair: Joined | None = None) -> dict[str, Json]:
    """Give an epic to group and filter by; one that carries another's key names that one."""
    return {
        "ref": str(epic.ref),
        "key": epic.ref.key,
        "title": epic.title,
        "source": epic.ref.tracker,
        "folds_into": str(pair.ref) if pair and pair.folds else None,
    }


def lease_json(lease: Lease) -> dict[str, Json]:
    """Give a claim, also one that has ended."""
    return {"holder": person_json(lease.holder)} | claim(lease)


def blocked_json(issue: Issue, known: Mapping[IssueRef, Issue]) -> dict[str, Json] | None:
    """Name what is in the way: the open blockers, else the reason the tracker gives."""
    if issue.state is State.DONE:
        return None
    refs = [r for r in issue.blocked_by if r not in known or known[r].state is not State.DONE]
    if not refs and not issue.blocked:
        return None
    return {
        "by": [{"ref": str(ref), "key": ref.key} for ref in refs],
        "reason": issue.blocked_reason,
    }


def twin_json(issue: Issue, pair: Joined, around: Around) -> dict[str, Json] | None:
    """Name the other side of an item, and the fields that the two have otherwise."""
    other = around.issues.get(pair.ref)
    if other is None:
        return None
    found = differences(issue, other, folds=pair.folds, steps=around.steps)
    return {
        "ref": str(pair.ref),
        "key": pair.ref.key,
        "source": pair.ref.tracker,
        "differs": [one.field for one in found],
    }


def progress_json(issue: Issue, around: Around) -> Json:
    """Count the steps."""
    done, total = around.steps(issue)
    return {"done": done, "total": total} if total else None


def epic_above(issue: Issue, known: Mapping[IssueRef, Issue]) -> IssueRef | None:
    """Find the nearest epic or feature above; none when a parent is not known or in a loop."""
    passed = {issue.ref}
    above = issue.parent
    while above and above not in passed and (found := known.get(above)):
        if found.kind in OUTCOMES:
            return above
        passed.add(above)
        above = found.parent
    return None
