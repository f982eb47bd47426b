"""The streams of a sync: what changed, kind by kind, and what went into the recycle bin.

Five requests tell that nothing changed. Law: the mark is the server's own clock, read with the
first page, minus a lag that covers replicas (seconds) and the second the clock is rounded to.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from panopticon.model.change import Cursor, Page, Scope
from panopticon.model.issue import Issue
from panopticon.trackers.paging import Bite, Walk, prefetched
from panopticon.trackers.rally import ask as asks
from panopticon.trackers.rally.ask import Ask, Fetch
from panopticon.trackers.rally.client import Wsapi
from panopticon.trackers.rally.mapping import Mapper, lacks_predecessors
from panopticon.trackers.rally.query import Condition, Term, both
from panopticon.trackers.rally.record import Record, count, moment, path_of, text
from panopticon.trackers.rally.region import Part, Region
from panopticon.trackers.rally.settings import RallySettings

BIN = "deleted"
FETCHES: dict[str, Fetch] = {
    "portfolio": asks.PORTFOLIO,
    "stories": asks.STORY,
    "defects": asks.DEFECT,
    "tasks": asks.TASK,
}
STREAMS = (BIN, *FETCHES)  # the bin's mark is older than any item read: see the seam


@dataclass(frozen=True, slots=True)
class Streams:
    """Everything that reading in bulk needs."""

    wsapi: Wsapi
    settings: RallySettings
    mapper: Mapper
    region: Region
    pool: Executor

    def pull(self, stream: str, scope: Scope, cursor: Cursor) -> Iterator[Page]:
        """Read a stream from a cursor; see the seam for the law."""
        if stream == BIN:
            yield from self._deletions(cursor)
            return
        parts = self.region.parts(stream, scope)
        at, after = _position(cursor, len(parts))
        if scope.epics:
            at, after = 0, 0  # the parts follow the items below an epic, which may have moved
        mark = cursor.running_mark if cursor.position else None
        is_first = not cursor.position
        last = Page((), cursor)  # the last bite ends the stream, so it waits
        for index in range(at, len(parts)):
            for bite in self._walk(parts[index], stream, cursor.mark).bites(after):
                if last.issues:
                    yield last
                if is_first:
                    mark, is_first = self._mark(bite.at) or self._newest(bite.items), False
                after = bite.ids[-1] if bite.ids else after
                where = Cursor(cursor.mark, f"{index}:{after}", mark)
                last = Page(self.issues(bite.items), where, total=bite.total)
            after = 0
        yield replace(last, cursor=Cursor(mark or cursor.mark))

    def issues(self, rows: Sequence[Record]) -> tuple[Issue, ...]:
        """Translate objects, asking for predecessors where they did not ride along."""
        found = list(rows)
        wanting = [row for row in found if lacks_predecessors(row)]
        calls = (lambda row=row: self._predecessors(row) for row in wanting)
        keys = dict(
            zip(
                map(id, wanting), prefetched(calls, self.pool, self.settings.in_flight), strict=True
            )
        )
        return tuple(self.mapper.issue_from(row, keys.get(id(row), ())) for row in found)

    def native_ids(self, scope: Scope) -> Iterator[tuple[str, str]]:
        """Yield the id and version of everything in scope."""
        for stream in FETCHES:
            for part in self.region.parts(stream, scope):
                for bite in self._walk(part, stream, None, fetch=("ObjectID", "VersionId")).bites():
                    for row in bite.items:
                        yield (
                            text(row, "ObjectID"),
                            text(row, "VersionId") or text(row, "_objectVersion"),
                        )

    def _predecessors(self, row: Record) -> tuple[str, ...]:
        rows = self.wsapi.all(Ask(f"{path_of(row).strip('/')}/Predecessors", ("FormattedID",)))
        return tuple(sorted(key for found in rows if (key := text(found, "FormattedID"))))

    def _walk(
        self, part: Part, stream: str, since: datetime | None, fetch: Fetch | None = None
    ) -> Walk[Record]:
        changed = Term("LastUpdateDate", ">=", since) if since else None
        fields = fetch or (*FETCHES[stream], *self.settings.fields.named())
        base = Ask(
            part.type,
            fields,
            both(changed, part.condition),
            project=part.project,
            scope_down=self.settings.scope_down,
        )

        def read(after: int, start: int, size: int) -> Bite[Record]:
            behind: Condition | None = Term("ObjectID", ">", after) if after else None
            found = self.wsapi.query(_narrowed(base, behind).page(start, size))
            return Bite(
                [count(row, "ObjectID") for row in found.records],
                found.records,
                found.total,
                found.at,
            )

        return Walk(read, self.settings.page_size, self.pool)

    def _deletions(self, cursor: Cursor) -> Iterator[Page]:
        """Read what was thrown away since the mark; the first time only the clock matters."""
        self.region.territory.enter()
        if cursor.mark is None:
            found = self.wsapi.query(Ask("recyclebinentry", ("ObjectID",), size=1))
            yield Page((), Cursor(self._mark(found.at)))
            return
        since = Term("DeletionDate", ">=", cursor.mark)
        ask = Ask(
            "recyclebinentry",
            ("ObjectID", "ItemOID", "DeletionDate"),
            since,
            size=self.settings.page_size,
        )
        found = self.wsapi.query(ask)
        rows = found.records if len(found.records) >= found.total else self.wsapi.all(ask)
        gone = tuple(oid for row in rows if (oid := text(row, "ItemOID")))
        yield Page((), Cursor(self._mark(found.at) or cursor.mark), deleted=gone)

    def _mark(self, server_clock: datetime | None) -> datetime | None:
        return server_clock - timedelta(seconds=self.settings.lag_seconds) if server_clock else None

    def _newest(self, rows: Sequence[Record]) -> datetime | None:
        """Take the newest change of the first page, where a server tells no time."""
        times = [found for row in rows if (found := moment(row, "LastUpdateDate"))]
        return self._mark(max(times, default=None))


def _narrowed(base: Ask, behind: Condition | None) -> Ask:
    if behind is None:
        return base
    return Ask(
        base.type,
        base.fetch,
        both(base.query, behind),
        project=base.project,
        scope_down=base.scope_down,
    )


def _position(cursor: Cursor, parts: int) -> tuple[int, int]:
    """Read `part:ObjectID`; anything else starts over, which is slower but never wrong."""
    index, _, after = (cursor.position or "0:0").partition(":")
    if index.isdigit() and after.isdigit() and int(index) < parts:
        return int(index), int(after)
    return 0, 0
