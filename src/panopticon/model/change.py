"""What a tracker hands over when asked what changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from panopticon.model.issue import Comment, Issue


@dataclass(frozen=True, slots=True)
class Scope:
    """Which part of a tracker to read; empty means everything that is configured.

    `epics` are refs or bare numbers (`17`), `project` a name, `iteration` a name.
    """

    project: str | None = None
    epics: tuple[str, ...] = ()
    iteration: str | None = None

    @property
    def is_whole(self) -> bool:
        """Tell whether nothing is left out."""
        return not (self.project or self.epics or self.iteration)

    def __str__(self) -> str:
        """Spell it stably: it names the cursors of this scope."""
        project, epics = self.project or "", ",".join(self.epics)
        return f"project={project};epics={epics};iteration={self.iteration or ''}"


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a stream has been read.

    `mark`: every change before it is stored (the law: taken before the run, minus a lag; range
    closed). `position`: where an interrupted run goes on, in the tracker's own words; None when
    the last run ended. `running_mark`: the mark that becomes `mark` when the run ends.
    """

    mark: datetime | None = None
    position: str | None = None
    running_mark: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A bite of a stream: store it and its cursor in one transaction.

    `deleted` are native ids; `total` the tracker's own count of the stream where it tells;
    `remarks` all comments of an item by its key, where they come with the items anyway;
    `problems`: how many faults were met in what was read (the last page of a stream tells).
    """

    issues: tuple[Issue, ...]
    cursor: Cursor
    deleted: tuple[str, ...] = ()
    total: int | None = None
    remarks: Mapping[str, tuple[Comment, ...]] = field(default_factory=dict)
    problems: int = 0


@dataclass(frozen=True, slots=True)
class Usage:
    """What talking to a tracker has cost so far."""

    requests: int = 0
    bytes: int = 0
