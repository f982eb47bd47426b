"""The statements of the store say what the one rule says."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from panopticon.config.arbiter import same_arbiter
from panopticon.errors import Conflict
from panopticon.model.claim import FINISHED, Act, Ask, Claim, follow, is_done
from panopticon.store.lease import StoreArbiter
from panopticon.store.rowstore import RowStore
from panopticon.store.sqlite import Sqlite

START = datetime(2026, 11, 21, 9, tzinfo=UTC)
WISH = st.tuples(
    st.sampled_from(list(Act)),
    st.sampled_from(["ann", "bob"]),
    st.sampled_from(["s1", "s2"]),
    st.sampled_from([0.0, 10.0, 60.0]),
    st.integers(0, 3),
    st.sampled_from([0, 5, 30, 100]),
    st.sampled_from(["", "because", FINISHED]),
)


@pytest.mark.requirement("claim:rule")
@settings(max_examples=150, deadline=None)
@given(st.lists(WISH, max_size=12))
def test_store_follows_the_rule(
    wishes: list[tuple[Act, str, str, float, int, int, str]],
) -> None:
    now = [START]
    database = Sqlite(None)
    arbiter = StoreArbiter("store:x", database, lambda: now[0])
    held: Claim | None = None
    for act, holder, session, seconds, fence, later, reason in wishes:
        now[0] += timedelta(seconds=later)
        ask = Ask(act, "k", holder, session, seconds, "b", fence, reason)
        expected = held if is_done(held, ask) else follow(held, ask, now[0])
        try:
            found = arbiter.ask(ask)
        except Conflict:
            found = None
        assert found == expected
        held = expected or held
        assert arbiter.read("k") == held
    database.close()


@pytest.mark.requirement("claim:rule:why")
def test_a_release_keeps_why_and_the_next_take_forgets_it() -> None:
    database = Sqlite(None)
    arbiter = StoreArbiter("store:x", database, lambda: START)
    taken = arbiter.ask(Ask(Act.TAKE, "k", "ann", "s", 60.0, reason="no matter"))
    assert taken.reason == ""
    give = Ask(Act.RELEASE, "k", "ann", "s", fence=1, reason=FINISHED)
    expected = follow(taken, give, START)
    assert expected is not None
    assert expected.reason == FINISHED
    assert arbiter.ask(give) == arbiter.ask(replace(give, reason="")) == expected
    assert arbiter.records() == [expected]
    assert arbiter.ask(Ask(Act.TAKE, "k", "bob", "t", 60.0)).reason == ""
    database.close()


@pytest.mark.requirement("claim:store:which")
def test_a_store_arbiters_name_says_which_store(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with ThreadPoolExecutor(4) as pool:
        names = list(pool.map(lambda _: RowStore(Sqlite(path)).arbiter("store:local").name, "1234"))
    other = RowStore(Sqlite(None)).arbiter("store:local").name
    assert len({*names}) == 1
    assert all(re.fullmatch(r"store:local#[0-9a-f]{8}", one) for one in (names[0], other))
    assert not same_arbiter(names[0], other)
    assert same_arbiter(names[0], RowStore(Sqlite(path)).arbiter("store:local").name)
