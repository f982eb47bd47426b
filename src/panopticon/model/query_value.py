"""One value of a term, read: kinds, columns, numbers, times; what is meant, or what is allowed."""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches

from panopticon.model.issue import PRIORITIES, Kind, State
from panopticon.model.query import Age, Between, Field, Is, Meaning, Special

_UNITS = {
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "mo": timedelta(days=30),
    "y": timedelta(days=365),
}
_OLDEST = timedelta(days=36_500)
_AGE = re.compile(r"(\d{1,9})([a-z]+)", re.ASCII)
_SIGN = re.compile(r"(>=|<=|>|<|=)?(.*)", re.DOTALL)
_DAY = timedelta(days=1)
_APART = re.compile(r"[\s_-]+")

KINDS = {kind.value: kind for kind in Kind} | {
    "stories": Kind.STORY,
    "userstory": Kind.STORY,
    "us": Kind.STORY,
    "bug": Kind.DEFECT,
    "bugs": Kind.DEFECT,
    **{f"{kind.value}s": kind for kind in Kind},
}
COLUMNS = {folded: state for state in State for folded in (state.value.replace("_", ""),)} | {
    "progress": State.IN_PROGRESS,
    "review": State.IN_REVIEW,
}
_PRIORITIES = {name: number for number, name in enumerate(PRIORITIES)} | {
    **{str(number): number for number in range(len(PRIORITIES))},
    "medium": PRIORITIES.index("normal"),
}
_IS = {one.value: one for one in Is} | {"canceled": Is.CANCELLED}
_SPECIAL = {
    Field.ASSIGNEE: frozenset({Special.NONE, Special.ME}),
    Field.EPIC: frozenset({Special.NONE}),
    Field.ITERATION: frozenset({Special.NONE}),
    Field.LABEL: frozenset({Special.NONE}),
    Field.POINTS: frozenset({Special.NONE}),
}
_TIMES = "Write <2d (younger), >2w (older), 2026-11-20, >=2026-11-01 or 2026-11-01..2026-11-20."


class Wrong(Exception):
    """A value that cannot be read: why, and what may stand there."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def meaning_of(field: Field, text: str, *, is_quoted: bool) -> Meaning:
    """Say what a value means; raises Wrong."""
    if not is_quoted and (special := _special(field, text)):
        return special
    reader = _READERS.get(field)
    return reader(text) if reader else text


def special_words(field: Field) -> tuple[str, ...]:
    """Name the words that stand for no value: `me`, `none`."""
    return tuple(one.value for one in Special if one in _SPECIAL.get(field, ()))


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Give the known word that was probably meant."""
    close = get_close_matches(word.casefold(), list(known), n=1, cutoff=0.6)
    return close[0] if close else None


def _special(field: Field, text: str) -> Special | None:
    folded = text.casefold()
    allowed = _SPECIAL.get(field, frozenset())
    return next((one for one in allowed if one.value == folded), None)


def _kind(text: str) -> Meaning:
    return _named("kind", text, KINDS, [kind.value for kind in Kind])


def _state(text: str) -> Meaning:
    """Read a column in any spelling; any other word is the team's own."""
    return COLUMNS.get(_APART.sub("", text.casefold()), text)


def _is(text: str) -> Meaning:
    return _named("is", text, _IS, [one.value for one in Is])


def _priority(text: str) -> Meaning:
    return _named("priority", text, _PRIORITIES, PRIORITIES)


def _named(field: str, text: str, known: Mapping[str, Meaning], allowed: Iterable[str]) -> Meaning:
    found = known.get(_APART.sub("", text.casefold()))
    if found is not None:
        return found
    near = nearest(text, known)
    hint = f"Did you mean {field}:{near}? " if near else ""
    raise Wrong(f"`{field}:` does not know {text!r}.", f"{hint}It takes {', '.join(allowed)}.")


def _points(text: str) -> Meaning:
    low, dots, high = text.partition("..")
    if dots:
        return _range(_number(low), _number(high), text)
    match = _SIGN.fullmatch(text)
    assert match
    number = _number(match[2])
    if number is None:
        raise _no_number(text)
    return _compared(match[1], number, number)


def _number(text: str) -> float | None:
    if not text.strip():
        return None
    try:
        number = float(text)
    except ValueError:
        raise _no_number(text) from None
    if not math.isfinite(number):
        raise _no_number(text)
    return number


def _no_number(text: str) -> Wrong:
    return Wrong(f"`points:` takes numbers, not {text!r}.", "Write 3, >=3, 3..8 or none.")


def _time(text: str) -> Meaning:
    low, dots, high = text.partition("..")
    if dots:
        first, last = _span(low), _span(high)
        return _range(first and first[0], last and last[1], text, below=last is not None)
    match = _SIGN.fullmatch(text)
    assert match
    if age := _AGE.fullmatch(match[2].casefold()):
        return Age(_length(age[1], age[2]), is_younger=match[1] not in (">", ">="))
    span = _span(match[2])
    if span is None:
        raise Wrong("A time is missing.", _TIMES)
    return _compared(match[1], *span, is_span=True)


def _length(count: str, unit: str) -> timedelta:
    singular = unit.removesuffix("s")
    known = _UNITS.get(
        {"day": "d", "week": "w", "hour": "h", "month": "mo", "year": "y"}.get(singular, unit)
    )
    if known is None:
        raise Wrong(
            f"{unit!r} is no length of time.", f"Use {', '.join(_UNITS)}: <90min, <2d, >3mo."
        )
    if int(count) * known.total_seconds() > _OLDEST.total_seconds():
        raise Wrong(f"{count}{unit} is longer than a hundred years.", _TIMES)
    return int(count) * known


def _span(text: str) -> tuple[datetime, datetime] | None:
    """Give the first moment of a day and that of the next; a moment is both."""
    if not text.strip():
        return None
    try:
        if len(text) == len("2026-11-20"):
            start = datetime.combine(date.fromisoformat(text), time(), UTC)
            return start, start + _DAY
        moment = datetime.fromisoformat(text)
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise Wrong(f"{text!r} is no time.", _TIMES) from None
    return moment, moment


def _compared(
    sign: str | None, first: float | datetime, after: float | datetime, *, is_span: bool = False
) -> Between:
    """Compare with something that has a length: a day is over when the next begins."""
    has_length = is_span and first != after
    if sign == ">":
        return Between(after, None, above=not has_length)
    if sign == ">=":
        return Between(first, None)
    if sign == "<":
        return Between(None, first, below=True)
    if sign == "<=":
        return Between(None, after, below=has_length)
    return Between(first, after, below=has_length)


def _range(
    low: float | datetime | None, high: float | datetime | None, text: str, *, below: bool = False
) -> Between:
    if low is None and high is None:
        raise Wrong(f"{text!r} has neither beginning nor end.", "Write one of them at least.")
    if low is not None and high is not None and low > high:  # type: ignore[operator] # both alike
        raise Wrong(f"{text!r} ends before it begins.", "Write the smaller one first.")
    return Between(low, high, below=below)


_READERS: dict[Field, Callable[[str], Meaning]] = {
    Field.KIND: _kind,
    Field.STATE: _state,
    Field.IS: _is,
    Field.PRIORITY: _priority,
    Field.POINTS: _points,
    Field.UPDATED: _time,
    Field.CREATED: _time,
}
