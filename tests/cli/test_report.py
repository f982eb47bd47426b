"""The report of a sync: how epics are named, what it says it cost."""

import io
from datetime import UTC, datetime

import pytest

from panopticon.cli.report import draw_report
from panopticon.cli.terminal import terminal_on
from panopticon.model.issue import Kind, State
from panopticon.model.ref import IssueRef
from panopticon.services.sync.report import Report, TrackerReport, epics_from
from panopticon.store.base import Outline


def drawn(told: Report) -> str:
    stream = io.StringIO()
    draw_report(terminal_on(stream, {}), told, "/cache")
    return stream.getvalue()


def outline(key: str, title: str, parent: str | None = None) -> Outline:
    return Outline(
        ref=IssueRef("stories", key),
        kind=Kind.STORY if parent else Kind.EPIC,
        title=title,
        state=State.BACKLOG,
        native_state="",
        cancelled=False,
        project="app",
        iteration=None,
        parent=IssueRef("stories", parent) if parent else None,
        assignee=None,
        holder=None,
        held_until=None,
    )


@pytest.mark.requirement("cli:sync:epic-name")
def test_an_epic_is_named_once_and_in_the_order_of_numbers() -> None:
    titles = {
        "epic-10": "Windows",
        "epic-2": "Epic 2",
        "epic-dm.10": "Docs",
        "epic-dm.2": "Doors",
        "epic-5-chat-phase-2": "Chat",
        "web#epic-1": "Page",
    }
    outlines = [
        one
        for number, (key, title) in enumerate(titles.items())
        for one in (outline(key, title), outline(f"{number}.1", "A story", key))
    ]
    epics = epics_from(outlines, datetime(2026, 11, 21, tzinfo=UTC))
    text = drawn(Report((TrackerReport("stories"),), epics))
    assert [line[2:] for line in text.splitlines() if "(1 story)" in line] == [
        "Epic 2 (1 story)",
        "Epic Chat (1 story) epic-5-chat-phase-2",
        "Epic 10: Windows (1 story)",
        "Epic dm.2: Doors (1 story)",
        "Epic dm.10: Docs (1 story)",
        "Epic 1: Page (1 story) web#epic-1",
    ]
    assert text.splitlines()[-1] == "Next: pan work list epic=2"
    last = drawn(Report((TrackerReport("stories"),), epics[-1:]))
    assert last.splitlines()[-1] == "Next: pan work list epic=web#epic-1"


@pytest.mark.requirement("cli:sync:cost")
def test_files_cost_no_requests() -> None:
    files = TrackerReport("stories", fetched=4, seconds=0.62)
    server = TrackerReport("rally", fetched=4, requests=1, bytes=2048, seconds=0.62)
    text = drawn(Report((files, server), ()))
    assert "stories: 4 read, 0 changed, 0 deleted (0.6 s)\n" in text
    assert "rally: 4 read, 0 changed, 0 deleted (1 request, 2 kB, 0.6 s)\n" in text
