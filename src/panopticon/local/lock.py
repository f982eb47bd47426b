"""One process at a time: a lock on a file, which the kernel frees when its holder dies.

https://man7.org/linux/man-pages/man2/flock.2.html
"""

import errno
import fcntl
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from panopticon.errors import Conflict, LocalFault

_EVERY = 0.05


@contextmanager
def held(
    path: Path, doing: str, wait_seconds: float, *, is_foreign: bool = False
) -> Iterator[None]:
    """Hold a file's lock; raises Conflict with the other's words when it stays taken.

    A foreign folder (a repository's) may be a link that leads anywhere: then LocalFault.
    """
    if is_foreign and path.parent.is_symlink():
        raise _odd(path)
    file = _open(path)
    try:
        _wait(file, path, doing, wait_seconds)
        os.truncate(file, 0)
        os.pwrite(file, f"process {os.getpid()}".encode(), 0)
        yield
    finally:
        os.close(file)


def is_held(path: Path) -> bool:
    """Tell whether somebody holds a file's lock, who is alive then; never waits."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(file)
    return False


def _wait(file: int, path: Path, doing: str, wait_seconds: float) -> None:
    until = time.monotonic() + max(wait_seconds, _EVERY)  # `is_held` takes it for a moment
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() < until:
                time.sleep(_EVERY)
                continue
            holder = os.pread(file, 100, 0).decode(errors="replace") or "another process"
            raise Conflict(
                f"{doing} is already done by {holder}.",
                "Wait for it to end, then try again.",
                holder=holder,
                file=str(path),
            ) from None
        return


def _open(path: Path) -> int:
    """Open the lock's own file; a link or a device that somebody put there is refused."""
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = os.open(path, flags, 0o600)
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.ENXIO}:
            raise _odd(path) from error
        raise LocalFault(
            f"Cannot use {path}: {error.strerror}.",
            "Make its folder writable, or point HOME at one that is.",
        ) from error
    fact = os.fstat(file)
    if not stat.S_ISREG(fact.st_mode) or fact.st_nlink > 1:
        os.close(file)
        raise _odd(path)
    return file


def _odd(path: Path) -> LocalFault:
    return LocalFault(
        f"Cannot lock {path}: it is a link or no plain file.",
        "Panopticon never makes it so: delete it, and ask where it came from.",
    )
