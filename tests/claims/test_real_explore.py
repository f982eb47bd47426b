"""Every arbiter on the real thing, explored as the modelled ones are."""

from pathlib import Path

import httpx2
import pytest

from panopticon.sandbox.serve import Options, start
from tests.claims import real
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


@pytest.mark.requirement("claim:real:store")
def test_no_schedule_breaks_a_promise_on_a_file_of_rows(tmp_path: Path) -> None:
    now = Now()
    databases = [SteppingDatabase(tmp_path / "pan.db", now) for _ in range(3)]
    seeds = range(SCHEDULES)
    wrong = {seed: found for seed in seeds if (found := real.store(seed, databases, now))}
    for one in databases:
        one.close()
    assert wrong == {}


@pytest.mark.requirement("claim:real:rally")
def test_no_schedule_breaks_a_promise_over_the_wsapi() -> None:
    now, wrong = Now(), {}
    with (
        start(Options(stories=SCHEDULES, clock=now)) as sandbox,
        real.connected(sandbox, now) as connections,
    ):
        found = httpx2.get(
            f"{sandbox.url}/slm/webservice/v2.0/hierarchicalrequirement",
            params={"fetch": "FormattedID", "pagesize": SCHEDULES},
            headers={"ZSESSIONID": sandbox.api_key},
        )
        keys = [row["FormattedID"] for row in found.json()["QueryResult"]["Results"]]
        faults = {"conflict_rate": 0.1, "lag_ms": 10_000}  # of the schedule's time
        httpx2.post(f"{sandbox.admin}/faults", json=faults).raise_for_status()
        for seed, key in enumerate(keys):
            if said := real.rally(seed, key, connections, now):
                wrong[key] = said
    assert (wrong, len(keys)) == ({}, SCHEDULES)
