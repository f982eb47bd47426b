"""Conditions that always come out as legal WSAPI text: strictly binary, parenthesised, quoted.

`(a) AND (b)` at the top and `((a) AND (b) AND (c))` are both refused by the server, and no
escape for quotation marks is documented: a value that cannot be said is refused here.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import reduce

from panopticon.errors import InvalidInput

OPERATORS = ("=", "!=", ">", "<", ">=", "<=", "contains", "!contains")
_FIELD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*")
_UNSAYABLE = re.compile(r'["\\\x00-\x1f\x7f]')

Value = str | int | float | bool | datetime | None


@dataclass(frozen=True, slots=True)
class Term:
    """One comparison; the value is always a literal."""

    field: str
    op: str
    value: Value

    def __post_init__(self) -> None:
        """Refuse what can never be said, at the place that says it."""
        if not _FIELD.fullmatch(self.field):
            raise InvalidInput(f"{self.field!r} is no field name.")
        if self.op not in OPERATORS:
            raise InvalidInput(f"Unknown operator {self.op!r}.", f"Known: {' '.join(OPERATORS)}.")
        if isinstance(self.value, str) and (found := _UNSAYABLE.search(self.value)):
            raise InvalidInput(
                f"Rally cannot search for a text that holds {found[0]!r}: {self.value!r}.",
                "Leave that character out, or search the synced copy instead.",
                field=self.field,
            )

    def __str__(self) -> str:
        """Spell it as the server reads it."""
        return f"({self.field} {self.op} {_spelt(self.value)})"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two conditions, both (AND) or either (OR)."""

    left: "Condition"
    word: str
    right: "Condition"

    def __str__(self) -> str:
        """Spell it as the server reads it."""
        return f"({self.left} {self.word} {self.right})"


Condition = Term | Pair


def both(*conditions: Condition | None) -> Condition | None:
    """Join with AND, leaving out what is None; None when nothing is left."""
    return _joined("AND", [condition for condition in conditions if condition is not None])


def either(conditions: Iterable[Condition]) -> Condition | None:
    """Join with OR, balanced, so that long lists stay shallow."""
    return _joined("OR", list(conditions))


def one_of(field: str, values: Iterable[Value]) -> Condition | None:
    """Match any of these values."""
    return either(Term(field, "=", value) for value in values)


def left_nested(word: str, conditions: Sequence[Condition]) -> Condition:
    """Join as older clients do: `((a AND b) AND c)`; as legal as any other nesting."""
    return reduce(lambda left, right: Pair(left, word, right), conditions)


def _joined(word: str, conditions: Sequence[Condition]) -> Condition | None:
    if not conditions:
        return None
    if len(conditions) == 1:
        return conditions[0]
    middle = len(conditions) // 2
    left, right = _joined(word, conditions[:middle]), _joined(word, conditions[middle:])
    assert left is not None
    assert right is not None
    return Pair(left, word, right)


def _spelt(value: Value) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return f'"{stamp(value)}"'
    if isinstance(value, int | float):
        return str(value)
    return f'"{value}"'


def stamp(moment: datetime) -> str:
    """Spell a time as WSAPI does: `2024-01-15T10:30:00.000Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
