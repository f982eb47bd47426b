"""Of several who write to one item at the same moment, one has it and the others are told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from panopticon.errors import Conflict, Retriable
from panopticon.model.issue import State
from panopticon.model.ref import IssueRef
from panopticon.services.issue import edit as issue_edit
from panopticon.services.issue.edit import Goal
from panopticon.services.issue.form import Forms
from panopticon.services.issue.turn import turn
from tests.web.trackers import Desk, desk_at

MANY = 6


def at_once(write: Callable[[int], object]) -> list[str]:
    """Let many write at the same moment; say how each came out."""
    gate = Barrier(MANY)

    def one(number: int) -> str:
        gate.wait()
        try:
            write(number)
        except Conflict:
            return "told"
        return "done"

    with ThreadPoolExecutor(MANY) as pool:
        return sorted(pool.map(one, range(MANY)))


@pytest.mark.requirement("issue:turn:one")
def test_of_many_who_move_a_card_from_where_it_was_one_does(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        desk.tracker.seconds = 0.02
        goals = [State.IN_PROGRESS, State.IN_REVIEW, State.DONE]

        def move(number: int) -> None:
            issue_edit.move(desk.ctx, "US128", Goal(goals[number % 3], None, State.BACKLOG))

        assert at_once(move) == ["done"] + ["told"] * (MANY - 1)
        assert desk.tracker.asked.count("update") == 1


@pytest.mark.requirement("issue:turn:one")
def test_of_many_who_edit_a_field_as_they_saw_it_one_does(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        desk.tracker.seconds = 0.02
        forms = Forms(desk.ctx)
        seen = labels(desk)

        def edit(number: int) -> None:
            issue_edit.edit(forms, "US128", {"labels": [f"l{number}"]}, {"labels": list(seen)})

        assert at_once(edit) == ["done"] + ["told"] * (MANY - 1)


@pytest.mark.requirement("issue:turn:patience")
def test_who_waits_too_long_is_told_so() -> None:
    ref = IssueRef("rally", "US1")
    with turn(ref), pytest.raises(Retriable, match="somebody else"), turn(ref, 0.01):
        pass
    with turn(ref, 0.01):
        pass


def labels(desk: Desk) -> tuple[str, ...]:
    found = desk.store.issue(IssueRef("rally", "US128"))
    assert found
    return found.labels
