"""Writes that two people may make at once: each says what it saw, and learns who was first.

No tracker offers compare-and-swap. The item is read afresh just before the write and compared
with what the page saw, one write at a time here; who writes past this process at that very moment
is met only by the next reader.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from panopticon.errors import Conflict, InvalidInput, Unsupported
from panopticon.model.issue import CARDS, Issue, IssueFields, Json, Kind, NewIssue, State
from panopticon.model.ref import IssueRef
from panopticon.services import person
from panopticon.services.board import item as board_item
from panopticon.services.context import Context
from panopticon.services.issue import history as issue_history, write as issue_write
from panopticon.services.issue.form import Forms
from panopticon.services.issue.place import place_of
from panopticon.services.issue.turn import turn
from panopticon.services.ref import resolve
from panopticon.services.value import moved_on, standing


@dataclass(frozen=True, slots=True)
class Goal:
    """Where an item shall go: a column, by one of its words if given; where the page saw it."""

    state: State
    native_state: str | None = None
    expected: State | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """An item as its tracker has it after a write, what to write to undo it, what stands there."""

    issue: Issue
    before: Mapping[str, Json]
    after: Mapping[str, Json]

    def as_json(self, ctx: Context) -> dict[str, Json]:
        """Give the card, the number of the log that surely holds the write, and the undo."""
        return {
            "item": board_item.card(ctx, ctx.store.issue(self.issue.ref) or self.issue),
            "seq": ctx.store.last_event(),
            "before": dict(self.before),
            "after": dict(self.after),
        }


def move(ctx: Context, text: str, goal: Goal) -> Change:
    """Move an item; raises Conflict when it does not stand where the page saw it."""
    ref = resolve(ctx, text)
    with turn(ref):
        return _moved(ctx, ref, goal)


def _moved(ctx: Context, ref: IssueRef, goal: Goal) -> Change:
    seen = issue_write.stored(ctx, ref)
    now = issue_write.fresh(ctx, ref) if goal.expected else seen
    if goal.expected and now.state is not goal.expected:
        raise _elsewhere(ctx, seen, now)
    if goal.native_state is None:
        moved = issue_write.put_into(ctx, ref, goal.state)
    else:
        moved = issue_write.write(ctx, ref, {"native_state": goal.native_state})
    place: IssueFields = {"state": goal.state}
    return Change(moved, standing(now, place), standing(moved, place))


def edit(
    forms: Forms, text: str, fields: IssueFields, expected: Mapping[str, Json] | None = None
) -> Change:
    """Write fields; raises Conflict for those that are not as the page saw them."""
    if not fields:
        raise InvalidInput("Nothing to change.", "Name at least one field.")
    ref = resolve(forms.ctx, text)
    with turn(ref):
        return _edited(forms, ref, fields, expected or {})


def _edited(
    forms: Forms, ref: IssueRef, fields: IssueFields, expected: Mapping[str, Json]
) -> Change:
    ctx = forms.ctx
    known = now = issue_write.stored(ctx, ref)
    forms.refuse(now, fields)
    wanted = _spelled(ctx, ref.tracker, fields)
    if expected:
        now = issue_write.fresh(ctx, ref)
        seen = {name: _seen(ctx, name, value) for name, value in expected.items()}
        if clash := moved_on(now, seen, cast("dict[str, Json]", _json(wanted))):
            raise _changed(ctx, known, now, clash)
    done = issue_write.write(ctx, ref, wanted)
    return Change(done, standing(now, wanted), standing(done, wanted))


def create(forms: Forms, new: NewIssue, tracker: str | None) -> Change:
    """Create an item of any kind that the tracker makes."""
    ctx = forms.ctx
    name = place_of(ctx, new, tracker)
    able = ctx.tracker(name).capabilities
    if new.kind not in able.kinds:
        known = ", ".join(able.kinds)
        raise Unsupported(f"{name} has no {new.kind}.", f"It makes: {known}.", field="kind")
    if not new.fields.get("title", "").strip():
        raise InvalidInput("A title is needed.", "Give the item a name.", field="title")
    forms.refuse_new(name, new)
    fields = _spelled(ctx, name, new.fields)
    return Change(issue_write.create(ctx, NewIssue(new.kind, fields, new.project), name), {}, {})


def delete(ctx: Context, text: str) -> dict[str, Json]:
    """Delete an item; raises Unsupported where its tracker cannot."""
    ref = resolve(ctx, text)
    if not ctx.tracker(ref.tracker).capabilities.delete:
        raise Unsupported(f"{ref.tracker} cannot delete items from here.", "Do it there.")
    issue_write.delete(ctx, str(ref))
    return {"ref": str(ref), "seq": ctx.store.last_event()}


def _spelled(ctx: Context, tracker: str, fields: IssueFields) -> IssueFields:
    """Spell links as the tracker does, and nobody as None."""
    spelled = issue_write.keys_for(ctx, tracker, fields)
    if "assignee" in spelled:
        spelled["assignee"] = person.assigned(spelled["assignee"])
    return spelled


def _seen(ctx: Context, name: str, value: Json) -> Json:
    """Read what the page saw: it may send a person as its card shows one."""
    if name != "assignee":
        return value
    who = value.get("id") if isinstance(value, dict) else value
    return person.named(ctx, who) if isinstance(who, str) else None


def _json(fields: IssueFields) -> dict[str, object]:
    """Spell the values that are no JSON: a date, a column."""
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in fields.items()
    }


def _elsewhere(ctx: Context, seen: Issue, now: Issue) -> Conflict:
    who = issue_history.who_changed(ctx, seen, [now.native_state])
    is_card = now.kind in CARDS or now.kind is Kind.TASK
    column = now.state.label if is_card or not now.native_state else now.native_state
    return Conflict(
        f"{who} moved it to {column}." if who else f"It was moved to {column} meanwhile.",
        "Look at where it stands now, then move it from there if you still want to.",
        current={"state": now.state.value, "native_state": now.native_state},
        item=board_item.card(ctx, now),
    )


def _changed(ctx: Context, seen: Issue, now: Issue, clash: Mapping[str, Json]) -> Conflict:
    who = issue_history.who_changed(ctx, seen, _words(clash))
    *most, last = _said(clash)
    names = f"{', '.join(most)} and {last}" if most else last
    at = now.updated_at.isoformat()
    return Conflict(
        f"{who or 'Somebody'} changed the {names} meanwhile.",
        "Compare with what you wrote: keep theirs, or save yours over it.",
        current=dict(clash),
        item=board_item.card(ctx, now),
        at=at,
    )


def _words(clash: Mapping[str, Json]) -> list[str]:
    """Name the values as a history would; a flag or a single digit says too little."""
    values = [value for value in clash.values() if isinstance(value, str | float)]
    spelled = [value if isinstance(value, str) else f"{value:g}" for value in values]
    return [word for word in spelled if len(word) > 1]


def _said(clash: Mapping[str, Json]) -> list[str]:
    """Name fields as people do."""
    custom = clash.get("custom")
    own = list(custom) if isinstance(custom, dict) else []
    return [*(name.replace("_", " ") for name in clash if name != "custom"), *own]
