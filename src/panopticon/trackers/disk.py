"""The seam to folders of files and their git history, for trackers that are files.

Trackers start no programs and open no files: what implements this is in local/. Paths are
relative to the folder, with `/`, and never lead out of it.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from panopticon.model.disk import (
    Author,
    Committed,
    FileFact,
    Listing,
    Past,
    Repository,
    Write,
)

__all__ = [
    "Author",
    "Committed",
    "Disk",
    "FileFact",
    "Folder",
    "Listing",
    "Past",
    "Repository",
    "Write",
]


class Folder(Protocol):
    """One folder, opened."""

    @property
    def root(self) -> str:
        """The folder as an absolute path."""

    def files(self, is_wanted: Callable[[str], bool]) -> Listing:
        """List the wanted files below; raises NotFound without the folder, Retriable when it moves.

        `is_wanted` is asked for the paths of files, and for those of hidden folders with a `/` at
        the end (`.bmad-core/`, `docs/.stories/`): these are entered only when it says so. `.git`,
        `node_modules`, `dist`, other worktrees and the like are never entered.
        """

    def settled(self, is_wanted: Callable[[str], bool]) -> Listing:
        """List as `files` does, while nothing comes and goes: the names alike twice, git at rest.

        It takes a moment. Raises Retriable when it does not come to rest within seconds.
        """

    def lost(self) -> frozenset[str]:
        """Name the files that git tracks below and that are not there; empty without git."""

    def read(self, path: str) -> bytes:
        """Read a file; raises NotFound, LocalFault, InvalidInput for a path that leads out."""

    def write(self, changes: Sequence[Write]) -> None:
        """Replace files, each whole or not at all, the mode kept.

        Every file is compared with its `before` first: raises Conflict with `path` and the
        `difference` when one has changed, and then nothing is written. LocalFault when it is
        read-only.
        """

    def locked(self, seconds: float) -> AbstractContextManager[None]:
        """Be the only writer of this folder among all processes; raises Conflict after a wait.

        In a repository one lock is for all its folders and worktrees. It is not to be taken twice.
        """

    def journal(self) -> bytes | None:
        """Read what a writer that died left to be finished."""

    def put_journal(self, content: bytes | None) -> None:
        """Keep what must be finished, safely on the disk; None forgets it."""

    def repository(self) -> Repository | None:
        """Say which git repository this is in; None outside one or without git.

        Head and branch are asked each time, the rest when the head moves.
        """

    def pasts(self) -> Mapping[str, Past]:
        """Tell the past of every file that git tracks below; empty without git.

        The history is walked anew when HEAD moves; what differs from it is looked at each time. A
        file moved since the last commit, its bytes as they were, has the past of its old path.
        """

    def commits(self, path: str, limit: int) -> list[Committed]:
        """Read the newest commits of a file, renames followed, newest first; empty without git."""

    def uncommitted(self, paths: Sequence[str]) -> list[str]:
        """Tell which of these files differ from the last commit, staged or not, or are unknown.

        None does without a repository or where git ignores them; raises LocalFault without answer.
        """

    def commit(self, paths: Sequence[str], message: str) -> str | None:
        """Commit these files alone, whatever else is staged; None when there is nothing to do.

        There is nothing to do without a repository, and where nothing has changed.

        Raises LocalFault with git's words (a hook's, a merge under way), when it ignores all of
        them, and when it does not answer; files stay as written.
        """

    def authors(self) -> list[Author]:
        """List who commits in this repository, the busiest first."""

    def me(self) -> Author | None:
        """Say who commits here now."""


class Disk(Protocol):
    """Opens folders."""

    def open(self, path: str) -> Folder:
        """Open a folder, also one that is not there yet; `~` is the home; raises InvalidInput."""
