"""The Rally tracker keeps the contract against the simulated server, over real HTTP."""

from collections.abc import Iterator

import httpx2
import pytest

from panopticon.model.issue import Kind, State
from panopticon.sandbox.serve import Running
from panopticon.trackers.base import Tracker
from panopticon.trackers.registry import open_tracker
from tests.contracts.editing import EditingContract
from tests.contracts.subject import Subject
from tests.contracts.tracker import TrackerContract
from tests.trackers.conftest import HOURS_AGO, Clock, source


@pytest.fixture(scope="module")
def tracker(sandbox: Running) -> Iterator[Tracker]:
    tracker = open_tracker(source(sandbox, page_size=20))
    yield tracker
    tracker.close()


def connections(sandbox: Running, key: str) -> list[str]:
    """Read the pull requests that Rally itself shows on an item."""
    reply = httpx2.get(
        f"{sandbox.url}/slm/webservice/v2.0/pullrequest",
        params={"fetch": "Url", "query": f'(Artifact.FormattedID = "{key}")'},
        headers={"ZSESSIONID": sandbox.api_key},
    )
    return [row["Url"] for row in reply.json()["QueryResult"]["Results"]]


class TestRally(TrackerContract, EditingContract):
    @pytest.fixture
    def subject(self, tracker: Tracker, clock: Clock, sandbox: Running) -> Subject:
        clock.behind = HOURS_AGO
        return Subject(
            tracker,
            clock.later,
            identity=f"rally:{sandbox.workspace_oid}",
            me=sandbox.username,
            leaf=Kind.STORY,
            creatable=(Kind.STORY, Kind.DEFECT, Kind.TASK, Kind.FEATURE, Kind.EPIC),
            ladder=(Kind.EPIC, Kind.FEATURE, Kind.STORY, Kind.TASK),
            columns=tuple(State),
            words=("Defined", "In-Progress", "Completed"),
            spellings=lambda key: (key.lower(), key.replace("US", "US-")),
            strangers=("US999999", "ZZ1", "US1) OR (Name = x"),
            places=frozenset({"workspace", "project"}),
            links=lambda key: connections(sandbox, key),
        )
