"""`pan sync`: read what changed in the trackers."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import click

from panopticon.cli.command import WordCommand
from panopticon.cli.complete import complete_epics
from panopticon.cli.face import Face, faced
from panopticon.cli.failure import INTERRUPTED
from panopticon.cli.field import listed
from panopticon.cli.freshness import draw_due, due
from panopticon.cli.progress import Progress
from panopticon.cli.report import draw_report
from panopticon.errors import InvalidInput
from panopticon.model.change import Scope
from panopticon.services import names
from panopticon.services.board import news
from panopticon.services.claim.sync.pull import pull
from panopticon.services.context import Context
from panopticon.services.sync import cache as cache_files
from panopticon.services.sync.pull import Report, Wanted


@click.command(cls=WordCommand)
@click.option("--project", help="This project only, by name.")
@click.option(
    "--epic", "--epics", "epics", multiple=True, help="17, F17.", shell_complete=complete_epics
)
@click.option("--iteration", help="This iteration only, by name.")
@click.option("--tracker", "--trackers", "trackers", multiple=True, help="Not all trackers.")
@click.option("--force", is_flag=True, help="Read everything anew.")
@click.option("--verbose", is_flag=True, help="Show unchanged epics as well.")
@faced
def sync(face: Face, *, force: bool, verbose: bool, **words: object) -> int:
    """Read what changed in the trackers into the store and the cache that agents read."""
    refuse_empty(words)
    wanted = Wanted(
        trackers=listed(words["trackers"]),  # type: ignore[arg-type] # click gives tuples of text
        scope=scope_from(words),
        force=force,
    )
    with face.trackers() as ctx:
        since = news.mark(ctx)
        report = pulled(face, ctx, wanted)
        refuse_nothing(ctx, report, wanted.scope)
        is_whole = verbose or not since or not wanted.scope.is_whole
        shown = None if is_whole else news.epics_since(ctx, since)
        cache = str(ctx.config.cache)
        is_known = since or cache_files.is_ignored(ctx)
        note, ends = "" if is_known else news.hint_about_cache(ctx), due(face, ctx)
    face.show(report.as_json(), lambda out: draw_report(out, report, cache, shown, note))
    draw_due(face, ends)
    error = report.exit_error()
    return error.exit_code if error else 0


def refuse_nothing(ctx: Context, report: Report, scope: Scope) -> None:
    """Say so when nothing was read because the project or iteration is not there."""
    project = None if scope.project and scope.project.isdecimal() else scope.project
    is_read = any(one.fetched or one.error for one in report.trackers)
    if (project or scope.iteration) and not is_read:
        names.refuse_unknown(ctx, project, scope.iteration)


def refuse_empty(words: dict[str, object]) -> None:
    """Refuse `epic=` (a script's empty variable), which is not the same as everything."""
    for name, value in words.items():
        texts = value if isinstance(value, tuple) else (value,)
        if any(isinstance(text, str) and not text.strip() for text in texts):
            raise InvalidInput(f"`{name}` is empty.", "Name one, or leave it away for all.")


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
    with _ends_at_once(face):
        try:
            return pull(ctx, wanted, lambda p: bar.tell(p.source, p.stream, p.done, p.total))
        finally:
            bar.end()


@contextmanager
def _ends_at_once(face: Face) -> Iterator[None]:
    """Let Ctrl-C end the process at once: threads that wait for a server would keep it.

    Nothing is lost: pages are stored whole, and an interrupted sync goes on where it stopped.
    """

    def die(_number: int, _frame: object) -> None:
        if face.err.is_tty:
            os.write(sys.stderr.fileno(), b"\r\x1b[K")  # the bar's own lock may be taken
        os._exit(INTERRUPTED)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, die)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
