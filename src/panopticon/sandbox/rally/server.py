"""One simulated Rally: routes requests, commits writes, says errors with status 200."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import orjson

from panopticon.sandbox.exchange import Reply, Request
from panopticon.sandbox.faults import Faults, Refusal
from panopticon.sandbox.rally import attachment, schema
from panopticon.sandbox.rally.auth import Door, Visitor
from panopticon.sandbox.rally.fetch import VERSION, Json, compact, escaped
from panopticon.sandbox.rally.objects import Commit, Objects
from panopticon.sandbox.rally.path import Target, target
from panopticon.sandbox.rally.reads import Reading, failed_query
from panopticon.sandbox.rally.select import Selector
from panopticon.sandbox.rally.trouble import Missing, Trouble, Unauthorised
from panopticon.sandbox.rally.writes import Writing
from panopticon.sandbox.service import Snapshot

Clock = Callable[[], datetime]
_JETTY = (
    b'<html>\n<head>\n<meta http-equiv="Content-Type" content="text/html;charset=ISO-8859-1"/>\n'
    b"<title>Error 401 Full authentication is required to access this resource</title>\n</head>\n"
    b"<body>\n<h2>HTTP ERROR: 401</h2>\n<p>Problem accessing %s. Reason:\n"
    b"<pre>    Full authentication is required to access this resource</pre></p>\n"
    b"<hr /><i><small>Powered by Jetty://</small></i>\n</body>\n</html>\n"
)
_NOT_FOUND = (
    b"<html><body><h2>HTTP ERROR: 404</h2><p>Not Found</p><i>Powered by Jetty://</i></body></html>"
)


@dataclass(slots=True)
class Knobs:
    """The faults known inside: replica lag, whether the next write conflicts, what is refused."""

    lag: timedelta = timedelta()
    conflicts: Callable[[], bool] = bool
    refusal: Refusal = field(default_factory=Refusal)


class Rally:
    """The simulated service behind one address."""

    def __init__(self, store: Objects, door: Door, clock: Clock) -> None:
        """Serve a store."""
        self.store = store
        self.door = door
        self.clock = clock
        self.knobs = Knobs()
        self.selector = Selector()
        self.keep: Callable[[Commit], None] = lambda _commit: None
        self.replica: Objects | None = None
        self.behind: deque[tuple[datetime, Commit]] = deque()
        self.told: dict[str, Any] = {}

    def handle(self, request: Request) -> Reply:
        """Answer one request."""
        try:
            visitor = self.door.admit(request)
            return self._cookie(visitor, self._answer(request, visitor))
        except Unauthorised:
            return Reply(
                _JETTY % request.path.encode("ascii", "xmlcharrefreplace"),
                401,
                "text/html;charset=iso-8859-1",
                (("WWW-Authenticate", 'Basic realm="Rally ALM"'),),
            )
        except Missing:
            return Reply(_NOT_FOUND, 404, "text/html;charset=iso-8859-1")

    def commit(self, change: Commit | None) -> None:
        """Make a change durable, then visible; a lagging replica gets it later."""
        if change is None:
            return
        self.keep(change)
        self.store.apply(change)
        if self.replica is not None:
            self.behind.append((self.clock() + self.knobs.lag, change))

    def suffer(self, faults: Faults, conflicts: Callable[[], bool]) -> None:
        """Take the faults that must be known inside."""
        self.knobs.conflicts, self.knobs.refusal = conflicts, faults.refuse
        self.lag(timedelta(milliseconds=faults.lag_ms))

    def snapshot(self) -> Snapshot:
        """Count what there is."""
        store = self.store
        names = {0: "subscription"} | {
            oid: store.things[oid].text("Name") for oid in store.by_kind[(0, "Workspace")]
        }
        counts: dict[str, dict[str, int]] = {}
        for (workspace, kind), ids in store.by_kind.items():
            counts.setdefault(names[workspace], {})[kind] = len(ids)
        return Snapshot(store.generation, counts, len(self.door.sessions))

    def describe(self) -> dict[str, Any]:
        """Give the keys and places a client needs."""
        return self.told

    def lag(self, span: timedelta) -> None:
        """Begin or end reading from a replica that is behind."""
        self.knobs.lag = span
        if not span:
            self.replica = None
            self.behind.clear()
        elif self.replica is None:
            self.replica = replica_of(self.store)

    def _answer(self, request: Request, visitor: Visitor) -> Reply:
        if request.path.startswith("/slm/schema/"):
            return schema.answer(self._reading(request, visitor))
        if request.path.startswith("/slm/attachment/"):
            return attachment.download(self.store, request.path)
        aim: Target | None = None
        try:
            aim = target(request.path, request.origin, self.store.schemas[0])
            if aim.verb == "authorize":
                return self._written(_token(visitor), request)
            return self._served(request, visitor, aim)
        except Trouble as trouble:
            return self._written(_refused(request, aim, trouble.errors), request, aim)

    def _served(self, request: Request, visitor: Visitor, aim: Target) -> Reply:
        if request.method == "GET":
            return self._written(self._reading(request, visitor).answer(aim), request, aim)
        return self._write(request, visitor, aim)

    def _write(self, request: Request, visitor: Visitor, aim: Target) -> Reply:
        self.door.check_write(visitor, request)
        reading, knobs = self._primary(request, visitor), self.knobs
        writing = Writing(reading, self.commit, knobs.conflicts, knobs.refusal)
        before = self.store.generation
        answer = writing.batch(aim) if aim.verb == "batch" else writing.answer(aim)
        visitor.session.wrote = True
        return self._written(answer, request, aim, stored=self.store.generation != before)

    def _primary(self, request: Request, visitor: Visitor) -> Reading:
        return Reading(self.store, self.selector, visitor.actor, self.clock(), request)

    def _reading(self, request: Request, visitor: Visitor) -> Reading:
        """Read from the replica while there is one; a session that wrote reads the primary."""
        if self.replica is None or visitor.session.wrote:
            return self._primary(request, visitor)
        now = self.clock()
        while self.behind and self.behind[0][0] <= now:
            apply_copy(self.replica, self.behind.popleft()[1])
        return Reading(self.replica, self.selector, visitor.actor, now, request)

    def _written(
        self, answer: Json, request: Request, aim: Target | None = None, *, stored: bool = False
    ) -> Reply:
        if aim and request.query.get("compact", "").lower() == "true":
            answer = orjson.loads(orjson.dumps(answer))  # what was serialised early, too
            answer = {key: compact(value, aim.base, set()) for key, value in answer.items()}
        pretty = orjson.OPT_INDENT_2 if request.query.get("pretty", "").lower() == "true" else 0
        text = escaped(orjson.dumps(answer, option=pretty))
        return Reply(text, stored=stored)

    def _cookie(self, visitor: Visitor, reply: Reply) -> Reply:
        if not visitor.new:
            return reply
        cookie = ("Set-Cookie", f"JSESSIONID={visitor.session.id}; Path=/; HttpOnly")
        return Reply(
            reply.body, reply.status, reply.content_type, (*reply.headers, cookie), reply.stored
        )


def replica_of(store: Objects) -> Objects:
    """Copy a store as it is now; things are never changed in place, so they are shared."""
    copy = Objects()
    spaces = [thing for thing in store.things.values() if thing.kind.name == "Workspace"]
    rest = [thing for thing in store.things.values() if thing.kind.name != "Workspace"]
    for thing in (*spaces, *rest):
        copy.apply(Commit(store.generation, ((thing.oid, copy.adopt(thing)),)))
    return copy


def apply_copy(store: Objects, commit: Commit) -> None:
    """Apply another store's commit."""
    for oid, thing in commit.changes:
        own = None if thing is None else store.adopt(thing)
        store.apply(Commit(commit.number, ((oid, own),)))


def _token(visitor: Visitor) -> Json:
    body: dict[str, Any] = {"Errors": [], "Warnings": [], "SecurityToken": visitor.session.token}
    return {"OperationResult": VERSION | body}


def _refused(request: Request, aim: Target | None, errors: list[str]) -> Json:
    warnings = aim.warnings if aim else []
    if request.method == "GET" and (aim is None or aim.oid is None or aim.collection):
        return failed_query(request, errors, warnings)
    name = "CreateResult" if aim and aim.verb in {"create", "copy"} else "OperationResult"
    if aim and aim.verb == "batch":
        return {"BatchResult": {"Errors": errors, "Warnings": warnings, "Results": []}}
    if aim is None and request.path.rstrip("/").endswith("/create"):
        name = "CreateResult"
    return {name: VERSION | {"Errors": errors, "Warnings": warnings}}
