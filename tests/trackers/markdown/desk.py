"""A repository with story files, and the tracker that reads it."""

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from panopticon.local.disk import LocalDisk
from panopticon.model.change import Cursor, Page, Scope
from panopticon.model.issue import Issue, Kind, State
from panopticon.trackers.markdown.options import Options
from panopticon.trackers.markdown.tracker import MarkdownTracker, tracker_of
from panopticon.trackers.notes import ForgetfulNotes
from tests.contracts.subject import Subject
from tests.local.repository import Repo, made

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
STORIES = "_bmad-output/implementation-artifacts"
PLANS = "_bmad-output/planning-artifacts"
SPRINT = f"{STORIES}/sprint-status.yaml"
EPICS = f"{PLANS}/epics.md"
CONFIG = """\
project_name: app
implementation_artifacts: "{project-root}/_bmad-output/implementation-artifacts"
planning_artifacts: "{project-root}/_bmad-output/planning-artifacts"
output_folder: "{project-root}/_bmad-output"
"""


def story(number: str, title: str, status: str = "ready-for-dev", more: str = "") -> str:
    """Write a story file of v6."""
    return (
        f"# Story {number}: {title}\n\nStatus: {status}\n{more}\n"
        "## Story\n\nAs a clerk,\nI want it,\nso that it is there.\n\n"
        "## Acceptance Criteria\n\n1. It is there.\n\n"
        "## Tasks / Subtasks\n\n- [ ] Do it\n  - [x] Begin\n"
    )


@dataclass
class Desk:
    """One repository, what is remembered between runs, and a sync's cursors."""

    repo: Repo
    notes: ForgetfulNotes = field(default_factory=ForgetfulNotes)
    folders: tuple[str, ...] = ()
    cursors: dict[str, Cursor] = field(default_factory=dict)

    def tracker(self, **options: object) -> MarkdownTracker:
        """Open the tracker as a new process would."""
        folders = self.folders or (str(self.repo.path),)
        chosen = Options("stories", folders, **options)  # type: ignore[arg-type]
        return tracker_of(chosen, LocalDisk(), lambda: NOW, self.notes)

    def put(self, path: str, text: str) -> Path:
        """Write a file, as old as a file that nobody is writing any more."""
        file = self.repo.put(path, text)
        os.utime(file, ns=(file.stat().st_mtime_ns, file.stat().st_mtime_ns - 10**10))
        return file

    def put_story(self, name: str, text: str) -> Path:
        """Write a story file where they belong."""
        return self.put(f"{STORIES}/{name}", text)

    def sync(self, scope: Scope | None = None, **options: object) -> tuple[list[str], list[str]]:
        """Read what is new; give the keys of changed items and the ids of gone ones."""
        pages = self.pages(scope, **options)
        keys = [issue.ref.key for page in pages for issue in page.issues]
        return keys, [one for page in pages for one in page.deleted]

    def pages(self, scope: Scope | None = None, **options: object) -> list[Page]:
        """Read both streams to their ends and keep the cursors."""
        tracker = self.tracker(**options)
        found = []
        for stream in tracker.streams():
            last = self.cursors.get(stream, Cursor())
            for page in tracker.pull(stream, scope or Scope(), last, NOW):
                found.append(page)
                self.cursors[stream] = page.cursor
        return found

    def issues(self) -> dict[str, Issue]:
        """Read everything."""
        tracker = self.tracker()
        pages = tracker.pull("items", Scope(), Cursor(), NOW)
        return {issue.ref.key: issue for page in pages for issue in page.issues}


def desk_in(path: Path, stories: Iterable[tuple[str, str]] = ()) -> Desk:
    """Make a repository of v6 with some story files, committed."""
    desk = Desk(made(path))
    desk.put("_bmad/bmm/config.yaml", CONFIG)
    for name, text in stories:
        desk.put_story(name, text)
    desk.repo.save()
    return desk


def subject_of(desk: Desk, tracker: MarkdownTracker) -> Subject:
    """Declare what is particular to story files."""
    root = desk.repo.git("rev-list", "--max-parents=0", "HEAD")

    def links(key: str) -> list[str]:
        return [remark.body for remark in tracker.comments(key)]

    return Subject(
        tracker,
        lambda: None,  # contents tell what is new, not clocks
        identity=f"markdown:{root}",
        me="ann@example.com",
        leaf=Kind.STORY,
        creatable=(Kind.EPIC, Kind.STORY),
        ladder=(Kind.EPIC, Kind.STORY),
        columns=tuple(State),
        words=("backlog", "ready-for-dev", "in-progress", "review", "done"),
        spellings=_spellings,
        strangers=("9.99", "epic-999", "no-such-file"),
        places=frozenset({"workspace", "project"}),
        links=links,
        nests=False,
    )


def _spellings(key: str) -> tuple[str, ...]:
    hyphens = key.replace(".", "-")
    return (hyphens, f"0{key}", f"{hyphens}-any-slug", f"story-{hyphens}", f"stories:{key}")
