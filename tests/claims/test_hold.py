"""Holding a story while a command runs, and ending the command when the story is lost."""

import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest

from panopticon import cli
from panopticon.errors import Conflict, InvalidInput, PanError, Retriable
from panopticon.model.claim import Act, Ask, Claim
from panopticon.sandbox.serve import Options, start
from panopticon.services.claim.desk import Desk
from panopticon.services.claim.take.checkout import Wish, checkout
from panopticon.services.claim.work import attend, heartbeat
from panopticon.services.claim.work.attend import Attendance, Guarded
from panopticon.services.claim.work.heartbeat import Beat, Pulse
from panopticon.services.context import utc_now
from tests.claims.office import Office
from tests.claims.test_heartbeat import Away

HOUR = 3600.0


def hold(here: Desk, *command: str, **more: object) -> tuple[Attendance, list[Pulse]]:
    told: list[Pulse] = []
    done = attend.attend(here, Guarded("US1", 1, command, **more), told.append)  # type: ignore[arg-type]
    return done, told


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path, utc_now())  # the database's clock is the real one


@pytest.fixture
def ann(office: Office) -> Desk:
    """Sit down with a story."""
    office.story()
    here = office.desk("ann")
    checkout(here, Wish(story="US1", hours=1))
    return here


def script(text: str) -> tuple[str, ...]:
    return ("sh", "-c", text)


@pytest.mark.requirement("hold:command")
def test_a_command_has_its_own_exit_code_and_knows_its_fence(ann: Desk, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done, told = hold(ann, *script(f'echo "$PAN_STORY $PAN_FENCE" > {out}; exit 7'))
    assert (done.code, out.read_text()) == (7, "US1 1\n")
    assert [one.beat for one in told] == [Beat.RENEWED]
    assert hold(ann, *script("kill -9 $$"))[0].code == 137
    with pytest.raises(PanError, match="is not installed"):
        hold(ann, "no-such-program")


@pytest.mark.requirement("hold:command")
def test_only_what_is_held_is_held_on(office: Office, ann: Desk) -> None:
    with pytest.raises(Conflict, match="ann@example"):
        hold(office.desk("cy"), "true")
    with pytest.raises(InvalidInput, match="is held for"):
        attend.attend(ann, Guarded("US1", 9999, ("true",)), print)


@pytest.mark.requirement("hold:release")
def test_it_is_given_back_at_the_end_where_that_is_wanted(ann: Desk) -> None:
    kept, _ = hold(ann, "true")
    assert not kept.claim.is_released
    done, _ = hold(ann, "true", is_given_back=True)
    assert done.claim.is_released
    record = ann.arbiter.read(done.claim.key)
    assert record
    assert record.is_released
    assert json.loads(json.dumps(done.as_json()))["released"] is True


@pytest.mark.requirement("hold:end")
@pytest.mark.parametrize("is_given_back", [True, False])
def test_what_was_stolen_from_a_short_command_ends_with_3(
    ann: Desk, *, is_given_back: bool
) -> None:
    told: list[Pulse] = []

    def steal(pulse: Pulse) -> None:
        if not told:
            key = pulse.claim.key
            ann.arbiter.ask(Ask(Act.STEAL, key, "bob@example.com", "s-bob", HOUR, reason="x"))
        told.append(pulse)

    wish = Guarded("US1", 1, ("true",), is_given_back=is_given_back)
    with pytest.raises(Conflict, match="bob@example") as caught:
        attend.attend(ann, wish, steal)
    assert caught.value.exit_code == 3
    assert told[-1].beat is Beat.LOST


@pytest.mark.requirement("hold:end")
def test_who_cannot_ask_at_the_end_says_so(ann: Desk) -> None:
    away = Away(ann.arbiter)
    desk = Desk(ann.ctx, away, ann.holder, ann.session)  # type: ignore[arg-type]

    def cut(_pulse: Pulse) -> None:
        away.error = Retriable("No network.")

    done = attend.attend(desk, Guarded("US1", 1, script("exit 4")), cut)
    assert done.code == 4
    assert done.warnings == ("Nobody could say at the end whether US1 is yours: No network.",)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have hearts beat all the time."""
    monkeypatch.setattr(heartbeat, "_LONGEST", 0.05)
    monkeypatch.setattr(heartbeat, "_SHORTEST", 0.05)


@pytest.mark.requirement("hold:lost")
@pytest.mark.usefixtures("quick")
def test_a_lost_claim_ends_the_command_and_what_it_started(ann: Desk, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    stubborn = f"trap '' TERM; sleep 600 & echo $! $$ > {pids}; wait; wait; sleep 600"

    def steal(pulse: Pulse) -> None:
        told.append(pulse.beat)
        if pids.exists() and pids.read_text() and Beat.LOST not in told:
            claim = pulse.claim
            ask = Ask(Act.STEAL, claim.key, "bob@example.com", "s-bob", HOUR, "b", reason="x")
            if len(told) > 1 and not stolen:
                stolen.append(ann.arbiter.ask(ask))

    told: list[Beat] = []
    stolen: list[Claim] = []
    wish = Guarded("US1", 1, script(stubborn), grace=0.2)
    with pytest.raises(Conflict, match="bob@example") as caught:
        attend.attend(ann, wish, steal)
    assert caught.value.exit_code == 3
    assert told[-1] is Beat.LOST
    for pid in map(int, pids.read_text().split()):
        with _when(lambda pid=pid: not _lives(pid), lambda: None):  # type: ignore[misc]
            pass  # who was killed may be gone a moment later
        assert not _lives(pid)


def _lives(pid: int) -> bool:
    """Tell whether a process runs; one that has ended may wait for whoever asks."""
    with suppress(OSError):
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        return state not in "ZX"
    return False


@pytest.mark.requirement("hold:signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_reach_the_command(ann: Desk, tmp_path: Path, number: int) -> None:
    ready, before = tmp_path / "ready", signal.getsignal(number)
    name = signal.Signals(number).name.removeprefix("SIG")
    text = f"trap 'exit 42' {name}; echo x > {ready}; while :; do sleep 0.05; done"
    with _when(ready.exists, lambda: os.kill(os.getpid(), number)):
        done, _ = hold(ann, *script(text))
    assert done.code == 42
    assert signal.getsignal(number) is before


@pytest.mark.requirement("hold:signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_without_a_command_a_signal_ends_the_holding(ann: Desk, number: int) -> None:
    before = signal.getsignal(number)  # in the background of a script SIGINT is ignored

    def is_listening() -> bool:
        return signal.getsignal(number) is not before

    with _when(is_listening, lambda: os.kill(os.getpid(), number)):
        done, _ = hold(ann, is_given_back=True)
    assert (done.code, done.claim.is_released) == (0, True)


class _when:  # noqa: N801 - read as a word
    """Do something from another thread as soon as a thing is so."""

    def __init__(self, is_so: Callable[[], bool], act: Callable[[], None]) -> None:
        self.thread = Thread(target=self._watch, args=(is_so, act))

    def _watch(self, is_so: Callable[[], bool], act: Callable[[], None]) -> None:
        for _ in range(2000):
            if is_so():
                break
            subprocess.run(["sleep", "0.01"], check=True)
        act()

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *_: object) -> None:
        self.thread.join()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Stand in a repository of a simulated Rally whose claims the store decides."""
    running = start(Options())
    facts = running.as_json()["rally"]
    monkeypatch.setenv("RALLY_SERVER", facts["url"])
    monkeypatch.setenv("RALLY_WORKSPACE", f"/workspace/{facts['workspace']['oid']}")
    monkeypatch.setenv("RALLY_PROJECT", f"/project/{facts['project']['oid']}")
    monkeypatch.setenv("RALLY_API_KEY", facts["api_key"])
    monkeypatch.setenv("PAN_ME", "ann@example.com")
    folder = tmp_path / "project"
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    (folder / ".panopticon.yaml").write_text("arbiter: store:local\n")
    monkeypatch.chdir(folder)
    yield folder
    running.stop()


@pytest.mark.requirement("hold:command")
@pytest.mark.requirement("fence:guard")
@pytest.mark.usefixtures("project")
def test_the_command_line_holds_and_guards(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["sync", "--json"]) == 0
    assert cli.run(["checkout", "story=US-125", "--no-branch", "--json"]) == 0
    capsys.readouterr()
    check = [sys.executable, "-P", "-m", "panopticon", "fence", "story=US125", "--json"]
    assert cli.run(["hold", "story=US125", "lock_hours=2", "--", *check]) == 0
    assert cli.run(["hold", "story=US125", "--", "sh", "-c", "exit 5"]) == 5
    assert cli.run(["hold", "story=US125", "lock_hours=0", "--", "true"]) == 2
    assert cli.run(["hold", "story=US126", "--", "true"]) == 3
    assert "nobody holds it" in capsys.readouterr().err
    monkeypatch.setenv("PAN_ME", "bob@example.com")
    monkeypatch.chdir("..")
    Path(".panopticon.yaml").write_text("arbiter: store:local\n")
    assert cli.run(["hold", "story=US125", "--", "true"]) == 3
    assert "US125 is held by ann@example.com" in capsys.readouterr().err
    assert cli.run(["work", "update", "US125", "state=done", "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["error"] == "locked"
    assert cli.run(["work", "update", "US125", "points=3"]) == 0
    assert cli.run(["work", "update", "US125", "state=done", "claim=ignore"]) == 0


@pytest.mark.slow
@pytest.mark.requirement("hold:signals")
@pytest.mark.usefixtures("project")
def test_ctrl_c_at_a_terminal_reaches_the_command() -> None:
    assert cli.run(["sync", "--json"]) == 0
    assert cli.run(["checkout", "story=US-125", "--no-branch", "--json"]) == 0
    text = "trap 'exit 42' INT; echo ready; while :; do sleep 0.05; done"
    words = [
        sys.executable,
        "-P",
        "-m",
        "panopticon",
        "hold",
        "story=US125",
        "--",
        "sh",
        "-c",
        text,
    ]
    pid, terminal = pty.fork()
    if pid == 0:  # pragma: no cover - another process
        os.execv(sys.executable, words)
    said = b""
    while b"ready" not in said:
        said += os.read(terminal, 1000)
    os.write(terminal, b"\x03")
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 42
    os.close(terminal)
