"""What files say about claims: the team's in the repository, and the person's projects.yaml.

Each place is read into the settings' own words, with the key as it is written for messages.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from panopticon.config.folder import is_whole, spot
from panopticon.config.layer import Layer, Table, section
from panopticon.config.schema import TYPES
from panopticon.config.setting import SETTINGS

_SHARED = frozenset({setting.name for setting in SETTINGS if setting.is_shared})
_WORDS = _SHARED | {"arbiter", "status_words"}


@dataclass(frozen=True, slots=True)
class Said:
    """A value, the file that says it, and the file with the key for messages."""

    value: object
    file: Path
    where: str


Place = Mapping[str, Said]  # by the name of the setting


def places(
    own: Layer | None, bmad: Layer | None, projects: Layer | None, root: Path
) -> tuple[Place, ...]:
    """Give what each place says, the strongest first; an empty value says nothing."""
    found = [
        *(_place(layer, names) for layer, names in ((own, ()), (bmad, ("pantheon",))) if layer),
        *_upstream(bmad),
        *(_place(projects, ("projects", name)) for name in _here(projects, root) if projects),
        *([_place(projects, ())] if projects else []),
    ]
    return tuple(place for place in found if place)


def _place(layer: Layer, names: tuple[str, ...]) -> dict[str, Said]:
    table = section(layer, *names)
    prefix = "".join(f"{name}." for name in names)
    said: dict[str, Said] = {}
    for key in _keys(table):
        word = _word(key)
        if word and table[key] is not None:
            said[word] = Said(table[key], layer.path, f"{layer.path} {prefix}{key}")
    return said


def _keys(table: Table) -> list[str]:
    """Order the keys so that a plain one comes after `rally_…` of the same word, and wins."""
    return sorted(map(str, table), key=lambda key: key in _WORDS)


def _word(key: str) -> str | None:
    """Find the setting that a key means: `lock_hours`, and seed 003's `rally_lock_hours`."""
    if key in _WORDS:
        return key
    for type_, words in TYPES.items():
        word = key.removeprefix(f"{type_}_")
        if word != key and word in words.shared_keys & _WORDS:
            return word
    return None


def misspelt(own: Layer | None, bmad: Layer | None) -> tuple[str, ...]:
    """Say which keys of shared files were probably meant for us: others may keep theirs there."""
    meant = {_plain(word): word for word in _WORDS}
    return tuple(
        f"{layer.path}: `{key}` is not read; is `{meant[_plain(key)]}` meant?"
        for layer, table in (
            *([(own, section(own))] if own else []),
            *([(bmad, section(bmad, "pantheon"))] if bmad else []),
        )
        for key in table
        if key not in _WORDS and _plain(key) in meant
    )


def _plain(key: str) -> str:
    return "".join(filter(str.isalpha, key.casefold())).rstrip("s")


def _upstream(bmad: Layer | None) -> Iterator[dict[str, Said]]:
    """Read what stands outside of `pantheon:`, the line of `pan init` and upstream's section."""
    if bmad is None:
        return
    said = {}
    if bmad.table.get("arbiter") is not None:
        said["arbiter"] = Said(bmad.table["arbiter"], bmad.path, f"{bmad.path} arbiter")
    tracker = section(bmad, "tracker")
    if tracker.get("main_branch") not in (None, ""):
        where = f"{bmad.path} tracker.main_branch"
        said["main_branch"] = Said(tracker["main_branch"], bmad.path, where)
    yield said


def _here(projects: Layer | None, root: Path) -> Iterator[str]:
    """Name the projects whose folder this is, or lies in; the innermost first."""
    found = {}
    for name, entry in section(projects, "projects").items():
        path = entry.get("path") if isinstance(entry, Mapping) else None
        if isinstance(path, str) and is_whole(path):
            place = Path(spot(path))
            if place == root or place in root.parents:
                found[name] = len(place.parts)
    yield from sorted(found, key=lambda name: -found[name])
