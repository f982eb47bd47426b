"""Aligned columns without boxes; the widest text gives way when the terminal is narrow."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from panopticon.cli.terminal import Terminal
from panopticon.cli.text import cut, padded, width

_GAP = 2
_SMALLEST = 5


@dataclass(frozen=True, slots=True)
class Column:
    """A column: which side it leans on, whether it may be cut, how it is painted.

    `yields` is cut before those that merely give, and left out rather than crowd them.
    """

    right: bool = False
    gives: bool = False
    yields: bool = False
    paint: Callable[[str], str] | None = None


def lines(
    out: Terminal, columns: Sequence[Column], rows: Sequence[Sequence[str]], indent: int = 0
) -> list[str]:
    """Lay rows out; cells are foreign text and made harmless here."""
    cells = [[out.clean(cell) for cell in row] for row in rows]
    wide = [max((width(row[at]) for row in cells), default=0) for at in range(len(columns))]
    _narrow(wide, columns, out.columns - indent)
    return [_row(out, columns, wide, row, indent) for row in cells]


def _narrow(wide: list[int], columns: Sequence[Column], room: int) -> None:
    """Take from what is wider than half of the line, then from what yields, then the widest."""
    givers = [at for at, column in enumerate(columns) if column.gives]
    for at in givers:
        wide[at] -= max(0, min(_excess(wide, room), wide[at] - room // 2))
    _yield(wide, columns, room)
    excess = _excess(wide, room)
    while excess > 0 and givers:
        at = max(givers, key=lambda at: wide[at])
        if wide[at] <= _SMALLEST:
            break
        taken = min(excess, wide[at] - _SMALLEST)
        others = [wide[o] for o in givers if o != at and wide[o] < wide[at]]
        if others:
            taken = min(taken, max(1, wide[at] - max(others)))
        wide[at] -= taken
        excess -= taken


def _excess(wide: Sequence[int], room: int) -> int:
    shown = sum(1 for size in wide if size)
    return sum(wide) + _GAP * max(0, shown - 1) - room


def _yield(wide: list[int], columns: Sequence[Column], room: int) -> None:
    """Shorten, then drop, until the widest of the others keeps half of the line."""
    yielding = [at for at, column in enumerate(columns) if column.yields]
    for at in yielding:
        wide[at] -= max(0, min(_excess(wide, room), wide[at] - _SMALLEST))
    widest = max((wide[at] for at, column in enumerate(columns) if column.gives), default=0)
    for at in yielding:
        if widest - _excess(wide, room) < min(widest, room // 2):
            wide[at] = 0


def _row(
    out: Terminal, columns: Sequence[Column], wide: list[int], row: Sequence[str], indent: int
) -> str:
    parts = []
    for column, size, cell in zip(columns, wide, row, strict=True):
        if size:
            text = cut(cell, size, out.sign("cut"))
            shown = column.paint(text) if column.paint and text else text
            parts.append(padded(text, size, right=column.right).replace(text, shown, 1))
    return (" " * indent + (" " * _GAP).join(parts)).rstrip()
