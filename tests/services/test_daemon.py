"""One board a home: the lock says whether it runs, never a process number alone."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from panopticon.errors import Conflict, LocalFault
from panopticon.services.server import daemon

HOLD = """
import sys, time
from collections.abc import Iterator
from pathlib import Path
from panopticon.services.server import daemon
with daemon.seat(Path(sys.argv[1])) as seat:
    seat.tell("http://127.0.0.1:" + sys.argv[2])
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def held(tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path), "4711"], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


@pytest.mark.requirement("setup:daemon:one")
def test_a_second_board_is_refused(tmp_path: Path, held: "subprocess.Popen[bytes]") -> None:
    assert daemon.running(tmp_path) == daemon.Running(held.pid, "http://127.0.0.1:4711")
    with pytest.raises(Conflict, match="4711") as caught, daemon.seat(tmp_path):
        pass
    assert "pan down" in caught.value.hint


@pytest.mark.requirement("setup:daemon:stop")
def test_it_is_stopped_by_its_lock(tmp_path: Path, held: "subprocess.Popen[bytes]") -> None:
    stopped = daemon.stop(tmp_path)
    assert stopped is not None
    assert stopped.pid == held.pid
    assert held.wait(5) == -signal.SIGTERM
    assert daemon.running(tmp_path) is None
    assert daemon.stop(tmp_path) is None


@pytest.mark.requirement("setup:daemon:stop")
def test_a_stale_record_kills_nobody(tmp_path: Path) -> None:
    record = f'{{"pid": {os.getpid()}, "url": "http://127.0.0.1:1"}}'
    (tmp_path / "board.lock").write_text(record)
    assert daemon.running(tmp_path) is None
    assert daemon.stop(tmp_path) is None


@pytest.mark.requirement("setup:daemon:stop")
def test_a_killed_board_leaves_no_trace(tmp_path: Path, held: "subprocess.Popen[bytes]") -> None:
    held.kill()
    held.wait()
    assert daemon.running(tmp_path) is None
    with daemon.seat(tmp_path):
        found = daemon.running(tmp_path)
        assert found is not None
        assert (found.pid, found.port) == (os.getpid(), None)


@pytest.mark.requirement("setup:daemon:port")
def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(LocalFault, match=str(port)) as caught:
            daemon.check_port(port, [tmp_path])
        assert "--port" in caught.value.hint
        assert "another program" in caught.value.message
        with daemon.seat(tmp_path / "demo") as seat:
            seat.tell(f"http://127.0.0.1:{port}")
            with pytest.raises(LocalFault, match="demo's board") as caught:
                daemon.check_port(port, [tmp_path, tmp_path / "demo"])
            assert "pan --demo down" in caught.value.hint
    daemon.check_port(0, [tmp_path])


@pytest.mark.requirement("setup:daemon:home")
def test_a_home_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LocalFault, match="file") as caught, daemon.seat(tmp_path / "file"):
        pass
    assert "PANOPTICON_HOME" in caught.value.hint
