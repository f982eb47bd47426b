"""A store and a tracker of a few lines, and items that look like a team's work."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

from panopticon.config import Config, Source
from panopticon.errors import AuthFailed, NotFound, PanError
from panopticon.model.event import Event, EventKind
from panopticon.model.issue import Comment, Issue, IssueFilter, Kind, State
from panopticon.model.lease import Lease
from panopticon.model.ref import IssueRef
from panopticon.services.context import Context
from panopticon.store.base import Applied, Store, SyncRecord
from panopticon.trackers.base import Check, Tracker

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


class ListStore:
    """The part of the store's seam that the dashboard uses, kept in dicts."""

    def __init__(self) -> None:
        self.rows: dict[IssueRef, Issue] = {}
        self.log: list[Event] = []
        self.records: dict[str, SyncRecord] = {}
        self.remarks: dict[IssueRef, tuple[Comment, ...]] = {}
        self._lock = threading.Lock()

    def close(self) -> None:
        """Nothing to give back."""

    def put(self, issue: Issue, at: datetime) -> Applied:
        with self._lock:
            before = self.rows.get(issue.ref)
            self.rows[issue.ref] = issue
            kind = EventKind.UPDATED if before else EventKind.CREATED
            moved = before and before.state is not issue.state
            data = {"state": [before.state.value, issue.state.value]} if before and moved else {}
            self.log.append(Event(len(self.log) + 1, at, kind, issue.ref, dict(data)))
        return Applied(updated=1)

    def remove(self, ref: IssueRef, at: datetime) -> None:
        with self._lock:
            del self.rows[ref]
            self.log.append(Event(len(self.log) + 1, at, EventKind.DELETED, ref, {}))

    def issue(self, ref: IssueRef) -> Issue | None:
        return self.rows.get(ref)

    def issues(self, wanted: IssueFilter) -> list[Issue]:
        return [issue for issue in list(self.rows.values()) if self._fits(issue, wanted)]

    def count(self, wanted: IssueFilter) -> int:
        return len(self.issues(wanted))

    def find(self, tracker: str | None, keys: Sequence[str]) -> list[IssueRef]:
        return [r for r in self.rows if r.key in keys and tracker in (None, r.tracker)]

    def children(self, ref: IssueRef) -> list[Issue]:
        return [issue for issue in self.rows.values() if issue.parent == ref]

    def comments(self, ref: IssueRef) -> list[Comment]:
        return list(self.remarks.get(ref, ()))

    def put_comments(self, ref: IssueRef, comments: Sequence[Comment]) -> None:
        self.remarks[ref] = tuple(comments)

    def events(self, after: int, limit: int = 1000) -> list[Event]:
        return self.log[after : after + limit]

    def last_event(self) -> int:
        return len(self.log)

    def record_sync(self, record: SyncRecord) -> None:
        self.records[record.source] = record

    def sync_records(self) -> list[SyncRecord]:
        return list(self.records.values())

    def _fits(self, issue: Issue, wanted: IssueFilter) -> bool:
        text = f"{issue.ref.key} {issue.title} {issue.body}".lower()
        return (
            (not wanted.kinds or issue.kind in wanted.kinds)
            and (wanted.tracker in (None, issue.ref.tracker))
            and (not wanted.text or wanted.text.lower() in text)
            and (not wanted.epic or (issue.parent is not None and issue.parent.key == wanted.epic))
        )


class OneKeyTracker:
    """A tracker that knows one key and remarks on everything."""

    def __init__(self, source: Source, fault: PanError | None = None) -> None:
        self.source = source
        self.fault = fault
        self.is_closed = False

    def check(self) -> Check:
        if self.fault:
            raise self.fault
        if self.source.secret != "good":
            raise AuthFailed("The key was refused.", "Make a new one.")
        counts = {Kind.STORY: 39, Kind.DEFECT: 3}
        return Check("maya@example.com", "W", "1", "P", "2", True, counts)

    def comments(self, key: str) -> list[Comment]:
        if key.startswith("GONE"):
            raise NotFound("No such item.")
        return [Comment("1", "ada.obi@example.com", "Looks **good**.", NOW - timedelta(hours=3))]

    def close(self) -> None:
        self.is_closed = True


def context(
    home: Path,
    store: ListStore,
    *,
    now: Callable[[], datetime] = lambda: NOW,
    open_tracker: Callable[[Source], OneKeyTracker] = OneKeyTracker,
    sources: tuple[Source, ...] = (Source("rally", "rally", secret="good"),),
) -> Context:
    config = Config(home=home, folder=home / "northwind", sources=sources)
    return Context(
        config,
        lambda _config: cast("Store", store),
        lambda source: cast("Tracker", open_tracker(source)),
        now,
    )


def story(key: str, title: str, state: State = State.BACKLOG, **more: object) -> Issue:
    plain = Issue(
        ref=IssueRef("rally", key),
        kind=Kind.STORY,
        project="Northwind Accounts",
        title=title,
        state=state,
        native_state=NATIVE[state],
        created_at=NOW - timedelta(days=9),
        updated_at=NOW - timedelta(days=2),
        native_id=key,
    )
    return replace(plain, **more)  # type: ignore[arg-type]


NATIVE = {
    State.BACKLOG: "Defined",
    State.PLANNING: "PRD draft",
    State.IN_PROGRESS: "In-Progress",
    State.IN_REVIEW: "Code Review",
    State.DONE: "Accepted",
}


def held(who: str, hours: float) -> Lease:
    return Lease(
        holder=f"{who}@example.com",
        locked_at=NOW - timedelta(hours=24 - hours),
        expires_at=NOW + timedelta(hours=hours),
        branch="story/US-121-add-login-endpoint",
        fence=4,
    )


def team_store() -> ListStore:
    """A small team's board: an epic, stories in every column, steps, a blocker."""
    store = ListStore()
    epic = IssueRef("rally", "F17")
    rows = [
        replace(story("F17", "User accounts"), kind=Kind.FEATURE),
        story("US128", "Add password reset", points=3.0),
        story("US129", "Add email verification", points=3.0),
        story(
            "US125", "Implement signup form", points=3.0, blocked_by=(IssueRef("rally", "US122"),)
        ),
        replace(
            story("DE31", "Session cookie survives sign-out on Safari", priority=1),
            kind=Kind.DEFECT,
        ),
        story(
            "US126", "Add OAuth integration", State.PLANNING, lease=held("maya.rao", 19), points=8.0
        ),
        story(
            "US121", "Add login endpoint", State.IN_PROGRESS, lease=held("jun.li", 17), points=5.0
        ),
        story(
            "US122",
            "Add registration endpoint",
            State.IN_PROGRESS,
            lease=held("tomas.klein", 0.6),
            points=5.0,
        ),
        story(
            "US123", "Add profile page", State.IN_REVIEW, assignee="ada.obi@example.com", points=5.0
        ),
        story(
            "US120", "Create user model", State.DONE, assignee="maya.rao@example.com", points=3.0
        ),
    ]
    for row in rows:
        inside = row.kind in (Kind.STORY, Kind.DEFECT)
        store.put(replace(row, parent=epic) if inside else row, NOW)
    for number, state in enumerate([State.DONE, State.DONE, State.BACKLOG]):
        task = replace(story(f"TA{number}", f"Step {number}", state), kind=Kind.TASK)
        store.put(replace(task, parent=IssueRef("rally", "US121")), NOW)
    store.record_sync(SyncRecord("rally", NOW, NOW, NOW - timedelta(seconds=4), None))
    return store
