"""Which items of the in-memory tracker a scope means."""

from collections.abc import Sequence

from panopticon.errors import InvalidInput, NotFound
from panopticon.model.change import Scope
from panopticon.model.issue import Issue
from panopticon.model.ref import IssueRef, number_of, spelling_from
from panopticon.trackers.memory_shape import Shape


def within(issues: Sequence[Issue], scope: Scope, shape: Shape) -> list[Issue]:
    """Choose the items in scope; raises NotFound for an unknown epic."""
    rows = list(issues)
    if scope.project:
        rows = [issue for issue in rows if issue.project == scope.project]
    if scope.iteration:
        rows = [issue for issue in rows if issue.iteration == scope.iteration]
    if scope.epics:
        tops = {issue.ref for word in scope.epics for issue in _epic(issues, word, shape)}
        below = _descendants(issues, tops)
        rows = [issue for issue in rows if issue.ref in below]
    return rows


def _epic(issues: Sequence[Issue], word: str, shape: Shape) -> list[Issue]:
    kinds = shape.above()
    keys = spelling_from(word).keys
    found = [
        i
        for i in issues
        if i.kind in kinds
        and (i.ref.key in keys or (word.isdigit() and number_of(i.ref.key) == word))
    ]
    if not found:
        raise NotFound(f"No epic is meant by {word!r}.")
    if len(found) > 1:
        names = sorted(issue.ref.key for issue in found)
        raise InvalidInput(
            f"{word!r} may mean {' or '.join(names)}.", "Say which.", candidates=names
        )
    return found


def _descendants(issues: Sequence[Issue], found: set[IssueRef]) -> set[IssueRef]:
    while more := {i.ref for i in issues if i.parent in found} - found:
        found = found | more
    return found
