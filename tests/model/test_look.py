"""What is said of a folder before it is connected."""

import pytest

from panopticon.model.look import Look


@pytest.mark.requirement("setup:stories:found")
@pytest.mark.parametrize(
    ("look", "said"),
    [
        (Look("v6", ("docs",), 1, 2, "docs/sprint-status.yaml"), "BMAD v6 in docs: 1 story file, "),
        (Look("v4", ("a", "b", "c"), 0, 0), "BMAD v4 in a and b and 1 more: no story files, "),
        (Look("pantheon", (), 3, 1), "in .: 3 story files, 1 epic"),
    ],
)
def test_a_folder_is_said_in_a_line(look: Look, said: str) -> None:
    assert said in look.said()
    assert look.is_empty is False
