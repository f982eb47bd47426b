"""A sync killed at any point loses nothing and doubles nothing; two at once are one."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from panopticon.config import Config
from panopticon.local import lock
from panopticon.model.event import EventKind
from panopticon.model.issue import Issue, IssueFilter
from panopticon.services.sync import pull as sync, run as sync_run
from panopticon.store.registry import open_store
from tests.services.shelf import NOW, Shelf, context
from tests.services.test_sync import shelf_of

PROGRAM = """
import sys
from pathlib import Path
from tests.services.test_sync_killed import sync_until
sync_until(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
"""


def start(home: Path, count: int, where: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", PROGRAM, str(home), str(count), where])


def sync_until(home: Path, count: int, where: str) -> None:
    """Sync in this process, and die at the `count`-th page: before it is asked for, or stored."""
    seen: list[str] = []

    def die(what: str, _page: int = 0) -> None:
        seen.append(what)
        if len(seen) == count:
            os.kill(os.getpid(), signal.SIGKILL)

    shelf = big_shelf()
    if where == "asked":
        shelf.before_page = die
    ctx = context(home, open_store(Config(home=home, folder=home)), rally=shelf)
    sync.pull(ctx, progress=(lambda one: die(one.stream)) if where == "stored" else None)


def big_shelf() -> Shelf:
    return shelf_of(95)


def rows(home: Path) -> tuple[list[Issue], dict[str, str]]:
    store = open_store(Config(home=home, folder=home))
    found = sorted(store.issues(IssueFilter()), key=lambda one: one.ref)
    versions = store.versions("rally")
    created = [e.ref for e in store.events(0) if e.kind is EventKind.CREATED]
    assert len(created) == len(set(created)), "an item was made twice"
    store.close()
    return found, versions


@pytest.mark.requirement("sync:killed:no-loss")
@pytest.mark.parametrize(
    ("count", "where"), [(1, "asked"), (7, "asked"), (4, "stored"), (8, "stored")]
)
def test_a_killed_sync_ends_as_a_clean_one(tmp_path: Path, count: int, where: str) -> None:
    killed, clean = tmp_path / "killed", tmp_path / "clean"
    running = start(killed, count, where)
    assert running.wait() == -signal.SIGKILL
    before = rows(killed)[0]
    assert len(before) < 99
    sync_until(killed, 0, "nowhere")
    sync_until(clean, 0, "nowhere")
    assert rows(killed) == rows(clean)
    stories = ".bmad/rally-cache/stories"
    assert len(list((killed / "repo" / stories).rglob("US-*.json"))) == 95


@pytest.mark.requirement("sync:killed:changes")
def test_what_changed_between_a_kill_and_the_next_run_is_read(tmp_path: Path) -> None:
    assert start(tmp_path, 5, "stored").wait() == -signal.SIGKILL
    shelf = big_shelf()
    shelf.clock += timedelta(minutes=1)
    for one in [*shelf.items.values()][:20]:
        shelf.put(one)
    ctx = context(tmp_path, open_store(Config(home=tmp_path, folder=tmp_path)), rally=shelf)
    sync.pull(ctx)
    shelf.clock += timedelta(minutes=1)
    sync.pull(ctx)
    ctx.close()
    assert rows(tmp_path)[1] == {one.native_id: one.version for one in shelf.items.values()}


@pytest.mark.requirement("sync:two-at-once:once")
def test_two_processes_at_once_apply_nothing_twice(tmp_path: Path) -> None:
    running = [start(tmp_path, 0, "nowhere") for _ in range(2)]
    assert [one.wait() for one in running] == [0, 0]
    found, _ = rows(tmp_path)
    assert len(found) == 99
    store = open_store(Config(home=tmp_path, folder=tmp_path))
    assert {one.ended_at for one in store.sync_records()} == {NOW}
    store.close()


@pytest.mark.requirement("sync:two-at-once:freed")
def test_a_killed_sync_frees_its_lock(tmp_path: Path) -> None:
    assert start(tmp_path, 3, "asked").wait() == -signal.SIGKILL
    ctx = context(tmp_path, rally=big_shelf())
    assert not sync_run.is_running(ctx, "rally")
    with lock.held(tmp_path / "sync" / "rally.lock", "The sync", 0):
        assert sync_run.is_running(ctx, "rally")
    report = sync.pull(ctx, sync.Wanted(wait_seconds=0))
    assert report.exit_error() is None
