"""A tracker of a few dozen lines: a shelf of items with versions, and a bin for deleted ones."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

from panopticon.config import Config, Source
from panopticon.errors import NotFound, PanError
from panopticon.model.change import Cursor, Page, Scope, Usage
from panopticon.model.issue import Comment, Issue, IssueFields, Kind, NewIssue, State
from panopticon.model.ref import IssueRef
from panopticon.services.context import Context
from panopticon.store.base import Store
from panopticon.store.registry import memory_store
from panopticon.trackers.base import Capabilities, Tracker

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
LAG = timedelta(seconds=30)
STREAMS = {
    "stories": (Kind.STORY, Kind.DEFECT),
    "tasks": (Kind.TASK,),
    "epics": (Kind.FEATURE, Kind.EPIC),
}


def item(key: str, title: str = "", kind: Kind = Kind.STORY, **more: object) -> Issue:
    """Make an item of the tracker `rally`."""
    plain = Issue(
        ref=IssueRef("rally", key),
        kind=kind,
        project="DDC-AI",
        title=title or f"Story {key}",
        state=State.BACKLOG,
        native_state="Defined",
        created_at=NOW - timedelta(days=9),
        updated_at=NOW - timedelta(days=2),
        native_id=f"id-{key}",
        version="1",
    )
    return replace(plain, **more)  # type: ignore[arg-type]


@dataclass
class Shelf:
    """The server's side: what is there, what was thrown away, what goes wrong, the clock."""

    items: dict[str, Issue] = field(default_factory=dict)
    thrown: dict[str, datetime] = field(default_factory=dict)
    faults: dict[str, Exception] = field(default_factory=dict)
    clock: datetime = NOW
    identity: str = "rally:1"
    page_size: int = 10
    requests: int = 0
    before_page: Callable[[str, int], None] = lambda _stream, _page: None

    def put(self, *issues: Issue) -> None:
        """Change items as somebody else would: version and time move on."""
        for issue in issues:
            known = self.items.get(issue.native_id)
            version = str(int(known.version or 0) + 1) if known else issue.version
            kept = replace(issue, version=version, updated_at=self.clock)
            self.items[issue.native_id] = kept

    def throw(self, key: str) -> None:
        """Delete an item into the bin."""
        del self.items[f"id-{key}"]
        self.thrown[f"id-{key}"] = self.clock


class ShelfTracker:
    """The client's side of a shelf."""

    capabilities = Capabilities(kinds=(Kind.STORY,), writable={})

    def __init__(self, name: str, shelf: Shelf) -> None:
        self.name, self.shelf = name, shelf

    def usage(self) -> Usage:
        return Usage(self.shelf.requests, 100 * self.shelf.requests)

    def identity(self) -> str:
        return self.shelf.identity

    def streams(self) -> tuple[str, ...]:
        return ("deleted", *STREAMS)

    def pull(self, stream: str, scope: Scope, cursor: Cursor, _now: datetime) -> Iterator[Page]:
        mark = cursor.running_mark or self.shelf.clock - LAG
        ids = self._changed(stream, scope, cursor.mark)
        starts = list(range(0, len(ids), self.shelf.page_size)) or [0]
        for number, start in enumerate(starts):
            if cursor.position and start < int(cursor.position):
                continue
            self._ask(stream, number)
            some = ids[start : start + self.shelf.page_size]
            end = start + self.shelf.page_size
            kept = Cursor(cursor.mark, str(end), mark) if end < len(ids) else Cursor(mark)
            gone = tuple(some) if stream == "deleted" else ()
            found = () if gone else tuple(self._named(self.shelf.items[one]) for one in some)
            yield Page(found, kept, gone, len(ids))

    def native_ids(self, _scope: Scope) -> Iterator[tuple[str, str]]:
        self._ask("ids", 0)
        yield from ((one.native_id, one.version or "") for one in self.shelf.items.values())

    def fetch(self, native_ids: list[str]) -> list[Issue]:
        self._ask("fetch", 0)
        there = self.shelf.items
        return [self._named(there[one]) for one in native_ids if one in there]

    def get(self, key: str) -> Issue:
        self._ask("get", 0)
        if f"id-{key}" not in self.shelf.items:
            raise NotFound(f"No {key}.")
        return self._named(self.shelf.items[f"id-{key}"])

    def create(self, new: NewIssue) -> Issue:
        made = item(f"US{len(self.shelf.items) + 900}", new.fields["title"], new.kind)
        self.shelf.put(made)
        return self.get(made.ref.key)

    def update(self, key: str, fields: IssueFields) -> Issue:
        known = {k: v for k, v in fields.items() if k in {"title", "state", "priority"}}
        if parent := fields.get("parent"):
            known["parent"] = IssueRef(self.name, parent)
        self.shelf.put(replace(self.get(key), **known))  # type: ignore[arg-type]
        return self.get(key)

    def transition(self, key: str, state: State) -> Issue:
        return self.update(key, {"state": state})

    def delete(self, key: str) -> None:
        self.get(key)
        self.shelf.throw(key)

    def comments(self, key: str) -> list[Comment]:
        return [Comment("1", "Jo", f"About {key}.", NOW)]

    def comment(self, _key: str, body: str) -> Comment:
        return Comment("2", "Me", body, self.shelf.clock)

    def close(self) -> None: ...

    def _changed(self, stream: str, scope: Scope, mark: datetime | None) -> list[str]:
        if stream == "deleted":
            since = mark or self.shelf.clock
            return sorted(one for one, at in self.shelf.thrown.items() if at >= since)
        return sorted(
            one.native_id
            for one in self.shelf.items.values()
            if one.kind in STREAMS[stream]
            and (mark is None or one.updated_at >= mark)
            and (scope.iteration is None or one.iteration == scope.iteration)
        )

    def _ask(self, what: str, page: int) -> None:
        self.shelf.requests += 1
        self.shelf.before_page(what, page)
        if fault := self.shelf.faults.get(what):
            raise fault

    def _named(self, issue: Issue) -> Issue:
        parent = IssueRef(self.name, issue.parent.key) if issue.parent else None
        return replace(issue, ref=IssueRef(self.name, issue.ref.key), parent=parent)


def context(home: Path, store: Store | None = None, **shelves: Shelf | PanError) -> Context:
    """Make a context of shelves by tracker name; an error stands for one that cannot be opened."""
    sources = tuple(Source(name.replace("_", "-"), "rally") for name in shelves)
    kept = store or memory_store()

    def open_tracker(source: Source) -> Tracker:
        shelf = shelves[source.name.replace("-", "_")]
        if isinstance(shelf, PanError):
            raise shelf
        return cast("Tracker", ShelfTracker(source.name, shelf))

    config = Config(home=home, folder=home / "repo", sources=sources, default_tracker="rally")
    return Context(config, lambda _: kept, open_tracker, lambda: NOW)
