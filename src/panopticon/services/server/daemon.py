"""The board that runs in the background of a home: whether it runs, starting and stopping it.

A lock on a file that the server keeps open says "running": it goes with the process however that
ends, so a process number is never trusted on its own and never somebody else's.
"""

import errno
import fcntl
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from panopticon.errors import Conflict, LocalFault, PanError
from panopticon.local.run import first_line

_STOP_SECONDS = 15.0
_SEAT = "board.lock"
_DEMO = "demo"


@dataclass(frozen=True, slots=True)
class Running:
    """A board that runs: its process and where it answers ("" before it does)."""

    pid: int
    url: str

    @property
    def port(self) -> int | None:
        """The port it answers on."""
        tail = self.url.rpartition(":")[2]
        return int(tail) if tail.isdigit() else None


class Seat:
    """The lock that the one running board of a home holds."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def tell(self, url: str) -> None:
        """Write down where the board answers."""
        _write(self._descriptor, {"pid": os.getpid(), "url": url})


@contextmanager
def seat(home: Path) -> Iterator[Seat]:
    """Be the one board of this home; raises Conflict when another is."""
    descriptor = _opened(home)
    try:
        # Somebody who only looks holds the lock for a moment: try for a little while.
        if not _patient_lock(descriptor):
            found = _read(home)
            where = f" at {found.url}" if found and found.url else ""
            raise Conflict(
                f"The board already runs{where}.",
                "`pan open` opens it, `pan down` stops it"
                + (" (`pan --demo down` for the demo)." if home.name == _DEMO else "."),
                pid=found.pid if found else None,
            )
        _write(descriptor, {"pid": os.getpid(), "url": ""})
        yield Seat(descriptor)
    finally:
        os.close(descriptor)


def running(home: Path) -> Running | None:
    """Tell whether a board of this home runs."""
    try:
        descriptor = os.open(home / _SEAT, os.O_RDONLY)
    except OSError:
        return None
    try:
        return None if _lock(descriptor) else _read(home)
    finally:
        os.close(descriptor)


def stop(home: Path) -> Running | None:
    """Ask the running board to end and wait for it; None when none runs."""
    found = running(home)
    if found is None:
        return None
    try:
        os.kill(found.pid, signal.SIGTERM)
    except ProcessLookupError:
        return found
    except PermissionError as error:
        hint = "Stop it as that user."
        raise LocalFault(f"Process {found.pid} belongs to another user.", hint) from error
    deadline = time.monotonic() + _STOP_SECONDS
    while running(home) is not None:
        if time.monotonic() > deadline:
            raise LocalFault(
                f"The board (process {found.pid}) does not end.", f"`kill -9 {found.pid}` ends it."
            )
        time.sleep(0.05)
    return found


def check_port(port: int, homes: Sequence[Path], host: str = "127.0.0.1") -> None:
    """Raise LocalFault when a port is taken, saying so when it is one of our own boards."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
                hint = "Name an address of this machine with --host, or 0.0.0.0 for all of them."
                raise LocalFault(f"{host} is no address of this machine.", hint) from error
            if error.errno != errno.EADDRINUSE:
                raise LocalFault(
                    f"Port {port} cannot be used: {error.strerror}.", "Choose another: `--port N`."
                ) from error
            raise _taken(port, homes) from None


def homes(home: Path) -> list[Path]:
    """Name the homes whose boards may hold a port: the person's and the demo's."""
    main = home.parent if home.name == _DEMO else home
    return [main, main / _DEMO]


def _taken(port: int, homes: Sequence[Path]) -> LocalFault:
    free = "`--port 0` picks a free one, `--port N` that one."
    for home in homes:
        own = running(home)
        if own and own.port == port:
            down = "pan --demo down" if home.name == _DEMO else "pan down"
            what = "the demo's board" if home.name == _DEMO else "your board"
            hint = f"`{down}` stops it; {free}"
            return LocalFault(f"Port {port} is taken by {what} (process {own.pid}).", hint)
    return LocalFault(f"Port {port} is taken by another program.", free)


def detached(words: Sequence[str], log: Path) -> Mapping[str, str | int]:
    """Start `pan …` in the background; gives its ready line, raises what it failed with."""
    os.close(_opened(log.parent))  # says in words when the home cannot be written
    with log.open("wb") as file:
        log.chmod(0o600)
        line = first_line([sys.executable, "-m", "panopticon", *words], file)
    try:
        told = json.loads(line or b"{}")
    except ValueError:
        told = {}
    if "url" not in told:
        raise _failed(told, log)
    return told  # type: ignore[no-any-return] # the shape is ours: see `Ready`


def _failed(told: Mapping[str, object], log: Path) -> PanError:
    message = str(told.get("message") or "The board ended before it was ready.")
    hint = str(told.get("hint") or f"See {log}.")
    return Conflict(message, hint) if told.get("error") == "conflict" else LocalFault(message, hint)


def _opened(home: Path) -> int:
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.open(home / _SEAT, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise LocalFault(
            f"Cannot write in {home}: {error.strerror}.",
            "Make the folder writable, or point PANOPTICON_HOME at one that is.",
        ) from error


def _patient_lock(descriptor: int) -> bool:
    for _ in range(10):
        if _lock(descriptor):
            return True
        time.sleep(0.02)
    return False


def _lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _write(descriptor: int, record: Mapping[str, object]) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, json.dumps(record).encode(), 0)


def _read(home: Path) -> Running | None:
    try:
        record = json.loads((home / _SEAT).read_bytes())
        return Running(int(record["pid"]), str(record["url"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
