"""A team's office: one tracker in memory, one database that decides, a desk for each person."""

import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from panopticon.config import Config, Source, environment
from panopticon.errors import PanError
from panopticon.model.claim import Arbiter, Claim, Known
from panopticon.model.event import EventKind
from panopticon.model.issue import Issue, Kind, NewIssue, State
from panopticon.model.ref import IssueRef
from panopticon.services.claim.desk import Desk, desk
from panopticon.services.context import Context
from panopticon.store.lease import StoreArbiter
from panopticon.store.rowstore import RowStore
from panopticon.store.sqlite import Sqlite
from panopticon.trackers.memory import MemoryTracker
from tests.claims import templates

START = datetime(2026, 11, 21, 9, tzinfo=UTC)
EPIC = "F1"


class Deaf(MemoryTracker):
    """A tracker that may refuse to show claims."""

    refusal: PanError | None = None

    def show_claim(self, key: str, claim: Claim | None, arbiter: str = "") -> Issue:
        if self.refusal:
            raise self.refusal
        return super().show_claim(key, claim, arbiter)


class Told(RowStore):
    """Rows in memory whose arbiter goes by our clock."""

    clock: Callable[[], datetime]

    def arbiter(self, name: str) -> Arbiter:
        return StoreArbiter(name, self._database, self.clock)


@dataclass
class Office:
    """Everybody's trackers and rows are the same; the clock is ours, `settings` are the team's."""

    root: Path
    now: datetime = START
    settings: dict[str, Any] = field(default_factory=dict)
    tracker: Deaf = field(init=False)
    store: Told = field(init=False)

    def __post_init__(self) -> None:
        self.tracker = Deaf(self.clock, "rally")
        self.store = Told(Sqlite(None))
        self.store.clock = self.clock
        self.make(Kind.FEATURE, "User management")

    def clock(self) -> datetime:
        return self.now

    def later(self, **words: float) -> None:
        self.now += timedelta(**words)

    def make(self, kind: Kind, title: str, **fields: object) -> str:
        told = {"title": title, **({"parent": EPIC} if kind is Kind.STORY else {}), **fields}
        made = self.tracker.create(NewIssue(kind, told))  # type: ignore[arg-type]
        self.store.put(made, self.now)
        return made.ref.key

    def story(self, title: str = "A story", steps: int = 5, **fields: object) -> str:
        key = self.make(Kind.STORY, title, **fields)
        for number in range(steps):
            self.make(Kind.TASK, f"Step {number}", parent=key)
        return key

    def give(self, issue: Issue) -> None:
        """Put an item as it is into the tracker, as somebody else's change would."""
        self.tracker.put(issue)

    def known(self, key: str) -> Known | None:
        found = (one for one in self.store.known_claims() if one.ref.key == key)
        return next(found, None)

    def events(self, key: str) -> list[tuple[EventKind, dict[str, Any]]]:
        """Read what the log says of claims on an item, oldest first."""
        found = reversed(self.store.events_of(IssueRef("rally", key)))
        return [(one.kind, dict(one.data)) for one in found if one.kind.startswith("claim.")]

    def state(self, key: str) -> State:
        return self.tracker.get(key).state

    def repository(self, who: str) -> Path:
        """Give somebody's clone, made on first use."""
        folder = self.root / who / "repo"
        if not folder.is_dir():
            folder.parent.mkdir(parents=True, exist_ok=True)
            templates.started(folder)
        return folder

    def commit(self, folder: Path, text: str = "work") -> None:
        """Commit at our clock's time."""
        git(folder, "commit", "-q", "--allow-empty", "-m", text, at=self.now)

    def desk(self, who: str, place: str = "") -> Desk:
        """Sit somebody down; another `place` is another session of the same person."""
        folder = self.repository(who + place)
        database = self.root / "home" / "panopticon.db"
        told = {
            "home": database.parent,
            "folder": folder,
            "sources": (Source("rally", "memory"),),
            "default_tracker": "rally",
            "me": f"{who}@example.com",
            "arbiter": f"store:{database}",
        }
        config = Config(**{**told, **self.settings})
        tracker = self.tracker
        ctx = Context(config, lambda _: self.store, lambda _: tracker, self.clock)
        return desk(ctx)


def git(folder: Path, *words: str, at: datetime | None = None) -> str:
    """Run git in a folder, at a time; gives what it says."""
    name = ["-c", "user.name=x", "-c", "user.email=x@x", "-c", "init.defaultBranch=main"]
    when = {"GIT_COMMITTER_DATE": at.isoformat(), "GIT_AUTHOR_DATE": at.isoformat()} if at else {}
    line = ["git", "-C", str(folder), *name, *words]
    around = {**environment(), **when}
    done = subprocess.run(line, check=True, capture_output=True, text=True, env=around)
    return done.stdout.strip()
