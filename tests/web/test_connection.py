"""Connections that dawdle, on a real port of this machine."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from panopticon.services.session import session
from panopticon.web.app import make_app
from panopticon.web.guard import Security
from panopticon.web.live import Server
from panopticon.web.serve import bind, config
from tests.web.fakes import NOW, context, team_store

PATIENCE = 0.3
Dial = Callable[[], socket.socket]


@pytest.fixture
def dial(tmp_path: Path) -> Iterator[Dial]:
    taken = bind("127.0.0.1", 0)
    port = taken.getsockname()[1]
    security = Security(session(tmp_path, lambda: NOW), port, body_seconds=PATIENCE)
    app = make_app(context(tmp_path, team_store()), security)
    ready = threading.Event()
    server = Server(config(app, head_seconds=PATIENCE), threading.Event(), ready.set)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]}, daemon=True)
    thread.start()
    assert ready.wait(10)
    made: list[socket.socket] = []

    def call() -> socket.socket:
        made.append(socket.create_connection(("127.0.0.1", port), 10))
        return made[-1]

    yield call
    for one in made:
        one.close()
    server.should_exit = True
    thread.join(10)
    taken.close()


def head(line: socket.socket, method: str, path: str, *more: str) -> bytes:
    host = f"Host: 127.0.0.1:{line.getpeername()[1]}"
    return "\r\n".join([f"{method} {path} HTTP/1.1", host, *more, "", ""]).encode()


def to_the_end(line: socket.socket) -> bytes:
    """Read until the server closes; the socket's own patience ends the test otherwise."""
    found = b""
    with suppress(ConnectionResetError):
        while part := line.recv(65_536):
            found += part
    return found


def drip(line: socket.socket) -> None:
    """Send byte after byte for longer than anybody should wait."""
    for _ in range(100):
        threading.Event().wait(0.05)
        line.sendall(b"x")


@pytest.mark.requirement("web:serve:hasty")
@pytest.mark.parametrize("start", [b"", b"\r\n", b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "])
def test_who_sends_no_whole_head_is_let_go(dial: Dial, start: bytes) -> None:
    lines = [dial() for _ in range(20)]
    for line in lines:
        line.sendall(start)
    assert [to_the_end(line) for line in lines] == [b""] * 20


@pytest.mark.requirement("web:serve:hasty")
@pytest.mark.parametrize("is_second", [False, True])
def test_a_head_that_drips_in_is_not_waited_for(dial: Dial, *, is_second: bool) -> None:
    line = dial()
    if is_second:
        line.sendall(head(line, "GET", "/static/js/dom.js"))
        assert line.recv(65_536).startswith(b"HTTP/1.1 200")
    line.sendall(b"GET / HTTP/1.1\r\nX-Slow: ")
    with pytest.raises(OSError, match=r"reset|[Bb]roken pipe|closed"):
        drip(line)


@pytest.mark.requirement("web:serve:hasty")
def test_a_request_and_its_long_answer_are_left_alone(dial: Dial, tmp_path: Path) -> None:
    line = dial()
    bearer = f"Authorization: Bearer {session(tmp_path, lambda: NOW).token}"
    line.sendall(head(line, "GET", "/api/events", bearer))
    assert line.recv(65_536).startswith(b"HTTP/1.1 200")
    line.settimeout(PATIENCE * 3)
    with pytest.raises(TimeoutError):  # nothing to tell, and nobody hangs up
        to_the_end(line)


@pytest.mark.requirement("web:serve:hasty")
def test_a_slow_body_is_answered_408_and_the_connection_closes(dial: Dial, tmp_path: Path) -> None:
    line = dial()
    bearer = f"Authorization: Bearer {session(tmp_path, lambda: NOW).token}"
    kind, length = "Content-Type: application/json", "Content-Length: 20"
    line.sendall(head(line, "POST", "/api/rally/validate", bearer, kind, length) + b"{")
    answer = to_the_end(line)
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"did not come in time" in answer
