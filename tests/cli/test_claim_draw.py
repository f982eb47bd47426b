"""How claims spell times."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from panopticon.cli.claim_draw import moment, span


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
