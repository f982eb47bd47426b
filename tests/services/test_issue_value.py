"""Values of fields: what counts as the same, and what brings an item back."""

from datetime import date

import pytest
from hypothesis import given, strategies as st

from panopticon.model.issue import Issue, IssueFields, Json, State
from panopticon.model.ref import IssueRef
from panopticon.services.value import FIELDS, is_same, moved_on, standing, values_of
from tests.services.shelf import item


def full() -> Issue:
    """Make an item that has something in every field."""
    return item(
        "US1",
        "A title",
        body="One\n  two",
        acceptance_criteria="- three",
        state=State.IN_REVIEW,
        native_state="Code Review",
        priority=2,
        labels=("b", "a"),
        assignee="ada@example.com",
        parent=IssueRef("rally", "F17"),
        points=3.0,
        hours=1.5,
        due=date(2026, 12, 24),
        iteration="Sprint 4",
        release="R1",
        blocked=True,
        blocked_reason="waiting",
        blocked_by=(IssueRef("rally", "US2"),),
        blocks=(IssueRef("rally", "US3"), IssueRef("rally", "US4")),
        branch="x",
        coverage=80.0,
        commit_sha="abc",
        twin_key="DE7",
        custom={"c_Team": "Blue"},
    )


@pytest.mark.requirement("issue:value:same")
@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("title", "A  b ", "A b"),
        ("body", "a \r\nb\r\n", "a\nb"),
        ("body", "", None),
        ("labels", ["b", "a", "a"], ["a", "b"]),
        ("parent", "rally:F-17", "F17"),
        ("parent", None, ""),
        ("blocked_by", ["us-2"], ["rally:US2"]),
        ("blocked_by", ["1-2", "env-6-3"], ["env.6.3", "stories:01.2"]),
        ("parent", "epic-1", "EPIC-1"),
        ("assignee", "Ada@Example.com", "ada@example.com"),
        ("points", 3, 3.0),
        ("priority", "high", 2),
        ("iteration", "", None),
    ],
)
def test_differences_nobody_sees(name: str, one: Json, other: Json) -> None:
    assert is_same(name, one, other)
    assert is_same(name, other, one)


@pytest.mark.requirement("issue:value:same")
@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("title", "A b", "a b"),
        ("body", "  a", "a"),
        ("body", "a\n\nb", "a\nb"),
        ("labels", ["a"], ["a", "b"]),
        ("labels", ["A"], ["a"]),
        ("parent", "F17", "F18"),
        ("blocked_by", ["1.12"], ["11.2"]),
        ("blocked_by", ["1.4"], ["1.4b"]),
        ("points", 3, None),
        ("points", 0, None),
        ("blocked", False, None),
        ("priority", "high", 3),
    ],
)
def test_differences_that_count(name: str, one: Json, other: Json) -> None:
    assert not is_same(name, one, other)


@pytest.mark.requirement("issue:value:same")
@pytest.mark.parametrize("name", FIELDS)
def test_an_item_has_not_moved_on_from_itself(name: str) -> None:
    issue = full()
    assert moved_on(issue, values_of(issue), {}) == {}
    assert moved_on(item("US1"), {name: values_of(issue)[name]}, {}).keys() == {name}


TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@pytest.mark.requirement("issue:value:same")
@given(text=TEXT, end=st.sampled_from(["\n", "\r\n", "\r"]), tail=st.text(" \t"))
def test_any_text_is_itself_whatever_ends_its_lines(text: str, end: str, tail: str) -> None:
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    assert is_same("body", plain, plain.replace("\n", f"{tail}{end}") + tail)


@pytest.mark.requirement("issue:value:undo")
def test_what_hangs_on_a_field_comes_with_it() -> None:
    fields: IssueFields = {"blocked": False, "state": State.DONE, "custom": {"c_New": 1}}
    assert standing(full(), fields) == {
        "blocked": True,
        "blocked_reason": "waiting",
        "state": "in_review",
        "native_state": "Code Review",
        "custom": {"c_New": None},
    }
