"""`pan trackers list | test`: what is configured, and whether it answers."""

import click

from panopticon.cli.command import WordCommand, WordGroup
from panopticon.cli.face import Face, faced
from panopticon.cli.table import Column, lines
from panopticon.cli.terminal import Terminal
from panopticon.errors import InvalidInput
from panopticon.model.look import counted
from panopticon.services import tracker
from panopticon.services.sync.report import said_of
from panopticon.services.tracker import Configured, Tested


@click.group(cls=WordGroup)
def trackers() -> None:
    """List the configured trackers and test them."""


@trackers.command("list", cls=WordCommand)
@faced
def list_(face: Face) -> None:
    """Show what is configured; asks no server."""
    with face.context() as ctx:
        found = tracker.listed(ctx)
    face.show([one.as_json() for one in found], lambda out: _draw_list(out, found))


@trackers.command(cls=WordCommand)
@click.argument("name", required=False)
@faced
def test(face: Face, *, name: str | None) -> int:
    """Ask a tracker (or all of them) who we are and what is there."""
    if name is not None and not name.strip():
        raise InvalidInput("The tracker's name is empty.", "Name one, or leave it away for all.")
    with face.trackers() as ctx:
        names = [name] if name else [source.name for source in ctx.config.sources]
        answers = [tracker.tested(ctx, one) for one in names]
    documents = [answer.as_json() for answer in answers]
    face.show(documents[0] if name else documents, lambda out: _draw_tests(out, answers))
    return next((answer.error.exit_code for answer in answers if answer.error), 0)


def _draw_list(out: Terminal, found: list[Configured]) -> None:
    rows = [_row(one) for one in found]
    head = ["name", "type", "server", "workspace", "reads", "key", ""]
    kept = [n for n in range(len(head)) if n < 2 or any(row[n] != "-" for row in rows)]  # noqa: PLR2004
    rows = [[*row[:-1], row[-1].removeprefix("-")] for row in rows]
    columns = [Column(gives=head[n] in {"workspace", "reads"}) for n in kept]
    shown = lines(out, columns, [[row[n] for n in kept] for row in (head, *rows)])
    for line in [out.dim(shown[0]), *shown[1:]] if rows else []:
        out.line(line)
    out.line(f"{len(rows)} configured. {out.next('trackers test' if rows else 'init')}")


def _row(one: Configured) -> list[str]:
    row = one.as_json()
    place = [str(row[word] or "-") for word in ("name", "type", "server", "workspace")]
    default = "default" if one.is_default else "-"
    if one.is_local:
        return [*place, ", ".join(one.folders), "-", default]
    key = str(row["key_env"]) + ("" if row["has_key"] else " is not set")
    return [*place, ", ".join(one.projects) or "all", key, default]


def _draw_tests(out: Terminal, answers: list[Tested]) -> None:
    for answer in answers:
        if answer.error:
            told = said_of(answer.name, answer.error.message)
            out.line(f"{out.red(out.sign('bad'))} {out.clean(told)}")
            out.line(f"  {out.hint(answer.error.hint)}")
        elif answer.check:
            _draw_answer(out, answer)
    good = sum(answer.error is None for answer in answers)
    after = out.next("sync" if good else "doctor")
    out.line(f"{good} of {len(answers)} answer. {after}")


def _draw_answer(out: Terminal, answer: Tested) -> None:
    assert answer.check is not None
    check = answer.check
    who = f": {out.clean(check.user)}" if check.user else ""
    out.line(f"{out.green(out.sign('ok'))} {answer.name}{who}")
    where = check.workspace if answer.is_local else f"{check.workspace} ({check.workspace_id})"
    if check.project and not answer.is_local:
        where += f" / {check.project} ({check.project_id})"
    out.line(f"  {out.clean(where)}")
    counts = ", ".join(counted(count, kind) for kind, count in check.counts.items() if count)
    may = {True: "may write", False: "may only read", None: "may read; writing is untested"}
    out.line(f"  {counts or 'nothing in it'}; {may[check.can_write]}; {answer.seconds:.1f} s")
    for warning in check.warnings:
        out.line(f"  {out.amber(out.sign('warn'))} {out.clean(warning)}")
