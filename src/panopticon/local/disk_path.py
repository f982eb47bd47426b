"""Paths of a folder: relative, with `/`, and never out of it."""

import os
from collections.abc import Sequence
from pathlib import Path

from panopticon.errors import InvalidInput

LIMIT = 5_000_000
"""Bytes; no story, plan or epics file of people is larger."""


def root_of(path: str) -> Path:
    """Resolve the folder that a setting names; raises InvalidInput."""
    hint = "Write it from the root (/…) or from your home (~/…)."
    try:
        found = Path(path).expanduser()
        if not path or not found.is_absolute():
            raise InvalidInput(f"`{path}` is no absolute folder.", hint)
        return Path(os.path.realpath(found))
    except (RuntimeError, ValueError) as error:
        raise InvalidInput(f"`{path!r}` is no folder's name: {error}.", hint) from error


def place(root: Path, path: str) -> Path:
    """Resolve a path inside a folder, links followed; raises InvalidInput when it leads out."""
    words = path.split("/")
    is_plain = all(word not in {"", ".", ".."} for word in words)
    if not is_plain or "\0" in path or _is_of_git(words):
        raise _leads_out(root, path)
    try:
        real = Path(os.path.realpath(root.joinpath(*words)))
        inner = real.relative_to(root).parts
    except ValueError as error:
        raise _leads_out(root, path) from error
    if not inner or _is_of_git(inner):
        raise _leads_out(root, path)
    return real


def _is_of_git(words: Sequence[str]) -> bool:
    """Tell a path into git's own files, whose change would run programs."""
    return any(word.casefold() == ".git" for word in words)


def _leads_out(root: Path, path: str) -> InvalidInput:
    return InvalidInput(
        f"{path!r} is no path of a file in {root}.",
        "Give a path inside the folder; links may not lead out of it.",
        path=path,
    )
