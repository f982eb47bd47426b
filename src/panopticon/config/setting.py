"""Panopticon's own settings: their forms, defaults and bounds, and how a value is read."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from panopticon.errors import InvalidInput

Value = str | int | float | bool | tuple[str, ...]

MOST_PEOPLE = 100
LONGEST_LINE = 200  # characters
_WEEK = 7 * 24 * 3600.0  # seconds
_DAY = 24 * 60  # minutes
_YES = frozenset({"true", "yes", "on", "1"})
_NO = frozenset({"false", "no", "off", "0"})
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
# What git refuses in a branch's name; one that begins with `-` would be read as an option.
_NO_BRANCH = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|/\.|^[-/.]|[/.]$|\.lock(/|$)|^@$")


class Form(StrEnum):
    """What a setting's value looks like."""

    LINE = "line"
    BRANCH = "branch"
    NUMBER = "number"
    WHOLE = "whole"
    FLAG = "flag"
    PEOPLE = "people"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of Panopticon itself: `[pan]` key, environment variable, default, meaning.

    `is_shared`: the team's files may say it too, under the same key.
    """

    name: str
    env: str
    form: Form
    default: Value | None
    help: str
    minimum: float | None = None
    maximum: float | None = None
    is_shared: bool = False

    @property
    def shown(self) -> str:
        """The default as a person writes it; "" for none."""
        if isinstance(self.default, bool):
            return str(self.default).lower()
        if isinstance(self.default, int | float):
            return f"{self.default:g}"
        return ", ".join(self.default) if isinstance(self.default, tuple) else self.default or ""

    @property
    def bounds(self) -> str:
        """What a value may be, as a person reads it; "" where the form says it all."""
        if self.form is Form.PEOPLE:
            return f"at most {MOST_PEOPLE}"
        if self.minimum is None or self.maximum is None:
            return ""
        return f"{self.minimum:g} to {self.maximum:g}"


SETTINGS = (
    Setting("me", "PAN_ME", Form.LINE, None, "Your email: what `assignee=me` means. Else git's."),
    Setting(
        "port", "PAN_PORT", Form.WHOLE, 3011, "The board's port; 0 picks a free one.", 0, 65535
    ),
    Setting(
        "poll_seconds",
        "PAN_POLL_SECONDS",
        Form.NUMBER,
        60.0,
        "How often the board asks trackers.",
        1,
        _WEEK,
    ),
    Setting(
        "sweep_hours",
        "PAN_SWEEP_HOURS",
        Form.NUMBER,
        24.0,
        "How often every id is compared.",
        0,
        _WEEK / 3600,
    ),
    Setting(
        "lock_hours",
        "PAN_LOCK_HOURS",
        Form.NUMBER,
        24.0,
        "How long a checkout holds a story.",
        0.1,
        720,
        is_shared=True,
    ),
    Setting(
        "max_locks",
        "PAN_MAX_LOCKS",
        Form.WHOLE,
        0,
        "How many stories one may hold; 0: any number.",
        0,
        999,
        is_shared=True,
    ),
    Setting(
        "warn_minutes",
        "PAN_WARN_MINUTES",
        Form.NUMBER,
        60.0,
        "How long before its end a claim is warned about; 0: never.",
        0,
        _DAY,
        is_shared=True,
    ),
    Setting(
        "skew_minutes",
        "PAN_SKEW_MINUTES",
        Form.NUMBER,
        10.0,
        "How far clocks may differ where the arbiter tells no time.",
        0,
        _DAY,
        is_shared=True,
    ),
    Setting(
        "leads",
        "PAN_LEADS",
        Form.PEOPLE,
        (),
        "Emails of those who may take over a claim that still counts; anyone when empty.",
        is_shared=True,
    ),
    Setting(
        "auto_sync",
        "PAN_AUTO_SYNC",
        Form.FLAG,
        default=False,
        help="Ask the tracker for news before a checkout, and after work is finished.",
        is_shared=True,
    ),
    Setting(
        "main_branch",
        "PAN_MAIN_BRANCH",
        Form.BRANCH,
        None,
        "The branch that work is merged into; the remote's own when absent.",
        is_shared=True,
    ),
    Setting(
        "default_tracker",
        "PAN_TRACKER",
        Form.LINE,
        None,
        "The tracker that bare references mean.",
    ),
)


def value_of(setting: Setting, value: object, where: str) -> Value:
    """Read a setting in its form and bounds; raises InvalidInput naming the place."""
    return _READERS[setting.form](setting, value, where)


def checked_line(where: str, value: object, what: str, hint: str) -> str:
    """Give one bounded line of text."""
    text = value.strip() if isinstance(value, str) else ""
    if not text or len(text) > LONGEST_LINE or not text.isprintable():
        raise InvalidInput(f"{where}: {value!r} is not {what}.", hint)
    return text


def checked_branch(where: str, value: object) -> str:
    """Give a branch's name; raises InvalidInput for what git would not take as one."""
    text = value if isinstance(value, str) else ""
    if not text or len(text) > LONGEST_LINE or _NO_BRANCH.search(text):
        raise InvalidInput(
            f"{where}: {value!r} is not a branch's name.", "Write it as git does: main, release/2."
        )
    return text


def _line(_: Setting, value: object, __: str) -> str:
    return str(value)


def _branch(_: Setting, value: object, where: str) -> str:
    return checked_branch(where, value)


def _number(setting: Setting, value: object, where: str) -> int | float:
    try:
        number = int(str(value)) if setting.form is Form.WHOLE else float(str(value))
    except ValueError:
        number = None
    if number is None or not _is_inside(setting, number):
        raise no_number(setting, value, where)
    return number


def no_number(setting: Setting, value: object, where: str) -> InvalidInput:
    """Say which numbers a setting takes."""
    low, high = setting.minimum or 0, setting.maximum
    bounds = f"from {low:g}" + (f" to {high:g}" if high else "")
    kind = "whole number" if setting.form is Form.WHOLE else "number"
    return InvalidInput(f"{where}: {value!r} is not a {kind} {bounds}.", setting.help)


def _is_inside(setting: Setting, number: float) -> bool:
    low = setting.minimum if setting.minimum is not None else number
    high = setting.maximum if setting.maximum is not None else number
    return low <= number <= high


def _flag(setting: Setting, value: object, where: str) -> bool:
    word = str(value).strip().lower()
    if word not in _YES | _NO:
        raise InvalidInput(f"{where}: {value!r} is neither true nor false.", setting.help)
    return word in _YES


def _people(_: Setting, value: object, where: str) -> tuple[str, ...]:
    """Read several people, in a list or with commas; each once."""
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list | tuple) or len(parts) > MOST_PEOPLE:
        raise InvalidInput(
            f"{where}: {value!r} is not a list of at most {MOST_PEOPLE} emails.",
            "Write them in a list, or with commas: ann@example.com, ben@example.com.",
        )
    told: dict[str, str] = {}
    for one in parts:
        if isinstance(one, str) and not one.strip():
            continue  # after the last comma
        hint = "Each is one line: ann@example.com."
        person = checked_line(where, one, "an email", hint)
        if not _EMAIL.fullmatch(person):
            raise InvalidInput(f"{where}: {person!r} is not an email.", hint)
        told.setdefault(person.casefold(), person)
    return tuple(told.values())


_READERS: Mapping[Form, Callable[[Setting, object, str], Value]] = {
    Form.LINE: _line,
    Form.BRANCH: _branch,
    Form.NUMBER: _number,
    Form.WHOLE: _number,
    Form.FLAG: _flag,
    Form.PEOPLE: _people,
}
