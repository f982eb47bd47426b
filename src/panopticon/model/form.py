"""What a tracker lets one write: the fields of a form, and the columns an item may move to."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from panopticon.model.issue import State


class FieldType(StrEnum):
    """How a field is asked for."""

    TEXT = "text"
    MARKDOWN = "markdown"
    NUMBER = "number"
    DATE = "date"
    FLAG = "flag"
    CHOICE = "choice"
    PERSON = "person"
    ITERATION = "iteration"
    LABELS = "labels"
    ITEM = "item"


@dataclass(frozen=True, slots=True)
class FormField:
    """A field that one kind takes in one project.

    `name` is one of `IssueFields`, or `custom.NAME`; `label` the tracker's own word; `required`
    holds for a new item; `values` are the allowed ones in the tracker's order, none where it is
    free; `many`: takes a list. Those of `native_state` are the tracker's words, those of
    `priority` the names in `PRIORITIES`, whose places are the numbers that a write takes.
    """

    name: str
    label: str
    type: FieldType
    required: bool = False
    values: tuple[str, ...] = ()
    many: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """Whether an item may move to a column: by which native word, or why not."""

    state: State
    native_state: str | None = None
    reason: str | None = None

    @property
    def is_allowed(self) -> bool:
        """Tell whether the tracker has a way there."""
        return self.reason is None


@dataclass(frozen=True, slots=True)
class Revision:
    """One entry of an item's history as the tracker keeps it; `text` in the tracker's words."""

    at: datetime
    author: str | None
    text: str
