"""The store on rows: each verb is one transaction over the statements of its nouns."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime

from panopticon.errors import PanError
from panopticon.model.change import Cursor, Page
from panopticon.model.claim import Arbiter, Known
from panopticon.model.event import Event, EventKind
from panopticon.model.here import Here
from panopticon.model.issue import Comment, Issue, IssueFilter, Json
from panopticon.model.link import Link
from panopticon.model.query import Field
from panopticon.model.queued import Queued
from panopticon.model.ref import IssueRef
from panopticon.store import (
    claim,
    event,
    item,
    link as link_rows,
    remark,
    search,
    search_index,
    search_query,
    sync,
)
from panopticon.store.base import Applied, Found, Lookup, Outline, SyncRecord
from panopticon.store.lease import StoreArbiter, own_name
from panopticon.store.rows import Database

# Items that the end of a sync makes ready for searches; more of them wait for the first search.
_MOST_AT_ONCE = 1000


class RowStore:
    """Everything this machine remembers, in a database."""

    def __init__(self, database: Database) -> None:
        """Keep the database, which lends connections."""
        self._database = database

    def close(self) -> None:
        """Give the file back."""
        self._database.close()

    def cursor(self, source: str, scope: str, stream: str) -> Cursor:
        """Read how far a stream has been stored."""
        with self._database.read() as rows:
            return sync.cursor(rows, source, scope, stream)

    def apply(self, source: str, page: Page, at: datetime, *, scope: str, stream: str) -> Applied:
        """Upsert, drop, save the cursor and append events: at once."""
        with self._database.write() as rows:
            known = remark.known(rows, source, page.remarks)
            done = item.upsert(rows, source, page.issues, at)
            deleted = item.drop(rows, source, page.deleted, at)
            remark.keep(rows, source, page.remarks, known, at)
            sync.save_cursor(rows, (source, scope, stream), page.cursor)
        return Applied(done.created, done.updated, deleted, done.unchanged)

    def put(self, issue: Issue, at: datetime) -> Applied:
        """Upsert one item."""
        with self._database.write() as rows:
            return item.upsert(rows, issue.ref.tracker, (issue,), at)

    def drop(self, source: str, native_ids: Sequence[str], at: datetime) -> int:
        """Delete items by native id."""
        with self._database.write() as rows:
            return item.drop(rows, source, native_ids, at)

    def versions(self, source: str) -> dict[str, str]:
        """Map native id to version of everything stored of a source."""
        with self._database.read() as rows:
            found = rows.all("item_versions", source=source)
        return {str(native_id): str(version) for native_id, version in found}

    def issue(self, ref: IssueRef) -> Issue | None:
        """Read one item with its tasks."""
        with self._database.read() as rows:
            return search.issue(rows, ref)

    def together(self, refs: Sequence[IssueRef]) -> list[tuple[Issue, list[Comment]]]:
        """Read several items with their tasks and remarks, at one point in time."""
        with self._database.read() as rows:
            found = [search.issue(rows, ref) for ref in refs]
            return [(one, remark.of(rows, one.ref)) for one in found if one]

    def issues(self, wanted: IssueFilter) -> list[Issue]:
        """Read items that meet every condition."""
        with self._database.read() as rows:
            return search.issues(rows, wanted)

    def refs(self, wanted: IssueFilter) -> list[IssueRef]:
        """Name the items that meet every condition."""
        with self._database.read() as rows:
            return search.refs(rows, wanted)

    def count(self, wanted: IssueFilter) -> int:
        """Count what `issues` would give without its limit."""
        with self._database.read() as rows:
            return search.count(rows, wanted)

    def search(self, lookup: Lookup) -> Found:
        """Find what meets a query; what was written since the last search is made ready first."""
        search_index.catch_up(self._database)
        with self._database.read() as rows:
            return search_query.found(rows, lookup)

    def catch_up(self) -> int:
        """Make ready for searches what was written since."""
        return search_index.catch_up(self._database)

    def words(self, field: Field, trackers: Sequence[str]) -> list[tuple[str, int]]:
        """Read the values that items have in a field."""
        with self._database.read() as rows:
            return search_query.words(rows, field, trackers)

    def epic_titles(self, trackers: Sequence[str]) -> dict[str, str]:
        """Read keys and titles of epics and features."""
        with self._database.read() as rows:
            return search_query.titles(rows, trackers)

    def find(self, tracker: str | None, keys: Sequence[str]) -> list[IssueRef]:
        """Find refs that have one of these keys."""
        with self._database.read() as rows:
            return search.find(rows, tracker, keys)

    def numbered(self, tracker: str | None, number: str) -> list[Outline]:
        """Find items whose key ends in a number."""
        with self._database.read() as rows:
            return search.numbered(rows, tracker, number)

    def nearby(self, tracker: str | None, beginning: str) -> list[IssueRef]:
        """Find a few refs whose keys begin like this."""
        with self._database.read() as rows:
            return search.nearby(rows, tracker, beginning)

    def outline(self) -> list[Outline]:
        """Read every item without its texts, tasks left out."""
        with self._database.read() as rows:
            return search.outline(rows)

    def leased(self) -> list[Issue]:
        """Read items that show a claim, expired or not."""
        with self._database.read() as rows:
            return search.leased(rows)

    def children(self, ref: IssueRef) -> list[Issue]:
        """Read the items directly below one."""
        with self._database.read() as rows:
            return search.children(rows, ref)

    def descendants(self, ref: IssueRef) -> list[Issue]:
        """Read every item below one, tasks left out."""
        with self._database.read() as rows:
            return search.descendants(rows, ref)

    def comments(self, ref: IssueRef) -> list[Comment]:
        """Read the remarks kept from the last look at the item."""
        with self._database.read() as rows:
            return remark.of(rows, ref)

    def put_comments(self, ref: IssueRef, comments: Sequence[Comment]) -> None:
        """Keep the remarks of an item."""
        with self._database.write() as rows:
            remark.put(rows, ref, comments)

    def add_comment(self, ref: IssueRef, comment: Comment, at: datetime) -> None:
        """Keep one more remark, and say so in the events."""
        with self._database.write() as rows:
            remark.add(rows, ref, comment, at)

    def links(self, ref: IssueRef | None = None) -> list[Link]:
        """Read our own links of an item, or all."""
        with self._database.read() as rows:
            return link_rows.links(rows, ref)

    def put_link(self, link: Link) -> bool:
        """Keep a link."""
        with self._database.write() as rows:
            return link_rows.put(rows, link)

    def drop_link(self, link: Link, at: datetime) -> bool:
        """Forget a link."""
        with self._database.write() as rows:
            return link_rows.drop(rows, link, at)

    def move_links(self, old: str, source: str) -> int:
        """Give the links of a source to the name that it has now."""
        with self._database.write() as rows:
            return link_rows.move(rows, old, source)

    def twin_claims(self) -> list[tuple[IssueRef, str]]:
        """Read which items carry a `twin_key`."""
        with self._database.read() as rows:
            return link_rows.claims(rows)

    def events(self, after: int, limit: int = 1000) -> list[Event]:
        """Read the log after a sequence number."""
        with self._database.read() as rows:
            return event.after(rows, after, limit)

    def events_of(self, ref: IssueRef, limit: int = 200) -> list[Event]:
        """Read what the log says of one item, newest first."""
        with self._database.read() as rows:
            return event.of(rows, ref, limit)

    def last_event(self) -> int:
        """Read the newest sequence number."""
        with self._database.read() as rows:
            return event.last(rows)

    def events_floor(self) -> int:
        """Read the number after which the log is whole."""
        with self._database.read() as rows:
            return event.floor(rows)

    def prune_events(self, syncs_before: datetime, most: int) -> int:
        """Drop the oldest lines of the log, and older words of good syncs."""
        with self._database.write() as rows:
            return event.prune_syncs(rows, syncs_before) + event.prune(rows, most)

    def record_sync(self, record: SyncRecord) -> None:
        """Keep how a sync of a source went; its end is an event."""
        with self._database.write() as rows:
            sync.save_record(rows, record)
            if record.ended_at:
                kind = EventKind.SYNC_FAILED if record.error else EventKind.SYNCED
                data = {"source": record.source, "error": record.error, "changed": record.changed}
                event.append(rows, [(kind, None, data)], record.ended_at)
        if record.ended_at:
            with suppress(PanError):  # the next search does it, or says why it cannot
                search_index.catch_up(self._database, _MOST_AT_ONCE)

    def sync_records(self) -> list[SyncRecord]:
        """Read how the last sync of every source went."""
        with self._database.read() as rows:
            return sync.records(rows)

    def log(self, kind: EventKind, ref: IssueRef, data: Mapping[str, Json], at: datetime) -> None:
        """Append what happened to an item beside its fields."""
        with self._database.write() as rows:
            event.append(rows, [(kind, ref, data)], at)

    def here(self, ref: IssueRef) -> Here | None:
        """Read what only this machine knows of an item."""
        with self._database.read() as rows:
            return claim.here(rows, ref)

    def keep_here(self, ref: IssueRef, here: Here | None, at: datetime) -> None:
        """Keep what only this machine knows of an item."""
        with self._database.write() as rows:
            claim.keep_here(rows, ref, here, at)

    def known_claims(self) -> list[Known]:
        """Read the last record of every claim that this machine has seen."""
        with self._database.read() as rows:
            return claim.known_claims(rows)

    def know_claim(self, known: Known) -> None:
        """Keep the record of a claim as last seen."""
        with self._database.write() as rows:
            claim.know_claim(rows, known)

    def queue(self, write: Queued) -> int:
        """Keep a write that waits."""
        with self._database.write() as rows:
            return claim.queue(rows, write)

    def queued(self) -> list[Queued]:
        """Read the writes that wait, in their order."""
        with self._database.read() as rows:
            return claim.queued(rows)

    def requeue(self, write: Queued) -> None:
        """Keep how the last try of a waiting write went."""
        with self._database.write() as rows:
            claim.requeue(rows, write)

    def unqueue(self, number: int) -> bool:
        """Forget a waiting write."""
        with self._database.write() as rows:
            return rows.run("queued_drop", number=number) > 0

    def arbiter(self, name: str) -> Arbiter:
        """Give what decides claims by rows of this database."""
        return StoreArbiter(own_name(name, self._database), self._database)

    def note(self, name: str) -> str | None:
        """Read a small named value."""
        with self._database.read() as rows:
            row = rows.one("note_read", name=name)
        return str(row[0]) if row else None

    def put_note(self, name: str, value: str) -> None:
        """Keep a small named value."""
        with self._database.write() as rows:
            rows.run("note_save", name=name, value=value)
