"""One folder as read at one moment: its items, and the files that say them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from panopticon.errors import LocalFault
from panopticon.model.issue import Comment, Issue, Kind, State
from panopticon.trackers.disk import Folder, Repository
from panopticon.trackers.markdown.shelf.item import Item
from panopticon.trackers.markdown.shelf.layout import Layout
from panopticon.trackers.markdown.shelf.mapping import (
    Place,
    Texts,
    address_of,
    issue_from,
    texts_of,
)
from panopticon.trackers.markdown.shelf.reading import read_whole
from panopticon.trackers.markdown.text.epics import Epics, epic_in, read_epics
from panopticon.trackers.markdown.text.number import canonical, file_name_from
from panopticon.trackers.markdown.text.piece import Problem
from panopticon.trackers.markdown.text.sprint import kind_of
from panopticon.trackers.markdown.text.story import Story, read

__all__ = ["Item", "Shelf"]
_MOST_KEPT = 200  # files of which the text is kept in memory
_Kept = TypeVar("_Kept")


@dataclass(frozen=True, slots=True)
class Binding:
    """What a shelf belongs to: the source, the project as people and machines name it.

    `mark` begins the ids of its items; `name` is the project's in keys, and `prefix` what they
    begin with where the source has several folders (`app#`).
    """

    source: str
    project: str
    name: str
    canonical: str
    mark: str
    prefix: str
    words: Mapping[str, State]
    repository: Repository | None


@dataclass(eq=False)
class Shelf:
    """A folder as read; files are parsed when they are asked for.

    `parsed` counts the files that had to be read for it; `fresh` are the texts of those by path,
    until they have been given.
    """

    folder: Folder
    binding: Binding
    layout: Layout
    items: tuple[Item, ...]
    problems: tuple[Problem, ...]
    parsed: int = 0
    fresh: dict[str, Texts] = field(default_factory=dict)
    _bytes: dict[str, bytes] = field(default_factory=dict)
    _epics: dict[str, Epics] = field(default_factory=dict)
    _stories: dict[str, Story] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Index the items."""
        self._by_key = {item.key.casefold(): item for item in self.items}
        self._by_native = {item.native_id: item for item in self.items}
        self._by_stem: dict[str, Item] = {}
        for item in self.items:
            for stem in _stems(item):
                self._by_stem.setdefault(stem, item)

    @property
    def project(self) -> str:
        """The name that people see."""
        return self.binding.project

    @property
    def canonical(self) -> str:
        """The name that every machine derives alike."""
        return self.binding.canonical

    @property
    def prefix(self) -> str:
        """What keys begin with."""
        return self.binding.prefix

    def find(self, key: str) -> Item | None:
        """Find an item by its key in any spelling: `1.2`, `01.2`, `1-2-slug`, `story-1-2`.

        `app#1.2` is found by that project alone.
        """
        bare = key.strip().casefold()
        if found := self._by_key.get(bare):
            return found
        project, mark, rest = bare.rpartition("#")
        name = self.binding.name.casefold()
        names = {self.project.casefold(), name, name.rpartition("/")[2]}
        if mark and project not in names:
            return None
        bare = rest.removesuffix(".md")
        begun = self.prefix.casefold()
        spelled = (bare, *(f"{mark}{number}" for mark, number in _numbers(bare)))
        by_key = (self._by_key.get(f"{begun}{one}") for one in spelled)
        return next((one for one in by_key if one), None) or self._by_stem.get(bare)

    def item(self, native_id: str) -> Item | None:
        """Find an item by its permanent id."""
        return self._by_native.get(native_id)

    def below(self, item: Item) -> list[Item]:
        """Give the stories of an epic, in order."""
        found = [one for one in self.items if one.parent == item.key]
        return sorted(found, key=lambda one: one.rank)

    def data(self, path: str) -> bytes:
        """Give the bytes of a file as this shelf has read them: the `before` of a write."""
        return _remembered(self._bytes, path, lambda: read_whole(self.folder, path))

    def story(self, item: Item) -> Story | None:
        """Read a story from its file, else its part; of an epic the lines above its stories.

        None where only sprint-status, or nothing, tells of it.
        """
        if item.path is None:
            return self.part(item)
        path = item.path
        return _remembered(self._stories, path, lambda: read(self._data(path), path, self._words))

    def part(self, item: Item) -> Story | None:
        """Read what an epics file says of a story or an epic."""
        if item.epics_path is None:
            return None
        told = self.epics(item.epics_path)
        if item.kind is Kind.EPIC:
            found = next((one for one in told.epics if one.line == item.epics_line), None)
            return epic_in(told.document, found, self._words) if found else None
        parts = [one for one in told.stories if one.head and one.head.number == item.epics_line]
        return parts[0] if parts else None

    def epics(self, path: str) -> Epics:
        """Read an epics file."""
        return _remembered(
            self._epics, path, lambda: read_epics(self._data(path), path, self._words)
        )

    @property
    def sprint_path(self) -> str | None:
        """Name the sprint-status where new entries belong; an item names its own."""
        return self.layout.sprints[0] if self.layout.sprints else None

    def issue(self, item: Item) -> Issue:
        """Give an item with all its texts."""
        place = Place(
            source=self.binding.source,
            project=self.project,
            project_id=self.canonical,
            url=address_of(self.binding.repository, item.path or item.epics_path),
        )
        return issue_from(item, self._texts(item), place)

    def remarks(self, item: Item) -> tuple[Comment, ...]:
        """Give the comments on an item, oldest first."""
        texts = self._texts(item)
        self.fresh.pop(item.path or "", None)
        return texts.remarks if texts else ()

    def _texts(self, item: Item) -> Texts | None:
        """Give what was taken when the file was read, else read it again."""
        found = self.fresh.get(item.path or "")
        story = None if found else self.story(item)
        return found or (texts_of(story) if story else None)

    @property
    def _words(self) -> Mapping[str, State]:
        return self.binding.words

    def _data(self, path: str) -> bytes:
        """Read a file; nothing of one that is there but cannot be read, which is told already."""
        try:
            return self.data(path)
        except LocalFault:
            return b""


def _remembered(kept: dict[str, _Kept], name: str, make: Callable[[], _Kept]) -> _Kept:
    """Make a value once, and keep the latest ones."""
    found = kept.get(name)
    if found is None:
        if len(kept) >= _MOST_KEPT:
            kept.clear()
        found = kept[name] = make()
    return found


def _numbers(bare: str) -> list[tuple[str, str]]:
    """Read a number out of a spelling, as an epic's and as a story's."""
    bare = bare.replace(" ", "-")
    kind, number, _ = kind_of(bare)
    if kind.value == "epic":
        return [("epic-", canonical(number))]
    name = file_name_from(bare)
    return [("", canonical(one)) for one in (name.number, bare, number) if one]


def _stems(item: Item) -> list[str]:
    """Give the names by which people know an item besides its key."""
    stems = [item.path.rpartition("/")[2].removesuffix(".md")] if item.path else []
    stems += [item.entry.key] if item.entry else []
    return [stem.casefold() for stem in stems]
