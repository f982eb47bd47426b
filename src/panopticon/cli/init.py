"""`pan init`: connect a tracker, by questions or by flags."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from panopticon.cli.command import WordCommand
from panopticon.cli.face import Face, faced
from panopticon.cli.question import Connecting, asked
from panopticon.cli.terminal import Terminal
from panopticon.config import TYPES
from panopticon.errors import InvalidInput
from panopticon.model.issue import Kind
from panopticon.model.look import counted
from panopticon.services import person
from panopticon.services.context import Context
from panopticon.services.setup import connection as setup, folder as setup_folder
from panopticon.services.setup.connection import Answers, Connection, Saved
from panopticon.services.setup.folder import Found

_SHOWN = 3  # problems of files; the doctor lists them
_NOBODY = (
    "Who you are is not known: `git config --global user.email you@example.com` says it. "
    "Until then you can read and write, but nothing is found as yours."
)


@click.command(cls=WordCommand)
@click.option("--tracker", "type_", type=click.Choice(sorted(TYPES)), help="The type of tracker.")
@click.option("--name", help="What to call it here; rally or stories when absent.")
@click.option(
    "--folder",
    "--folders",
    "folders",
    multiple=True,
    help="Story files: a repository, or a folder in it; this repository when absent; repeatable.",
)
@click.option("--commit", is_flag=True, help="Story files: commit every change by itself.")
@click.option("--server", help="Its host; the vendor's own when absent.")
@click.option("--workspace", help="Name or id; not needed where the key sees one only.")
@click.option("--project", "--projects", "projects", multiple=True, help="Name or id; repeatable.")
@click.option("--key-stdin", is_flag=True, help="Read the API key from standard input.")
@click.option("--me", help="Your email: what assignee=me means.")
@click.option(
    "--arbiter",
    help="Who decides claims: git:URL, a tracker's type, or store:local; one for the whole team.",
)
@click.option("--yes", is_flag=True, help="Write the files without asking.")
@faced
def init(face: Face, *, yes: bool, key_stdin: bool, **words: object) -> None:
    """Connect a tracker: story files of a repository, or a server and its key.

    Story files are found by themselves: nothing but --yes is needed in their repository.
    """
    told = told_from(words, sys.stdin.readline() if key_stdin else "")
    with face.context() as ctx:
        told = asked(face, ctx, told) if face.can_ask and not yes else completed(ctx, told, yes=yes)
        connection = setup.connect(ctx, told.answers, told.known)
        _confirm(face, setup.replaced(ctx, connection), connection, yes=yes)
        saved = setup.save(ctx, connection)
        if connection.answers.is_local:
            notes = setup_folder.hidden(ctx, connection.answers)
            saved = replace(saved, notes=(*saved.notes, *notes))
        me = connection.answers.me or person.known(ctx)
    if not me:
        saved = replace(saved, notes=(*saved.notes, _NOBODY))
    found = told.found
    document = saved.as_json() | {"found": [one.as_json() for one in found]}
    face.show(document, lambda out: _draw(out, saved, found, me))


def _confirm(face: Face, changes: list[str], connection: Connection, *, yes: bool) -> None:
    """Show what would be replaced, and go on only when somebody agrees."""
    if not changes or yes:
        return
    name = connection.answers.source().name
    if not face.can_ask:
        raise InvalidInput(
            f"{name!r} is connected already; this would change {'; '.join(changes)}.",
            "Give --yes (yes=true) to replace it, or --name for a second connection.",
        )
    for change in changes:
        face.err.line(f"  {face.err.clean(change)}")
    face.confirm(f"Replace the connection {name!r}?", yes=yes)


def told_from(words: dict[str, object], key: str) -> Connecting:
    """Read the flags; what is said tells the type where only one takes it."""
    projects, folders = _parts(words.pop("projects", ())), _parts(words.pop("folders", ()))
    kept = {"commit": True} if words.pop("commit", False) else {}
    told: dict[str, Any] = {name: str(value) for name, value in words.items() if value is not None}
    type_ = told.pop("type_", None) or ""
    answers = Answers(type=type_, key=key.strip(), projects=projects, kept=kept, **told)
    is_remote = answers.key or projects or told.keys() & {"server", "workspace"}
    if not type_ and (folders or kept or is_remote):
        local = bool(folders or kept)
        types = [name for name, one in TYPES.items() if one.place.are_paths is local]
        answers = replace(answers, type=types[0] if len(types) == 1 else "")
    _check_fitting(answers, folders, has_remote=bool(is_remote))
    return Connecting(answers, tuple(Path.cwd() / Path(one).expanduser() for one in folders))


def _parts(texts: object) -> tuple[str, ...]:
    """Take apart what was given several times, or with commas."""
    several = texts if isinstance(texts, Iterable) else ()
    return tuple(part.strip() for text in several for part in str(text).split(",") if part.strip())


def _check_fitting(answers: Answers, folders: tuple[str, ...], *, has_remote: bool) -> None:
    """Refuse what the type does not take: it would be dropped without a word."""
    if not answers.type:
        return
    label = TYPES[answers.type].label
    if answers.is_local and has_remote:
        raise InvalidInput(f"{label} take no key, server or project.", "Give --folder PATH.")
    if not answers.is_local and (folders or answers.kept):
        hint = "Give --tracker markdown for story files; both can be connected, one by one."
        raise InvalidInput(f"{label} takes no --folder and no --commit.", hint)


def completed(ctx: Context, told: Connecting, *, yes: bool) -> Connecting:
    """Fill in what nobody can be asked for; raises InvalidInput naming what is missing."""
    answers = told.answers
    if not answers.type:
        answers = replace(answers, type=_found_type(ctx, yes=yes))
    if answers.is_local:
        answers, found = setup_folder.settled(ctx, answers, told.folders)
        return Connecting(answers, told.folders, found=found)
    answers = setup.completed(ctx, answers)
    if not answers.key:
        raise InvalidInput(
            "There is no API key.",
            'Pipe it in: `printf %s "$KEY" | pan init --tracker TYPE --key-stdin --yes …`.',
        )
    return Connecting(answers, known=setup.places(ctx, answers))


def _found_type(ctx: Context, *, yes: bool) -> str:
    """Take what lies here; raises InvalidInput where nothing does, or nobody said yes."""
    found = setup_folder.found_here(ctx)
    if found and yes:
        return found[0].type
    if found:
        one = found[0]
        hint = "`pan init --yes` connects them; `pan init --tracker TYPE` something else."
        raise InvalidInput(f"Which tracker? There is {one.look.said()}.", hint)
    reason = setup_folder.nothing_here(ctx)
    raise InvalidInput(
        f"Which tracker? {reason.message}",
        f"{reason.hint} To connect {_remote_labels()} instead: `pan init` in a terminal asks, a "
        'script writes `printf %s "$KEY" | pan init --key-stdin --yes`.',
    )


def _remote_labels() -> str:
    return " or ".join(one.label for one in TYPES.values() if not one.place.are_paths)


def _draw(out: Terminal, saved: Saved, found: tuple[Found, ...], me: str | None) -> None:
    check = saved.connection.check
    ok, warn = out.green(out.sign("ok")), out.amber(out.sign("warn"))
    for one in found:
        out.line(f"{ok} {out.clean(one.look.said())}")
        out.line(f"  {out.clean(str(one.path))}{', read already' if one.is_known else ''}")
    if saved.connection.answers.is_local:
        who = f"; you are {out.clean(me)}" if me else ""
        out.line(f"{ok} {_connected(out, saved, found)}{who}")
        # Who nobody is says so below, once.
        _draw_problems(out, check.warnings if check.user else check.warnings[1:])
    else:
        where = f"{out.clean(check.workspace)} ({check.workspace_id})"
        out.line(f"{ok} {out.clean(check.user)} in {where}")
    for place in saved.connection.projects:
        out.line(f"  {out.clean(place.name)} ({place.id})")
    for text in () if saved.connection.answers.is_local else check.warnings:
        out.line(f"{warn} {out.clean(text)}")
    for path in saved.files:
        out.line(f"{ok} wrote {path}")
    out.line(f"{ok} {out.clean(saved.decides)}")
    for text in saved.notes:
        out.line(f"{warn} {out.clean(text)}")
    for text in saved.more:
        out.line(f"  {out.hint(text)}")
    out.line(out.next("sync"))


def _connected(out: Terminal, saved: Saved, found: tuple[Found, ...]) -> str:
    """Say what was read; it is more than the files where epics and sprint-status name others."""
    counts = saved.connection.check.counts
    words = [counted(count, kind.value) for kind, count in counts.items() if count]
    name = out.clean(saved.connection.answers.source_name)
    has_more = counts.get(Kind.STORY, 0) > sum(one.look.stories for one in found) > 0
    more = " (some are only named in epics files or sprint-status)" if has_more else ""
    return f"Connected as {name}: {', '.join(words) or 'nothing in it yet'}{more}"


def _draw_problems(out: Terminal, problems: Sequence[str]) -> None:
    """Show the first problems of the files; they keep nothing from being read."""
    if not problems:
        return
    out.line(f"{out.amber(out.sign('warn'))} Worth mending in the files:")
    for text in problems[:_SHOWN]:
        out.line(f"    {out.clean(text)}")
    if len(problems) > _SHOWN:
        out.line(f"    There is more: {out.hint('`pan doctor` lists it.')}")
