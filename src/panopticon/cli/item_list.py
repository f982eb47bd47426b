"""Drawing the list of items, grouped by column."""

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from panopticon.cli.table import Column, lines
from panopticon.cli.terminal import Terminal
from panopticon.cli.text import HOLDER, cut, padded, width
from panopticon.model.issue import OUTCOMES, Issue, State
from panopticon.model.ref import IssueRef

# What is under way comes first.
_ORDER = (State.IN_REVIEW, State.IN_PROGRESS, State.PLANNING, State.BACKLOG, State.DONE)
_KEY = 16  # columns of keys before the titles; those of several repositories are longer


@dataclass(frozen=True, slots=True)
class Listed:
    """The items of a list, and of how many in all they are the first.

    `others`: whose key an item carries, for it is the same work; `blocked`: what cannot go on.
    """

    issues: Sequence[Issue]
    total: int
    others: Mapping[IssueRef, IssueRef]
    blocked: Container[IssueRef]


def draw_list(out: Terminal, listed: Listed, now: datetime) -> None:
    """Draw items grouped by column, what is under way first, and count them."""
    names = short_names([*(one.ref for one in listed.issues), *listed.others.values()])
    drawn = _drawn(out, listed, names, now)
    for state in _ORDER:
        group = [issue for issue in listed.issues if issue.state is state]
        group.sort(key=lambda issue: issue.kind in OUTCOMES)  # what one can take comes first
        if group:
            out.line(f"{out.bold(state.label)} {out.dim(str(len(group)))}")
            for issue in group:
                out.line(drawn[issue.ref])
    _draw_sum(out, listed, names)


def short_names(refs: Iterable[IssueRef]) -> dict[IssueRef, str]:
    """Name items by their keys; with their tracker where two of these have the same key."""
    once = set(refs)
    times = Counter(ref.key.casefold() for ref in once)
    return {ref: ref.key if times[ref.key.casefold()] == 1 else str(ref) for ref in once}


def _drawn(
    out: Terminal, listed: Listed, names: Mapping[IssueRef, str], now: datetime
) -> dict[IssueRef, str]:
    """Lay out the lines of all groups at once, so that columns line up from one to the next."""
    rows = {}
    for one in listed.issues:
        same = f"= {names[listed.others[one.ref]]}" if one.ref in listed.others else ""
        row = _row(out, one, now, is_blocked=one.ref in listed.blocked)
        rows[one.ref] = [out.clean(names[one.ref]), *row, same]
    is_long = any(width(row[0]) > _KEY for row in rows.values())
    if is_long:  # a long key takes room from its own title, not from every line
        for row in rows.values():
            row[:2] = ["", f"{padded(row[0], _KEY)}  {row[1]}"]
    columns = [
        Column(paint=out.accent),
        Column(gives=True, paint=(lambda text: _led(out, text)) if is_long else None),
        Column(paint=out.dim, yields=True),
        Column(yields=True),
        Column(paint=out.amber, yields=True),
        Column(right=True, paint=out.dim),
        Column(paint=out.dim),
    ]
    return dict(zip(rows, lines(out, columns, list(rows.values()), indent=2), strict=True))


def _led(out: Terminal, text: str) -> str:
    """Paint a title with its key before it."""
    key, gap, title = text.partition("  ")
    return f"{out.accent(key)}{gap}{title}"


def _row(out: Terminal, issue: Issue, now: datetime, *, is_blocked: bool) -> list[str]:
    holder = issue.lease.holder if issue.lease and issue.lease.is_held(now) else ""
    shown = cut(out.clean(_short(holder)), HOLDER, out.sign("cut"))
    held = ("held" if holder == issue.assignee else f"held by {shown}") if holder else ""
    trouble = ", ".join(filter(None, ["blocked" if is_blocked else "", held]))
    points = f"{issue.points:g}" if issue.points is not None else ""
    who = _short(issue.assignee or "")
    return [issue.title, issue.native_state, who, trouble, points]


def _short(who: str) -> str:
    return who.partition("@")[0]  # the rest is in `work show`


def _draw_sum(out: Terminal, listed: Listed, names: Mapping[IssueRef, str]) -> None:
    issues, total = listed.issues, listed.total
    if not issues:
        out.line(f"Nothing matches. {out.next('sync')}, or fewer filters")
        return
    counts = {state: sum(i.state is state for i in issues) for state in _ORDER}
    words = ", ".join(f"{count} {s.label.lower()}" for s, count in counts.items() if count)
    first = min(issues, key=lambda i: (i.kind in OUTCOMES, _ORDER.index(i.state)))
    count = f"{total} item" if total == 1 else f"{total} items"
    shown = count if total <= len(issues) else f"{len(issues)} of {count} shown"
    out.line(f"{shown}: {words}. {out.next(f'work show {names[first.ref]}')}")
