"""How claims spell times."""

import time
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest

from panopticon.cli.claim_draw import draw_checkout, moment, span
from panopticon.cli.terminal import terminal_on
from panopticon.model.claim import Claim
from panopticon.services.claim.take.follow import Checkout, Step
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
        assert moment(datetime(2026, 2, 2, 15, 30, tzinfo=UTC)) == "2026-02-02 10:30 AM"
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
