"""Precedence: flag > environment > ~/.panopticon.env > _bmad > projects.yaml > config.toml."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from panopticon.config.arbiter import OWN_STORE, checked_arbiter, same_arbiter
from panopticon.config.board import limits_from, views_from
from panopticon.config.draft import Layers
from panopticon.config.layer import (
    Layer,
    Table,
    check_keys,
    secrets_from,
    section,
    toml_layer,
    yaml_layer,
)
from panopticon.config.repository import repositories_from
from panopticon.config.schema import Config, Source, source_called
from panopticon.config.setting import SETTINGS, Value, value_of
from panopticon.config.source import sources_from
from panopticon.config.step_words import status_words_from
from panopticon.config.team import Place, Said, misspelt, places as team_places

_FALSE = frozenset({"", "0", "false", "no", "off"})
_OWN_KEYS = frozenset({setting.name for setting in SETTINGS} | {"arbiter", "status_words"})


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the files of this run are."""

    home: Path
    secrets: Path
    folder: Path
    is_demo: bool


@dataclass(frozen=True, slots=True)
class _Told:
    """Every place that may say a setting; `team` from the strongest, then config.toml."""

    variables: Mapping[str, str]
    flags: Mapping[str, object]
    team: tuple[Place, ...]
    toml: Layer | None

    @property
    def own(self) -> Table:
        """The section of config.toml."""
        return section(self.toml, "pan")

    @property
    def where(self) -> str:
        """How messages name that section."""
        return f"{self.toml.path if self.toml else ''} [pan]"


def load(
    environ: Mapping[str, str],
    home: Path,
    folder: Path,
    flags: Mapping[str, object] | None = None,
) -> Config:
    """Read every place where settings are written and decide which wins.

    `home` is the person's, `folder` where the command runs. The demo reads its own files only:
    a real key never reaches it.
    """
    flags = {name: value for name, value in (flags or {}).items() if value is not None}
    places = _places(environ, home, folder, flags)
    secrets, broken = secrets_from(places.secrets)
    toml, projects, bmad, own = _written(places)
    outer = _neutral(environ) if places.is_demo else environ
    variables = {**secrets, **outer}
    layers = Layers(toml, projects, bmad, variables, flags, secrets, outer)
    sources, notes = sources_from(replace(layers, root=places.folder, here=folder, own=own))
    told = _Told(variables, flags, team_places(own, bmad, projects, places.folder), toml)
    arbiter, hidden = (OWN_STORE, ()) if places.is_demo else _arbiter(told)
    own_settings = _settings(told, sources)
    return Config(
        home=places.home,
        folder=places.folder,
        sources=sources,
        is_demo=places.is_demo,
        debug=_debug_from(variables),
        secrets_file=places.secrets,
        files=_files(places, toml, projects, bmad, own),
        notes=broken + notes + hidden + misspelt(own, bmad),
        arbiter=arbiter,
        status_words=status_words_from(told.team, bmad, told.own, told.where),
        repositories=repositories_from(toml, projects),
        limits=limits_from(toml),
        views=views_from(toml),
        fixed=_fixed(told, places.folder),
        **own_settings,  # type: ignore[arg-type] # checked one by one
    )


def _written(places: _Places) -> tuple[Layer | None, Layer | None, Layer | None, Layer | None]:
    """Read config.toml and the three files of teams, which the demo does not look at."""
    toml = toml_layer(places.home / "config.toml")
    if places.is_demo:
        return toml, None, None, None
    projects = yaml_layer(places.home / "projects.yaml")
    bmad = yaml_layer(places.folder / "_bmad/pantheon/config.yaml")
    return toml, projects, bmad, yaml_layer(places.folder / ".panopticon.yaml")


def _places(
    environ: Mapping[str, str], home: Path, folder: Path, flags: Mapping[str, object]
) -> _Places:
    state = Path(environ.get("PANOPTICON_HOME") or home / ".panopticon").expanduser()
    wanted = flags.get("is_demo")
    if wanted is None:
        wanted = environ.get("PAN_DEMO", "").lower() not in _FALSE
    if wanted:
        return _Places(state / "demo", state / "demo" / "secrets.env", folder, is_demo=True)
    return _Places(state, home / ".panopticon.env", _anchor(folder), is_demo=False)


def _anchor(folder: Path) -> Path:
    """Climb to the project's folder inside the repository, so that sub-folders mean the same."""
    for place in (folder, *folder.parents):
        if (place / "_bmad" / "pantheon" / "config.yaml").is_file():
            return place
        if (place / ".panopticon.yaml").is_file() or (place / ".git").exists():
            return place
    return folder


def _neutral(environ: Mapping[str, str]) -> dict[str, str]:
    """Keep what is not about trackers: the demo must not meet real keys or workspaces."""
    kept = {setting.env for setting in SETTINGS if setting.name != "default_tracker"}
    return {name: value for name, value in environ.items() if name in kept | {"DEBUG"}}


def _debug_from(variables: Mapping[str, str]) -> frozenset[str]:
    return frozenset(filter(None, variables.get("DEBUG", "").replace(",", " ").split()))


def _files(places: _Places, *layers: Layer | None) -> tuple[Path, ...]:
    files = [layer.path for layer in layers if layer]
    return (*files, places.secrets) if places.secrets.is_file() else tuple(files)


def _arbiter(told: _Told) -> tuple[str | None, tuple[str, ...]]:
    """Find who decides claims; second, what says otherwise in a weaker place."""
    said = [place["arbiter"] for place in told.team if "arbiter" in place]
    if told.toml and "arbiter" in told.own:
        said.append(Said(told.own["arbiter"], told.toml.path, f"{told.where} arbiter"))
    named = [(one, checked_arbiter(one.where, one.value)) for one in said]
    if not named:
        return None, ()
    first, arbiter = named[0]
    return arbiter, tuple(
        f"{first.file} decides who decides claims: {other} in {one.file} is left out."
        for one, other in named[1:]
        if not same_arbiter(arbiter, other)
    )


def _settings(told: _Told, sources: Iterable[Source]) -> dict[str, Value]:
    check_keys(told.where, told.own, _OWN_KEYS)
    found: dict[str, Value] = {}
    primary = section(told.toml, "trackers").get("primary")
    if isinstance(primary, str):
        found["default_tracker"] = primary
    for setting in SETTINGS:
        if (said := _said(told, setting.name, setting.env)) is not None:
            found[setting.name] = value_of(setting, *said)
    if default := source_called(str(found.get("default_tracker")), sources):
        found["default_tracker"] = default.name
    return found


def _said(told: _Told, name: str, env: str) -> tuple[object, str] | None:
    """Find the strongest place that says a setting: its value, and the place for messages."""
    if name in told.flags:
        return told.flags[name], f"--{name}"
    if told.variables.get(env):
        return told.variables[env], env
    for place in told.team:
        if name in place:
            return place[name].value, place[name].where
    return (told.own[name], f"{told.where} {name}") if name in told.own else None


def _fixed(told: _Told, root: Path) -> dict[str, str]:
    """Say which flag, variable or file of a team decides a setting, so that config.toml cannot."""
    by_team = {
        name: _short(said.file, root)
        for place in reversed(told.team)
        for name, said in place.items()
    }
    by_variable = {one.name: one.env for one in SETTINGS if told.variables.get(one.env)}
    by_flag = {one.name: f"--{one.name}" for one in SETTINGS if one.name in told.flags}
    return by_team | by_variable | by_flag


def _short(file: Path, root: Path) -> str:
    return file.relative_to(root).as_posix() if file.is_relative_to(root) else str(file)
