"""Two trackers of unlike shapes in one context: a server's stories and story files."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

from panopticon.config import Config, Source
from panopticon.errors import PanError
from panopticon.model.issue import Issue, Kind, State
from panopticon.model.ref import IssueRef
from panopticon.services.context import Context
from panopticon.store.base import Store
from panopticon.store.registry import memory_store
from panopticon.trackers.base import Tracker
from panopticon.trackers.memory import MemoryTracker
from panopticon.trackers.memory_shape import FULL, Shape
from tests.services.shelf import NOW

FILES = Shape(
    prefixes={Kind.STORY: "s-", Kind.EPIC: "epic-"},
    words={
        State.BACKLOG: "backlog",
        State.PLANNING: "ready-for-dev",
        State.IN_PROGRESS: "in-progress",
        State.IN_REVIEW: "review",
        State.DONE: "done",
    },
    steps=True,
    dependencies=False,
    link_pull_request=False,
    history=False,
)


def us(key: str, title: str = "", kind: Kind = Kind.STORY, **more: object) -> Issue:
    """Make an item of the server."""
    return made("rally", key, title, kind, **more)


def file(key: str, title: str = "", kind: Kind = Kind.STORY, **more: object) -> Issue:
    """Make an item of the story files."""
    return made("stories", key, title, kind, **more)


def made(tracker: str, key: str, title: str, kind: Kind, **more: object) -> Issue:
    plain = Issue(
        ref=IssueRef(tracker, key),
        kind=kind,
        project="app" if tracker == "stories" else "Northwind",
        title=title or f"Story {key}",
        state=State.BACKLOG,
        native_state="Defined" if tracker == "rally" else "backlog",
        created_at=NOW - timedelta(days=9),
        updated_at=NOW - timedelta(days=2),
        native_id=key,
        version="1",
    )
    return replace(plain, **more)  # type: ignore[arg-type]


@dataclass
class Pair:
    """A server called `rally` and story files called `stories`, over one store."""

    home: Path
    store: Store = field(default_factory=memory_store)
    default: str | None = "rally"
    names: tuple[str, ...] = ("rally", "stories")
    faults: dict[str, PanError] = field(default_factory=dict)
    shapes: Mapping[str, Shape] = field(default_factory=lambda: {"rally": FULL, "stories": FILES})
    trackers: dict[str, MemoryTracker] = field(default_factory=dict)
    at: datetime = NOW

    @property
    def ctx(self) -> Context:
        types = {"stories": "markdown"}  # what is opened is in memory all the same
        sources = tuple(Source(name, types.get(name, "rally")) for name in self.names)
        config = Config(
            home=self.home,
            folder=self.home / "repo",
            sources=sources,
            default_tracker=self.default,
            me="ann@example.com",
        )
        return Context(config, lambda _: self.store, self.open, lambda: self.at)

    def open(self, source: Source) -> Tracker:
        if fault := self.faults.get(source.name):
            raise fault
        return cast("Tracker", self.tracker(source.name))

    def tracker(self, name: str) -> MemoryTracker:
        shape = self.shapes.get(name, FULL)
        made = MemoryTracker(lambda: self.at, name, shape=shape)
        return self.trackers.setdefault(name, made)

    def put(self, *issues: Issue) -> None:
        """Put items into their trackers and the store, a version further than those there."""
        for issue in issues:
            known = self.store.issue(issue.ref)
            version = str(int(known.version or 0) + 1) if known else issue.version
            kept = replace(issue, version=version)
            self.tracker(issue.ref.tracker).put(kept)
            self.store.put(kept, self.at)

    def drop(self, *refs: IssueRef) -> None:
        """Take items away, from the store alone."""
        for ref in refs:
            issue = self.store.issue(ref)
            assert issue
            self.store.drop(ref.tracker, [issue.native_id], self.at)
