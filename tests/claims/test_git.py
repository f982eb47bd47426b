"""The git arbiter on a real remote."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from panopticon.errors import Conflict
from panopticon.local.git_ref import GitRefs
from panopticon.local.lease import GitArbiter
from panopticon.model.claim import Act, Ask

START = datetime(2026, 11, 21, 9, tzinfo=UTC)


@pytest.fixture
def remote(tmp_path: Path) -> str:
    path = tmp_path / "remote.git"
    subprocess.run(["git", "init", "-q", "--bare", str(path)], check=True)
    return path.as_uri()


def ask(act: Act, who: str, fence: int | None = None) -> Ask:
    return Ask(act, "rally:1/US120", f"{who}@example.com", f"s-{who}", 3600, "b", fence, "x")


@pytest.mark.requirement("claim:git")
def test_a_claim_from_hand_to_hand(remote: str, tmp_path: Path) -> None:
    now = [START]
    ann = GitArbiter("git", GitRefs(remote, tmp_path / "ann"), lambda: now[0])
    bob = GitArbiter("git", GitRefs(remote, tmp_path / "bob"), lambda: now[0])
    assert ann.read("rally:1/US120") is None
    first = ann.ask(ask(Act.TAKE, "ann"))
    assert (first.fence, bob.read("rally:1/US120")) == (1, first)
    with pytest.raises(Conflict):
        bob.ask(ask(Act.TAKE, "bob"))
    assert ann.ask(ask(Act.TAKE, "ann")).fence == 1
    assert ann.ask(ask(Act.RELEASE, "ann", 1)).is_released
    assert ann.ask(ask(Act.RELEASE, "ann", 1)).is_released
    assert bob.ask(ask(Act.TAKE, "bob")).fence == 2
    now[0] += timedelta(hours=2)
    assert ann.ask(ask(Act.TAKE, "ann")).fence == 3
    with pytest.raises(Conflict):
        bob.ask(ask(Act.RENEW, "bob", 2))


@pytest.mark.requirement("claim:git")
def test_many_at_once_one_wins(remote: str, tmp_path: Path) -> None:
    def take(n: int) -> bool:
        arbiter = GitArbiter("git", GitRefs(remote, tmp_path / f"c{n}"), lambda: START)
        try:
            arbiter.ask(ask(Act.TAKE, f"dev{n}"))
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(take, range(8))) == 1
