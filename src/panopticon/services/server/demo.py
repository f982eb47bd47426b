"""The demo's own world: a fresh sandbox and a repository, and settings that point at them alone."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import tomlkit

from panopticon.config import secret_variable
from panopticon.errors import LocalFault, PanError
from panopticon.local.file import write_private
from panopticon.local.git.made import make
from panopticon.model.disk import Author
from panopticon.sandbox.catalog.repository import repository
from panopticon.services import link as links
from panopticon.services.context import Context, utc_now
from panopticon.services.server import sandbox
from panopticon.services.server.sandbox import Options

_STALE = ("config.toml", "secrets.env", ".bmad", "ddc-connect")
_STORIES = "stories"
_POLL_SECONDS = 10  # whoever edits a story file looks at the board next
_LINKS = (("US202", "blocks", f"{_STORIES}:3.1"),)


@contextmanager
def world(home: Path, options: Options) -> Iterator[Mapping[str, object]]:
    """Start the sandbox and write the demo's settings; gives what the sandbox said of itself.

    The sandbox starts anew each time, so what was stored of an older one goes first.
    """
    forget(home)
    with sandbox.started(options) as told:
        simulated = {name: facts for name, facts in told.items() if isinstance(facts, Mapping)}
        for name, facts in simulated.items():
            _connect(home, name, facts)
        _connect_stories(home, next(iter(simulated.values()), {}))
        yield told


def link(ctx: Context) -> None:
    """Link a few items of the two trackers, where both are there."""
    for here, word, there in _LINKS:
        with suppress(PanError):
            links.link(ctx, here, word, there)


def forget(home: Path) -> None:
    """Drop the demo's store, cache, repository and settings; the token and the lock stay."""
    try:
        for path in [*home.glob("panopticon.db*"), *(home / name for name in _STALE)]:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
    except OSError as error:
        hint = f"Remove {home} by hand."
        raise LocalFault(f"Cannot clear {error.filename}: {error.strerror}.", hint) from error


def _connect_stories(home: Path, facts: Mapping[str, object]) -> None:
    """Make the repository with story files and write it into the demo's settings, as the second."""
    email = str(facts.get("username", "demo@example.com"))
    me = Author(email.partition("@")[0].replace(".", " ").title(), email)
    told = repository(utc_now())
    make(home / told.name, told.revisions, me)
    path = home / "config.toml"
    document = tomlkit.parse(path.read_text(encoding="utf-8") if path.exists() else "")
    trackers = document.setdefault("trackers", tomlkit.table(is_super_table=True))
    first = next(iter(trackers), None)
    section = tomlkit.table()
    section.update({"type": "markdown", "folders": [str(home / told.name)], "commit": True})
    trackers[_STORIES] = section
    pan = document.setdefault("pan", tomlkit.table())
    pan["poll_seconds"] = _POLL_SECONDS
    if first:
        pan["default_tracker"] = first
    write_private(path, tomlkit.dumps(document))


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
