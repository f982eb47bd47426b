"""Writing settings into files that others write too: what is not ours stays as it was."""

import re
from collections.abc import Mapping
from io import StringIO
from pathlib import Path

import tomlkit
import yaml
from dotenv.parser import parse_stream
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Table

from panopticon.config import Config, Source, secret_variable
from panopticon.errors import InvalidInput, LocalFault
from panopticon.local.file import write_private
from panopticon.trackers.base import Check

_PLAIN = re.compile(r"[A-Za-z0-9_./:@%+=-]+")


def write_source(path: Path, check: Check, source: Source, me: str | None) -> str:
    """Write a `[trackers.NAME]` section; returns the variable that holds its key."""
    try:
        document = tomlkit.parse(_text(path))
    except TOMLKitError as error:
        raise InvalidInput(
            f"{path} is not valid TOML: {error}.", "Mend that line first."
        ) from error
    trackers = _table(document, "trackers", is_super=True)
    section = _table(trackers, source.name)
    section["type"] = source.type
    env = str(section.get("api_key_env") or secret_variable(source.name))
    section["api_key_env"] = env
    for key in ("server", "workspace", "project", "projects"):
        section.pop(key, None)
    for key, value in _places(check, source).items():
        section[key] = value
    if "workspace" in section:
        section["workspace"].comment(" ".join(check.workspace.split()))
    if me:
        _table(document, "pan")["me"] = me
    write_private(path, tomlkit.dumps(document))
    return env


def _places(check: Check, source: Source) -> dict[str, object]:
    found: dict[str, object] = {}
    if "server" in source.options:
        found["server"] = source.options["server"]
    if workspace := source.options.get("workspace") or check.workspace_id:
        found["workspace"] = workspace
    projects = source.options.get("projects")
    if isinstance(projects, list) and len(projects) == 1:
        found["project"] = projects[0]
    elif projects:
        found["projects"] = projects
    return found


def _table(parent: tomlkit.TOMLDocument | Table, name: str, *, is_super: bool = False) -> Table:
    if not isinstance(parent.get(name), Mapping):
        parent[name] = tomlkit.table(is_super_table=is_super)
    found = parent[name]
    assert isinstance(found, Table)
    return found


def write_secret(path: Path, name: str, value: str) -> None:
    """Set one variable; every other line stays as it is."""
    quoted = value if _PLAIN.fullmatch(value) else "'" + _escaped(value) + "'"
    line = f"{name}={quoted}\n"
    kept: list[str] = []
    is_set = False
    for binding in parse_stream(StringIO(_text(path))):
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


def write_arbiter(config: Config, root: Path | None, arbiter: str) -> Path:
    """Write `arbiter:` where the team shares it; without a repository into projects.yaml."""
    shared = config.folder / "_bmad" / "pantheon" / "config.yaml"
    if shared.is_file():
        path = shared
    else:
        path = root / ".panopticon.yaml" if root else config.home / "projects.yaml"
    text = _text(path)
    if text and not text.endswith("\n"):
        text += "\n"
    text += f"arbiter: {yaml.safe_dump(arbiter, default_style=chr(34), width=10_000).strip()}\n"
    _check_yaml(path, text, arbiter)
    if path.parent == config.home:
        write_private(path, text)
    else:
        path.write_text(text, encoding="utf-8")  # shared with the team: its mode is git's
    return path


def _check_yaml(path: Path, text: str, arbiter: str) -> None:
    """Refuse to write what would not be read back, such as after an unusual last line."""
    try:
        table = yaml.safe_load(text)
    except yaml.YAMLError:
        table = None
    if not isinstance(table, dict) or table.get("arbiter") != arbiter:
        raise InvalidInput(
            f"Cannot add a line to {path}.", f"Write `arbiter: {arbiter}` into it by hand."
        )


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except OSError as error:
        hint = "Check its owner and mode."
        raise LocalFault(f"Cannot read {path}: {error.strerror}.", hint) from error
