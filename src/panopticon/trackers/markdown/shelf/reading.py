"""Reading a folder: only files that have changed are opened and parsed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from panopticon.errors import LocalFault, NotFound, Retriable
from panopticon.trackers.disk import FileFact, Folder, Listing, Past
from panopticon.trackers.markdown.shelf import layout as layouts
from panopticon.trackers.markdown.shelf.facts import FileFacts, digest_of, of_epics, of_story
from panopticon.trackers.markdown.shelf.kept import Kept, KeptFile
from panopticon.trackers.markdown.shelf.layout import Layout
from panopticon.trackers.markdown.shelf.mapping import Texts, texts_of
from panopticon.trackers.markdown.text.epics import read_epics
from panopticon.trackers.markdown.text.piece import Problem
from panopticon.trackers.markdown.text.story import read

STORY, EPICS, SPRINT = "story", "epics", "sprint"
_UNREADABLE = ("is larger", "cannot be read")
_QUIET = (*_UNREADABLE, "is another worktree")
_UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class Found:
    """A folder as listed: what lies where, and the stamps by which a change is seen.

    `listed` names all that is there, also what does not count.
    """

    layout: Layout
    files: Mapping[str, FileFact]
    skipped: Mapping[str, str]
    listed: frozenset[str] = frozenset()

    @property
    def stamps(self) -> Mapping[str, str]:
        """Give what changes when anything of it does."""
        return {path: file.stamp for path, file in self.files.items()} | dict(self.skipped)

    @property
    def roles(self) -> Iterator[tuple[str, str]]:
        """Give every file that counts, with its role."""
        yield from ((path, STORY) for path in (*self.layout.stories, *self.layout.maybes))
        yield from ((path, EPICS) for path in self.layout.epics)
        yield from ((path, SPRINT) for path in self.layout.sprints)


def found_in(folder: Folder, choice: layouts.Choice, *, is_settled: bool = False) -> Found:
    """List a folder, at rest if asked; raises NotFound, Retriable, LocalFault."""
    inside = "/".join(folder.root.replace("\\", "/").split("/")[-2:])
    wanted = layouts.wanted(choice)
    listing = folder.settled(wanted) if is_settled else folder.files(wanted)
    skipped = _unread(listing)
    paths = [file.path for file in listing.files] + [path for path in skipped if wanted(path)]
    layout = layouts.found(sorted(paths), folder.read, inside, choice)
    counted = {*layout.stories, *layout.maybes, *layout.epics, *layout.sprints}
    return Found(
        layout,
        {file.path: file for file in listing.files if file.path in counted},
        {path: why for path, why in skipped.items() if path in counted or not wanted(path)}
        | _left_out(folder, listing, inside, choice),
        frozenset(paths),
    )


def _left_out(
    folder: Folder, listing: Listing, inside: str, choice: layouts.Choice
) -> dict[str, str]:
    """Choose what would have counted, had it not been a link out of the folder or the like."""
    left = {path: why for path, why in listing.skipped.items() if not why.startswith(_QUIET)}
    if not left:
        return {}
    chosen = layouts.might_matter(left, folder.read, inside, choice)
    return {path: f"{why}, so it is left out" for path, why in left.items() if path in chosen}


def _unread(listing: Listing) -> dict[str, str]:
    return {path: why for path, why in listing.skipped.items() if why.startswith(_UNREADABLE)}


@dataclass(slots=True)
class Reader:
    """Reads the files of a folder that are new.

    `is_own`: the changes are our own; `believes`: what cannot be read any more is gone;
    `is_moved`: files that were known are gone, so that new ones may be the same ones under
    another name; `parsed` counts what was opened and read, `fresh` are the texts of it.
    """

    folder: Folder
    kept: Kept
    head: str
    is_own: bool = False
    believes: bool = False
    is_moved: bool = False
    parsed: int = 0
    fresh: dict[str, Texts] = field(default_factory=dict)
    _pasts: Mapping[str, Past] | None = field(default=None)

    def files(self, found: Found) -> dict[str, KeptFile]:
        """Read every file that counts."""
        if not self.believes:
            self._refuse_lost(found)
        self.is_moved = not self.kept.files.keys() <= {path for path, _ in found.roles}
        files: dict[str, KeptFile] = {}
        for path, role in found.roles:
            fact = found.files.get(path)
            files[path] = self._file(fact, role) if fact else self._unread(path, role)
        return files

    def _refuse_lost(self, found: Found) -> None:
        """Raise where a folder cannot be read any more that held files: they are not deleted."""
        for path, why in found.skipped.items():
            if any(known.startswith(f"{path}/") for known in self.kept.files):
                raise LocalFault(
                    f"{self.folder.root}/{path} {why}. Nothing was deleted.",
                    "Make it readable, or name the folder it leads to in `folders`; "
                    "`pan sync force=true` believes that its files are gone.",
                )

    def _file(self, fact: FileFact, role: str) -> KeptFile:
        kept = self.kept.files.get(fact.path)
        is_known = kept is not None and kept.role == role
        if kept and is_known and kept.stamp == fact.stamp:
            return kept if kept.digest != _UNREAD else self._fresh(fact, role, kept)
        return self._fresh(fact, role, kept)

    def _fresh(self, fact: FileFact, role: str, kept: KeptFile | None) -> KeptFile:
        data = read_whole(self.folder, fact.path)
        digest = digest_of(data)
        if kept and kept.digest == digest and kept.role == role:
            return replace(kept, stamp=fact.stamp)
        self.parsed += 1
        born, created, updated = self._times(fact, kept)
        if role == STORY:
            story = read(data, fact.path)
            self.fresh[fact.path] = texts_of(story)  # or the first sync would read it twice
            facts = of_story(story, digest)
        else:
            facts = facts_of(fact.path, role, data, digest)
        return KeptFile(fact.stamp, digest, role, born, created, updated, facts)

    def _unread(self, path: str, role: str) -> KeptFile:
        """Take a file that is there but cannot be read by its name alone."""
        kept = self.kept.files.get(path)
        if kept:
            return kept if kept.role == role else replace(kept, role=role, digest=_UNREAD)
        epoch = datetime.fromtimestamp(0, UTC)
        return KeptFile("", _UNREAD, role, path, epoch, epoch, facts_of(path, role, b"", _UNREAD))

    def _times(self, fact: FileFact, kept: KeptFile | None) -> tuple[str, datetime, datetime]:
        """Say where a file was born, and when it was made and changed.

        Times of one file never go back: who keeps items would take that for old news. Git is not
        asked about what we have just written, nor about a file that cannot have been moved here.
        """
        at = fact.modified_at
        if kept and (self.is_own or self.head == self.kept.head):
            return kept.born, kept.created_at, max(at, kept.updated_at)
        past = self._past(fact.path)
        born, created = (past.born, past.created_at) if past else (fact.path, at)
        updated = past.updated_at if past and not past.is_dirty else at
        if kept and updated < kept.updated_at:
            updated = max(at, kept.updated_at)
        return born, created, max(created, updated)

    def _past(self, path: str) -> Past | None:
        is_settled = self.is_own or (self.head == self.kept.head and not self.is_moved)
        if self._pasts is None and is_settled:
            return None
        if self._pasts is None:
            self._pasts = self.folder.pasts()
        return self._pasts.get(path)


def facts_of(path: str, role: str, data: bytes, digest: str) -> FileFacts:
    """Read what a file tells; sprint-status is read anew each time."""
    if role == STORY:
        return of_story(read(data, path), digest)
    return of_epics(read_epics(data, path)) if role == EPICS else FileFacts()


def read_whole(folder: Folder, path: str) -> bytes:
    """Read a file that was just listed; raises Retriable where it is gone again."""
    try:
        return folder.read(path)
    except NotFound as error:
        raise Retriable(f"{folder.root} changed while it was read.", "Try again.") from error


def skipped_problems(skipped: Mapping[str, str]) -> Iterator[Problem]:
    """Tell what could not be read."""
    for path, why in skipped.items():
        yield Problem(path, 1, "unread", why)
