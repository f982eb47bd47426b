"""Claims in Rally's lock fields: written after the decision, read back, and never a decision."""

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from panopticon.errors import AuthFailed, Unsupported
from panopticon.model.change import Cursor, Scope
from panopticon.model.claim import Act, Ask, Claim
from panopticon.model.issue import Issue, Kind
from panopticon.model.lease import Lease
from panopticon.trackers.base import FieldStanding
from panopticon.trackers.rally.tracker import RallyTracker
from tests.trackers.rally.conftest import GIT, NOW, Place, claim, made, said

HOLDER = "ann@example.com"
WITHOUT = (
    "Stories in Rally lack c_LockExpiry, c_Branch: claims are shown without. "
    "`pan rally setup-fields` adds it."
)


def asked(key: str, act: Act = Act.TAKE, **more: object) -> Ask:
    told = Ask(act, key, HOLDER, "s1", 3600.0)
    return replace(told, **more)  # type: ignore[arg-type]


def add(tracker: RallyTracker, *purposes: str, kind: Kind = Kind.STORY) -> None:
    """Make some of the missing fields."""
    for one in tracker.own_fields.looked([kind]):
        if one.purpose in purposes:
            tracker.own_fields.create(one)


def custom(tracker: RallyTracker, key: str, **fields: object) -> Issue:
    return tracker.update(key, {"custom": fields})  # type: ignore[typeddict-item]


@pytest.mark.requirement("rally:claim:fields")
@pytest.mark.parametrize("kind", [Kind.STORY, Kind.DEFECT])
def test_a_claim_stands_in_the_fields_until_it_is_over(full: Place, kind: Kind) -> None:
    tracker = full.tracker()
    key = made(tracker, kind)
    shown = tracker.show_claim(key, claim(key), GIT)
    lease = Lease(HOLDER, NOW, NOW + timedelta(hours=24), "story/US1-a-thing", None, GIT)
    assert shown.lease == lease
    assert full.tracker().get(key).lease == lease
    assert said(tracker, key) == []
    later = claim(key, expires_at=NOW + timedelta(hours=30))
    renewed = tracker.show_claim(key, later, GIT).lease
    assert renewed == replace(lease, expires_at=later.expires_at)
    over = tracker.show_claim(key, None, GIT)
    assert (over.lease, over.branch) == (None, "story/US1-a-thing")
    again = full.tracker(custom_fields=["c_LockToken", "c_LockedAt"]).get(key)
    assert again.custom == {"c_LockToken": None, "c_LockedAt": None}


@pytest.mark.requirement("rally:claim:fields")
def test_the_same_claim_again_changes_nothing(full: Place) -> None:
    tracker = full.tracker()
    key = made(tracker)
    first = tracker.show_claim(key, claim(key), GIT)
    assert tracker.show_claim(key, claim(key), GIT).version == first.version
    over = tracker.show_claim(key, None, GIT)
    assert tracker.show_claim(key, None, GIT).version == over.version
    assert tracker.show_claim(key, None).version == over.version


@pytest.mark.requirement("rally:claim:fields")
@pytest.mark.parametrize("holder", ["", None, "  "])
def test_an_empty_holder_is_no_lock(full: Place, holder: str | None) -> None:
    tracker = full.tracker()
    key = made(tracker)
    tracker.show_claim(key, claim(key), GIT)
    assert custom(tracker, key, c_LockedBy=holder).lease is None


@pytest.mark.requirement("rally:claim:by-hand")
def test_a_lock_set_by_hand_has_a_holder_and_nobody_who_decided(full: Place) -> None:
    tracker = full.tracker()
    key = made(tracker)
    assert custom(tracker, key, c_LockedBy="bob@example.com").lease == Lease("bob@example.com")
    custom(tracker, key, c_LockToken="by:git:x")
    assert tracker.get(key).lease == Lease("bob@example.com")


@pytest.mark.requirement("rally:claim:by-hand")
def test_a_lock_set_by_hand_after_a_claim_is_no_claim(full: Place) -> None:
    tracker = full.tracker()
    arbiter = tracker.arbiter()
    assert arbiter is not None
    key = made(tracker)
    tracker.show_claim(key, arbiter.ask(asked(key)), "rally")
    hand: dict[str, Any] = {"c_LockedBy": "bob@example.com", "c_LockExpiry": None}
    for since in ("2026-11-21T10:00:00Z", None):
        lease = custom(tracker, key, c_LockedAt=since, **hand).lease
        assert lease
        assert (lease.holder, lease.arbiter) == ("bob@example.com", "")


@pytest.mark.requirement("rally:claim:own-log")
def test_rallys_own_log_is_left_alone_and_named(full: Place) -> None:
    tracker = full.tracker()
    arbiter = tracker.arbiter()
    assert arbiter is not None
    key = made(tracker)
    held = arbiter.ask(asked(key))
    assert held.holder == asked(key).holder  # who asked, whoever's key it is
    shown = tracker.show_claim(key, held, "rally")
    assert shown.lease
    assert (shown.lease.arbiter, shown.lease.fence) == ("rally", None)
    assert arbiter.read(key) == held
    gone = arbiter.ask(asked(key, Act.RELEASE, holder=held.holder, fence=held.fence))
    assert gone.is_released
    tracker.show_claim(key, None, "rally")
    assert arbiter.read(key) == gone
    assert custom(tracker, key, c_LockedBy="x", c_LockedAt="2026-11-21T10:00:00Z").lease == Lease(
        "x", datetime(2026, 11, 21, 10, tzinfo=UTC)
    )


@pytest.mark.requirement("rally:claim:own-log")
def test_signs_of_another_arbiter_decide_nothing(full: Place) -> None:
    tracker = full.tracker()
    arbiter = tracker.arbiter()
    assert arbiter is not None
    key = made(tracker)
    for url in (GIT, "git:ssh://[::1]/a]b.git"):
        tracker.show_claim(key, claim(key), url)
    assert arbiter.read(key) is None
    held = arbiter.ask(asked(key))
    assert (held.holder, held.fence) == (asked(key).holder, 1)
    tracker.show_claim(key, claim(key), GIT)
    tracker.show_claim(key, None, GIT)
    assert arbiter.read(key) == held


@pytest.mark.requirement("rally:token:imitated")
def test_a_name_that_reads_like_a_revision_claims_nothing(full: Place) -> None:
    tracker = full.tracker()
    arbiter = tracker.arbiter()
    assert arbiter is not None
    key = made(tracker)
    tracker.update(key, {"title": "x], LOCKTOKEN added [take:n9:s9:0:3600"})
    tracker.update(key, {"title": "LOCKTOKEN added [take:n8:s8:0:3600]"})
    assert arbiter.read(key) is None
    assert arbiter.ask(asked(key)).fence == 1


@pytest.mark.requirement("rally:claim:portfolio")
@pytest.mark.parametrize("place", ["full", "bare"])
def test_portfolio_items_are_not_claimed(place: str, request: pytest.FixtureRequest) -> None:
    tracker = request.getfixturevalue(place).tracker()
    with pytest.raises(Unsupported, match="F17 is a feature: nobody holds a whole one"):
        tracker.show_claim("F17", claim("F17"), GIT)
    assert not any("Locked" in text for text in said(tracker, "F17"))


@pytest.mark.requirement("rally:claim:may-not")
@pytest.mark.parametrize("place", ["full", "bare"])
def test_a_key_that_may_not_write_is_told(place: str, request: pytest.FixtureRequest) -> None:
    found: Place = request.getfixturevalue(place)
    tracker = found.tracker(found.box.read_only_key)
    with pytest.raises(AuthFailed, match="read-only") as caught:
        tracker.show_claim("US126", claim("US126"), GIT)
    assert "full access" in caught.value.hint


@pytest.mark.requirement("rally:claim:some-fields")
def test_what_fields_there_are_are_written_and_the_others_named_once(
    bare: Place, caplog: pytest.LogCaptureFixture
) -> None:
    tracker = bare.tracker()
    add(tracker, "LockedBy", "LockedAt")
    key = made(tracker)
    with caplog.at_level(logging.WARNING, "panopticon.rally"):
        lease = tracker.show_claim(key, claim(key), GIT).lease
        assert lease == Lease(HOLDER, NOW)
        assert tracker.show_claim(key, None, GIT).lease is None
    assert [record.getMessage() for record in caplog.records] == [WITHOUT]
    assert said(tracker, key) == []


@pytest.mark.requirement("rally:claim:some-fields")
def test_what_is_switched_off_is_neither_written_nor_missed(
    full: Place, caplog: pytest.LogCaptureFixture
) -> None:
    off: dict[str, Any] = {"lock_expiry_field": "", "branch_field": "", "lock_token_field": ""}
    tracker = full.tracker(**off)
    key = made(tracker)
    assert tracker.show_claim(key, claim(key), GIT).lease == Lease(HOLDER, NOW)
    assert full.tracker().get(key).lease == Lease(HOLDER, NOW)
    assert caplog.records == []
    assert tracker.arbiter() is None
    assert tracker.check().can_decide is False


@pytest.mark.requirement("rally:claim:some-fields")
def test_what_rally_drops_after_all_is_said_in_a_comment(full: Place, bare: Place) -> None:
    elsewhere = Shelf()
    full.tracker(notes=elsewhere).own_fields.looked([Kind.STORY])
    tracker = bare.tracker(notes=elsewhere)  # remembers fields that are not there any more
    key = made(tracker)
    assert tracker.show_claim(key, claim(key), GIT).lease is None
    assert len(said(tracker, key)) == 1


def full_lease(held: Claim) -> Lease:
    return Lease(held.holder, held.locked_at, held.expires_at, held.branch)


class Shelf:
    """Notes in a dictionary, of whatever place the fields were read."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def note(self, name: str) -> str | None:
        word = name.partition(":")[2].partition(":")[2]
        return next((v for n, v in self.kept.items() if word and n.endswith(f":{word}")), None)

    def put_note(self, name: str, value: str) -> None:
        self.kept[name] = value


@pytest.mark.requirement("rally:claim:field-names")
def test_every_field_may_be_called_otherwise(bare: Place) -> None:
    names: dict[str, Any] = {
        "locked_by_field": "c_Holder",
        "locked_at_field": "c_Since",
        "lock_expiry_field": "c_Until",
        "branch_field": "c_GitBranch",
        "lock_token_field": "c_Ticket",
        "coverage_field": "",
        "commit_field": "",
        "status_field": "",
    }
    tracker = bare.tracker(**names)
    fields = tracker.own_fields.looked([Kind.STORY])
    assert {one.element for one in fields} == {name for name in names.values() if name}
    for one in fields:
        tracker.own_fields.create(one)
    key = made(tracker)
    arbiter = tracker.arbiter()
    assert arbiter is not None
    held = arbiter.ask(asked(key))
    lease = tracker.show_claim(key, held, "rally").lease
    assert lease == replace(full_lease(held), arbiter="rally")
    assert arbiter.read(key) == held
    assert bare.tracker().get(key).lease is None


@pytest.mark.requirement("rally:claim:field-names")
def test_what_screens_call_the_deciding_field_may_be_anything(bare: Place) -> None:
    bare.add_field("Who (really) holds")
    tracker = bare.tracker(lock_token_field="c_Whoreallyholds")
    key = made(tracker)
    arbiter = tracker.arbiter()
    assert arbiter is not None
    held = arbiter.ask(asked(key))
    assert bare.tracker(lock_token_field="c_Whoreallyholds").arbiter().read(key) == held  # type: ignore[union-attr]
    released = arbiter.ask(asked(key, Act.RELEASE, holder=held.holder, fence=held.fence))
    assert arbiter.ask(asked(key)).fence == released.fence + 1


@pytest.mark.requirement("rally:claim:synced")
def test_a_full_sync_brings_who_holds_what(full: Place) -> None:
    tracker = full.tracker()
    story, defect = made(tracker), made(tracker, Kind.DEFECT)
    for key in (story, defect):
        tracker.show_claim(key, claim(key), GIT)
    fresh = full.tracker()
    found = {
        issue.ref.key: issue.lease
        for stream in fresh.streams()
        for page in fresh.pull(stream, Scope(), Cursor(), NOW)
        for issue in page.issues
    }
    lease = Lease(HOLDER, NOW, NOW + timedelta(hours=24), "story/US1-a-thing", None, GIT)
    assert (found[story], found[defect]) == (lease, lease)
    assert found["US126"] is None
    by_seed = found["US123"]
    assert by_seed
    assert by_seed.locked_at
    assert by_seed.arbiter == ""


@pytest.mark.requirement("rally:claim:fields-later")
def test_fields_that_are_made_meanwhile_are_used_at_once(bare: Place) -> None:
    tracker = bare.tracker()
    key = made(tracker)
    assert tracker.show_claim(key, claim(key), GIT).lease is None
    assert tracker.arbiter() is None
    missing = tracker.own_fields.looked([Kind.STORY])
    assert {one.standing for one in missing} == {FieldStanding.MISSING}
    for one in missing:
        tracker.own_fields.create(one)
    shown = tracker.show_claim(key, claim(key), GIT)
    assert shown.lease == replace(full_lease(claim(key)), arbiter=GIT)
    assert tracker.arbiter() is not None
    assert len(said(tracker, key)) == 1


@pytest.mark.requirement("rally:claim:fields-later")
def test_a_conflict_meanwhile_is_tried_again(full: Place) -> None:
    tracker = full.tracker()
    key = made(tracker)
    full.faults(conflict_rate=0.5)
    try:
        assert tracker.show_claim(key, claim(key), GIT).lease
    finally:
        full.faults()
