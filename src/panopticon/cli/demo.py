"""`pan demo`: a sandbox, a first sync and the board, with one command and no account."""

import click

from panopticon.cli import server
from panopticon.cli.command import WordCommand
from panopticon.cli.face import Face, faced
from panopticon.cli.sync import pulled
from panopticon.services import daemon, demo as demos
from panopticon.services.sandbox import Wanted


@click.command(cls=WordCommand)
@click.option(
    "--stories", type=click.IntRange(0, 50_000), help="How many stories; the seeds' first."
)
@click.option("--seed", type=int, default=1, show_default=True, help="What grows beyond them.")
@server.port_option
@server.open_option
@server.detach_option
@faced
def demo(
    face: Face, *, stories: int | None, seed: int, port: int | None, is_open: bool, detach: bool
) -> None:
    """Start a simulated tracker with believable work on it, sync it and open the board.

    State is kept under ~/.panopticon/demo and begins anew each time. While it runs, `pan --demo …`
    in another terminal works on it.
    """
    face.start.flags["is_demo"] = True
    config = face.config(port=port)
    if detach:
        words = ["demo", "--port", str(config.port), "--seed", str(seed)]
        words += ["--stories", str(stories)] if stories is not None else []
        return server.in_background(face, words, config, is_open=is_open)
    with daemon.seat(config.home) as seat:
        daemon.check_port(config.port, server.homes(config))
        with (
            demos.world(config.home, Wanted(stories=stories, seed=seed)),
            face.trackers(port=port) as ctx,
        ):
            pulled(face, ctx)
            server.serve(face, ctx, seat, is_open=is_open)
    return None
