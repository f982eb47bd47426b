"""Text that is safe and even on a terminal: hostile characters out, widths right, cuts marked."""

import re
import unicodedata

# Control characters, bidirectional overrides and invisible marks: a title must not be able to
# move the cursor, recolour the screen, or show another order than it has.
_HOSTILE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff]"
)
_SPACES = re.compile(r"[\r\n\t\v\f\x85\u2028\u2029]+")
_JSON_HOSTILE = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def clean(text: str) -> str:
    """Make a line of foreign text harmless: line breaks become spaces, the rest goes."""
    if text.isascii() and text.isprintable():
        return text
    return _HOSTILE.sub("", _SPACES.sub(" ", text))


def clean_block(text: str) -> str:
    """Make a block of foreign text harmless, its line breaks kept."""
    return "\n".join(clean(line.expandtabs(4)) for line in text.splitlines())


def escaped_json(text: str) -> str:
    """Escape in finished JSON what could still disturb a terminal."""
    return _JSON_HOSTILE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def width(text: str) -> int:
    """Count the columns that a text takes."""
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


HOLDER = 40  # columns: a holder is foreign text of any length, and not what a line is about


def cut(text: str, columns: int, mark: str) -> str:
    """Shorten a text to so many columns, its end marked."""
    if width(text) <= columns:
        return text
    kept, room = [], columns - width(mark)
    for character in text:
        room -= _columns(character)
        if room < 0:
            break
        kept.append(character)
    return ("".join(kept).rstrip() + mark)[:columns] if columns > 0 else ""


def padded(text: str, columns: int, *, right: bool = False) -> str:
    """Fill a text with spaces up to so many columns."""
    fill = " " * max(0, columns - width(text))
    return fill + text if right else text + fill
