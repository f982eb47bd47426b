"""The seam to the rows: what is stored, behind a small Protocol.

A source is a configured tracker's name. Every write is one transaction; what changed is
appended to the events in the same one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from panopticon.model.change import Cursor, Page
from panopticon.model.claim import Arbiter, Known
from panopticon.model.event import Event, EventKind
from panopticon.model.here import Here
from panopticon.model.issue import NOT_STEPS, Comment, Issue, IssueFilter, Json, Kind, State
from panopticon.model.link import Link
from panopticon.model.query import Field, Query
from panopticon.model.queued import Queued
from panopticon.model.ref import IssueRef

# The form in which items are kept: another number makes the next sync read everything anew, for
# fields that rows of the old form lack.
FORMAT = 2


@dataclass(frozen=True, slots=True)
class Applied:
    """What a page changed in the store."""

    created: int = 0
    updated: int = 0
    deleted: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class SyncRecord:
    """How the last sync of a source went; `error` is a sentence, `ok_at` the last good end."""

    source: str
    started_at: datetime
    ended_at: datetime | None
    ok_at: datetime | None
    error: str | None
    fetched: int = 0
    changed: int = 0
    deleted: int = 0
    requests: int = 0
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Outline:
    """What counts and lists of thousands need of an item: no texts."""

    ref: IssueRef
    kind: Kind
    title: str
    state: State
    native_state: str
    cancelled: bool
    project: str
    iteration: str | None
    parent: IssueRef | None
    assignee: str | None
    holder: str | None
    held_until: datetime | None

    def is_held(self, now: datetime) -> bool:
        """Tell whether a claim counts: expired means free."""
        return self.holder is not None and (self.held_until is None or now < self.held_until)


@dataclass(frozen=True, slots=True)
class Lookup:
    """A query whose names are resolved, and what it may show; `kinds` where it names none."""

    query: Query
    trackers: tuple[str, ...]
    now: datetime
    kinds: tuple[Kind, ...] = NOT_STEPS
    limit: int | None = None
    offset: int = 0


class Hit(NamedTuple):
    """An item that was found; a higher score fits better, 0 where no text was looked for."""

    ref: IssueRef
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """The hits that were asked for, the best first, and how many there are in all."""

    hits: tuple[Hit, ...]
    total: int


class Store(Protocol):
    """Everything this machine remembers."""

    def close(self) -> None:
        """Give the file back."""

    def cursor(self, source: str, scope: str, stream: str) -> Cursor:
        """Read how far a stream has been stored; an empty cursor when never."""

    def apply(self, source: str, page: Page, at: datetime, *, scope: str, stream: str) -> Applied:
        """Upsert the page's items, drop its deletions, save its cursor, append events: at once.

        An item whose content is the same leaves no event. A stored row never goes back to an
        older version.
        """

    def put(self, issue: Issue, at: datetime) -> Applied:
        """Upsert one item (after a write through us)."""

    def drop(self, source: str, native_ids: Sequence[str], at: datetime) -> int:
        """Delete items by native id; returns how many were there."""

    def versions(self, source: str) -> dict[str, str]:
        """Map native id to version of everything stored of a source, for the sweep."""

    def issue(self, ref: IssueRef) -> Issue | None:
        """Read one item, its tasks assembled from child rows where the tracker keeps them so."""

    def together(self, refs: Sequence[IssueRef]) -> list[tuple[Issue, list[Comment]]]:
        """Read several items with their tasks and remarks, at one point in time."""

    def issues(self, wanted: IssueFilter) -> list[Issue]:
        """Read items: by source, as each ranks them, newest change first within one rank.

        Tasks are not assembled here.
        """

    def refs(self, wanted: IssueFilter) -> list[IssueRef]:
        """Name what `issues` would give, without reading it."""

    def count(self, wanted: IssueFilter) -> int:
        """Count what `issues` would give without its limit."""

    def search(self, lookup: Lookup) -> Found:
        """Find what meets a query: the best first, then as ranked, then the newest change.

        A text is found in keys, titles, labels, people, bodies, criteria, steps and remarks; in a
        step that is an item of its own it counts for the item as well. Case means nothing.
        """

    def catch_up(self) -> int:
        """Make ready for searches what was written since; returns how many items.

        A search does so itself: this is for whoever has time before.
        """

    def words(self, field: Field, trackers: Sequence[str]) -> list[tuple[str, int]]:
        """Read the values of project, iteration, state (native), assignee, label or epic.

        The most used come first, with their counts.
        """

    def epic_titles(self, trackers: Sequence[str]) -> dict[str, str]:
        """Read keys and titles of epics and features, the one changed last first."""

    def find(self, tracker: str | None, keys: Sequence[str]) -> list[IssueRef]:
        """Find refs that have one of these keys."""

    def numbered(self, tracker: str | None, number: str) -> list[Outline]:
        """Find items whose key ends in a number, whatever the prefix."""

    def nearby(self, tracker: str | None, beginning: str) -> list[IssueRef]:
        """Find a few refs whose keys begin like this."""

    def outline(self) -> list[Outline]:
        """Read every item without its texts, tasks left out."""

    def leased(self) -> list[Issue]:
        """Read items that show a claim, expired or not."""

    def children(self, ref: IssueRef) -> list[Issue]:
        """Read the items directly below one."""

    def descendants(self, ref: IssueRef) -> list[Issue]:
        """Read every item below one, tasks left out."""

    def comments(self, ref: IssueRef) -> list[Comment]:
        """Read the remarks kept from the last look at the item."""

    def put_comments(self, ref: IssueRef, comments: Sequence[Comment]) -> None:
        """Keep the remarks of an item."""

    def add_comment(self, ref: IssueRef, comment: Comment, at: datetime) -> None:
        """Keep one more remark, and say so in the events."""

    def links(self, ref: IssueRef | None = None) -> list[Link]:
        """Read our own links of an item, or all, oldest first, with its ends as called now.

        A link outlives its ends: asleep while one is not stored, there again with it.
        """

    def put_link(self, link: Link) -> bool:
        """Keep a link and say so of both ends in the events; tells whether it is new."""

    def drop_link(self, link: Link, at: datetime) -> bool:
        """Forget a link and say so of both ends; tells whether it was there."""

    def move_links(self, old: str, source: str) -> int:
        """Give the links of a source to the name that it has now; tells how many there were."""

    def twin_claims(self) -> list[tuple[IssueRef, str]]:
        """Read which items carry a `twin_key`, and which; steps left out."""

    def events(self, after: int, limit: int = 1000) -> list[Event]:
        """Read the log after a sequence number, oldest first."""

    def events_of(self, ref: IssueRef, limit: int = 200) -> list[Event]:
        """Read what the log says of one item, newest first."""

    def last_event(self) -> int:
        """The newest sequence number, 0 when there is none."""

    def events_floor(self) -> int:
        """Every change after this number is in the log; what came before may have been dropped."""

    def prune_events(self, syncs_before: datetime, most: int) -> int:
        """Drop all but the newest `most` numbers of the log, and older words of good syncs.

        The last good one of each source stays. Returns how many lines went.
        """

    def record_sync(self, record: SyncRecord) -> None:
        """Keep how a sync of a source went; one that only began leaves the last one's word."""

    def sync_records(self) -> list[SyncRecord]:
        """Read how the last sync of every source went."""

    def log(self, kind: EventKind, ref: IssueRef, data: Mapping[str, Json], at: datetime) -> None:
        """Append what happened to an item beside its fields: claims, writes that waited."""

    def here(self, ref: IssueRef) -> Here | None:
        """Read what only this machine knows of an item."""

    def keep_here(self, ref: IssueRef, here: Here | None, at: datetime) -> None:
        """Keep what only this machine knows (None: nothing any more); the item shows it at once.

        It stays on the item through every later pull of it.
        """

    def known_claims(self) -> list[Known]:
        """Read the last record of every claim that this machine has seen."""

    def know_claim(self, known: Known) -> None:
        """Keep the record of a claim as last seen; an older fence never replaces a newer one."""

    def queue(self, write: Queued) -> int:
        """Keep a write that waits, after those that wait already; returns its number."""

    def queued(self) -> list[Queued]:
        """Read the writes that wait, in their order."""

    def requeue(self, write: Queued) -> None:
        """Keep how the last try of a waiting write went."""

    def unqueue(self, number: int) -> bool:
        """Forget a waiting write; tells whether it was there."""

    def arbiter(self, name: str) -> Arbiter:
        """Give what decides claims by rows of this database; `name` as the settings spell it."""

    def note(self, name: str) -> str | None:
        """Read a small named value (the last sweep, metadata refresh …)."""

    def put_note(self, name: str, value: str) -> None:
        """Keep a small named value."""
