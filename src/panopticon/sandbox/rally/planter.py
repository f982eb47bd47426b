"""Plants a workspace's work: features, stories, defects, tasks, comments and their order."""

from dataclasses import dataclass, field

from panopticon.sandbox.product import Item, Outcome, Workspace
from panopticon.sandbox.rally import dates, rank
from panopticon.sandbox.rally.choice import DEFAULTS, LISTS
from panopticon.sandbox.rally.objects import Commit, Objects, Thing, Value

OUTCOMES = {"feature": "PortfolioItem/Feature", "epic": "PortfolioItem/Epic"}
_ITEMS = {"story": "HierarchicalRequirement", "defect": "Defect"}


@dataclass(slots=True)
class Names:
    """Ids by name, within one workspace."""

    projects: dict[str, int] = field(default_factory=dict)
    iterations: dict[tuple[str, int], int] = field(default_factory=dict)
    releases: dict[tuple[str, int], int] = field(default_factory=dict)
    tags: dict[str, int] = field(default_factory=dict)
    states: dict[tuple[str, str], int] = field(default_factory=dict)
    flows: dict[tuple[int, str], int] = field(default_factory=dict)
    outcomes: dict[tuple[str, int], int] = field(default_factory=dict)
    stories: dict[int, int] = field(default_factory=dict)


class Planter:
    """Adds objects to a store as they were, with their own dates and numbers."""

    def __init__(self, store: Objects, stamp: str) -> None:
        """Keep when all of it happened that has no date of its own."""
        self.store = store
        self.stamp = stamp
        self.workspace = 0
        self.places = 0

    def add(self, kind: str, values: dict[str, Value], at: str = "") -> int:
        """Add one object and give its id."""
        store = self.store
        made = store.schema(self.workspace).kinds[kind]
        stamped: dict[str, Value] = {"CreationDate": at or self.stamp}
        if "Workspace" in made.fields:
            stamped["Workspace"] = self.workspace
        if "LastUpdateDate" in made.fields:
            stamped["LastUpdateDate"] = at or self.stamp
        if "DragAndDropRank" in made.fields:
            stamped["DragAndDropRank"] = rank.nth(self.places)
            self.places += 1
        stamped |= DEFAULTS.get(kind, {})
        stamped |= {name: value for name, value in values.items() if value is not None}
        oid = store.allocate()
        store.apply(Commit(store.generation + 1, ((oid, Thing(made, oid, stamped)),)))
        return oid

    def change(self, oid: int, values: dict[str, Value]) -> None:
        """Change an object without a trace in its history."""
        thing = self.store.things[oid].copy()
        thing.values |= values
        self.store.apply(Commit(self.store.generation + 1, ((oid, thing),)))


class Work:
    """The work of one workspace."""

    def __init__(
        self, planter: Planter, names: Names, users: dict[str, int], *, custom: bool
    ) -> None:
        """Keep the ids it refers to, and whether stories have the lock fields."""
        self.planter, self.names, self.users = planter, names, users
        self.custom = custom
        self.task = 0

    def fill(self, space: Workspace) -> None:
        """Add everything, what is referred to first."""
        for outcome in sorted(space.outcomes, key=lambda one: one.kind):
            self._outcome(outcome)
        for item in space.items:
            self._item(item)
        self._chain(space)

    def _outcome(self, outcome: Outcome) -> None:
        kind = OUTCOMES[outcome.kind]
        prefix = self.planter.store.schemas[0].kinds[kind].prefix
        project = self.names.projects[outcome.project]
        values = {
            "FormattedID": f"{prefix}{outcome.number}",
            "Name": outcome.title,
            "Description": outcome.description,
            "Project": project,
            "Owner": self.users.get(outcome.owner or ""),
            "CreatedBy": self.users.get(outcome.owner or ""),
            "State": self.names.states.get((kind, outcome.state or "")),
            "Parent": self.names.outcomes.get(("epic", outcome.parent or 0)),
        }
        self.names.outcomes[(outcome.kind, outcome.number)] = self.planter.add(kind, values)

    def _item(self, item: Item) -> None:
        names, story = self.names, item.kind == "story"
        project = names.projects[item.project]
        created, updated = dates.wire(item.created), dates.wire(item.updated)
        owner = self.users.get(item.owner or "")
        values: dict[str, Value] = {
            "FormattedID": f"{'US' if story else 'DE'}{item.number}",
            "Name": item.title,
            "Description": item.description,
            "Project": project,
            "Owner": owner,
            "CreatedBy": owner or next(iter(self.users.values())),
            "ScheduleState": item.state,
            "FlowState": names.flows.get((project, item.state)),
            "FlowStateChangedDate": updated,
            "PlanEstimate": item.points,
            "Iteration": names.iterations.get((item.sprint or "", project)),
            "Release": names.releases.get((item.release or "", project)),
            "Tags": [names.tags[tag] for tag in item.tags] or None,
            "Blocked": bool(item.blocked_reason) or None,
            "BlockedReason": item.blocked_reason,
            "LastUpdateDate": updated,
        }
        values |= _reached(item.state, updated)
        values |= self._story(item) if story else _defect(item, created)
        oid = self.planter.add(_ITEMS[item.kind], values, created)
        if story:
            names.stories[item.number] = oid
        self._below(item, oid, values)

    def _story(self, item: Item) -> dict[str, Value]:
        values: dict[str, Value] = {
            "PortfolioItem": self.names.outcomes.get(("feature", item.feature or 0))
        }
        if not self.custom:
            return values | {"Notes": item.criteria or None}
        values |= {
            "c_AcceptanceCriteria": item.criteria or None,
            "c_Branch": item.branch,
            "c_Coverage": item.coverage,
            "c_CommitSHA": item.commit_sha,
            "c_PantheonStatus": item.phase,
        }
        if item.lock:
            values["c_LockedBy"] = item.lock.by
            values["c_LockedAt"] = dates.wire(item.lock.at)
            values["c_LockExpiry"] = dates.wire(item.lock.expires)
        return values

    def _below(self, item: Item, oid: int, work: dict[str, Value]) -> None:
        for place, job in enumerate(item.jobs):
            self.task += 1
            values = {
                name: work.get(name) for name in ("Project", "Iteration", "Release", "CreatedBy")
            }
            values |= {
                "FormattedID": f"TA{self.task}",
                "Name": job.title,
                "State": job.state,
                "Estimate": job.estimate,
                "ToDo": job.todo,
                "Actuals": job.estimate if job.state == "Completed" else None,
                "Owner": self.users.get(job.owner or ""),
                "WorkProduct": oid,
                "TaskIndex": place + 1,
                "LastUpdateDate": work["LastUpdateDate"],
            }
            self.planter.add("Task", values, dates.wire(item.created))
        for place, remark in enumerate(item.remarks):
            post = {"Artifact": oid, "Text": remark.text, "PostNumber": place}
            author = self.users.get(remark.author)
            self.planter.add("ConversationPost", {**post, "User": author}, dates.wire(remark.at))

    def _chain(self, space: Workspace) -> None:
        for item in space.items:
            before = [self.names.stories[n] for n in item.after if n in self.names.stories]
            if before and item.kind == "story":
                self.planter.change(self.names.stories[item.number], {"Predecessors": before})


def _reached(state: str, at: str) -> dict[str, Value]:
    place = LISTS["schedule"].index(state)
    steps = (("InProgressDate", "In-Progress"), ("AcceptedDate", "Accepted"))
    return {name: at for name, word in steps if place >= LISTS["schedule"].index(word)}


def _defect(item: Item, created: str) -> dict[str, Value]:
    state = item.defect_state or "Submitted"
    return {
        "State": state,
        "Priority": item.priority,
        "Severity": item.severity,
        "OpenedDate": created if state != "Submitted" else None,
        "ClosedDate": dates.wire(item.updated) if state == "Closed" else None,
    }
