"""Claims where Rally has no lock fields: one comment tells people, and nothing reads it back."""

from datetime import timedelta

import pytest

from panopticon.model.issue import Kind
from panopticon.trackers.rally.lock_words import freed, locked, said_from
from tests.trackers.rally.conftest import GIT, NOW, Place, Wire, claim, made, said

LOCKED = (
    "Locked by ann@example.com until 2026-11-22 10:30 UTC · branch story/US1-a-thing"
    " · decided by git:https://git.example.com/team/app.git (fence 3)"
)
OVER = (
    "Given back by ann@example.com · decided by git:https://git.example.com/team/app.git (fence 3)"
)
LATE = timedelta(days=3650)


@pytest.mark.requirement("rally:claim:comment")
@pytest.mark.parametrize("kind", [Kind.STORY, Kind.DEFECT])
def test_a_claim_and_its_end_are_said_once_each(bare: Place, kind: Kind) -> None:
    tracker = bare.tracker()
    key = made(tracker, kind)
    held = claim(key, expires_at=NOW + timedelta(hours=24))
    for hours in (24, 30, 36):  # renewals
        later = claim(key, expires_at=NOW + timedelta(hours=hours))
        assert tracker.show_claim(key, later, GIT).lease is None
    assert bare.tracker().show_claim(key, held, GIT).lease is None  # another process
    assert said(tracker, key) == [LOCKED]
    assert tracker.get(key).lease is None


@pytest.mark.requirement("rally:claim:comment")
def test_the_end_of_a_claim_is_said_once(bare: Place) -> None:
    tracker = bare.tracker()
    key = made(tracker)
    tracker.show_claim(key, None, GIT)
    assert said(tracker, key) == []
    lasting = claim(key, expires_at=NOW + LATE)
    tracker.show_claim(key, lasting, GIT)
    for one in (tracker, tracker, bare.tracker()):
        one.show_claim(key, None, GIT)
    assert said(tracker, key)[1:] == [OVER]
    tracker.show_claim(key, lasting, GIT)  # a late echo of the claim that is over
    assert len(said(tracker, key)) == 2
    tracker.show_claim(key, claim(key, "bob@example.com", 4), GIT)
    assert said(tracker, key)[2].startswith("Locked by bob@example.com until ")
    tracker.show_claim(key, lasting, GIT)  # who was overtaken
    assert len(said(tracker, key)) == 3


@pytest.mark.requirement("rally:claim:comment")
def test_a_claim_that_ran_out_was_not_given_back(bare: Place) -> None:
    tracker = bare.tracker()
    key = made(tracker)
    old = claim(key, locked_at=NOW - LATE, expires_at=NOW - LATE + timedelta(hours=1))
    tracker.show_claim(key, old, GIT)
    tracker.show_claim(key, None, GIT)
    assert said(tracker, key)[1].startswith("No longer held by ann@example.com")


@pytest.mark.requirement("rally:claim:comment-lost")
@pytest.mark.parametrize("lost", [1, 2])
def test_a_lost_reply_says_nothing_twice(bare: Place, lost: int) -> None:
    wire = Wire()
    tracker = bare.tracker(wire=wire)
    key = made(tracker)
    for held, count in ((claim(key, expires_at=NOW + LATE), 1), (None, 2)):
        wire.lost = lost
        tracker.show_claim(key, held, GIT)
        assert len(said(bare.tracker(), key)) == count
        wire.lost = 0


@pytest.mark.requirement("rally:claim:comment")
def test_what_people_write_is_no_lock(bare: Place) -> None:
    tracker = bare.tracker()
    key = made(tracker)
    tracker.comment(key, "Locked by me until Friday, hands off")
    tracker.comment(key, LOCKED)
    assert tracker.get(key).lease is None
    tracker.show_claim(key, claim(key, fence=4), GIT)
    assert "(fence 4)" in said(tracker, key)[-1]


@pytest.mark.requirement("rally:claim:comment")
def test_talk_afterwards_does_not_hide_what_was_said(bare: Place) -> None:
    tracker = bare.tracker()
    key = made(tracker)
    held = claim(key, expires_at=NOW + LATE)
    tracker.show_claim(key, held, GIT)
    for number in range(25):
        tracker.comment(key, f"Remark {number}")
    bare.tracker().show_claim(key, held, GIT)
    assert len(said(tracker, key)) == 26


@pytest.mark.requirement("rally:claim:comment")
def test_a_renewal_asks_for_no_comments_again(bare: Place) -> None:
    tracker = bare.tracker()
    key = made(tracker)
    tracker.show_claim(key, claim(key), GIT)
    before = tracker.usage().requests
    tracker.show_claim(key, claim(key, expires_at=NOW + LATE), GIT)
    assert tracker.usage().requests == before + 1


@pytest.mark.requirement("rally:claim:comment")
def test_texts_are_plain_words_in_html() -> None:
    held = claim("US1", "<b>ann</b> & co")
    assert "&lt;b&gt;ann&lt;/b&gt; &amp; co" in locked(held, GIT)
    found = said_from(locked(held, GIT))
    assert found
    assert "&lt;b&gt;" in freed(found, NOW)
