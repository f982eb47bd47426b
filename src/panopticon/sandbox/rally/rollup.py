"""Values that Rally computes from other objects."""

from collections.abc import Callable, Iterator

from panopticon.sandbox.rally import dates
from panopticon.sandbox.rally.objects import Objects, Thing, uuid_of

_DONE = {"Accepted", "Released"}


def _tasks(store: Objects, thing: Thing) -> Iterator[Thing]:
    return store.inverse("Task.WorkProduct", thing.oid)


def _total(name: str) -> Callable[[Objects, Thing], object]:
    return lambda store, thing: sum((one.amount(name) for one in _tasks(store, thing)), 0.0)


def _prefix(_store: Objects, thing: Thing) -> object:
    state = thing.text("ScheduleState")
    return "P" if state == "In-Progress" else state[:1]


def _task_status(store: Objects, thing: Thing) -> str:
    words = {one.text("State") for one in _tasks(store, thing)}
    if not words:
        return "NONE"
    return words.pop().upper().replace("-", "_") if len(words) == 1 else "IN_PROGRESS"


def _defect_status(store: Objects, thing: Thing) -> str:
    words = [one.text("State") for one in store.inverse("Defect.Requirement", thing.oid)]
    if not words:
        return "NONE"
    closed = sum(word == "Closed" for word in words)
    return "ALL_CLOSED" if closed == len(words) else "SOME_CLOSED" if closed else "NONE_CLOSED"


def _back(*specs: str) -> Callable[[Objects, Thing], object]:
    return lambda store, thing: sum(len(store.back.get((spec, thing.oid), ())) for spec in specs)


def _leaves(store: Objects, thing: Thing) -> list[Thing]:
    if thing.kind.name == "PortfolioItem/Epic":
        below = store.inverse("PortfolioItem/Feature.Parent", thing.oid)
        return [leaf for feature in below for leaf in _leaves(store, feature)]
    found: list[Thing] = []
    queue = [*store.inverse("HierarchicalRequirement.PortfolioItem", thing.oid)]
    while queue:
        story = queue.pop()
        children = [*store.inverse("HierarchicalRequirement.Parent", story.oid)]
        queue.extend(children)
        found.extend([] if children else [story])
    return found


def _done_share(weight: Callable[[Thing], float]) -> Callable[[Objects, Thing], object]:
    def share(store: Objects, thing: Thing) -> object:
        leaves = _leaves(store, thing)
        whole = sum(map(weight, leaves))
        done = sum(weight(one) for one in leaves if one.text("ScheduleState") in _DONE)
        return round(done / whole, 4) if whole else 0.0

    return share


def _leaf_accepted(store: Objects, thing: Thing) -> object:
    return sum(one.text("ScheduleState") in _DONE for one in _leaves(store, thing))


def _subscription(store: Objects, _thing: Thing) -> object:
    return next(iter(store.by_kind.get((0, "Subscription"), ())), None)


def _talk(store: Objects, thing: Thing) -> object:
    posts = [p.text("CreationDate") for p in store.inverse("ConversationPost.Artifact", thing.oid)]
    if not posts or not thing.text("LastUpdateDate"):
        return None
    gap = dates.parse(thing.text("LastUpdateDate")) - dates.parse(max(posts))
    return max(0, int(gap.total_seconds() // 60))


def _planned(store: Objects, thing: Thing) -> object:
    stories = store.inverse("HierarchicalRequirement.Iteration", thing.oid)
    return sum((one.amount("PlanEstimate") for one in stories), 0.0)


def schema_version(store: Objects, workspace: int) -> str:
    """Give the 32 hex digits that change whenever a type of the workspace does."""
    size = sum(len(kind.fields) for kind in store.schema(workspace).kinds.values())
    return f"{workspace:020x}{size:012x}"


COMPUTED: dict[str, Callable[[Objects, Thing], object]] = {
    "oid": lambda _store, thing: thing.oid,
    "uuid": lambda _store, thing: uuid_of(thing.oid),
    "version": lambda _store, thing: str(thing.version),
    "subscription": _subscription,
    "history": lambda _store, thing: thing.oid + 1,
    "talk": _talk,
    "prefix": _prefix,
    "actual": _total("Actuals"),
    "estimate": _total("Estimate"),
    "remaining": _total("ToDo"),
    "taskstatus": _task_status,
    "defectstatus": _defect_status,
    "testcases": _back("TestCase.WorkProduct"),
    "nothing": lambda _store, _thing: 0,
    "unified": lambda _store, thing: (
        thing.values.get("Parent") or thing.values.get("PortfolioItem")
    ),
    "none": lambda _store, _thing: "NONE",
    "children": _back(
        "HierarchicalRequirement.Parent",
        "HierarchicalRequirement.PortfolioItem",
        "PortfolioItem/Feature.Parent",
    ),
    "hasparent": lambda _store, thing: bool(
        thing.values.get("Parent") or thing.values.get("PortfolioItem")
    ),
    "feature": lambda _store, thing: thing.values.get("PortfolioItem"),
    "leaf": lambda store, thing: len(_leaves(store, thing)),
    "leafaccepted": _leaf_accepted,
    "donecount": _done_share(lambda _one: 1.0),
    "doneplan": _done_share(lambda one: one.amount("PlanEstimate")),
    "planned": _planned,
    "usage": _back("Artifact.Tags"),
    "artifacts": _back("Artifact.Milestones"),
    "projects": lambda _store, thing: len(thing.members("Projects")),
    "schema": lambda store, thing: schema_version(store, thing.workspace),
    "label": lambda _store, thing: thing.values.get("StringValue"),
}
