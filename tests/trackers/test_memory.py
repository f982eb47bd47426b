"""The in-memory tracker keeps the contract."""

from datetime import UTC, datetime, timedelta

import pytest

from panopticon.trackers.memory import MemoryTracker
from tests.contracts.tracker import Subject, TrackerContract


@pytest.mark.requirement(
    "tracker:create:read-back",
    "tracker:create:refused",
    "tracker:create:kinds",
    "tracker:text:hostile",
    "tracker:update:fields",
    "tracker:update:unsupported",
    "tracker:update:unknown-person",
    "tracker:transition:columns",
    "tracker:get:spellings",
    "tracker:get:unknown",
    "tracker:comments:order",
    "tracker:comments:empty",
    "tracker:children:direct",
    "tracker:dependencies:both",
    "tracker:pull-request:once",
    "tracker:pull-request:address",
    "tracker:delete:gone",
    "tracker:streams:everything",
    "tracker:streams:incremental",
    "tracker:streams:resume",
    "tracker:streams:clock",
    "tracker:sweep:ids",
    "tracker:fetch:ids",
    "tracker:scope:epic",
    "tracker:scope:unknown-epic",
    "tracker:check:answers",
    "tracker:places:listed",
    "tracker:people:listed",
)
class TestMemory(TrackerContract):
    @pytest.fixture
    def subject(self) -> Subject:
        clock = Clock()
        return Subject(MemoryTracker(clock, page_size=3), clock.later)


class Clock:
    """Every look at it is a second later."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def later(self) -> None:
        self.now += timedelta(hours=2)
