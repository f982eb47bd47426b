"""A checkout or release that ends between two steps: the same command finishes it."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from panopticon import cli
from panopticon.config import environment
from panopticon.local.cache import CacheFolder
from panopticon.local.git import clone
from panopticon.model.claim import Arbiter, Ask, Claim
from panopticon.model.issue import State
from panopticon.services.claim.desk import Desk
from panopticon.services.claim.take import hold
from panopticon.services.claim.take.checkout import Checkout, Wish, checkout
from tests.claims.office import EPIC, Office, git as run

_MOST = 60  # calls at seams that one command makes at the most


class Stopped(KeyboardInterrupt):
    """Somebody pressed Ctrl-C."""


@dataclass
class Wire:
    """Ends the run at one of the calls that it counts."""

    last: int
    calls: int = 0

    def step(self) -> None:
        self.calls += 1
        if self.calls == self.last:
            raise Stopped

    def before(self, verb: Callable[..., Any]) -> Callable[..., Any]:
        def wired(*args: Any, **words: Any) -> Any:
            self.step()
            return verb(*args, **words)

        return wired


@dataclass
class Wired:
    """An arbiter that may end the run before or after it decides."""

    inner: Arbiter
    wire: Wire

    @property
    def name(self) -> str:
        return self.inner.name

    def read(self, key: str) -> Claim | None:
        return self.inner.read(key)

    def records(self) -> list[Claim] | None:
        return self.inner.records()

    def now(self) -> datetime:
        return self.inner.now()

    def ask(self, ask: Ask) -> Claim:
        self.wire.step()
        claim = self.inner.ask(ask)
        self.wire.step()
        return claim


@contextmanager
def wired(office: Office, who: str, last: int) -> Iterator[tuple[Desk, Wire]]:
    """Sit somebody down at a desk whose seams are wired: arbiter, log, tracker, git, files."""
    wire, desk = Wire(last), office.desk(who)
    with pytest.MonkeyPatch.context() as patch:
        for place, names in (
            (office.store, ("know_claim", "log", "put", "put_note")),
            (office.tracker, ("show_claim", "update")),
            (clone, ("make_branch", "switch")),
            (CacheFolder, ("put",)),
        ):
            for name in names:
                patch.setattr(place, name, wire.before(getattr(place, name)))
        yield replace(desk, arbiter=Wired(desk.arbiter, wire)), wire


def is_all_done(office: Office, done: Checkout) -> None:
    """See that everything of a checkout is there."""
    here, key = office.repository("ann"), done.issue.ref.key
    shown = office.tracker.get(key)
    assert (done.claim.fence, done.claim.holder) == (1, "ann@example.com")
    assert shown.lease
    assert (shown.lease.holder, shown.lease.fence) == ("ann@example.com", 1)
    assert (shown.state, shown.assignee) == (State.IN_PROGRESS, "ann@example.com")
    assert clone.branch(here) == done.branch == done.claim.branch
    assigned = json.loads((here / ".bmad/rally-cache/assignments.json").read_text())
    assert [(one["story"], one["fence"]) for one in assigned] == [(key, 1)]
    known = office.known(key)
    assert known
    assert known.was is State.PLANNING
    assert done.as_json()["warnings"] == []


@pytest.mark.requirement("claim:checkout:interrupted")
@pytest.mark.parametrize("words", [{"story": "US1"}, {"epic": EPIC}], ids=["story", "epic"])
def test_a_checkout_stopped_at_any_call_is_finished_by_the_same_command(
    tmp_path: Path, words: dict[str, str]
) -> None:
    stops = 0
    for last in range(1, _MOST):
        office = Office(tmp_path / str(last))
        office.story("One", state=State.PLANNING, steps=0)
        office.story("Two", state=State.PLANNING, steps=0)
        with wired(office, "ann", last) as (desk, _):
            try:
                is_all_done(office, checkout(desk, Wish(**words)))  # type: ignore[arg-type]
                break  # past the last call
            except Stopped:
                stops += 1
        office.later(minutes=1)
        is_all_done(office, checkout(office.desk("ann"), Wish(**words)))  # type: ignore[arg-type]
        records = office.desk("bob").arbiter.records() or []
        assert [one.holder for one in records] == ["ann@example.com"]
    assert 12 <= stops < _MOST - 1, stops


@pytest.mark.requirement("claim:checkout:interrupted")
def test_a_release_stopped_at_any_call_is_finished_by_the_same_command(tmp_path: Path) -> None:
    stops = 0
    for last in range(1, _MOST):
        office = Office(tmp_path / str(last))
        key = office.story("One", state=State.PLANNING, steps=0)
        checkout(office.desk("ann"), Wish(story=key))
        with wired(office, "ann", last) as (desk, _):
            try:
                hold.release(desk, key)
            except Stopped:
                stops += 1
        hold.release(office.desk("ann"), key)
        shown = office.tracker.get(key)
        assert (shown.lease, shown.assignee, shown.state) == (None, None, State.PLANNING)
        assert [kind.value for kind, _ in office.events(key)] == ["claim.taken", "claim.released"]
        assert checkout(office.desk("bob"), Wish(story=key)).claim.fence == 2
        if stops < last:
            break
    assert 7 <= stops < _MOST - 1, stops


_STORY = """# Story 1.1: Sign in

Status: ready-for-dev

## Tasks / Subtasks

- [ ] Do it
"""
_KILLED = """
import os, signal, sys
from panopticon import cli
from panopticon.services.claim import shown
from panopticon.services.claim.take import checkout, follow
place, _, name = sys.argv[1].partition(".")
setattr({"follow": follow, "shown": shown, "checkout": checkout}[place], name,
        lambda *a, **k: os.kill(os.getpid(), signal.SIGKILL))
cli.run(["checkout", "story=1.1"])
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Make a home whose tracker is the story files of a repository, decided by its own store."""
    repository = tmp_path / "app"
    stories = repository / "docs" / "stories"
    stories.mkdir(parents=True)
    (stories / "1.1.sign-in.md").write_text(_STORY)
    (repository / ".panopticon.yaml").write_text('arbiter: "store:local"\n')
    (repository / ".gitignore").write_text(".bmad/\n")
    run(repository, "init", "-q", "-b", "main")
    run(repository, "config", "user.email", "ann@example.com")
    run(repository, "config", "user.name", "Ann")
    run(repository, "add", "-A")
    run(repository, "commit", "-q", "-m", "stories")
    own = tmp_path / ".panopticon"
    own.mkdir()
    (own / "config.toml").write_text(
        f'[pan]\nme = "ann@example.com"\n[trackers.stories]\ntype = "markdown"\n'
        f'folders = ["{repository}"]\n'
    )
    return tmp_path


Pan = Callable[..., dict[str, Any]]


@pytest.fixture
def pan(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Pan:
    """Run a command there, in this process; gives its document."""
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.chdir(home / "app")

    def run(*words: str) -> dict[str, Any]:
        code = cli.run([*words, "--json"])
        said = capsys.readouterr()
        assert code == 0, said
        told: dict[str, Any] = json.loads(said.out)
        return told

    return run


def program(home: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    around = {**environment(), "HOME": str(home)}
    line = [sys.executable, *words]
    return subprocess.run(
        line, cwd=home / "app", env=around, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.requirement("claim:checkout:killed")
@pytest.mark.parametrize(
    "place",
    [
        "follow._show",
        # Each call is stopped at above, in this process; a killed one costs a second.
        *(
            pytest.param(place, marks=pytest.mark.slow)
            for place in ("checkout.follow", "shown.learn", "follow._start", "follow._branch")
        ),
    ],
)
def test_after_kill_9_the_same_command_finishes(home: Path, pan: Pan, place: str) -> None:
    pan("sync")
    killed = program(home, "-c", _KILLED, place)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    told = pan("checkout", "story=1.1")
    assert (told["fence"], told["holder"], told["state"]) == (1, "ann@example.com", "in_progress")
    app = home / "app"
    assert clone.branch(app) == told["branch"]
    assert "in-progress" in (app / "docs/stories/1.1.sign-in.md").read_text().lower()
    assigned = json.loads((app / ".bmad/rally-cache/assignments.json").read_text())
    assert [one["holder"] for one in assigned] == ["ann@example.com"]


@pytest.mark.requirement("claim:release:worked")
def test_what_a_checkout_writes_into_story_files_is_no_work(home: Path, pan: Pan) -> None:
    app = home / "app"
    file = app / "docs" / "stories" / "1.1.sign-in.md"
    before = file.read_text()
    pan("sync")
    for is_work in (False, True):
        took = pan("checkout", "1.1")
        assert clone.branch(app) == took["branch"] == "story/1.1-sign-in"
        assert file.read_text() != before
        if is_work:
            (app / "login.py").write_text("print()")
        back = pan("release", "1.1")
        assert (back["worked"], back["warnings"]) == (is_work, [])
        assert ("ready-for-dev" in file.read_text()) is not is_work
