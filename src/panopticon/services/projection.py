"""Items as JSON: the shapes that scripts and agents read, and the parts the board shares."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from panopticon.model.issue import Comment, Issue, Json, Task
from panopticon.model.lease import Lease
from panopticon.model.link import Link
from panopticon.model.ref import IssueRef
from panopticon.store.base import Outline


def row(issue: Issue, now: datetime) -> dict[str, Json]:
    """Give the line of `pan work list --json`."""
    return {
        "ref": issue.ref.key,
        "tracker": issue.ref.tracker,
        "project": issue.project,
        "kind": issue.kind.value,
        "title": issue.title,
        "state": issue.state.value,
        "native_state": issue.native_state,
        "assignee": issue.assignee,
        "priority": issue.priority,
        "parent": ref_text(issue.parent, issue.ref),
        "url": issue.url,
        "updated_at": issue.updated_at.isoformat(),
        "lease": lease(issue, now),
    }


def full(issue: Issue, now: datetime) -> dict[str, Json]:
    """Give the item's own part of `pan work show --json`."""
    return row(issue, now) | {
        "body": issue.body,
        "acceptance_criteria": issue.acceptance_criteria,
        "tasks": [task(one) for one in issue.tasks],
        "labels": list(issue.labels),
        "points": issue.points,
        "hours": issue.hours,
        "due": issue.due.isoformat() if issue.due else None,
        "iteration": issue.iteration,
        "release": issue.release,
        "here_only": issue.is_here_only,
        "cancelled": issue.cancelled,
        "blocked": issue.blocked,
        "blocked_reason": issue.blocked_reason,
        "blocked_by": [ref_text(one, issue.ref) for one in issue.blocked_by],
        "blocks": [ref_text(one, issue.ref) for one in issue.blocks],
        "branch": issue.branch,
        "coverage": issue.coverage,
        "commit_sha": issue.commit_sha,
        "twin_key": issue.twin_key,
        "custom": dict(issue.custom),
        "native_id": issue.native_id,
        "native_kind": issue.native_kind,
        "version": issue.version,
        "created_at": issue.created_at.isoformat(),
    }


@dataclass(frozen=True, slots=True)
class Around:
    """What is stored around an item: above, below (steps left out), in the way, and remarks.

    `links`: our own, each with its other end; `twin`: the other side, `problem` why there is none.
    """

    parent: Issue | Outline | None
    children: Sequence[Issue | Outline]
    blockers: Sequence[Issue | Outline]
    comments: Sequence[Comment]
    links: Sequence[tuple[Link, Issue | Outline]] = ()
    twin: dict[str, Json] | None = None
    problem: str | None = None


def detail(issue: Issue, around: Around, now: datetime) -> dict[str, Json]:
    """Give the document of `pan work show --json`."""
    return full(issue, now) | {
        "above": near(around.parent) if around.parent else None,
        "children": [near(child) for child in around.children],
        "blockers": [near(blocker) for blocker in around.blockers],
        "comments": comments(around.comments),
        "links": [link(one, issue.ref, other) for one, other in around.links],
        "twin": around.twin,
        "twin_problem": around.problem,
    }


def near(issue: Issue | Outline) -> dict[str, Json]:
    """Name a neighbour: an item above, below or in the way."""
    return {
        "ref": issue.ref.key,
        "tracker": issue.ref.tracker,
        "kind": issue.kind.value,
        "title": issue.title,
        "state": issue.state.value,
        "native_state": issue.native_state,
    }


def link(one: Link, ref: IssueRef, other: Issue | Outline) -> dict[str, Json]:
    """Give a link as one of its ends sees it: `relation` says what this item is to the other."""
    return {
        "kind": one.kind.value,
        "relation": one.relation(ref),
        "ref": str(other.ref),
        "key": other.ref.key,
        "tracker": other.ref.tracker,
        "title": other.title,
        "state": other.state.value,
        "native_state": other.native_state,
        "by": one.by or None,
        "at": one.at.isoformat(),
    }


def task(step: Task) -> dict[str, Json]:
    """Give a step of an item."""
    return {
        "title": step.title,
        "done": step.done,
        "position": step.position,
        "ref": step.key,
        "native_state": step.native_state,
        "depth": step.depth,
    }


def comment(remark: Comment) -> dict[str, Json]:
    """Give a remark."""
    return {
        "id": remark.id,
        "author": remark.author,
        "body": remark.body,
        "created_at": remark.created_at.isoformat(),
    }


def comments(remarks: Iterable[Comment]) -> list[Json]:
    """Give remarks in their order."""
    return [comment(remark) for remark in remarks]


def lease(issue: Issue, now: datetime) -> dict[str, Json] | None:
    """Give the claim as `pan locks --json` does; an expired one counts as none."""
    held = issue.lease
    return lock(issue.ref, held) if held and held.is_held(now) else None


def lock(ref: IssueRef, held: Lease) -> dict[str, Json]:
    """Give the line of `pan locks --json`."""
    return {"story": ref.key, "holder": held.holder} | claim(held)


def claim(held: Lease) -> dict[str, Json]:
    """Give what is known of a claim besides who holds it."""
    return {
        "fence": held.fence,
        "locked_at": held.locked_at.isoformat() if held.locked_at else None,
        "expires_at": held.expires_at.isoformat() if held.expires_at else None,
        "branch": held.branch,
        "arbiter": held.arbiter,
    }


def person(who: str) -> dict[str, Json]:
    """Make a name and initials of an email or user name."""
    words = [w for w in who.partition("@")[0].replace("_", ".").replace(" ", ".").split(".") if w]
    name = " ".join(w[:1].upper() + w[1:] for w in words) or who
    initials = "".join(w[0] for w in (words[0], words[-1]) if w) if len(words) > 1 else who[:2]
    return {"id": who, "name": name, "initials": initials.upper()}


def ref_text(ref: IssueRef | None, beside: IssueRef) -> str | None:
    """Spell a ref as its tracker does, with the tracker's name when it is another one."""
    if ref is None:
        return None
    return ref.key if ref.tracker == beside.tracker else str(ref)
