"""The Rally tracker keeps the contract against the simulated server, over real HTTP."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from panopticon.config import Source
from panopticon.sandbox.serve import Options, Running, start
from panopticon.trackers.base import Tracker
from panopticon.trackers.registry import open_tracker
from tests.contracts.tracker import Subject, TrackerContract

HOURS_AGO = timedelta(hours=2)


class Clock:
    """The server's clock: two hours behind until a test says `later`."""

    def __init__(self) -> None:
        self.behind = HOURS_AGO

    def __call__(self) -> datetime:
        return datetime.fromtimestamp(time.time(), UTC) - self.behind

    def later(self) -> None:
        self.behind = timedelta()


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def sandbox(clock: Clock) -> Iterator[Running]:
    with start(Options(stories=40, clock=clock)) as running:
        yield running


def source(sandbox: Running, key: str | None = None, **options: object) -> Source:
    place = {"server": sandbox.url, "workspace": sandbox.workspace, "project": sandbox.project}
    return Source("rally", "rally", {**place, **options}, key or sandbox.api_key)


@pytest.fixture(scope="module")
def tracker(sandbox: Running) -> Iterator[Tracker]:
    tracker = open_tracker(source(sandbox, page_size=20))
    yield tracker
    tracker.close()


@pytest.mark.requirement(
    "tracker:create:read-back", "tracker:streams:everything", "tracker:scope:epic"
)
class TestRally(TrackerContract):
    @pytest.fixture
    def subject(self, tracker: Tracker, clock: Clock) -> Subject:
        clock.behind = HOURS_AGO
        return Subject(tracker, clock.later)
