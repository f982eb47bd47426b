"""The report of a sync says what became of claims, and of writes that waited."""

import pytest

from panopticon.cli.report import draw_report
from panopticon.cli.terminal import Terminal
from panopticon.errors import Retriable
from panopticon.services.sync.report import Claims, Report
from tests.cli.conftest import Screen


def drawn(claims: Claims | None) -> str:
    paper = Screen()
    out = Terminal(paper, 200, is_tty=False, has_colour=False, has_unicode=True)
    draw_report(out, Report((), (), claims=claims), "cache")
    return paper.getvalue()


@pytest.mark.requirement("claim:repair:told")
def test_what_became_of_claims_is_one_line() -> None:
    told = drawn(Claims("git:x", held=3, ended=1, mended=2, left=4, merged=1))
    assert (
        "✓ claims: 3 held, 1 ran out, 2 shown anew in the tracker, 4 looked at next time, "
        "1 found merged\n"
    ) in told
    assert "claims" not in drawn(Claims("git:x"))
    assert "claims" not in drawn(None)


@pytest.mark.requirement("claim:repair:told")
def test_an_arbiter_that_is_silent_is_named_and_the_sync_is_complete() -> None:
    told = drawn(Claims("git:x", error=Retriable("No route to host.", "Check the network.")))
    assert told.startswith("Sync Complete")
    assert "Claims are shown as last read; git:x cannot be asked: No route to host." in told
    assert "  Check the network.\n" in told


@pytest.mark.requirement("claim:repair:told")
def test_writes_that_went_and_that_wait_are_counted() -> None:
    told = drawn(Claims("", sent=2, dropped=1, waiting=1, troubles=("US1: odd",) * 7))
    assert "✓ status writes: 2 sent, 1 dropped" in told
    assert "1 status write waits. Next: pan queue" in told
    assert told.count("US1: odd") == 5
    assert "and 2 more like this" in told
    assert "2 status writes wait" in drawn(Claims("", waiting=2))
