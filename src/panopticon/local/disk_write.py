"""Writing files of people: compared first, each whole or not at all, all or none."""

import difflib
import os
import re
import secrets
import stat
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from panopticon.errors import Conflict, InvalidInput, LocalFault, NotFound
from panopticon.local import disk_hand
from panopticon.local.disk_path import LIMIT, place
from panopticon.model.disk import Write

_SHOWN_LINES = 40
_COMPARED_LINES = 1_000
_BESIDE = re.compile(r"\..+\.[0-9a-f]{12}\.pan")


def read(root: Path, path: str) -> bytes:
    """Read a file; raises NotFound, LocalFault, InvalidInput for a path that leads out."""
    found = content(place(root, path), path)
    if found is None:
        raise NotFound(f"{path} is not in {root}.", "Sync, then look again.", path=path)
    return found


def content(file: Path, path: str) -> bytes | None:
    """Read what stands in a file now; None where there is none."""
    try:
        # Without waiting: a pipe would keep the reader until somebody writes.
        descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as opened:
            fact = os.fstat(descriptor)
            if not stat.S_ISREG(fact.st_mode) or fact.st_size > LIMIT:
                raise LocalFault(
                    f"{path} is no file of at most {LIMIT // 1_000_000} MB.",
                    "Put what it holds into smaller files.",
                    path=path,
                )
            return opened.read(LIMIT + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise LocalFault(
            f"Cannot read {path}: {error.strerror}.", "Change its mode or its owner.", path=path
        ) from error


def write_all(root: Path, changes: Sequence[Write]) -> None:
    """Replace files; raises Conflict when one is not as it was read, LocalFault otherwise.

    To be called by one at a time, under the folder's lock: what others left beside is swept.
    """
    steps = [_Step(change, place(root, change.path)) for change in changes]
    if len({step.file for step in steps}) < len(steps):
        raise InvalidInput("One file is to be written twice at once.", "Give each file once.")
    for step in steps:
        step.compare()
    disk_hand.wait(step.file for step in steps)
    for folder in {step.file.parent for step in steps}:
        _sweep(folder)
    try:
        for step in steps:
            step.prepare()
        _apply(steps)
        for folder in {step.file.parent for step in steps}:
            _flush(folder)
    except OSError as error:
        raise LocalFault(
            f"Cannot write {error.filename or root}: {error.strerror}.",
            "Nothing was changed. Make room, or make the file and its folder writable.",
        ) from error
    finally:
        for step in steps:
            step.clear()


def _apply(steps: Sequence["_Step"]) -> None:
    """Put every file in its place; when one fails, those before it are put back."""
    for done, step in enumerate(steps):
        try:
            step.apply()
        except BaseException:
            for earlier in reversed(steps[:done]):
                earlier.put_back()
            raise


def difference(path: str, before: bytes | None, now: bytes | None) -> str:
    """Show how a file differs from what was read, in at most 40 lines."""
    old, new = _near(
        *((one or b"").decode("utf-8", "replace").splitlines() for one in (before, now))
    )
    told = difflib.unified_diff(old, new, f"{path} (as read)", f"{path} (as it is)", lineterm="")
    lines = list(islice(told, _SHOWN_LINES + 1))
    return "\n".join(lines if len(lines) <= _SHOWN_LINES else [*lines[: _SHOWN_LINES - 1], "…"])


def _near(old: list[str], new: list[str]) -> tuple[list[str], list[str]]:
    """Keep what surrounds the first difference: comparing long files whole takes minutes."""
    if max(len(old), len(new)) <= _COMPARED_LINES:
        return old, new
    pairs = enumerate(zip(old, new, strict=False))
    first = next((at for at, (one, other) in pairs if one != other), min(len(old), len(new)))
    start = max(0, first - 3)
    return old[start:][:_COMPARED_LINES], new[start:][:_COMPARED_LINES]


@dataclass(slots=True)
class _Step:
    """One file's change, its new bytes waiting beside it."""

    change: Write
    file: Path
    fresh: Path | None = None
    made: list[Path] = field(default_factory=list)
    fact: os.stat_result | None = None
    kept: Path | None = None  # another name of the file that is being replaced

    def compare(self) -> None:
        now = content(self.file, self.change.path)
        if now == self.change.before:
            return
        path = self.change.path
        raise Conflict(
            f"{path} {_what_happened(self.change.before, now)} since it was read.",
            "Sync, look at it, then try again.",
            path=path,
            difference=difference(path, self.change.before, now),
        )

    def prepare(self) -> None:
        """Check that it may be written, and lay the new bytes beside it."""
        if self.change.before is not None:
            self.fact = _check_writable(self.file, self.change.path)
        near = self.file.parent
        while not near.is_dir():
            self.made.append(near)
            near = near.parent
        _check_writable(near, str(near))
        for folder in reversed(self.made):
            folder.mkdir(exist_ok=True)
        if self.change.after is not None:
            self.fresh = _beside(self.file, self.change.after, self.fact)

    def apply(self) -> None:
        seen = _seen(self.file)
        self.compare()
        with suppress(OSError):  # a file system without links, or no file
            kept = _name_beside(self.file)
            os.link(self.file, kept)
            self.kept = kept
        if self.fresh:
            self.fresh.replace(self.file)
            self.fresh = None
            disk_hand.wrote(self.file)
        elif self.change.before is not None:
            self.file.unlink()
        if self.kept:
            self._give_way(self.kept, seen)

    def _give_way(self, kept: Path, seen: tuple[int, ...] | None) -> None:
        """Put the replaced file back, itself, when somebody wrote it meanwhile or is at it."""
        if _seen(kept) != seen or disk_hand.is_at(kept, guesses=False):
            now = content(kept, self.change.path)
            kept.replace(self.file)
            self.kept = None
            path = self.change.path
            raise Conflict(
                f"{path} is being written by somebody else.",
                "Wait until that is done, look at it, then try again.",
                path=path,
                difference=difference(path, self.change.before, now),
            )
        kept.unlink(missing_ok=True)
        self.kept = None

    def put_back(self) -> None:
        """Undo it, unless somebody wrote into it at once."""
        with suppress(OSError, LocalFault):
            if content(self.file, self.change.path) != self.change.after:
                return
            if self.change.before is None:
                self.file.unlink(missing_ok=True)
            else:
                _beside(self.file, self.change.before, self.fact).replace(self.file)

    def clear(self) -> None:
        with suppress(OSError):
            for left in filter(None, (self.fresh, self.kept)):
                left.unlink(missing_ok=True)
            for folder in self.made:
                folder.rmdir()  # refused where something stands in it


def _what_happened(before: bytes | None, now: bytes | None) -> str:
    if now is None:
        return "was deleted"
    return "was made" if before is None else "has changed"


def _check_writable(file: Path, path: str) -> os.stat_result:
    """Refuse what its mode forbids, to the superuser too, as an editor would."""
    fact = file.stat()
    if os.access(file, os.W_OK) and fact.st_mode & 0o222:
        return fact
    raise LocalFault(f"{path} is read-only.", "Make it writable, then try again.", path=path)


def _beside(file: Path, content: bytes, fact: os.stat_result | None) -> Path:
    """Write a file's next bytes into its folder, safely on the disk, with its old mode."""
    fresh = _name_beside(file)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    try:
        with os.fdopen(descriptor, "wb") as opened:
            if fact:
                _keep(descriptor, fact)
            opened.write(content)
            opened.flush()
            os.fsync(descriptor)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    return fresh


def _name_beside(file: Path) -> Path:
    return file.with_name(f".{file.name[:200]}.{secrets.token_hex(6)}.pan")


def _sweep(folder: Path) -> None:
    """Delete what killed writers left in a folder; what cannot be deleted is left."""
    with suppress(OSError):
        for one in folder.iterdir():
            if _BESIDE.fullmatch(one.name):
                one.unlink()


def _seen(file: Path) -> tuple[int, ...] | None:
    """Say which file stands there and when it was last written."""
    try:
        fact = file.stat()
    except OSError:
        return None
    return fact.st_dev, fact.st_ino, fact.st_size, fact.st_mtime_ns


def _keep(descriptor: int, fact: os.stat_result) -> None:
    """Give the new file the old one's owner, where that may be done, and its mode."""
    with suppress(PermissionError):
        os.fchown(descriptor, fact.st_uid, fact.st_gid)
    os.fchmod(descriptor, stat.S_IMODE(fact.st_mode))


def _flush(folder: Path) -> None:
    """Make the new names last; a file system that cannot is not asked twice."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
