"""`pan init`: connect a tracker, by questions or by flags."""

import sys
from typing import Any

import click

from panopticon.cli.command import WordCommand
from panopticon.cli.face import Face, faced
from panopticon.cli.question import asked
from panopticon.cli.terminal import Terminal
from panopticon.config import TYPES
from panopticon.errors import InvalidInput
from panopticon.services import setup
from panopticon.services.setup import Answers, Connection, Saved


@click.command(cls=WordCommand)
@click.option("--tracker", "type_", type=click.Choice(sorted(TYPES)), help="The type of tracker.")
@click.option("--name", help="What to call it here; its type when absent.")
@click.option("--server", help="Its host; the vendor's own when absent.")
@click.option("--workspace", help="Name or id; not needed where the key sees one only.")
@click.option("--project", "--projects", "projects", multiple=True, help="Name or id; repeatable.")
@click.option("--key-stdin", is_flag=True, help="Read the API key from standard input.")
@click.option("--me", help="Your email: what assignee=me means.")
@click.option("--arbiter", help="Who decides claims: git:URL, store:URL, or the tracker's type.")
@click.option("--yes", is_flag=True, help="Write the files without asking.")
@faced
def init(face: Face, *, yes: bool, key_stdin: bool, **words: object) -> None:
    """Connect a tracker: test the key, find the ids, write config.toml and the key file."""
    answers = answers_from(words, sys.stdin.readline() if key_stdin else "")
    with face.context() as ctx:
        if face.can_ask and not yes:
            answers, known = asked(face, ctx, answers)
        else:
            answers = setup.completed(ctx, answers)
            check_complete(answers)
            known = setup.places(ctx, answers)
        connection = setup.connect(ctx, answers, known)
        _confirm(face, setup.replaced(ctx, connection), connection, yes=yes)
        saved = setup.save(ctx, connection)
    face.show(saved.as_json(), lambda out: _draw(out, saved))


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


def answers_from(words: dict[str, object], key: str) -> Answers:
    """Read the flags; one type is taken for granted while there is only one."""
    projects = words.pop("projects", ())
    listed = [part for text in projects for part in str(text).split(",")]  # type: ignore[attr-defined]
    told: dict[str, Any] = {name: str(value) for name, value in words.items() if value is not None}
    type_ = told.pop("type_", None) or (next(iter(TYPES)) if len(TYPES) == 1 else "")
    return Answers(
        type=type_,
        key=key.strip(),
        projects=tuple(text.strip() for text in listed if text.strip()),
        **told,
    )


def check_complete(answers: Answers) -> None:
    """Say what is missing where nobody can be asked."""
    if not answers.key:
        raise InvalidInput(
            "There is no API key.",
            'Pipe it in: `printf %s "$KEY" | pan init --tracker TYPE --key-stdin --yes …`.',
        )
    if not answers.type:
        raise InvalidInput("Which tracker?", f"Give --tracker: {', '.join(sorted(TYPES))}.")


def _draw(out: Terminal, saved: Saved) -> None:
    check = saved.connection.check
    ok = out.green(out.sign("ok"))
    out.line(f"{ok} {out.clean(check.user)} in {out.clean(check.workspace)} ({check.workspace_id})")
    for place in saved.connection.projects:
        out.line(f"  {out.clean(place.name)} ({place.id})")
    for text in saved.as_json()["warnings"]:  # type: ignore[attr-defined]
        out.line(f"{out.amber(out.sign('warn'))} {out.clean(text)}")
    for path in saved.files:
        out.line(f"{ok} wrote {path}")
    out.line(f"  Claims, once they are built, are decided by {out.clean(saved.arbiter)}")
    out.line(out.next("sync"))
