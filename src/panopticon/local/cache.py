"""The cache that agents read: files written whole, rewritten only when they changed.

A projection of the store: nothing ever reads it back as truth.
"""

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from panopticon.errors import LocalFault

STORIES = "stories"
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_NAME_LIMIT = 80
_TEMPORARY = ".tmp"


def safe_name(text: str) -> str:
    """Make a file name of any text: no folder, no hidden file, no surprise."""
    return _UNSAFE.sub("_", text)[:_NAME_LIMIT].strip("._") or "_"


def story_names(stories: Iterable[tuple[str, str, str]]) -> Iterator[tuple[str, str]]:
    """Give `(identity, path)` for `(identity, folder, name)`; names that clash get a mark.

    The first of those that clash keeps the plain name. Case does not tell names apart, for it
    does not on every disk.
    """
    taken: set[str] = set()
    for identity, folder, name in stories:
        path = f"{STORIES}/{safe_name(folder)}/{safe_name(name)}"
        if path.casefold() in taken:
            path += _mark(identity)
        taken.add(path.casefold())
        yield identity, path + ".json"


def _mark(identity: str) -> str:
    return "-" + hashlib.sha256(identity.encode(errors="replace")).hexdigest()[:8]


@dataclass
class CacheFolder:
    """A folder of JSON files; `OSError`s come out as LocalFault."""

    root: Path
    written: int = 0
    removed: int = 0
    _folders: set[str] = field(default_factory=set)

    def present(self) -> set[str]:
        """List the story files there are, and sweep what an interrupted write left behind."""
        try:
            return set(self._scan())
        except OSError as error:
            raise self._fault(error) from error

    def found(self, identity: str, name: str) -> Iterator[tuple[str, bytes]]:
        """Read the files that may be a story's, whatever folder it is in: path and content."""
        names = (f"{safe_name(name)}.json", f"{safe_name(name)}{_mark(identity)}.json")
        for folder in _folders(self.root / STORIES):
            for one in names:
                with suppress(OSError):
                    content = _content(f"{folder}/{one}")
                    if content is not None:
                        yield f"{STORIES}/{folder.name}/{one}", content

    def put(self, name: str, content: bytes, *, is_new: bool = False) -> bool:
        """Write a file in one step when its content differs, or there is none."""
        path = f"{self.root}/{name}"
        try:
            if not is_new and _content(path) == content:
                return False
            self._make_folder(path.rpartition("/")[0])
            folder, _, last = path.rpartition("/")
            fresh = f"{folder}/.{last}{_TEMPORARY}"
            with open(fresh, "wb") as file:  # noqa: PTH123 - ten thousand times: Path costs
                file.write(content)
            os.replace(fresh, path)  # noqa: PTH105 - as above
        except OSError as error:
            raise self._fault(error) from error
        self.written += 1
        return True

    def remove(self, names: Iterable[str]) -> None:
        """Remove story files, and the folders that they leave empty."""
        try:
            for name in names:
                path = self.root / name
                path.unlink(missing_ok=True)
                self.removed += 1
                with suppress(OSError):  # not empty
                    path.parent.rmdir()
        except OSError as error:
            raise self._fault(error) from error

    def _scan(self) -> Iterator[str]:
        for folder in (self.root, *_folders(self.root / STORIES)):
            if not folder.is_dir():
                continue
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.name.startswith(".") and entry.name.endswith(_TEMPORARY):
                        os.unlink(entry.path)  # noqa: PTH108
                    elif folder is not self.root and entry.name.endswith(".json"):
                        yield f"{STORIES}/{folder.name}/{entry.name}"

    def _make_folder(self, folder: str) -> None:
        if folder not in self._folders:
            Path(folder).mkdir(parents=True, exist_ok=True)
            self._folders.add(folder)

    def _fault(self, error: OSError) -> LocalFault:
        return LocalFault(
            f"Cannot write the cache {error.filename or self.root}: {error.strerror}.",
            "Make the folder writable or free some space; what is stored is unharmed.",
        )


def _folders(root: Path) -> Iterator[Path]:
    """List the folders of the stories; links are left alone."""
    if not root.is_dir():
        return
    with os.scandir(root) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield Path(entry.path)


def _content(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            return file.read()
    except FileNotFoundError:
        return None
