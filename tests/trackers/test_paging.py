"""Long answers are read once each, in order, though the ground moves."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, strategies as st

from panopticon.errors import Retriable
from panopticon.trackers.paging import Bite, Walk, prefetched


@pytest.fixture(scope="module")
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as found:
        yield found


class Rows:
    """A server's rows; `before` lets the ground move before the n-th read."""

    def __init__(self, ids: list[int], clamp: int = 10**6) -> None:
        self.ids = ids
        self.clamp = clamp
        self.reads = 0
        self.moves: dict[int, list[int]] = {}

    def read(self, after: int, start: int, size: int) -> Bite[str]:
        self.reads += 1
        self.ids = self.moves.get(self.reads, self.ids)
        rows = [oid for oid in self.ids if oid > after]
        page = rows[start - 1 : start - 1 + min(size, self.clamp)]
        return Bite(page, [str(oid) for oid in page], len(rows))


def walked(
    rows: Rows, size: int, pool: ThreadPoolExecutor, after: int = 0, ahead: int = 0
) -> list[int]:
    bites = Walk(rows.read, size, pool, ahead).bites(after)
    return [oid for bite in bites for oid in bite.ids]


@pytest.mark.requirement("tracker:paging:complete")
@given(
    ids=st.sets(st.integers(1, 200), max_size=60), size=st.integers(1, 9), clamp=st.integers(1, 12)
)
def test_every_item_comes_once_in_order(
    pool: ThreadPoolExecutor, ids: set[int], size: int, clamp: int
) -> None:
    assert walked(Rows(sorted(ids), clamp), size, pool, ahead=3) == sorted(ids)


@pytest.mark.requirement("tracker:paging:resume")
def test_a_walk_goes_on_behind_a_position(pool: ThreadPoolExecutor) -> None:
    assert walked(Rows([1, 2, 3, 4, 5, 6]), 2, pool, after=3) == [4, 5, 6]


@pytest.mark.requirement("tracker:paging:moving")
@given(gone=st.sets(st.integers(1, 30), max_size=10), at=st.integers(2, 6))
def test_items_that_vanish_meanwhile_hide_no_other(
    pool: ThreadPoolExecutor, gone: set[int], at: int
) -> None:
    rows = Rows(list(range(1, 31)))
    rows.moves[at] = [oid for oid in range(1, 31) if oid not in gone]
    found = walked(rows, 5, pool)
    assert set(range(1, 31)) - gone <= set(found)
    assert len(found) == len(set(found))


@pytest.mark.requirement("tracker:paging:loop")
def test_a_server_that_repeats_itself_is_noticed(pool: ThreadPoolExecutor) -> None:
    def same(_after: int, _start: int, _size: int) -> Bite[str]:
        return Bite([3, 3], ["a", "b"], 10)

    with pytest.raises(Retriable, match="repeats"):
        list(Walk(same, 2, pool).bites())


@pytest.mark.requirement("tracker:paging:loop")
def test_a_server_that_ignores_start_does_not_loop_forever(pool: ThreadPoolExecutor) -> None:
    def stuck(_after: int, _start: int, size: int) -> Bite[str]:
        return Bite(list(range(1, size + 1)), ["x"] * size, 100)

    with pytest.raises(Retriable, match="repeats"):
        list(Walk(stuck, 4, pool).bites())


@pytest.mark.requirement("tracker:paging:bounded")
def test_reading_ahead_is_bounded(pool: ThreadPoolExecutor) -> None:
    begun: list[int] = []

    def call(number: int) -> int:
        begun.append(number)
        return number

    calls = ((lambda n=n: call(n)) for n in range(20))
    stream = prefetched(calls, pool, 3)
    assert next(stream) == 0
    assert max(begun) <= 3
    assert list(stream) == list(range(1, 20))
