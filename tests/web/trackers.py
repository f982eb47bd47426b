"""A team's tracker in memory, filled as the team's store is, and a dashboard over both."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

from starlette.testclient import TestClient

from panopticon.config import Config, Source
from panopticon.errors import PanError
from panopticon.model.form import FieldType, FormField, Move, Revision
from panopticon.model.issue import (
    Comment,
    Issue,
    IssueFields,
    IssueFilter,
    Iteration,
    Kind,
    NewIssue,
    State,
    User,
)
from panopticon.services.context import Context
from panopticon.services.server.session import session
from panopticon.store.base import Store
from panopticon.trackers.base import Capabilities, Place, Tracker
from panopticon.trackers.memory import MemoryTracker
from panopticon.trackers.memory_shape import FULL, Shape
from panopticon.web.app import make_app
from panopticon.web.guard import Security
from tests.web.fakes import NATIVE, NOW, team_store

ME = "maya.rao@example.com"
ADA = "ada.obi@example.com"
WHY = FormField("custom.c_Why", "Why", FieldType.TEXT, required=True)
IDEA = "Idea"  # a second word of the backlog
COLOURS = FormField("custom.c_Team", "Team", FieldType.CHOICE, values=("Blue", "Green"))


class TeamShape(Shape):
    """The team's words, of which the backlog has two."""

    def state(self, word: object) -> State:
        return State.BACKLOG if word == IDEA else super().state(word)


SHAPE = TeamShape(FULL.prefixes, NATIVE, FULL.lacks)


class Clock:
    """Every look at it is a second later; `skip` lets time pass."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at

    def skip(self, minutes: float) -> None:
        self.at += timedelta(minutes=minutes)


class TeamTracker(MemoryTracker):
    """Keeps a history, offers a custom field, counts what it is asked, and fails on request."""

    def __init__(self, clock: Clock, store: Store) -> None:
        super().__init__(clock, "rally", shape=SHAPE)
        self.me = ME
        self.people = [
            User("1", "Maya Rao", ME),
            User("2", "Ada Obi", ADA),
            User("3", "Gone Long Ago", "gone@example.com", disabled=True),
            User("4", "build-robot", None),
        ]
        self.fault: PanError | None = None
        self.seconds = 0.0  # that each answer takes
        self.asked: list[str] = []
        self.revisions: list[Revision] = []
        for issue in store.issues(IssueFilter()):
            self.put(replace(issue, version="1"))
        self._numbers = {"US": 900, "TA": 900, "DE": 900, "F": 900}

    @property
    def capabilities(self) -> Capabilities:
        return replace(super().capabilities, history=True)

    def get(self, key: str) -> Issue:
        self._answer("get")
        return super().get(key)

    def update(self, key: str, fields: IssueFields) -> Issue:
        self._answer("update")
        return super().update(key, fields)

    def create(self, new: NewIssue) -> Issue:
        self._answer("create")
        return super().create(new)

    def delete(self, key: str) -> None:
        self._answer("delete")
        super().delete(key)

    def comment(self, key: str, body: str) -> Comment:
        self._answer("comment")
        return super().comment(key, body)

    def comments(self, key: str) -> list[Comment]:
        self._answer("comments")
        return super().comments(key)

    def users(self) -> list[User]:
        self._answer("users")
        return super().users()

    def iterations(self) -> list[Iteration]:
        self._answer("iterations")
        return super().iterations()

    def places(self) -> list[Place]:
        self._answer("places")
        return super().places()

    def form(self, kind: Kind, project: str | None = None) -> tuple[FormField, ...]:
        self._answer("form")
        own = (WHY, COLOURS) if kind is Kind.EPIC else (COLOURS,)
        return (*super().form(kind, project), *own)

    def moves(self, issue: Issue) -> tuple[Move, ...]:
        self._answer("moves")
        return super().moves(issue)

    def history(self, key: str) -> list[Revision]:
        self._answer("history")
        self.get(key)
        return self.revisions

    def by_ada(self, key: str, fields: IssueFields, text: str = "") -> None:
        """Write as somebody else does, at the tracker."""
        changed = super().update(key, fields)
        self.revisions.insert(0, Revision(changed.updated_at, ADA, text))

    def _answer(self, verb: str) -> None:
        self.asked.append(verb)
        time.sleep(self.seconds)
        if self.fault:
            raise self.fault


@dataclass
class Desk:
    """A script with the token in front of a dashboard, its store and its tracker."""

    client: TestClient
    ctx: Context
    store: Store
    tracker: TeamTracker
    clock: Clock


@contextmanager
def desk_at(home: Path) -> Iterator[Desk]:
    store, clock = team_store(), Clock()
    tracker = TeamTracker(clock, store)
    config = Config(
        home=home,
        folder=home / "northwind",
        sources=(Source("rally", "rally", secret="good"),),
        me=ME,
        secrets_file=home / "secrets.env",
    )
    ctx = Context(config, lambda _: store, lambda _: cast("Tracker", tracker), clock)
    door = session(home, clock)
    bearer = {"Authorization": f"Bearer {door.token}"}
    app = make_app(ctx, Security(door, 3011))
    with TestClient(
        app, base_url="http://127.0.0.1:3011", headers=bearer, raise_server_exceptions=False
    ) as client:
        yield Desk(client, ctx, store, tracker, clock)
