"""Connections that dawdle, on a real port of this machine."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from panopticon.services.server.session import session
from panopticon.web import live
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


def posted(line: socket.socket, path: str, size: int, *more: str) -> None:
    """Ask to send a body of that size; the body is the caller's to send."""
    kind = "Content-Type: application/json"
    line.sendall(head(line, "POST", path, kind, f"Content-Length: {size}", *more))


@pytest.mark.requirement("web:guard:unread")
@pytest.mark.parametrize("is_signed_in", [False, True])
@pytest.mark.parametrize("path", ["/api/item/move", "/nowhere"])
def test_a_refused_upload_is_answered_once_and_closes(
    dial: Dial, tmp_path: Path, path: str, *, is_signed_in: bool
) -> None:
    line = dial()
    bearer = f"Authorization: Bearer {session(tmp_path, lambda: NOW).token}"
    posted(line, path, 200_000, *([bearer] if is_signed_in else []))
    line.sendall(b"x" * 100_000)
    line.sendall(b"x" * 100_000 + b"GET / HTTP/1.1\r\n\r\n")  # never read as a request
    answer = to_the_end(line)
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"connection: close" in answer.lower()
    assert answer.count(b"HTTP/1.1") == 1


@pytest.mark.requirement("web:guard:unread")
def test_who_has_been_refused_and_sends_nothing_is_let_go(dial: Dial) -> None:
    line = dial()
    posted(line, "/api/item/move", 200_000)
    assert to_the_end(line).startswith(b"HTTP/1.1 413")


@pytest.mark.requirement("web:guard:unread")
def test_what_follows_an_answer_without_a_request_is_not_answered(
    monkeypatch: pytest.MonkeyPatch, dial: Dial
) -> None:
    monkeypatch.setattr(live, "_has_body", lambda _headers: False)  # the connection stays open
    line = dial()
    posted(line, "/api/item/move", 200_000)
    answer = b""
    while not answer.endswith(b"}"):
        answer += line.recv(65_536)
    assert answer.startswith(b"HTTP/1.1 413")
    with suppress(OSError):
        line.sendall(b"x" * 150_000)
    assert to_the_end(line) == b""


@pytest.mark.requirement("web:guard:unread")
def test_a_body_that_was_read_keeps_the_connection(dial: Dial, tmp_path: Path) -> None:
    line = dial()
    bearer = f"Authorization: Bearer {session(tmp_path, lambda: NOW).token}"
    for _ in range(2):
        posted(line, "/api/rally/validate", 2, bearer)
        line.sendall(b"{}")
        answer = b""
        while not answer.endswith(b"}"):  # its head and its body may come one by one
            answer += line.recv(65_536)
        assert answer.startswith(b"HTTP/1.1 400")
        assert b"connection: close" not in answer.lower()
