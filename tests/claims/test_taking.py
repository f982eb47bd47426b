"""What only seems to be free, and what a checkout makes of what others left."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from panopticon.errors import Conflict
from panopticon.local.git import clone
from panopticon.model.issue import State
from panopticon.services.claim.holds import Holds
from panopticon.services.claim.status.finish import Finish, finish
from panopticon.services.claim.take import choose, hold
from panopticon.services.claim.take.checkout import Checkout, Wish, checkout
from tests.claims.office import EPIC, START, Office, git as run

NAME = "story/US-1-sign-in"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = Office(tmp_path)
    made.story("Sign in", steps=1)
    return made


def take(office: Office, who: str, place: str = "", **words: object) -> Checkout:
    told = {} if "epic" in words else {"story": "US1"}
    return checkout(office.desk(who, place), Wish(**told, **words))  # type: ignore[arg-type]


def troubles(done: Checkout) -> str:
    """Join what went wrong; the tracker knows not everybody as an owner."""
    errors = [step.error for step in done.steps if step.error]
    return " ".join(one for one in errors if not one.startswith("The owner stays"))


@pytest.fixture
def finished(office: Office) -> Office:
    """Have Ann finish a story on its branch: where others look its file is as before."""
    before = office.tracker.get("US1")
    take(office, "ann")
    office.later(minutes=30)
    finish(office.desk("ann"), Finish("US1"))
    old = replace(before, state=State.PLANNING, updated_at=START - timedelta(days=1), version="99")
    office.give(old)
    office.store.put(old, office.now)
    return office


@pytest.mark.requirement("claim:taking:finished")
def test_finished_work_is_not_the_next_story(finished: Office) -> None:
    desk = finished.desk("bob")
    with pytest.raises(Conflict, match="1 finished and not merged yet") as caught:
        take(finished, "bob", epic=EPIC)
    assert caught.value.details["finished"] == 1
    other = finished.tracker.get(finished.story("Another"))
    free = choose.alternatives(Holds(desk), other)
    assert [one.issue.ref.key for one in free] == []
    assert take(finished, "bob", epic=EPIC).issue.ref == other.ref


@pytest.mark.requirement("claim:taking:finished")
def test_by_name_it_is_taken_with_a_word(finished: Office) -> None:
    done = take(finished, "bob")
    assert (done.claim.holder, done.claim.fence) == ("bob@example.com", 2)
    assert f"ann@example.com finished this story on {NAME}" in troubles(done)


@pytest.mark.requirement("claim:taking:finished")
def test_what_is_opened_again_or_only_given_back_is_free(finished: Office) -> None:
    finished.tracker.transition("US1", State.BACKLOG)
    finished.store.put(finished.tracker.get("US1"), finished.now)
    assert take(finished, "bob", epic=EPIC).issue.ref.key == "US1"
    hold.release(finished.desk("bob"), "US1")
    done = take(finished, "cy", epic=EPIC)
    assert (done.issue.ref.key, troubles(done)) == ("US1", "")


@pytest.mark.requirement("claim:taking:branch-name")
@pytest.mark.parametrize(
    "name",
    [
        *("main", "trunk", "HEAD", "-f", "@{-1}", "a..b", "x y", "a.lock", "refs/heads/../x"),
        *("a\x1b[2Jb", "x\ny", "a\x00b", "a" * 300),
    ],
)
def test_a_branch_that_is_none_or_where_stories_are_merged_is_not_used(
    office: Office, name: str
) -> None:
    office.settings["main_branch"] = "trunk"
    here = office.repository("ann")
    run(here, "branch", "trunk")
    office.give(replace(office.tracker.get("US1"), branch=name))
    done = take(office, "ann")
    assert (done.branch, done.claim.branch, clone.branch(here)) == (NAME, NAME, NAME)
    assert f"it is {NAME} instead" in troubles(done)
    assert troubles(done).isprintable()


@pytest.mark.requirement("claim:taking:branch-name")
def test_a_branch_that_the_item_names_is_used(office: Office) -> None:
    office.give(replace(office.tracker.get("US1"), branch="feature/login"))
    done = take(office, "ann")
    assert (clone.branch(office.repository("ann")), troubles(done)) == ("feature/login", "")


@pytest.mark.requirement("claim:taking:far-branch")
def test_who_goes_on_has_what_was_pushed_since(office: Office) -> None:
    far = office.root / "far.git"
    run(office.root, "init", "-q", "--bare", "-b", "main", str(far))
    first, second = office.repository("ann"), office.repository("ann/laptop")
    for here in (first, second):
        run(here, "remote", "add", "origin", str(far))
    run(first, "push", "-q", "origin", "main")
    run(second, "fetch", "-q")
    take(office, "ann")
    office.commit(first)
    run(first, "push", "-q", "origin", NAME)
    done = take(office, "ann", "/laptop", resume=True)
    assert done.claim.fence == 2
    assert run(second, "rev-parse", "HEAD") == run(first, "rev-parse", NAME)


@pytest.mark.requirement("claim:taking:far-branch")
def test_a_remote_that_is_away_keeps_nobody(office: Office) -> None:
    run(office.repository("bob"), "remote", "add", "origin", str(office.root / "nowhere.git"))
    take(office, "ann")
    hold.release(office.desk("ann"), "US1")
    done = take(office, "bob")
    assert (done.is_on_branch, troubles(done)) == (True, "")


@pytest.mark.requirement("claim:taking:ended")
def test_what_has_ended_says_when_it_is_free(office: Office) -> None:
    far = office.root / "far.git"
    run(office.root, "init", "-q", "--bare", str(far))
    office.settings["arbiter"] = f"git:{far}"
    take(office, "ann", hours=1.0)
    office.later(minutes=65)
    with pytest.raises(Conflict) as caught:
        take(office, "bob")
    assert "ended at 10:00 UTC, and is free for others at 10:10 UTC" in caught.value.message
    assert caught.value.details["free_at"] == (START + timedelta(minutes=70)).isoformat()
    assert hold.locks(office.desk("bob")) == []
    assert [one.is_ended for one in hold.locks(office.desk("bob"), ended=True)] == [True]
    office.later(minutes=6)
    assert hold.locks(office.desk("bob"), ended=True) == []
    assert take(office, "bob").claim.holder == "bob@example.com"
