"""Who is served when: nobody, however slow or many, takes the places of all others.

A route that asks a tracker may hang as long as the tracker does, in a thread of its own. Only so
many run side by side, so that the routes that read the store always find a thread; the others
wait in line, a while. So do searches of the board, of which a few keep the processor busy. An
answer that takes too long is given up. Open event streams are counted.
"""

import asyncio
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from panopticon.errors import PanError, Retriable
from panopticon.web import faults
from panopticon.web.guard import SAFE_METHODS, Knock, Security, caller, judge

STREAM = "/api/events"
_READS = frozenset(
    {
        *("/", "/item", "/settings", "/health", "/open", "/api/item"),
        *("/api/board", "/api/board/matches", "/api/health", "/api/settings", "/api/views"),
        *("/api/search/words", "/api/openapi.json", "/api/docs", "/api"),
    }
)
_BOARDS = frozenset({"/api/board", "/api/board/matches"})
_NO_FILTERS = (b"since=", b"epoch=")
_NEVER_ASK = ("/static/", "/api/views/", "/api/sync", "/api/poll")


class TookTooLong(Retriable):
    """The answer was given up; what was asked for may still happen."""

    http_status = 504


@dataclass(frozen=True, slots=True)
class Limits:
    """How many and how long; uvicorn runs routes in forty threads."""

    asking: int = 16
    searching: int = 3
    line_seconds: float = 20
    answer_seconds: float = 90
    streams: int = 200
    streams_of_one: int = 12


def asks_tracker(method: str, path: str) -> bool:
    """Tell whether a route may wait for a tracker: all do that are not known to read the store."""
    if path.startswith(_NEVER_ASK):
        return False
    return not (method in SAFE_METHODS and path in _READS)


def searches(path: str, query: bytes) -> bool:
    """Tell whether a board is asked for by filters: each looks at all cards, some at all texts."""
    return path in _BOARDS and any(
        one and not one.startswith(_NO_FILTERS) for one in query.split(b"&")
    )


@dataclass
class Turns:
    """Gives every request its turn; stands inside the guard, so that only those let in count."""

    app: ASGIApp
    security: Security
    limits: Limits = field(default_factory=Limits)
    _open: Counter[str] = field(default_factory=Counter)
    _line: asyncio.Semaphore = field(init=False)
    _searching: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        """Set out the places."""
        self._line = asyncio.Semaphore(self.limits.asking)
        self._searching = asyncio.Semaphore(self.limits.searching)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request when its turn comes."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif scope["path"] == STREAM:
            await self._follow(scope, receive, send)
        elif searches(scope["path"], scope["query_string"]):
            await self._wait(self._searching, _SOUGHT, scope, receive, send)
        elif asks_tracker(scope["method"], scope["path"]):
            await self._wait(self._line, _BUSY, scope, receive, send)
        else:
            await self._answer(scope, receive, send)

    async def _follow(self, scope: Scope, receive: Receive, send: Send) -> None:
        who = caller(Headers(scope=scope), self.security)
        is_full = self._open.total() >= self.limits.streams
        if is_full or self._open[who] >= self.limits.streams_of_one:
            await self._refuse(_MANY, scope, receive, send)
            return
        self._open[who] += 1
        try:
            await self.app(scope, receive, _while_signed_in(scope, send, self.security))
        finally:
            self._open[who] -= 1
            self._open += Counter()  # forget those at zero

    async def _wait(
        self, line: asyncio.Semaphore, busy: PanError, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Serve in the order of coming, so many at once."""
        try:
            async with asyncio.timeout(self.limits.line_seconds):
                await line.acquire()
        except TimeoutError:
            await self._refuse(busy, scope, receive, send)
            return
        await self._answer(scope, receive, send, line)

    async def _answer(
        self, scope: Scope, receive: Receive, send: Send, line: asyncio.Semaphore | None = None
    ) -> None:
        """Answer in time; a place is given back when the work has ended, not when it is given up.

        A thread cannot be stopped: it goes on, and nobody hears what it says.
        """
        mouth = _Mouth(send)
        work = asyncio.ensure_future(self.app(scope, receive, mouth.send))
        if line:
            work.add_done_callback(lambda _done: line.release())
        done, _ = await asyncio.wait({work}, timeout=self.limits.answer_seconds)
        if done:
            work.result()
        elif mouth.has_begun:
            await work  # a large answer to a slow reader
        else:
            mouth.is_shut = True
            work.add_done_callback(_forgotten)
            await self._refuse(_LONG, scope, receive, send)

    async def _refuse(self, why: PanError, scope: Scope, receive: Receive, send: Send) -> None:
        headers, is_demo = Headers(scope=scope), self.security.is_demo
        answer = faults.answer(why, scope["path"], headers, is_demo=is_demo)
        await answer(scope, receive, send)


@dataclass(slots=True)
class _Mouth:
    """Where an answer goes, until somebody else has answered."""

    _send: Send
    has_begun: bool = False
    is_shut: bool = False

    async def send(self, message: Message) -> None:
        if not self.is_shut:
            self.has_begun = True
            await self._send(message)


def _while_signed_in(scope: Scope, send: Send, security: Security) -> Send:
    """End a stream whose session has ended, before anything more is told."""
    knock = Knock(scope["method"], scope["path"], 0, Headers(scope=scope))
    has_ended = False

    async def judged(message: Message) -> None:
        nonlocal has_ended
        if has_ended:
            return
        has_ended = message["type"] == "http.response.body" and bool(judge(knock, security))
        await send({"type": "http.response.body", "body": b""} if has_ended else message)

    return judged


def _forgotten(work: "asyncio.Future[None]") -> None:
    """Hear the end of what was given up: nobody is left to tell it to."""
    with suppress(Exception, asyncio.CancelledError):
        work.result()


_MANY = Retriable(
    "Too many pages of this browser follow the board live.",
    "Close some; until then this page asks from time to time.",
    retry_after=30,
)
_BUSY = Retriable(
    "The trackers are slow: too many requests wait for them already.",
    "Nothing was changed. Try again in a moment.",
    retry_after=5,
)
_SOUGHT = Retriable(
    "Too many searches wait already.", "Nothing is wrong with yours: try again.", retry_after=2
)
_LONG = TookTooLong(
    "The tracker did not answer in time.",
    "What was asked for may still happen: look again before you repeat it.",
    retry_after=30,
)
