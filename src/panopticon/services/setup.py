"""Connecting a tracker: look what the key can see, then write the settings and the key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from panopticon.config import Source, source_called
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
    "completed",
    "connect",
    "inside",
    "places",
    "present",
    "projects_of",
    "proposed_arbiter",
    "replaced",
    "save",
    "spots",
    "workspace_of",
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


def completed(ctx: Context, answers: Answers) -> Answers:
    """Take the key that is set up already, where it stays with the server it belongs to."""
    if answers.key:
        return answers
    source = present(ctx, answers)
    if source and source.secret and answers.server in {None, source.options.get("server")}:
        return replace(answers, key=source.secret, server=_text(source.options.get("server")))
    return answers


def present(ctx: Context, answers: Answers) -> Source | None:
    """Find the connection that these answers would replace."""
    return source_called(answers.name or answers.type, ctx.config.sources)


def spots(value: object) -> tuple[str, ...]:
    """Give the ids in a setting: one or several, as numbers or as references."""
    found = value if isinstance(value, list | tuple) else str(value or "").split(",")
    return tuple(_tail(str(one)) for one in found if str(one).strip())


def projects_of(source: Source) -> tuple[str, ...]:
    """Give the projects that a connection names."""
    return spots(source.options.get("projects")) + spots(source.options.get("project"))


def replaced(ctx: Context, connection: Connection) -> list[str]:
    """Say what of the present connection would become another: old -> new."""
    before = present(ctx, connection.answers)
    if before is None:
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


def _tail(text: str) -> str:
    return text.strip().rstrip("/").rsplit("/", 1)[-1]


def _text(value: object) -> str | None:
    return None if value is None else str(value)


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
    workspace = workspace_of(answers, known)
    below = inside(known, workspace)
    projects = tuple(_place("project", text, below) for text in answers.projects)
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


def inside(known: Sequence[Place], workspace: Place | None) -> list[Place]:
    """List the projects of a workspace, those inside other projects too."""
    above = {place.id: place.parent for place in known}
    projects = [place for place in known if place.kind == "project"]
    if workspace is None:
        return projects
    return [place for place in projects if workspace.id in _chain(place.id, above)]


def _chain(start: str, above: Mapping[str, str | None]) -> set[str]:
    found: set[str] = set()
    at: str | None = start
    while at is not None and at not in found:
        found.add(at)
        at = above.get(at)
    return found


def workspace_of(answers: Answers, known: Sequence[Place]) -> Place | None:
    """Find the workspace; the only one there is needs no name."""
    workspaces = [place for place in known if place.kind == "workspace"]
    if answers.workspace is not None:
        return _place("workspace", answers.workspace, workspaces)
    if len(workspaces) > 1:
        hint = f"Give --workspace. There is {_names(workspaces)}."
        raise InvalidInput("Which workspace?", hint)
    return workspaces[0] if workspaces else None


def _place(kind: str, text: str, known: Sequence[Place]) -> Place:
    """Find a place by id, by reference or by name."""
    tail = _tail(text)
    exact = [place for place in known if place.id == tail]
    found = exact or [p for p in known if p.name.casefold() == text.strip().casefold()]
    if len(found) > 1:
        raise InvalidInput(f"Several places are called {text!r}.", f"Give the id: {_names(found)}.")
    if found:
        return found[0]
    raise NotFound(
        f"The key sees no {kind} {text!r}.",
        f"There is {_names(known)}." if known else f"It sees no {kind} at all: ask for access.",
        candidates=[{"id": place.id, "name": place.name} for place in known],
    )


def _names(known: Sequence[Place]) -> str:
    shown = ", ".join(f"{place.name} ({place.id})" for place in known[:12])
    return shown + (f" and {len(known) - 12} more" if len(known) > 12 else "")  # noqa: PLR2004


def proposed_arbiter(ctx: Context, connection: Connection) -> str:
    """Propose who decides claims: the shared git remote, the tracker, else this machine's store."""
    if remote := git.remote(ctx.config.folder):
        return f"git:{remote}"
    if connection.check.can_decide:
        return connection.answers.type
    return f"store:{ctx.config.database}"


def save(ctx: Context, connection: Connection) -> Saved:
    """Write config.toml, the key and the arbiter; every file whole or not at all."""
    if ctx.config.is_demo:
        raise Unsupported("The demo sets itself up.", "Leave --demo out to connect your own.")
    answers = connection.answers
    arbiter = answers.arbiter or ctx.config.arbiter or proposed_arbiter(ctx, connection)
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
    return Saved(connection, tuple(files), arbiter, _git_notes(files))


def _git_notes(files: Sequence[Path]) -> tuple[str, ...]:
    """Say which file of ours belongs into the team's repository."""
    if any(path.name == ".panopticon.yaml" for path in files):
        return ("Commit .panopticon.yaml: the whole team shares it.",)
    return ()


def _check_arbiter(text: str) -> None:
    kind, _, rest = text.partition(":")
    if text != kind and rest and kind in {"git", "store"}:
        return
    if text.isidentifier() and kind not in {"git", "store"}:
        return  # a tracker's type that can decide by itself
    raise InvalidInput(
        f"{text!r} names no arbiter.", "Write git:<remote url>, store:<url>, or the tracker's type."
    )
