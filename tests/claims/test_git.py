"""The git arbiter on real remotes."""

import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from panopticon.errors import Conflict, Retriable
from panopticon.local.git_ref import GitRefs
from panopticon.local.lease import GitArbiter
from panopticon.model.claim import Act, Ask
from tests.claims.explore import Scheduler, World
from tests.claims.remotes import REMOTES

START = datetime(2026, 11, 21, 9, tzinfo=UTC)
SKEW = 20.0
SCHEDULES = 40


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
    assert ann.ask(ask(Act.TAKE, "ann")).fence == 1
    assert bob.ask(ask(Act.STEAL, "bob")).fence == 2
    with pytest.raises(Conflict):
        ann.push(ask(Act.RENEW, "ann", 1), work, "story")
    heads = ["git", "ls-remote", "--heads", remote]
    assert subprocess.run(heads, capture_output=True, check=True).stdout == b""
    assert bob.push(ask(Act.RENEW, "bob", 2), work, "story").fence == 2
    assert b"refs/heads/story" in subprocess.run(heads, capture_output=True, check=True).stdout


class Stepping(GitRefs):
    """A real remote that stops before each step and loses replies."""

    def __init__(self, url: str, folder: Path, world: World) -> None:
        super().__init__(url, folder)
        self.world = world

    def read(self, ref: str) -> tuple[str | None, str | None]:
        self.world.step()
        if self.world.is_lost():
            raise Retriable("no answer")
        return super().read(ref)

    def swap(self, ref: str, version: str | None, text: str) -> bool:
        self.world.step()
        if self.world.is_lost():
            raise Retriable("lost before")
        is_done = super().swap(ref, version, text)
        self.world.step()
        if self.world.is_lost():
            raise Retriable("lost after")
        return is_done


@pytest.mark.slow
@pytest.mark.requirement("claim:git")
def test_no_schedule_breaks_a_promise_on_a_real_remote(remote: str, tmp_path: Path) -> None:
    allowed = timedelta(seconds=SKEW)
    for seed in range(SCHEDULES):
        made = Scheduler(seed, faults=0.15 if seed % 3 else 0.0, skew=SKEW)
        made.world.key = f"rally:1/US{seed}"
        for number in range(2):
            folder = tmp_path / f"client{number}"
            made.add(_arbiter(remote, folder, allowed))
        made.run(2)
        assert made.judged() == [], seed


def _arbiter(
    url: str, folder: Path, allowed: timedelta
) -> Callable[[World, Callable[[], datetime]], GitArbiter]:
    return lambda world, clock: GitArbiter("git", Stepping(url, folder, world), clock, allowed)
