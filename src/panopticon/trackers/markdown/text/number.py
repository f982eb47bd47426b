"""Story numbers and the names of story files, in every spelling that was seen.

`1.2`, `1-2`, `01.2`, `1.4b`, `11.1-H`, `7.5-1`, `5.6.4`, `KB-03.1`, `env-2-1`, `US-123`.
"""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

NUMBER = (
    r"(?:[A-Za-z]{1,8}-?)?\d{1,9}[A-Za-z]?(?:[.-][A-Za-z]?\d{1,9}[A-Za-z]?)*"
    r"(?:-[A-Za-z](?![A-Za-z0-9]))?(?![A-Za-z0-9])"
)
# Without the word "Story" before it a number must show that it is one.
BARE_NUMBER = r"(?=[A-Za-z]{1,8}-\d|(?:US|DE|TA|E|F|S)\d|\d{1,9}[.-]\d)" + NUMBER
_PART = re.compile(r"\d+|[A-Za-z]+")
_BETWEEN = re.compile(r"[\W_]+")
_ONE_WAY = (
    (re.compile(r"(?<!\d)0+(?=\d)"), ""),  # `01` is `1`
    (re.compile(r"([a-z]{2,})(?=\d)"), r"\1."),  # `us123` is `us.123`
    (re.compile(r"\.([a-z])(?![a-z0-9])"), r"\1"),  # `1-h` is `1h`
)
# In a file's name: `1.5.3`, `3-4d`, `7.1-17`, `kb-03-1`, `11-1-h-…`, `6.2-p9`; then `H-1`, `US123`.
_STEM = re.compile(
    r"(?P<number>"
    r"(?:[A-Za-z]{1,8}-)?\d{1,9}(?:(?:\.\d{1,9})*-\d{1,9}|(?:\.\d{1,9})+)[A-Za-z]?"
    r"(?:(?:-\d{1,9})?-[Pp]\d{1,9}(?![A-Za-z0-9])|-[A-Za-z](?=-))?"
    r"|[A-Z]{1,8}-\d{1,9}|(?:US|DE|TA|F|E|S)\d{1,9}|(?:us|de|ta)-?\d{1,9}"
    r")(?![A-Za-z0-9])(?P<slug>.*)"
)
_WORD_BEFORE = re.compile(r"(?:story|spec)[-._ ]+(?=\S)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FileName:
    """What the name of a file says: its number as written and the slug behind it."""

    number: str
    slug: str


def parts_of(number: str) -> tuple[str, ...]:
    """Give what two spellings of one number share: `01-2`, `1.2` are `("1", "2")`."""
    parts = _PART.findall(number.casefold())
    return tuple(part.lstrip("0") or "0" if part.isdigit() else part for part in parts)


def canonical(number: str) -> str:
    """Spell a number in one way: `1.2`, `1.4b`, `11.1h`, `kb.3.1`, `us.123`, `6.2.p9`."""
    spelled = _BETWEEN.sub(".", number.casefold()).strip(".")
    for pattern, new in _ONE_WAY:
        spelled = pattern.sub(new, spelled)
    return spelled


def file_name_from(path: str, number: str = "") -> FileName:
    """Read a file's name; `number`, from the title, says where the slug begins."""
    stem = PurePosixPath(path).name.removesuffix(".md")
    stem = stem[match.end() :] if (match := _WORD_BEFORE.match(stem)) else stem
    if number and (rest := _behind(stem, parts_of(number))) is not None:
        return FileName(stem[: len(stem) - len(rest)].rstrip("-._ "), rest.strip("-._ "))
    if match := _STEM.match(stem):
        return FileName(match["number"], match["slug"].strip("-._ "))
    return FileName("", stem)


def _behind(stem: str, parts: tuple[str, ...]) -> str | None:
    """Give what follows a number in a name, or None where the name has another number."""
    position = 0
    for part in parts:
        match = re.compile(r"[-._ ]*0*" + re.escape(part), re.IGNORECASE).match(stem, position)
        if match is None:
            return None
        position = match.end()
    rest = stem[position:]
    if rest and rest[0].isalnum():
        return None
    return rest
