"""The folders of one source; every answer looks at the disk first, unchanged files are kept."""

import hashlib
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import orjson

from panopticon.errors import InvalidInput, NotFound, PanError
from panopticon.trackers.disk import Disk, Folder, Repository
from panopticon.trackers.markdown.options import Options
from panopticon.trackers.markdown.shelf import loss, problems as beside
from panopticon.trackers.markdown.shelf.item import Item, Making, items_of
from panopticon.trackers.markdown.shelf.kept import Kept, KeptFile, load, save
from panopticon.trackers.markdown.shelf.reading import Found, Reader, found_in, skipped_problems
from panopticon.trackers.markdown.shelf.shelf import Binding, Shelf
from panopticon.trackers.markdown.shelf.union import Sources, Union, gather
from panopticon.trackers.markdown.text.piece import Problem
from panopticon.trackers.markdown.text.sprint import Sprint, read_sprint
from panopticon.trackers.notes import ForgetfulNotes, Notes

_MARK = 21  # signs of a root commit, or of `file:` and what follows


@dataclass(frozen=True, slots=True)
class Where:
    """A folder's names: what people call it, where it is in its repository, its canonical name.

    `mark` begins the ids of its items: it stays when people call it something else. `title` is
    what the settings call it, for people; keys have its name.
    """

    name: str
    inside: str
    canonical: str
    mark: str = ""
    title: str = ""

    @property
    def project(self) -> str:
        """What people see."""
        return self.title or self.name


@dataclass(slots=True)
class _Memo:
    """What was read last: it holds as long as nothing of the listing changes."""

    found: Found
    shelf: Shelf


class Shelves:
    """Reads the folders of a source; safe to use from many threads."""

    def __init__(self, options: Options, disk: Disk, notes: Notes | None = None) -> None:
        self.options = options
        self._notes = notes or ForgetfulNotes()
        self._folders = [disk.open(path) for path in options.folders]
        self._memos: dict[str, _Memo] = {}
        self._repositories: dict[str, Repository | None] = {}
        self._lock = threading.RLock()
        self._own = False
        self._believes = False

    def read(
        self, *, with_head: bool = False, believes: bool = False
    ) -> tuple[list[Shelf], list[PanError]]:
        """Read every folder that can be read, and say what is wrong with the others.

        `with_head` looks also at git: only times and addresses depend on that. `believes` that
        stories are gone even where all of them are.
        """
        shelves: list[Shelf] = []
        errors: list[PanError] = []
        with self._lock:
            self._believes = believes
            if with_head:
                self._repositories.clear()
            for folder, where in zip(self._folders, self.wheres(), strict=True):
                try:
                    shelves.append(self._shelf(folder, where, with_head=with_head))
                except PanError as error:
                    errors.append(error)
            if not errors:
                self._own = False
        return shelves, errors

    def all(self, *, with_head: bool = False) -> list[Shelf]:
        """Read every folder; raises NotFound, Retriable or LocalFault with the folder's name."""
        shelves, errors = self.read(with_head=with_head)
        if errors:
            raise errors[0]
        return shelves

    def locate(self, key: str) -> tuple[Shelf, Item]:
        """Find an item; raises NotFound, InvalidInput with `candidates` where a key means two."""
        shelves, errors = self.read()
        bare = key.strip().removeprefix(f"{self.options.name}:")
        found = [(shelf, item) for shelf in shelves if (item := shelf.find(bare))]
        exact = [one for one in found if one[1].key.casefold() == bare.casefold()]
        found = exact or found
        if len(found) > 1:
            names = sorted(item.key for _, item in found)
            message = f"{key!r} may mean {' or '.join(names)}."
            raise InvalidInput(message, "Say which.", candidates=names)
        if not found and errors:
            raise errors[0]
        if not found:
            raise NotFound(f"{self.options.name} has no item {key!r}.", "pan sync reads it anew.")
        return found[0]

    def project(self, name: str | None) -> Shelf:
        """Find a folder by project or canonical name, the first one when None; raises NotFound."""
        shelves = self.all()
        for shelf in shelves:
            if name is None or name in {shelf.project, shelf.binding.name, shelf.canonical}:
                return shelf
        known = ", ".join(shelf.project for shelf in shelves)
        raise NotFound(f"{self.options.name} has no project {name!r}.", f"There is {known}.")

    def fresh(self) -> None:
        """Read anew what changed: we have just written it, so git need not be asked about it."""
        with self._lock:
            self._memos.clear()
            self._own = True

    def wheres(self) -> list[Where]:
        """Name the folders; one that is missing keeps the name it had."""
        with self._lock:
            found = [self._where(folder) for folder in self._folders]
        insides = [f"{where.name}/{where.inside}".rstrip("/") for where in found]
        found = _renamed(found, insides)
        found = _renamed(found, [_last(folder) for folder in self._folders])
        titles = [self.options.names.get(one, "") for one in self.options.folders]
        return _titled(list(_numbered(found)), titles)

    def folders(self) -> list[Folder]:
        """Give the opened folders, also those that are missing."""
        return list(self._folders)

    def _where(self, folder: Folder) -> Where:
        """Ask git for a folder's names, and keep them for the day that the folder is missing."""
        note = f"markdown:where:{folder.root}"
        repository = self._repository(folder)
        told = self._notes.note(note)
        if repository is None and told:
            kept = Where(*orjson.loads(told))
            if not kept.canonical.startswith("file:"):
                return kept
        where = _where(folder, repository)
        text = orjson.dumps([where.name, where.inside, where.canonical]).decode()
        if text != told:
            self._notes.put_note(note, text)
        return where

    def _repository(self, folder: Folder, *, anew: bool = False) -> Repository | None:
        """Ask git about a folder once; it takes a dozen calls."""
        if anew or folder.root not in self._repositories:
            self._repositories[folder.root] = folder.repository()
        return self._repositories[folder.root]

    def _shelf(self, folder: Folder, where: Where, *, with_head: bool) -> Shelf:
        found = found_in(folder, self.options.choice)
        memo = self._memos.get(folder.root)
        if memo and memo.found.stamps == found.stamps and memo.found.layout == found.layout:
            around = memo.shelf.binding.repository
            is_same = not with_head or around == self._repository(folder)
            if is_same and (memo.shelf.binding.name, memo.shelf.project) == (
                where.name,
                where.project,
            ):
                return memo.shelf
        repository = self._repository(folder, anew=memo is not None and not with_head)
        head = _head(repository)
        note = f"{self.options.name}:{where.mark}"
        kept = load(self._notes, note)
        if not self._own:  # what is missing after a write of our own we have taken away
            found = loss.sure(folder, self.options.choice, found, kept)
        if not self._believes:
            was_repository = not where.canonical.startswith("file:")
            loss.refuse(folder, found, kept, was_repository=was_repository)
        reader = Reader(folder, kept, head, self._own, self._believes)
        files = reader.files(found)
        binding = Binding(
            source=self.options.name,
            project=where.project,
            name=where.name,
            canonical=where.canonical,
            mark=where.mark,
            prefix=f"{where.name}#" if len(self._folders) > 1 else "",
            words=self.options.words,
            repository=repository,
        )
        shelf, now = self._made(folder, binding, found, (kept, files, head))
        if now != kept:
            save(self._notes, note, now)
        shelf.parsed, shelf.fresh = reader.parsed, reader.fresh
        self._memos[folder.root] = _Memo(found, shelf)
        return shelf

    def _made(
        self,
        folder: Folder,
        binding: Binding,
        found: Found,
        read: tuple[Kept, dict[str, KeptFile], str],
    ) -> tuple[Shelf, Kept]:
        kept, files, head = read
        layout, words = found.layout, self.options.words
        sprints = {path: read_sprint(folder.read(path), path, words) for path in layout.sprints}
        sources = Sources(
            [told for path in layout.stories for told in files[path].facts.stories],
            [told for path in layout.maybes for told in files[path].facts.stories],
            [files[path].facts for path in layout.epics],
            list(sprints.items()),
        )
        union = gather(sources)
        making = Making(files, kept, words, binding.mark, binding.project, binding.prefix)
        items, kept_items = items_of(union, making)
        problems = [*skipped_problems(found.skipped), *_problems(union, sources, files)]
        told = tuple(sorted([*problems, *self._words_problems(union)]))
        return Shelf(folder, binding, layout, items, told), Kept(head, files, kept_items)

    def _words_problems(self, union: Union) -> Iterator[Problem]:
        words = self.options.words
        yield from beside.unknown((one.told for one in union.stories if one.told), words)
        pairs = (
            (one.sprint_path, one.entry, one.file)
            for one in union.stories
            if one.sprint_path and one.entry and one.file
        )
        yield from beside.drift(pairs, words)


def _problems(union: Union, sources: Sources, files: dict[str, KeptFile]) -> Iterator[Problem]:
    """Tell what is wrong with files that are items, and with files beside one another."""
    chosen = {one.file.path for one in union.stories if one.file}
    for path, file in files.items():
        if path in chosen or file.role != "story":
            yield from file.facts.problems
    sprints: Sequence[tuple[str, Sprint]] = sources.sprints
    for _, sprint in sprints:
        yield from sprint.problems
    yield from union.problems
    yield from beside.clashes(one.file for one in union.stories if one.file)


def _where(folder: Folder, repository: Repository | None) -> Where:
    last = _last(folder)
    if repository is None or repository.root_commit is None:
        sha = hashlib.sha256(folder.root.encode("utf-8", "surrogateescape")).hexdigest()[:16]
        name = repository.name if repository else last
        return Where(name, repository.inside if repository else "", f"file:{sha}")
    inside = repository.inside
    return Where(repository.name, inside, f"{repository.root_commit}/{inside}".rstrip("/"))


def _head(repository: Repository | None) -> str:
    return (repository.head or "") if repository else ""


def _last(folder: Folder) -> str:
    """Give a folder's own name; the sign between project and number is none of it."""
    parts = folder.root.replace("\\", "/").replace("#", "-").rstrip("/").rpartition("/")
    return parts[2] or "stories"


def _renamed(wheres: Sequence[Where], names: Sequence[str]) -> list[Where]:
    """Give those that share a name another one."""
    count = Counter(where.name for where in wheres)
    return [
        replace(where, name=name) if count[where.name] > 1 else where
        for where, name in zip(wheres, names, strict=True)
    ]


def _titled(wheres: Sequence[Where], titles: Sequence[str]) -> list[Where]:
    """Give folders the names that the settings say; of one title each tells its own name too."""
    taken = Counter([*filter(None, titles), *(where.name for where in wheres)])
    return [
        replace(where, title=title if taken[title] == 1 else f"{title} ({where.name})")
        if title and title != where.name
        else where
        for where, title in zip(wheres, titles, strict=True)
    ]


def _numbered(wheres: Sequence[Where]) -> Iterator[Where]:
    """Number those that still share a name, and clones that share all of them."""
    seen: Counter[str] = Counter()
    for where in wheres:
        root, _, inside = where.canonical.partition("/")
        mark = f"{root[:_MARK]}/{inside}".rstrip("/")
        seen.update((where.name, mark))
        names = (f"{one}~{seen[one]}" if seen[one] > 1 else one for one in (where.name, mark))
        name, mark = names
        yield replace(where, name=name, mark=mark)
