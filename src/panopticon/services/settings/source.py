"""Connecting, testing and removing trackers from the settings page.

A saved key goes to its own server only. A connection that does not work is not saved, and one that
comes from elsewhere than the home's own files is not changed here. What differs between types that
have a server and those that are folders stands in `_settled`.
"""

import re
import time
from dataclasses import dataclass, replace
from pathlib import Path

from panopticon.config import TYPES, Config, Source, source_called
from panopticon.errors import InvalidInput, PanError, Unsupported
from panopticon.services import tracker
from panopticon.services.context import Context
from panopticon.services.inputs import folders_of, inputs_of
from panopticon.services.settings import (
    folder as settings_folder,
    look as settings_look,
    place as settings_place,
)
from panopticon.services.settings.file import commit, update, why_not
from panopticon.services.settings.validate import safe_server
from panopticon.services.setup import connection as setup, file as setup_file
from panopticon.services.setup.connection import Answers, Connection, Place
from panopticon.services.setup.toml import Put, change, section_of
from panopticon.services.tracker import Tested

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
_RESERVED = frozenset({"primary", "secondary"})  # words of [trackers] that name a section
_PLACES = frozenset({"server", "workspace", "project", "projects"})


@dataclass(frozen=True, slots=True)
class Kept:
    """What a save did."""

    name: str
    is_new: bool
    files: tuple[Path, ...]
    warnings: tuple[str, ...]


def places(ctx: Context, answers: Answers) -> list[Place]:
    """List what the key may see; raises what the tracker says."""
    return setup.places(ctx, _settled(ctx, answers))


def tested(ctx: Context, answers: Answers) -> Tested:
    """Try a connection that is saved nowhere."""
    settled = _settled(ctx, answers)
    begun = time.monotonic()
    try:
        opened = ctx.open_tracker(settled.source())
    except PanError as error:
        return Tested(settled.source().name, None, error, time.monotonic() - begun, None)
    try:
        return tracker.asked(settled.source().name, opened, ctx.now)
    finally:
        opened.close()


def tested_again(ctx: Context, name: str) -> Tested:
    """Test a saved connection, and keep what its places are called."""
    found = tracker.tested(ctx, name)
    if told := found.check:
        named = {told.workspace_id: told.workspace, told.project_id or "": told.project or ""}
        settings_place.remember(ctx, found.name, named)
    return found


def save(ctx: Context, answers: Answers) -> Kept:
    """Test a connection, then write it and go on with it; raises the tracker's own reason."""
    name = answers.name or ""
    is_new = source_called(name, ctx.config.sources) is None
    _check_name(ctx, name, answers.type)
    settled = _settled(ctx, answers)
    connection = setup.connect(ctx, settled, setup.places(ctx, settled))
    files: list[Path] = []

    def check(config: Config) -> None:
        _check_read_back(config, connection)

    default = _default(ctx)
    commit(ctx, lambda: files.extend(setup.write(ctx.config, connection)), check)
    if default and default != _default(ctx):  # sources stand in the order of their types
        update(ctx, {"default_tracker": default})
    names = {place.id: place.name for place in connection.projects}
    seen = connection.check
    settings_place.remember(ctx, name, {seen.workspace_id: seen.workspace, **names})
    warnings = list(seen.warnings)
    if seen.can_write is False:
        files_only = "These files may be read but not written."
        warnings.insert(0, files_only if settled.is_local else "This key may read but not write.")
    return Kept(name, is_new, tuple(files), tuple(warnings))


def _default(ctx: Context) -> str | None:
    return next((one.source.name for one in tracker.listed(ctx) if one.is_default), None)


def remove(ctx: Context, name: str) -> None:
    """Take a source out of the settings, with its key; what is stored of it is shown no more."""
    source = ctx.source(name)
    _check_editable(ctx, name)
    path = ctx.config.home / "config.toml"

    def check(config: Config) -> None:
        if left := next((one for one in config.sources if one.name == source.name), None):
            raise _elsewhere(left)

    commit(ctx, lambda: _erase(ctx.config, path, source), check)


def _erase(config: Config, path: Path, source: Source) -> None:
    trackers = section_of(path, "trackers")
    puts = [Put(("trackers", source.name), None)]
    if trackers.get("primary") == source.name:
        puts.append(Put(("trackers", "primary"), None))
    if section_of(path, "pan").get("default_tracker") == source.name:
        left = [one.name for one in config.sources if one.name != source.name]
        puts.append(Put(("pan", "default_tracker"), left[0] if len(left) > 1 else None))
    used = setup_file.used_by_others(config, trackers, source.name)
    # First the key: who is killed in between leaves a source without one, not one that nobody sees.
    if source.secret_env and source.secret_env not in used and config.secrets_file:
        setup_file.remove_secret(config.secrets_file, source.secret_env)
    change(path, puts)


def _settled(ctx: Context, answers: Answers) -> Answers:
    """Complete what was typed by what is saved, where it is meant for the same server."""
    if answers.type not in TYPES:
        raise InvalidInput(f"There is no {answers.type!r} tracker.", f"Known: {', '.join(TYPES)}.")
    _refuse_foreign(answers)
    if answers.is_local:
        settled = settings_folder.settled(ctx, answers)
        settings_look.check(ctx, settled)
        return settled
    if answers.key and not answers.key.isprintable():
        raise InvalidInput("The key holds odd characters.", "Copy it once more.")
    source = source_called(answers.name, ctx.config.sources) if answers.name else None
    if source is not None and setup.is_its_server(answers, source):
        kept = {key: value for key, value in source.options.items() if key not in _PLACES}
        server = str(source.options["server"]) if "server" in source.options else None
        key = answers.key or source.secret or ""
        settled = replace(answers, key=key, server=server, kept=kept)
    else:
        server = safe_server(answers.server) if answers.server else None
        settled = replace(answers, server=server)
    if not settled.key and not settled.kept.keys() & TYPES[answers.type].sign_in_keys:
        hint = "Type its key." if source is None else "A saved key goes to its own server only."
        raise InvalidInput("There is no API key for this server.", hint)
    return settled


def _refuse_foreign(answers: Answers) -> None:
    """Refuse what this type of tracker does not take: it would be dropped without a word."""
    words = TYPES[answers.type]
    given = {
        "key": answers.key and not words.needs_key,
        "server": answers.server and "server" not in words.place.words,
        "workspace": answers.workspace and "workspace" not in words.place.words,
        "projects": answers.projects and words.place.are_paths,
        **{name: name not in words.keys for name in answers.kept},
    }
    if odd := next((name for name, is_odd in given.items() if is_odd), None):
        takes = ", ".join(one.label.lower() for one in inputs_of(words))
        raise InvalidInput(f"{words.label} takes no `{odd}`.", f"It takes {takes}.")


def _check_name(ctx: Context, name: str, type_: str) -> None:
    if not _NAME.fullmatch(name) or name in _RESERVED:
        raise InvalidInput(
            f"{name[:80]!r} cannot be the name of a connection.",
            "Use up to 40 letters, digits, - and _.",
        )
    _check_editable(ctx, name)
    trackers = section_of(ctx.config.home / "config.toml", "trackers")
    if (section := trackers.get(name)) is None:
        return
    own_type = section.get("type", name) if isinstance(section, dict) else None
    if own_type != type_:
        raise InvalidInput(
            f"config.toml holds something else under the name {name!r}.", "Choose another name."
        )


def _check_editable(ctx: Context, name: str) -> None:
    if reason := why_not(ctx, name):
        raise Unsupported(f"{name!r} cannot be changed here. {reason}", "`pan doctor` says more.")


def _check_read_back(config: Config, connection: Connection) -> None:
    """Refuse a save that something stronger than the files would hide."""
    wanted = connection.answers.source()
    found = next((one for one in config.sources if one.name == wanted.name), None)
    if found is None:
        raise InvalidInput(
            f"{wanted.name!r} would not be read: a stronger place switches it off or hides it.",
            "`pan doctor` names the places; see docs/configuration.md for what wins.",
        )
    is_same = setup.projects_of(found) == setup.projects_of(wanted)
    is_same = is_same and folders_of(found) == folders_of(wanted)
    if found.told_by or not is_same or (wanted.secret or found.secret) != found.secret:
        raise _elsewhere(found)


def _elsewhere(found: Source) -> InvalidInput:
    return InvalidInput(
        f"{found.name!r} is decided by {found.told_by or 'another place'}, which is stronger.",
        "Change it there; see docs/configuration.md for what wins.",
    )
