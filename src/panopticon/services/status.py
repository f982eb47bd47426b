"""How things stand: the board's process, how fresh each source is, how much there is."""

from dataclasses import dataclass, replace
from datetime import datetime

from panopticon.errors import NotFound
from panopticon.model.issue import NOT_STEPS, IssueFilter, State
from panopticon.services.claim import warn
from panopticon.services.claim.warn import Due
from panopticon.services.context import Context
from panopticon.services.server import daemon
from panopticon.services.server.session import session
from panopticon.services.sync.run import is_running
from panopticon.store.base import SyncRecord


@dataclass(frozen=True, slots=True)
class Freshness:
    """A source, when its data was last good, and what is wrong since."""

    name: str
    type: str
    ok_at: datetime | None
    error: str | None
    is_syncing: bool
    items: int

    def as_json(self) -> dict[str, object]:
        """Give it to programs."""
        return {
            "name": self.name,
            "type": self.type,
            "ok_at": self.ok_at.isoformat() if self.ok_at else None,
            "error": self.error,
            "syncing": self.is_syncing,
            "items": self.items,
        }


@dataclass(frozen=True, slots=True)
class Status:
    """Everything `pan status` says; `now` is when it was asked.

    `due`: my claims here that end soon, ended or were lost; `waiting`: status writes.
    """

    server: daemon.Running | None
    sources: tuple[Freshness, ...]
    states: dict[State, int]
    now: datetime
    home: str
    due: tuple[Due, ...] = ()
    waiting: int = 0

    def as_json(self) -> dict[str, object]:
        """Give it to programs."""
        server = {"pid": self.server.pid, "url": self.server.url} if self.server else None
        return {
            "server": server,
            "trackers": [source.as_json() for source in self.sources],
            "states": {state.value: count for state, count in self.states.items()},
            "home": self.home,
            "claims_due": [one.as_json() for one in self.due],
            "writes_waiting": self.waiting,
        }


def status(ctx: Context) -> Status:
    """Look at the server and the store; asks no tracker."""
    records = {record.source: record for record in ctx.store.sync_records()}
    sources = tuple(
        _freshness(ctx, source.name, source.type, records.get(source.name))
        for source in ctx.config.sources
    )
    shown = IssueFilter(trackers=ctx.names, kinds=NOT_STEPS)
    states = {state: ctx.store.count(replace(shown, states=(state,))) for state in State}
    server = daemon.running(ctx.config.home)
    due, waiting = tuple(warn.due(ctx)), len(ctx.store.queued())
    return Status(server, sources, states, ctx.now(), str(ctx.config.home), due, waiting)


@dataclass(frozen=True, slots=True)
class Stale:
    """A source that could not be read last time: why, and since when its data is as shown."""

    name: str
    error: str
    ok_at: datetime | None


def stale(ctx: Context, tracker: str | None = None) -> list[Stale]:
    """Name the sources, or this one, whose last sync failed; asks no tracker."""
    shown = {ctx.source(tracker).name} if tracker else set(ctx.names)
    return [
        Stale(record.source, record.error, record.ok_at)
        for record in ctx.store.sync_records()
        if record.error and record.source in shown
    ]


def _freshness(ctx: Context, name: str, type_: str, record: SyncRecord | None) -> Freshness:
    return Freshness(
        name=name,
        type=type_,
        ok_at=record.ok_at if record else None,
        error=record.error if record else None,
        is_syncing=is_running(ctx, name),
        items=ctx.store.count(IssueFilter(tracker=name)),
    )


def open_link(ctx: Context) -> dict[str, object]:
    """Mint a link to the running board; raises NotFound when none runs."""
    server = daemon.running(ctx.config.home)
    if server is None or not server.url:
        demo = " `pan --demo open` opens the demo's." if not ctx.config.is_demo else ""
        raise NotFound("No board runs here.", f"`pan up` starts it.{demo}")
    code = session(ctx.config.home, ctx.now).mint()
    return {"url": server.url, "open_url": f"{server.url}/open?code={code}"}
