"""Connecting a tracker: look what the key can see, then write the settings and the key."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from panopticon.config import TYPES, Config, Source, plain_name, source_called
from panopticon.config.server import is_same_server
from panopticon.errors import Unsupported
from panopticon.local import lock
from panopticon.local.file import sweep
from panopticon.services.context import Context
from panopticon.services.setup import file as setup_file
from panopticon.services.setup.arbiter import OWN_STORE, chosen, write as write_arbiter
from panopticon.services.setup.place import inside, place_called, tail, workspace_of
from panopticon.trackers.base import Check, Place

__all__ = [
    "Answers",
    "Connection",
    "Place",
    "Saved",
    "completed",
    "connect",
    "inside",
    "is_its_server",
    "places",
    "present",
    "projects_of",
    "replaced",
    "save",
    "spots",
    "workspace_of",
    "write",
    "writing",
]

_WAIT_SECONDS = 10.0
_LEFT_SECONDS = 3600.0  # older files of a writer are a dead one's


@dataclass(frozen=True, slots=True)
class Answers:
    """What a person or a script said about the connection.

    `kept` are the section's further options; for a type that reads folders, they too.
    """

    type: str
    key: str
    name: str | None = None
    server: str | None = None
    workspace: str | None = None
    projects: tuple[str, ...] = ()
    me: str | None = None
    arbiter: str | None = None
    kept: Mapping[str, object] = field(default_factory=dict)

    def source(self) -> Source:
        """Build the source that these answers describe; it is saved nowhere."""
        options: dict[str, object] = dict(self.kept)
        if self.server:
            options["server"] = self.server
        if self.workspace:
            options["workspace"] = self.workspace
        if self.projects:
            options["projects"] = list(self.projects)
        return Source(self.source_name, self.type, options, self.key or None)

    @property
    def source_name(self) -> str:
        """What the connection is called."""
        return self.name or plain_name(self.type)

    @property
    def is_local(self) -> bool:
        """Tell whether folders of this machine are read: no server, no key."""
        return TYPES[self.type].place.are_paths


@dataclass(frozen=True, slots=True)
class Connection:
    """Answers that were tried: ids instead of names, and what the server said."""

    answers: Answers
    check: Check
    projects: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Saved:
    """What was written, and what is worth knowing about it."""

    connection: Connection
    files: tuple[Path, ...]
    arbiter: str
    notes: tuple[str, ...]
    arbiter_file: Path

    @property
    def decides(self) -> str:
        """Say in one line who decides claims, and where that is changed."""
        if self.arbiter == OWN_STORE:
            return (
                f"Claims hold on this machine alone, as {self.arbiter_file} says. A team needs a "
                "git remote or Rally to decide: `pan init --arbiter git:URL`, all of it the same."
            )
        return (
            f"{self.arbiter} decides claims: the whole team must name the same. It is written in "
            f"{self.arbiter_file}; change it there, together."
        )

    @property
    def more(self) -> tuple[str, ...]:
        """Name what else can be set up for claims."""
        hook = "`pan hook install` stops commits and pushes under a claim that was lost."
        type_ = self.connection.answers.type
        fields = f"`pan {type_} setup-fields` shows claims in {TYPES[type_].label} itself."
        has_hook = self.arbiter.startswith("git:")
        return (*([hook] if has_hook else []), *([fields] if TYPES[type_].can_decide else []))

    def as_json(self) -> dict[str, object]:
        """Give it to programs."""
        check = self.connection.check
        return {
            "tracker": self.connection.answers.source().name,
            "user": check.user,
            "workspace": {"name": check.workspace, "id": check.workspace_id},
            "projects": [{"name": p.name, "id": p.id} for p in self.connection.projects],
            "can_write": check.can_write,
            "arbiter": self.arbiter,
            "arbiter_file": str(self.arbiter_file),
            "files": [str(path) for path in self.files],
            "warnings": [*check.warnings, *self.notes],
        }


def completed(ctx: Context, answers: Answers) -> Answers:
    """Take the key that is set up already, where it stays with the server it belongs to."""
    if answers.key:
        return answers
    source = present(ctx, answers)
    if source and source.secret and is_its_server(answers, source):
        return replace(answers, key=source.secret, server=_text(source.options.get("server")))
    return answers


def is_its_server(answers: Answers, source: Source) -> bool:
    """Tell whether a connection's own server is meant; none named means that one."""
    server = source.options.get("server")
    return answers.type == source.type and (
        answers.server is None or is_same_server(TYPES[source.type], answers.server, server)
    )


def present(ctx: Context, answers: Answers) -> Source | None:
    """Find the connection that these answers would replace."""
    return source_called(answers.source_name, ctx.config.sources)


def spots(value: object) -> tuple[str, ...]:
    """Give the ids in a setting: one or several, as numbers or as references."""
    found = value if isinstance(value, list | tuple) else str(value or "").split(",")
    return tuple(tail(str(one)) for one in found if str(one).strip())


def projects_of(source: Source) -> tuple[str, ...]:
    """Give the projects that a connection names."""
    return spots(source.options.get("projects")) + spots(source.options.get("project"))


def replaced(ctx: Context, connection: Connection) -> list[str]:
    """Say what of the present connection would become another: old -> new."""
    before = present(ctx, connection.answers)
    if before is None or connection.answers.is_local:  # folders are added to those there are
        return []
    after = connection.answers.source()
    check = connection.check
    names = {check.workspace_id: check.workspace, **{p.id: p.name for p in connection.projects}}
    old_places = spots(before.options.get("workspace"))
    new_places = spots(after.options.get("workspace") or check.workspace_id)
    pairs = [
        ("server", spots(before.options.get("server")), spots(after.options.get("server"))),
        ("workspace", old_places, new_places),
        ("projects", projects_of(before), projects_of(after)),
    ]
    return [
        f"{word}: {_worded(old, names)} -> {_worded(new, names)}"
        for word, old, new in pairs
        if not _is_same(old, new, names)
    ]


def _is_same(old: Sequence[str], new: Sequence[str], names: Mapping[str, str]) -> bool:
    named = [{one.casefold(), names.get(one, one).casefold()} for one in new]
    return len(old) == len(new) and all(
        any(one.casefold() in spellings for spellings in named) for one in old
    )


def _worded(ids: Sequence[str], names: Mapping[str, str]) -> str:
    shown = (f"{names[one]} ({one})" if one in names else one for one in ids)
    return ", ".join(shown) or "(the default)"


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def places(ctx: Context, answers: Answers) -> list[Place]:
    """List the workspaces and projects that the key may see; raises AuthFailed, Retriable."""
    if answers.is_local:
        return []
    bare = replace(answers, workspace=None, projects=())
    tracker = ctx.open_tracker(bare.source())
    try:
        return tracker.places()
    finally:
        tracker.close()


def connect(ctx: Context, answers: Answers, known: Sequence[Place]) -> Connection:
    """Find the named places, then ask the server; raises NotFound with what there is."""
    workspace = workspace_of(answers.workspace, known)
    below = inside(known, workspace)
    projects = tuple(place_called("project", text, below) for text in answers.projects)
    exact = replace(
        answers,
        workspace=workspace.id if workspace else answers.workspace,
        projects=tuple(place.id for place in projects),
    )
    tracker = ctx.open_tracker(exact.source())
    try:
        return Connection(exact, tracker.check(), projects)
    finally:
        tracker.close()


def save(ctx: Context, connection: Connection) -> Saved:
    """Write config.toml, the key and the arbiter; every file whole or not at all."""
    if ctx.config.is_demo:
        raise Unsupported("The demo sets itself up.", "Leave --demo out to connect your own.")
    answers = connection.answers
    can_decide = connection.check.can_decide
    choice = chosen(ctx.config, answers.arbiter, answers.type, can_decide=can_decide)
    told = ctx.config.fixed.get("arbiter")
    where = ctx.config.folder / told if told else ctx.config.home / "config.toml"
    with writing(ctx.config):
        files = write(ctx.config, connection)
        if choice.is_new:
            where = write_arbiter(ctx.config, choice.arbiter)
            files.append(where)
    notes = (*choice.notes, *_git_notes(files))
    return Saved(connection, tuple(files), choice.arbiter, notes, where)


@contextmanager
def writing(config: Config) -> Iterator[None]:
    """Be the only one who writes settings: two at once would lose one another's change."""
    with lock.held(config.home / "settings.lock", "Writing the settings", _WAIT_SECONDS):
        for path in (config.home / "config.toml", config.secrets_file):
            if path:
                sweep(path, time.time() - _LEFT_SECONDS)
        yield


def write(config: Config, connection: Connection) -> list[Path]:
    """Write the section and the key of a connection; gives the files."""
    assert config.secrets_file is not None
    path, answers = config.home / "config.toml", connection.answers
    source = answers.source()
    own = {"me": answers.me, "default_tracker": _new_default(config, source.name)}
    if not answers.key:  # the section itself says who signs in
        setup_file.write_source(path, connection.check, source, own)
        return [path]
    env = setup_file.key_variable(config, path, source.name, answers.key)
    source = replace(source, secret_env=env)
    setup_file.write_source(path, connection.check, source, own)
    setup_file.write_secret(config.secrets_file, env, answers.key)
    return [path, config.secrets_file]


def _new_default(config: Config, name: str) -> str | None:
    """Name what becomes the default where none is set yet: the first that was there, else this."""
    names = [source.name for source in config.sources] or [name]
    return None if config.default_tracker in names else names[0]


def _git_notes(files: Sequence[Path]) -> tuple[str, ...]:
    """Say which file of ours belongs into the team's repository."""
    if any(path.name == ".panopticon.yaml" for path in files):
        return ("Commit .panopticon.yaml: the whole team shares it.",)
    return ()
