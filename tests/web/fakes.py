"""A tracker of a few lines, and a store of items that look like a team's work."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

from panopticon.config import Config, Source
from panopticon.errors import AuthFailed, NotFound, PanError
from panopticon.model.issue import Comment, Issue, Kind, State
from panopticon.model.lease import Lease
from panopticon.model.ref import IssueRef
from panopticon.services.context import Context
from panopticon.store.base import Store, SyncRecord
from panopticon.store.registry import memory_store
from panopticon.trackers.base import Capabilities, Check, Tracker

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


class OneKeyTracker:
    """A tracker that knows one key and remarks on everything."""

    capabilities = Capabilities(kinds=(), writable={})

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

    def get(self, key: str) -> Issue:
        raise NotFound(f"No {key}.")

    def close(self) -> None:
        self.is_closed = True


def context(
    home: Path,
    store: Store,
    *,
    now: Callable[[], datetime] = lambda: NOW,
    open_tracker: Callable[[Source], OneKeyTracker] = OneKeyTracker,
    sources: tuple[Source, ...] = (Source("rally", "rally", secret="good"),),
) -> Context:
    config = Config(home=home, folder=home / "northwind", sources=sources)
    return Context(
        config,
        lambda _config: store,
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


def team_store() -> Store:
    """A small team's board: an epic, stories in every column, steps, a blocker."""
    store = memory_store()
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


def remove(store: Store, *keys: str) -> None:
    store.drop("rally", keys, NOW)


def kept(store: Store, key: str) -> Issue:
    found = store.issue(IssueRef("rally", key))
    assert found
    return found
