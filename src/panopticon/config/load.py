"""Precedence: flag > environment > ~/.panopticon.env > _bmad > projects.yaml > config.toml."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

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
from panopticon.config.schema import SETTINGS, Config, Setting, source_called
from panopticon.config.source import sources_from
from panopticon.errors import InvalidInput

_FALSE = frozenset({"", "0", "false", "no", "off"})
_OWN_KEYS = frozenset({setting.name for setting in SETTINGS} | {"arbiter"})


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the files of this run are."""

    home: Path
    secrets: Path
    folder: Path
    is_demo: bool


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
    toml = toml_layer(places.home / "config.toml")
    projects = None if places.is_demo else yaml_layer(places.home / "projects.yaml")
    bmad = None if places.is_demo else yaml_layer(places.folder / "_bmad/pantheon/config.yaml")
    own = None if places.is_demo else yaml_layer(places.folder / ".panopticon.yaml")
    outer = _neutral(environ) if places.is_demo else environ
    variables = {**secrets, **outer}
    layers = Layers(toml, projects, bmad, variables, flags, secrets, outer)
    sources, notes = sources_from(replace(layers, root=places.folder, here=folder, own=own))
    own_settings = _settings(toml, variables, flags)
    if default := source_called(str(own_settings.get("default_tracker")), sources):
        own_settings["default_tracker"] = default.name
    return Config(
        home=places.home,
        folder=places.folder,
        sources=sources,
        is_demo=places.is_demo,
        debug=_debug_from(variables),
        secrets_file=places.secrets,
        files=_files(places, toml, projects, bmad, own),
        notes=broken + notes,
        arbiter=_arbiter(places, own, bmad, projects),
        limits=limits_from(toml),
        views=views_from(toml),
        fixed=_fixed(variables, flags),
        **own_settings,  # type: ignore[arg-type] # checked one by one
    )


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


def _arbiter(
    places: _Places, own: Layer | None, bmad: Layer | None, projects: Layer | None
) -> str | None:
    if places.is_demo:  # on one machine by its nature
        return "store:local"
    for table in (own, bmad, projects):
        if table and isinstance(value := table.table.get("arbiter"), str):
            return value
    inner = section(bmad, "pantheon").get("arbiter")
    return inner if isinstance(inner, str) else None


def _settings(
    toml: Layer | None, variables: Mapping[str, str], flags: Mapping[str, object]
) -> dict[str, object]:
    table: Table = section(toml, "pan")
    check_keys(f"{toml.path if toml else ''} [pan]", table, _OWN_KEYS)
    found: dict[str, object] = {}
    primary = section(toml, "trackers").get("primary")
    if isinstance(primary, str):
        found["default_tracker"] = primary
    for setting in SETTINGS:
        if setting.name in flags:
            found[setting.name] = _value(setting, flags[setting.name], f"--{setting.name}")
        elif variables.get(setting.env):
            found[setting.name] = _value(setting, variables[setting.env], setting.env)
        elif setting.name in table:
            where = f"{toml.path if toml else ''} [pan] {setting.name}"
            found[setting.name] = _value(setting, table[setting.name], where)
    return found


def _fixed(variables: Mapping[str, str], flags: Mapping[str, object]) -> dict[str, str]:
    """Say which flag or variable decides a setting, so that the file cannot."""
    by_variable = {one.name: one.env for one in SETTINGS if variables.get(one.env)}
    by_flag = {one.name: f"--{one.name}" for one in SETTINGS if one.name in flags}
    return by_variable | by_flag


def _value(setting: Setting, value: object, where: str) -> str | int | float:
    """Read a setting as its default's type, inside its bounds."""
    if setting.default is None:
        return str(value)
    try:
        number = type(setting.default)(str(value))
    except ValueError:
        number = None
    if not isinstance(number, int | float) or not _is_inside(setting, number):
        low, high = setting.minimum, setting.maximum
        bounds = f"from {low:g}" + (f" to {high:g}" if high else "")
        raise InvalidInput(f"{where}: {value!r} is not a number {bounds}.", setting.help)
    return number


def _is_inside(setting: Setting, number: float) -> bool:
    low = setting.minimum if setting.minimum is not None else number
    high = setting.maximum if setting.maximum is not None else number
    return low <= number <= high
