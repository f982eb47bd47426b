"""`pan up | down | status | open | token`: the board on this machine."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from panopticon.cli import browser
from panopticon.cli.command import Ready, WordCommand
from panopticon.cli.face import Face, faced
from panopticon.cli.freshness import draw_due, draw_status
from panopticon.config import Config
from panopticon.errors import LocalFault
from panopticon.services import status as state
from panopticon.services.context import Context
from panopticon.services.server import daemon, reach as reaches
from panopticon.services.server.reach import Reach
from panopticon.services.server.session import session

port_option = click.option("--port", type=int, help="The board's port; 0 picks a free one.")
open_option = click.option("--open/--no-open", "is_open", default=True, help="Open the browser.")
detach_option = click.option("--detach", is_flag=True, help="Serve in the background.")


def announce(face: Face, ready: Ready, *, is_open: bool, is_background: bool = False) -> None:
    """Say where the board is, to people or to programs, and show it."""
    if face.as_json:
        face.out.json(ready, one_line=True)
    else:
        out = face.paper
        out.line(
            f"{out.green(out.sign('ok'))} The board is at {out.accent(str(ready['open_url']))}"
        )
        out.line(out.dim(f"  This link works once; `{out.program} open` makes another."))
        if face.start.flags.get("is_demo"):
            out.line(f"{out.next('work list epic=17')}  (in another terminal)")
        if out.is_tty:
            stop = f"`{out.program} down`" if is_background else "Ctrl-C"
            out.line(out.dim(f"  {stop} stops it."))
    face.out.flush()
    if is_open:
        browser.show(str(ready["open_url"]))


def in_background(face: Face, words: list[str], config: Config, *, is_open: bool) -> None:
    """Start the same command without a terminal and hand on its ready line."""
    if face.err.is_tty and not face.as_json:
        what = "the demo" if config.is_demo else "the board"
        first = ": a first sync, then the board" if config.is_demo else ""
        log = face.err.clean(
            f"Starting {what} in the background{first}. Log: {config.home}/board.log"
        )
        face.err.line(face.err.dim(log))
        face.err.flush()
    ready = daemon.detached([*words, "--no-open", "--json"], config.home / "board.log")
    announce(face, dict(ready), is_open=is_open, is_background=True)


def reach_options(command: Callable[..., int | None]) -> Callable[..., int | None]:
    """Let a command say from where the board may be reached."""
    file = click.Path(path_type=Path)
    for option in (
        click.option(
            "--plain-http", "is_plain", is_flag=True, help="Answer other machines without TLS."
        ),
        click.option(
            "--name",
            "names",
            multiple=True,
            help="A name browsers may use; https://NAME: a proxy's.",
        ),
        click.option("--tls-key", "key", type=file, help="The private key, in PEM."),
        click.option("--tls-cert", "certificate", type=file, help="The certificate, in PEM."),
        click.option("--host", default=reaches.HERE, help="Address to listen on; others need TLS."),
    ):
        command = option(command)
    return command


@click.command(cls=WordCommand)
@port_option
@reach_options
@open_option
@detach_option
@faced
def up(face: Face, *, port: int | None, is_open: bool, detach: bool, **words: Any) -> None:
    """Start the board and keep it fresh; Ctrl-C stops it.

    It answers on this machine only. For a team: `--host 0.0.0.0 --tls-cert FILE --tls-key FILE`,
    with `--name` for each name that browsers use; `--plain-http` does without TLS. Behind a proxy
    that speaks TLS: `--name https://NAME` alone.
    """
    with face.board(port=port) as ctx:
        reach = Reach(ctx.config.port, **words)
        reaches.check(reach)
        daemon.check_port(reach.port, daemon.homes(ctx.config.home), reach.host)
        if detach:
            demo = ["--demo"] if ctx.config.is_demo else []
            again = [*demo, "up", "--port", str(reach.port), *reach.words()]
            return in_background(face, again, ctx.config, is_open=is_open)
        with daemon.seat(ctx.config.home) as seat:
            serve(face, ctx, seat, is_open=is_open, reach=reach)
    return None


def serve(
    face: Face, ctx: Context, seat: daemon.Seat, *, is_open: bool, reach: Reach | None = None
) -> None:
    """Serve the board; once it answers, note down where and say so."""
    if face.start.serve is None:
        raise LocalFault("There is no board in this program.", "Start it as `pan`.")

    def ready(told: Ready) -> None:
        seat.tell(str(told["url"]))
        announce(face, told, is_open=is_open)

    if reach and not reach.is_local and not reach.is_tls:
        face.err.line(face.err.amber("Other machines reach the board without TLS (--plain-http)."))
    face.start.serve(ctx, reach or Reach(ctx.config.port), ready)
    if not face.as_json and face.out.is_tty:
        face.out.line("The board has stopped.")


@click.command(cls=WordCommand)
@faced
def down(face: Face) -> None:
    """Stop the board that runs in the background or in another terminal, the demo's as well."""
    config = face.config()
    places = [config.home] if config.is_demo else daemon.homes(config.home)
    found = [stopped for home in places if (stopped := daemon.stop(home))]
    words = [f"Stopped the board at {one.url or 'no address yet'} ({one.pid})." for one in found]
    document = {"stopped": [{"pid": one.pid, "url": one.url} for one in found]}
    face.show(document, lambda out: out.line("\n".join(words) or "No board runs."))


@click.command(cls=WordCommand)
@faced
def status(face: Face) -> None:
    """Show whether the board runs, how fresh each tracker's data is, and what there is."""
    with face.context() as ctx:
        found = state.status(ctx)
    face.show(found.as_json(), lambda out: draw_status(out, found))
    draw_due(face, [] if face.as_json else found.due)


@click.command("open", cls=WordCommand)
@open_option
@faced
def open_board(face: Face, *, is_open: bool) -> None:
    """Make a new link to the running board and open it."""
    with face.context() as ctx:
        link = state.open_link(ctx)
    face.show(link, lambda out: out.line(str(link["open_url"])))
    if is_open:
        browser.show(str(link["open_url"]))


@click.command(cls=WordCommand)
@click.option("--new", "is_new", is_flag=True, help="Make another one: ends every session.")
@faced
def token(face: Face, *, is_new: bool) -> None:
    """Print the token that scripts send as `Authorization: Bearer`.

    `--new` replaces it at once, also in a board that runs: every browser and script has to sign
    in again (`pan open` makes a link for a browser).
    """
    with face.context() as ctx:
        door = session(ctx.config.home, ctx.now)
        found = door.renew() if is_new else door.token
    face.show({"token": found}, lambda out: out.line(found))
