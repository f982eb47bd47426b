"""Starts the sandbox: embedded in a thread for demo and tests, or as a program until SIGTERM."""

import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import orjson
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from panopticon.errors import LocalFault
from panopticon.sandbox.app import ADMIN, App
from panopticon.sandbox.catalog import product
from panopticon.sandbox.journal import Journal
from panopticon.sandbox.product import Product
from panopticon.sandbox.rally.auth import Account, Door
from panopticon.sandbox.rally.objects import Objects
from panopticon.sandbox.rally.seed import Seed, first_user, places
from panopticon.sandbox.rally.server import Rally
from panopticon.sandbox.rally.unit import Actor

API_KEY = "_sandbox0FullAccessKeyOfTheSimulatedRally0000"
READ_ONLY_KEY = "_sandbox0ReadOnlyKeyOfTheSimulatedRally00000"
MEMBER_KEY = "_sandbox0KeyOfAMemberWhoIsNoAdministrator000"
PASSWORD = "sandbox"  # noqa: S105 - the simulator's, not a secret
STORIES = 40


def system_clock() -> datetime:
    """Tell the time; the only place of the sandbox that asks the machine."""
    return datetime.fromtimestamp(time.time(), UTC)


@dataclass(frozen=True, slots=True)
class Options:
    """How to start; port 0 takes any free one, a certificate and its key make it TLS."""

    port: int = 0
    host: str = "127.0.0.1"
    stories: int = STORIES
    seed: int = 1
    state: Path | None = None
    lock_fields: bool = True
    tls_cert: Path | None = None
    tls_key: Path | None = None
    product: Product | None = None
    clock: Callable[[], datetime] = field(default=system_clock)


class Running:
    """A sandbox that serves; `stop` ends it."""

    def __init__(self, server: uvicorn.Server, app: App, url: str) -> None:
        """Keep what serves, and where."""
        self.server = server
        self.app = app
        self.url = url
        self.thread: threading.Thread | None = None
        self.journal: Journal | None = None
        self.api_key, self.read_only_key, self.member_key = API_KEY, READ_ONLY_KEY, MEMBER_KEY
        store = app.rally.store
        (self.workspace, self.workspace_oid), (self.project, self.project_oid) = places(store)
        self.username = store.things[first_user(store)].text("UserName")
        self.password = PASSWORD
        self.admin = url + ADMIN

    def as_json(self) -> dict[str, Any]:
        """Give what a client needs to know, one key per simulated tracker."""
        return {
            "rally": {
                "url": self.url,
                "api_key": self.api_key,
                "read_only_key": self.read_only_key,
                "username": self.username,
                "password": self.password,
                "workspace": {"name": self.workspace, "oid": self.workspace_oid},
                "project": {"name": self.project, "oid": self.project_oid},
                "admin": self.admin,
            }
        }

    def stop(self) -> None:
        """Stop serving and wait until everything is on disk."""
        self.server.should_exit = True
        if self.thread:
            self.thread.join()
            self.thread = None
        if self.journal:
            self.journal.close()

    def __enter__(self) -> Self:
        """Serve for the length of a block."""
        return self

    def __exit__(self, *_problem: object) -> None:
        """Stop."""
        self.stop()


def start(options: Options) -> Running:
    """Serve from a thread of this process; returns when ready."""
    running, listener = _prepare(options)
    running.thread = threading.Thread(
        target=running.server.run, kwargs={"sockets": [listener]}, daemon=True, name="sandbox"
    )
    running.thread.start()
    while not running.server.started and running.thread.is_alive():
        time.sleep(0.005)
    return running


def run(options: Options) -> None:
    """Serve until SIGTERM; print one JSON line when ready."""
    running, listener = _prepare(options)
    # uvicorn hands the signal back after its own shutdown; the journal must still be closed then.
    signal.signal(signal.SIGTERM, lambda *_signal: None)
    threading.Thread(target=_announce, args=[running], daemon=True).start()
    try:
        running.server.run(sockets=[listener])
    except KeyboardInterrupt:
        pass
    finally:
        running.stop()


def _announce(running: Running) -> None:
    while not running.server.started:
        time.sleep(0.005)
    sys.stdout.write(orjson.dumps(running.as_json()).decode() + "\n")
    sys.stdout.flush()


def _prepare(options: Options) -> tuple[Running, socket.socket]:
    listener = _listen(options.host, options.port)
    port = listener.getsockname()[1]
    try:
        journal = Journal(options.state) if options.state else None
        app = App(lambda: _rally(options, journal), options.seed)
        config = _config(app, options)
    except BaseException:
        listener.close()
        raise
    host = f"[{options.host}]" if ":" in options.host else options.host
    scheme = "https" if config.is_ssl else "http"
    running = Running(_Server(config, app), app, f"{scheme}://{host}:{port}")
    running.journal = journal
    return running, listener


def _config(app: App, options: Options) -> uvicorn.Config:
    if bool(options.tls_cert) != bool(options.tls_key):
        raise LocalFault(
            "TLS needs a certificate and its key.", "Give --tls-cert and --tls-key, or neither."
        )
    config = uvicorn.Config(
        app,
        ssl_certfile=options.tls_cert,
        ssl_keyfile=options.tls_key,
        http=_Protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=1,
        backlog=512,
    )
    try:
        config.load()
    except OSError as error:  # ssl.SSLError is one
        raise LocalFault(
            f"{options.tls_cert} and {options.tls_key} are no certificate and its key: {error}.",
            "Name two PEM files that belong together.",
        ) from error
    return config


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named so that asyncio turns Nagle off on what it accepts.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise LocalFault(
            f"The sandbox cannot listen on {host}:{port}: {error.strerror}.",
            "Choose another port with --port, or 0 for any free one.",
        ) from error
    return listener


def _rally(options: Options, journal: Journal | None) -> Rally:
    store = Objects()
    if journal is None or not journal.load(store):
        now = options.clock()
        data = options.product or product(options.stories, options.seed, now)
        Seed(store, now, lock_fields=options.lock_fields).fill(data)
        if journal:
            journal.snapshot(store)
    rally = Rally(store, _door(store), options.clock)
    if journal:
        rally.keep = journal.append
    return rally


def _door(store: Objects) -> Door:
    first, second = [*store.by_kind[(0, "User")]][:2]
    return Door(
        [
            Account(Actor(first), API_KEY, store.things[first].text("UserName"), PASSWORD),
            Account(Actor(first, writes=False, admin=False), READ_ONLY_KEY),
            Account(
                Actor(second, admin=False),
                MEMBER_KEY,
                store.things[second].text("UserName"),
                PASSWORD,
            ),
        ]
    )


class _Server(uvicorn.Server):
    """A server that does not wait for requests which wait on purpose."""

    def __init__(self, config: uvicorn.Config, app: App) -> None:
        super().__init__(config)
        self.app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.app.end()
        await super().shutdown(sockets)


class _Protocol(HttpToolsProtocol):
    """HTTP with a way to close a connection without a reply."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["panopticon.close"] = self.transport.close  # type: ignore[typeddict-unknown-key]
