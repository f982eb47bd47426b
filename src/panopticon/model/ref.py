"""References: how people and programs name an item."""

import re
from dataclasses import dataclass

_HYPHENATED = re.compile(r"^([A-Za-z]+)-(\d+)$")
_NUMBER = re.compile(r"(?<![\d.])(\d+)$")
_PLAIN = re.compile(r"^([A-Za-z]+)(\d+)$")
# Stories of files: `1-2`, `01.2`, `1-2-slug`, `story-1.4b`, `env-6-3-slug`; dates are none.
_STORY = re.compile(
    r"^(?:story[-_. ]+)?(?P<prefix>[A-Za-z]{1,8}[-.])?"
    r"(?P<number>(?!\d{4}-\d\d-\d\d)\d{1,4}[A-Za-z]?(?:[-.]\d{1,4}[A-Za-z]?)+)"
    r"(?:\.md)?(?:[-_. ]+[^\W\d_][\w.,' -]*)?$",
    re.IGNORECASE,
)
_EPIC = re.compile(r"^epic[-_. ]*(?P<number>\d+(?:[-.]\d+)*)$", re.IGNORECASE)
_ZEROS = re.compile(r"(?<![\w])0+(?=\d)")


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
    """Read `US123`, `US-123`, `us123`, `rally:US-123`, `PROJ-7`, `owner/repo#45` or `1.2`.

    Stories of files also as `1-2`, `01.2`, `1-2-slug`, `story-1-2` and `app#1-2-slug`.
    """
    tracker, colon, key = text.strip().partition(":")
    if not colon or "/" in tracker or "#" in tracker:
        tracker, key = "", text.strip()
    keys = [key, key.upper()]
    if match := _HYPHENATED.match(key):
        keys.append((match[1] + match[2]).upper())
    elif match := _PLAIN.match(key):
        keys.append(f"{match[1]}-{match[2]}".upper())
    if number := _of_story(key):
        keys.append(number)
    return Spelling(tracker or None, tuple(dict.fromkeys(keys)))


def _of_story(key: str) -> str | None:
    """Spell the key of a story or epic of files as its tracker does; None for other keys."""
    project, mark, name = key.rpartition("#")
    if match := _EPIC.match(name):
        number = f"epic-{_dotted(match['number'])}"
    elif match := _STORY.match(name):
        number = _dotted(f"{match['prefix'] or ''}{match['number']}")
    else:
        return None
    return f"{project}{mark}{number}"


def _dotted(number: str) -> str:
    return _ZEROS.sub("", number.replace("-", ".")).casefold()


def hyphenated(key: str) -> str:
    """Spell a key as file names, BMAD story keys and the seed's reports do: `US-120`."""
    match = _PLAIN.match(key)
    return f"{match[1]}-{match[2]}" if match else key


def number_of(key: str) -> str | None:
    """Give the digits at the end of a key: `17` for `F17`, `US-17` and `owner/repo#17`.

    The number of a story of files is more than its last digits: there are none for `1.17`.
    """
    match = _NUMBER.search(key)
    return match[1] if match else None
