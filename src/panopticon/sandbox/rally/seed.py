"""Turns the product's nouns into Rally objects; the same arguments give the same ids."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time

from panopticon.sandbox.product import Item, Outcome, Person, Product, Sprint, Workspace
from panopticon.sandbox.rally import dates, definition, rank
from panopticon.sandbox.rally.objects import STEP, Commit, Objects, Thing, Value
from panopticon.sandbox.rally.table import DEFAULTS, LISTS

LOCK_FIELDS = (
    ("AcceptanceCriteria", "TEXT"),
    ("LockedBy", "STRING"),
    ("LockedAt", "DATE"),
    ("LockExpiry", "DATE"),
    ("LockToken", "STRING"),
    ("Branch", "STRING"),
    ("Coverage", "DECIMAL"),
    ("CommitSHA", "STRING"),
    ("PantheonStatus", "STRING"),
)
_OUTCOMES = {"feature": "PortfolioItem/Feature", "epic": "PortfolioItem/Epic"}
_ITEMS = {"story": "HierarchicalRequirement", "defect": "Defect"}
_PI_STATES = ("Discovering", "Developing", "Done")
# FlowStates per project: name and the schedule state it stands for.
_FLOW = [*((word, word) for word in LISTS["schedule"])]
_FLOW.insert(3, ("Code Review", "In-Progress"))
_SIZES = (("XS", 1.0), ("S", 2.0), ("M", 3.0), ("L", 5.0), ("XL", 8.0))


@dataclass(slots=True)
class _Names:
    """Ids by name, within one workspace."""

    projects: dict[str, int] = field(default_factory=dict)
    iterations: dict[tuple[str, int], int] = field(default_factory=dict)
    releases: dict[tuple[str, int], int] = field(default_factory=dict)
    tags: dict[str, int] = field(default_factory=dict)
    states: dict[tuple[str, str], int] = field(default_factory=dict)
    flows: dict[tuple[int, str], int] = field(default_factory=dict)
    outcomes: dict[tuple[str, int], int] = field(default_factory=dict)
    stories: dict[int, int] = field(default_factory=dict)


class Seed:
    """Fills an empty store."""

    def __init__(self, store: Objects, now: datetime, *, lock_fields: bool) -> None:
        """Keep when the story begins, and whether the main workspace has the lock fields."""
        self.store = store
        self.stamp = dates.wire(now)
        self.lock_fields = lock_fields
        self.users: dict[str, int] = {}
        self.names = _Names()
        self.workspace = 0
        self.places = 0
        self.task = 0
        self.custom = False

    def fill(self, product: Product) -> None:
        """Put the whole product in."""
        subscription = self._add(
            "Subscription",
            {
                "Name": product.workspaces[0].name,
                "SubscriptionID": 49713,
                "Modules": "",
                "StoryHierarchyType": "Unlimited",
                "SubscriptionType": "Enterprise",
            },
        )
        for place, space in enumerate(product.workspaces):
            self._space(space, place, subscription)
        for user in self.users.values():
            self._home(user)

    def _add(self, kind: str, values: dict[str, Value], at: str = "") -> int:
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

    def _space(self, space: Workspace, place: int, subscription: int) -> None:
        self.names, self.places, self.task, self.workspace = _Names(), 0, 0, 0
        values = {"Name": space.name, "State": "Open", "Style": "UserStory"}
        self.workspace = self._add("Workspace", {**values, "Subscriber": subscription})
        self._definitions(place)
        for person in space.people:
            self._person(person)
        self._projects(space)
        self._words(space)
        for outcome in sorted(space.outcomes, key=lambda one: one.kind):
            self._outcome(outcome)
        for item in space.items:
            self._item(item)
        self._chain(space)

    def _definitions(self, place: int) -> None:
        made = definition.Definitions(self.store, self.workspace, -10_000 - 20_000 * place)
        changes = tuple((thing.oid, thing) for thing in made.make())
        self.store.apply(Commit(self.store.generation + 1, changes))
        self.custom = place == 0 and self.lock_fields
        for name, real in LOCK_FIELDS if self.custom else ():
            values = definition.custom(name, real, made.types["HierarchicalRequirement"])
            self._add("AttributeDefinition", values)
        zone = {"TimeZone": "America/Denver", "DateFormat": "yyyy-MM-dd", "TaskUnitName": "Hours"}
        configured = self._add("WorkspaceConfiguration", {**zone})
        self._change(self.workspace, {"WorkspaceConfiguration": configured})
        for kind in _OUTCOMES.values():
            for order, name in enumerate(_PI_STATES):
                state = {
                    "Name": name,
                    "OrderIndex": order + 1,
                    "Enabled": True,
                    "TypeDef": made.types[kind].oid,
                }
                marks = {
                    "InProgressMarker": order == 1,
                    "AcceptedMarker": order == len(_PI_STATES) - 1,
                }
                self.names.states[(kind, name)] = self._add("State", {**state, **marks})
        for name, worth in _SIZES:
            self._add("PreliminaryEstimate", {"Name": name, "Value": worth})

    def _change(self, oid: int, values: dict[str, Value]) -> None:
        thing = self.store.things[oid].copy()
        thing.values |= values
        self.store.apply(Commit(self.store.generation + 1, ((oid, thing),)))

    def _person(self, person: Person) -> None:
        if person.email in self.users:
            return
        first, _, last = person.name.partition(" ")
        workspace, self.workspace = self.workspace, 0
        values = {
            "UserName": person.email,
            "EmailAddress": person.email,
            "DisplayName": person.name,
            "FirstName": first,
            "LastName": last,
            "Role": person.role,
            "Disabled": person.disabled,
            "SubscriptionAdmin": not self.users,
            "SubscriptionPermission": "Subscription Admin" if not self.users else "Workspace User",
            "CostCenter": "None",
            "Department": "None",
            "OfficeLocation": "None",
            "sessionTimeout": 3600,
            "DefaultWorkspace": workspace,
        }
        self.users[person.email] = self._add("User", {**values})
        self.workspace = workspace

    def _home(self, user: int) -> None:
        thing = self.store.things[user]
        workspace = thing.number("DefaultWorkspace")
        project = next(iter(self.store.back[("Project.Workspace", workspace)]))
        home: dict[str, Value] = {"DefaultWorkspace": workspace, "DefaultProject": project}
        self.workspace = 0
        profile = self._add("UserProfile", {**home, "TimeZone": "America/Denver"})
        self._change(user, {**home, "UserProfile": profile})

    def _projects(self, space: Workspace) -> None:
        names = self.names
        people = [self.users[person.email] for person in space.people if not person.disabled]
        for project in space.projects:
            oid = self._add(
                "Project",
                {
                    "Name": project.name,
                    "Description": project.description,
                    "Parent": names.projects.get(project.parent or ""),
                    "Owner": people[0],
                    "Editors": people,
                    "TeamMembers": people,
                },
            )
            names.projects[project.name] = oid
            for order, (name, state) in enumerate(_FLOW):
                flow = {
                    "Name": name,
                    "ScheduleStateMapping": state,
                    "OrderIndex": order,
                    "Project": oid,
                }
                names.flows[(oid, name)] = self._add("FlowState", {**flow})

    def _words(self, space: Workspace) -> None:
        names = self.names
        for project in names.projects.values():
            for sprint in space.sprints:
                names.iterations[(sprint.name, project)] = self._add(
                    "Iteration", _span(sprint, project, ("StartDate", "EndDate"))
                )
            for release in space.releases:
                names.releases[(release.name, project)] = self._add(
                    "Release", _span(release, project, ("ReleaseStartDate", "ReleaseDate"))
                )
        for tag in space.tags:
            names.tags[tag] = self._add("Tag", {"Name": tag})

    def _outcome(self, outcome: Outcome) -> None:
        kind = _OUTCOMES[outcome.kind]
        prefix = self.store.schemas[0].kinds[kind].prefix
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
        self.names.outcomes[(outcome.kind, outcome.number)] = self._add(kind, values)

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
        oid = self._add(_ITEMS[item.kind], values, created)
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
            self._add("Task", values, dates.wire(item.created))
        for place, remark in enumerate(item.remarks):
            post = {"Artifact": oid, "Text": remark.text, "PostNumber": place}
            author = self.users.get(remark.author)
            self._add("ConversationPost", {**post, "User": author}, dates.wire(remark.at))

    def _chain(self, space: Workspace) -> None:
        for item in space.items:
            before = [self.names.stories[n] for n in item.after if n in self.names.stories]
            if before and item.kind == "story":
                self._change(self.names.stories[item.number], {"Predecessors": before})


def _span(sprint: Sprint, project: int, keys: tuple[str, str]) -> dict[str, Value]:
    ends = (_local(sprint.start, time()), _local(sprint.end, time(23, 59, 59)))
    base: dict[str, Value] = {"Name": sprint.name, "State": sprint.state, "Project": project}
    return base | dict(zip(keys, ends, strict=True))


def _local(day: date, hour: time) -> str:
    return dates.wire(datetime.combine(day, hour, dates.ZONE))


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


def first_user(store: Objects) -> int:
    """Give the administrator."""
    return next(iter(store.by_kind[(0, "User")]))


def places(store: Objects) -> Iterator[tuple[str, int]]:
    """Name the main workspace and its root project."""
    workspace = next(iter(store.by_kind[(0, "Workspace")]))
    project = next(iter(store.back[("Project.Workspace", workspace)]))
    for oid in (workspace, project):
        yield store.things[oid].text("Name"), oid


assert STEP > 2  # noqa: PLR2004 - the ids of a history and of revision 0 lie between two objects
