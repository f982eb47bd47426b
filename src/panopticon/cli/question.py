"""The questions of `pan init`, asked on stderr so that stdout stays for the answer."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import click

from panopticon.cli.face import Face
from panopticon.config import TYPES, Source
from panopticon.errors import AuthFailed, InvalidInput, NotFound, PanError
from panopticon.services.context import Context
from panopticon.services.setup import connection as setup, folder as setup_folder
from panopticon.services.setup.connection import Answers, Place
from panopticon.services.setup.folder import Found

_COMMIT = "Commit every change that pan makes in them to git, one by one?"


@dataclass(frozen=True, slots=True)
class Connecting:
    """What is known so far: answers, folders named, places that a key sees, what folders hold."""

    answers: Answers
    folders: tuple[Path, ...] = ()
    known: list[Place] = field(default_factory=list)
    found: tuple[Found, ...] = ()


def asked(face: Face, ctx: Context, told: Connecting) -> Connecting:
    """Fill in what no flag said; what lies here and what a key sees give the choices."""
    if not told.answers.type:
        told = _typed(face, ctx, told)
    if told.answers.is_local:
        return _filled(face, ctx, told)
    answers, before = told.answers, setup.present(ctx, told.answers)
    if answers.server is None:
        server = _line("Server (empty: the vendor's own)", default=_server_of(before))
        answers = replace(answers, server=server or None)
    answers, known = _opened(face, ctx, answers)
    return Connecting(_chosen_places(face, answers, known, before), known=known)


def _typed(face: Face, ctx: Context, told: Connecting) -> Connecting:
    """Propose what lies here, else ask for the type."""
    for one in setup_folder.found_here(ctx):
        face.err.line(f"{face.err.green(face.err.sign('ok'))} {face.err.clean(one.look.said())}")
        if one.is_known:
            face.err.line("  It is connected already.")
        elif click.confirm("Connect these files?", default=True, err=True):
            return replace(told, answers=replace(told.answers, type=one.type), folders=(one.path,))
    type_ = _line("Tracker", click.Choice(sorted(TYPES)))
    return replace(told, answers=replace(told.answers, type=type_))


def _filled(face: Face, ctx: Context, told: Connecting) -> Connecting:
    """Ask for the folder until one can be read, and whether changes are committed."""
    folders = told.folders
    while True:
        try:
            if not folders:
                text = _line("Folder", default=str(setup_folder.default_folder(ctx)))
                folders = (Path.cwd() / Path(text).expanduser(),)
            answers, found = setup_folder.settled(ctx, told.answers, folders)
            break
        except (NotFound, InvalidInput, RuntimeError) as error:
            if told.folders or not isinstance(error, PanError):
                raise
            face.err.line(f"{face.err.red(face.err.sign('bad'))} {face.err.clean(error.message)}")
            face.err.line(f"  {face.err.hint(error.hint)}")
            folders = ()
    if "commit" not in answers.kept and setup_folder.can_commit(found):
        commit = click.confirm(_COMMIT, default=False, err=True)
        answers = replace(
            answers, kept={**answers.kept, "commit": True} if commit else answers.kept
        )
    return Connecting(answers, folders, found=found)


def _server_of(before: Source | None) -> str:
    return str(before.options.get("server") or "") if before else ""


def _opened(face: Face, ctx: Context, answers: Answers) -> tuple[Answers, list[Place]]:
    """Ask for the key until one opens the door; Enter keeps the one that is set up already."""
    while True:
        if not answers.key:
            kept = setup.completed(ctx, answers).key
            title = (
                "API key (not shown; empty keeps the present one)"
                if kept
                else "API key (not shown)"
            )
            default = "" if kept else None
            key = click.prompt(
                title, hide_input=True, err=True, default=default, show_default=False
            )
            answers = replace(answers, key=str(key).strip() or kept)
        try:
            return answers, setup.places(ctx, answers)
        except AuthFailed as error:
            face.err.line(f"{face.err.red(face.err.sign('bad'))} {face.err.clean(error.message)}")
            answers = replace(answers, key="")


def _chosen_places(
    face: Face, answers: Answers, known: Sequence[Place], before: Source | None
) -> Answers:
    workspaces = [place for place in known if place.kind == "workspace"]
    if answers.workspace is None and len(workspaces) > 1:
        at = _numbers(workspaces, setup.spots(before.options.get("workspace")) if before else ())
        chosen = _choice(face, "Workspace", workspaces, at or "1")
        answers = replace(answers, workspace=chosen[0].id)
    below = setup.inside(known, setup.workspace_of(answers.workspace, known))
    if not answers.projects and below:
        at = _numbers(below, setup.projects_of(before) if before else ())
        title = "Projects (numbers with commas, or all)"
        some = _choice(face, title, below, at or "all", "all")
        answers = replace(answers, projects=tuple(place.id for place in some))
    return answers


def _numbers(places: Sequence[Place], present: Sequence[str]) -> str:
    """Number what is set up already: the answer that Enter gives."""
    found = (
        number for number, place in enumerate(places, 1) if {place.id, place.name} & {*present}
    )
    return ",".join(map(str, found))


def _choice(
    face: Face, title: str, places: Sequence[Place], default: str, all_word: str = ""
) -> list[Place]:
    for number, place in enumerate(places, 1):
        face.err.line(f"  {number:>3}  {face.err.clean(place.name)} ({place.id})")
    while True:
        text = _line(title, default=default)
        if all_word and text.lower() == all_word:
            return []
        numbers = [part.strip() for part in text.split(",") if part.strip()]
        if numbers and all(part.isdigit() and 0 < int(part) <= len(places) for part in numbers):
            return [places[int(part) - 1] for part in numbers]
        face.err.line(f"Give numbers from 1 to {len(places)}.")


def _line(title: str, kind: click.Choice[str] | None = None, default: str | None = None) -> str:
    shown = bool(default)
    return str(
        click.prompt(title, type=kind, default=default, show_default=shown, err=True)
    ).strip()
