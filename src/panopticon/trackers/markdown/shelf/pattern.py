"""Patterns of paths: `*` within a folder, `**` across folders, `?` one sign."""

import re
from collections.abc import Callable, Sequence

_WORD = re.compile(r"\*\*/|\*\*|\*|\?|[^*?]+")
_MEANS = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def matcher(patterns: Sequence[str]) -> Callable[[str], bool]:
    """Tell whether a path matches one of them; a folder's name means all below it."""
    if not patterns:
        return lambda _: False
    whole = re.compile("|".join(f"(?:{_expression(pattern)})" for pattern in patterns))
    return lambda path: whole.fullmatch(path) is not None


def _expression(pattern: str) -> str:
    bare = pattern.removeprefix("./").rstrip("/")
    words = "".join(_MEANS.get(word) or re.escape(word) for word in _WORD.findall(bare))
    return words if bare.endswith(".md") else f"{words}(?:/.*)?"
