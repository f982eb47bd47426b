"""The status of a story that is taken, and of one that is given back without work."""

from dataclasses import dataclass

from panopticon.errors import PanError, Unsupported
from panopticon.model.claim import Known
from panopticon.model.issue import Issue, IssueFields, State
from panopticon.services.claim.desk import Desk
from panopticon.services.claim.status import queue
from panopticon.services.claim.status.goal import Goal, goal
from panopticon.services.issue import write as issue_write

_UNSTARTED = (State.BACKLOG, State.PLANNING)


@dataclass(frozen=True, slots=True)
class Moved:
    """A story after a step; `error` says why its status is not there yet."""

    issue: Issue
    text: str = ""
    error: str | None = None


def start(desk: Desk, story: Issue) -> Moved:
    """Move a story that nobody works on to where work on it shows; others stay."""
    if story.state not in _UNSTARTED:
        return Moved(story, f"Status stays {_word(story)}")
    aim = goal(desk.ctx, story, "start")
    return Moved(story) if aim.is_reached(story) else _move(desk, story, aim)


def undo(desk: Desk, story: Issue, known: Known | None) -> Moved:
    """Move a story back to where it was before the checkout, unless somebody moved it since."""
    if known is None or known.was not in _UNSTARTED or story.state in _UNSTARTED:
        return Moved(story)
    if not goal(desk.ctx, story, "start").is_reached(story):
        return Moved(story, f"Status stays {_word(story)}: it was moved since")
    there = desk.ctx.tracker(story.ref.tracker).words().get(story.kind, ())
    has_word = (known.was_native, known.was) in set(there)
    return _move(desk, story, Goal(known.was, known.was_native if has_word else None))


def own(desk: Desk, story: Issue, holder: str | None) -> str | None:
    """Make somebody, or nobody, the owner of a story; says why the tracker refuses."""
    able = desk.ctx.tracker(story.ref.tracker).capabilities.writable.get(story.kind, frozenset())
    if "assignee" not in able or (story.assignee or "").casefold() == (holder or "").casefold():
        return None
    fields: IssueFields = {"assignee": holder}
    try:
        issue_write.write(desk.ctx, story.ref, fields)
    except Unsupported:
        return None
    except PanError as error:
        return f"The owner stays {story.assignee or 'nobody'}: {error.message}"
    return None


def _move(desk: Desk, story: Issue, aim: Goal) -> Moved:
    sent = queue.sent(desk.ctx, queue.wish(desk.ctx, story, desk.holder, aim))
    if sent.issue is None:
        why = (sent.error or "").rstrip(".")
        return Moved(story, error=f"Status stays {_word(story)} until the tracker answers: {why}.")
    text = f"Status updated: {_word(story)} → {_word(sent.issue)}"
    return Moved(sent.issue, "; ".join([text, *sent.notes]))


def _word(story: Issue) -> str:
    return story.native_state or story.state.label
