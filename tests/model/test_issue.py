"""The words for columns and priorities are written once."""

import re
from pathlib import Path

import pytest

from panopticon.model.issue import CARDS, NOT_STEPS, OUTCOMES, PRIORITIES, Kind, State

PACKAGE = Path(__file__).parents[2] / "src/panopticon"


@pytest.mark.requirement("model:words:columns")
def test_columns_have_one_name() -> None:
    labels = ["Backlog", "Planning", "In progress", "In review", "Done"]
    assert [state.label for state in State] == labels
    faces = [
        *PACKAGE.glob("cli/*.py"),
        *PACKAGE.glob("services/*.py"),
        *PACKAGE.glob("web/**/*.js"),
    ]
    quoted = re.compile(r"[\"']In (progress|review)[\"']")
    assert [path.name for path in faces if quoted.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.requirement("model:words:kinds")
def test_every_kind_is_work_an_outcome_or_a_step() -> None:
    assert {*CARDS, *OUTCOMES, Kind.TASK} == set(Kind)
    assert set(NOT_STEPS) == {*CARDS, *OUTCOMES}
    assert PRIORITIES.index("urgent") == 1
