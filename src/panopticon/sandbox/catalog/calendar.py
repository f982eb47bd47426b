"""Iterations and releases around a given moment: Sprint-24 is in progress."""

from datetime import date, datetime, timedelta

from panopticon.sandbox.product import Sprint

CURRENT = "Sprint-24"
_NOW = 24
_LENGTH = timedelta(days=14)


def sprints(now: datetime) -> tuple[Sprint, ...]:
    """Sprint-22 to Sprint-26, two weeks each; `now` is in day 4 to 10 of Sprint-24."""
    return tuple(_sprint(number, _first_day(now)) for number in range(22, 27))


def releases(now: datetime) -> tuple[Sprint, ...]:
    """The shipped quarter, the running one and the next."""
    first = _first_day(now)
    cuts = [first + timedelta(days=days) for days in (-126, -42, 42, 126)]
    states = (("DDC-AI 3.2", "Accepted"), ("DDC-AI 3.3", "Active"), ("DDC-AI 3.4", "Planning"))
    return tuple(
        Sprint(name, cuts[place], cuts[place + 1] - timedelta(days=1), state)
        for place, (name, state) in enumerate(states)
    )


def _first_day(now: datetime) -> date:
    day = (now - timedelta(days=3)).date()
    return day - timedelta(days=day.weekday())


def _sprint(number: int, current: date) -> Sprint:
    start = current + (number - _NOW) * _LENGTH
    state = "Accepted" if number < _NOW else "Committed" if number == _NOW else "Planning"
    return Sprint(f"Sprint-{number}", start, start + _LENGTH - timedelta(days=1), state)
