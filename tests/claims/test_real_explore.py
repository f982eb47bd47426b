"""Every arbiter on the real thing, explored as the modelled ones are."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from panopticon.sandbox.serve import Options, start
from tests.claims import real
from tests.claims.ports import Hopeful
from tests.claims.real import SCHEDULES, Now, SteppingDatabase
from tests.claims.remotes import REMOTES

HALVES = (range(SCHEDULES // 2), range(SCHEDULES // 2, SCHEDULES))
pytestmark = pytest.mark.slow


@pytest.mark.requirement("claim:real:git")
@pytest.mark.parametrize("half", HALVES, ids=["first", "second"])
@pytest.mark.parametrize("name", REMOTES)
def test_no_schedule_breaks_a_promise_on_a_git_remote(
    name: str, half: range, tmp_path: Path
) -> None:
    now = Now()
    with REMOTES[name](tmp_path, now) as url:
        wrong = {seed: found for seed in half if (found := real.git(seed, url, tmp_path, now))}
    assert wrong == {}


@pytest.mark.requirement("claim:real:mutation")
def test_looking_and_then_taking_is_caught_on_a_git_remote(tmp_path: Path) -> None:
    now = Now()
    with REMOTES["file"](tmp_path, now) as url:
        assert any(real.git(seed, url, tmp_path, now, Hopeful) for seed in range(SCHEDULES))


@pytest.fixture
def databases(tmp_path: Path) -> Iterator[tuple[list[SteppingDatabase], Now]]:
    now = Now()
    made = [SteppingDatabase(tmp_path / "pan.db", now) for _ in range(3)]
    yield made, now
    for one in made:
        one.close()


@pytest.mark.requirement("claim:real:store")
def test_no_schedule_breaks_a_promise_on_a_file_of_rows(
    databases: tuple[list[SteppingDatabase], Now],
) -> None:
    seeds = range(SCHEDULES)
    wrong = {seed: found for seed in seeds if (found := real.store(seed, *databases))}
    assert wrong == {}


@pytest.mark.requirement("claim:real:mutation")
def test_looking_and_then_taking_is_caught_on_a_file_of_rows(
    databases: tuple[list[SteppingDatabase], Now],
) -> None:
    assert any(real.store(seed, *databases, Hopeful) for seed in range(SCHEDULES))


@contextmanager
def workspace(now: Now) -> Iterator[tuple[list[str], list[real.Connection]]]:
    """Serve a workspace with faults on; give its stories and three connections."""
    with (
        start(Options(stories=SCHEDULES, clock=now)) as sandbox,
        real.connected(sandbox, now) as connections,
    ):
        found = httpx2.get(
            f"{sandbox.url}/slm/webservice/v2.0/hierarchicalrequirement",
            params={"fetch": "FormattedID", "pagesize": SCHEDULES},
            headers={"ZSESSIONID": sandbox.api_key},
        )
        faults = {"conflict_rate": 0.1, "lag_ms": 10_000}  # of the schedule's time
        httpx2.post(f"{sandbox.admin}/faults", json=faults).raise_for_status()
        yield [row["FormattedID"] for row in found.json()["QueryResult"]["Results"]], connections


@pytest.mark.requirement("claim:real:rally")
def test_no_schedule_breaks_a_promise_over_the_wsapi() -> None:
    now, wrong = Now(), {}
    with workspace(now) as (keys, connections):
        for seed, key in enumerate(keys):
            if found := real.rally(seed, key, connections, now):
                wrong[key] = found
    assert (wrong, len(keys)) == ({}, SCHEDULES)


@pytest.mark.requirement("claim:real:mutation")
def test_looking_and_then_taking_is_caught_over_the_wsapi() -> None:
    now = Now()
    with workspace(now) as (keys, connections):
        seeds = enumerate(keys)
        assert any(real.rally(seed, key, connections, now, Hopeful) for seed, key in seeds)
