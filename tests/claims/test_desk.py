"""Who sits at a desk: people, sessions and machines are told apart."""

import platform
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from panopticon.errors import Conflict, InvalidInput, PanError
from panopticon.model.issue import State
from panopticon.services.claim.desk import desk, session_of, sessions_of
from panopticon.services.claim.take import hold
from panopticon.services.claim.take.checkout import Wish, checkout
from tests.claims.office import EPIC, Office

_LONG = 255


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = Office(tmp_path)
    made.story("Sign in", steps=1)
    return made


def refused(kind: type[PanError], verb: Callable[[], object]) -> PanError:
    with pytest.raises(kind) as caught:
        verb()
    return caught.value


@pytest.mark.requirement("claim:taking:resume")
def test_nobody_resumes_in_the_name_of_another(office: Office) -> None:
    first = checkout(office.desk("ann"), Wish(story="US1")).claim
    bob = office.desk("bob")
    posing = desk(bob.ctx, "ANN@example.com")
    error = refused(InvalidInput, lambda: checkout(posing, Wish(story="US1", resume=True)))
    assert "pan steal" in error.hint
    assert bob.arbiter.read(first.key) == first
    again = checkout(office.desk("ann", "/laptop"), Wish(story="US1", resume=True)).claim
    assert (again.fence, again.holder) == (2, "ann@example.com")


@pytest.mark.requirement("claim:taking:person")
def test_one_person_is_one_holder_in_capitals_too(office: Office) -> None:
    first = checkout(office.desk("ann"), Wish(story="US1")).claim
    office.settings["me"] = " Ann@Example.COM"
    here = office.desk("ann")
    assert here.is_of(first)
    assert checkout(here, Wish(story="US1")).claim.fence == 1
    assert hold.release(here, "US1").claim.is_released


@pytest.mark.requirement("claim:taking:person")
@pytest.mark.parametrize("name", ["", "  ", "none", "Nobody", "a\x1b[2J@x", "a\nb", "a" * _LONG])
def test_who_is_nobody_holds_nothing(office: Office, name: str) -> None:
    ctx = office.desk("ann").ctx
    error = refused(InvalidInput, lambda: desk(ctx, name))
    assert len(error.message) < _LONG
    assert "\x1b" not in error.message


@pytest.mark.requirement("claim:taking:session")
@pytest.mark.parametrize("damaged", [None, "", "rubbish\n", "\xff" * 20])
def test_all_who_sit_down_at_once_are_one_session(office: Office, damaged: str | None) -> None:
    config = replace(office.desk("ann").ctx.config, folder=office.root)
    if damaged is not None:
        session_of(config)
        for file in (config.home / "sessions").iterdir():
            file.write_text(damaged, encoding="latin-1")
        session_of(config)
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: session_of(config), range(40)))
    assert len(found) == 1
    assert found <= sessions_of(config)
    assert not [one for one in (config.home / "sessions").iterdir() if one.name.startswith(".")]


@pytest.mark.requirement("claim:taking:machine")
def test_a_home_elsewhere_is_another_session(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = office.desk("ann").ctx.config
    here = session_of(config)
    monkeypatch.setattr(platform, "node", lambda: "elsewhere")
    there = session_of(config)
    assert there != here
    assert sessions_of(config) == {there}
    claim = checkout(office.desk("ann"), Wish(story="US1")).claim
    monkeypatch.undo()
    assert (
        "another place"
        in refused(Conflict, lambda: checkout(office.desk("ann"), Wish(story="US1"))).message
    )
    assert office.desk("ann").arbiter.read(claim.key) == claim


@pytest.mark.requirement("claim:taking:steal")
def test_what_nobody_takes_is_not_stolen(office: Office) -> None:
    bob = office.desk("bob")
    for key in (EPIC, "TA1"):
        refused(InvalidInput, lambda key=key: hold.steal(bob, key, 1, "mine"))  # type: ignore[misc]
    checkout(office.desk("ann"), Wish(story="US1"))
    refused(InvalidInput, lambda: hold.steal(bob, "US1", 1, "x" * 2001))
    office.tracker.transition("US1", State.DONE)
    assert "done" in refused(Conflict, lambda: hold.steal(bob, "US1", 1, "mine")).message
    known = office.known("US1")
    assert known
    assert known.claim.holder == "ann@example.com"
