"""Drawing what binds an item to others: our own links, and its other side in another tracker."""

from collections.abc import Iterator

from panopticon.cli.terminal import Terminal
from panopticon.cli.text import clean_block, cut
from panopticon.model.issue import Issue, Json
from panopticon.model.link import LinkKind
from panopticon.model.ref import IssueRef
from panopticon.services.issue.verbs import Detail
from panopticon.services.twin import Difference, plain

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
    here, there = (_value(out, text) for text in apart(_text(one.here), _text(one.there)))
    sides = f"{here} {out.dim(f'in {ref.tracker}')}, {there} {out.dim(f'in {other.tracker}')}"
    return _fact(out, f"  {one.field}", sides)


def apart(here: str, there: str) -> tuple[str, str]:
    """Leave of two texts that are too long to be shown what the other has not, each in one line."""
    if max(len(here), len(there)) > _WIDE or "\n" in here + there:
        here, there = _only_in(here, there), _only_in(there, here)
    one, other = here.split(), there.split()
    if max(len(" ".join(words)) for words in (one, other)) <= _WIDE:
        return " ".join(one), " ".join(other)
    same = 0
    while same < min(len(one), len(other)) and plain(one[same]) == plain(other[same]):
        same += 1
    if len(" ".join(one[:same])) < _WIDE // 2:  # what differs is seen
        return " ".join(one), " ".join(other)
    back = max(0, same - 1)  # a word to know the place by
    return " ".join(["…", *one[back:]]), " ".join(["…", *other[back:]])


def _only_in(text: str, other: str) -> str:
    """Give the lines that the other has not; which mark a list has says nothing."""
    known = {plain(line) for line in other.splitlines()}
    lines = [line for line in text.splitlines() if plain(line)]
    own = [line for line in lines if plain(line) not in known]
    if lines and not own:
        return "nothing more"
    return ("… " if len(own) < len(lines) else "") + " … ".join(own)


def _text(value: Json) -> str:
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) else clean_block(str(value))


def _value(out: Terminal, text: str) -> str:
    shown = text if out.has_unicode else text.replace("…", "...")
    return cut(shown, _WIDE, out.sign("cut")) if text else "(none)"


def _fact(out: Terminal, name: str, text: str) -> str:
    return f"  {out.dim(name.ljust(_NAME))}{' ' if len(name) >= _NAME else ''}{text}"
