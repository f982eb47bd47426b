"""Which files of a folder are story files, epics files, sprint-status; by names and BMAD's config."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Layout:
    """What lies where; paths are relative to the folder, in order."""

    dialect: str = ""  # v4 | v6 | pantheon | spec; empty where nothing tells it
    stories: tuple[str, ...] = ()
    epics: tuple[str, ...] = ()
    sprints: tuple[str, ...] = ()
    story_folder: str = ""  # where a new story file belongs
    epics_file: str = ""  # where a new epic belongs


def found(paths: Sequence[str], read: Callable[[str], bytes]) -> Layout:  # noqa: ARG001
    """Sort the files of a folder."""
    return Layout()
