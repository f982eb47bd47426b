"""Run the dashboard on this machine until it is told to stop."""

import errno
import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import uvicorn
from starlette.middleware import Middleware
from starlette.types import ASGIApp

from panopticon.errors import LocalFault, PanError
from panopticon.services import event, redaction, search
from panopticon.services.board import answer as board
from panopticon.services.board.memory import Memory
from panopticon.services.claim.sync.pull import pull as synced
from panopticon.services.context import Context
from panopticon.services.server import reach as reaches
from panopticon.services.server.reach import Reach
from panopticon.services.server.session import session
from panopticon.services.sync.pull import Wanted
from panopticon.web.app import make_app
from panopticon.web.connection import hasty
from panopticon.web.guard import Security
from panopticon.web.live import Server
from panopticon.web.poller import Poller
from panopticon.web.tls import Sealed
from panopticon.web.turns import Limits, Turns

_log = logging.getLogger(__name__)
Ready = dict[str, str | int]
_GRACE = 3
_KEEP_ALIVE = 20
_AT_ONCE = 500
_AT_LAST = 8.0  # seconds: after the grace, before whoever sent the signal loses patience


class Dashboard:
    """A bound port and the server behind it; `stop` may be called from another thread."""

    def __init__(
        self,
        ctx: Context,
        *,
        reach: Reach | None = None,
        port: int = 0,
        pull: Callable[[str], None] | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._ctx = ctx
        self._reach = reach or Reach(port)
        event.last(ctx)  # a store in trouble is told before the port is taken
        reaches.check(self._reach)
        redaction.keep(ctx)
        self._socket = bind(self._reach.host, self._reach.port)
        self.port: int = self._socket.getsockname()[1]
        self.session = session(ctx.config.home, ctx.now)
        self.poller = _poller(ctx, pull)
        self._memory = Memory()
        self._on_ready: Callable[[Ready], None] = lambda _ready: None
        self._stopping = threading.Event()
        app = self._app(limits or Limits())
        settings = config(app, reach=self._reach)
        self._server = Server(settings, self._stopping, lambda: self._on_ready(self.ready()))

    def _app(self, limits: Limits) -> ASGIApp:
        security = Security(
            self.session,
            self.port,
            is_demo=self._ctx.config.is_demo,
            is_tls=self._reach.is_tls,
            names=self._reach.own_names,
            fronts=self._reach.fronts,
        )
        app = make_app(
            self._ctx,
            security,
            poller=self.poller,
            stopping=self._stopping,
            memory=self._memory,
        )
        # Innermost: whoever the guard turns away waits for no turn and takes no place.
        app.user_middleware.append(Middleware(Turns, security=security, limits=limits))
        return Sealed(app, security)

    def ready(self) -> Ready:
        """Say where it answers, with a fresh link that opens it once."""
        url = self._reach.url(self.port)
        return {
            "url": url,
            "open_url": f"{url}/open?code={self.session.mint()}",
            "token": self.session.token,
            "pid": os.getpid(),
        }

    def serve(self, on_ready: Callable[[Ready], None]) -> None:
        """Serve until SIGTERM, SIGINT or `stop`."""
        self._on_ready = on_ready
        self.poller.start()
        threading.Thread(target=self._warm_up, daemon=True).start()
        threading.Thread(target=self._end_at_last, daemon=True).start()
        try:
            self._server.run(sockets=[self._socket])
        finally:
            self._socket.close()
            if not self.poller.stop() and self._server.ended_by:
                _die(self._server.ended_by)

    def _warm_up(self) -> None:
        """Read the items before the first page asks for them."""
        with suppress(PanError):  # the page will say what is wrong with the store
            board.warm_up(self._ctx, self._memory)

    def _end_at_last(self) -> None:
        """End what a request to a hanging tracker keeps alive: its thread cannot be stopped."""
        self._stopping.wait()
        time.sleep(_AT_LAST)
        if self._server.ended_by:
            os._exit(128 + self._server.ended_by)  # as a shell says it; only this thread is free

    def stop(self) -> None:
        """Ask the server to end."""
        self._server.should_exit = True


def run(
    ctx: Context,
    *,
    reach: Reach,
    on_ready: Callable[[Ready], None],
    poll: bool = True,
) -> None:
    """Serve the dashboard; `on_ready` gets `{url, open_url, token, pid}` once it answers."""
    redaction.guard_threads()
    Dashboard(ctx, reach=reach, pull=pull_for(ctx) if poll else None).serve(on_ready)


def bind(host: str, port: int) -> socket.socket:
    """Take the port; raises LocalFault when it is taken. `reach.check` says where one may."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # By its protocol asyncio knows it for TCP, and lets small answers go without waiting (40 ms).
    taken = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
        taken.listen(128)
    except OSError as error:
        taken.close()
        raise _fault(host, port, error) from error
    return taken


def _die(number: int) -> None:
    """End at once: a tracker that hangs would keep the process for minutes.

    Nothing is lost: pages are stored whole, and an interrupted sync goes on where it stopped.
    """
    signal.signal(number, signal.SIG_DFL)
    signal.raise_signal(number)


def _fault(host: str, port: int, error: OSError) -> LocalFault:
    if error.errno == errno.EADDRINUSE:
        return LocalFault(
            f"Port {port} is taken.",
            "`pan down` stops a board that runs already; `--port 0` picks a free port.",
        )
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        hint = "Name an address of this machine with --host, or 0.0.0.0 for all of them."
        return LocalFault(f"{host} is no address of this machine.", hint)
    return LocalFault(
        f"Port {port} cannot be used: {error.strerror}.", "Choose another one with --port."
    )


def config(app: ASGIApp, *, head_seconds: float = 10, reach: Reach | None = None) -> uvicorn.Config:
    """Say how to serve: who sends no complete head of a request in time loses its place."""
    return uvicorn.Config(
        app,
        http=hasty(head_seconds),
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,  # what a client says of itself is no address
        ws="none",
        limit_concurrency=_AT_ONCE,
        timeout_keep_alive=_KEEP_ALIVE,
        timeout_graceful_shutdown=_GRACE,
        ssl_certfile=reach.certificate if reach else None,
        ssl_keyfile=reach.key if reach else None,
        ssl_ciphers="ECDHE+AESGCM:ECDHE+CHACHA20",
    )


def pull_for(ctx: Context) -> Callable[[str], None]:
    """Bring one source up to date; what went wrong is raised, and stored beside the source."""

    def pull(name: str) -> None:
        report = synced(ctx, Wanted(trackers=(name,)), is_polled=True)
        search.make_ready(ctx)
        if report.cache_error:  # what was read is stored and shown: no reason to ask more rarely
            _log.warning("%s: %s", name, report.cache_error.message)
        if report.claims and report.claims.error:
            _log.warning("claims: %s", report.claims.error.message)
        for one in report.trackers:
            if one.error:
                raise one.error

    return pull


def _poller(ctx: Context, pull: Callable[[str], None] | None) -> Poller:
    if pull is None:
        return Poller.idle(ctx.now)
    names = [source.name for source in ctx.config.sources]
    return Poller(names, pull, timedelta(seconds=ctx.config.poll_seconds), ctx.now)
