"""What stands in LockToken: a wish and back, and what is no wish of ours."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from panopticon.errors import InvalidInput
from panopticon.model.claim import FINISHED, Act, Ask
from panopticon.trackers.rally.lease_token import token_of, wish_from

NAMES = st.text(min_size=1, max_size=6)


@pytest.mark.requirement("rally:token:round")
@given(st.sampled_from(list(Act)), NAMES, NAMES, st.integers(0, 99), st.integers(0, 2_592_000))
def test_a_wish_comes_back_whole(
    act: Act, holder: str, branch: str, fence: int, seconds: int
) -> None:
    ask = Ask(act, "rally:1/US1", holder, "s1", float(seconds), branch, fence)
    token = token_of(ask, "n1")
    assert re.fullmatch(r"[A-Za-z0-9:._~%-]{1,256}", token)
    assert wish_from("rally:1/US1", token, "key@example.com") == (ask, "n1")


@pytest.mark.requirement("rally:token:round")
def test_a_release_tells_whether_the_work_is_finished() -> None:
    ask = Ask(Act.RELEASE, "k", "ann@example.com", "s1", 0.0, None, 3, FINISHED)
    assert wish_from("k", token_of(ask, "n1"), "key") == (ask, "n1")
    other = replace(ask, reason="too hard", branch="story/US1")
    assert wish_from("k", token_of(other, "n1"), "key") == (replace(other, reason=""), "n1")


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
    [
        "",
        "Ann has it",
        "take:n:s:0",
        "take:n:s:0:soon",
        f"take:n:s:0:{'9' * 20}",
        "take:n:s:²:1",
        "take:n:s:0:2592001",
    ],
)
def test_what_somebody_wrote_by_hand_is_no_wish(token: str) -> None:
    assert wish_from("k", token, "ann") is None


@pytest.mark.requirement("rally:token:hand")
def test_a_token_without_a_holder_is_its_writers() -> None:
    found = wish_from("k", "take:n:s:0:60", "ann@example.com")
    assert found
    assert found[0].holder == "ann@example.com"
