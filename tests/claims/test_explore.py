"""Every arbiter, explored: 2 to 5 clients, crashes, lost replies, skewed clocks, lag."""

from collections import Counter

import pytest

from tests.claims import modelled
from tests.claims.modelled import ARBITERS, SKEW

EVERYDAY = range(150)
MORE = range(150, 2150)  # with the everyday ones: more than 2,000 of each arbiter
KINDS = (
    *("take", "resume", "steal", "renew", "release", "release again", "looked", "refused"),
    *("reply lost", "killed", "2 clients", "3 clients", "4 clients", "5 clients"),
)


@pytest.mark.requirement("claim:explored")
@pytest.mark.parametrize("name", ARBITERS)
def test_no_schedule_breaks_a_promise(name: str) -> None:
    done = Counter[str]()
    wrong = {seed: found for seed in EVERYDAY if (found := ARBITERS[name](seed, done))}
    assert wrong == {}
    assert {kind for kind in KINDS if done[kind] < 5} == set(), done


@pytest.mark.slow
@pytest.mark.requirement("claim:explored")
@pytest.mark.parametrize("name", ARBITERS)
def test_two_thousand_more_schedules_break_no_promise(name: str) -> None:
    wrong = {seed: found for seed in MORE if (found := ARBITERS[name](seed))}
    assert wrong == {}


@pytest.mark.requirement("claim:assumed")
def test_clocks_further_apart_than_promised_break_git() -> None:
    assert any(modelled.git(seed, skew=SKEW * 10) for seed in range(400))


@pytest.mark.requirement("claim:assumed")
def test_a_replica_with_gaps_breaks_rally() -> None:
    assert any(modelled.rally(seed, gaps=True) for seed in range(400))


@pytest.mark.requirement("claim:mutation")
def test_assign_and_read_back_is_caught() -> None:
    assert any(modelled.read_back(seed) for seed in range(100))
