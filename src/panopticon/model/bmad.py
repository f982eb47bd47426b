"""An item as a BMAD story file, by the mapping of seed 003 §1.

The dialect is BMAD v6 with Pantheon's sections: https://github.com/bmad-code-org/BMAD-METHOD
"""

import re
from collections.abc import Iterator
from datetime import datetime

from panopticon.model.issue import Issue, State
from panopticon.model.ref import hyphenated, number_of

STATUS = {
    State.BACKLOG: "backlog",
    State.PLANNING: "ready-for-dev",
    State.IN_PROGRESS: "in-progress",
    State.IN_REVIEW: "review",
    State.DONE: "done",
}
_HEADING = re.compile(r"^(#{1,6})(?=\s)")
_FENCE = re.compile(r"^\s{0,3}(```|~~~)")
_TOP = 3
_LOWEST = 6
_RECORD = ("Agent Model Used", "Debug Log References", "Completion Notes List", "File List")


def story(issue: Issue, epic: str | None, now: datetime, *, is_file: bool = False) -> str:
    """Write the story file of an item; `epic` is the title of the item above it.

    `is_file`: it comes from a story file, whose sections and words stay as they are.
    """
    if is_file:
        return _from_file(issue, epic, now)
    parts = [
        f"# Story {hyphenated(issue.ref.key)}: {_line(issue.title)}",
        f"Status: {status(issue)}",
        "## Story Details\n\n" + "\n".join(_details(issue, epic, now)),
        _section("Business Context", issue.body),
        _section("Acceptance Criteria", issue.acceptance_criteria),
        "## Implementation Tasks\n\n" + (_tasks(issue) or "_None in the tracker._"),
        *_dependencies(issue),
        "## Dev Agent Record\n\n" + "\n\n".join(f"### {name}" for name in _RECORD),
    ]
    return "\n\n".join(parts) + "\n"


def _from_file(issue: Issue, epic: str | None, now: datetime) -> str:
    name = issue.ref.key.rpartition("#")[2]
    is_epic = name.casefold().startswith("epic-")
    head = f"Epic {name[len('epic-') :]}" if is_epic else f"Story {name}"
    told, sections = _parted(issue.body.strip())
    parts = [
        f"# {head}: {_line(issue.title)}",
        f"Status: {issue.native_state or status(issue)}",
        "## Story Details\n\n" + "\n".join(_details(issue, epic, now)),
        f"## Story\n\n{told}" if told else "",
        f"## Acceptance Criteria\n\n{lowered(issue.acceptance_criteria.strip())}"
        if issue.acceptance_criteria.strip()
        else "",
        f"## Tasks / Subtasks\n\n{_tasks(issue)}" if issue.tasks else "",
        *_dependencies(issue),
        sections,
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _parted(body: str) -> tuple[str, str]:
    """Part what is told first from the sections behind it, which have headings of their own."""
    lines = body.splitlines()
    levels = ((i, len(match[1])) for i, match in _headings(lines))
    start = next((i for i, level in levels if level < _TOP), len(lines))
    return "\n".join(lines[:start]).strip(), "\n".join(lines[start:]).strip()


def status(issue: Issue) -> str:
    """Give BMAD's word; one that can be started as it stands is ready for development."""
    if issue.cancelled:
        return "cancelled"
    if issue.state is State.BACKLOG and issue.acceptance_criteria.strip():
        return "ready-for-dev"
    return STATUS[issue.state]


def _details(issue: Issue, epic: str | None, now: datetime) -> Iterator[str]:
    """Yield the fields as a list; those without a value are left out."""
    facts = {
        "Story key": hyphenated(issue.ref.key),
        "Epic": _epic(issue, epic),
        "State": issue.native_state,
        "Assigned To": issue.assignee,
        "Locked By": _lock(issue, now),
        "Branch": issue.branch,
        "Coverage": f"{issue.coverage:g}%" if issue.coverage is not None else None,
        "Commit": issue.commit_sha,
        "Points": f"{issue.points:g}" if issue.points is not None else None,
        "Iteration": issue.iteration,
        "Labels": ", ".join(issue.labels),
        "Blocked": _blocked(issue),
        "Link": issue.url,
    }
    for name, value in facts.items():
        if value:
            yield f"- **{name}:** {_line(value)}"


def _epic(issue: Issue, epic: str | None) -> str | None:
    if not issue.parent:
        return None
    number = number_of(issue.parent.key) or issue.parent.key
    return f"{number} - {epic}" if epic else number


def _lock(issue: Issue, now: datetime) -> str | None:
    lease = issue.lease
    if lease is None or not lease.is_held(now):
        return None
    until = f" until {lease.expires_at:%Y-%m-%d %H:%M} UTC" if lease.expires_at else ""
    return lease.holder + until


def _blocked(issue: Issue) -> str | None:
    return (issue.blocked_reason or "yes") if issue.blocked else None


def _section(name: str, text: str) -> str:
    return f"## {name}\n\n{lowered(text.strip()) or '_None in the tracker._'}"


def _tasks(issue: Issue) -> str:
    return "\n".join(
        f"{'  ' * task.depth}- [{'x' if task.done else ' '}] {_line(task.title)}"
        + (f" ({task.key})" if task.key else "")
        for task in issue.tasks
    )


def _dependencies(issue: Issue) -> Iterator[str]:
    for name, refs in (("Depends on", issue.blocked_by), ("Blocks", issue.blocks)):
        if refs:
            yield f"**{name}:** {', '.join(hyphenated(ref.key) for ref in refs)}"


def lowered(text: str) -> str:
    """Push headings below the file's own sections, which they would otherwise end."""
    lines = text.splitlines()
    levels = [len(match[1]) for _, match in _headings(lines)]
    shift = _TOP - min(levels, default=_TOP)
    if shift <= 0:
        return text
    for i, match in list(_headings(lines)):
        level = min(len(match[1]) + shift, _LOWEST)
        lines[i] = "#" * level + lines[i][match.end() :]
    return "\n".join(lines)


def _headings(lines: list[str]) -> Iterator[tuple[int, re.Match[str]]]:
    """Find the headings outside fenced code."""
    is_code = False
    for i, line in enumerate(lines):
        if _FENCE.match(line):
            is_code = not is_code
        elif not is_code and (match := _HEADING.match(line)):
            yield i, match


def _line(text: str) -> str:
    return " ".join(text.split())
