"""Words that stay words in markdown: what would be read as markup gets a backslash.

The rules are CommonMark's (https://spec.commonmark.org/0.31.2/) and GitHub's for tables and
strikethrough; single underscores inside words need none, so that file paths stay readable.
"""

import re

_ANY = re.compile(r"[\\`*_<&\[\]~]")  # what may mean something: found 5 times faster
_INLINE = re.compile(
    r"\\(?=[!-/:-@\[-`{-~\n]|\Z)"  # a backslash before punctuation
    r"|`"
    r"|\*(?! )|(?<! )\*"
    r"|(?<![^\W_])_|_(?![^\W_])"
    r"|<(?=[A-Za-z/!?])"  # a tag
    r"|&(?=\#|[A-Za-z][A-Za-z0-9]*;)"  # an entity
    r"|\](?=[(:])"  # a link, or where one leads
    r"|~(?=~)|(?<=~)~"
)
_FIRST = frozenset(" #>-+*=|:0123456789")
_START = re.compile(
    r"^( *\d{1,9})(?=[.)](?: |$))"  # an item of a numbered list
    r"|^( *)(?="
    r"#{1,6}(?: |$)|>|[-+*](?: |$)"  # a heading, a quote, an item
    r"|=+ *$|-[- ]*$|[|:][|: -]*$"  # an underline, a rule, the second line of a table
    r")",
    re.MULTILINE,
)
_CLOSING = re.compile(r"(?:^|(?<= ))(?=#+$)")


def inline(words: str) -> str:
    """Escape what means something anywhere in a line."""
    return _ANY.sub(_inline, words)


def label(words: str) -> str:
    """Escape the text of a link, brackets included."""
    return _ANY.sub(_in_link, words)


def _inline(found: re.Match[str]) -> str:
    return "\\" + found[0] if _INLINE.match(found.string, found.start()) else found[0]


def _in_link(found: re.Match[str]) -> str:
    return "\\" + found[0] if found[0] in "[]" else _inline(found)


def starts(lines: str) -> str:
    """Escape what means something at the start of a line."""
    may_mean = "\n" in lines or lines[:1] in _FIRST
    return _START.sub(r"\1\2\\", lines) if may_mean else lines


def heading(words: str) -> str:
    """Keep the hashes at the end of a heading."""
    return _CLOSING.sub(r"\\", words) if words.endswith("#") else words


def plain(text: str) -> str:
    """Escape a text that had no markup at all; its lines stay lines."""
    lines = text.replace("\r", "\n").split("\n")
    return starts(inline("\n".join(" ".join(line.split()) for line in lines)))
