"""The sandbox as an ASGI application: counts, injects faults, asks a service or the admin."""

import asyncio
import re
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, unquote

import orjson

from panopticon.sandbox.exchange import Reply, Request
from panopticon.sandbox.faults import Dice, Faults
from panopticon.sandbox.options import system_clock
from panopticon.sandbox.service import Service

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
ADMIN = "/_sandbox"
_NUMBER = re.compile(r"/-?\d{2,}(?=/|$|\.)")
_PAGES = {
    502: b"<html><head><title>502 Bad Gateway</title></head>"
    b"<body><center><h1>502 Bad Gateway</h1></center></body></html>",
    503: b"Service Unavailable",
}


class Counts:
    """What was asked of the sandbox, the admin's own calls left out."""

    def __init__(self) -> None:
        """Start at nought."""
        self.clear()

    def clear(self) -> None:
        """Forget everything; what is in flight stays so."""
        self.count = self.bytes_out = self.max_in_flight = 0
        self.by_method: Counter[str] = Counter()
        self.by_path: Counter[str] = Counter()

    def arrived(self, method: str, path: str, in_flight: int) -> None:
        """Count a request."""
        self.count += 1
        self.by_method[method] += 1
        self.by_path[_NUMBER.sub("/{id}", path)] += 1
        self.max_in_flight = max(self.max_in_flight, in_flight)

    def as_json(self) -> dict[str, object]:
        """Give the figures."""
        return {
            "count": self.count,
            "max_in_flight": self.max_in_flight,
            "bytes_out": self.bytes_out,
            "by_method": dict(self.by_method),
            "by_path": dict(self.by_path),
        }


class App:
    """One sandbox behind one port."""

    def __init__(
        self,
        makers: Mapping[str, Callable[[], Service]],
        seed: int,
        clock: Callable[[], datetime] = system_clock,
    ) -> None:
        """Make the services, each under its path prefix; a reset makes them again."""
        self.clock = clock
        self.makers = makers
        self.seed = seed
        self.counts = Counts()
        self.in_flight = 0
        self.active = 0
        self.queue: deque[asyncio.Future[None]] = deque()
        self.calm, self.ended = asyncio.Event(), asyncio.Event()
        self.reset()

    def reset(self) -> None:
        """Begin anew: data, sessions, faults and counts."""
        self.services = {prefix: make() for prefix, make in self.makers.items()}
        self.dice = Dice(self.seed)
        self.set_faults(Faults())
        self.counts.clear()

    def set_faults(self, faults: Faults) -> None:
        """Turn the knobs; requests that hang go on as soon as nothing shall hang."""
        self.faults = faults
        if not faults.hang_s:
            self.calm.set()
            self.calm = asyncio.Event()
        for service in self.services.values():
            service.suffer(faults, lambda: self.dice.hits(self.faults.conflict_rate))

    def end(self) -> None:
        """Let go of every request that waits on purpose: its connection closes, nothing is done."""
        self.ended.set()
        self.calm.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        date = format_datetime(self.clock().astimezone(UTC), usegmt=True)
        send = partial(_dated, send, date.encode())
        request = await _read(scope, receive)
        if request is None:
            return
        if request.path.startswith(ADMIN):
            await _send(send, self.admin(request))
            return
        self.in_flight += 1
        self.counts.arrived(request.method, request.path, self.in_flight)
        try:
            await self._enter()
            try:
                await self._serve(request, scope, receive, send)
            finally:
                self._leave()
        finally:
            self.in_flight -= 1

    def admin(self, request: Request) -> Reply:
        """Answer the admin endpoint; it never suffers a fault."""
        calls: dict[tuple[str, str], Callable[[], object]] = {
            ("GET", "requests"): self.counts.as_json,
            ("DELETE", "requests"): self.counts.clear,
            ("GET", "state"): self._state,
            ("GET", "faults"): self.faults.as_json,
            ("POST", "faults"): lambda: self._turn(request.body),
            ("POST", "reset"): self._again,
        }
        call = calls.get((request.method, request.path.removeprefix(ADMIN).strip("/")))
        if call is None:
            return _json({"error": "no such admin call"}, 404)
        try:
            return _json(call())
        except (ValueError, TypeError, AttributeError) as error:
            return _json({"error": str(error)}, 400)

    def _turn(self, body: bytes) -> object:
        self.set_faults(self.faults.merged(orjson.loads(body or b"{}")))
        return self.faults.as_json()

    def _again(self) -> object:
        self.reset()
        return self._state()

    def _state(self) -> dict[str, object]:
        held = [service.snapshot() for service in self.services.values()]
        return {
            "generation": sum(one.generation for one in held),
            "objects": {place: kinds for one in held for place, kinds in one.objects.items()},
            "sessions": sum(one.sessions for one in held),
            "in_flight": self.in_flight,
            "faults": self.faults.as_json(),
        }

    def _answer(self, request: Request) -> Reply:
        for prefix, service in self.services.items():
            if request.path.startswith(prefix):
                return service.handle(request)
        return _json({"error": "no simulated tracker has this address"}, 404)

    async def _enter(self) -> None:
        """Let twelve requests in; more are queued, not refused (KB 95713)."""
        if self.active >= self.faults.slow_above > 0:
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self.queue.append(turn)
            await turn
        self.active += 1

    def _leave(self) -> None:
        self.active -= 1
        while self.queue:
            turn = self.queue.popleft()
            if not turn.cancelled():
                turn.set_result(None)
                return

    async def _wait(self, method: str) -> bool:
        """Sit out latency and hanging; tell whether the sandbox ended meanwhile."""
        faults = self.faults
        is_write = method not in {"GET", "HEAD"}
        latency = (faults.latency_ms + faults.write_latency_ms * is_write) / 1000
        for seconds, event in ((latency, self.ended), (faults.hang_s, self.calm)):
            if seconds:
                with suppress(TimeoutError):
                    await asyncio.wait_for(event.wait(), seconds)
        return bool(latency or faults.hang_s) and self.ended.is_set()

    async def _serve(self, request: Request, scope: Scope, receive: Receive, send: Send) -> None:
        over = await self._wait(request.method)
        faults, hits = self.faults, self.dice.hits
        if over or hits(faults.drop_before):
            await _drop(scope, receive)
            return
        if hits(faults.html_errors):
            await _send(send, Reply(_PAGES[502], 502, "text/html"))
            return
        if hits(faults.error_rate):
            await _send(send, Reply(_PAGES[503], 503, "text/plain"))
            return
        reply = self._answer(request)
        self.counts.bytes_out += len(reply.body)
        if hits(faults.drop_after):
            await _drop(scope, receive)
        elif hits(faults.truncate_rate):
            await _send(send, reply, cut=True)
            await _drop(scope, receive)
        else:
            await _send(send, reply)


async def _read(scope: Scope, receive: Receive) -> Request | None:
    """Read a whole request; None when its sender left half-way."""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    body, more = b"", scope["method"] not in {"GET", "HEAD"}
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        more = message.get("more_body", False)
    host = headers.get("host") or f"{scope['server'][0]}:{scope['server'][1]}"
    query = scope["query_string"].decode("latin-1")
    return Request(
        scope["method"],
        unquote(scope["raw_path"].decode("latin-1")),
        dict(parse_qsl(query, keep_blank_values=True)),
        headers,
        body,
        f"{headers.get('x-forwarded-proto', scope['scheme'])}://{host}",
    )


async def _send(send: Send, reply: Reply, *, cut: bool = False) -> None:
    length = str(len(reply.body)).encode()
    headers = [(b"content-type", reply.content_type.encode()), (b"content-length", length)]
    headers += [(name.lower().encode(), value.encode()) for name, value in reply.headers]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    body = reply.body[: len(reply.body) // 2] if cut else reply.body
    await send({"type": "http.response.body", "body": body, "more_body": cut})


async def _dated(send: Send, date: bytes, message: MutableMapping[str, Any]) -> None:
    """Head a reply with the sandbox's own time: clients set their marks by it."""
    if message["type"] == "http.response.start":
        message["headers"].append((b"date", date))
    await send(message)


async def _drop(scope: Scope, receive: Receive) -> None:
    """Close the connection without a word (more)."""
    scope["panopticon.close"]()
    while (await receive())["type"] != "http.disconnect":
        pass


def _json(value: object, status: int = 200) -> Reply:
    return Reply(orjson.dumps(value), status)
