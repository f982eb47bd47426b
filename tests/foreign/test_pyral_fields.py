"""Broadcom's Python client, unmodified, makes the lock fields and writes and reads them."""

import warnings
from collections.abc import Iterator
from typing import Any

import pytest

from panopticon.config import Source
from panopticon.sandbox.serve import Options, Running, start
from panopticon.trackers.rally.tracker import open_rally
from tests.trackers.rally.conftest import GIT, claim

pytestmark = [pytest.mark.foreign, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Running]:
    with start(Options(stories=40, lock_fields=False)) as running:
        yield running


@pytest.fixture(scope="module")
def pyral() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pyral.restapi  # noqa: PLC0415 - its import warns

    pyral.restapi.PROTOCOL = "http"  # pyral has no option for it
    return pyral


def connected(sandbox: Running, pyral: Any) -> Any:
    """Connect afresh: pyral reads the schema once."""
    return pyral.Rally(
        sandbox.url.removeprefix("http://"),
        apikey=sandbox.api_key,
        workspace=sandbox.workspace,
        project=sandbox.project,
    )


@pytest.mark.requirement("foreign:pyral:lock-fields")
def test_fields_made_by_either_are_used_by_both(sandbox: Running, pyral: Any) -> None:
    before = connected(sandbox, pyral)
    story = before.put("Story", {"Name": "held"})
    kind = before.typedef("Story")
    made = before.put(
        "AttributeDefinition",
        {"Name": "LockedBy", "RealAttributeType": "STRING", "TypeDefinition": kind.ref},
    )
    assert made.ElementName == "c_LockedBy"
    place = {"server": sandbox.url, "workspace": sandbox.workspace, "project": sandbox.project}
    tracker = open_rally(Source("rally", "rally", place, sandbox.api_key))
    for one in tracker.own_fields.looked([tracker.get(story.FormattedID).kind]):
        if one.purpose != "LockedBy":
            tracker.own_fields.create(one)
    rally = connected(sandbox, pyral)
    shown = tracker.show_claim(story.FormattedID, claim(story.FormattedID), GIT)
    assert shown.lease
    seen = rally.get("Story", fetch=True, query=f"FormattedID = {story.FormattedID}", instance=True)
    assert (seen.LockedBy, seen.c_LockedBy) == ("ann@example.com", "ann@example.com")
    assert seen.c_LockedAt == "2026-11-21T10:30:00.000Z"
    assert seen.c_LockToken == f"by:{GIT}"
    told = {"FormattedID": story.FormattedID, "c_LockedBy": "bob@example.com"}
    assert rally.post("Story", told).c_LockedBy == "bob@example.com"
    lease = tracker.get(story.FormattedID).lease
    assert lease
    assert lease.holder == "bob@example.com"
    found = rally.get("Story", fetch="FormattedID", query='c_LockedBy = "bob@example.com"')
    assert [one.FormattedID for one in found] == [story.FormattedID]
    tracker.close()
