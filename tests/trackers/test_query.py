"""Whatever is asked comes out as legal WSAPI text, or is refused before it is sent."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, strategies as st

from panopticon.errors import InvalidInput
from panopticon.trackers.rally.query import (
    OPERATORS,
    Condition,
    Pair,
    Term,
    both,
    either,
    left_nested,
    one_of,
)

SAYABLE = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters='"\\'), max_size=20
)
FIELDS = st.sampled_from(["Name", "Owner.UserName", "c_LockedBy", "Parent.FormattedID"])
VALUES = st.one_of(
    SAYABLE,
    st.integers(),
    st.booleans(),
    st.none(),
    st.datetimes(timezones=st.just(UTC), min_value=datetime(1970, 1, 1)),  # noqa: DTZ001
)
TERMS = st.builds(Term, FIELDS, st.sampled_from(OPERATORS), VALUES)
TREES = st.recursive(
    TERMS,
    lambda inner: st.builds(Pair, inner, st.sampled_from(["AND", "OR"]), inner),
    max_leaves=25,
)


def read(text: str, at: int = 0) -> tuple[object, int]:
    """Parse strictly: `(field op value)` or `(expr AND|OR expr)`, nothing else."""
    assert text[at] == "(", f"'(' expected at {at} of {text}"
    if text[at + 1] == "(":
        left, at = read(text, at + 1)
        assert text[at] == " "
        word, _, _ = text[at + 1 :].partition(" ")
        assert word in {"AND", "OR"}, word
        right, at = read(text, at + 2 + len(word))
        assert text[at] == ")", f"')' expected at {at} of {text}"
        return (left, word, right), at + 1
    field, op, rest = text[at + 1 :].split(" ", 2)
    if rest.startswith('"'):
        end = rest.index('"', 1)
        value, size = rest[1:end], end + 1
        assert "\\" not in value
    else:
        value = rest.partition(")")[0]
        size = len(value)
        assert value
        assert " " not in value
    assert rest[size] == ")"
    return (field, op, value), at + 1 + len(field) + len(op) + 2 + size + 1


def shape(condition: Condition) -> object:
    if isinstance(condition, Term):
        return condition.field, condition.op
    return shape(condition.left), condition.word, shape(condition.right)


def shape_of(parsed: object) -> object:
    assert isinstance(parsed, tuple)
    if isinstance(parsed[0], tuple):
        return shape_of(parsed[0]), parsed[1], shape_of(parsed[2])
    return parsed[0], parsed[1]


@pytest.mark.requirement("rally:query:legal")
@given(TREES)
def test_any_tree_is_legal_text_of_the_same_shape(tree: Condition) -> None:
    parsed, end = read(str(tree))
    assert end == len(str(tree))
    assert shape_of(parsed) == shape(tree)


@pytest.mark.requirement("rally:query:legal")
@given(st.lists(TERMS, min_size=1, max_size=60))
def test_long_lists_are_legal_however_they_are_joined(terms: list[Term]) -> None:
    for joined in (both(*terms), either(terms), left_nested("AND", terms)):
        assert read(str(joined))[1] == len(str(joined))


@pytest.mark.requirement("rally:query:legal")
def test_three_conditions_are_nested_in_pairs() -> None:
    assert str(one_of("State", ["A", "B c", 3])) == (
        '((State = "A") OR ((State = "B c") OR (State = 3)))'
    )
    assert str(both(None, Term("Owner", "=", None), None)) == "(Owner = null)"
    assert both(None) is None


@pytest.mark.requirement("rally:query:refused")
@pytest.mark.parametrize("value", ['a "b"', "back\\slash", "line\nbreak", "tab\t", "\x00", "\x7f"])
def test_a_value_that_cannot_be_said_is_refused(value: str) -> None:
    with pytest.raises(InvalidInput, match="cannot search"):
        Term("Name", "contains", value)


@pytest.mark.requirement("rally:query:refused")
def test_odd_fields_and_operators_are_refused() -> None:
    with pytest.raises(InvalidInput):
        Term("Name) OR (Name", "=", "x")
    with pytest.raises(InvalidInput):
        Term("Name", "zobolts", "x")
