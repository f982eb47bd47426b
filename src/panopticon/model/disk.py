"""Folders of files and their git history, as values.

Paths are relative to the folder, with `/`, and never lead out of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class FileFact:
    """A file as listed; two equal `stamp`s of one path mean the same bytes, on this machine."""

    path: str
    size: int
    stamp: str
    modified_at: datetime


@dataclass(frozen=True, slots=True)
class Listing:
    """The files of a folder, in order of their paths; `skipped` says what was left out and why.

    Left out: links that lead outside or round in a circle, what is larger than 5 MB, what cannot
    be read. A reason goes on after the path: `is larger than 5 MB`.
    """

    files: tuple[FileFact, ...]
    skipped: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Write:
    """One file's change: what stood there as read (None: no file), what shall (None: none)."""

    path: str
    before: bytes | None
    after: bytes | None


@dataclass(frozen=True, slots=True)
class Repository:
    """The git repository around a folder.

    `root_commit` names it alike on every machine (None before the first commit); `inside` is the
    folder's path in it (empty at its root); `remote` has no credentials.
    """

    name: str
    root_commit: str | None
    inside: str
    remote: str | None
    head: str | None
    branch: str | None


@dataclass(frozen=True, slots=True)
class Past:
    """What git knows of a file: `born` is its first path in the folder, renames followed.

    No two files share it: where the first bearer of a path moved away before the second came, the
    second is `path~2`. `author` is who committed it first.
    """

    born: str
    created_at: datetime
    updated_at: datetime
    author: str | None
    is_dirty: bool


@dataclass(frozen=True, slots=True)
class Committed:
    """One commit that touched a file."""

    sha: str
    at: datetime
    author: str
    subject: str


@dataclass(frozen=True, slots=True)
class Author:
    """Somebody who commits here."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Revision:
    """A commit to be made: what files hold after it, with None for those that are gone."""

    author: Author
    at: datetime
    message: str
    files: Mapping[str, bytes | None]
