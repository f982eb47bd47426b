"""What people call a folder: the name of its project in projects.yaml, or as config.toml says."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from panopticon.config.folder import spot
from panopticon.config.schema import TypeWords


def named(words: TypeWords, folders: Sequence[str], name: str | None) -> dict[str, str]:
    """Give a project's name to its folders, by where they are; of several each its own."""
    if not name or not words.place.are_paths:
        return {}
    if len(folders) == 1:
        return {spot(folders[0]): name}
    return {spot(one): f"{name} ({Path(one).name})" for one in folders}


def shown_names(folders: Sequence[str], names: Mapping[str, str], own: object) -> dict[str, object]:
    """Give the names of these folders as they are written; the section's `own` are stronger."""
    told: dict[str, object] = dict(names)
    if isinstance(own, Mapping):
        told |= {spot(str(folder)): name for folder, name in own.items()}
    return {one: told[spot(one)] for one in folders if spot(one) in told}
