"""The seam to every tracker: a small Protocol and its values.

A tracker is one configured source: a server, a workspace and the projects under it. Reads come
as streams of pages, so that an interrupted run goes on where it stopped; writes return the item
as the tracker has it afterwards. What a tracker cannot do is declared, not discovered.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

from panopticon.model.change import Cursor, Page, Scope, Usage
from panopticon.model.claim import Arbiter, Claim
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


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a tracker can do; faces and services ask before they act.

    `writable` maps a kind to the names of the `IssueFields` that it takes. Asking for it sends
    nothing: until a tracker has read a kind's fields (for a form, say), it is the upper bound.
    `steps`: the steps of an item are lines of it, written by `tick` and `add_step`; where it is
    not, they are items of their own (kind task) or there are none.
    """

    kinds: tuple[Kind, ...]
    writable: dict[Kind, frozenset[str]]
    steps: bool = False
    comments: bool = True
    delete: bool = True
    dependencies: bool = True
    link_pull_request: bool = True
    history: bool = False
    webhooks: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """The answer to "does this connection work": who you are, what you may do, what is there.

    `workspace_id` and `project_id` are the tracker's own ids; `counts` items per kind;
    `warnings` say what will not work (missing lock fields, a read-only key); `server_time` is the
    server's clock where it tells; `can_decide`: whether it could decide claims by itself. `user` is
    empty where nothing says who you are.
    """

    user: str
    workspace: str
    workspace_id: str
    project: str | None
    project_id: str | None
    can_write: bool | None
    counts: dict[Kind, int]
    warnings: tuple[str, ...] = ()
    server_time: datetime | None = None
    can_decide: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A workspace or project that the key may see, for `pan init` and Settings."""

    kind: str  # workspace | project
    id: str
    name: str
    parent: str | None = None


class Tracker(Protocol):
    """One configured source of items. `key` is the tracker's own spelling (`US120`)."""

    @property
    def name(self) -> str:
        """The configured name, which prefixes refs where two could clash."""

    @property
    def capabilities(self) -> Capabilities:
        """What it can do."""

    def usage(self) -> Usage:
        """Requests sent and bytes received since this object was made."""

    def identity(self) -> str:
        """The canonical key of the source, alike on every machine: `rally:<workspace id>`."""

    def check(self) -> Check:
        """Ask the server who we are and what is there; raises AuthFailed, NotFound, Retriable."""

    def places(self) -> list[Place]:
        """List the workspaces and projects the key may see."""

    def streams(self) -> tuple[str, ...]:
        """Name the streams that together hold every item and every deletion.

        The bin law: the stream of deletions comes first, and is read to its end before another
        begins. Its mark is then older than any item read, and a later deletion is told next time.
        """

    def pull(self, stream: str, scope: Scope, cursor: Cursor, now: datetime) -> Iterator[Page]:
        """Read a stream from a cursor; the last page's cursor has no `position`.

        The mark law: the new mark is `now` as the server sees it minus a lag, taken before the
        first page; the range is closed; an item may come twice, none may be missed.
        """

    def native_ids(self, scope: Scope) -> Iterator[tuple[str, str]]:
        """Yield `(native id, version)` of every item in scope: the sweep behind the streams."""

    def fetch(self, native_ids: list[str]) -> list[Issue]:
        """Read these items in few requests; those that are gone are left out."""

    def get(self, key: str) -> Issue:
        """Read one item; raises NotFound."""

    def create(self, new: NewIssue) -> Issue:
        """Create an item; a lost reply is looked up before anything is created again."""

    def update(self, key: str, fields: IssueFields) -> Issue:
        """Write fields; raises Unsupported for a field the kind lacks, InvalidInput for a value."""

    def transition(self, key: str, state: State) -> Issue:
        """Move an item to a column, by the right native word for its kind.

        Raises Unsupported where the tracker has no way there, with the reason that `moves` tells.
        """

    def delete(self, key: str) -> None:
        """Delete an item (into the tracker's recycle bin where it has one)."""

    def comments(self, key: str) -> list[Comment]:
        """Read the remarks, oldest first."""

    def comment(self, key: str, body: str) -> Comment:
        """Add a remark (markdown)."""

    def tick(self, key: str, step: Task) -> Issue:
        """Tick or untick a line: `position` and `title` as seen, `done` as wanted.

        Unticked, a `native_state` (half done) is put back where the tracker has one.

        Raises Conflict when another step stands there now, Unsupported where `steps` is not.
        """

    def add_step(self, key: str, title: str) -> Issue:
        """Add a step as a line of an item; raises Unsupported where `steps` is not."""

    def children(self, key: str) -> list[Issue]:
        """Read the items below this one."""

    def link_pull_request(self, key: str, url: str) -> None:
        """Show a pull request on the item."""

    def arbiter(self) -> Arbiter | None:
        """Give what decides claims by the tracker's own record; None where nothing can."""

    def show_claim(self, key: str, claim: Claim | None, arbiter: str = "") -> Issue:
        """Show on the item who holds it and who decided, or that nobody does; it decides nothing.

        Raises Unsupported where there is no place for it; the item then has no `lease`.
        """

    def iterations(self) -> list[Iteration]:
        """List the timeboxes in scope."""

    def users(self) -> list[User]:
        """List the people."""

    def form(self, kind: Kind, project: str | None = None) -> tuple[FormField, ...]:
        """Say which fields a kind takes in a project: the title first, then what is required.

        Only what a write would really take: a custom field that the workspace lacks is left out.
        Raises Unsupported for a kind that cannot be created, NotFound for an unknown project.
        """

    def moves(self, issue: Issue) -> tuple[Move, ...]:
        """Say for each column whether the item as stored may move there, in column order.

        A move that is allowed names the word that `transition` would put it under. Where ways
        depend on the item (a workflow), this may ask the server about it.
        """

    def words(self) -> dict[Kind, tuple[tuple[str, State], ...]]:
        """List every native state word of each kind, in the tracker's order, and its column."""

    def history(self, key: str) -> list[Revision]:
        """Read the newest changes of an item (200 at most), newest first; raises NotFound.

        None where `capabilities.history` is not.
        """

    def close(self) -> None:
        """Give connections back."""


class FieldStanding(StrEnum):
    """How it is with a field on a type."""

    THERE = "there"
    MISSING = "missing"
    OTHER_TYPE = "other_type"
    READ_ONLY = "read_only"
    NO_CUSTOM_NAME = "no_custom_name"  # missing, and named so that the tracker would not make it


@dataclass(frozen=True, slots=True)
class OwnField:
    """A needed field on one type: its `name` on the tracker's screens, `element` in its API.

    `wanted` is the type that it is made with, `found` the one that is there.
    """

    kind: Kind
    purpose: str
    name: str
    element: str
    wanted: str
    standing: FieldStanding
    found: str = ""


class MakesFields(Protocol):
    """What a tracker offers whose own fields can be made."""

    def workspace(self) -> Place:
        """Name the workspace that would be changed."""

    def looked(self, kinds: Sequence[Kind]) -> list[OwnField]:
        """Read afresh what is there."""

    def create(self, wanted: OwnField) -> None:
        """Make a field, for good; raises AuthFailed where the key may not."""

    def is_there(self, wanted: OwnField) -> bool:
        """Tell whether a field shows by now."""


@runtime_checkable
class HasOwnFields(Protocol):
    """A tracker with fields of its own."""

    own_fields: MakesFields
