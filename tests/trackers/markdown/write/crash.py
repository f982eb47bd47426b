"""A writer that dies: a process of its own, killed at a named moment of a write.

`python -m tests.trackers.markdown.write.crash FOLDER MOMENT VERB`
"""

import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

from panopticon.local.disk import LocalDisk
from panopticon.model.disk import Write
from panopticon.model.issue import Kind, NewIssue, State
from panopticon.trackers.disk import Folder
from panopticon.trackers.markdown.options import Options
from panopticon.trackers.markdown.tracker import MarkdownTracker, tracker_of

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
MOMENTS = ("journal", "write:1", "written", "committed")
VERBS: dict[str, Callable[[MarkdownTracker], object]] = {
    "move": lambda tracker: tracker.transition("1.1", State.DONE),
    "story": lambda tracker: tracker.create(
        NewIssue(Kind.STORY, {"title": "New", "parent": "epic-1"})
    ),
    "epic": lambda tracker: tracker.create(NewIssue(Kind.EPIC, {"title": "New"})),
    "delete": lambda tracker: tracker.delete("1.1"),
}


class Wrapped:
    """A folder with something that happens at the moment of a write."""

    def __init__(self, inner: Folder) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        """Do the rest as the folder does."""
        return getattr(self._inner, name)

    def locked(self, seconds: float) -> AbstractContextManager[None]:
        """Lock it."""
        return self._inner.locked(seconds)


class Dying(Wrapped):
    """Is killed at a moment, as by SIGKILL from outside."""

    def __init__(self, inner: Folder, moment: str) -> None:
        super().__init__(inner)
        self._moment = moment

    def write(self, changes: Sequence[Write]) -> None:
        """Write, one by one where it dies between them."""
        name, _, count = self._moment.partition(":")
        if name == "write":
            self._inner.write(changes[: int(count)])
            _die()
        self._inner.write(changes)
        if name == "written":
            _die()

    def put_journal(self, content: bytes | None) -> None:
        """Keep the journal; it dies before it is forgotten, or right after it was kept."""
        if content is None and self._moment == "committed":
            _die()
        self._inner.put_journal(content)
        if content is not None and self._moment == "journal":
            _die()


class Wrapping:
    """A disk whose folders are wrapped."""

    def __init__(self, wrap: Callable[[Folder], object]) -> None:
        self._wrap = wrap

    def open(self, path: str) -> Any:
        """Open a folder."""
        return self._wrap(LocalDisk().open(path))


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main(root: str, moment: str, verb: str) -> None:
    """Begin a write and die in it."""
    options = Options("stories", (root,), commit=True)
    disk = Wrapping(lambda folder: Dying(folder, moment))
    VERBS[verb](tracker_of(options, disk, lambda: NOW))


if __name__ == "__main__":
    main(*sys.argv[1:4])
