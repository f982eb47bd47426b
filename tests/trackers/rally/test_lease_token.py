"""What stands in LockToken: a wish and back, and what is no wish of ours."""

import re

import pytest
from hypothesis import given, strategies as st

from panopticon.errors import InvalidInput
from panopticon.model.claim import Act, Ask
from panopticon.trackers.rally.lease_token import token_of, wish_from

NAMES = st.text(min_size=1, max_size=6)


@pytest.mark.requirement("rally:token:round")
@given(st.sampled_from(list(Act)), NAMES, NAMES, st.integers(0, 99), st.integers(0, 10**6))
def test_a_wish_comes_back_whole(
    act: Act, holder: str, branch: str, fence: int, hours: int
) -> None:
    ask = Ask(act, "rally:1/US1", holder, "s1", float(hours), branch, fence)
    token = token_of(ask, "n1")
    assert re.fullmatch(r"[A-Za-z0-9:._~%-]{1,256}", token)
    assert wish_from("rally:1/US1", token, "key@example.com") == (ask, "n1")


@pytest.mark.requirement("rally:token:round")
def test_a_long_branch_is_left_out_and_a_long_holder_refused() -> None:
    ask = Ask(Act.TAKE, "k", "ann@example.com", "s1", 60.0, "story/" + "ä" * 200, 0)
    back = wish_from("k", token_of(ask, "n1"), "key")
    assert back
    assert (back[0].holder, back[0].branch) == ("ann@example.com", None)
    with pytest.raises(InvalidInput, match="too long"):
        token_of(Ask(Act.TAKE, "k", "x" * 300, "s1", 60.0), "n1")


@pytest.mark.requirement("rally:token:hand")
@pytest.mark.parametrize(
    "token",
    ["", "Ann has it", "take:n:s:0", "take:n:s:0:soon", f"take:n:s:0:{'9' * 20}", "take:n:s:²:1"],
)
def test_what_somebody_wrote_by_hand_is_no_wish(token: str) -> None:
    assert wish_from("k", token, "ann") is None


@pytest.mark.requirement("rally:token:hand")
def test_a_token_without_a_holder_is_its_writers() -> None:
    found = wish_from("k", "take:n:s:0:60", "ann@example.com")
    assert found
    assert found[0].holder == "ann@example.com"
