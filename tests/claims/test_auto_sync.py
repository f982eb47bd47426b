"""A sync around a checkout, where it is wanted."""

from pathlib import Path

import pytest

from panopticon.errors import Retriable
from panopticon.model.issue import State
from panopticon.services.claim.sync import auto as auto_sync
from panopticon.services.claim.take.checkout import Wish, checkout
from tests.claims.machines import SOURCE, Machine, Team


@pytest.fixture
def team(tmp_path: Path) -> Team:
    return Team(tmp_path)


def cancelled(team: Team, key: str) -> None:
    team.later(minutes=1)
    team.tracker.transition(key, State.DONE)


def synced(team: Team, **words: object) -> tuple[Machine, str]:
    key, ann = team.story(), team.machine("ann", **words)
    ann.sync()
    return ann, key


@pytest.mark.requirement("claim:auto-sync:before")
@pytest.mark.parametrize("auto_sync_on", [True, False])
@pytest.mark.parametrize("how", ["story", "epic"])
def test_a_checkout_reads_the_tracker_first_where_that_is_wanted(
    team: Team, how: str, *, auto_sync_on: bool
) -> None:
    ann, key = synced(team, auto_sync=auto_sync_on)
    cancelled(team, key)
    wanted = {"story": key} if how == "story" else {"epic": "F1"}
    assert auto_sync.before(ann.ctx, **wanted) == []
    assert (ann.shows(key).state is State.DONE) is auto_sync_on


@pytest.mark.requirement("claim:auto-sync:after")
def test_what_was_done_is_read_back_at_once(team: Team) -> None:
    ann, key = synced(team, auto_sync=True)
    checkout(ann.desk, Wish(story=key))
    cancelled(team, key)
    assert auto_sync.after(ann.ctx, SOURCE) == []
    assert ann.shows(key).state is State.DONE


@pytest.mark.requirement("claim:auto-sync:fails")
def test_a_sync_that_fails_is_a_warning(team: Team) -> None:
    ann, key = synced(team, auto_sync=True)
    team.later(minutes=1)
    team.tracker.outage = Retriable("The server is down.")
    (warning,) = auto_sync.before(ann.ctx, story=key)
    assert "The server is down." in warning
    assert len(auto_sync.after(ann.ctx, SOURCE)) == 1


@pytest.mark.requirement("claim:auto-sync:fresh")
def test_what_was_read_a_moment_ago_is_not_read_again(team: Team) -> None:
    ann, key = synced(team, auto_sync=True)
    (before,) = ann.store.sync_records()
    team.later(seconds=3)
    auto_sync.before(ann.ctx, story=key)
    assert ann.store.sync_records() == [before]
    auto_sync.after(ann.ctx, SOURCE)
    assert ann.store.sync_records() != [before]
