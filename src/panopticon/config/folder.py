"""Folders in settings: where a relative one begins, and when two spellings mean the same."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from panopticon.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Base:
    """Where folders are written: `path` is what relative ones begin at, None for nowhere.

    `is_fence`: they may not lead out of it, for files that come with a repository.
    """

    where: str
    path: str | None = None
    is_fence: bool = False
    why: str = "It is read from every folder: write the whole path, from / or ~."


def folders_from(value: object, base: Base) -> tuple[str, ...]:
    """Read one folder or many, `true` for the place itself; raises InvalidInput naming the place.

    `~` stays as it is written: it is opened later, as the home of whoever runs.
    """
    if value is None or value is False:
        return ()
    several = list(value) if isinstance(value, list | tuple) else [value]
    if not several or several == [""]:
        raise InvalidInput(
            f"{base.where}: names no folder.", "Name a repository or a folder in it."
        )
    found: dict[str, str] = {}
    for one in several:
        text = _whole("." if one is True else one, base)
        if (key := spot(text)) in found:
            hint = "Leave one of them out."
            raise InvalidInput(f"{base.where}: the folder {text} is named twice.", hint)
        found[key] = text
    return tuple(found.values())


def _whole(value: object, base: Base) -> str:
    text = value.strip() if isinstance(value, str) else ""
    if not text or not text.isprintable():
        raise InvalidInput(
            f"{base.where}: {value!r} is no folder.", "Name a repository or a folder in it."
        )
    if not is_whole(text):
        if base.path is None:
            raise InvalidInput(f"{base.where}: {text} is a relative path.", base.why)
        text = os.path.normpath(f"{base.path}/{text}")
    if base.is_fence and base.path and not _is_inside(_real(text), _real(base.path)):
        raise InvalidInput(
            f"{base.where}: {text} is outside of the repository.",
            "Name a folder in it, `.` for all; `pan init --folder` connects others.",
        )
    return text


def is_whole(text: str) -> bool:
    """Tell whether a path needs no other to begin at."""
    return text.startswith(("/", "~")) or Path(text).is_absolute()


def spot(text: str) -> str:
    """Spell a path so that two spellings compare; links are not followed."""
    try:
        return os.path.normpath(Path(text).expanduser())
    except RuntimeError:  # the home of somebody who is not here
        return os.path.normpath(text)


def _real(text: str) -> str:
    """Follow links: one that comes with a repository may lead anywhere."""
    return os.path.realpath(spot(text))


def check_apart(where: str, folders: Sequence[str]) -> None:
    """Refuse a folder inside another: its files would come twice."""
    for one, other in combinations(folders, 2):
        for inner, outer in ((one, other), (other, one)):
            if _is_inside(spot(inner), spot(outer)):
                raise InvalidInput(
                    f"{where}: {inner} is read already, with {outer}.", "Leave one of them out."
                )


def _is_inside(inner: str, outer: str) -> bool:
    return inner == outer or inner.startswith(outer.rstrip("/") + "/")
