"""What a write brings with it: flow follows schedule state, dates follow states, totals add up."""

from panopticon.sandbox.rally import dates
from panopticon.sandbox.rally.choice import LISTS
from panopticon.sandbox.rally.objects import Thing
from panopticon.sandbox.rally.unit import Unit

_SCHEDULE = LISTS["schedule"]
_TOTALS = {
    "Estimate": "TASK ESTIMATE TOTAL",
    "ToDo": "TASK REMAINING TOTAL",
    "Actuals": "TASK ACTUAL TOTAL",
}


def follow(unit: Unit, thing: Thing, old: Thing | None, written: set[str]) -> None:
    """Apply the consequences of what was written to one object."""
    if "ScheduleState" in thing.kind.fields:
        _flow(unit, thing, written)
        _milestones_of_work(unit, thing, old)
    if "Blocked" in thing.kind.fields and not thing.values.get("Blocked"):
        thing.values.pop("BlockedReason", None)
    match thing.kind.name:
        case "Defect":
            _defect(unit, thing, old)
        case "Task":
            _task(unit, thing, old, written)
        case "Milestone" if "TargetProject" in written:
            _aimed(thing, written)
        case "ConversationPost" if old is None:
            _post(unit, thing)
        case "Attachment" if old is None:
            thing.values.setdefault("User", unit.actor.user)
        case _:
            pass


def _flow(unit: Unit, thing: Thing, written: set[str]) -> None:
    flow = unit.get(thing.number("FlowState"))
    if "FlowState" in written and flow:
        thing.values["ScheduleState"] = flow.text("ScheduleStateMapping")
    elif (
        flow is None
        or flow.text("ScheduleStateMapping") != thing.text("ScheduleState")
        or (flow.values.get("Project") != thing.values.get("Project"))
    ):
        thing.values["FlowState"] = _mapped(unit, thing)


def _mapped(unit: Unit, thing: Thing) -> int | None:
    kind = unit.store.schema(thing.workspace).kinds["FlowState"]
    states = (unit.store.things[oid] for oid in unit.store.of(thing.workspace, kind))
    fit = [
        one
        for one in states
        if one.values.get("Project") == thing.values.get("Project")
        and one.values.get("ScheduleStateMapping") == thing.values.get("ScheduleState")
    ]
    return min(fit, key=lambda one: one.number("OrderIndex")).oid if fit else None


def _milestones_of_work(unit: Unit, thing: Thing, old: Thing | None) -> None:
    stamp = dates.wire(unit.now)
    if old is None or old.values.get("FlowState") != thing.values.get("FlowState"):
        thing.values["FlowStateChangedDate"] = stamp
    place = _SCHEDULE.index(thing.text("ScheduleState"))
    for name, state in (("InProgressDate", "In-Progress"), ("AcceptedDate", "Accepted")):
        if place >= _SCHEDULE.index(state):
            thing.values.setdefault(name, stamp)
        else:
            thing.values.pop(name, None)


def _defect(unit: Unit, thing: Thing, old: Thing | None) -> None:
    before = old.text("State") if old else ""
    state, stamp = thing.text("State"), dates.wire(unit.now)
    if old is None:
        thing.values.setdefault("SubmittedBy", unit.actor.user)
    if state == before:
        return
    if state == "Open":
        thing.values["OpenedDate"] = stamp
    if state == "Closed":
        thing.values["ClosedDate"] = stamp
    else:
        thing.values.pop("ClosedDate", None)


def _task(unit: Unit, thing: Thing, old: Thing | None, written: set[str]) -> None:
    if thing.text("State") == "Completed" and "ToDo" not in written:
        thing.values["ToDo"] = 0.0
    if old is None:
        thing.values.setdefault("ToDo", thing.values.get("Estimate"))
    work = unit.get(thing.number("WorkProduct"))
    if work:
        for name in ("Iteration", "Release", "Project"):
            thing.values[name] = work.values.get(name)
        if old is None:
            thing.values["TaskIndex"] = sum(1 for _ in unit.inverse("Task.WorkProduct", work.oid))
    for oid in {thing.number("WorkProduct"), old.number("WorkProduct") if old else 0} - {0}:
        add_up(unit, oid)


def add_up(unit: Unit, work: int) -> None:
    """Write a changed task total into its story's revision, version and update date."""
    parent = unit.get(work)
    if parent is None:
        return
    for name, title in _TOTALS.items():
        before = sum((t.amount(name) for t in unit.store.inverse("Task.WorkProduct", work)), 0.0)
        after = sum((t.amount(name) for t in unit.inverse("Task.WorkProduct", work)), 0.0)
        if before != after:
            story = unit.edit(work)
            story.values["Rolled"] = f"{name}{after}"  # makes the commit see a change
            unit.note(work, f"{title} changed from [{before}] to [{after}]")


def _aimed(thing: Thing, written: set[str]) -> None:
    """Count the target project among a milestone's projects; others given with it stay."""
    target = thing.number("TargetProject")
    given = thing.members("Projects") if "Projects" in written else []
    thing.values["Projects"] = [*dict.fromkeys([target] * bool(target) + given)]


def _post(unit: Unit, thing: Thing) -> None:
    thing.values["User"] = unit.actor.user
    others = unit.store.inverse("ConversationPost.Artifact", thing.number("Artifact"))
    thing.values["PostNumber"] = max((one.number("PostNumber") for one in others), default=-1) + 1
    artifact = unit.get(thing.number("Artifact"))
    if artifact:
        story = unit.edit(artifact.oid)
        story.values["Talked"] = thing.oid  # a comment moves the artifact's update date
