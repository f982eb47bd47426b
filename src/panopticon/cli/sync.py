"""`pan sync`: read what changed in the trackers."""

import click

from panopticon.cli.command import WordCommand
from panopticon.cli.complete import complete_epics
from panopticon.cli.face import Face, faced
from panopticon.cli.field import listed
from panopticon.cli.progress import Progress
from panopticon.cli.report import draw_report
from panopticon.model.change import Scope
from panopticon.services import sync as syncs
from panopticon.services.context import Context
from panopticon.services.sync import Report, Wanted


@click.command(cls=WordCommand)
@click.option("--project", help="This project only, by name.")
@click.option(
    "--epic", "--epics", "epics", multiple=True, help="17, F17.", shell_complete=complete_epics
)
@click.option("--iteration", help="This iteration only, by name.")
@click.option("--tracker", "--trackers", "trackers", multiple=True, help="Not all trackers.")
@click.option("--force", is_flag=True, help="Read everything anew.")
@faced
def sync(face: Face, *, force: bool, **words: object) -> int:
    """Read what changed in the trackers into the store and the cache that agents read."""
    wanted = Wanted(
        trackers=listed(words["trackers"]),  # type: ignore[arg-type] # click gives tuples of text
        scope=scope_from(words),
        force=force,
    )
    with face.trackers() as ctx:
        report = pulled(face, ctx, wanted)
        cache = str(ctx.config.cache)
    face.show(report.as_json(), lambda out: draw_report(out, report, cache))
    error = report.exit_error()
    return error.exit_code if error else 0


def scope_from(words: dict[str, object]) -> Scope:
    """Read which part is wanted."""
    project, iteration = words["project"], words["iteration"]
    return Scope(
        project=str(project) if project else None,
        epics=listed(words["epics"]),  # type: ignore[arg-type] # as above
        iteration=str(iteration) if iteration else None,
    )


def pulled(face: Face, ctx: Context, wanted: Wanted | None = None) -> Report:
    """Sync with a progress line on the terminal."""
    bar = Progress(face.err)
    try:
        return syncs.pull(ctx, wanted, lambda p: bar.tell(p.source, p.stream, p.done, p.total))
    finally:
        bar.end()
