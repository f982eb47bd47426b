"""The verbs on items: list, find, show; those that write stand in issue_write."""

from dataclasses import dataclass, replace
from datetime import datetime

from panopticon.model import bmad
from panopticon.model.issue import Comment, Issue, IssueFilter, Json, Kind
from panopticon.model.link import Link, with_links
from panopticon.model.ref import IssueRef
from panopticon.services import link, projection
from panopticon.services.context import Context
from panopticon.services.issue.write import comment, create, delete, fetch, transition, update
from panopticon.services.projection import Around
from panopticon.services.ref import epic_ref, epic_refs, resolve
from panopticon.services.twin import Twin, all_twins, twin_or_problem

__all__ = [
    "Detail",
    "beginning",
    "comment",
    "count",
    "create",
    "delete",
    "detail",
    "epic_ref",
    "list_issues",
    "resolve",
    "show",
    "transition",
    "update",
]


@dataclass(frozen=True, slots=True)
class Detail:
    """An item with what is stored around it: above, below (steps left out), in the way.

    What our own links say stands in the item's `blocked_by` and `blocks` as well.
    """

    issue: Issue
    parent: Issue | None
    children: tuple[Issue, ...]
    blockers: tuple[Issue, ...]
    comments: tuple[Comment, ...]
    now: datetime
    links: tuple[tuple[Link, Issue], ...] = ()  # each with its other end
    twin: Twin | None = None
    problem: str | None = None  # why it has no twin though a key says so
    is_file: bool = False  # it comes from a story file

    def as_json(self) -> dict[str, Json]:
        """Give the document of `pan work show --json`."""
        around = Around(
            self.parent,
            self.children,
            self.blockers,
            self.comments,
            self.links,
            self.twin.as_json() if self.twin else None,
            self.problem,
        )
        return projection.detail(self.issue, around, self.now)

    def markdown(self) -> str:
        """Write the item as a BMAD story file."""
        epic = self.parent.title if self.parent else None
        return bmad.story(self.issue, epic, self.now, is_file=self.is_file)


def list_issues(ctx: Context, wanted: IssueFilter) -> list[Issue]:
    """Read items from the store; asks no tracker."""
    return ctx.store.issues(_exact(ctx, wanted))


def count(ctx: Context, wanted: IssueFilter) -> int:
    """Count what `list_issues` would give without its limit."""
    return ctx.store.count(_exact(ctx, wanted))


def beginning(ctx: Context, text: str, kinds: tuple[Kind, ...], limit: int) -> list[Issue]:
    """Read a few items whose key begins so, hyphens left out."""
    wanted = IssueFilter(trackers=ctx.names, beginning=text, kinds=kinds, limit=limit)
    return ctx.store.issues(wanted)


def _exact(ctx: Context, wanted: IssueFilter) -> IssueFilter:
    """Spell tracker and epic as they are stored; only what is configured is shown.

    Of an epic that two trackers have, what is in both is once.
    """
    tracker = ctx.source(wanted.tracker).name if wanted.tracker else None
    exact = replace(wanted, trackers=tuple(ctx.names), tracker=tracker)
    if not wanted.epic:
        return exact
    epic, *others = epic_refs(ctx, wanted.epic)
    if not others:
        return replace(exact, epic=str(epic))
    leaves = [_below(ctx, one) for one in (epic, *others)]
    twins = all_twins(ctx)
    pairs = ((ref, twins.joined(ref)) for ref in leaves[1])
    once = leaves[0] | {ref for ref, pair in pairs if not pair or pair.ref not in leaves[0]}
    among = once if wanted.among is None else wanted.among & once
    return replace(exact, epic=None, among=frozenset(among))


def _below(ctx: Context, epic: IssueRef) -> set[IssueRef]:
    return set(ctx.store.refs(IssueFilter(trackers=ctx.names, epic=str(epic))))


def show(ctx: Context, text: str, *, refresh: bool = False) -> Detail:
    """Show one item in full; `refresh` asks the tracker first."""
    ref = resolve(ctx, text)
    if refresh or ctx.store.issue(ref) is None:
        fetch(ctx, ref)
    return detail(ctx, ctx.store.issue(ref) or fetch(ctx, ref))


def detail(ctx: Context, issue: Issue) -> Detail:
    """Gather what is stored around an item; asks no tracker."""
    store, ref = ctx.store, issue.ref
    links = link.counted(ctx, ref)
    issue = with_links(issue, links)
    blockers = (store.issue(one) for one in issue.blocked_by)
    found, problem = twin_or_problem(ctx, issue)
    return Detail(
        issue=issue,
        parent=store.issue(issue.parent) if issue.parent else None,
        children=tuple(one for one in store.children(ref) if one.kind is not Kind.TASK),
        blockers=tuple(one for one in blockers if one),
        comments=tuple(store.comments(ref)),
        now=ctx.now(),
        links=tuple(link.with_others(ctx, ref, links)),
        twin=found,
        problem=problem,
        is_file=ctx.is_of_files(ref.tracker),
    )
