"""The tracker of story files: folders and repositories behind the seam of trackers/base.py."""

from collections.abc import Callable, Iterator
from datetime import datetime

from panopticon.config import Source
from panopticon.model.change import Cursor, Page, Scope, Usage
from panopticon.model.claim import Claim
from panopticon.model.form import FormField, Move, Revision
from panopticon.model.issue import (
    Comment,
    Issue,
    IssueFields,
    Iteration,
    Kind,
    NewIssue,
    State,
    Task,
    User,
)
from panopticon.trackers.base import Capabilities, Check, Place
from panopticon.trackers.disk import Disk
from panopticon.trackers.markdown.options import Options, options_from
from panopticon.trackers.markdown.shelf import report
from panopticon.trackers.markdown.shelf.shelves import Shelves
from panopticon.trackers.markdown.shelf.streams import STREAMS, Streams
from panopticon.trackers.markdown.write.people import people_of
from panopticon.trackers.markdown.write.writer import Writer
from panopticon.trackers.notes import ForgetfulNotes, Notes

_REVISIONS = 200


class MarkdownTracker:
    """Speaks for one configured set of folders; safe to use from many threads."""

    def __init__(self, shelves: Shelves, notes: Notes, now: Callable[[], datetime]) -> None:
        self.shelves = shelves
        self._name = shelves.options.name
        self._streams = Streams(shelves, notes)
        self._writer = Writer(shelves, now)

    @property
    def name(self) -> str:
        """The configured name."""
        return self._name

    @property
    def capabilities(self) -> Capabilities:
        """What can be done; asking looks at nothing."""
        return self._writer.capabilities()

    def usage(self) -> Usage:
        """Nothing is sent."""
        return Usage()

    def identity(self) -> str:
        """Name the folders alike on every machine; one that is missing keeps its name."""
        return f"markdown:{','.join(sorted(one.canonical for one in self.shelves.wheres()))}"

    def check(self) -> Check:
        """Say who we are, what is there, and what is wrong with the files."""
        return report.check(self.shelves, can_write=bool(self.capabilities.kinds))

    def places(self) -> list[Place]:
        """List the repositories and the folders."""
        return report.places(self.shelves.all())

    def streams(self) -> tuple[str, ...]:
        """Name the streams of a sync."""
        return STREAMS

    def pull(self, stream: str, scope: Scope, cursor: Cursor, now: datetime) -> Iterator[Page]:
        """Read a stream from a cursor: what differs from what was delivered at its mark."""
        self._writer.finish()
        return self._streams.pull(stream, scope, cursor, now)

    def native_ids(self, scope: Scope) -> Iterator[tuple[str, str]]:
        """Yield the id and version of everything in scope."""
        self._writer.finish()
        return self._streams.native_ids(scope)

    def fetch(self, native_ids: list[str]) -> list[Issue]:
        """Read these items; those that are gone are left out."""
        self._writer.finish()
        shelves = self.shelves.all()
        found = ((shelf, shelf.item(one)) for one in native_ids for shelf in shelves)
        return [shelf.issue(item) for shelf, item in found if item]

    def get(self, key: str) -> Issue:
        """Read one item."""
        self._writer.finish()
        shelf, item = self.shelves.locate(key)
        return shelf.issue(item)

    def create(self, new: NewIssue) -> Issue:
        """Create an item."""
        return self._writer.create(new)

    def update(self, key: str, fields: IssueFields) -> Issue:
        """Write fields."""
        return self._writer.update(key, fields)

    def transition(self, key: str, state: State) -> Issue:
        """Move an item to a column."""
        return self._writer.transition(key, state)

    def delete(self, key: str) -> None:
        """Delete an item."""
        self._writer.delete(key)

    def comments(self, key: str) -> list[Comment]:
        """Read the remarks, oldest first."""
        self._writer.finish()
        shelf, item = self.shelves.locate(key)
        return list(shelf.remarks(item))

    def comment(self, key: str, body: str) -> Comment:
        """Add a remark."""
        return self._writer.comment(key, body)

    def tick(self, key: str, step: Task) -> Issue:
        """Tick or untick a line."""
        return self._writer.tick(key, step)

    def add_step(self, key: str, title: str) -> Issue:
        """Add a line."""
        return self._writer.add_step(key, title)

    def children(self, key: str) -> list[Issue]:
        """Read the stories of an epic."""
        self._writer.finish()
        shelf, item = self.shelves.locate(key)
        return [shelf.issue(one) for one in shelf.below(item)]

    def link_pull_request(self, key: str, url: str) -> None:
        """Show a pull request on the item."""
        self._writer.link_pull_request(key, url)

    def arbiter(self) -> None:
        """Decide nothing: clones of files have no order that all agree on."""

    def show_claim(self, key: str, claim: Claim | None, arbiter: str = "") -> Issue:
        """Show the holder as the assignee; what is given back keeps its last one."""
        del arbiter  # the repository's own settings name it
        return self.update(key, {"assignee": claim.holder}) if claim else self.get(key)

    def iterations(self) -> list[Iteration]:
        """List none: files have no timeboxes."""
        return []

    def users(self) -> list[User]:
        """List who commits in these repositories."""
        people: dict[str, User] = {}
        for folder in self.shelves.folders():
            for one in people_of(folder):
                people.setdefault(one.email.casefold(), User(one.email, one.name, one.email))
        return list(people.values())

    def form(self, kind: Kind, project: str | None = None) -> tuple[FormField, ...]:
        """Say which fields a kind takes."""
        return self._writer.form(kind, project)

    def moves(self, issue: Issue) -> tuple[Move, ...]:
        """Say where an item may move."""
        return self._writer.moves(issue)

    def words(self) -> dict[Kind, tuple[tuple[str, State], ...]]:
        """List the words of states."""
        return self._writer.words()

    def history(self, key: str) -> list[Revision]:
        """Read the commits of an item's file, newest first; none of what has no file of its own."""
        shelf, item = self.shelves.locate(key)
        if item.path is None:
            return []
        commits = shelf.folder.commits(item.path, _REVISIONS)
        emails = {one.name: one.email for one in shelf.folder.authors()}
        return [
            Revision(one.at, emails.get(one.author, one.author), one.subject) for one in commits
        ]

    def close(self) -> None:
        """Give back nothing: files are open only while they are read."""


def tracker_of(
    options: Options, disk: Disk, now: Callable[[], datetime], notes: Notes | None = None
) -> MarkdownTracker:
    """Build a tracker; `now` is the clock that remarks are written by."""
    kept = notes or ForgetfulNotes()
    return MarkdownTracker(Shelves(options, disk, kept), kept, now)


def open_markdown(
    source: Source, disk: Disk, now: Callable[[], datetime], notes: Notes | None = None
) -> MarkdownTracker:
    """Build the tracker of a source."""
    return tracker_of(options_from(source), disk, now, notes)
