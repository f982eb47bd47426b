"""A source on its way through the layers, and how two spellings of a place compare."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from panopticon.config.folder import Base, folders_from, spot
from panopticon.config.layer import Layer, Table, nearest
from panopticon.config.schema import TYPES, PlaceWords, TypeWords
from panopticon.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Layers:
    """Every place that may speak of trackers, weakest first; `variables` after precedence."""

    toml: Layer | None
    projects: Layer | None
    bmad: Layer | None
    variables: Mapping[str, str]
    flags: Mapping[str, object]
    own_variables: Mapping[str, str] = field(default_factory=dict)  # those of HOME's env file
    outer_variables: Mapping[str, str] = field(default_factory=dict)  # those of this process
    root: Path = Path("/")  # the project's folder
    here: Path = Path("/")  # where the command runs
    own: Layer | None = None  # .panopticon.yaml of the project's folder

    def of_home(self) -> "Layers":
        """Leave out what the folder, this shell and this command say."""
        own = self.own_variables
        return replace(self, bmad=None, own=None, variables=own, flags={}, outer_variables={})

    def growing(self, keys: frozenset[str]) -> Iterator[tuple[str | None, "Layers"]]:
        """Yield config.toml with the keys in the env file, then each stronger place by its name."""
        held = {name: value for name, value in self.own_variables.items() if name in keys}
        grown = Layers(self.toml, None, None, held, {}, root=self.root, here=self.here)
        yield None, grown
        if self.projects:
            grown = replace(grown, projects=self.projects)
            yield str(self.projects.path), grown
        if self.bmad:
            grown = replace(grown, bmad=self.bmad)
            yield str(self.bmad.path), grown
        if self.own:
            grown = replace(grown, own=self.own)
            yield str(self.own.path), grown
        grown = replace(grown, variables=self.own_variables)
        yield "the variables in the key file", grown
        outer = self.outer_variables
        yield "the environment", replace(grown, variables=self.variables, outer_variables=outer)


@dataclass(frozen=True, slots=True)
class Draft:
    """A source on its way through the layers: `at` one place, several `parts` of it."""

    name: str
    type: str
    at: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[str, ...] = ()
    secret_env: str | None = None
    options: Mapping[str, object] = field(default_factory=dict)
    has_own_name: bool = False  # a section of config.toml that is not called like its type
    known_as: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)  # of folders, by their spots

    @property
    def words(self) -> PlaceWords:
        """How its type says what it reads."""
        return TYPES[self.type].place

    @property
    def anchor(self) -> str | None:
        """The innermost of `at`: a workspace."""
        return self.at.get(self.words.anchor)

    @property
    def place(self) -> tuple[tuple[str | None, ...], frozenset[str]]:
        """Say what is read, however it is spelled."""
        at = (self.at.get(word) for word in self.words.at)
        return tuple(tail(one) if one else None for one in at), self.spots(self.parts)

    def spots(self, parts: tuple[str, ...]) -> frozenset[str]:
        """Spell parts so that they compare."""
        return frozenset(spot(one) if self.words.are_paths else tail(one) for one in parts)


def at_from(words: PlaceWords, table: Table) -> dict[str, str]:
    """Read the one place that a table names."""
    told = {word: text_or_none(table.get(word)) for word in words.at}
    return {word: value for word, value in told.items() if value}


def parts_from(words: PlaceWords, table: Table, base: Base) -> tuple[str, ...]:
    """Read the parts that a table names, under the word for one or for several."""
    if not words.are_paths:
        return listed(table.get(words.parts)) + listed(table.get(words.part))
    values = [table[word] for word in (words.parts, words.part) if word in table]
    if len(values) > 1:
        merged = [
            one for value in values for one in (value if isinstance(value, list) else [value])
        ]
        return folders_from(merged, base)
    return folders_from(values[0], base) if values else ()


def is_same(one: str | None, other: str | None, *, exact: bool) -> bool:
    """Compare two places; unless `exact`, one that is not named fits any."""
    if one is None or other is None:
        return one == other or not exact
    return tail(one) == tail(other)


def tail(text: str) -> str:
    """Reduce `/workspace/123`, a full reference or `https://host/` to what tells them apart."""
    return text.rstrip("/").rsplit("/", 1)[-1].casefold()


def listed(value: object) -> tuple[str, ...]:
    """Read one value or many."""
    if value is None or value == "":
        return ()
    if isinstance(value, list | tuple):
        return tuple(str(item) for item in value)
    return (str(value),)


def text_or_none(value: object) -> str | None:
    """Read a value as text; nothing for an empty one."""
    return None if value is None or value == "" else str(value)


def slug(text: str) -> str:
    """Make a part of a source's name."""
    return "-".join("".join(c if c.isalnum() else " " for c in text).split()) or "more"


def prefixed(type_: str, table: Table) -> dict[str, object]:
    """Take what is said about a type (`rally_workspace` …), its prefix taken off."""
    start = f"{type_}_"
    return {
        str(key).removeprefix(start): value
        for key, value in table.items()
        if str(key).startswith(start)
    }


def check_prefixed(where: str, type_: str, entry: Table, words: TypeWords) -> None:
    """Refuse a key under a type's prefix that nobody reads."""
    known = words.project_keys | words.shared_keys
    for key in entry:
        if key not in known:
            full = frozenset(f"{type_}_{word}" for word in known)
            hint = nearest(f"{type_}_{key}", full)
            raise InvalidInput(f"{where}: unknown key `{type_}_{key}`.", hint, key=f"{type_}_{key}")
