"""One item in two trackers: which ones they are, and where the two do not say the same.

What the side that carries the key leaves out is no difference: a story file need not repeat all
that its tracker knows.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from panopticon.model.issue import NOT_STEPS, Issue, IssueFilter, Json, Kind
from panopticon.model.ref import IssueRef, spelling_from
from panopticon.services import projection
from panopticon.services.context import Context
from panopticon.services.twin_names import Joined, Twins

Steps = tuple[int, int]  # done, of how many
Counted = Callable[[Issue], Steps]
_MARK = re.compile(r"^\s*(?:[-*+]|\d+[.)])?\s*(?:\[[ xX]\])?\s*", re.MULTILINE)
_NUMBER = re.compile(r"\d+")
_PLAIN = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that the two sides have otherwise."""

    field: str
    here: Json
    there: Json

    def as_json(self) -> dict[str, Json]:
        """Give it to faces."""
        return {"field": self.field, "here": self.here, "there": self.there}


@dataclass(frozen=True, slots=True)
class Twin:
    """The other side of an item; `folds`: this side carries its key."""

    issue: Issue
    folds: bool
    differs: tuple[Difference, ...]

    def as_json(self) -> dict[str, Json]:
        """Give the twin of `work show --json` and of the panel."""
        other = self.issue
        return {
            "ref": str(other.ref),
            "key": other.ref.key,
            "source": other.ref.tracker,
            "title": other.title,
            "state": other.state.value,
            "native_state": other.native_state,
            "url": other.url,
            "differs": [one.as_json() for one in self.differs],
        }


def own_steps(issue: Issue) -> Steps:
    """Count the steps that an item brings along."""
    return sum(task.done for task in issue.tasks), len(issue.tasks)


def differences(
    here: Issue, there: Issue, *, folds: bool, steps: Counted = own_steps
) -> tuple[Difference, ...]:
    """Compare two sides of one item; `folds`: `here` is the side that carries the key."""
    carrier = here if folds else there
    said = set(_said(carrier))
    return tuple(
        Difference(name, show(here, steps), show(there, steps))
        for name, (show, compared) in _FIELDS.items()
        if name in said and compared(here, steps) != compared(there, steps)
        if name != "tasks" or (steps(here)[1] and steps(there)[1])
        if name != "assignee" or not _is_one(here.assignee, there.assignee)
    )


def twin_of(ctx: Context, issue: Issue) -> Twin | None:
    """Find the other side of a stored item."""
    return twin_or_problem(ctx, issue)[0]


def twin_or_problem(ctx: Context, issue: Issue) -> tuple[Twin | None, str | None]:
    """Find the other side of a stored item, or why there is none though a key says so."""
    twins = twins_about(ctx, issue.ref)
    if twins is None:
        return None, None
    pair = twins.joined(issue.ref)
    other = ctx.store.issue(pair.ref) if pair else None
    if pair is None or other is None:
        return None, twins.problem(issue.ref)
    return twin_from(issue, other, folds=pair.folds), None


def twin_from(issue: Issue, other: Issue, *, folds: bool) -> Twin:
    """Put the two sides of an item side by side."""
    return Twin(other, folds, differences(issue, other, folds=folds))


def joined(ctx: Context, ref: IssueRef) -> Joined | None:
    """Name the other side of a stored item."""
    twins = twins_about(ctx, ref)
    return twins.joined(ref) if twins else None


def twins_about(ctx: Context, ref: IssueRef) -> Twins | None:
    """Gather as much as decides about one item; None where nobody carries a key."""
    claims = dict(_claims(ctx))
    if not claims:
        return None
    near = {ref, *_called(ctx, claims.get(ref))}
    marks = {_mark(one.key) for one in near}
    twins = Twins()
    twins.put(ref, None)
    for one, text in claims.items():
        if one in near or any(mark in text.casefold() for mark in marks):
            twins.put(one, text)
    near |= {found for one in twins.claiming(ref) for found in _called(ctx, claims[one])}
    for one in near:
        if one not in twins:
            twins.put(one, None)
    return twins


def _mark(key: str) -> str:
    """Give what every spelling of a key holds: its last number, else all of it."""
    numbers = _NUMBER.findall(key)
    return (numbers[-1].lstrip("0") or "0") if numbers else key.casefold()


def all_twins(ctx: Context, refs: Iterable[IssueRef] | None = None) -> Twins:
    """Hang all items together; empty where nobody carries a key.

    `refs`: all of them but steps, where that is known already.
    """
    twins, claims = Twins(), dict(_claims(ctx))
    if claims and refs is None:
        refs = ctx.store.refs(IssueFilter(trackers=ctx.names, kinds=NOT_STEPS))
    for ref in refs or () if claims else ():
        twins.put(ref, claims.get(ref))
    return twins


def folded(ctx: Context, refs: Collection[IssueRef]) -> dict[IssueRef, IssueRef]:
    """Name the other side of those among these that carry its key."""
    if not any(ref in refs for ref, _ in _claims(ctx)):
        return {}
    twins = all_twins(ctx)
    pairs = ((ref, twins.joined(ref)) for ref in refs)
    return {ref: pair.ref for ref, pair in pairs if pair and pair.folds}


def _claims(ctx: Context) -> Iterator[tuple[IssueRef, str]]:
    return ((ref, text) for ref, text in ctx.store.twin_claims() if ref.tracker in ctx.names)


def _called(ctx: Context, text: str | None) -> Iterator[IssueRef]:
    """Find the items that a carried key may name; a step is no other side of anything."""
    keys = spelling_from(text).keys if text else ()
    for ref in (ref for name in ctx.names for ref in ctx.store.find(name, keys)):
        found = ctx.store.issue(ref)
        if found and found.kind is not Kind.TASK:
            yield ref


def _said(issue: Issue) -> Iterator[str]:
    """Name the fields that an item says something about."""
    yield from ("title", "state", "tasks")
    if plain(issue.acceptance_criteria):
        yield "criteria"
    if issue.points is not None:
        yield "points"
    if issue.assignee:
        yield "assignee"


def plain(text: str) -> str:
    """Leave of a text what it says: without marks of lists, markup, spaces and case."""
    return _PLAIN.sub(" ", _MARK.sub("", text)).strip().casefold()


def _is_one(one: str | None, other: str | None) -> bool:
    """Tell whether two names may be one person's: an address, and the name that it gives."""
    if not one or not other:
        return False
    names = {str(projection.person(who)["name"]).casefold() for who in (one, other)}
    return len(names) == 1 and not ("@" in one and "@" in other)


def _state(issue: Issue, _steps: Counted) -> Json:
    return "cancelled" if issue.cancelled else issue.state.value


def _steps_text(issue: Issue, steps: Counted) -> Json:
    done, total = steps(issue)
    return f"{done}/{total}"


_Show = Callable[[Issue, Counted], Json]
_FIELDS: dict[str, tuple[_Show, Callable[[Issue, Counted], object]]] = {
    "title": (lambda issue, _: issue.title, lambda issue, _: plain(issue.title)),
    "state": (_state, _state),
    "criteria": (
        lambda issue, _: issue.acceptance_criteria,
        lambda issue, _: plain(issue.acceptance_criteria),
    ),
    "points": (lambda issue, _: issue.points, lambda issue, _: issue.points),
    "assignee": (
        lambda issue, _: issue.assignee,
        lambda issue, _: (issue.assignee or "").casefold(),
    ),
    "tasks": (_steps_text, _steps_text),
}
