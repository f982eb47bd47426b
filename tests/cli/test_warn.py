"""Commands warn people of claims that end soon."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from panopticon.config import load
from panopticon.model.claim import Claim, Known
from panopticon.model.issue import Issue
from panopticon.model.ref import IssueRef
from panopticon.services.claim.desk import session_of
from panopticon.services.context import utc_now
from panopticon.store.registry import open_store
from tests.cli.conftest import Runner


@pytest.fixture
def claimed(items: list[Issue], monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a claim of this machine end in forty minutes."""
    assert items
    monkeypatch.setenv("PAN_ME", "me@example.com")
    config = load({}, Path.home(), Path.home(), {})
    session = session_of(config)
    now = utc_now()
    ends = now + timedelta(minutes=40, seconds=10)
    claim = Claim("rally:1/US120", "me@example.com", session, 3, now, ends)
    store = open_store(config)
    store.know_claim(Known(IssueRef("rally", "US120"), claim, "git:x", now))
    store.close()


@pytest.mark.requirement("claim:warn:cli")
@pytest.mark.usefixtures("claimed")
@pytest.mark.parametrize("words", [("status",), ("work", "list"), ("work", "show", "US120")])
def test_commands_warn_once_and_say_how_to_renew(pan: Runner, words: tuple[str, ...]) -> None:
    said = pan(*words)
    line = "US120 is yours for 40 min more. Next: pan renew story=US120"
    assert said.err.count(line) == 1
    assert "renew" not in said.out


@pytest.mark.requirement("claim:warn:why")
@pytest.mark.usefixtures("items")
def test_who_looks_at_an_item_reads_why_it_was_taken_over(pan: Runner) -> None:
    now, store = utc_now(), open_store(load({}, Path.home(), Path.home(), {}))
    ends, why = now + timedelta(hours=1), "she is\n\x1b[31maway"
    theft = Claim("k/US120", "bob@example.com", "s", 2, now, ends, reason=why)
    store.know_claim(Known(IssueRef("rally", "US120"), theft, "git:x", now))
    said = pan("work", "show", "US120").out
    assert "Taken over  by bob@example.com: she is" in said
    assert "\x1b" not in said
    store.know_claim(Known(IssueRef("rally", "US120"), replace(theft, is_released=True), "", now))
    store.close()
    assert "Taken over" not in pan("work", "show", "US120").out


@pytest.mark.requirement("claim:warn:cli")
@pytest.mark.usefixtures("claimed")
def test_programs_are_not_warned(pan: Runner) -> None:
    said = pan("work", "list", "--json")
    assert json.loads(said.out)
    assert said.err == ""


@pytest.mark.requirement("claim:warn:cli")
@pytest.mark.usefixtures("claimed")
def test_the_status_of_programs_has_what_ends(pan: Runner) -> None:
    said = pan("status", "--json")
    told = json.loads(said.out)
    assert [(one["story"], one["state"]) for one in told["claims_due"]] == [("US120", "near")]
    assert (told["writes_waiting"], said.err) == (0, "")
