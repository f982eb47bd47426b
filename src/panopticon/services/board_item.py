"""One item in full, as the detail page shows it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from panopticon.errors import NotFound, PanError
from panopticon.model.issue import OUTCOMES, Comment, Issue, Json, Kind, State, Task
from panopticon.model.ref import IssueRef
from panopticon.services import projection
from panopticon.services.board_card import Around, card_json, person_json
from panopticon.services.board_memory import progress_from
from panopticon.services.context import Context
from panopticon.services.issue_ref import resolve


@dataclass(frozen=True, slots=True)
class Item:
    """An item and its neighbours, from the store."""

    issue: Issue
    around: Around
    parent: Issue | None
    children: tuple[Issue, ...]
    comments: tuple[Comment, ...]

    def as_json(self) -> dict[str, Json]:
        """Give the card and everything behind it; texts are markdown."""
        issue, known = self.issue, self.around.issues
        return {
            **card_json(issue, self.around),
            "body": issue.body,
            "acceptance_criteria": issue.acceptance_criteria,
            "tasks": [_task_json(task) for task in steps_of(issue, self.children)],
            "comments": [comment_json(comment) for comment in self.comments],
            "parent_item": _near_json(issue.parent, self.parent) if issue.parent else None,
            "children": [
                _near_json(child.ref, child)
                for child in self.children
                if child.kind is not Kind.TASK
            ],
            "blocked_by": [_near_json(ref, known.get(ref)) for ref in issue.blocked_by],
            "blocks": [_near_json(ref, known.get(ref)) for ref in issue.blocks],
            "fields": fields_json(issue),
        }


def item(ctx: Context, text: str) -> Item:
    """Find an item by whatever one types and read what is around it; raises NotFound."""
    ref = resolve(ctx, text)
    issue = ctx.store.issue(ref)
    if issue is None:
        raise NotFound(f"There is no item {text!r} here.", "It has been deleted meanwhile.")
    children = tuple(ctx.store.children(ref))
    steps = [(ref, c.state is State.DONE) for c in children if c.kind is Kind.TASK]
    near = [ctx.store.issue(other) for other in (*issue.blocked_by, *issue.blocks)]
    above = list(_above(ctx, issue))
    known = {other.ref: other for other in (*near, *children, *above) if other}
    return Item(
        issue=issue,
        around=Around(known, progress_from(steps)),
        parent=above[0] if above else None,
        children=children,
        comments=tuple(ctx.store.comments(ref)),
    )


def comments(ctx: Context, text: str) -> tuple[tuple[Comment, ...], str | None]:
    """Ask the tracker for the remarks; when it cannot answer, give those kept and say so."""
    ref = resolve(ctx, text)
    try:
        found = ctx.tracker(ref.tracker).comments(ref.key)
    except PanError as error:
        return tuple(ctx.store.comments(ref)), error.message
    ctx.store.put_comments(ref, found)
    return tuple(found), None


def _above(ctx: Context, issue: Issue) -> Iterator[Issue]:
    """Read the parent and those above it up to the nearest epic; a loop of parents ends."""
    passed, below = {issue.ref}, issue
    while below.parent and below.parent not in passed:
        found = ctx.store.issue(below.parent)
        if found is None:
            return
        yield found
        if found.kind in OUTCOMES:
            return
        passed.add(found.ref)
        below = found


def steps_of(issue: Issue, children: Sequence[Issue]) -> tuple[Task, ...]:
    """Give the steps in order, from child items where the tracker keeps them so."""
    if issue.tasks:
        return tuple(sorted(issue.tasks, key=lambda task: task.position))
    tasks = [child for child in children if child.kind is Kind.TASK]
    return tuple(
        Task(task.title, task.state is State.DONE, position, task.ref.key, task.native_state)
        for position, task in enumerate(tasks)
    )


def comment_json(comment: Comment) -> dict[str, Json]:
    """Give a remark; its body is markdown."""
    return projection.comment(comment) | {"author": person_json(comment.author)}


def fields_json(issue: Issue) -> list[Json]:
    """List what else is known, in reading order, custom fields last."""
    pairs: list[tuple[str, Json]] = [
        ("Project", issue.project),
        ("Kind", issue.kind.value.capitalize()),
        ("State", issue.native_state),
        ("Assignee", issue.assignee),
        ("Iteration", issue.iteration),
        ("Release", issue.release),
        ("Points", issue.points),
        ("Hours", issue.hours),
        ("Due", issue.due.isoformat() if issue.due else None),
        ("Branch", issue.branch),
        ("Coverage", None if issue.coverage is None else f"{issue.coverage:g} %"),
        ("Commit", issue.commit_sha),
        ("Created", issue.created_at.isoformat()),
        ("Updated", issue.updated_at.isoformat()),
        *sorted(issue.custom.items()),
    ]
    return [{"name": name, "value": value} for name, value in pairs if value not in (None, "")]


def _task_json(task: Task) -> Json:
    return projection.task(task) | {"key": task.key}


def _near_json(ref: IssueRef, issue: Issue | None) -> Json:
    return {
        "ref": str(ref),
        "key": ref.key,
        "title": issue.title if issue else None,
        "state": issue.state.value if issue else None,
    }
