"""The questions of `pan init`, asked on stderr so that stdout stays for the answer."""

from collections.abc import Sequence
from dataclasses import replace

import click

from panopticon.cli.face import Face
from panopticon.config import TYPES
from panopticon.services import setup
from panopticon.services.context import Context
from panopticon.services.setup import Answers, Place


def asked(face: Face, ctx: Context, answers: Answers) -> tuple[Answers, list[Place]]:
    """Fill in what no flag said; the key's own view of the server gives the choices."""
    if not answers.type:
        answers = replace(answers, type=_line("Tracker", click.Choice(sorted(TYPES))))
    if answers.server is None:
        server = _line("Server (empty: the vendor's own)", default="")
        answers = replace(answers, server=server or None)
    if not answers.key:
        key = click.prompt("API key (not shown)", hide_input=True, err=True)
        answers = replace(answers, key=str(key).strip())
    known = setup.places(ctx, answers)
    answers = _chosen_places(face, answers, known)
    arbiter = answers.arbiter or ctx.config.arbiter or setup.proposed_arbiter(ctx)
    if not answers.arbiter and not ctx.config.arbiter:
        arbiter = _line("Who decides claims", default=arbiter)
    return replace(answers, arbiter=arbiter), known


def _chosen_places(face: Face, answers: Answers, known: Sequence[Place]) -> Answers:
    workspaces = [place for place in known if place.kind == "workspace"]
    if answers.workspace is None and len(workspaces) > 1:
        chosen = _choice(face, "Workspace", workspaces)
        answers = replace(answers, workspace=chosen[0].id)
    below = setup.inside(known, setup.workspace_of(answers, known))
    if not answers.projects and below:
        some = _choice(face, "Projects (numbers with commas; empty: all)", below, is_optional=True)
        answers = replace(answers, projects=tuple(place.id for place in some))
    return answers


def _choice(
    face: Face, title: str, places: Sequence[Place], *, is_optional: bool = False
) -> list[Place]:
    for number, place in enumerate(places, 1):
        face.err.line(f"  {number:>3}  {face.err.clean(place.name)} ({place.id})")
    while True:
        text = _line(title, default="" if is_optional else "1")
        numbers = [part.strip() for part in text.split(",") if part.strip()]
        if all(part.isdigit() and 0 < int(part) <= len(places) for part in numbers):
            return [places[int(part) - 1] for part in numbers]
        face.err.line(f"Give numbers from 1 to {len(places)}.")


def _line(title: str, kind: click.Choice[str] | None = None, default: str | None = None) -> str:
    shown = bool(default)
    return str(
        click.prompt(title, type=kind, default=default, show_default=shown, err=True)
    ).strip()
