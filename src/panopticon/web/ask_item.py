"""What may be asked about items: the shapes of requests, bounded, nothing beyond them."""

import math
import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal, cast

from fastapi import Query
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, model_validator

from panopticon.model.issue import PRIORITIES, IssueFields, Json, Kind, State

TEXT_LIMIT = 1_000_000  # characters of a description or a remark
TITLE_LIMIT = 10_000
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_DEPTH = 12  # of nested values
_EXACT = 2**53  # beyond it a browser cannot tell whole numbers apart


def _column(value: object) -> object:
    return State(value) if isinstance(value, str) and value in set(State) else value


def _kind(value: object) -> object:
    return Kind(value) if isinstance(value, str) and value in set(Kind) else value


def _day(value: object) -> object:
    """Read a date as `2026-11-30`, nothing else; raises ValueError."""
    return date.fromisoformat(value) if isinstance(value, str) and _DAY.match(value) else value


def _priority(value: object) -> object:
    return PRIORITIES.index(value) if isinstance(value, str) and value in PRIORITIES else value


def _blank(value: object) -> object:
    """Read an empty text as none: that is what a cleared box sends."""
    return None if isinstance(value, str) and not value.strip() else value


_Word = Literal["none", "urgent", "high", "normal", "low"]
RefText = Annotated[str, Field(min_length=1, max_length=500)]
Ref = Annotated[str, Query(min_length=1, max_length=500)]
Word = Annotated[str | None, Query(max_length=500)]
Column = Annotated[State, BeforeValidator(_column, json_schema_input_type=State)]
AnyKind = Annotated[Kind, BeforeValidator(_kind, json_schema_input_type=Kind)]
_Long = Annotated[str, Field(max_length=TEXT_LIMIT)]
_Line = Annotated[str, Field(max_length=500)]
_Name = Annotated[_Line | None, BeforeValidator(_blank, json_schema_input_type=_Line | None)]
_Amount = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]
_Refs = Annotated[list[RefText], Field(max_length=100)]
_Title = Annotated[str, Field(min_length=1, max_length=TITLE_LIMIT, pattern=r"\S")]
_Reason = Annotated[str, Field(max_length=TITLE_LIMIT)]
_Percent = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
_Due = Annotated[date, BeforeValidator(_day, json_schema_input_type=date)]
_Priority = Annotated[
    int,
    Field(ge=0, le=4),
    BeforeValidator(_priority, json_schema_input_type=Literal[0, 1, 2, 3, 4] | _Word),
]
_Custom = Annotated[
    dict[Annotated[str, Field(min_length=1, max_length=200)], JsonValue], Field(max_length=200)
]
Ignore = Literal["ignore"]
_IGNORED = Field(default=None, description="`ignore` writes also to what another holds.")
_Label = Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S")]


class Asked(BaseModel):
    """A request's body: nothing unknown, no value that JSON or a browser could not give back."""

    model_config = ConfigDict(extra="forbid", strict=True)

    @model_validator(mode="before")
    @classmethod
    def _is_plain(cls, value: object) -> object:
        refuse_odd(value)
        return value


def refuse_odd(value: object) -> None:
    """Raise ValueError for half characters, numbers that are none, and endless nesting."""
    layer = [value]
    for _ in range(_DEPTH):
        layer = [inner for one in layer for inner in _inside(one)]
        if not layer:
            return
    raise ValueError("nested too deeply")


def _inside(value: object) -> list[object]:
    if isinstance(value, str):
        value.encode()  # half of a pair cannot be written: raises ValueError
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("a number is none")
    if isinstance(value, int) and abs(value) > _EXACT:
        raise ValueError("a number is too large")
    if isinstance(value, Mapping):
        return [*value.keys(), *value.values()]
    return [*value] if isinstance(value, list) else []


class Fields(Asked):
    """Fields to write; one that is left out stays as it is, null clears."""

    # Defaults are made, not named: the description would tell scripts that they are written.
    title: _Title = Field(default_factory=str)
    body: _Long = Field(default_factory=str)
    acceptance_criteria: _Long = Field(default_factory=str)
    state: Column = Field(default_factory=lambda: State.BACKLOG)
    native_state: _Line = Field(default_factory=str)
    priority: _Priority = Field(default_factory=int)
    labels: Annotated[list[_Label], Field(max_length=200)] = Field(default_factory=list)
    assignee: _Name = None
    parent: _Name = None
    points: _Amount | None = None
    hours: _Amount | None = None
    due: _Due | None = None
    iteration: _Name = None
    release: _Name = None
    blocked: bool = Field(default_factory=bool)
    blocked_reason: _Reason | None = None
    blocked_by: _Refs = Field(default_factory=list)
    blocks: _Refs = Field(default_factory=list)
    branch: _Name = None
    coverage: _Percent | None = None
    commit_sha: _Name = None
    twin_key: _Name = None
    custom: _Custom = Field(default_factory=dict)

    def given(self) -> IssueFields:
        """Give what was said."""
        return cast("IssueFields", {name: getattr(self, name) for name in self.model_fields_set})


class Expected(Asked):
    """What the page saw: fields as `values` of the item gave them."""

    model_config = ConfigDict(extra="allow", strict=True)
    __pydantic_extra__: dict[str, JsonValue]

    @model_validator(mode="after")
    def _are_fields(self) -> "Expected":
        if self.seen().keys() - IssueFields.__annotations__.keys():
            raise ValueError("no such field")
        return self

    def seen(self) -> dict[str, Json]:
        """Give them by name."""
        return cast("dict[str, Json]", dict(self.__pydantic_extra__))


class Edit(Asked):
    """Fields of an item to write, and what they were when the page read them.

    With `claim`, its state is written though somebody else holds it.
    """

    ref: RefText
    fields: Fields
    expected: Expected | None = None
    claim: Ignore | None = _IGNORED


class Move(Asked):
    """A column to move an item to, by one of its words if given, and where the page saw it.

    With `claim`, it is moved though somebody else holds it.
    """

    ref: RefText
    state: Column
    native_state: _Line | None = None
    expected: Column | None = None
    claim: Ignore | None = _IGNORED


class Tick(Asked):
    """A step of an item, by its key, else by its place and its title as it was seen."""

    ref: RefText
    key: RefText | None = None
    position: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    title: Annotated[str, Field(max_length=TITLE_LIMIT)] = ""
    native_state: _Line | None = None
    done: bool


class Step(Asked):
    """A step to be added below an item."""

    ref: RefText
    title: _Title


class NewLink(Asked):
    """Two items and what the first is to the other: `blocks`, `blocked_by`, `related` or so."""

    ref: RefText
    kind: Annotated[str, Field(min_length=1, max_length=40)]
    other: RefText


class Remark(Asked):
    """Something to say about an item, in markdown."""

    ref: RefText
    body: Annotated[str, Field(min_length=1, max_length=TEXT_LIMIT)]


class New(Asked):
    """An item to create: where, what, and its fields."""

    tracker: RefText | None = None
    kind: AnyKind
    project: RefText | None = None
    fields: Fields
