"""`pan up | down | status | open | token`: the board on this machine."""

import click

from panopticon.cli import browser
from panopticon.cli.command import Ready, WordCommand
from panopticon.cli.face import Face, faced
from panopticon.cli.freshness import draw_status
from panopticon.config import Config
from panopticon.errors import LocalFault
from panopticon.services import daemon, status as state
from panopticon.services.context import Context
from panopticon.services.session import session

port_option = click.option("--port", type=int, help="Port on 127.0.0.1; 0 picks a free one.")
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


@click.command(cls=WordCommand)
@port_option
@open_option
@detach_option
@faced
def up(face: Face, *, port: int | None, is_open: bool, detach: bool) -> None:
    """Start the board on 127.0.0.1 and keep it fresh; Ctrl-C stops it."""
    with face.board(port=port) as ctx:
        daemon.check_port(ctx.config.port, daemon.homes(ctx.config.home))
        if detach:
            demo = ["--demo"] if ctx.config.is_demo else []
            words = [*demo, "up", "--port", str(ctx.config.port)]
            return in_background(face, words, ctx.config, is_open=is_open)
        with daemon.seat(ctx.config.home) as seat:
            serve(face, ctx, seat, is_open=is_open)
    return None


def serve(face: Face, ctx: Context, seat: daemon.Seat, *, is_open: bool) -> None:
    """Serve the board; once it answers, note down where and say so."""
    if face.start.serve is None:
        raise LocalFault("There is no dashboard in this program.", "Start it as `pan`.")

    def ready(told: Ready) -> None:
        seat.tell(str(told["url"]))
        announce(face, told, is_open=is_open)

    face.start.serve(ctx, ctx.config.port, ready)
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
@faced
def token(face: Face) -> None:
    """Print the token that scripts send as `Authorization: Bearer`."""
    with face.context() as ctx:
        found = session(ctx.config.home, ctx.now).token
    face.show({"token": found}, lambda out: out.line(found))
