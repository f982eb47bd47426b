"""What trackers tell while they wait, and when a write changes nothing."""

import logging

import pytest

from panopticon.errors import Unsupported
from panopticon.trackers.http import Wait, log_wait
from tests.trackers.rig import reply, rig
from tests.trackers.test_rally_faults import FOUND, updating


@pytest.mark.requirement("http:wait:told-once")
def test_calls_that_wait_together_tell_it_once(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "panopticon.http"):
        for _ in range(4):
            log_wait(Wait("told-once", 60.0, "told-once: no connection", 1))
    (record,) = caplog.records
    assert record.getMessage() == "told-once: no connection. Trying again in 60.0 s."


@pytest.mark.requirement("rally:faults:ignored-field")
def test_a_write_that_was_ignored_whole_wrote_nothing() -> None:
    warning = (
        "Ignored JSON element hierarchicalrequirement.c_Nope during processing of this request."
    )
    found = rig(updating(reply("OperationResult", Warnings=[warning], Object=FOUND)))
    with pytest.raises(Unsupported) as caught:
        found.tracker.update("US12", {"custom": {"c_Nope": 4}})
    assert "nothing was written" in caught.value.message
    assert caught.value.details["written"] is False
