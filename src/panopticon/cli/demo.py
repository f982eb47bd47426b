"""`pan demo`: a sandbox, a first sync and the board, with one command and no account."""

from typing import Any

import click

from panopticon.cli import server
from panopticon.cli.command import WordCommand
from panopticon.cli.face import Face, faced
from panopticon.cli.sandbox import seed_option, stories_option
from panopticon.cli.sync import pulled
from panopticon.config import Config
from panopticon.services.server import daemon, demo as demos
from panopticon.services.server.sandbox import Options


@click.command(cls=WordCommand)
@stories_option
@seed_option
@server.port_option
@server.open_option
@server.detach_option
@faced
def demo(face: Face, *, detach: bool, **words: Any) -> None:
    """Start a simulated tracker and a repository with story files, sync both, open the board.

    State is kept under ~/.panopticon/demo and begins anew each time. While it runs, `pan --demo …`
    in another terminal works on it.
    """
    face.start.flags["is_demo"] = True
    options = Options(stories=words["stories"], seed=words["seed"])
    config = face.config(port=words["port"])
    if detach:
        server.in_background(face, again(options, config), config, is_open=words["is_open"])
        return
    with daemon.seat(config.home) as seat:
        daemon.check_port(config.port, daemon.homes(config.home))
        with demos.world(config.home, options), face.trackers(port=words["port"]) as ctx:
            pulled(face, ctx)
            demos.link(ctx)
            server.serve(face, ctx, seat, is_open=words["is_open"])


def again(options: Options, config: Config) -> list[str]:
    """Spell the same command for a run in the background."""
    words = {"port": config.port, "stories": options.stories, "seed": options.seed}
    return ["demo", *(f"{name}={value}" for name, value in words.items())]
