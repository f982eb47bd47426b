"""Giving back: a checkout without work is undone, one with work is not."""

import os
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from panopticon.errors import Conflict, InvalidInput, Retriable
from panopticon.local.git import clone
from panopticon.model.issue import State
from panopticon.services.claim.take import hold
from panopticon.services.claim.take.checkout import Wish, checkout
from panopticon.services.claim.take.hold import Held
from tests.claims.office import Office, git as run


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = Office(tmp_path)
    made.story("Sign in", state=State.PLANNING)
    return made


def take(office: Office, who: str = "ann", **words: object) -> None:
    checkout(office.desk(who), Wish(story="US1", **words))  # type: ignore[arg-type]


def release(office: Office, who: str = "ann", **words: bool) -> Held:
    return hold.release(office.desk(who), "US1", **words)


@pytest.mark.requirement("claim:release:undo")
def test_without_work_all_is_as_before(office: Office) -> None:
    before = office.tracker.get("US1")
    take(office)
    done = release(office)
    after = office.tracker.get("US1")
    assert (done.worked, done.warnings) == (False, ())
    assert (after.state, after.native_state) == (before.state, before.native_state)
    assert (after.assignee, after.lease) == (None, None)
    assert clone.has_branch(office.repository("ann"), "story/US-1-sign-in")
    assert office.events("US1")[-1][1]["worked"] is False


@pytest.mark.requirement("claim:release:undo")
def test_the_owner_before_is_the_owner_again(office: Office) -> None:
    office.give(replace(office.tracker.get("US1"), assignee="me@example.com"))
    take(office)
    assert office.tracker.get("US1").assignee == "ann@example.com"
    release(office)
    assert office.tracker.get("US1").assignee == "me@example.com"


@pytest.mark.requirement("claim:release:undo")
def test_what_somebody_moved_since_stays_there(office: Office) -> None:
    take(office)
    office.tracker.transition("US1", State.IN_REVIEW)
    done = release(office)
    assert office.state("US1") is State.IN_REVIEW
    assert "it was moved since" in done.notes[0]


@pytest.mark.requirement("claim:release:undo")
def test_a_second_release_undoes_nothing_again(office: Office) -> None:
    take(office)
    release(office)
    office.tracker.transition("US1", State.IN_PROGRESS)  # by hand, after the story was given back
    release(office)
    assert office.state("US1") is State.IN_PROGRESS


@pytest.mark.requirement("claim:release:undo")
def test_keep_leaves_the_status(office: Office) -> None:
    take(office)
    assert release(office, keep_status=True).worked is False
    assert office.state("US1") is State.IN_PROGRESS


@pytest.mark.requirement("claim:release:undo")
def test_a_story_that_was_in_progress_stays_so(office: Office) -> None:
    office.tracker.transition("US1", State.IN_PROGRESS)
    take(office)
    assert release(office).notes == ()
    assert office.state("US1") is State.IN_PROGRESS


@pytest.mark.requirement("claim:release:worked")
def test_a_commit_is_work(office: Office) -> None:
    take(office)
    office.later(minutes=5)
    office.commit(office.repository("ann"))
    done = release(office)
    assert (done.worked, office.state("US1")) == (True, State.IN_PROGRESS)
    assert office.tracker.get("US1").assignee == "ann@example.com"
    assert "there is work on the branch" in done.notes[0]


@pytest.mark.requirement("claim:release:worked")
def test_commits_of_others_on_the_base_and_from_before_are_none(office: Office) -> None:
    here = office.repository("ann")
    run(here, "switch", "-q", "-c", "story/US-1-sign-in")
    office.now = office.now.replace(day=20)
    office.commit(here, "long ago")
    office.now = office.now.replace(day=21)
    run(here, "switch", "-q", "main")
    take(office)
    office.later(hours=1)
    run(here, "switch", "-q", "main")
    office.commit(here, "theirs")
    run(here, "switch", "-q", "story/US-1-sign-in")
    run(here, "merge", "-q", "--no-ff", "-m", "catch up", "main", at=office.now)
    assert release(office).worked is False


@pytest.mark.requirement("claim:release:worked")
@pytest.mark.parametrize("is_known_to_git", [True, False])
def test_changes_that_no_commit_has_are_work(office: Office, is_known_to_git: bool) -> None:  # noqa: FBT001
    take(office)
    here = office.repository("ann")
    file = here / "login.py"
    file.write_text("print()")
    if is_known_to_git:
        run(here, "add", "login.py")
    late = office.now.timestamp() + 60
    os.utime(file, (late, late))
    assert release(office).worked is True


@pytest.mark.requirement("claim:release:worked")
def test_files_from_before_and_the_cache_are_none(office: Office) -> None:
    here = office.repository("ann")
    file = here / "notes.txt"
    file.write_text("mine")
    early = office.now.timestamp() - 60
    os.utime(file, (early, early))
    take(office)
    assert (here / ".bmad").is_dir()
    assert release(office).worked is False


@pytest.mark.requirement("claim:release:worked")
def test_where_the_branch_is_gone_nobody_can_tell_and_the_status_stays(office: Office) -> None:
    take(office)
    here = office.repository("ann")
    run(here, "switch", "-q", "main")
    run(here, "branch", "-q", "-D", "story/US-1-sign-in")
    done = release(office)
    assert (done.worked, office.state("US1")) == (None, State.IN_PROGRESS)
    assert "nobody can tell here" in done.notes[0]


@pytest.mark.requirement("claim:release:no-branch")
@pytest.mark.parametrize("has_repository", [True, False])
def test_where_no_branch_ever_was_all_is_as_before(office: Office, has_repository: bool) -> None:  # noqa: FBT001
    if not has_repository:
        shutil.rmtree(office.repository("ann") / ".git")
    take(office, with_branch=not has_repository)
    done = release(office)
    assert (done.worked, office.state("US1")) == (None, State.PLANNING)
    assert office.tracker.get("US1").assignee is None
    take(office, with_branch=not has_repository)
    assert release(office, keep_status=True).worked is None
    assert office.state("US1") is State.IN_PROGRESS


@pytest.mark.requirement("claim:release:of-branch")
def test_a_release_without_a_story_is_of_the_branch(office: Office) -> None:
    take(office)
    renewed = hold.renew(office.desk("ann"), None, 48)
    assert renewed.claim.expires_at == office.now + timedelta(hours=48)
    assert hold.release(office.desk("ann"), None).ref.key == "US1"
    run(office.repository("ann"), "switch", "-q", "main")
    with pytest.raises(InvalidInput, match="Which story"):
        hold.release(office.desk("ann"), None)


@pytest.mark.requirement("claim:release:undo")
def test_what_another_took_over_is_not_undone(office: Office) -> None:
    take(office)
    hold.steal(office.desk("bob"), "US1", 1, "Ann is ill")
    with pytest.raises(Conflict):
        release(office)
    assert office.state("US1") is State.IN_PROGRESS
    lease = office.tracker.get("US1").lease
    assert lease
    assert lease.holder == "bob@example.com"


@pytest.mark.requirement("claim:release:undo")
def test_a_tracker_that_does_not_answer_keeps_nobody_from_giving_back(office: Office) -> None:
    take(office)
    office.tracker.refusal = Retriable("away")
    done = release(office)
    assert done.claim.is_released
    assert any("away" in one for one in done.warnings)
    take(office, "bob")
