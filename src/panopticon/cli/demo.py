"""`pan demo`: a sandbox, a first sync and the board, with one command and no account."""

from typing import Any

import click

from panopticon.cli import server
from panopticon.cli.command import WordCommand
from panopticon.cli.face import Face, faced
from panopticon.cli.sync import pulled
from panopticon.config import Config
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
def demo(face: Face, *, detach: bool, **words: Any) -> None:
    """Start a simulated tracker with believable work on it, sync it and open the board.

    State is kept under ~/.panopticon/demo and begins anew each time. While it runs, `pan --demo …`
    in another terminal works on it.
    """
    face.start.flags["is_demo"] = True
    wanted = Wanted(stories=words["stories"], seed=words["seed"])
    config = face.config(port=words["port"])
    if detach:
        server.in_background(face, again(wanted, config), config, is_open=words["is_open"])
        return
    with daemon.seat(config.home) as seat:
        daemon.check_port(config.port, server.homes(config))
        with demos.world(config.home, wanted), face.trackers(port=words["port"]) as ctx:
            pulled(face, ctx)
            server.serve(face, ctx, seat, is_open=words["is_open"])


def again(wanted: Wanted, config: Config) -> list[str]:
    """Spell the same command for a run in the background."""
    words = ["demo", "--port", str(config.port), "--seed", str(wanted.seed)]
    return words if wanted.stories is None else [*words, "--stories", str(wanted.stories)]
