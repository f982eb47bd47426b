"""Drawing items of work: one item in full, and what a change changed."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from textwrap import wrap
from typing import Protocol

from panopticon.cli.freshness import ago
from panopticon.cli.table import Column, lines
from panopticon.cli.terminal import Terminal
from panopticon.cli.text import clean_block
from panopticon.model.issue import PRIORITIES, Comment, Issue, Kind, State, Task
from panopticon.model.ref import IssueRef

_TEXT_WIDTH = 96
_AFTER = {
    State.BACKLOG: "work update {} state=in_progress",
    State.PLANNING: "work update {} state=in_progress",
    State.IN_PROGRESS: "work update {} state=in_review",
    State.IN_REVIEW: "work update {} state=done",
    State.DONE: "work list --open",
}


class Near(Protocol):
    """As much of a neighbour as a line of it needs."""

    @property
    def ref(self) -> IssueRef:
        """Its reference."""

    @property
    def kind(self) -> Kind:
        """Its kind."""

    @property
    def title(self) -> str:
        """Its title."""

    @property
    def native_state(self) -> str:
        """The team's own word for where it is."""


def draw_item(
    out: Terminal,
    issue: Issue,
    around: tuple[Sequence["Near"], Sequence[Comment]],
    now: datetime,
    bonds: Iterable[str] = (),
) -> None:
    """Draw one item in full: its children and its remarks below; `bonds` are lines as they are."""
    children, comments = around
    out.line(f"{out.accent(out.clean(issue.ref.key))}  {out.bold(out.clean(issue.title))}")
    column = issue.state.label.lower()
    where = [issue.native_state, column, issue.kind.value, issue.project, issue.ref.tracker]
    if issue.cancelled:
        where.insert(1, "cancelled")
    dot = f" {out.sign('dot')} "
    out.line(out.dim(dot.join(out.clean(word) for word in dict.fromkeys(where) if word)))
    for name, text in _facts(issue, now):
        paint = out.red if name == "Blocked" else str
        out.line(f"  {out.dim(name.ljust(12))}{paint(out.clean(text))}")
    for line in bonds:
        out.line(line)
    _draw_text(out, "Description", issue.body)
    _draw_text(out, "Acceptance criteria", issue.acceptance_criteria)
    _draw_tasks(out, issue)
    _draw_children(out, [child for child in children if child.kind is not Kind.TASK])
    for comment in comments:
        _draw_text(out, f"{comment.author}, {ago(comment.created_at, now)}", comment.body)
    out.line(out.next(_AFTER[issue.state].format(issue.ref.key)))


def fact(out: Terminal, name: str, text: str | None) -> list[str]:
    """Give a line about an item, where there is anything to say."""
    return [f"  {out.dim(name.ljust(12))}{out.clean(text)}"] if text else []


def _facts(issue: Issue, now: datetime) -> Iterable[tuple[str, str]]:
    found: dict[str, str | None] = {
        "Assignee": issue.assignee,
        "Priority": PRIORITIES[issue.priority] if issue.priority else None,
        "Points": f"{issue.points:g}" if issue.points is not None else None,
        "Hours": f"{issue.hours:g}" if issue.hours is not None else None,
        "Parent": issue.parent.key if issue.parent else None,
        "Labels": ", ".join(issue.labels),
        "Iteration": issue.iteration,
        "Release": issue.release,
        "Due": issue.due.isoformat() if issue.due else None,
        "Branch": issue.branch,
        "Held": _lock(issue, now),
        "Blocked": (issue.blocked_reason or "yes") if issue.blocked else None,
        "Blocked by": ", ".join(_spelled(ref, issue) for ref in issue.blocked_by),
        "Blocks": ", ".join(_spelled(ref, issue) for ref in issue.blocks),
        "Updated": ago(issue.updated_at, now),
        "Link": issue.url,
    }
    return [(name, text) for name, text in found.items() if text]


def _spelled(ref: IssueRef, beside: Issue) -> str:
    """Name another item; one of another tracker with that tracker's name."""
    return ref.key if ref.tracker == beside.ref.tracker else str(ref)


def _lock(issue: Issue, now: datetime) -> str | None:
    lease = issue.lease
    if lease is None:
        return None
    until = lease.expires_at.astimezone().strftime("%Y-%m-%d %H:%M") if lease.expires_at else ""
    if not lease.is_held(now):
        return f"expired {until} ({lease.holder})"
    return f"by {lease.holder}" + (f" until {until}" if until else "")


def _draw_text(out: Terminal, title: str, text: str) -> None:
    if not text.strip():
        return
    out.line()
    out.line(out.bold(out.clean(title)))
    room = min(_TEXT_WIDTH, out.columns - 2)
    for line in clean_block(text).splitlines():
        indent = " " * (len(line) - len(line.lstrip()))
        for part in wrap(line, room, subsequent_indent=indent) or [""]:
            out.line(f"  {part}".rstrip())


def _draw_tasks(out: Terminal, issue: Issue) -> None:
    if not issue.tasks:
        return
    done = sum(task.done for task in issue.tasks)
    out.line()
    out.line(f"{out.bold('Tasks')} {out.dim(f'{done} of {len(issue.tasks)} done')}")
    width = len(str(len(issue.tasks)))  # numbered, so that one can be named to `work tick`
    for number, task in enumerate(issue.tasks, start=1):
        key = f"{task.key}  " if task.key else ""
        text = out.clean(f"[{_tick(task)}] {key}{task.title}")
        line = f"{number:>{width}} {'  ' * task.depth}{out.dim(text) if task.done else text}"
        out.line(f"  {line}")


def _tick(task: Task) -> str:
    """Draw a tick; a line that is begun has a word of its own."""
    is_begun = bool(task.native_state) and task.key is None
    return "x" if task.done else "~" if is_begun else " "


def draw_tick(out: Terminal, issue: Issue, step: Task) -> None:
    """Say what was ticked, and how many of its steps are done."""
    ok = out.green(out.sign("ok"))
    word = "done" if step.done else "open again"
    out.line(f"{ok} {out.accent(out.clean(issue.ref.key))}  {out.clean(step.title)}: {word}")
    if issue.tasks:
        done = sum(task.done for task in issue.tasks)
        out.line(out.dim(f"  {done} of {len(issue.tasks)} done"))
    out.line(out.next(f"work show {issue.ref.key}"))


def draw_added(out: Terminal, issue: Issue, title: str) -> None:
    """Say which step was added."""
    ok = out.green(out.sign("ok"))
    out.line(f"{ok} {out.accent(out.clean(issue.ref.key))}  added: {out.clean(title)}")
    out.line(out.next(f"work show {issue.ref.key}"))


def _draw_children(out: Terminal, children: Sequence["Near"]) -> None:
    if not children:
        return
    out.line()
    out.line(f"{out.bold('Children')} {out.dim(str(len(children)))}")
    rows = [[child.ref.key, child.title, child.native_state] for child in children]
    columns = [Column(paint=out.accent), Column(gives=True), Column(paint=out.dim)]
    for line in lines(out, columns, rows, indent=2):
        out.line(line)


def draw_change(out: Terminal, before: Issue | None, after: Issue) -> None:
    """Say what became of an item: each field that is another now."""
    key = out.accent(out.clean(after.ref.key))
    ok = out.green(out.sign("ok"))
    if before is None:
        out.line(f"{ok} Created {key}  {out.clean(after.title)}")
    changes = changes_between(before, after) if before else []
    for name, old, new in changes:
        arrow = "->" if not out.has_unicode else "→"
        was, is_now = (out.clean(_worded(name, text)) or "(none)" for text in (old, new))
        shown = f"{was} {arrow} {is_now}"
        out.line(f"{ok} {key}  {name}: {shown}")
    if before and not changes:
        out.line(f"{out.sign('dot')} {key} has it so already; nothing changed.")
    if after.url:
        out.line(f"  {out.dim(out.clean(after.url))}")
    out.line(out.next(f"work show {after.ref.key}"))


_TOLD = (
    "title",
    "state",
    "native_state",
    "priority",
    "labels",
    "assignee",
    "parent",
    "points",
    "hours",
    "due",
    "iteration",
    "release",
    "blocked",
    "blocked_reason",
    "blocked_by",
    "blocks",
    "branch",
    "coverage",
    "commit_sha",
    "twin_key",
    "body",
    "acceptance_criteria",
)


def changes_between(before: Issue, after: Issue) -> list[tuple[str, str, str]]:
    """List the fields that differ, as one would read them; long texts by their length."""
    changes = []
    for name in _TOLD:
        old, new = _spoken(name, getattr(before, name)), _spoken(name, getattr(after, name))
        if old != new:
            changes.append((name.replace("_", " "), old, new))
    changed = {
        k for k in {*before.custom, *after.custom} if before.custom.get(k) != after.custom.get(k)
    }
    changes += [
        (k, str(before.custom.get(k, "")), str(after.custom.get(k, ""))) for k in sorted(changed)
    ]
    return changes


def _worded(name: str, text: str) -> str:
    """Say a number that stands for a word, and a flag, as people do."""
    if name == "priority":
        return PRIORITIES[int(text)]
    return {"True": "yes", "False": "no"}.get(text, text) if name == "blocked" else text


def _spoken(name: str, value: object) -> str:
    if value is None:
        return ""
    if name in {"body", "acceptance_criteria"}:
        return f"{len(str(value))} characters"
    if isinstance(value, tuple):
        return ", ".join(str(getattr(item, "key", item)) for item in value)
    if isinstance(value, float):
        return f"{value:g}"
    return str(getattr(value, "key", value))
