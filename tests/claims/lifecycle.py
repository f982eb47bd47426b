"""A story from checkout to merge: a tracker that may be away, a real repository, two desks."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from panopticon.config import Config, Source
from panopticon.config.schema import Repository
from panopticon.errors import Retriable
from panopticon.model.claim import Act, Ask, Claim
from panopticon.model.event import Event, EventKind
from panopticon.model.issue import Comment, Issue, IssueFields, Kind, NewIssue, State
from panopticon.model.ref import IssueRef
from panopticon.services.claim import shown
from panopticon.services.claim.desk import Desk, desk
from panopticon.services.context import Context
from panopticon.store.registry import memory_store
from panopticon.store.rowstore import RowStore
from panopticon.trackers.memory import MemoryTracker
from panopticon.trackers.memory_shape import FULL, Shape
from tests.claims import templates

START = datetime(2026, 11, 21, 9, tzinfo=UTC)
BRANCH = "story/US-1-sign-in"
NO_REVIEW = replace(
    FULL, words={state: word for state, word in FULL.words.items() if state is not State.IN_REVIEW}
)


class Killed(BaseException):
    """The process ends between two steps."""


class Far(MemoryTracker):
    """A tracker that may be away, or end the process at a call, before or after it is done."""

    is_away = False
    dies_at = ""
    dies_after = False

    def _step(self, name: str, *, is_after: bool) -> None:
        if self.is_away:
            raise Retriable("rally cannot be reached")
        if self.dies_at == name and self.dies_after is is_after:
            self.dies_at = ""
            raise Killed

    def get(self, key: str) -> Issue:
        self._step("get", is_after=False)
        return super().get(key)

    def update(self, key: str, fields: IssueFields) -> Issue:
        name = "transition" if "state" in fields else "update"
        self._step(name, is_after=False)
        done = super().update(key, fields)
        self._step(name, is_after=True)
        return done

    def comment(self, key: str, body: str) -> Comment:
        self._step("comment", is_after=False)
        done = super().comment(key, body)
        self._step("comment", is_after=True)
        return done

    def show_claim(self, key: str, claim: Claim | None, arbiter: str = "") -> Issue:
        self._step("show", is_after=False)
        done = super().show_claim(key, claim, arbiter)
        self._step("show", is_after=True)
        return done


@dataclass
class Room:
    """One story in progress; the clock is ours."""

    root: Path
    shape: Shape = FULL
    words: Mapping[str, str] = field(default_factory=dict)
    main_branch: str | None = None
    auto_sync: bool = False
    is_inside: bool = False  # everybody stands in the repository itself
    now: datetime = START
    tracker: Far = field(init=False)
    store: RowStore = field(init=False)

    def __post_init__(self) -> None:
        self.tracker = Far(self.clock, "rally", shape=self.shape)
        kept = memory_store()
        assert isinstance(kept, RowStore)
        self.store = kept
        templates.started(self.repository)
        self.put(self.tracker.create(NewIssue(Kind.STORY, {"title": "Sign in"})))
        for number in range(3):
            fields: IssueFields = {"title": f"Step {number}", "parent": "US1"}
            made = self.tracker.create(NewIssue(Kind.TASK, fields))
            self.put(self.tracker.update(made.ref.key, {"state": State.DONE}) if number else made)
        self.put(self.tracker.update("US1", {"state": State.IN_PROGRESS}))

    @property
    def repository(self) -> Path:
        return self.root / "repo"

    @property
    def ref(self) -> IssueRef:
        return IssueRef("rally", "US1")

    def clock(self) -> datetime:
        return self.now

    def later(self, **words: float) -> None:
        self.now += timedelta(**words)

    def put(self, issue: Issue) -> None:
        self.store.put(issue, self.now)

    def git(self, *words: str) -> str:
        name = ["-c", "user.name=Ann", "-c", "user.email=ann@example.com", "-c", "gc.auto=0"]
        line = ["git", "-C", str(self.repository), *name, *words]
        return subprocess.run(line, check=True, capture_output=True, text=True).stdout.strip()

    def commit(self, file: str, text: str = "x\n") -> str:
        (self.repository / file).write_text(text)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", f"Write {file}")
        return self.git("rev-parse", "HEAD")

    def work(self, *files: str) -> str:
        """Commit on the story's branch, made from main; gives the last commit."""
        self.git("switch", "-q", "-c", BRANCH)
        shas = [self.commit(file) for file in files or ("login.py",)]
        self.git("switch", "-q", "main")
        return shas[-1]

    def ctx(self, who: str = "ann", place: str = "") -> Context:
        folder = self.repository if self.is_inside else self.root / f"{who}{place}"
        folder.mkdir(exist_ok=True)
        home = self.root / "home"
        config = Config(
            home=home,
            folder=folder,
            sources=(Source("rally", "memory"),),
            default_tracker="rally",
            me=f"{who}@example.com",
            arbiter=f"store:{home / 'panopticon.db'}",
            main_branch=self.main_branch,
            status_words=self.words,
            auto_sync=self.auto_sync,
            repositories={"Project": Repository(self.repository)},
        )
        return Context(config, lambda _: self.store, lambda _: self.tracker, self.clock)

    def desk(self, who: str = "ann", place: str = "") -> Desk:
        """Sit somebody down; another `place` is another session of the same person."""
        return desk(self.ctx(who, place))

    def take(
        self, who: str = "ann", place: str = "", act: Act = Act.TAKE, *, seconds: float = 3600
    ) -> Claim:
        """Check the story out as the arbiter and the item show it."""
        sitting = self.desk(who, place)
        key = sitting.key(self.ref)
        ask = Ask(act, key, sitting.holder, sitting.session, seconds, BRANCH, reason="why")
        claim = sitting.arbiter.ask(ask)
        shown.learn(sitting, self.ref, claim, act)
        shown.show(sitting, self.ref, claim)
        return claim

    def claim(self) -> Claim | None:
        sitting = self.desk()
        return sitting.arbiter.read(sitting.key(self.ref))

    @property
    def story(self) -> Issue:
        """The story as its tracker has it."""
        return MemoryTracker.get(self.tracker, "US1")

    def remarks(self) -> list[str]:
        return [said.body for said in self.tracker.comments("US1")]

    def events(self, kind: EventKind) -> list[Event]:
        return [one for one in self.store.events_of(self.ref) if one.kind is kind]
