"""What follows a claim: remembered, shown, owned, started, cached."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from panopticon.errors import Unsupported
from panopticon.model.event import EventKind
from panopticon.model.issue import Kind, State
from panopticon.model.ref import IssueRef
from panopticon.services.claim.take import hold
from panopticon.services.claim.take.checkout import Wish, checkout
from tests.claims.office import Office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def warnings(done: object) -> str:
    return " ".join(str(one) for one in done.as_json()["warnings"])  # type: ignore[attr-defined]


@pytest.mark.requirement("claim:checkout:logged")
def test_every_decision_is_remembered_and_told_once(office: Office) -> None:
    key = office.story()
    checkout(office.desk("ann"), Wish(story=key))
    office.later(hours=1)
    checkout(office.desk("ann"), Wish(story=key))
    hold.renew(office.desk("ann"), key, 48)
    hold.steal(office.desk("bob"), key, 1, "Ann is ill")
    hold.release(office.desk("bob"), key)
    hold.release(office.desk("bob"), key)
    told = office.events(key)
    assert [kind for kind, _ in told] == [
        EventKind.TAKEN,
        EventKind.RENEWED,
        EventKind.RENEWED,
        EventKind.STOLEN,
        EventKind.RELEASED,
    ]
    taken, stolen = told[0][1], told[3][1]
    assert (taken["holder"], taken["fence"], taken["owner_was"]) == ("ann@example.com", 1, None)
    assert (stolen["from"], stolen["reason"], stolen["fence"]) == (
        "ann@example.com",
        "Ann is ill",
        2,
    )


@pytest.mark.requirement("claim:checkout:logged")
def test_what_a_story_was_before_is_known_through_renewals_and_other_places(
    office: Office,
) -> None:
    key = office.story(state=State.PLANNING)
    was = office.tracker.get(key).native_state
    checkout(office.desk("ann"), Wish(story=key))
    checkout(office.desk("ann"), Wish(story=key))
    checkout(office.desk("ann", "-laptop"), Wish(story=key, resume=True))
    known = office.known(key)
    assert known
    assert (known.was, known.was_native, known.claim.fence) == (State.PLANNING, was, 2)


@pytest.mark.requirement("claim:checkout:owner")
def test_who_takes_it_becomes_the_owner(office: Office) -> None:
    key = office.story()
    assert warnings(checkout(office.desk("ann"), Wish(story=key))) == ""
    assert office.tracker.get(key).assignee == "ann@example.com"


@pytest.mark.requirement("claim:checkout:owner")
def test_a_person_that_the_tracker_does_not_know_is_a_warning(office: Office) -> None:
    key = office.story(assignee="ann@example.com")
    done = checkout(office.desk("zoe"), Wish(story=key))
    assert "The owner stays ann@example.com" in warnings(done)
    assert office.tracker.get(key).assignee == "ann@example.com"
    assert office.state(key) is State.IN_PROGRESS


@pytest.mark.requirement("claim:checkout:word")
@pytest.mark.parametrize(
    ("word", "state"), [("in_review", State.IN_REVIEW), ("In progress", State.IN_PROGRESS)]
)
def test_the_settings_say_what_a_checkout_moves_to(office: Office, word: str, state: State) -> None:
    office.settings["status_words"] = {"start": word}
    key = office.story()
    done = checkout(office.desk("ann"), Wish(story=key))
    assert office.state(key) is state
    assert any(step.text.startswith("Status updated:") for step in done.steps)


@pytest.mark.requirement("claim:checkout:word")
def test_a_word_that_the_tracker_lacks_is_a_warning(office: Office) -> None:
    office.settings["status_words"] = {"start": "Hacking"}
    key = office.story()
    done = checkout(office.desk("ann"), Wish(story=key))
    assert "'Hacking'" in warnings(done)
    assert office.state(key) is State.BACKLOG
    assert done.claim.fence == 1


@pytest.mark.requirement("claim:checkout:word")
def test_a_story_that_is_further_stays_there(office: Office) -> None:
    key = office.story(state=State.IN_REVIEW)
    done = checkout(office.desk("ann"), Wish(story=key))
    assert office.state(key) is State.IN_REVIEW
    assert any(step.text.startswith("Status stays") for step in done.steps)


@pytest.mark.requirement("claim:checkout:cache")
def test_story_file_and_assignments_are_there_after_a_checkout(office: Office) -> None:
    key = office.story("Sign in")
    cache = office.repository("ann") / ".bmad" / "rally-cache"
    assert not cache.exists()
    checkout(office.desk("ann"), Wish(story=key))
    story = json.loads((cache / "stories" / "epic-1" / "US-1.json").read_text())
    assert (story["title"], story["state"]) == ("Sign in", "in_progress")
    assigned = json.loads((cache / "assignments.json").read_text())
    assert [(one["story"], one["holder"], one["fence"]) for one in assigned] == [
        (key, "ann@example.com", 1)
    ]


@pytest.mark.requirement("claim:checkout:cache")
def test_a_cache_that_cannot_be_written_is_a_warning(office: Office) -> None:
    key = office.story()
    (office.repository("ann") / ".bmad").write_text("a file, no folder")
    done = checkout(office.desk("ann"), Wish(story=key))
    assert "Cannot write the cache" in warnings(done)
    assert office.state(key) is State.IN_PROGRESS


@pytest.mark.requirement("claim:checkout:shown-later")
def test_where_the_tracker_has_no_place_for_it_a_claim_shows_here(office: Office) -> None:
    key = office.story()
    office.tracker.refusal = Unsupported("no such fields")
    done = checkout(office.desk("ann"), Wish(story=key))
    assert done.steps[0].text == f"Locked at {done.arbiter}; rally cannot show it"
    assert warnings(done) == ""
    kept = office.store.issue(IssueRef("rally", key))
    assert kept
    assert kept.lease
    assert kept.lease.fence == 1
    hold.release(office.desk("ann"), key)
    freed = office.store.issue(IssueRef("rally", key))
    assert freed
    assert freed.lease is None


@pytest.mark.requirement("claim:checkout:shown")
def test_a_defect_is_taken_as_a_story_is(office: Office) -> None:
    key = office.make(Kind.DEFECT, "It breaks")
    assert checkout(office.desk("ann"), Wish(story=key)).claim.fence == 1


@pytest.mark.requirement("claim:checkout:shown")
def test_a_branch_that_stands_on_the_item_is_used_again(office: Office) -> None:
    key = office.story()
    office.give(replace(office.tracker.get(key), branch="feature/old-name"))
    assert checkout(office.desk("ann"), Wish(story=key)).branch == "feature/old-name"
