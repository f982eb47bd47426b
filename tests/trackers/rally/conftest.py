"""Simulated workspaces with and without the lock fields, and trackers whose waits take no time."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from panopticon.model.claim import Claim
from panopticon.model.issue import Kind, NewIssue
from panopticon.sandbox.serve import Options, Running, start
from panopticon.trackers.http import HttpClient
from panopticon.trackers.notes import Notes
from panopticon.trackers.rally.settings import settings_from
from panopticon.trackers.rally.tracker import RallyTracker, door_for, policy_for
from tests.trackers.conftest import source

NOW = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)
GIT = "git:https://git.example.com/team/app.git"


@dataclass
class Wire(httpx2.HTTPTransport):
    """The real wire; it counts requests, and loses the replies of the next `lost` writes."""

    lost: int = 0
    ending: str = "/create"
    written: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        httpx2.HTTPTransport.__init__(self)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        reply = super().handle_request(request)
        if request.method != "GET":
            self.written.append(request.url.path)
            if self.lost and request.url.path.endswith(self.ending):
                self.lost -= 1
                reply.close()
                raise httpx2.ReadError("lost")
        return reply


@dataclass
class Place:
    """One simulated workspace, as a test sees it."""

    box: Running
    trackers: list[RallyTracker] = field(default_factory=list)

    def tracker(
        self,
        key: str | None = None,
        wire: Wire | None = None,
        notes: Notes | None = None,
        **options: object,
    ) -> RallyTracker:
        """Open a tracker of its own session."""
        settings = settings_from(source(self.box, key, **options))
        policy = replace(policy_for(settings), sleep=lambda _s: None, on_wait=lambda _w: None)
        http = HttpClient(door_for(settings), policy, wire or Wire())
        self.trackers.append(RallyTracker(settings, http, notes))
        return self.trackers[-1]

    def faults(self, **told: object) -> None:
        """Let things go wrong; nothing mends it."""
        httpx2.post(f"{self.box.admin}/faults", json=told).raise_for_status()

    def ask(self, method: str, path: str, body: object = None, **params: str) -> dict[str, Any]:
        """Send one request as the administrator; gives what is in the envelope."""
        url = f"{self.box.url}/slm/webservice/v2.0/{path}"
        headers = {"ZSESSIONID": self.box.api_key}
        reply = httpx2.request(method, url, params=params, json=body, headers=headers)
        inner: dict[str, Any] = next(iter(reply.json().values()))
        assert inner["Errors"] == []
        return inner

    def add_field(self, name: str, real: str = "STRING") -> None:
        """Make a custom field of stories by hand."""
        query = '(ElementName = "HierarchicalRequirement")'
        (kind,) = self.ask("GET", "typedefinition", query=query)["Results"]
        told = {"Name": name, "RealAttributeType": real, "TypeDefinition": kind["_ref"]}
        self.ask("POST", "attributedefinition/create", {"AttributeDefinition": told})

    def close(self) -> None:
        for tracker in self.trackers:
            tracker.close()
        self.trackers.clear()


def _place(*, lock_fields: bool) -> Iterator[Place]:
    with start(Options(stories=40, lock_fields=lock_fields)) as box:
        place = Place(box)
        yield place
        place.close()


@pytest.fixture(scope="module")
def full() -> Iterator[Place]:
    """A workspace with the fields."""
    yield from _place(lock_fields=True)


@pytest.fixture
def bare() -> Iterator[Place]:
    """A workspace without."""
    yield from _place(lock_fields=False)


def made(tracker: RallyTracker, kind: Kind = Kind.STORY, **fields: object) -> str:
    """Create an item; gives its key."""
    told = {"title": "A thing", **fields}
    return tracker.create(NewIssue(kind, told)).ref.key  # type: ignore[arg-type]


def claim(key: str, holder: str = "ann@example.com", fence: int = 3, **words: object) -> Claim:
    """Make a claim of an arbiter."""
    told = Claim(
        key=f"rally:1/{key}",
        holder=holder,
        session="s" * 16,
        fence=fence,
        locked_at=NOW,
        expires_at=NOW + timedelta(hours=24),
        branch="story/US1-a-thing",
    )
    return replace(told, **words)  # type: ignore[arg-type]


def said(tracker: RallyTracker, key: str) -> list[str]:
    """Read the comments of an item, oldest first."""
    return [one.body for one in tracker.comments(key)]
