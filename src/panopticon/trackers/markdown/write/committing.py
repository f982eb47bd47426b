"""Committing what a write has changed, and never what somebody else has left uncommitted."""

from collections.abc import Iterable, Mapping, Sequence

from panopticon.errors import LocalFault, NotFound
from panopticon.trackers.disk import Folder, Write


def in_the_way(folder: Folder, writes: Sequence[Write]) -> LocalFault | None:
    """Say, before the write, why a commit of these files would hold more than the write.

    A file that goes is gone as a whole: its commit holds nothing of anybody.
    """
    staying = [write.path for write in writes if write.after is not None]
    try:
        return _told(folder.uncommitted(staying))
    except LocalFault as error:
        return error


def committed(folder: Folder, after: Mapping[str, bytes | None], message: str) -> LocalFault | None:
    """Commit files that hold what was written; gives the reason where that is refused."""
    others = [path for path, content in after.items() if now(folder, path) != content]
    if others:
        return _told(others)
    try:
        folder.commit(list(after), message)
    except LocalFault as error:
        return error
    return None


def now(folder: Folder, path: str) -> bytes | None:
    """Read a file as it is; None where there is none."""
    try:
        return folder.read(path)
    except NotFound:
        return None


def _told(paths: Iterable[str]) -> LocalFault | None:
    names = ", ".join(paths)
    if not names:
        return None
    return LocalFault(
        f"{names} held changes that nobody had committed, which a commit would take along.",
        "Commit by hand what is yours; changes are committed again then.",
    )
