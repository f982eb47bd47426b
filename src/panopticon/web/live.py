"""The asynchronous rim: the guard around every request, the event stream, the server's loop."""

import asyncio
import signal
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from types import FrameType

import orjson
import uvicorn
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from panopticon.errors import AuthFailed, PanError
from panopticon.model.event import Event
from panopticon.model.issue import Json
from panopticon.services import event as log, redaction
from panopticon.services.board import answer as board
from panopticon.services.context import Context
from panopticon.web import faults, wanted
from panopticon.web.guard import HEADERS, SAFE_METHODS, Knock, Security, judge

TICK = 0.5
HEARTBEAT = 15.0
_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_LINGER = 2.0  # seconds
_MOST_UNREAD = 8 * 1024 * 1024  # bytes
_BEHIND = 2000  # further back than this a page had better read the board anew


class Rim:
    """Judge every request, bound the time to send its body, and sign every answer."""

    def __init__(self, app: ASGIApp, security: Security) -> None:
        self.app = app
        self.security = security

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        length = len(scope["path"]) + len(scope["query_string"])
        knock = Knock(scope["method"], scope["path"], length, headers)
        refusal = judge(knock, self.security)
        target: ASGIApp = self.app
        if refusal:
            target = self._refused(refusal, scope, headers)
        is_read = scope["method"] in SAFE_METHODS
        deadline = asyncio.get_running_loop().time() + self.security.body_seconds
        body = _Body(receive, deadline, is_whole=not _has_body(headers))
        with redaction.request():
            await target(scope, receive if is_read else body.read, _signed(send, body))

    def _refused(self, refusal: PanError, scope: Scope, headers: Headers) -> Response:
        """Answer who may not pass; who has to sign in is led on to what they asked for."""
        path, is_demo = scope["path"], self.security.is_demo
        answer = faults.answer(refusal, path, headers, is_demo=is_demo)
        if isinstance(refusal, AuthFailed) and isinstance(answer, HTMLResponse):
            query = scope["query_string"].decode("latin-1")
            wanted.remember(answer, self.security.wanted, path, query)
        return answer


@dataclass
class _Body:
    """What a request sends, all of it by a deadline."""

    receive: Receive
    deadline: float
    is_whole: bool
    _is_late: bool = False

    async def read(self) -> Message:
        if self.is_whole:
            return await self.receive()
        try:
            async with asyncio.timeout_at(self.deadline):
                message = await self.receive()
        except TimeoutError:
            self._is_late = True
            raise HTTPException(408, "The body of the request did not come in time.") from None
        self.is_whole = not message.get("more_body", False)
        return message

    async def let_pass(self) -> None:
        """Take in a little of what nobody reads: who still sends might not hear the answer."""
        left = _MOST_UNREAD
        with suppress(TimeoutError):
            async with asyncio.timeout(0 if self._is_late else _LINGER):
                while left > 0 and not self.is_whole:
                    message = await self.receive()
                    left -= len(message.get("body", b""))
                    self.is_whole = not message.get("more_body", False)


def _has_body(headers: Headers) -> bool:
    return headers.get("content-length", "0") != "0" or "transfer-encoding" in headers


def _signed(send: Send, body: _Body) -> Send:
    """Sign an answer; one that did not wait for the body is the connection's last.

    What is left of the body must not be read as the next request.
    """
    is_last = False

    async def signed(message: Message) -> None:
        nonlocal is_last
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(HEADERS)
            if is_last := not body.is_whole:
                headers["Connection"] = "close"
        elif is_last and not message.get("more_body", False):
            await send({**message, "more_body": True})
            await body.let_pass()
            message = {"type": "http.response.body", "body": b""}
        await send(message)

    return signed


@dataclass(frozen=True, slots=True)
class Beat:
    """What a page is told: the newest number, the events after its own, how sources are.

    `is_lost`: what happened since cannot be told; the page reads all anew.
    """

    last: int
    events: list[Event]
    sources: bytes
    names: tuple[str, ...]
    is_lost: bool


@dataclass
class Pulse:
    """What all open pages watch, read once for all of them."""

    ctx: Context
    waits: Callable[[], Mapping[str, Mapping[str, Json]]] = dict
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _read_at: float = float("-inf")
    _last: int = 0
    _floor: int = 0
    _names: tuple[str, ...] = ()
    _sources: bytes = b""

    def beat(self, after: int | None) -> Beat:
        """Say what happened to the sources shown since `after`, from now on when None."""
        with self._lock:
            if time.monotonic() - self._read_at > TICK / 2:
                self._last, self._floor = log.last(self.ctx), log.floor(self.ctx)
                self._names = self.ctx.names
                self._sources = orjson.dumps(sources(self.ctx, self.waits()))
                self._read_at = time.monotonic()
            last, floor, shown, names = self._last, self._floor, self._sources, self._names
        seen = last if after is None else after
        is_lost = not max(floor, last - _BEHIND) <= seen <= last
        told = log.news(self.ctx, seen, _BEHIND) if seen < last and not is_lost else []
        last = max(last, told[-1].seq) if told else last
        return Beat(last, [one for one in told if log.is_of(one, names)], shown, names, is_lost)


def sources(ctx: Context, waits: Mapping[str, Mapping[str, Json]]) -> list[dict[str, Json]]:
    """Say how fresh each source is and when it is asked again."""
    return [
        {**found, **_UNPOLLED, **waits.get(str(found["name"]), {})}
        for found in board.freshness(ctx)
    ]


_UNPOLLED: dict[str, Json] = {"waits_until": None, "next_at": None, "paused": False}


async def stream(
    pulse: Pulse, after: int | None, stopping: threading.Event
) -> AsyncIterator[bytes]:
    """Tell what happens from `after` on until the page leaves or the server stops."""
    beat = await run_in_threadpool(pulse.beat, None)
    seen = beat.last if after is None else after
    yield b"retry: 1000\n\n" + _frame("sources", beat.sources)
    spoke = time.monotonic()
    while not stopping.is_set():
        before, beat = beat, await run_in_threadpool(pulse.beat, seen)
        parts = list(_news(before, beat))
        seen = beat.last
        if not parts and time.monotonic() - spoke > HEARTBEAT:
            parts.append(b": still here\n\n")
        if parts:
            spoke = time.monotonic()
            yield b"".join(parts)
        await asyncio.sleep(TICK)


def _news(before: Beat, beat: Beat) -> Iterator[bytes]:
    """Frame what is new; where it cannot be told, or other sources are shown, all is read anew."""
    if beat.is_lost or beat.names != before.names:
        yield _frame("reset", b"{}", beat.last)
    else:
        for event in beat.events:
            yield _frame(event.kind, _told(event), event.seq)
    if beat.sources != before.sources:
        yield _frame("sources", beat.sources)


def _told(event: Event) -> bytes:
    ref = str(event.ref) if event.ref else None
    data = {"seq": event.seq, "at": event.at, "kind": event.kind, "ref": ref}
    return orjson.dumps({**data, "data": event.data})


def _frame(name: str, data: bytes, seq: int | None = None) -> bytes:
    number = f"id: {seq}\n" if seq is not None else ""
    return f"{number}event: {name}\ndata: ".encode() + data + b"\n\n"


class Server(uvicorn.Server):
    """The loop that tells when it is ready, and tells its streams to end when it is not."""

    def __init__(
        self,
        config: uvicorn.Config,
        stopping: threading.Event,
        on_ready: Callable[[], None],
    ) -> None:
        super().__init__(config)
        self._stopping = stopping
        self._on_ready = on_ready
        self.ended_by: int | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to end, and remember why."""
        self.ended_by = sig
        super().handle_exit(sig, frame)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Hear signals while serving; unlike the original, do not die of them afterwards."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        kept = {number: signal.signal(number, self.handle_exit) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in kept.items():
                signal.signal(number, handler)

    async def main_loop(self) -> None:
        """Serve; open streams end before connections are waited for."""
        self._on_ready()
        try:
            await super().main_loop()
        finally:
            self._stopping.set()
