"""Real git remotes: a folder, git daemon, and git http-backend behind a small web server."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit


def bare(folder: Path) -> Path:
    """Make a repository that takes pushes."""
    path = folder / "remote.git"
    subprocess.run(["git", "init", "-q", "--bare", str(path)], check=True)
    subprocess.run(["git", "-C", str(path), "config", "http.receivepack", "true"], check=True)
    (path / "git-daemon-export-ok").touch()
    return path


@contextmanager
def by_file(folder: Path) -> Iterator[str]:
    yield bare(folder).as_uri()


@contextmanager
def by_daemon(folder: Path) -> Iterator[str]:
    """Serve with git daemon on a free port."""
    path = bare(folder)
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    words = ["git", "daemon", "--reuseaddr", "--listen=127.0.0.1", f"--port={port}"]
    words += [f"--base-path={folder}", "--enable=receive-pack", "--strict-paths", str(path)]
    process = subprocess.Popen(
        words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        _wait(port)
        yield f"git://127.0.0.1:{port}/remote.git"
    finally:
        os.killpg(process.pid, signal.SIGTERM)  # its children serve each connection
        process.wait(10)


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
    folder = ""

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
def by_http(folder: Path) -> Iterator[str]:
    """Serve with git http-backend on a free port."""
    bare(folder)
    handler = type("Here", (Backend,), {"folder": str(folder)})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/remote.git"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


REMOTES = {"file": by_file, "daemon": by_daemon, "http": by_http}
