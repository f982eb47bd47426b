"""The only HTTP client: sign-in, time limits, retries, the error map, redaction and counters."""

import hashlib
import logging
import random
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Self
from urllib.parse import quote

import httpx2
import orjson

from panopticon.errors import PanError, Retriable
from panopticon.model.change import Usage
from panopticon.model.issue import Json
from panopticon.trackers import faults
from panopticon.trackers.faults import LostReply

_gates: dict[tuple[str, str, int], threading.BoundedSemaphore] = {}
_gates_lock = threading.Lock()
_told_until: dict[str, float] = {}
_told_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Wait:
    """An announced pause before the same call is tried again."""

    tracker: str
    seconds: float
    why: str
    attempt: int


def log_wait(wait: Wait) -> None:
    """Tell of a pause in the log, where no face listens; once for calls that wait together."""
    now = time.monotonic()
    with _told_lock:
        if now < _told_until.get(wait.tracker, 0.0):
            return
        _told_until[wait.tracker] = now + wait.seconds
    why = wait.why.removeprefix(f"{wait.tracker}: ").rstrip(". ")
    logging.getLogger("panopticon.http").warning(
        "%s: %s. Trying again in %.1f s.", wait.tracker, why, wait.seconds
    )


def no_word(_wait: Wait) -> None:
    """Say nothing: whoever asked waits for the answer and hears how it ended."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How patient to be; tests hand in `sleep` and `jitter`, or `attempts=1` for no retries."""

    connect_seconds: float = 10.0
    read_seconds: float = 60.0
    attempts: int = 5
    first_wait: float = 0.5
    longest_wait: float = 20.0
    in_flight: int = 12
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random
    monotonic: Callable[[], float] = time.monotonic
    on_wait: Callable[[Wait], None] = log_wait

    def pause(self, attempt: int, asked: float | None) -> float:
        """Give the seconds before the next try: as the server asked, else doubling with jitter."""
        if asked is not None:
            return min(asked, self.longest_wait * 3)
        return float(
            min(self.longest_wait, self.first_wait * 2 ** (attempt - 1)) * (0.5 + self.jitter() / 2)
        )


@dataclass(frozen=True, slots=True)
class Door:
    """Where to knock and as whom. `secrets` are struck out of every log line and error."""

    tracker: str
    origin: str
    base: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    basic: tuple[str, str] | None = field(default=None, repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    ca_file: str | None = None
    log: str = "http"

    def redact(self, text: str) -> str:
        """Strike the secrets out of a text, also where they are URL-encoded."""
        for secret in self.secrets:
            if secret:
                text = text.replace(secret, "[secret]").replace(quote(secret, safe=""), "[secret]")
        return text

    def gate(self, places: int) -> threading.BoundedSemaphore:
        """Give the semaphore that all doors of one user on one server share."""
        who = hashlib.sha256("\0".join(self.secrets).encode()).hexdigest()
        with _gates_lock:
            return _gates.setdefault((self.origin, who, places), threading.BoundedSemaphore(places))


@dataclass(frozen=True, slots=True)
class Call:
    """One request; only an `idempotent` one is sent again after its reply was lost."""

    method: str
    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    body: Json = None
    idempotent: bool = True


@dataclass(frozen=True, slots=True)
class Reply:
    """A JSON reply; `at` is the server's clock (its Date header)."""

    data: dict[str, Json]
    at: datetime | None


class HttpClient:
    """Sends calls through one door; safe to use from many threads."""

    def __init__(
        self,
        door: Door,
        policy: Policy | None = None,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self.door = door
        self.policy = policy or Policy()
        self._gate = door.gate(self.policy.in_flight)
        self._log = logging.getLogger(f"panopticon.{door.log}")
        self._lock = threading.Lock()
        self._usage = Usage()
        self._client = httpx2.Client(
            base_url=door.origin,
            headers={**door.headers, "Accept": "application/json"},
            auth=door.basic,
            verify=_trust(door),
            timeout=httpx2.Timeout(self.policy.read_seconds, connect=self.policy.connect_seconds),
            limits=httpx2.Limits(
                max_keepalive_connections=self.policy.in_flight, keepalive_expiry=30
            ),
            follow_redirects=False,
            transport=transport,
        )

    def usage(self) -> Usage:
        """Requests sent and bytes received so far."""
        with self._lock:
            return self._usage

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def __enter__(self) -> Self:
        """Use as a block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close at the end of the block."""
        self.close()

    def send(self, call: Call) -> Reply:
        """Send a call, again after a pause where that is safe; raises what one can act on."""
        tries = 0
        while True:
            tries += 1
            try:
                return self._once(call)
            except Retriable as fault:
                may_repeat = call.idempotent or not isinstance(fault, LostReply)
                tries += int(bool(fault.details.get("slow")))
                if fault.details.get("final") or not may_repeat or tries >= self.policy.attempts:
                    raise
                self._pause(fault, tries)

    def _pause(self, fault: Retriable, attempt: int) -> None:
        seconds = self.policy.pause(attempt, fault.retry_after)
        self.policy.on_wait(Wait(self.door.tracker, seconds, fault.message, attempt))
        self.policy.sleep(seconds)

    def _once(self, call: Call) -> Reply:
        if self._log.isEnabledFor(logging.DEBUG):
            asked = " ".join(
                f"{name}={value}" for name, value in call.params.items() if name != "key"
            )
            self._log.debug("%s %s %s", call.method, call.path, self.door.redact(asked))
        try:
            with self._gate:
                response = self._client.request(
                    call.method,
                    self.door.base + call.path,
                    params=dict(call.params),
                    content=None if call.body is None else orjson.dumps(call.body),
                    headers={} if call.body is None else {"Content-Type": "application/json"},
                )
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            self._count(0)
            raise self._network_fault(error) from None
        except RuntimeError:
            if not self._client.is_closed:
                raise
            # A changed setting closes the client of the old one, also in the middle of a sync.
            raise Retriable(
                "The settings changed meanwhile.", "The next sync goes on.", final=True
            ) from None
        self._count(response.num_bytes_downloaded)
        return self._reply(response)

    def _count(self, size: int) -> None:
        with self._lock:
            self._usage = Usage(self._usage.requests + 1, self._usage.bytes + size)

    def _reply(self, response: httpx2.Response) -> Reply:
        answer = faults.Answer(
            where=self.door.origin,
            tracker=self.door.tracker,
            status=response.status_code,
            kind=response.headers.get("content-type", ""),
            body=response.content,
            retry_after=response.headers.get("retry-after"),
            location=response.headers.get("location"),
            secrets=self.door.redact,
        )
        faults.refuse(answer)
        return Reply(faults.parsed(answer), _date(response.headers.get("date")))

    def _network_fault(self, error: Exception) -> PanError:
        words = self.door.redact(str(error))
        tracker, where = self.door.tracker, self.door.origin
        if isinstance(error, httpx2.ConnectTimeout | httpx2.PoolTimeout):
            return faults.unreachable(
                tracker, where, f"no connection in {self.policy.connect_seconds:g} s"
            )
        if isinstance(error, httpx2.ConnectError | httpx2.ProxyError):
            return faults.unreachable(tracker, where, words)
        if isinstance(error, httpx2.TimeoutException):
            return faults.too_slow(tracker, where, self.policy.read_seconds)
        if isinstance(error, httpx2.TransportError | httpx2.DecodingError):
            return faults.broken(tracker, where, words)
        return faults.bad_address(tracker, where, words)


def _trust(door: Door) -> ssl.SSLContext | bool:
    """Load certificates only where TLS is spoken: a plain loopback door saves 30 ms."""
    if door.origin.startswith("http://"):
        return False
    if door.ca_file is None:
        return True
    return ssl.create_default_context(cafile=door.ca_file)


def _date(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        return parsedate_to_datetime(text).astimezone(UTC)
    except ValueError:
        return None
