"""A tracker that lives in this process, under the same contract as the real ones."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from panopticon.errors import InvalidInput, NotFound
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
from panopticon.model.ref import IssueRef, spelling_from
from panopticon.trackers.base import Capabilities, Check, Place
from panopticon.trackers.memory_edit import Edit, Grave, changes, held, lengthened, ticked
from panopticon.trackers.memory_shape import FULL, Shape, within

_PROJECT = "Project"
_REVISIONS = 200
STREAMS = ("deleted", "items")  # the bin first: see the seam


class MemoryTracker:
    """Items in a dictionary; `now` is its server's clock, `page_size` how it pages."""

    def __init__(
        self,
        now: Callable[[], datetime],
        name: str = "memory",
        page_size: int = 100,
        shape: Shape = FULL,
    ) -> None:
        self._now = now
        self._name = name
        self._shape = shape
        self._page_size = page_size
        self._lock = threading.RLock()
        self._issues: dict[str, Issue] = {}
        self._graves: list[Grave] = []
        self._comments: dict[str, list[Comment]] = {}
        self._history: dict[str, list[Revision]] = {}
        self._numbers: dict[str, int] = {}
        self._ids = 1000
        self._requests = 0
        self.me = "me@example.com"
        self.people = [User("1", "Me", "me@example.com"), User("2", "Ann Other", "ann@example.com")]
        self.timeboxes: list[Iteration] = []

    @property
    def name(self) -> str:
        """The configured name."""
        return self._name

    @property
    def capabilities(self) -> Capabilities:
        """What its shape has."""
        return self._shape.capabilities()

    def usage(self) -> Usage:
        """Count calls as requests."""
        return Usage(self._requests, 0)

    def identity(self) -> str:
        """Name this tracker alike everywhere in the process."""
        return f"memory:{self._name}"

    def check(self) -> Check:
        """Answer that all is well."""
        counts = {
            kind: sum(i.kind is kind for i in self._issues.values())
            for kind in self._shape.prefixes
        }
        now = self._now()
        return Check(
            self.me, "Memory", "1", _PROJECT, "1", can_write=True, counts=counts, server_time=now
        )

    def places(self) -> list[Place]:
        """List the one workspace and its project."""
        return [Place("workspace", "1", "Memory"), Place("project", "2", _PROJECT, "1")]

    def streams(self) -> tuple[str, ...]:
        """Name the streams."""
        return STREAMS

    def put(self, issue: Issue) -> None:
        """Set an item as it is, for tests that bring their own."""
        with self._lock:
            self._issues[issue.ref.key] = issue

    def pull(self, stream: str, scope: Scope, cursor: Cursor, now: datetime) -> Iterator[Page]:  # noqa: ARG002
        """Read a stream from a cursor; its own clock sets the mark, as a server's would."""
        mark = cursor.running_mark if cursor.position else self._now()
        if stream == "deleted":
            gone = tuple(g.native_id for g in self._graves if cursor.mark and g.at >= cursor.mark)
            yield Page((), Cursor(mark), deleted=gone)
            return
        rows = [i for i in self._within(scope) if not cursor.mark or i.updated_at >= cursor.mark]
        after = int(cursor.position or 0)
        rows = [i for i in sorted(rows, key=lambda i: int(i.native_id)) if int(i.native_id) > after]
        while len(rows) > self._page_size:
            page, rows = rows[: self._page_size], rows[self._page_size :]
            self._requests += 1
            yield Page(tuple(page), Cursor(cursor.mark, page[-1].native_id, mark), total=len(rows))
        self._requests += 1
        yield Page(tuple(rows), Cursor(mark), total=len(rows))

    def native_ids(self, scope: Scope) -> Iterator[tuple[str, str]]:
        """Yield id and version of everything in scope."""
        for issue in self._within(scope):
            yield issue.native_id, issue.version or ""

    def fetch(self, native_ids: list[str]) -> list[Issue]:
        """Read these items."""
        wanted = set(native_ids)
        return [issue for issue in list(self._issues.values()) if issue.native_id in wanted]

    def get(self, key: str) -> Issue:
        """Read one item."""
        with self._lock:
            for spelled in spelling_from(key).keys:
                if spelled in self._issues:
                    return self._issues[spelled]
        raise NotFound(f"{self._name} has no item {key!r}.")

    def create(self, new: NewIssue) -> Issue:
        """Create an item."""
        prefix = self._shape.prefix(new.kind)
        title = new.fields.get("title", "").strip()
        if not title:
            raise InvalidInput("A title is needed.", "Give the item a name.", field="title")
        if new.kind is Kind.TASK and not new.fields.get("parent"):
            raise InvalidInput(
                "A task needs a story or defect above it.", "Set `parent`.", field="parent"
            )
        with self._lock:
            number = self._numbers.get(prefix, 0) + 1
            blank = self._blank(new.kind, f"{prefix}{number}", new.project or _PROJECT)
            made = self._changed(blank, new.fields)
            self._numbers[prefix] = number
            self._ids += 1
            self._issues[made.ref.key] = made
            self._remember(made, "Original revision")
        return made

    def _blank(self, kind: Kind, key: str, project: str) -> Issue:
        at = self._now()
        return Issue(
            ref=IssueRef(self._name, key),
            kind=kind,
            project=project,
            title="",
            state=State.BACKLOG,
            native_state=self._shape.word(State.BACKLOG),
            created_at=at,
            updated_at=at,
            native_id=str(self._ids),
            native_kind=str(kind),
            project_id="2",
            url=f"memory://{self._name}/{key}",
            version="0",
        )

    def update(self, key: str, fields: IssueFields) -> Issue:
        """Write fields."""
        with self._lock:
            old = self.get(key)
            changed = self._changed(old, fields)
            self._issues[changed.ref.key] = changed
            if text := changes(old, changed):
                self._remember(changed, text)
        return changed

    def _remember(self, issue: Issue, text: str) -> None:
        said = Revision(issue.updated_at, self.me, text)
        self._history.setdefault(issue.ref.key, []).append(said)

    def _changed(self, issue: Issue, fields: IssueFields) -> Issue:
        return Edit(issue, self._shape, self.get, self._person).apply(fields, self._now())

    def _person(self, word: str) -> str:
        wanted = self.me if word == "me" else word
        if wanted not in {person.email for person in self.people}:
            raise InvalidInput(f"Nobody is called {word!r}.", "Use an email.", field="assignee")
        return wanted

    def transition(self, key: str, state: State) -> Issue:
        """Move an item to a column."""
        return self.update(key, {"state": state})

    def delete(self, key: str) -> None:
        """Delete an item."""
        self._shape.need("delete")
        with self._lock:
            issue = self.get(key)
            del self._issues[issue.ref.key]
            self._graves.append(Grave(issue.native_id, self._now()))

    def comments(self, key: str) -> list[Comment]:
        """Read the remarks, oldest first."""
        self._shape.need("comments")
        return list(self._comments.get(self.get(key).ref.key, ()))

    def comment(self, key: str, body: str) -> Comment:
        """Add a remark."""
        self._shape.need("comments")
        if not body.strip():
            raise InvalidInput("The comment is empty.", "Write something.")
        with self._lock:
            issue = self.get(key)
            self._ids += 1
            made = Comment(str(self._ids), self.me, body.strip(), self._now())
            self._comments.setdefault(issue.ref.key, []).append(made)
        return made

    def tick(self, key: str, step: Task) -> Issue:
        """Tick a line of an item."""
        self._shape.need("steps")
        return self._touched(key, lambda issue: ticked(issue, step))

    def add_step(self, key: str, title: str) -> Issue:
        """Add a line to an item."""
        self._shape.need("steps")
        return self._touched(key, lambda issue: lengthened(issue, title))

    def arbiter(self) -> None:
        """Decide nothing."""

    def show_claim(self, key: str, claim: Claim | None, arbiter: str = "") -> Issue:
        """Show who holds it."""
        return self._touched(key, lambda issue: held(issue, claim, arbiter))

    def _touched(self, key: str, change: Callable[[Issue], Issue]) -> Issue:
        with self._lock:
            issue = self.get(key)
            version = str(int(issue.version or 0) + 1)
            changed = replace(change(issue), version=version, updated_at=self._now())
            self._issues[changed.ref.key] = changed
        return changed

    def children(self, key: str) -> list[Issue]:
        """Read the items below this one."""
        above = self.get(key).ref
        return [issue for issue in list(self._issues.values()) if issue.parent == above]

    def link_pull_request(self, key: str, url: str) -> None:
        """Show a pull request as a comment, once."""
        self._shape.need("link_pull_request")
        if urlsplit(url).scheme not in {"http", "https"}:
            raise InvalidInput(f"{url!r} is no web address.", "Give the pull request's full URL.")
        text = f"Linked Pull Request: <{url}>"
        if not any(said.body == text for said in self.comments(key)):
            self.comment(key, text)

    def iterations(self) -> list[Iteration]:
        """List the timeboxes."""
        return list(self.timeboxes)

    def users(self) -> list[User]:
        """List the people."""
        return list(self.people)

    def form(self, kind: Kind, project: str | None = None) -> tuple[FormField, ...]:  # noqa: ARG002
        """Ask for what the shape takes."""
        return self._shape.form(kind)

    def moves(self, issue: Issue) -> tuple[Move, ...]:  # noqa: ARG002
        """Allow the columns that have a word."""
        return self._shape.moves()

    def words(self) -> dict[Kind, tuple[tuple[str, State], ...]]:
        """List the words of states."""
        words = tuple((word, state) for state, word in self._shape.words.items())
        return dict.fromkeys(self._shape.prefixes, words)

    def history(self, key: str) -> list[Revision]:
        """Read what was written, newest first."""
        issue = self.get(key)
        said = self._history.get(issue.ref.key, []) if self._shape.history else []
        return said[: -_REVISIONS - 1 : -1]

    def close(self) -> None:
        """Keep everything: there is nothing to give back."""

    def _within(self, scope: Scope) -> list[Issue]:
        with self._lock:
            rows = list(self._issues.values())
        return within(rows, scope, self._shape)
