"""One item in full, as the detail panel shows it, and its card alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from panopticon.errors import NotFound, PanError
from panopticon.model.issue import CARDS, OUTCOMES, Comment, Issue, Json, Kind, State, Task
from panopticon.model.link import Link, with_links
from panopticon.model.ref import IssueRef
from panopticon.services import link, projection
from panopticon.services.board.card import Around, Progress, card_json, person_json
from panopticon.services.board.claim import with_fence
from panopticon.services.context import Context
from panopticon.services.ref import resolve
from panopticon.services.twin import Twin, twin_of
from panopticon.services.twin_names import Joined
from panopticon.services.value import values_of
from panopticon.services.within import PAGE_SECONDS, within
from panopticon.trackers.base import Capabilities

_NOTHING = Capabilities(kinds=(), writable={}, comments=False, delete=False)


@dataclass(frozen=True, slots=True)
class Item:
    """An item and its neighbours, from the store, and what its tracker lets one do with it.

    `own` is the item as its tracker has it: what our links add can not be written there.
    """

    issue: Issue
    own: Issue
    around: Around
    parent: Issue | None
    children: tuple[Issue, ...]
    comments: tuple[Comment, ...]
    able: Capabilities
    links: tuple[tuple[Link, Issue], ...] = ()
    twin: Twin | None = None

    def as_json(self) -> dict[str, Json]:
        """Give the card and everything behind it; texts are markdown."""
        issue, known = self.issue, self.around.issues
        return {
            **card_json(issue, self.around),
            "body": issue.body,
            "acceptance_criteria": issue.acceptance_criteria,
            "tasks": [_task_json(issue, task) for task in steps_of(issue, self.children)],
            "comments": [comment_json(comment) for comment in self.comments],
            "parent_item": _near_json(issue.parent, self.parent) if issue.parent else None,
            "children": [
                _near_json(child.ref, child)
                for child in self.children
                if child.kind is not Kind.TASK
            ],
            "blocked_by": [_near_json(ref, known.get(ref)) for ref in issue.blocked_by],
            "blocks": [_near_json(ref, known.get(ref)) for ref in issue.blocks],
            "links": [projection.link(one, issue.ref, other) for one, other in self.links],
            "twin": self.twin.as_json() if self.twin else None,
            "values": values_of(self.own),
            "can": _can_json(issue, self.able),
            "native_kind": issue.native_kind,
            "native_id": issue.native_id,
            "version": issue.version,
        }


def item(ctx: Context, text: str, *, seconds: float = PAGE_SECONDS) -> Item:
    """Find an item by whatever one types and read what is around it; raises NotFound.

    One that is not stored is asked for; raises Retriable when the tracker takes longer than that.
    """
    ref = resolve(ctx, text, seconds=seconds)
    issue = ctx.store.issue(ref)
    if issue is None:
        raise NotFound(f"There is no item {text!r} here.", "It has been deleted meanwhile.")
    children = tuple(ctx.store.children(ref))
    above = list(_above(ctx, issue))
    links = link.counted(ctx, ref)
    linked = with_fence(ctx, with_links(issue, links))
    found = twin_of(ctx, issue)
    return Item(
        issue=linked,
        own=issue,
        links=tuple(link.with_others(ctx, ref, links)),
        twin=found,
        around=_around(ctx, linked, above, children, found),
        parent=above[0] if above else None,
        children=children,
        comments=tuple(ctx.store.comments(ref)),
        able=_able(ctx, ref.tracker),
    )


def card(ctx: Context, issue: Issue) -> dict[str, Json]:
    """Give the card of an item, as the board would."""
    above, children = list(_above(ctx, issue)), ctx.store.children(issue.ref)
    linked = with_links(issue, link.counted(ctx, issue.ref))
    return card_json(linked, _around(ctx, linked, above, children, twin_of(ctx, issue)))


def card_now(ctx: Context, ref: IssueRef) -> dict[str, Json] | None:
    """Give the card of an item as it is stored; None when it is gone."""
    stored = ctx.store.issue(ref)
    return card(ctx, stored) if stored else None


def comments(ctx: Context, text: str) -> tuple[tuple[Comment, ...], str | None]:
    """Ask the tracker for the remarks; when it cannot answer, give those kept and say so."""
    ref = resolve(ctx, text, seconds=PAGE_SECONDS)
    try:
        tracker = ctx.tracker(ref.tracker)
        found = within(PAGE_SECONDS, lambda: tracker.comments(ref.key), ref.tracker)
    except PanError as error:
        return tuple(ctx.store.comments(ref)), error.message
    ctx.store.put_comments(ref, found)
    return tuple(found), None


def _around(
    ctx: Context,
    issue: Issue,
    above: Sequence[Issue],
    children: Sequence[Issue],
    twin: Twin | None,
) -> Around:
    """Gather what a card says of others: the epic, what is in the way, the steps, its twin."""
    steps = [child.state is State.DONE for child in children if child.kind is Kind.TASK]
    near = [ctx.store.issue(other) for other in (*issue.blocked_by, *issue.blocks)]
    known = {other.ref: other for other in (*near, *children, *above) if other}
    progress = {issue.ref: Progress(sum(steps), len(steps))} if steps else {}
    if twin is None:
        return Around(known, progress)
    pair = Joined(twin.issue.ref, twin.folds)
    return Around(known | {pair.ref: twin.issue}, progress, {issue.ref: pair})


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


def _able(ctx: Context, tracker: str) -> Capabilities:
    """Say what a tracker can do; nothing where it cannot even be opened."""
    try:
        return ctx.tracker(tracker).capabilities
    except PanError:
        return _NOTHING


def _can_json(issue: Issue, able: Capabilities) -> Json:
    fields = able.writable.get(issue.kind, frozenset())
    edit: list[Json] = [*sorted(fields)]
    makes_steps = able.steps or Kind.TASK in able.kinds
    return {
        "edit": edit,
        "comment": able.comments,
        "delete": able.delete,
        "move": "state" in fields,
        "steps": makes_steps and issue.kind in CARDS,
    }


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


def _task_json(issue: Issue, task: Task) -> Json:
    ref = str(IssueRef(issue.ref.tracker, task.key)) if task.key else None
    return projection.task(task) | {"ref": ref, "key": task.key}


def _near_json(ref: IssueRef, issue: Issue | None) -> Json:
    return {
        "ref": str(ref),
        "key": ref.key,
        "title": issue.title if issue else None,
        "state": issue.state.value if issue else None,
    }
