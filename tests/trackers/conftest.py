"""A simulated Rally that several modules read, each with one of its own."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from panopticon.config import Source
from panopticon.sandbox.serve import Options, Running, start

HOURS_AGO = timedelta(hours=2)


class Clock:
    """The server's clock: two hours behind, an hour less each time a test says `later`."""

    def __init__(self) -> None:
        self.behind = HOURS_AGO

    def __call__(self) -> datetime:
        return datetime.fromtimestamp(time.time(), UTC) - self.behind

    def later(self) -> None:
        self.behind = max(self.behind - timedelta(hours=1), timedelta())


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
