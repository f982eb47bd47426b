"""The changes of one write, file by file, before anything is written."""

from dataclasses import dataclass, field

from panopticon.errors import NotFound
from panopticon.trackers.disk import Write
from panopticon.trackers.markdown.shelf.shelf import Shelf
from panopticon.trackers.markdown.text.piece import decode, encode
from panopticon.trackers.markdown.write.journal import Word


@dataclass
class Pending:
    """Texts as they shall be; a file's bytes as read are what it is compared with."""

    shelf: Shelf
    words: dict[str, Word] = field(default_factory=dict)
    _before: dict[str, bytes | None] = field(default_factory=dict)
    _after: dict[str, str | None] = field(default_factory=dict)

    def text(self, path: str) -> str | None:
        """Give a file's text with the changes so far; None where there is no file."""
        if path not in self._after:
            self._before[path] = self._read(path)
            before = self._before[path]
            self._after[path] = None if before is None else decode(before)
        return self._after[path]

    def put(self, path: str, text: str | None) -> None:
        """Change a file's text; None takes the file away."""
        self.text(path)
        self._after[path] = text

    @property
    def writes(self) -> list[Write]:
        """Give what differs, in the order in which it was asked for."""
        found = []
        for path, text in self._after.items():
            after = None if text is None else encode(text)
            if after != self._before[path]:
                found.append(Write(path, self._before[path], after))
        return found

    def _read(self, path: str) -> bytes | None:
        layout = self.shelf.layout
        if path in {*layout.stories, *layout.maybes, *layout.epics, *layout.sprints}:
            return self.shelf.data(path)  # as the items were read from it
        try:
            return self.shelf.folder.read(path)
        except NotFound:
            return None
