"""`pan doctor` says how claims stand."""

from pathlib import Path

import pytest

from panopticon.local.git.ref import GitRefs
from panopticon.model.issue import State
from panopticon.services.claim.status import queue
from panopticon.services.claim.status.goal import Goal
from panopticon.services.claim.work import hook
from panopticon.services.doctor_held import held_words
from tests.claims.machines import Machine, Team


@pytest.fixture
def team(tmp_path: Path) -> Team:
    return Team(tmp_path)


def said(machine: Machine) -> dict[str, tuple[str, str]]:
    return {one.about: (one.text, one.hint) for one in held_words(machine.ctx)}


@pytest.mark.requirement("claim:doctor:answers")
def test_it_says_whether_who_decides_answers_and_what_ended(team: Team) -> None:
    key, ann = team.story(), team.machine("ann")
    ann.sync()
    ann.take(key)
    text, hint = said(ann)["arbiter"]
    assert (f"{team.arbiter} answers: 1 held" in text, hint) == (True, "")
    team.later(hours=25)
    assert "0 held" in said(ann)["arbiter"][0]
    text, hint = said(ann)["claims"]
    assert text == f"{key} is yours no longer: the claim ended 60 min ago."
    assert hint == f"`pan renew story={key}`"
    ann.set(arbiter=f"git:{team.root}/nowhere.git")
    assert said(ann)["arbiter"][1]


@pytest.mark.requirement("claim:doctor:answers")
def test_it_names_refs_that_hold_no_claim(team: Team) -> None:
    ann, ref = team.machine("ann"), "refs/panopticon/leases/odd"
    url = team.arbiter.removeprefix("git:")
    assert GitRefs(url, team.root / "other").swap(ref, None, "rubbish")
    found = f"0 held, 1 left out ({ref} holds no claim that we can read)"
    assert found in said(ann)["arbiter"][0]


@pytest.mark.requirement("claim:doctor:answers")
def test_where_nobody_decides_nothing_more_is_said(team: Team) -> None:
    ann = team.machine("ann", arbiter=None)
    assert said(ann) == {}


@pytest.mark.requirement("claim:doctor:hook")
def test_it_says_whether_git_asks_here(team: Team) -> None:
    ann = team.machine("ann")
    assert "`pan hook install`" in said(ann)["hook"][0]
    place = hook.install(ann.ctx).place
    assert "Git asks before commits and pushes" in said(ann)["hook"][0]
    (place.folder / "pre-push").unlink()
    text, hint = said(ann)["hook"]
    assert "not at pre-push" in text
    assert hint


@pytest.mark.requirement("claim:doctor:queue")
def test_it_says_what_waits(team: Team) -> None:
    key, ann = team.story(), team.machine("ann")
    ann.sync()
    ann.store.queue(queue.wish(ann.ctx, ann.shows(key), "ann@example.com", Goal(State.IN_REVIEW)))
    assert said(ann)["queue"][0] == "1 status write waits."
