"""Files of a person's home: read by nobody else, written whole or not at all."""

import errno
import os
import re
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from panopticon.errors import LocalFault


def write_private(path: Path, text: str | bytes, *, is_foreign: bool = False) -> None:
    """Write a file of mode 600 in one step; a link is followed, so that dotfile folders survive.

    Not in a foreign folder (a repository's), which may bring links that lead anywhere.
    """
    target = path if is_foreign else path.resolve()
    if is_foreign and path.parent.is_symlink():
        hint = "Panopticon never makes it so: delete it, and ask where it came from."
        raise LocalFault(f"Cannot write {path}: its folder is a link.", hint)
    _write(target, text, is_new=False)


def write_new(path: Path, text: str) -> None:
    """Write a file of mode 600 where none is; one that is there stays, whoever made it.

    It is never there in part: of several writers at once one wins, and all read the same.
    """
    _write(path.resolve(), text, is_new=True)


def _write(target: Path, text: str | bytes, *, is_new: bool) -> None:
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = target.with_name(f".{target.name}.{secrets.token_hex(6)}")
        try:
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(text.encode() if isinstance(text, str) else text)
                file.flush()
                os.fsync(file.fileno())
            if is_new and _linked(fresh, target):
                fresh.unlink()
            else:
                fresh.replace(target)
        except OSError:
            fresh.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise LocalFault(
            f"Cannot write {target}: {error.strerror}.", "Make its folder writable, then try again."
        ) from error


def _linked(fresh: Path, target: Path) -> bool:
    """Give a file its name unless that is taken; tells whether the disk knows how."""
    try:
        os.link(fresh, target)
    except FileExistsError:
        return True
    except OSError:  # no hard links here: then the last one wins
        return target.exists()
    return True


def read_foreign(path: Path) -> bytes:
    """Read our own file in a foreign folder; raises OSError for a link, a device, a pipe."""
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
    descriptor = os.open(path, flags)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "it is no plain file", str(path))
        return file.read()


def sweep(path: Path, before: float) -> None:
    """Delete what killed writers of a file left beside it before that moment (seconds since 1970).

    It may hold keys. What cannot be deleted is left.
    """
    target = path.resolve()
    left = re.compile(re.escape(f".{target.name}.") + "[0-9a-f]{12}")
    with suppress(OSError):
        for one in target.parent.iterdir():
            if left.fullmatch(one.name) and one.lstat().st_mtime < before:
                one.unlink()


def is_open_to_others(path: Path) -> bool:
    """Tell whether anybody but the owner may read or write a file."""
    try:
        return bool(path.stat().st_mode & 0o077)
    except OSError:
        return False
