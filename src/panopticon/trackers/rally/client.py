"""Speaks WSAPI v2.0 over the HTTP client: envelopes, sign-in tokens, and HTTP 200 with Errors.

https://knowledge.broadcom.com/external/article?articleId=77114 (status 200 says nothing)
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from panopticon.errors import InvalidInput, PanError
from panopticon.model.issue import Json
from panopticon.trackers.http import Call, HttpClient
from panopticon.trackers.rally import verdict
from panopticon.trackers.rally.ask import Ask, Fetch, plain_fetch
from panopticon.trackers.rally.record import Record, count, records, text, words

BASE = "/slm/webservice/v2.0"
CONCURRENCY_TRIES = 8


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a query; `at` is the server's clock."""

    records: list[Record]
    total: int
    at: datetime | None


class Wsapi:
    """One user's view of one Rally server."""

    def __init__(self, http: HttpClient, workspace: str | None = None) -> None:
        self.http = http
        self.workspace = workspace
        self._shallow = True
        self._token: str | None = None
        self._lock = threading.Lock()
        self._seen: tuple[datetime, float] | None = None

    def query(self, ask: Ask) -> Found:
        """Read one page; falls back to plain `fetch` where a server knows no `shallowFetch`."""
        if not self._shallow:
            return self._query(ask, shallow=False)
        try:
            found = self._query(ask, shallow=True)
        except InvalidInput as refused:
            return self._plainly(ask, refused)
        if found.records and _is_bare(found.records[0], ask.fetch):
            return self._plainly(ask, None)
        return found

    def _plainly(self, ask: Ask, refused: InvalidInput | None) -> Found:
        """Ask once more with `fetch`; where that works, never ask the other way again."""
        try:
            found = self._query(ask, shallow=False)
        except InvalidInput:
            raise refused or InvalidInput("Rally refuses the question.") from None
        self._shallow = False
        return found

    def _query(self, ask: Ask, *, shallow: bool) -> Found:
        call = Call("GET", f"/{ask.type}", ask.params(self.workspace, shallow=shallow))
        reply, at = self._send(call, asked=str(ask.query or ""))
        return Found(records(reply.get("Results")), count(reply, "TotalResultCount"), at)

    def all(self, ask: Ask) -> list[Record]:
        """Read every page of a short answer."""
        found = self.query(ask)
        rows = found.records
        while rows and len(rows) < found.total:
            more = self.query(ask.page(len(rows) + 1, ask.size)).records
            if not more:
                break
            rows = rows + more
        return rows

    def read(self, path: str, fetch: Fetch = ()) -> Record:
        """Read one object by its path (`/user`, `/project/12`)."""
        params = {"fetch": plain_fetch(fetch)} if fetch else {}
        if self.workspace and "/" not in path.strip("/"):
            params["workspace"] = self.workspace
        return self._send(Call("GET", path, params))[0]

    def create(self, kind: str, body: Mapping[str, Json], fetch: Fetch = ()) -> Record:
        """Create an object, once: a lost reply is the caller's to look up."""
        return self._write(
            Call(
                "POST",
                f"/{kind}/create",
                self._params(fetch),
                _wrapped(kind, body),
                idempotent=False,
            )
        )

    def update(self, path: str, body: Mapping[str, Json], fetch: Fetch = ()) -> Record:
        """Write fields of an object; the same fields again do no harm."""
        kind = path.strip("/").rsplit("/", 1)[0]
        return self._write(Call("POST", path, self._params(fetch), _wrapped(kind, body)))

    def delete(self, path: str) -> None:
        """Delete an object (into the recycle bin)."""
        self._write(Call("DELETE", path, self._params(())))

    def _params(self, fetch: Fetch) -> dict[str, str]:
        params = {"fetch": plain_fetch(fetch)} if fetch else {}
        return params | ({"workspace": self.workspace} if self.workspace else {})

    def _write(self, call: Call) -> Record:
        """Send a write; a concurrency conflict is tried again, since the loser changed nothing."""
        policy = self.http.policy
        for attempt in range(1, CONCURRENCY_TRIES + 1):
            try:
                reply, _ = self._send(self._signed(call))
            except verdict.Collision as collision:
                if attempt == CONCURRENCY_TRIES or policy.attempts == 1:
                    raise
                policy.sleep(policy.pause(min(attempt, 4), collision.retry_after))
            except verdict.StaleToken:
                if attempt > 1 or self.http.door.basic is None:
                    raise
                self._token = None
            else:
                return _object_of(reply)
        raise AssertionError("the loop returns or raises")

    def _signed(self, call: Call) -> Call:
        """Add the security token that Basic sign-in needs for writes."""
        if self.http.door.basic is None:
            return call
        with self._lock:
            if self._token is None:
                self._token = text(self.read("/security/authorize"), "SecurityToken")
        params = {**call.params, "key": self._token}
        return Call(call.method, call.path, params, call.body, idempotent=call.idempotent)

    def _send(self, call: Call, asked: str = "") -> tuple[Record, datetime | None]:
        reply = self.http.send(call)
        if reply.at is not None:
            self._seen = reply.at, self.http.policy.monotonic()
        inner = next((value for value in reply.data.values() if isinstance(value, dict)), None)
        if inner is None:
            raise PanError(
                "Rally answered in a form we do not know.",
                "Is `server` a Rally server?",
                got=list(reply.data)[:5],
            )
        if errors := words(inner.get("Errors")):
            missing = verdict.missing_place(errors, call.path, _places(call))
            raise missing or verdict.error_from(
                errors, asked=asked, about=f"{call.method} {call.path}"
            )
        return inner, reply.at

    def server_now(self) -> datetime | None:
        """Give the server's clock: as last seen, plus the time since by our own stopwatch."""
        if self._seen is None:
            return None
        at, stopwatch = self._seen
        return at + timedelta(seconds=self.http.policy.monotonic() - stopwatch)


def _places(call: Call) -> list[str]:
    """List the workspace and project that a call names."""
    found = [call.params[name] for name in ("project", "workspace") if name in call.params]
    bodies = list(call.body.values()) if isinstance(call.body, dict) else []
    return found + [path for body in records(bodies) if (path := text(body, "Project"))]


def _wrapped(kind: str, body: Mapping[str, Json]) -> Json:
    return {kind: dict(body)}


def _object_of(reply: Record) -> Record:
    """Give the written object, its warnings beside its fields."""
    written = reply.get("Object")
    inner = dict(written) if isinstance(written, dict) else {}
    return {**inner, "Warnings": reply.get("Warnings")}


def _is_bare(record: Record, fetch: Fetch) -> bool:
    """Tell whether a record holds nothing of what was asked for."""
    names = [part if isinstance(part, str) else part[0] for part in fetch]
    return bool(names) and not any(name in record for name in names)
