"""Drawing what binds an item to others: our own links, and its other side in another tracker."""

from collections.abc import Iterator

from panopticon.cli.terminal import Terminal
from panopticon.cli.text import clean_block, cut
from panopticon.model.issue import Issue, Json
from panopticon.model.link import LinkKind
from panopticon.model.ref import IssueRef
from panopticon.services.issue import Detail
from panopticon.services.twin import Difference

_WIDE = 40  # columns of one side's value
_NAME = 12


def bonds(out: Terminal, shown: Detail) -> Iterator[str]:
    """Give the lines about an item's links and its other side."""
    ref, twin = shown.issue.ref, shown.twin
    for link, other in shown.links:
        if link.kind is LinkKind.BLOCKS:
            continue  # among all that blocks and is blocked
        yield _fact(out, link.relation(ref).capitalize(), _named(out, other))
    if twin:
        yield _fact(out, "Also", _named(out, twin.issue))
        yield from (_difference(out, one, ref, twin.issue.ref) for one in twin.differs)
    if shown.problem:
        yield f"  {out.amber(out.sign('warn'))} {out.clean(shown.problem)}"


def _named(out: Terminal, other: Issue) -> str:
    key = out.accent(out.clean(str(other.ref)))
    return f"{key}  {out.clean(other.title)} {out.dim(out.clean(other.native_state))}"


def _difference(out: Terminal, one: Difference, ref: IssueRef, other: IssueRef) -> str:
    here, there = (_value(out, value) for value in (one.here, one.there))
    sides = f"{here} {out.dim(f'in {ref.tracker}')}, {there} {out.dim(f'in {other.tracker}')}"
    return _fact(out, f"  {one.field}", sides)


def _value(out: Terminal, value: Json) -> str:
    if value is None or value == "":
        return "(none)"
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return cut(" ".join(clean_block(text).split()), _WIDE, out.sign("cut"))


def _fact(out: Terminal, name: str, text: str) -> str:
    return f"  {out.dim(name.ljust(_NAME))}{' ' if len(name) >= _NAME else ''}{text}"
