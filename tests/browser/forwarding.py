"""A forwarding proxy as offices have them: some paths it swallows, holds back or refuses."""

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

CHUNK = 65536
HEAD_END = b"\r\n\r\n"


class Forwarding:
    """Forwards HTTP; what happens to a path is one of swallow, buffer, refuse."""

    def __init__(self, holds: dict[str, str]) -> None:
        self.holds = holds
        self.paths: list[str] = []
        self._ended = threading.Event()
        self._age = 0
        self._door = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._door.close()

    def mute(self) -> None:
        """Let what is open now stay open and say nothing more, as after a night asleep."""
        self._age += 1

    def _serve(self) -> None:
        with suppress(OSError):
            while not self._ended.is_set():
                near, _ = self._door.accept()
                threading.Thread(target=self._one, args=(near,), daemon=True).start()

    def _one(self, near: socket.socket) -> None:
        """Forward one request; each has a connection of its own."""
        with near, suppress(OSError, ValueError):
            head, body = _head(near)
            first, *lines = head.decode("latin-1").split("\r\n")
            method, address, version = first.split(" ")
            at, age = urlsplit(address), self._age
            self.paths.append(at.path)
            how = self.holds.get(at.path, "")
            if how == "swallow":
                self._ended.wait()
            elif how == "refuse":
                near.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
            else:
                way = f"{at.path}?{at.query}" if at.query else at.path
                kept = [line for line in lines if not line.lower().startswith(("proxy-", "conn"))]
                asked = "\r\n".join([f"{method} {way} {version}", *kept, "Connection: close"])
                with socket.create_connection((at.hostname or "", at.port or 80)) as far:
                    far.sendall(asked.encode("latin-1") + HEAD_END + body)
                    self._back(far, near, age, is_held=how == "buffer")

    def _back(self, far: socket.socket, near: socket.socket, age: int, *, is_held: bool) -> None:
        """Bring the answer; a held one is gathered and never handed on."""
        while not self._ended.is_set():
            part = far.recv(CHUNK)
            if not part:
                return
            if not is_held and age == self._age:
                near.sendall(part)


def _head(near: socket.socket) -> tuple[bytes, bytes]:
    """Read a request: its head, and its body as far as its length says."""
    data = b""
    while HEAD_END not in data:
        part = near.recv(CHUNK)
        if not part:
            raise ValueError("left before the head was whole")
        data += part
    head, body = data.split(HEAD_END, 1)
    lines = [line.split(b":", 1) for line in head.split(b"\r\n")[1:]]
    length = next((int(value) for name, value in lines if name.lower() == b"content-length"), 0)
    while len(body) < length:
        body += near.recv(CHUNK)
    return head, body
