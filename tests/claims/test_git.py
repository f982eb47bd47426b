"""The git arbiter on real remotes."""

import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from panopticon.errors import Conflict
from panopticon.local.git.lease import GitArbiter
from panopticon.local.git.push import Target, Way, WorkRefs
from panopticon.local.git.ref import GitRefs
from panopticon.model.claim import Act, Ask
from tests.claims.remotes import REMOTES

START = datetime(2026, 11, 21, 9, tzinfo=UTC)


@pytest.fixture
def now() -> list[datetime]:
    """Everybody's time: each machine's, and the web server's."""
    return [START]


@pytest.fixture(params=list(REMOTES))
def remote(request: pytest.FixtureRequest, tmp_path: Path, now: list[datetime]) -> Iterator[str]:
    with REMOTES[request.param](tmp_path, lambda: now[0]) as url:
        yield url


def ask(act: Act, who: str, fence: int | None = None) -> Ask:
    return Ask(act, "rally:1/US120", f"{who}@example.com", f"s-{who}", 3600, "b", fence, "x")


@pytest.mark.requirement("claim:git")
def test_a_claim_from_hand_to_hand(remote: str, tmp_path: Path, now: list[datetime]) -> None:
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
def test_of_many_at_once_one_wins(remote: str, tmp_path: Path) -> None:
    def take(n: int) -> bool:
        arbiter = GitArbiter("git", GitRefs(remote, tmp_path / f"c{n}"), lambda: START)
        try:
            arbiter.ask(ask(Act.TAKE, f"dev{n}"))
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(take, range(8))) == 1


@pytest.mark.requirement("claim:fence")
def test_a_stale_holder_pushes_neither_branch_nor_claim(remote: str, tmp_path: Path) -> None:
    work = tmp_path / "work"
    words = ["git", "-c", "user.name=x", "-c", "user.email=x@x"]
    subprocess.run(["git", "init", "-q", "-b", "story", str(work)], check=True)
    subprocess.run([*words, "-C", str(work), "commit", "-qm", "x", "--allow-empty"], check=True)
    ann = GitArbiter("git", GitRefs(remote, tmp_path / "ann"), lambda: START)
    bob = GitArbiter("git", GitRefs(remote, tmp_path / "bob"), lambda: START)

    def pushes(who: str) -> GitArbiter:
        way = Way(work, "story", Target(remote, (remote,)), lambda _: None)
        return GitArbiter("git", WorkRefs(remote, tmp_path / who, way), lambda: START)

    assert ann.ask(ask(Act.TAKE, "ann")).fence == 1
    assert bob.ask(ask(Act.STEAL, "bob")).fence == 2
    with pytest.raises(Conflict):
        pushes("ann").push(ask(Act.RENEW, "ann", 1))
    heads = ["git", "ls-remote", "--heads", remote]
    assert subprocess.run(heads, capture_output=True, check=True).stdout == b""
    assert pushes("bob").push(ask(Act.RENEW, "bob", 2)).fence == 2
    assert b"refs/heads/story" in subprocess.run(heads, capture_output=True, check=True).stdout
