"""Connecting a tracker: look what the key can see, then write the settings and the key."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from panopticon.config import Source
from panopticon.errors import InvalidInput, NotFound, Unsupported
from panopticon.local import git
from panopticon.services import setup_file
from panopticon.services.context import Context
from panopticon.trackers.base import Check, Place

__all__ = [
    "Answers",
    "Connection",
    "Place",
    "Saved",
    "connect",
    "places",
    "proposed_arbiter",
    "save",
]


@dataclass(frozen=True, slots=True)
class Answers:
    """What a person or a script said about the connection."""

    type: str
    key: str
    name: str | None = None
    server: str | None = None
    workspace: str | None = None
    projects: tuple[str, ...] = ()
    me: str | None = None
    arbiter: str | None = None

    def source(self) -> Source:
        """Build the source that these answers describe; it is saved nowhere."""
        options: dict[str, object] = {}
        if self.server:
            options["server"] = self.server
        if self.workspace:
            options["workspace"] = self.workspace
        if self.projects:
            options["projects"] = list(self.projects)
        return Source(self.name or self.type, self.type, options, self.key)


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
            "files": [str(path) for path in self.files],
            "warnings": [*check.warnings, *self.notes],
        }


def places(ctx: Context, answers: Answers) -> list[Place]:
    """List the workspaces and projects that the key may see; raises AuthFailed, Retriable."""
    bare = replace(answers, workspace=None, projects=())
    tracker = ctx.open_tracker(bare.source())
    try:
        return tracker.places()
    finally:
        tracker.close()


def connect(ctx: Context, answers: Answers, known: Sequence[Place]) -> Connection:
    """Find the named places, then ask the server; raises NotFound with what there is."""
    workspaces = [place for place in known if place.kind == "workspace"]
    workspace = _workspace(answers.workspace, workspaces)
    inside = [
        place
        for place in known
        if place.kind == "project"
        and (workspace is None or place.parent in {None, workspace.id, workspace.name})
    ]
    projects = tuple(_place("project", text, inside) for text in answers.projects)
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


def _workspace(text: str | None, known: Sequence[Place]) -> Place | None:
    """Find the workspace; the only one there is needs no name."""
    if text is not None:
        return _place("workspace", text, known)
    if len(known) > 1:
        raise InvalidInput("Which workspace?", f"Give --workspace. There is {_names(known)}.")
    return known[0] if known else None


def _place(kind: str, text: str, known: Sequence[Place]) -> Place:
    """Find a place by id, by reference or by name."""
    tail = text.strip().rstrip("/").rsplit("/", 1)[-1]
    for place in known:
        if tail == place.id or text.strip().casefold() == place.name.casefold():
            return place
    raise NotFound(
        f"The key sees no {kind} {text!r}.",
        f"There is {_names(known)}." if known else f"It sees no {kind} at all: ask for access.",
        candidates=[{"id": place.id, "name": place.name} for place in known],
    )


def _names(known: Sequence[Place]) -> str:
    shown = ", ".join(f"{place.name} ({place.id})" for place in known[:12])
    return shown + (f" and {len(known) - 12} more" if len(known) > 12 else "")  # noqa: PLR2004


def proposed_arbiter(ctx: Context) -> str:
    """Propose who decides claims: the shared git remote, else this machine's store."""
    remote = git.remote(ctx.config.folder)
    return f"git:{remote}" if remote else f"store:{ctx.config.database}"


def save(ctx: Context, connection: Connection) -> Saved:
    """Write config.toml, the key and the arbiter; every file whole or not at all."""
    if ctx.config.is_demo:
        raise Unsupported("The demo sets itself up.", "Leave --demo out to connect your own.")
    answers = connection.answers
    arbiter = answers.arbiter or ctx.config.arbiter or proposed_arbiter(ctx)
    _check_arbiter(arbiter)
    if ctx.config.arbiter and ctx.config.arbiter != arbiter:
        raise InvalidInput(
            f"Claims are already decided by {ctx.config.arbiter}.",
            "All of a team must name the same arbiter: change it in the file by hand, together.",
        )
    assert ctx.config.secrets_file is not None
    source = answers.source()
    env = setup_file.write_source(
        ctx.config.home / "config.toml", connection.check, source, answers.me
    )
    setup_file.write_secret(ctx.config.secrets_file, env, answers.key)
    files = [ctx.config.home / "config.toml", ctx.config.secrets_file]
    if not ctx.config.arbiter:
        files.append(setup_file.write_arbiter(ctx.config, git.root(ctx.config.folder), arbiter))
    return Saved(connection, tuple(files), arbiter, ())


def _check_arbiter(text: str) -> None:
    kind, _, rest = text.partition(":")
    if text != kind and rest and kind in {"git", "store"}:
        return
    if text.isidentifier() and kind not in {"git", "store"}:
        return  # a tracker's type that can decide by itself
    raise InvalidInput(
        f"{text!r} names no arbiter.", "Write git:<remote url>, store:<url>, or the tracker's type."
    )
