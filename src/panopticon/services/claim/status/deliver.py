"""Doing one status write: the status, then the fields, then the remark.

Each part is done again without harm: a status that is there stays, a remark that was posted is
not posted twice. What the tracker has no place for is kept here or said.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from panopticon.errors import Conflict, PanError, Partial, Retriable, Unsupported
from panopticon.model.issue import Issue, IssueFields, Json
from panopticon.model.queued import Queued
from panopticon.model.ref import IssueRef
from panopticon.services.claim.status.goal import Goal
from panopticon.services.context import Context
from panopticon.services.issue import phase, write as issue_write
from panopticon.services.issue.turn import turn

_SHORT = 10  # letters of a commit that people read


@dataclass(frozen=True, slots=True)
class Delivered:
    """An item as it is after a write; `notes` say what went elsewhere than wished."""

    issue: Issue
    notes: tuple[str, ...] = ()


def goal_of(write: Queued) -> Goal | None:
    """Read where a write moves its item; None where it leaves the status alone."""
    return Goal(write.state, write.word) if write.state else None


def deliver(ctx: Context, write: Queued) -> Delivered:
    """Do a write; raises Retriable where the tracker does not answer.

    Only a status that is refused fails it: fields and remarks that are refused for good are said,
    so that they hold up neither what was written nor what comes later.
    """
    notes: list[str] = []
    with turn(write.ref):
        goal = goal_of(write)
        if goal:
            notes += _move(ctx, write.ref, goal)
        issue = issue_write.stored(ctx, write.ref)
        notes += _fill(ctx, issue, write.fields)
        if write.remark:
            notes += _say(ctx, write.ref, write.remark)
    return Delivered(issue_write.stored(ctx, write.ref), tuple(notes))


def _move(ctx: Context, ref: IssueRef, goal: Goal) -> list[str]:
    try:
        if goal.word:
            issue_write.write(ctx, ref, {"native_state": goal.word})
            return []
        moved = issue_write.put_into(ctx, ref, goal.state)
    except Partial as error:
        return [_in_part(error)]
    return [phase.note_of(ref.tracker, goal.state)] if moved.is_here_only else []


def _in_part(error: Partial) -> str:
    """Give the sentence of a write that went through with a flaw; raise the others."""
    if not error.details.get("written"):
        raise error
    return error.message


def _fill(ctx: Context, issue: Issue, fields: Mapping[str, Json]) -> list[str]:
    """Write fields, each one that the tracker has; name the others."""
    able = ctx.tracker(issue.ref.tracker).capabilities.writable.get(issue.kind, frozenset())
    wanted = {
        name: value
        for name, value in fields.items()
        if name in able and getattr(issue, name, None) != value
    }
    lacking, notes = [name for name in fields if name not in able], []
    if wanted:
        try:
            issue_write.write(ctx, issue.ref, cast("IssueFields", wanted))
        except PanError as error:
            if isinstance(error, Retriable) or error.details.get("written"):
                notes.append(_refused("", error))
            else:  # one of them is to blame
                lacking += _fill_singly(ctx, issue.ref, wanted, notes)
    if not lacking:
        return notes
    return [*notes, f"{issue.ref.tracker} has no field for {_listed(lacking)}: the remark says it"]


def _listed(names: Iterable[str]) -> str:
    return " and ".join(name.replace("_", " ") for name in names)


def _refused(what: str, error: PanError) -> str:
    """Say that a part was refused; raises what may go well later, a collision too."""
    if isinstance(error, Retriable):
        raise error
    if isinstance(error, Conflict):
        raise Retriable(error.message, error.hint) from error
    if error.details.get("written"):
        return error.message
    return f"The tracker did not take {what}: {error.message}"


def _fill_singly(
    ctx: Context, ref: IssueRef, fields: Mapping[str, Json], notes: list[str]
) -> list[str]:
    lacking = []
    for name, value in fields.items():
        try:
            issue_write.write(ctx, ref, cast("IssueFields", {name: value}))
        except Unsupported:
            lacking.append(name)
        except PanError as error:
            notes.append(_refused(_listed([name]), error))
    return lacking


def signed(ref: IssueRef, text: str) -> str:
    """Put a mark below a remark by which it is known again, whatever became of its markup."""
    return f"{text.strip()}\n\n{_mark(ref, text)}"


def is_said(ctx: Context, ref: IssueRef, text: str) -> bool:
    """Ask the tracker whether a remark stands there."""
    tracker, mark = ctx.tracker(ref.tracker), _mark(ref, text)
    if not tracker.capabilities.comments:
        return False
    return any(mark in said.body for said in tracker.comments(ref.key))


def _mark(ref: IssueRef, text: str) -> str:
    told = f"{ref.key}\n{text.strip()}"
    return f"pan:{hashlib.sha256(told.encode()).hexdigest()[:12]}"


def _say(ctx: Context, ref: IssueRef, text: str) -> list[str]:
    if not ctx.tracker(ref.tracker).capabilities.comments:
        return [f"{ref.tracker} takes no remarks"]
    try:
        if not is_said(ctx, ref, text):
            issue_write.comment(ctx, str(ref), signed(ref, text))
    except PanError as error:
        return [_refused("the remark", error)]
    return []


def words_of(write: Queued) -> str:
    """Say in a few words what a write does."""
    goal, said = goal_of(write), []
    if goal:
        said.append(f"status {goal.word or goal.state.label}")
    for name, value in write.fields.items():
        if name == "commit_sha":
            said.append(f"commit {str(value)[:_SHORT]}")
        else:
            said.append(f"{name.replace('_', ' ')} {value}")
    return ", ".join([*said, *(["a remark"] if write.remark else [])])
