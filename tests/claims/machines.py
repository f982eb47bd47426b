"""Machines of a team: each has its own home and store; the tracker and a git remote are shared."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from panopticon.config import Config, Source
from panopticon.errors import PanError
from panopticon.model.change import Cursor, Page, Scope
from panopticon.model.claim import Claim
from panopticon.model.event import Event, EventKind
from panopticon.model.issue import Issue, Kind, NewIssue
from panopticon.model.ref import IssueRef
from panopticon.services.claim.desk import Desk, desk
from panopticon.services.claim.sync.pull import pull
from panopticon.services.claim.take import hold
from panopticon.services.claim.take.checkout import Checkout, Wish, checkout
from panopticon.services.context import Context
from panopticon.services.sync.pull import Wanted
from panopticon.services.sync.report import Claims, Report
from panopticon.store.base import Store
from panopticon.store.registry import memory_store
from tests.claims import templates
from tests.claims.office import START, Deaf

SOURCE = "rally"


class Remote(Deaf):
    """A tracker that may be down, or tell of claims in words only, which nothing reads back."""

    outage: PanError | None = None
    said: list[Claim | None] | None = None

    def show_claim(self, key: str, claim: Claim | None, arbiter: str = "") -> Issue:
        if self.said is None:
            return super().show_claim(key, claim, arbiter)
        self.said.append(claim)
        return self.get(key)

    def pull(self, stream: str, scope: Scope, cursor: Cursor, now: datetime) -> Iterator[Page]:
        if self.outage:
            raise self.outage
        return super().pull(stream, scope, cursor, now)


@dataclass
class Machine:
    """One person's machine."""

    name: str
    ctx: Context

    @property
    def desk(self) -> Desk:
        return desk(self.ctx)

    @property
    def store(self) -> Store:
        return self.ctx.store

    def sync(self, *, is_polled: bool = False) -> Report:
        return pull(self.ctx, Wanted(), is_polled=is_polled)

    def claims(self) -> Claims:
        found = self.sync().claims
        assert found
        return found

    def take(self, key: str, **words: object) -> Checkout:
        return checkout(self.desk, Wish(story=key, **words))  # type: ignore[arg-type]

    def release(self, key: str) -> None:
        hold.release(self.desk, key)

    def shows(self, key: str) -> Issue:
        found = self.store.issue(IssueRef(SOURCE, key))
        assert found
        return found

    def events(self, key: str, *kinds: EventKind) -> list[Event]:
        found = reversed(self.store.events_of(IssueRef(SOURCE, key)))
        return [one for one in found if one.kind in kinds]

    def commit(self) -> None:
        """Commit at our clock's time."""
        who, at = ["-c", "user.name=x", "-c", "user.email=x@x"], self.ctx.now().isoformat()
        words = ["commit", "-q", "--allow-empty", "-m", "work"]
        git = ["env", f"GIT_COMMITTER_DATE={at}", "git", "-C", str(self.ctx.config.folder)]
        run(*git, *who, *words)

    def merge(self) -> None:
        """Merge the branch one stands on into main."""
        git = ["git", "-C", str(self.ctx.config.folder), "-c", "user.name=x", "-c", "user.email=x"]
        run(*git, "switch", "-q", "main")
        run(*git, "merge", "-q", "--no-ff", "-m", "merge", "-")

    def set(self, **words: object) -> None:
        self.ctx.config = replace(self.ctx.config, **words)  # type: ignore[arg-type]


@dataclass
class Team:
    """What the machines share; the clock is ours."""

    root: Path
    arbiter: str = ""
    tracker: Remote = field(init=False)

    def __post_init__(self) -> None:
        self.now = START
        self.tracker = Remote(lambda: self.now, SOURCE)
        self.arbiter = self.arbiter or f"git:{templates.bare(self.root)}"
        self.tracker.create(NewIssue(Kind.FEATURE, {"title": "User management"}))

    def later(self, **words: float) -> None:
        self.now += timedelta(**words)

    def story(self, title: str = "A story") -> str:
        made = self.tracker.create(NewIssue(Kind.STORY, {"title": title, "parent": "F1"}))
        return made.ref.key

    def machine(self, name: str, **words: object) -> Machine:
        home, folder = self.root / name / "home", self.root / name / "repo"
        home.mkdir(parents=True)
        run("git", "init", "-q", "-b", "main", str(folder))
        sources = (Source(SOURCE, "rally"),)
        config = Config(
            home=home,
            folder=folder,
            sources=sources,
            default_tracker=SOURCE,
            me=f"{name}@example.com",
            arbiter=self.arbiter,
        )
        store = memory_store()
        ctx = Context(config, lambda _: store, lambda _: self.tracker, lambda: self.now)
        made = Machine(name, ctx)
        made.set(**words)
        made.commit()
        made.sync()
        return made


def run(*words: str) -> None:
    subprocess.run(words, check=True, capture_output=True)
