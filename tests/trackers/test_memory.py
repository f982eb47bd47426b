"""The in-memory tracker keeps the contract, as a full tracker and as a sparse one."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from panopticon.model.issue import IssueFields, Iteration, Kind, State
from panopticon.trackers.memory import MemoryTracker
from panopticon.trackers.memory_shape import Shape
from tests.contracts.editing import EditingContract
from tests.contracts.subject import Subject
from tests.contracts.tracker import TrackerContract

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
EVERY = frozenset(IssueFields.__annotations__)
FORGE = Shape(  # issues with sub-issues, two states, nothing deleted
    prefixes={Kind.ISSUE: "acme/app#"},
    words={State.BACKLOG: "open", State.DONE: "closed"},
    lacks={Kind.ISSUE: frozenset({"points", "hours", "priority", "due", "iteration"})},
    delete=False,
)
NOTEPAD = Shape(  # flat lines of text with a tick
    prefixes={Kind.STORY: "L-"},
    words={State.BACKLOG: "todo", State.DONE: "x"},
    lacks={Kind.STORY: EVERY - {"title", "body", "labels", "state", "native_state"}},
    comments=False,
    dependencies=False,
    link_pull_request=False,
    history=False,
    steps=True,
)


class Clock:
    """Every look at it is a second later."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def later(self) -> None:
        self.now += timedelta(hours=2)


def remarks(tracker: MemoryTracker) -> Callable[[str], list[str]]:
    """Say how to read the links of an item: they are remarks."""
    return lambda key: [remark.body for remark in tracker.comments(key)]


class TestMemory(TrackerContract, EditingContract):
    @pytest.fixture
    def subject(self) -> Subject:
        clock = Clock()
        tracker = MemoryTracker(clock, page_size=3)
        end = NOW + timedelta(days=14)
        tracker.timeboxes = [Iteration("Sprint-1", NOW, end, "Planning", "Project")]
        return Subject(
            tracker,
            clock.later,
            identity="memory:memory",
            me="me@example.com",
            leaf=Kind.STORY,
            creatable=(Kind.STORY, Kind.DEFECT, Kind.TASK, Kind.FEATURE, Kind.EPIC),
            ladder=(Kind.EPIC, Kind.FEATURE, Kind.STORY, Kind.TASK),
            columns=tuple(State),
            words=("Defined", "Planning", "In-Progress", "In Review", "Completed"),
            spellings=lambda key: (key.lower(), key.replace("US", "US-"), f"memory:{key}"),
            strangers=("US999999", "ZZ1", "US1) OR (Name = x"),
            places=frozenset({"workspace", "project"}),
            links=remarks(tracker),
        )


class TestForge(TrackerContract, EditingContract):
    @pytest.fixture
    def subject(self) -> Subject:
        clock = Clock()
        tracker = MemoryTracker(clock, "forge", 3, FORGE)
        return Subject(
            tracker,
            clock.later,
            identity="memory:forge",
            me="me@example.com",
            leaf=Kind.ISSUE,
            creatable=(Kind.ISSUE,),
            ladder=(Kind.ISSUE, Kind.ISSUE),
            columns=(State.BACKLOG, State.DONE),
            words=("open", "closed"),
            spellings=lambda key: (f"forge:{key}",),
            strangers=("acme/app#999", "acme/other#1"),
            places=frozenset({"workspace", "project"}),
            links=remarks(tracker),
        )


class TestNotepad(TrackerContract, EditingContract):
    @pytest.fixture
    def subject(self) -> Subject:
        clock = Clock()
        tracker = MemoryTracker(clock, "notepad", 3, NOTEPAD)
        return Subject(
            tracker,
            clock.later,
            identity="memory:notepad",
            me="me@example.com",
            leaf=Kind.STORY,
            creatable=(Kind.STORY,),
            ladder=(Kind.STORY,),
            columns=(State.BACKLOG, State.DONE),
            words=("todo", "x"),
            spellings=lambda key: (key.lower(), key.replace("-", "")),
            strangers=("L-999", "L"),
            places=frozenset({"workspace", "project"}),
            links=remarks(tracker),
        )
