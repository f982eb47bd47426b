"""Writing settings into files that others write too: what is not ours stays as it was."""

import re
from collections.abc import Mapping
from io import StringIO
from itertools import chain, count
from pathlib import Path

from dotenv.parser import parse_stream

from panopticon.config import TYPES, Config, Source, secret_variable
from panopticon.config.server import is_same_server
from panopticon.local.file import write_private
from panopticon.services.setup.toml import Put, change, section_of, text_of
from panopticon.trackers.base import Check

_PLAIN = re.compile(r"[A-Za-z0-9_./:@%+=-]+")


def write_source(path: Path, check: Check, source: Source, own: Mapping[str, str | None]) -> None:
    """Write a `[trackers.NAME]` section; `source.secret_env` names the variable of its key.

    `own`: settings under [pan]; None leaves what is there.
    """
    section = ("trackers", source.name)
    puts = [
        Put((*section, "type"), source.type),
        Put((*section, "api_key_env"), source.secret_env),
        Put((*section, "enabled"), None),  # who connects it wants it on
        *(Put((*section, key), None) for key in _forgotten(path, source)),
        *(
            Put((*section, key), value, check.workspace if key == "workspace" and value else "")
            for key, value in _options(check, source).items()
        ),
    ]
    puts += [Put(("pan", name), value) for name, value in own.items() if value]
    change(path, puts)


def _forgotten(path: Path, source: Source) -> list[str]:
    """Name what must not follow to another server: who signs in there, and how it is trusted."""
    server = section_of(path, "trackers", source.name).get("server")
    if is_same_server(TYPES[source.type], server, source.options.get("server")):
        return []
    return sorted(TYPES[source.type].door_keys)


def _options(check: Check, source: Source) -> dict[str, object]:
    """Give what a section says of its place; None for a word that it should not hold."""
    place, told = TYPES[source.type].place, source.options
    parts = told.get(place.parts)
    parts = parts if isinstance(parts, list) else []
    if place.are_paths:  # there is nothing else that a server could tell
        return {**told, place.part: None, place.parts: parts}
    found: dict[str, object] = {word: told.get(word) for word in place.at}
    if "workspace" in found:
        found["workspace"] = found["workspace"] or check.workspace_id or None
    found[place.part] = parts[0] if len(parts) == 1 else None
    found[place.parts] = parts if len(parts) > 1 else None
    return found


def key_variable(config: Config, path: Path, name: str, key: str) -> str:
    """Choose the variable for a source's key: its own, else one that nobody else uses."""
    held = secrets_in(config.secrets_file)
    sections = section_of(path, "trackers")
    present = next((one.secret_env for one in config.sources if one.name == name), None)
    own = section_of(path, "trackers", name).get("api_key_env") or present
    if own and held.get(own) == key:
        return str(own)
    others = used_by_others(config, sections, name) | (held.keys() - {own})
    plain = secret_variable(name)
    tries = (plain.replace("_API_KEY", f"_{number}_API_KEY") for number in count(2))
    return next(str(one) for one in chain((own, plain), tries) if one and one not in others)


def used_by_others(config: Config, sections: Mapping[str, object], name: str) -> set[str]:
    """Name the variables that hold the keys of other connections, switched off ones too."""
    used = {one.secret_env for one in config.sources if one.name != name and one.secret_env}
    for other, section in sections.items():
        if other != name and isinstance(section, Mapping):
            used |= {str(section[word]) for word in ("api_key_env", "token_env") if word in section}
    return used


def unused_keys(config: Config) -> list[str]:
    """Name the keys in the secrets file that no connection uses, not even a switched off one."""
    sections = section_of(config.home / "config.toml", "trackers")
    used = used_by_others(config, sections, "")
    return [
        name
        for name in secrets_in(config.secrets_file)
        if name.endswith("_API_KEY") and name not in used
    ]


def secrets_in(path: Path | None) -> dict[str, str]:
    """Read the variables that the key file holds."""
    bindings = parse_stream(StringIO(text_of(path) if path else ""))
    return {one.key: one.value for one in bindings if one.key and one.value and not one.error}


def remove_secret(path: Path, name: str) -> None:
    """Take one variable out; every other line stays as it is."""
    text = text_of(path)
    kept = [one for one in parse_stream(StringIO(text)) if one.key != name or one.error]
    fresh = "".join(one.original.string for one in kept)
    if fresh != text:
        write_private(path, fresh)


def write_secret(path: Path, name: str, value: str) -> None:
    """Set one variable; every other line stays as it is."""
    quoted = value if _PLAIN.fullmatch(value) else "'" + _escaped(value) + "'"
    line = f"{name}={quoted}\n"
    kept: list[str] = []
    is_set = False
    for binding in parse_stream(StringIO(text_of(path))):
        if binding.key != name or binding.error:
            kept.append(binding.original.string)
        elif not is_set:
            kept.append(line)
            is_set = True
    text = "".join(kept)
    if not is_set:
        text += line if not text or text.endswith("\n") else f"\n{line}"
    write_private(path, text)


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace("'", r"\'")
