"""What a believable team has in its tracker, before any tracker's wire format."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the team; `email` is also the user name."""

    name: str
    email: str
    role: str
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Sprint:
    """An iteration; dates are inclusive local days."""

    name: str
    start: date
    end: date
    state: str  # Planning | Committed | Accepted


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment, in the tracker's rich text (HTML)."""

    author: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Job:
    """A task under a story or defect; hours are decimals."""

    title: str
    state: str  # Defined | In-Progress | Completed
    estimate: float
    todo: float
    owner: str | None


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock as seed 003 writes it into custom fields."""

    by: str
    at: datetime
    expires: datetime


@dataclass(frozen=True, slots=True)
class Item:
    """A story or a defect.

    `number` is the digits of its FormattedID (US120 or DE29); `feature` the digits of its
    feature (17) or None; `after` the numbers of stories that must be finished before it.
    """

    kind: str  # story | defect
    number: int
    title: str
    description: str
    criteria: str
    project: str
    state: str  # ScheduleState
    created: datetime
    updated: datetime
    owner: str | None = None
    points: float | None = None
    feature: int | None = None
    sprint: str | None = None
    release: str | None = None
    tags: tuple[str, ...] = ()
    jobs: tuple[Job, ...] = ()
    after: tuple[int, ...] = ()
    remarks: tuple[Remark, ...] = ()
    blocked_reason: str | None = None
    lock: Lock | None = None
    branch: str | None = None
    coverage: float | None = None
    commit_sha: str | None = None
    phase: str | None = None  # the team's own word between states: Planning | Code Review
    priority: str | None = None  # defects only
    severity: str | None = None  # defects only
    defect_state: str | None = None  # Submitted | Open | Fixed | Closed, defects only


@dataclass(frozen=True, slots=True)
class Outcome:
    """A portfolio item: a feature (F17) or, one level up, an epic (E1)."""

    kind: str  # feature | epic
    number: int
    title: str
    description: str
    project: str
    owner: str | None
    state: str | None
    parent: int | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """A node of the project tree, by name; `parent` None for the root."""

    name: str
    parent: str | None = None
    description: str = ""


@dataclass(frozen=True, slots=True)
class Workspace:
    """One workspace with everything in it."""

    name: str
    projects: tuple[Project, ...]
    people: tuple[Person, ...]
    sprints: tuple[Sprint, ...]
    releases: tuple[Sprint, ...]
    tags: tuple[str, ...]
    outcomes: tuple[Outcome, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Product:
    """What the sandbox starts with: the main workspace first, then a second, unrelated one."""

    workspaces: tuple[Workspace, ...]
