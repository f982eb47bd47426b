"""Steps of an item, whether its tracker keeps them as lines of it or as items of their own."""

from collections.abc import Sequence
from dataclasses import replace

from panopticon.errors import Conflict, InvalidInput, NotFound, Unsupported
from panopticon.model.issue import Issue, IssueFields, Json, Kind, NewIssue, State, Task
from panopticon.model.ref import IssueRef
from panopticon.services.board import item as board_item
from panopticon.services.context import Context
from panopticon.services.issue import write as issue_write
from panopticon.services.issue.edit import Change, create
from panopticon.services.issue.form import Forms
from panopticon.services.issue.turn import turn
from panopticon.services.ref import resolve


def numbered(ctx: Context, text: str, which: str) -> Task:
    """Find a step as people name it: by its number in `work show`, from 1, or by its key."""
    ref = resolve(ctx, text)
    above = issue_write.stored(ctx, ref)
    steps = board_item.steps_of(above, ctx.store.children(ref))
    wanted = which.strip()
    for number, step in enumerate(steps, start=1):
        if wanted in {str(number), step.key}:
            return step
    known = f"It has {len(steps)}." if steps else "It has none."
    raise NotFound(f"{ref.key} has no step {wanted!r}.", f"{known} `pan work show {ref.key}`")


def tick(ctx: Context, text: str, step: Task) -> Change:
    """Tick or untick a step of an item; gives the item whose step it is."""
    ref = resolve(ctx, text)
    above = issue_write.stored(ctx, ref)
    if step.key is None and ctx.tracker(ref.tracker).capabilities.steps:
        with turn(ref):
            return _ticked_line(ctx, above, step)
    known = _step(board_item.steps_of(above, ctx.store.children(ref)), step, above)
    if known.key is None:
        raise Unsupported(
            f"The steps of {ref.key} are lines of its text, which {ref.tracker} does not tick.",
            "Edit the description, or tick them in the tracker.",
        )
    # Unticking one that is only begun would throw it back.
    if step.done or known.done:
        state = State.DONE if step.done else State.BACKLOG
        issue_write.put_into(ctx, IssueRef(ref.tracker, known.key), state)
    told: dict[str, Json] = {"key": known.key, "position": known.position}
    return Change(above, told | {"done": known.done}, told | {"done": step.done})


def _ticked_line(ctx: Context, above: Issue, step: Task) -> Change:
    """Tick the line that was seen; without a title, the one that is stored at that place."""
    seen = step if step.title else replace(_step(above.tasks, step, above), done=step.done)
    was = next((one for one in above.tasks if _is_line(one, seen)), None)
    try:
        done = issue_write.tick(ctx, above.ref, seen)
    except Conflict as error:
        now = board_item.card(ctx, issue_write.fresh(ctx, above.ref))
        raise Conflict(error.message, error.hint, **{**error.details, "item": now}) from error
    told: dict[str, Json] = {"key": None, "position": seen.position, "title": seen.title}
    before: dict[str, Json] = {"done": was.done if was else not seen.done}
    if was and was.native_state and not was.done:
        before["native_state"] = was.native_state  # half done: an undo puts it back
    return Change(done, told | before, told | {"done": seen.done})


def _is_line(one: Task, seen: Task) -> bool:
    return (one.position, one.title) == (seen.position, seen.title)


def add_step(forms: Forms, text: str, title: str) -> Change:
    """Add a step below an item, as a line or an item of its own, as its tracker keeps them."""
    ctx = forms.ctx
    ref = resolve(ctx, text)
    name = " ".join(title.split())
    if not name:
        raise InvalidInput("The step is empty.", "Say in a few words what is to be done.")
    above = issue_write.stored(ctx, ref)
    able = ctx.tracker(ref.tracker).capabilities
    if able.steps:
        with turn(ref):
            return Change(issue_write.add_step(ctx, ref, name), {}, {})
    if Kind.TASK not in able.kinds:
        raise Unsupported(f"{ref.tracker} keeps no steps.", "Add an item, or edit the description.")
    fields: IssueFields = {"title": name, "parent": ref.key}
    create(forms, NewIssue(Kind.TASK, fields, above.project or None), ref.tracker)
    return Change(above, {}, {})


def _step(steps: Sequence[Task], wanted: Task, above: Issue) -> Task:
    """Find a step by its key, else by its place; raises NotFound."""
    for step in steps:
        is_it = step.key == wanted.key if wanted.key else step.position == wanted.position
        if is_it:
            return step
    named = wanted.key or f"at position {wanted.position}"
    raise NotFound(
        f"{above.ref.key} has no step {named}.", "It has gone meanwhile: load the item again."
    )
