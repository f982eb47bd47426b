"""Somebody else's hand on a file: an editor that saves in place, slowly, loses what we replace.

Who truncates a file and writes it in pieces has it open for writing all that while. Linux tells of
that where it grants a lease to its owner; elsewhere a file that was written just now may be at it.

https://man7.org/linux/man-pages/man2/F_SETLEASE.2const.html
"""

import errno
import fcntl
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_PATIENCE = 2.0  # seconds for a hand to end
_YOUNG = 1.0  # seconds since a write, where the system does not tell who has a file open
_EVERY = 0.05
_REMOTE = frozenset({"nfs", "nfs4", "cifs", "smb3", "9p", "ceph", "afs"})  # refuse leases anyway
_ours: deque[tuple[int, int, int]] = deque(maxlen=200)


def wait(files: Iterable[Path]) -> None:
    """Wait until nobody is writing these files, but not for long."""
    until = time.monotonic() + _PATIENCE
    for file in files:
        while is_at(file) and time.monotonic() < until:
            time.sleep(_EVERY)


def is_at(file: Path, *, guesses: bool = True) -> bool:
    """Tell whether somebody is writing a file; `guesses`: by its age where it cannot be known."""
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        told = _open_for_writing(descriptor)
        return guesses and _is_young(os.fstat(descriptor)) if told is None else told
    finally:
        os.close(descriptor)


def wrote(file: Path) -> None:
    """Remember that what stands there is ours: nobody need wait for it."""
    with suppress(OSError):
        _ours.append(_mark(file.stat()))


def _is_young(fact: os.stat_result) -> bool:
    return 0 <= time.time() - fact.st_mtime < _YOUNG and _mark(fact) not in _ours


def _mark(fact: os.stat_result) -> tuple[int, int, int]:
    return fact.st_dev, fact.st_ino, fact.st_mtime_ns


def _open_for_writing(descriptor: int) -> bool | None:
    """Ask for a lease and give it back at once; None where the system does not tell."""
    if sys.platform != "linux":
        return None
    try:
        # Who opens it in this moment has us told by a signal, which must not be one that ends us.
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        is_told = error.errno == errno.EAGAIN and not _is_remote(os.fstat(descriptor).st_dev)
        return True if is_told else None
    return False


def _is_remote(device: int) -> bool:
    """Tell whether a file is another machine's, whose system grants leases as it likes."""
    wanted = f"{os.major(device)}:{os.minor(device)}"
    with suppress(OSError):
        lines = Path("/proc/self/mountinfo").read_text(errors="replace").splitlines()
        for words in map(str.split, lines):
            if words[2] == wanted:
                return words[words.index("-") + 1] in _REMOTE
    return False
