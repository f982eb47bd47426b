"""How claims spell times."""

import time
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest

from panopticon.cli.claim_draw import draw_checkout, draw_locks, draw_refusal, moment, span
from panopticon.cli.terminal import terminal_on
from panopticon.errors import Conflict
from panopticon.model.claim import Claim
from panopticon.model.ref import IssueRef
from panopticon.services.claim.take.follow import Checkout, Step
from panopticon.services.claim.take.hold import Held
from tests.web.fakes import NOW, story


@pytest.mark.requirement("claim:cli:words")
@pytest.mark.parametrize(
    ("hours", "told"),
    [
        (0, "0 minutes"),
        (1 / 60, "1 minute"),
        (1.5, "90 minutes"),
        (2, "2 hours"),
        (48, "48 hours"),
        (72, "72 hours"),
        (96, "4 days"),
    ],
)
def test_how_long_is_said_in_one_unit(hours: float, told: str) -> None:
    assert span(timedelta(hours=hours)) == told


@pytest.mark.requirement("claim:cli:drawn")
def test_times_are_those_of_the_wall_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        assert moment(datetime(2026, 2, 2, 15, 30, tzinfo=UTC)) == "2026-02-02 10:30 EST"
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.requirement("claim:cli:drawn")
@pytest.mark.parametrize(
    ("step", "told"),
    [
        (Step("Locked in Rally", is_lock=True), "Locked in Rally (expires in 24 hours, fence 3)"),
        (Step("", "rally does not show it"), "Yours all the same (expires in 24 hours, fence 3)"),
    ],
)
def test_a_checkout_tells_its_terms_whatever_the_tracker_shows(step: Step, told: str) -> None:
    claim = Claim("w/US1", "ann@example.com", "s", 3, NOW, NOW + timedelta(hours=24))
    done = Checkout(story("US1", "Sign in"), None, claim, "store:local", None, steps=[step])
    out = StringIO()
    draw_checkout(terminal_on(out, {}), done, NOW, Path())
    assert told in out.getvalue()
    assert out.getvalue().count("fence 3") == 1


@pytest.mark.requirement("claim:cli:lock-first")
def test_the_lock_is_told_first() -> None:
    claim = Claim("w/US1", "ann@example.com", "s", 3, NOW, NOW + timedelta(hours=24))
    steps = [Step("Branch created: x"), Step("Locked in Rally", is_lock=True)]
    done = Checkout(story("US1", "Sign in"), None, claim, "store:local", None, steps=steps)
    out = StringIO()
    draw_checkout(terminal_on(out, {}), done, NOW, Path())
    assert out.getvalue().index("Locked in Rally") < out.getvalue().index("Branch created")


@pytest.mark.requirement("claim:taking:ended")
def test_what_has_ended_is_drawn_as_ended() -> None:
    claim = Claim("w/US1", "ann@example.com", "s", 3, NOW - timedelta(hours=2), NOW)
    held = Held(IssueRef("rally", "US1"), claim, "git:x", title="Sign in", is_ended=True)
    out = StringIO()
    draw_locks(terminal_on(out, {}), [held], [], NOW)
    assert out.getvalue().splitlines()[-1] == "0 held, 1 ended and soon free for others."
    facts = {"holder": "ann@example.com", "expires_at": NOW.isoformat()}
    free = (NOW + timedelta(minutes=10)).isoformat()
    out = StringIO()
    draw_refusal(terminal_on(out, {}), Conflict("x", reason="locked", **facts, free_at=free), NOW)
    assert [line.split()[0] for line in out.getvalue().splitlines() if ": " in line] == [
        *("Locked", "Ended:", "Free")
    ]
