"""`pan queue`: status writes that wait for a tracker to answer."""

from datetime import datetime

import click

from panopticon.cli.command import WordCommand, WordGroup
from panopticon.cli.face import Face, faced
from panopticon.cli.freshness import ago
from panopticon.cli.table import Column, lines
from panopticon.cli.terminal import Terminal
from panopticon.errors import InvalidInput, Partial
from panopticon.model.queued import Queued
from panopticon.services.claim.status import queue as queues
from panopticon.services.claim.status.deliver import words_of
from panopticon.services.claim.status.queue import Replayed


@click.group(cls=WordGroup, invoke_without_command=True)
@faced
def queue(face: Face) -> None:
    """Show the status writes that wait, and why; `send` tries now, `drop` forgets."""
    if click.get_current_context().invoked_subcommand:
        return
    with face.trackers() as ctx:
        found, now = queues.listed(ctx), ctx.now()
    face.show([queues.document(one) for one in found], lambda out: _draw(out, found, now))


@queue.command(cls=WordCommand)
@faced
def send(face: Face) -> int:
    """Send what waits, in order; stop where a tracker does not answer."""
    with face.trackers() as ctx:
        done = {name: queues.replay(ctx, name, wait_seconds=30) for name in ctx.names}
    told = {name: one.as_json() for name, one in done.items()}
    face.show(told, lambda out: _draw_sent(out, done))
    return Partial.exit_code if any(one.waiting for one in done.values()) else 0


@queue.command(cls=WordCommand)
@click.option("--number", required=True, help="As `pan queue` shows it, or all.")
@faced
def drop(face: Face, *, number: str) -> None:
    """Forget a write that waits, or all: the tracker never gets it."""
    if number != "all" and not number.isdecimal():
        raise InvalidInput(f"{number!r} is no number.", "`pan queue` shows them; or number=all.")
    with face.trackers() as ctx:
        gone = queues.drop(ctx, None if number == "all" else int(number))
    face.show([queues.document(one) for one in gone], lambda out: _draw_gone(out, gone))


def _draw(out: Terminal, found: list[Queued], now: datetime) -> None:
    head = ["no", "story", "what", "wished", "tries", "last error"]
    rows = [
        [
            str(one.number),
            one.ref.key,
            words_of(one),
            ago(one.at, now),
            str(one.tries),
            one.error or "-",
        ]
        for one in found
    ]
    columns = [Column(), Column(), Column(gives=True), Column(), Column(), Column(gives=True)]
    shown = lines(out, columns, [head, *rows]) if rows else []
    for at, line in enumerate(shown):
        out.line(line if at else out.dim(line))
    if not rows:
        out.line("Nothing waits.")
        return
    word = "write waits" if len(rows) == 1 else "writes wait"
    out.line(f"{len(rows)} {word}; every sync sends them. {out.next('queue send')}")


def _draw_sent(out: Terminal, done: dict[str, Replayed]) -> None:
    ok, warn = out.green(out.sign("ok")), out.amber(out.sign("warn"))
    for name, one in done.items():
        for write in one.sent:
            out.line(f"{ok} {out.clean(f'{write.ref.key}: {words_of(write)}')}")
        for write in one.dropped:
            said = f"{write.ref.key}: dropped, it was changed or deleted there since: "
            out.line(f"{warn} {out.clean(said + words_of(write))}")
        for note in one.notes:
            out.line(f"  {warn} {out.clean(note)}")
        if one.waiting:
            said = f"{name}: {one.waiting} still wait. {one.error or ''}"
            out.line(f"{warn} {out.clean(said.strip())}")
    if not any(one.sent or one.dropped or one.waiting for one in done.values()):
        out.line("Nothing waits.")


def _draw_gone(out: Terminal, gone: list[Queued]) -> None:
    for one in gone:
        out.line(f"Dropped {one.number}: {out.clean(f'{one.ref.key}: {words_of(one)}')}")
    if not gone:
        out.line("Nothing waits.")
