"""`pan sandbox`: simulated trackers for tests and trials."""

from pathlib import Path

import click

from panopticon.cli.command import WordCommand
from panopticon.cli.face import Face, faced
from panopticon.services import sandbox as sandboxes
from panopticon.services.sandbox import Wanted


@click.command(cls=WordCommand)
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="0 picks a free one.")
@click.option("--stories", type=click.IntRange(0, 50_000), help="How many; the seeds' first.")
@click.option("--seed", type=int, default=1, show_default=True, help="What grows beyond them.")
@click.option("--state", type=click.Path(path_type=Path), help="Keep everything in this file.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@faced
def sandbox(face: Face, **words: object) -> None:
    """Print one JSON line with addresses and keys when ready, then serve until SIGTERM."""

    def ready(told: object) -> None:
        face.out.json(told, one_line=True)
        face.out.flush()

    sandboxes.serve(Wanted(**words), ready)  # type: ignore[arg-type] # click has read each one
