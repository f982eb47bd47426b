"""The history of an item tells of its claims in words."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from panopticon.model.event import Event, EventKind
from panopticon.model.issue import Json
from panopticon.model.ref import IssueRef
from panopticon.services.claim.take import hold
from panopticon.services.issue import claim_event
from panopticon.services.issue.history import Entry, history
from tests.claims.machines import Machine, Team

AT = datetime(2026, 11, 21, 9, tzinfo=UTC)


def told(machine: Machine, key: str) -> list[Entry]:
    """Give what history says of claims, oldest first."""
    entries, _ = history(machine.ctx, key)
    return [one for one in reversed(entries) if one.text and one.origin == "board"]


@pytest.mark.requirement("claim:history:words")
def test_the_history_tells_who_took_gave_back_and_took_over(tmp_path: Path) -> None:
    team = Team(tmp_path)
    key, ann, bob = team.story(), team.machine("ann"), team.machine("bob")
    ann.sync()
    bob.sync()
    ann.take(key)
    for _ in range(3):
        team.later(hours=1)
        hold.renew(ann.desk, key, 24)
    hold.steal(bob.desk, key, 2, "Ann is away")
    ann.sync()
    team.later(hours=10)
    bob.sync()
    ann.sync()
    said = [(one.author, one.text) for one in told(ann, key)]
    assert said == [
        (None, "First seen on this board."),
        ("ann@example.com", "Checked it out until 2026-11-22 09:00 UTC (fence 1)."),
        ("ann@example.com", "Renewed the claim until 2026-11-22 12:00 UTC (fence 1)."),
        ("bob@example.com", "Took it over from Ann: Ann is away (fence 2)."),
        ("bob@example.com", "The claim ran out (fence 2)."),
    ]
    last = told(bob, key)[-1]
    assert last.text == "The claim ran out (fence 2)."
    assert last.at == AT + timedelta(hours=5)  # when it ended, not when we heard


@pytest.mark.requirement("claim:history:words")
@pytest.mark.parametrize(
    ("kind", "data", "text"),
    [
        (EventKind.RELEASED, {"worked": False}, "Gave it back without work."),
        (EventKind.RELEASED, {"worked": True}, "Gave it back with work on its branch."),
        (EventKind.EXPIRED, {"worked": True}, "The claim ran out, after work."),
        (EventKind.STOLEN, {"from": "", "reason": ""}, "Took it over."),
        (EventKind.TAKEN, {}, "Checked it out until an unknown time."),
        (
            EventKind.QUEUED,
            {"what": "status In Review", "error": "No answer."},
            "The tracker did not answer; this waits: status In Review; No answer.",
        ),
        (EventKind.SENT, {"what": "status Done"}, "What waited was sent: status Done."),
        (
            EventKind.DROPPED,
            {"what": "status Done", "found": "Accepted", "reason": "changed by somebody later"},
            "What waited was dropped: status Done; it is Accepted; changed by somebody later.",
        ),
        (EventKind.DROPPED, {}, "What waited was dropped: a status write."),
    ],
)
def test_each_event_has_its_words(kind: EventKind, data: dict[str, Json], text: str) -> None:
    event = Event(1, AT, kind, IssueRef("rally", "US1"), data)
    assert claim_event.text_of(event) == text
    assert claim_event.author_of(event) is None
