"""Keeps the store in a file: an atomic snapshot, and beside it a journal of the commits since.

Law: a commit is one line, written before it becomes visible; a torn last line is no commit.
"""

import os
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from panopticon.errors import LocalFault
from panopticon.sandbox.service import Kept

_FORMAT = 1


class Journal:
    """The file of one sandbox."""

    def __init__(self, path: Path) -> None:
        """Name the snapshot; the journal lies beside it."""
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self.log = path.with_name(path.name + ".journal")
        self.file: BinaryIO | None = None
        self.fresh = True

    def load(self, store: Kept) -> bool:
        """Fill a store from the files, once; a reset begins from the seed."""
        if not self.fresh or not self.path.exists():
            self.fresh = False
            return False
        self.fresh = False
        with self.path.open("rb") as lines:
            head = _header(next(lines, b""), self.path)
            for line in lines:
                store.restore(head, [orjson.loads(line)])
        self._replay(store, head)
        self.snapshot(store)
        return True

    def snapshot(self, store: Kept) -> None:
        """Write everything to a new file, then put it in the old one's place."""
        new = self.path.with_name(self.path.name + ".new")
        with new.open("wb") as file:
            file.write(orjson.dumps({"sandbox": _FORMAT, "generation": store.generation}) + b"\n")
            file.writelines(orjson.dumps(row) + b"\n" for row in store.rows())
            file.flush()
            os.fsync(file.fileno())
        new.replace(self.path)
        if self.file:
            self.file.close()
        self.file = self.log.open("wb")

    def append(self, number: int, rows: list[list[Any]]) -> None:
        """Add a commit; it survives the end of this process from here on."""
        if self.file:
            self.file.write(orjson.dumps([number, rows]) + b"\n")
            self.file.flush()

    def close(self) -> None:
        """Put everything on the disk."""
        if self.file:
            self.file.flush()
            os.fsync(self.file.fileno())
            self.file.close()
            self.file = None

    def _replay(self, store: Kept, generation: int) -> None:
        if not self.log.exists():
            return
        for line in self.log.read_bytes().split(b"\n"):
            try:
                number, rows = orjson.loads(line)
            except ValueError:
                return
            if number > generation:
                store.restore(number, rows)


def _header(line: bytes, path: Path) -> int:
    try:
        head = orjson.loads(line)
        if head["sandbox"] == _FORMAT:
            return int(head["generation"])
    except (ValueError, KeyError, TypeError):
        pass
    raise LocalFault(
        f"{path} is not a state file of this sandbox.", "Name another file, or remove this one."
    )
