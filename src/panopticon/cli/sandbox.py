"""`pan sandbox`: simulated trackers for tests and trials."""

from pathlib import Path
from typing import Any

import click

from panopticon.cli.command import WordCommand
from panopticon.cli.face import Face, faced
from panopticon.services.server import sandbox as sandboxes
from panopticon.services.server.sandbox import Options

DEFAULT = Options()
stories_option = click.option(
    "--stories",
    type=click.IntRange(0, 50_000),
    default=DEFAULT.stories,
    show_default=True,
    help="How many in all; the seeds' stories come first.",
)
seed_option = click.option(
    "--seed", type=int, default=DEFAULT.seed, show_default=True, help="What the others are like."
)


@click.command(cls=WordCommand)
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="0 picks a free one.")
@stories_option
@seed_option
@click.option("--state", type=click.Path(path_type=Path), help="Keep what is written in a file.")
@click.option(
    "--lock-fields/--no-lock-fields",
    default=True,
    help="Whether the simulated Rally has the fields that claims are shown in.",
)
@click.option("--host", default=DEFAULT.host, show_default=True, help="Where to listen.")
@click.option(
    "--tls-cert", type=click.Path(path_type=Path), help="Speak https with this certificate."
)
@click.option("--tls-key", type=click.Path(path_type=Path), help="The certificate's key.")
@faced
def sandbox(face: Face, **words: Any) -> None:
    """Print one JSON line with addresses and keys when ready, then serve until SIGTERM."""
    face.out.flush()
    sandboxes.serve(Options(**words))
