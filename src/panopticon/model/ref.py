"""References: how people and programs name an item."""

import re
from dataclasses import dataclass

_HYPHENATED = re.compile(r"^([A-Za-z]+)-(\d+)$")
_NUMBER = re.compile(r"(\d+)$")
_PLAIN = re.compile(r"^([A-Za-z]+)(\d+)$")


@dataclass(frozen=True, slots=True, order=True)
class IssueRef:
    """One item of one configured tracker; `key` is the tracker's own spelling (`US120`)."""

    tracker: str
    key: str

    def __str__(self) -> str:
        """Spell it so that it is never ambiguous: `rally:US120`."""
        return f"{self.tracker}:{self.key}"


@dataclass(frozen=True, slots=True)
class Spelling:
    """What somebody typed: an optional tracker name and the keys it may mean, likeliest first."""

    tracker: str | None
    keys: tuple[str, ...]


def spelling_from(text: str) -> Spelling:
    """Read `US123`, `US-123`, `us123`, `rally:US-123`, `PROJ-7`, `owner/repo#45` or `1.2`."""
    tracker, colon, key = text.strip().partition(":")
    if not colon or "/" in tracker or "#" in tracker:
        tracker, key = "", text.strip()
    keys = [key, key.upper()]
    if match := _HYPHENATED.match(key):
        keys.append((match[1] + match[2]).upper())
    elif match := _PLAIN.match(key):
        keys.append(f"{match[1]}-{match[2]}".upper())
    return Spelling(tracker or None, tuple(dict.fromkeys(keys)))


def hyphenated(key: str) -> str:
    """Spell a key as file names, BMAD story keys and the seed's reports do: `US-120`."""
    match = _PLAIN.match(key)
    return f"{match[1]}-{match[2]}" if match else key


def number_of(key: str) -> str | None:
    """Give the digits at the end of a key: `17` for `F17`, `US-17` and `owner/repo#17`."""
    match = _NUMBER.search(key)
    return match[1] if match else None
