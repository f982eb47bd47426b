"""The demo's own world: a fresh sandbox, and settings that point at it and nothing else."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import tomlkit

from panopticon.config import secret_variable
from panopticon.errors import LocalFault
from panopticon.local.file import write_private
from panopticon.services import sandbox
from panopticon.services.sandbox import Options

_STALE = ("config.toml", "secrets.env", ".bmad")


@contextmanager
def world(home: Path, options: Options) -> Iterator[Mapping[str, object]]:
    """Start the sandbox and write the demo's settings; gives what the sandbox said of itself.

    The sandbox starts anew each time, so what was stored of an older one goes first.
    """
    forget(home)
    with sandbox.started(options) as told:
        for name, facts in told.items():
            if isinstance(facts, Mapping):
                _connect(home, name, facts)
        yield told


def forget(home: Path) -> None:
    """Drop the demo's store, cache and settings; the token and the lock stay."""
    try:
        for path in [*home.glob("panopticon.db*"), *(home / name for name in _STALE)]:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
    except OSError as error:
        hint = f"Remove {home} by hand."
        raise LocalFault(f"Cannot clear {error.filename}: {error.strerror}.", hint) from error


def _connect(home: Path, name: str, facts: Mapping[str, object]) -> None:
    """Write one simulated tracker into the demo's settings."""
    path = home / "config.toml"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    document = tomlkit.parse(text)
    trackers = document.setdefault("trackers", tomlkit.table(is_super_table=True))
    section = tomlkit.table()
    section.add("type", name)
    section.add("server", str(facts["url"]))
    for word in ("workspace", "project"):
        place = facts.get(word)
        if isinstance(place, Mapping):
            section.add(word, str(place["oid"]))
            section[word].comment(str(place["name"]))
    trackers[name] = section
    if "username" in facts:
        document.setdefault("pan", tomlkit.table())["me"] = str(facts["username"])
    write_private(path, tomlkit.dumps(document))
    secrets = home / "secrets.env"
    kept = secrets.read_text(encoding="utf-8") if secrets.exists() else ""
    write_private(secrets, f"{kept}{secret_variable(name)}={facts['api_key']}\n")
