"""The JSON that scripts and agents read: its shapes are contracts."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from panopticon.model.issue import Comment, Kind, Task
from panopticon.model.lease import Lease
from panopticon.model.ref import IssueRef
from panopticon.services import projection
from panopticon.services.issue import verbs as issue
from panopticon.services.sync import pull as sync
from tests.services.shelf import NOW, Shelf, context, item

LEASE = Lease("jo@example.com", NOW, NOW + timedelta(hours=24), "story/US-123-log-in", 3, "rally")


@pytest.mark.requirement("model:json:row")
def test_the_row_is_the_contract() -> None:
    story = item("US120", "Log in", parent=IssueRef("rally", "F17"), lease=LEASE, url="https://x")
    assert projection.row(story, NOW) == {
        "ref": "US120",
        "tracker": "rally",
        "project": "DDC-AI",
        "kind": "story",
        "title": "Log in",
        "state": "backlog",
        "native_state": "Defined",
        "assignee": None,
        "priority": 0,
        "parent": "F17",
        "url": "https://x",
        "updated_at": "2026-11-18T12:00:00+00:00",
        "lease": {
            "story": "US120",
            "holder": "jo@example.com",
            "fence": 3,
            "locked_at": "2026-11-20T12:00:00+00:00",
            "expires_at": "2026-11-21T12:00:00+00:00",
            "branch": "story/US-123-log-in",
            "arbiter": "rally",
        },
    }


@pytest.mark.requirement("model:json:expired")
def test_an_expired_lease_is_none() -> None:
    story = item("US120", lease=LEASE)
    assert projection.row(story, NOW + timedelta(hours=24))["lease"] is None
    assert projection.row(item("US120"), NOW)["lease"] is None
    by_hand = replace(story, lease=Lease("jo@example.com"))
    assert projection.lease(by_hand, NOW + timedelta(days=99)) is not None


@pytest.mark.requirement("model:json:detail")
def test_the_detail_holds_the_whole_item(tmp_path: Path) -> None:
    shelf = Shelf()
    shelf.put(
        item("F17", "User Authentication", Kind.FEATURE),
        item(
            "US123",
            parent=IssueRef("rally", "F17"),
            body="**why**",
            tasks=(Task("Do", True, 0, "TA1", "Completed"),),
            due=date(2026, 12, 1),
            blocked_by=(IssueRef("rally", "US9"), IssueRef("jira", "PROJ-7")),
            custom={"c_Team": "blue"},
        ),
        item("US124", parent=IssueRef("rally", "US123")),
    )
    ctx = context(tmp_path, rally=shelf)
    sync.pull(ctx)
    told = issue.show(ctx, "US123").as_json()
    assert told["body"] == "**why**"
    assert told["due"] == "2026-12-01"
    assert told["blocked_by"] == ["US9", "jira:PROJ-7"]
    assert told["custom"] == {"c_Team": "blue"}
    assert told["tasks"] == [
        {
            "title": "Do",
            "done": True,
            "position": 0,
            "ref": "TA1",
            "native_state": "Completed",
            "depth": 0,
        }
    ]
    assert told["children"] == [
        {
            "ref": "US124",
            "tracker": "rally",
            "kind": "story",
            "title": "Story US124",
            "state": "backlog",
            "native_state": "Defined",
        }
    ]
    above = told["above"]
    assert isinstance(above, dict)
    assert (above["ref"], above["title"]) == ("F17", "User Authentication")


@pytest.mark.requirement("model:json:comment")
def test_a_remark_in_json() -> None:
    assert projection.comments([Comment("7", "Jo", "Hm.", NOW)]) == [
        {"id": "7", "author": "Jo", "body": "Hm.", "created_at": "2026-11-20T12:00:00+00:00"}
    ]
