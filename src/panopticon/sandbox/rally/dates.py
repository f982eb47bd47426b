"""Dates as Rally writes and reads them; inside, a date is its own wire text, which sorts."""

import re
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from panopticon.sandbox.rally.trouble import Trouble

_FULL = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$")
_MACRO = re.compile(r"(today|yesterday|tomorrow)\s*([+-]\s*\d+)?$", re.IGNORECASE)
_NEAR = {"today": 0, "yesterday": -1, "tomorrow": 1}


def _zone() -> tzinfo:
    try:
        return ZoneInfo("America/Denver")
    except ZoneInfoNotFoundError:  # a machine without time zone data
        return timezone(timedelta(hours=-7), "MST")


ZONE = _zone()  # the workspaces' time zone


def wire(moment: datetime) -> str:
    """Spell a moment as the API does."""
    utc = moment.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"


def parse(text: str) -> datetime:
    """Read a wire text of our own making."""
    return datetime.fromisoformat(text)


def read(text: str, now: datetime) -> str:
    """Read what a caller wrote for a date: ISO 8601, a bare day, or a macro such as today-5."""
    if macro := _MACRO.match(text.strip()):
        days = _NEAR[macro[1].lower()] + int((macro[2] or "0").replace(" ", ""))
        day = now.astimezone(ZONE).date() + timedelta(days=days)
        return wire(datetime.combine(day, time(), ZONE))
    return exact(text)


def exact(text: str) -> str:
    """Read an ISO 8601 date or date and time; nothing else will do."""
    if not _FULL.match(text):
        raise _bad(text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise _bad(text) from error
    return wire(moment if moment.tzinfo else moment.replace(tzinfo=ZONE))


def cut(text: str, where: str) -> str:
    """Cut a date to the first ("day") or last second ("night") of its day in the zone."""
    day = parse(text).astimezone(ZONE).date()
    return wire(datetime.combine(day, time(23, 59, 59) if where == "night" else time(), ZONE))


def long(text: str) -> str:
    """Spell a date as revisions do: Tue Sep 11 15:03:13 MDT 2018."""
    return f"{parse(text).astimezone(ZONE):%a %b %d %H:%M:%S %Z %Y}"


def ago(text: str, now: datetime) -> str:
    """Spell a creation date for people."""
    then, gap = parse(text), now - parse(text)
    if gap < timedelta(minutes=1):
        return "just now"
    if gap < timedelta(hours=1):
        minutes = int(gap.total_seconds() // 60)
        return f"{minutes} minute{'s' * (minutes > 1)} ago"
    local, today = then.astimezone(ZONE), now.astimezone(ZONE)
    if local.date() == today.date():
        return f"today at {local.hour % 12 or 12}:{local:%M} {local:%p}".replace(
            "AM", "am"
        ).replace("PM", "pm")
    year = "" if local.year == today.year else f", {local.year}"
    return f"{local:%b} {local.day}{year}"


def _bad(text: str) -> Trouble:
    return Trouble(
        f'Could not parse: Cannot convert "{text}" into a date.'
        "  You must use the ISO8601 date+time format."
    )
