"""HTTP connections that may not dawdle or ramble: a place is kept only for who sends a request.

uvicorn bounds the pause between two requests, but neither the time that the head of one takes
nor its size.
"""

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_LIMIT = 64 * 1024  # bytes; one that came whole and is above the guard's limit is told so
_TOO_BIG = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"Content-Length: 0\r\nConnection: close\r\n\r\n"
)


class Connection(HttpToolsProtocol):
    """HTTP that closes where no complete head came in time, or one without an end."""

    head_seconds = 10.0
    _due: asyncio.TimerHandle | None = None
    _head_size = 0
    _is_in_head = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first head."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._came()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """See a request begin: only to one may anything be answered."""
        self._is_in_head = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Be content: a head came."""
        self._is_in_head = False
        self._came()
        super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        """Wait for the rest where a head has begun; what is left of an answered body counts too."""
        super().data_received(data)
        if self.transport.is_closing():
            return
        is_answered = self.cycle is not None and self.cycle.response_complete
        if is_answered and self.timeout_keep_alive_task is None:
            self._wait()
        if self._due is not None:
            self._head_size += len(data)
            if self._head_size > HEAD_LIMIT:
                if self._is_in_head:
                    self.transport.write(_TOO_BIG)
                self.transport.close()

    def _wait(self) -> None:
        if self._due is None:
            self._due = self.loop.call_later(self.head_seconds, self.transport.close)

    def _came(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None
        self._head_size = 0


def hasty(head_seconds: float) -> type[asyncio.Protocol]:
    """Give connections that wait this long for a head."""
    return type("HastyConnection", (Connection,), {"head_seconds": head_seconds})
