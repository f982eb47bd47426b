"""Listing a folder: which files are there, and why some are left out."""

import hashlib
import os
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from panopticon.errors import LocalFault, NotFound, Retriable
from panopticon.local.disk_path import LIMIT, place
from panopticon.model.disk import FileFact, Listing

NEVER = frozenset(
    [
        "__pycache__",
        "bower_components",
        "build",
        "coverage",
        "dist",
        "node_modules",
        "site-packages",
        "target",
        "venv",
        ".cache",
        ".git",
        ".gradle",
        ".hg",
        ".mypy_cache",
        ".next",
        ".nox",
        ".nuxt",
        ".panopticon",
        ".pytest_cache",
        ".ruff_cache",
        ".svn",
        ".terraform",
        ".tox",
        ".venv",
    ]
)
_RACY_SECONDS = 3.0
"""A file this young may change again without a change of its times, on coarse file systems."""


def listed(root: Path, is_wanted: Callable[[str], bool]) -> Listing:
    """List the wanted files; raises NotFound, LocalFault, or Retriable when they move meanwhile."""
    try:
        mode = root.stat().st_mode
    except PermissionError as error:
        raise _closed(root, error) from error
    except OSError as error:
        raise _gone(root, "is not there") from error
    if not stat.S_ISDIR(mode):
        raise _gone(root, "is no folder")
    walk = _Walk(root, is_wanted)
    try:
        walk.whole()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise Retriable(
            f"{root} changed while it was read: {error.filename} went away.", "Try again."
        ) from error
    except OSError as error:
        raise _closed(root, error) from error
    files = tuple(walk.files[path] for path in sorted(walk.files))
    return Listing(files, dict(sorted(walk.skipped.items())))


def _gone(root: Path, what: str) -> NotFound:
    return NotFound(
        f"The folder {root} {what}.",
        "Put it back, or change `folders` of this tracker.",
        path=str(root),
    )


def _closed(root: Path, error: OSError) -> LocalFault:
    return LocalFault(f"Cannot read {root}: {error.strerror}.", "Change its mode or its owner.")


@dataclass(slots=True)
class _Walk:
    """One listing under way; what links name comes last, when all real folders are known."""

    root: Path
    is_wanted: Callable[[str], bool]
    files: dict[str, FileFact] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    seen: set[tuple[int, int]] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    now: float = field(default_factory=time.time)

    def whole(self) -> None:
        self._below("")
        while self.links:
            self._link(self.links.pop(0))

    def _below(self, start: str) -> None:
        left = [start]
        while left:
            left += self._folder(left.pop())

    def _folder(self, path: str) -> Iterator[str]:
        """Take the files of one folder and give the folders to enter next."""
        found = self._entries(path)
        if path and _is_worktree(found):
            self.skipped[path] = "is another worktree of a repository"
            return
        for entry in found:
            name = f"{path}/{entry.name}" if path else entry.name
            if entry.is_symlink():
                self.links.append(name)
            elif entry.is_dir(follow_symlinks=False):
                if self._is_entered(name, entry.name):
                    yield name
            elif self.is_wanted(name):
                self._file(name, entry.stat(follow_symlinks=False))

    def _entries(self, path: str) -> list[os.DirEntry[str]]:
        try:
            own = os.stat(self.root / path)  # noqa: PTH116 - a path text, as scandir gives
            self.seen.add((own.st_dev, own.st_ino))
            with os.scandir(self.root / path) as entries:
                return sorted(entries, key=lambda entry: entry.name)
        except (FileNotFoundError, NotADirectoryError):
            raise
        except OSError as error:
            if not path:
                raise
            self.skipped[path] = f"cannot be read: {error.strerror}"
            return []

    def _is_entered(self, path: str, name: str) -> bool:
        """Enter a folder; a hidden one only when asked for as `path/`."""
        if not _is_text(path):
            self._skip_odd(path)
            return False
        return name not in NEVER and (not name.startswith(".") or self.is_wanted(f"{path}/"))

    def _skip_odd(self, path: str) -> None:
        shown = path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
        self.skipped[shown] = "has a name that is not UTF-8"

    def _file(self, path: str, fact: os.stat_result) -> None:
        if not _is_text(path):
            self._skip_odd(path)
        elif not stat.S_ISREG(fact.st_mode):
            self.skipped[path] = "is no regular file"
        elif fact.st_size > LIMIT:
            self.skipped[path] = f"is larger than {LIMIT // 1_000_000} MB"
        elif not os.access(self.root / path, os.R_OK, effective_ids=_HAS_EFFECTIVE):
            self.skipped[path] = "cannot be read: Permission denied"
        else:
            modified = datetime.fromtimestamp(fact.st_mtime, UTC)
            self.files[path] = FileFact(path, fact.st_size, self._stamp(path, fact), modified)

    def _stamp(self, path: str, fact: os.stat_result) -> str:
        stamp = f"{fact.st_mtime_ns}-{fact.st_ctime_ns}-{fact.st_ino}-{fact.st_size}"
        if max(fact.st_mtime, fact.st_ctime) < self.now - _RACY_SECONDS:
            return stamp
        return f"{stamp}-{hashlib.sha256((self.root / path).read_bytes()).hexdigest()[:16]}"

    def _link(self, path: str) -> None:
        """Follow a link to what is inside and not listed yet."""
        name = path.rpartition("/")[2]
        try:
            real = os.path.realpath(self.root / path, strict=True)
            fact = os.stat(real)  # noqa: PTH116 - as above
        except OSError as error:
            if self.is_wanted(path):
                self.skipped[path] = _of_link(error)
            return
        is_folder = stat.S_ISDIR(fact.st_mode)
        if not is_folder and not self.is_wanted(path):
            return
        if not Path(real).is_relative_to(self.root):
            self.skipped[path] = "leads outside the folder"
        elif is_folder:
            self._link_to_folder(path, name, real, fact)
        elif os.path.relpath(real, self.root) not in self.files:
            place(self.root, path)
            self._file(path, fact)

    def _link_to_folder(self, path: str, name: str, real: str, fact: os.stat_result) -> None:
        if Path(os.path.realpath((self.root / path).parent)).is_relative_to(real):
            self.skipped[path] = "leads round in a circle"
        elif (fact.st_dev, fact.st_ino) not in self.seen and self._is_entered(path, name):
            self._below(path)


_HAS_EFFECTIVE = os.access in os.supports_effective_ids


def _is_text(path: str) -> bool:
    return path.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in path)


def _is_worktree(entries: list[os.DirEntry[str]]) -> bool:
    """Tell a further worktree by its `.git` file; it would show every story twice."""
    for entry in entries:
        if entry.name == ".git" and entry.is_file(follow_symlinks=False):
            with Path(entry.path).open("rb") as file:
                return b"/worktrees/" in file.read(4096)
    return False


def _of_link(error: OSError) -> str:
    import errno  # noqa: PLC0415 - for the rare broken link

    return "leads round in a circle" if error.errno == errno.ELOOP else "leads nowhere"
