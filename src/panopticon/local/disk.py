"""Folders of files and their git history: trackers/disk.py on this machine."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from panopticon.errors import LocalFault
from panopticon.local import disk_list, disk_still, disk_write, lock
from panopticon.local.disk_path import place, root_of
from panopticon.local.file import read_foreign, write_private
from panopticon.local.git import about, commit as git_commit, past
from panopticon.local.git.call import Place, asked, found
from panopticon.model.disk import Author, Committed, Listing, Past, Repository, Write


class LocalDisk:
    """Opens folders of this machine."""

    def open(self, path: str) -> "LocalFolder":
        """Open a folder, also one that is not there yet; raises InvalidInput."""
        return LocalFolder(root_of(path))


class LocalFolder:
    """One folder of this machine; git is asked only where a `.git` stands around it."""

    def __init__(self, root: Path) -> None:
        """Keep the folder, its links resolved."""
        self._root = root
        self._walked: tuple[str, Mapping[str, Past]] | None = None
        self._known: Repository | None = None

    @property
    def root(self) -> str:
        """The folder as an absolute path."""
        return str(self._root)

    def files(self, is_wanted: Callable[[str], bool]) -> Listing:
        """List the wanted files below."""
        return disk_list.listed(self._root, is_wanted)

    def settled(self, is_wanted: Callable[[str], bool]) -> Listing:
        """List the wanted files while nothing comes and goes."""
        return disk_still.settled(self._root, self._around(), lambda: self.files(is_wanted))

    def lost(self) -> frozenset[str]:
        """Name what git tracks below and the folder lacks."""
        return frozenset(disk_still.lost(self._root) if self._around() else ())

    def read(self, path: str) -> bytes:
        """Read a file."""
        return disk_write.read(self._root, path)

    def write(self, changes: Sequence[Write]) -> None:
        """Replace files, each compared with its `before`; all of them or none."""
        disk_write.write_all(self._root, changes)

    def locked(self, seconds: float) -> AbstractContextManager[None]:
        """Be the only writer of this folder's repository, else of this folder."""
        path, doing = self._own() / "stories.lock", f"Writing in {self._root}"
        return lock.held(path, doing, seconds, is_foreign=True)

    def journal(self) -> bytes | None:
        """Read what a writer that died left to be finished."""
        try:
            return read_foreign(self._mine("journal"))
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise _unusable(self._mine("journal"), error) from error

    def put_journal(self, content: bytes | None) -> None:
        """Keep what must be finished, safely on the disk; None forgets it."""
        file = self._mine("journal")
        if content is not None:
            write_private(file, content, is_foreign=True)
            return
        try:
            file.unlink(missing_ok=True)
        except OSError as error:
            raise _unusable(file, error) from error

    def repository(self) -> Repository | None:
        """Say which git repository this is in."""
        around = self._around()
        if around is None:
            return None
        self._known = about.repository(self._root, around, self._known)
        return self._known

    def pasts(self) -> Mapping[str, Past]:
        """Tell the past of every file that git tracks below; walked anew when HEAD moves."""
        around = self._around()
        head = asked(self._root, "rev-parse", "--verify", "--quiet", "HEAD") if around else None
        if not around or not head:
            return {}
        if self._walked is None or self._walked[0] != head:
            said = past.walked(self._root, head.strip(), self._mine("pasts"))
            self._walked = (head, past.lives(past.parsed(said)))
        return past.with_changes(self._root, around.inside(self._root), self._walked[1])

    def commits(self, path: str, limit: int) -> list[Committed]:
        """Read the newest commits of a file, renames followed, newest first."""
        place(self._root, path)
        return about.commits(self._root, path, limit) if self._around() else []

    def uncommitted(self, paths: Sequence[str]) -> list[str]:
        """Tell which of these files differ from the last commit."""
        around = self._around()
        real = self._real(paths)
        return git_commit.uncommitted(self._root, around, real) if around and real else []

    def commit(self, paths: Sequence[str], message: str) -> str | None:
        """Commit these files alone; None when there is nothing to do or no repository."""
        around = self._around()
        real = self._real(paths)
        return git_commit.commit(self._root, around, real, message) if around and real else None

    def _real(self, paths: Sequence[str]) -> list[str]:
        """Git keeps links as links: what is written is the file that one leads to."""
        return [place(self._root, path).relative_to(self._root).as_posix() for path in paths]

    def authors(self) -> list[Author]:
        """List who commits in this repository, the busiest first."""
        return about.authors(self._root) if self._around() else []

    def me(self) -> Author | None:
        """Say who commits here now."""
        return about.me(self._root) if self._root.is_dir() else None

    def _around(self) -> Place | None:
        return found(self._root) if self._root.is_dir() else None

    def _own(self) -> Path:
        """Say where the lock and the journal stand: never among the files that a team commits."""
        around = self._around()
        return around.common / "panopticon" if around else self._root / ".panopticon"

    def _mine(self, name: str) -> Path:
        """Name a file that is for this folder in this worktree alone."""
        around = self._around()
        if not around:
            return self._own() / name
        which = f"{around.own.name}\0{around.inside(self._root)}"
        return self._own() / f"{name}-{hashlib.sha256(which.encode()).hexdigest()[:12]}"


def _unusable(file: Path, error: OSError) -> LocalFault:
    return LocalFault(f"Cannot use {file}: {error.strerror}.", "Make its folder writable.")
