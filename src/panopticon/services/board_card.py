"""What a card says: the one place where an item becomes the board's JSON.

A card answers what, who holds it, which state in the team's own word, and what is in the way.
Ages and remaining times are left to the reader's clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from panopticon.model.issue import Issue, Json, State
from panopticon.model.lease import Lease
from panopticon.model.ref import IssueRef


@dataclass(frozen=True, slots=True)
class Progress:
    """How many steps of an item are done."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Around:
    """What a card needs to know about other items."""

    issues: Mapping[IssueRef, Issue]
    progress: Mapping[IssueRef, Progress]


def card_json(issue: Issue, around: Around, now: datetime) -> dict[str, Json]:
    """Give the card of an item."""
    return {
        "ref": str(issue.ref),
        "key": issue.ref.key,
        "source": issue.ref.tracker,
        "kind": issue.kind.value,
        "project": issue.project,
        "title": issue.title,
        "state": issue.state.value,
        "native_state": issue.native_state,
        "cancelled": issue.cancelled,
        "priority": issue.priority,
        "points": issue.points,
        "labels": list(issue.labels),
        "assignee": issue.assignee,
        "holder": holder_json(issue, now),
        "blocked": blocked_json(issue, around.issues),
        "progress": progress_json(issue, around),
        "parent": str(issue.parent) if issue.parent else None,
        "updated_at": issue.updated_at.isoformat(),
        "url": issue.url,
    }


def holder_json(issue: Issue, now: datetime) -> dict[str, Json] | None:
    """Say who has the item: whoever holds the lease, else the assignee."""
    if issue.lease and issue.lease.is_held(now):
        return person_json(issue.lease.holder) | {"lease": lease_json(issue.lease)}
    if issue.assignee:
        return person_json(issue.assignee) | {"lease": None}
    return None


def person_json(who: str) -> dict[str, Json]:
    """Make a name and initials of an email or user name."""
    words = [w for w in who.partition("@")[0].replace("_", ".").replace(" ", ".").split(".") if w]
    name = " ".join(w[:1].upper() + w[1:] for w in words) or who
    initials = "".join(w[0] for w in (words[0], words[-1]) if w) if len(words) > 1 else who[:2]
    return {"id": who, "name": name, "initials": initials.upper()}


def lease_json(lease: Lease) -> dict[str, Json]:
    """Give what is known of a claim."""
    return {
        "holder": lease.holder,
        "locked_at": lease.locked_at.isoformat() if lease.locked_at else None,
        "expires_at": lease.expires_at.isoformat() if lease.expires_at else None,
        "branch": lease.branch,
        "fence": lease.fence,
        "arbiter": lease.arbiter,
    }


def blocked_json(issue: Issue, known: Mapping[IssueRef, Issue]) -> dict[str, Json] | None:
    """Name what is in the way: the open blockers, else the reason the tracker gives."""
    if issue.state is State.DONE:
        return None
    refs = [r for r in issue.blocked_by if r not in known or known[r].state is not State.DONE]
    if not refs and not issue.blocked:
        return None
    return {"by": [ref.key for ref in refs], "reason": issue.blocked_reason}


def progress_json(issue: Issue, around: Around) -> Json:
    """Count the steps: child items where the tracker keeps them so, else the item's own."""
    found = around.progress.get(issue.ref)
    if found is None and issue.tasks:
        found = Progress(sum(task.done for task in issue.tasks), len(issue.tasks))
    return {"done": found.done, "total": found.total} if found and found.total else None
