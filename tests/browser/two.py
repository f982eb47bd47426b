"""A board of two unlike trackers: a team's server, and story files whose steps are lines."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import cast

from playwright.sync_api import Browser

from panopticon.config import Config, Source
from panopticon.model.form import Move
from panopticon.model.issue import Issue, Kind, State, Task
from panopticon.model.ref import IssueRef
from panopticon.services.context import Context
from panopticon.store.base import SyncRecord
from panopticon.trackers.base import Tracker
from panopticon.trackers.memory import MemoryTracker
from panopticon.trackers.memory_shape import Shape
from tests.browser.acting import Acting, TeamAtWork
from tests.web.fakes import NOW, team_store
from tests.web.served import served
from tests.web.trackers import ME, Clock

WHY_NOT = "A story is done when its review is."
EPIC = IssueRef("stories", "epic-1")
FILES = Shape(
    prefixes={Kind.STORY: "9.", Kind.EPIC: "epic-"},
    words={
        State.BACKLOG: "drafted",
        State.PLANNING: "ready-for-dev",
        State.IN_PROGRESS: "in-progress",
        State.IN_REVIEW: "review",
        State.DONE: "done",
    },
    lacks={kind: frozenset({"iteration", "due", "blocked"}) for kind in (Kind.STORY, Kind.EPIC)},
    steps=True,
    dependencies=False,
    link_pull_request=False,
    history=False,
)
STEPS = (
    Task("Draw the form", True, 0),
    Task("Check the fields", False, 1, native_state="~"),
    Task("The address", True, 2, depth=1),
    Task("The password", False, 3, depth=1),
    Task("Tell what is wrong", False, 4),
)


class StoriesAtWork(MemoryTracker):
    """Story files as the page meets them; `shut` columns say why."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock, "stories", shape=FILES)
        self.me = ME
        self.people = []
        self.shut: set[State] = set()
        self.written = 0

    def _person(self, word: str) -> str:
        return self.me if word == "me" else word  # files take any name

    def moves(self, issue: Issue) -> tuple[Move, ...]:
        return tuple(
            Move(move.state, reason=WHY_NOT) if move.state in self.shut else move
            for move in super().moves(issue)
        )

    def tick(self, key: str, step: Task) -> Issue:
        found = super().tick(key, step)
        self.written += 1
        return found


@dataclass
class Pair(Acting):
    """The desk of two trackers; `tracker` is the server."""

    stories: StoriesAtWork

    def edit_by_hand(self, key: str, **fields: object) -> None:
        """Change a file as an editor does: the tracker has it, the board does not know yet."""
        old = self.stories.get(key)
        version = str(int(old.version or 0) + 1)
        later = old.updated_at + timedelta(days=9)
        self.stories.put(replace(old, version=version, updated_at=later, **fields))  # type: ignore[arg-type]

    def task(self, key: str, position: int) -> Task:
        return self.stories.get(key).tasks[position]


def story(key: str, title: str, state: State = State.BACKLOG, **more: object) -> Issue:
    plain = Issue(
        ref=IssueRef("stories", key),
        kind=Kind.STORY,
        project="northwind-app",
        title=title,
        state=state,
        native_state=FILES.words[state],
        created_at=NOW - timedelta(days=8),
        updated_at=NOW - timedelta(days=1),
        native_id=str(sum(map(ord, key))),
        version="1",
        parent=EPIC,
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def stories() -> list[Issue]:
    """Name what the files hold: one of them is also US121 at the server."""
    return [
        story("epic-1", "User accounts in the app", kind=Kind.EPIC, parent=None),
        story("1.1", "Show the start page", State.DONE, tasks=(Task("Draw it", True, 0),)),
        story(
            "1.2", "Add login form", State.IN_PROGRESS, tasks=STEPS, twin_key="US121", points=3.0
        ),
        story("1.3", "Remember the user", tasks=(Task("Keep a cookie", False, 0),)),
        story("1.4b", "Say goodbye", State.IN_REVIEW, assignee=ME),
    ]


def pair_at(home: Path, chromium: Browser) -> Iterator[Pair]:
    """Run a dashboard over a store and the two trackers that have the same items."""
    store, clock = team_store(), Clock()
    team, files = TeamAtWork(clock, store), StoriesAtWork(clock)
    for issue in stories():
        files.put(issue)
        store.put(issue, NOW)
    store.record_sync(SyncRecord("stories", NOW, NOW, NOW - timedelta(seconds=3), None))
    sources = (Source("rally", "rally", secret="good"), Source("stories", "markdown"))
    config = Config(home=home, folder=home / "northwind", sources=sources, me=ME)
    trackers: dict[str, MemoryTracker] = {"rally": team, "stories": files}
    ctx = Context(config, lambda _: store, lambda s: cast("Tracker", trackers[s.name]), clock)
    with served(ctx) as (dashboard, ready):
        desk = Pair(team, store, chromium, dashboard, ready, files)
        yield desk
        team.gate.set()
        desk.close()
