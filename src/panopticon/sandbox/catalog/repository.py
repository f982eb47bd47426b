"""A companion product whose team plans in story files: its repository, commit by commit.

Three of its stories are worked out of stories of the main product and name their FormattedID.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import resources
from importlib.resources.abc import Traversable

from panopticon.model.disk import Author, Revision
from panopticon.sandbox.catalog.seed import Table

_STORIES = "_bmad-output/implementation-artifacts"
_SPRINT = f"{_STORIES}/sprint-status.yaml"
_AGO = re.compile(r"@(\d+)h\b")
_WORD = re.compile(r"^  ([\w-]+): ([\w-]+)$", re.MULTILINE)
_ASSIGNEE = re.compile(r"^Assignee: .*\n", re.MULTILINE)
_RECORD = re.compile(r"\n## Dev Agent Record\n.*", re.DOTALL)
_STATUS = re.compile(r"^Status: .*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository that can be made anywhere: its folder's name and its commits, oldest first."""

    name: str
    revisions: tuple[Revision, ...]


def repository(now: datetime) -> Repository:
    """Tell the repository; its dates are counted back from `now`."""
    data = resources.files("panopticon.sandbox.catalog").joinpath("data")
    table = tomllib.loads(data.joinpath("ddc-connect.toml").read_text(encoding="utf-8"))
    name = str(table["name"])
    return Repository(name, tuple(_Telling(data.joinpath(name), table, now).revisions()))


class _Telling:
    """Goes through the commits and remembers how far every story is, and how it is called."""

    def __init__(self, folder: Traversable, table: Table, now: datetime) -> None:
        self._folder = folder
        self._commits: list[Table] = table["commit"]
        self._now = now.replace(minute=0, second=0, microsecond=0)
        self._words: dict[str, str] = {}
        moves = [pair for entry in self._commits for pair in entry.get("moves", {}).items()]
        self._new_names = dict(moves)
        self._old_names = {new: old for old, new in moves}

    def revisions(self) -> Iterator[Revision]:
        for entry in self._commits:
            name, _, email = entry["by"].rstrip(">").partition(" <")
            at = self._now - timedelta(hours=entry["ago"])
            told = {path: self._text(path) for path in entry.get("files", ())}
            if "stories" in entry:
                told |= self._stories(entry)
            content = {path: None if text is None else text.encode() for path, text in told.items()}
            yield Revision(Author(name, email), at, entry["message"], content)

    def _stories(self, entry: Table) -> dict[str, str | None]:
        """Write the stories of a commit, and the status of them all."""
        told: dict[str, str | None] = {}
        for old, new in entry.get("moves", {}).items():
            told[_path(old)] = None
            del self._old_names[new]
        for key, word in entry["stories"].items():
            self._words[key] = word
            text = self._text(_path(self._new_names.get(key, key)))
            if text is not None:
                told[_path(key)] = _at_that_time(text, word)
        told[_SPRINT] = _WORD.sub(self._line, self._text(_SPRINT) or "")
        return told

    def _line(self, found: re.Match[str]) -> str:
        """Write one line of the sprint's status as it was then."""
        final: str = found[1]
        key = self._old_names.get(final, final)
        start = "optional" if key.endswith("-retrospective") else "backlog"
        return f"  {key}: {self._words.get(key, start)}"

    def _text(self, path: str) -> str | None:
        file = self._folder.joinpath(*path.split("/"))
        if not file.is_file():
            return None
        return _AGO.sub(self._moment, file.read_text(encoding="utf-8"))

    def _moment(self, found: re.Match[str]) -> str:
        at = self._now - timedelta(hours=int(found[1]))
        return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _path(key: str) -> str:
    return f"{_STORIES}/{key}.md"


def _at_that_time(text: str, word: str) -> str:
    """Take back what was not yet written when the story had this status."""
    if f"\nStatus: {word}\n" in text:
        return text
    text = _RECORD.sub("", _STATUS.sub(f"Status: {word}", text, count=1))
    if word == "in-progress":
        head, tick, rest = text.partition("- [x]")
        return head + tick + rest.replace("- [x]", "- [ ]")
    return _ASSIGNEE.sub("", text).replace("- [x]", "- [ ]")
