"""Listing a folder at rest: git takes files away and brings others while it changes branches."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from panopticon.errors import Retriable
from panopticon.local.git.call import Place, asked
from panopticon.model.disk import Listing

_TRIES = 30
_PAUSE_SECONDS = 0.1
_OF_GIT = ("HEAD", "index", "logs/HEAD")


def settled(root: Path, place: Place | None, listed: Callable[[], Listing]) -> Listing:
    """List until two listings are alike and git rested between them; raises Retriable."""
    lock = place.own / "index.lock" if place else None
    before = _moment(place), _seen(listed)
    for _ in range(_TRIES):
        time.sleep(_PAUSE_SECONDS)
        listing = _seen(listed)
        now = _moment(place), listing
        is_at_work = lock is not None and lock.exists()
        if listing and not is_at_work and _names(before) == _names(now):
            return listing
        before = now
    if lock and lock.exists():
        raise Retriable(
            f"Git is changing the files of {root}: {lock} is there.",
            "Try again when it is done; if no git runs any more, remove that file.",
        )
    raise Retriable(f"The files of {root} come and go.", "Try again when they rest.")


def lost(root: Path) -> Iterator[str]:
    """Name what git tracks below and the folder lacks; nothing without git."""
    yield from filter(
        None, (asked(root, "ls-files", "--deleted", "-z", "--", ".") or "").split("\0")
    )


def _seen(listed: Callable[[], Listing]) -> Listing | None:
    try:
        return listed()
    except Retriable:  # it moved even while it was listed
        return None


def _names(seen: tuple[tuple[str, ...], Listing | None]) -> object:
    """Give what must be alike; bytes may change, for only what is missing matters here."""
    moment, listing = seen
    if listing is None:
        return moment, None
    return moment, [file.path for file in listing.files], sorted(listing.skipped)


def _moment(place: Place | None) -> tuple[str, ...]:
    """Stand for what git last did in this worktree."""
    return tuple(_stamp(place.own / name) for name in _OF_GIT) if place else ()


def _stamp(file: Path) -> str:
    try:
        fact = os.stat(file)  # noqa: PTH116 - two numbers of it are all that is asked
    except OSError:
        return ""
    return f"{fact.st_mtime_ns}-{fact.st_ino}-{fact.st_size}"
