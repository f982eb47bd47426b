"""The item of work, whatever its tracker calls it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

from panopticon.model.lease import Lease
from panopticon.model.ref import IssueRef

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]


class State(StrEnum):
    """The five columns of the board; the tracker's own word is kept beside it."""

    BACKLOG = "backlog"
    PLANNING = "planning"
    IN_PROGRESS = "in_progress"
    IN_REVIEW = "in_review"
    DONE = "done"

    @property
    def label(self) -> str:
        """Name the column as people read it: `In progress`."""
        return self.value.replace("_", " ").capitalize()


class Kind(StrEnum):
    """What sort of item it is."""

    EPIC = "epic"
    FEATURE = "feature"
    STORY = "story"
    DEFECT = "defect"
    TASK = "task"
    ISSUE = "issue"


OUTCOMES = (Kind.EPIC, Kind.FEATURE)  # what is above the work
CARDS = (Kind.STORY, Kind.DEFECT, Kind.ISSUE)  # what somebody takes
NOT_STEPS = tuple(kind for kind in Kind if kind is not Kind.TASK)
PRIORITIES = ("none", "urgent", "high", "normal", "low")  # by their number


@dataclass(frozen=True, slots=True)
class Task:
    """A step of an item; `key` where the tracker keeps it as an item of its own (`TA12`).

    `depth` is 0 for a step of the item and rises for steps of steps; `position` counts them all.
    """

    title: str
    done: bool
    position: int
    key: str | None = None
    native_state: str | None = None
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Comment:
    """A remark on an item; `body` is markdown."""

    id: str
    author: str
    body: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Issue:
    """One item. Texts are markdown; `body_html` is the original where the tracker keeps HTML.

    `native_id` is the tracker's permanent id (ObjectID), `native_kind` its own type word,
    `version` its change counter, `hours` an estimate in hours of one developer, `coverage`
    a percentage, `rank` text that sorts as the tracker ranks, `twin_key` what another tracker
    calls the same item (the FormattedID in a story file). `is_here_only`: the tracker has no word
    for this column, so that only we keep it there.
    """

    ref: IssueRef
    kind: Kind
    project: str
    title: str
    state: State
    native_state: str
    created_at: datetime
    updated_at: datetime
    native_id: str = ""
    native_kind: str = ""
    project_id: str = ""
    body: str = ""
    body_html: str | None = None
    acceptance_criteria: str = ""
    tasks: tuple[Task, ...] = ()
    cancelled: bool = False
    blocked: bool = False
    blocked_reason: str | None = None
    labels: tuple[str, ...] = ()
    assignee: str | None = None
    priority: int = 0
    points: float | None = None
    hours: float | None = None
    due: date | None = None
    parent: IssueRef | None = None
    blocks: tuple[IssueRef, ...] = ()
    blocked_by: tuple[IssueRef, ...] = ()
    iteration: str | None = None
    release: str | None = None
    url: str = ""
    version: str | None = None
    rank: str | None = None
    lease: Lease | None = None
    branch: str | None = None
    coverage: float | None = None
    commit_sha: str | None = None
    twin_key: str | None = None
    is_here_only: bool = False
    custom: Mapping[str, Json] = field(default_factory=dict)


class IssueFields(TypedDict, total=False):
    """The fields a person may write; absent means leave alone, None means clear.

    `native_state` wins over `state`. `parent`, `blocked_by` and `blocks` are keys of the same
    tracker. `custom` is merged name by name.
    """

    title: str
    body: str
    acceptance_criteria: str
    state: State
    native_state: str
    priority: int
    labels: list[str]
    assignee: str | None
    parent: str | None
    points: float | None
    hours: float | None
    due: date | None
    iteration: str | None
    release: str | None
    blocked: bool
    blocked_reason: str | None
    blocked_by: list[str]
    blocks: list[str]
    branch: str | None
    coverage: float | None
    commit_sha: str | None
    twin_key: str | None
    custom: dict[str, Json]


@dataclass(frozen=True, slots=True)
class NewIssue:
    """An item to be created; `project` by name or native id, the configured one when None."""

    kind: Kind
    fields: IssueFields
    project: str | None = None


@dataclass(frozen=True, slots=True)
class IssueFilter:
    """Which items to show; every given condition must hold.

    `epic` takes a ref or a bare number and means its leaf descendants; `among` what a search has
    found; `labels` must all be there; `assignee` matches an email or a part of a name;
    `beginning` is that of the key, hyphens left out; `trackers` are those that may be shown (any
    when None).
    """

    tracker: str | None = None
    trackers: tuple[str, ...] | None = None
    beginning: str | None = None
    project: str | None = None
    epic: str | None = None
    kinds: tuple[Kind, ...] = ()
    states: tuple[State, ...] = ()
    assignee: str | None = None
    labels: tuple[str, ...] = ()
    iteration: str | None = None
    among: frozenset[IssueRef] | None = None
    blocked: bool | None = None
    include_done: bool = True
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Iteration:
    """A timebox; `start` and `end` as the tracker tells them."""

    name: str
    start: datetime
    end: datetime
    state: str
    project: str


@dataclass(frozen=True, slots=True)
class User:
    """A person the tracker knows; `email` may be missing."""

    id: str
    name: str
    email: str | None
    disabled: bool = False
