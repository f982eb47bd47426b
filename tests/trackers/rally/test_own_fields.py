"""Making the fields that claims are shown in: for good, so never twice and never elsewhere."""

from typing import Any

import httpx2
import pytest

from panopticon.errors import AuthFailed, InvalidInput, Retriable
from panopticon.model.issue import Kind
from panopticon.trackers.base import FieldStanding, OwnField
from panopticon.trackers.rally.own_fields import NEEDS
from panopticon.trackers.rally.tracker import RallyTracker
from tests.trackers.rally.conftest import Place, Wire

BOTH = (Kind.STORY, Kind.DEFECT)


def standings(fields: list[OwnField]) -> set[FieldStanding]:
    return {one.standing for one in fields}


def first(tracker: RallyTracker, purpose: str = "LockedBy") -> OwnField:
    return next(one for one in tracker.own_fields.looked(BOTH) if one.purpose == purpose)


def named(place: Place, workspace: str | None = None) -> list[dict[str, Any]]:
    """List the custom fields of stories as the server has them."""
    root, headers = f"{place.box.url}/slm", {"ZSESSIONID": place.box.api_key}
    oid = workspace or place.box.workspace_oid
    url = f"{root}/schema/v2.0/workspace/{oid}"
    reply = httpx2.get(url, headers=headers, follow_redirects=True)
    types = reply.json()["QueryResult"]["Results"]
    story = next(one for one in types if one["ElementName"] == "HierarchicalRequirement")
    return [one for one in story["Attributes"] if one["Custom"]]


@pytest.mark.requirement("rally:fields:looked")
def test_all_eight_are_there_or_missing_on_each_type(full: Place, bare: Place) -> None:
    there = full.tracker().own_fields.looked(BOTH)
    assert [(one.purpose, one.kind) for one in there] == [
        (need.purpose, kind) for need in NEEDS for kind in BOTH
    ]
    assert len(NEEDS) == 8
    assert standings(there) == {FieldStanding.THERE}
    assert standings(bare.tracker().own_fields.looked(BOTH)) == {FieldStanding.MISSING}
    assert full.tracker().own_fields.workspace().name == full.box.workspace


@pytest.mark.requirement("rally:fields:made")
def test_what_is_missing_is_made_with_its_type(bare: Place) -> None:
    tracker = bare.tracker()
    for one in tracker.own_fields.looked(BOTH):
        tracker.own_fields.create(one)
    assert standings(tracker.own_fields.looked(BOTH)) == {FieldStanding.THERE}
    assert {(one["ElementName"], one["RealAttributeType"]) for one in named(bare)} == {
        ("c_LockedBy", "STRING"),
        ("c_LockedAt", "DATE"),
        ("c_LockExpiry", "DATE"),
        ("c_Branch", "STRING"),
        ("c_Coverage", "DECIMAL"),
        ("c_CommitSHA", "STRING"),
        ("c_PantheonStatus", "STRING"),
        ("c_LockToken", "STRING"),
    }


@pytest.mark.requirement("rally:fields:made")
def test_only_the_configured_workspace_gets_them(full: Place) -> None:
    spaces = [one for one in full.tracker().places() if one.kind == "workspace"]
    other = next(one for one in spaces if one.name != full.box.workspace)
    tracker = full.tracker(workspace=other.name, project="")
    before = named(full)
    wanted = first(tracker)
    assert wanted.standing is FieldStanding.MISSING
    tracker.own_fields.create(wanted)
    assert named(full) == before
    assert [one["ElementName"] for one in named(full, other.id)] == ["c_LockedBy"]


@pytest.mark.requirement("rally:fields:unfit")
def test_what_cannot_be_mended_is_told(bare: Place) -> None:
    tracker = bare.tracker(locked_at_field="c_Since", branch_field="Name", coverage_field="c_a b")
    maker = bare.tracker(locked_by_field="c_Since")
    maker.own_fields.create(first(maker))
    found = {one.purpose: one for one in tracker.own_fields.looked([Kind.STORY])}
    assert found["LockedAt"].standing is FieldStanding.OTHER_TYPE
    assert (found["LockedAt"].found, found["LockedAt"].wanted) == ("STRING", "DATE")
    assert found["Branch"].standing is FieldStanding.THERE
    assert found["Coverage"].standing is FieldStanding.NO_CUSTOM_NAME
    read_only = bare.tracker(locked_by_field="FormattedID")
    assert first(read_only).standing is FieldStanding.READ_ONLY


@pytest.mark.requirement("rally:fields:unfit")
def test_a_drop_down_does_for_the_status_only(bare: Place) -> None:
    bare.add_field("Phase", "DROP_DOWN")
    tracker = bare.tracker(status_field="c_Phase", branch_field="c_Phase")
    assert first(tracker, "PantheonStatus").standing is FieldStanding.THERE
    assert first(tracker, "Branch").standing is FieldStanding.OTHER_TYPE


@pytest.mark.requirement("rally:fields:may-not")
@pytest.mark.parametrize("key", ["read_only_key", "member_key"])
def test_only_an_administrator_may(bare: Place, key: str) -> None:
    tracker = bare.tracker(getattr(bare.box, key))
    with pytest.raises(AuthFailed):
        tracker.own_fields.create(first(tracker))
    assert named(bare) == []


@pytest.mark.requirement("rally:fields:lost")
def test_a_lost_reply_is_looked_up(bare: Place) -> None:
    wire = Wire()
    tracker = bare.tracker(wire=wire)
    wanted = first(tracker)
    wire.lost = 1
    tracker.own_fields.create(wanted)
    assert len(wire.written) == len(named(bare)) == 1


@pytest.mark.requirement("rally:fields:lost")
def test_nothing_is_created_twice_on_a_guess(bare: Place) -> None:
    wire = Wire()
    tracker = bare.tracker(wire=wire)
    wanted = first(tracker)
    bare.faults(drop_before=1.0)  # never arrives, and nothing can be looked up
    with pytest.raises(Retriable):
        tracker.own_fields.create(wanted)
    bare.faults(drop_before=0.0)
    assert named(bare) == []
    tracker.own_fields.create(first(tracker))
    assert len(named(bare)) == 1


@pytest.mark.requirement("rally:fields:lost")
def test_somebody_else_may_make_it_meanwhile(bare: Place) -> None:
    one, two = bare.tracker(), bare.tracker()
    wanted = first(one)
    two.own_fields.create(wanted)
    one.own_fields.create(wanted)
    assert len(named(bare)) == 1
    bare.faults(refuse={"kind": "AttributeDefinition", "reason": "not today"})
    with pytest.raises(InvalidInput, match="not today"):
        one.own_fields.create(first(one, "Branch"))


@pytest.mark.requirement("rally:fields:lost")
def test_a_server_that_is_behind_shows_what_was_made(bare: Place) -> None:
    bare.faults(lag_ms=60_000)
    tracker = bare.tracker()
    wanted = first(tracker)
    tracker.own_fields.create(wanted)
    assert tracker.own_fields.is_there(wanted)
    assert not bare.tracker().own_fields.is_there(wanted)
