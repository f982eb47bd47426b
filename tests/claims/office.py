"""A team's office: one tracker in memory, one database that decides, a desk for each person."""

import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from panopticon.config import Config, Source
from panopticon.errors import PanError
from panopticon.model.claim import Claim
from panopticon.model.issue import Issue, Kind, NewIssue, State
from panopticon.services.claim.desk import Desk, desk
from panopticon.services.context import Context
from panopticon.store.registry import memory_store
from panopticon.store.rowstore import RowStore
from panopticon.trackers.memory import MemoryTracker

START = datetime(2026, 11, 21, 9, tzinfo=UTC)
EPIC = "F1"


class Deaf(MemoryTracker):
    """A tracker that may refuse to show claims."""

    refusal: PanError | None = None

    def show_claim(self, key: str, claim: Claim | None, arbiter: str = "") -> Issue:
        if self.refusal:
            raise self.refusal
        return super().show_claim(key, claim, arbiter)


@dataclass
class Office:
    """Everybody's trackers and rows are the same; the clock is ours."""

    root: Path
    now: datetime = START
    tracker: Deaf = field(init=False)
    store: RowStore = field(init=False)

    def __post_init__(self) -> None:
        self.tracker = Deaf(self.clock, "rally")
        kept = memory_store()
        assert isinstance(kept, RowStore)
        self.store = kept
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

    def state(self, key: str) -> State:
        return self.tracker.get(key).state

    def repository(self, who: str) -> Path:
        """Give somebody's clone, made on first use."""
        folder = self.root / who / "repo"
        if not folder.is_dir():
            folder.mkdir(parents=True)
            name = ["-c", "user.name=x", "-c", "user.email=x@x"]
            subprocess.run(["git", "init", "-q", "-b", "main", str(folder)], check=True)
            words = ["git", "-C", str(folder), *name, "commit", "-q", "--allow-empty", "-m", "x"]
            subprocess.run(words, check=True)
        return folder

    def desk(self, who: str, place: str = "") -> Desk:
        """Sit somebody down; another `place` is another session of the same person."""
        folder = self.repository(who + place)
        database = self.root / "home" / "panopticon.db"
        config = Config(
            home=database.parent,
            folder=folder,
            sources=(Source("rally", "memory"),),
            default_tracker="rally",
            me=f"{who}@example.com",
            arbiter=f"store:{database}",
        )
        tracker = self.tracker
        ctx = Context(config, lambda _: self.store, lambda _: tracker, self.clock)
        return desk(ctx)
