"""What is wrong with the folders of a source that reads files of this machine."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from panopticon.config import TYPES, Source
from panopticon.errors import PanError
from panopticon.local.disk import LocalDisk, LocalFolder
from panopticon.services.inputs import folders_of


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something about a folder; `is_fatal` where nothing of it can be read."""

    text: str
    hint: str
    is_fatal: bool = False


def is_local(source: Source) -> bool:
    """Tell whether a source is folders of this machine: no server, no key."""
    return TYPES[source.type].place.are_paths


def folder_troubles(source: Source) -> Iterator[Trouble]:
    """Look at every folder: is it there, may it be read and written, is a write unfinished."""
    for written in folders_of(source):
        try:
            folder = LocalDisk().open(written)
            yield from _troubles(source, written, folder)
        except PanError as error:
            yield Trouble(error.message, error.hint, is_fatal=True)


def _troubles(source: Source, written: str, folder: LocalFolder) -> Iterator[Trouble]:
    path = Path(folder.root)
    if not path.is_dir():
        what = "is a file, not a folder" if path.exists() else "is not there"
        yield Trouble(
            f"The folder {written} {what}.",
            f"Bring it back, or take it out of {_section(source)}.",
            is_fatal=True,
        )
        return
    if not os.access(path, os.R_OK | os.X_OK):
        yield Trouble(
            f"The folder {written} cannot be read.", "Check its owner and mode.", is_fatal=True
        )
        return
    if not os.access(path, os.W_OK):
        hint = "Change its owner or mode to write from here, or go on reading."
        yield Trouble(f"The folder {written} may be read but not written.", hint)
    if source.options.get("commit") is True and folder.repository() is None:
        hint = f"`git init` there, or take `commit` out of {_section(source)}."
        yield Trouble(f"{written} is in no git repository: changes cannot be committed.", hint)
    if folder.journal() is not None:
        yield Trouble(
            f"A change in {written} was interrupted half-way.",
            "`pan sync` finishes it; files that you changed since then stay as they are.",
        )


def _section(source: Source) -> str:
    return source.told_by or f"[trackers.{source.known_as or source.name}] of config.toml"
