"""One folder read: its items, and the files that say them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from panopticon.errors import NotFound
from panopticon.model.issue import Issue, Kind, State
from panopticon.trackers.disk import Disk, Folder
from panopticon.trackers.markdown.epics import Epics
from panopticon.trackers.markdown.layout import Layout
from panopticon.trackers.markdown.options import Options
from panopticon.trackers.markdown.sprint import Sprint, SprintEntry
from panopticon.trackers.markdown.story import Story
from panopticon.trackers.markdown.text import Problem
from panopticon.trackers.notes import Notes


@dataclass(frozen=True, slots=True)
class Item:
    """One story or epic: what a story file, a part of an epics file and sprint-status say of it.

    `key` is as printed (`1.2`, `app#1.2`, `epic-1`); `number` in one spelling (`1.2`; of an epic
    `1`; empty where there is none). Of `path` (story file), `epics_path` (the epics file with its
    part or heading) and `entry` (its line in the sprint-status of `sprint_path`) at least one is
    there, but for an epic that only the numbers of its stories tell of. `parent`, `blocked_by`
    and `blocks` are keys of items that are there.
    """

    key: str
    native_id: str
    version: str
    kind: Kind
    number: str
    title: str
    state: State
    native_state: str
    cancelled: bool
    created_at: datetime
    updated_at: datetime
    path: str | None = None
    epics_path: str | None = None
    entry: SprintEntry | None = None
    sprint_path: str | None = None
    parent: str | None = None
    blocked_by: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()
    twin_key: str | None = None
    rank: str = ""

    @property
    def has_file(self) -> bool:
        """Tell whether it has a story file of its own."""
        return self.path is not None


@dataclass
class Shelf:
    """A folder as read at one moment; files are parsed when they are asked for.

    `project` is the name that people see, `canonical` the one that every machine derives alike,
    `prefix` what keys begin with where there are several folders (`app#`).
    """

    folder: Folder
    project: str
    canonical: str
    prefix: str
    layout: Layout
    items: tuple[Item, ...]
    problems: tuple[Problem, ...]
    stamps: Mapping[str, str] = field(default_factory=dict)

    def find(self, key: str) -> Item | None:
        """Find an item by its key in any spelling: `1.2`, `01.2`, `1-2-slug`, `story-1-2`."""
        raise NotImplementedError

    def item(self, native_id: str) -> Item | None:
        """Find an item by its permanent id."""
        raise NotImplementedError

    def data(self, path: str) -> bytes:
        """Give the bytes of a file as this shelf read them: the `before` of a write."""
        raise NotImplementedError

    def story(self, item: Item) -> Story | None:
        """Read a story: from its file, else its part; None for an epic and a bare entry."""
        raise NotImplementedError

    def part(self, item: Item) -> Story | None:
        """Read what an epics file says of a story."""
        raise NotImplementedError

    def epics(self, path: str) -> Epics:
        """Read an epics file."""
        raise NotImplementedError

    @property
    def sprint(self) -> Sprint | None:
        """Give the sprint-status where new entries belong; an item names its own by its path."""
        raise NotImplementedError

    @property
    def sprint_path(self) -> str | None:
        """Name that file."""
        return self.layout.sprints[0] if self.layout.sprints else None

    def sprint_at(self, path: str) -> Sprint:
        """Give a sprint-status."""
        raise NotImplementedError

    def issue(self, item: Item) -> Issue:
        """Give an item with all its texts."""
        raise NotImplementedError


class Shelves:
    """The folders of one source; every answer looks at the disk first, unchanged files are kept."""

    def __init__(self, options: Options, disk: Disk, notes: Notes | None = None) -> None:
        self.options = options
        self._disk = disk
        self._notes = notes

    def all(self) -> list[Shelf]:
        """Read every folder; raises NotFound or Retriable with the folder's name."""
        raise NotImplementedError

    def locate(self, key: str) -> tuple[Shelf, Item]:
        """Find an item; raises NotFound, InvalidInput with `candidates` where a key means two."""
        raise NotFound(f"{self.options.name} has no item {key!r}.")

    def project(self, name: str | None) -> Shelf:
        """Find a folder by project name or canonical name, the first when None."""
        raise NotImplementedError

    def fresh(self) -> None:
        """Forget what was read: somebody has just written."""
        raise NotImplementedError
