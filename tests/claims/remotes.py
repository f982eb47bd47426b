"""Real git remotes: a folder, git daemon, and git http-backend behind a small web server.

Small packets that wait for each other (Nagle, delayed acknowledgements) cost 40 ms a turn on the
loopback: the web server writes an answer at once, and git daemon stands behind a relay that
acknowledges at once. What git itself does stays the same.
"""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

from tests.claims.templates import bare

Clock = Callable[[], datetime]


def real_time() -> datetime:
    return datetime.fromtimestamp(time.time(), UTC)


@contextmanager
def by_file(folder: Path, _clock: Clock = real_time) -> Iterator[str]:
    yield bare(folder).as_uri()


@contextmanager
def by_daemon(
    folder: Path, _clock: Clock = real_time, *, is_writable: bool = True
) -> Iterator[str]:
    """Serve with git daemon on a free port."""
    bare(folder)
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    words = ["git", "daemon", "--reuseaddr", "--listen=127.0.0.1", f"--port={port}"]
    words += ["--enable=receive-pack"] if is_writable else []
    words += [f"--base-path={folder}", str(folder)]
    process = subprocess.Popen(
        words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        _wait(port)
        with relayed(port) as quick:
            yield f"git://127.0.0.1:{quick}/remote.git"
    finally:
        os.killpg(process.pid, signal.SIGTERM)  # its children serve each connection
        process.wait(10)


@contextmanager
def relayed(port: int) -> Iterator[int]:
    """Pass connections on to a port, without waiting for one another's acknowledgements."""
    listener = socket.create_server(("127.0.0.1", 0))
    serving: list[Thread] = []

    def accept() -> None:
        with suppress(OSError):  # the listener is closed at the end
            while True:
                near = listener.accept()[0]
                serving.append(Thread(target=_pass_on, args=(near, port)))
                serving[-1].start()

    thread = Thread(target=accept)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()
        listener.close()
        for one in serving:
            one.join()


def _pass_on(near: socket.socket, port: int) -> None:
    with near, socket.create_connection(("127.0.0.1", port)) as far:
        back = Thread(target=_copy, args=(far, near))
        back.start()
        _copy(near, far)
        back.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    quick = getattr(socket, "TCP_QUICKACK", None)  # Linux; elsewhere it is only slower
    target.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with suppress(OSError):
        while True:
            if quick is not None:
                source.setsockopt(socket.IPPROTO_TCP, quick, 1)
            if not (some := source.recv(65536)):
                break
            target.sendall(some)
        target.shutdown(socket.SHUT_WR)


def _wait(port: int) -> None:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("git daemon did not start")


class Backend(BaseHTTPRequestHandler):
    """Runs git http-backend as a web server would; the folder is the server's."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one packet for head and body
    folder = ""
    clock: Clock
    status = 0  # what it answers instead of working

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Tell the server's `Date`."""
        del timestamp
        return format_datetime(type(self).clock().replace(microsecond=0), usegmt=True)

    def do_GET(self) -> None:
        self.answer(b"")

    def do_POST(self) -> None:
        if self.headers.get("Transfer-Encoding") == "chunked":
            self.answer(b"".join(self.chunks()))
        else:
            self.answer(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    def chunks(self) -> Iterator[bytes]:
        while size := int(self.rfile.readline(), 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()

    def answer(self, body: bytes) -> None:
        if self.status:
            self.send_response(self.status)
            self.send_header("Content-Length", "0")
            self.send_header("X-Frame-Options", "DENY")
            self.end_headers()
            return
        parts = urlsplit(self.path)
        env = {
            "PATH": os.defpath,
            "GIT_PROJECT_ROOT": self.folder,
            "GIT_HTTP_EXPORT_ALL": "1",
            "REMOTE_USER": "tester",
            "REMOTE_ADDR": "127.0.0.1",
            "PATH_INFO": parts.path,
            "QUERY_STRING": parts.query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
        }
        words = ["git", "http-backend"]
        done = subprocess.run(words, input=body, env=env, capture_output=True, check=False)
        head, _, rest = done.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if line)
        self.send_response(int(headers.pop("Status", "200").split()[0]))
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(rest)))
        self.end_headers()
        self.wfile.write(rest)

    def log_message(self, *words: object) -> None:
        """Say nothing."""


@contextmanager
def by_http(folder: Path, clock: Clock = real_time, *, status: int = 0) -> Iterator[str]:
    """Serve with git http-backend on a free port; `clock` is the server's, in whole seconds."""
    bare(folder)
    told = {"folder": str(folder), "clock": staticmethod(clock), "status": status}
    handler = type("Here", (Backend,), told)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, args=(0.02,))  # how soon it hears of its end
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/remote.git"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


REMOTES: dict[str, Callable[[Path, Clock], AbstractContextManager[str]]] = {
    "file": by_file,
    "daemon": by_daemon,
    "http": by_http,
}
