"""Starts the sandbox: embedded in a thread for demo and tests, or as a program until SIGTERM."""

import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any, Self

import orjson
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from panopticon.errors import LocalFault
from panopticon.sandbox.app import ADMIN, App
from panopticon.sandbox.journal import Journal
from panopticon.sandbox.options import STORIES, Options
from panopticon.sandbox.rally import opening
from panopticon.sandbox.service import Service

__all__ = ["SERVICES", "STORIES", "Options", "Running", "run", "start"]

# A simulated tracker is one row: the prefix of its paths, its name, and how it is opened.
SERVICES: dict[str, tuple[str, Callable[[Options, Journal | None], Service]]] = {
    opening.PREFIX: ("rally", opening.opened),
}


class Running:
    """A sandbox that serves; `stop` ends it."""

    def __init__(self, server: uvicorn.Server, app: App, url: str) -> None:
        """Keep what serves, and where."""
        self.server = server
        self.app = app
        self.url = url
        self.thread: threading.Thread | None = None
        self.journals: list[Journal] = []
        self.admin = url + ADMIN
        told = self.as_json()["rally"]  # most tests talk to this one
        self.api_key, self.read_only_key = told["api_key"], told["read_only_key"]
        self.member_key = opening.MEMBER_KEY
        self.username, self.password = told["username"], told["password"]
        self.workspace, self.workspace_oid = told["workspace"].values()
        self.project, self.project_oid = told["project"].values()

    def as_json(self) -> dict[str, Any]:
        """Give what a client needs to know, one key per simulated tracker."""
        return {
            SERVICES[prefix][0]: {"url": self.url, **service.describe(), "admin": self.admin}
            for prefix, service in self.app.services.items()
        }

    def stop(self) -> None:
        """Stop serving and wait until everything is on disk."""
        self.server.should_exit = True
        if self.thread:
            self.thread.join()
            self.thread = None
        for journal in self.journals:
            journal.close()

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
        journals = {prefix: _journal(options, prefix) for prefix in SERVICES}
        makers = {
            prefix: partial(make, options, journals[prefix])
            for prefix, (_name, make) in SERVICES.items()
        }
        app = App(makers, options.seed, options.clock)
        config = _config(app, options)
    except BaseException:
        listener.close()
        raise
    host = f"[{options.host}]" if ":" in options.host else options.host
    scheme = "https" if config.is_ssl else "http"
    running = Running(_Server(config, app), app, f"{scheme}://{host}:{port}")
    running.journals = [journal for journal in journals.values() if journal]
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
        date_header=False,  # ours follows the sandbox's clock
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


def _journal(options: Options, prefix: str) -> Journal | None:
    """Give the first service the state file itself, each other one a file beside it."""
    if options.state is None:
        return None
    first, name = prefix == next(iter(SERVICES)), SERVICES[prefix][0]
    place = options.state
    return Journal(place if first else place.with_name(f"{place.name}.{name}"))


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
