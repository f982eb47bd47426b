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
_PART = re.compile(r"(?P<digits>\d+)|(?P<letters>[A-Za-z]+)(?P<glued>(?=\d))?")
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
    return tuple(
        match["digits"].lstrip("0") or "0" if match["digits"] else match["letters"].casefold()
        for match in _PART.finditer(number)
    )


def canonical(number: str) -> str:
    """Spell a number in one way: `1.2`, `1.4b`, `kb.3.1`, `6.2.p9`."""
    spelled = ""
    for match in _PART.finditer(number):
        part = parts_of(match[0])[0]
        is_suffix = match["letters"] and len(part) == 1 and match["glued"] is None
        follows_letter = spelled[-1:].isalpha() and number[match.start() - 1].isalpha()
        is_glued = is_suffix or (follows_letter and len(_last_word(spelled)) == 1)
        spelled += part if not spelled or is_glued else f".{part}"
    return spelled


def _last_word(spelled: str) -> str:
    return spelled.rpartition(".")[2]


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
