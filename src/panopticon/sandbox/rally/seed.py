"""Turns the product's nouns into Rally objects; the same arguments give the same ids."""

from collections.abc import Iterator
from datetime import date, datetime, time

from panopticon.sandbox.product import Person, Product, Sprint, Workspace
from panopticon.sandbox.rally import dates, definition
from panopticon.sandbox.rally.choice import LISTS
from panopticon.sandbox.rally.objects import STEP, Commit, Objects, Value
from panopticon.sandbox.rally.planter import OUTCOMES, Names, Planter, Work

CUSTOM_FIELDS = (
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
_PI_STATES = ("Discovering", "Developing", "Done")
# FlowStates per project: name and the schedule state it stands for.
_FLOW = [*((word, word) for word in LISTS["schedule"])]
_FLOW.insert(3, ("Code Review", "In-Progress"))
_SIZES = (("XS", 1.0), ("S", 2.0), ("M", 3.0), ("L", 5.0), ("XL", 8.0))


class Seed:
    """Fills an empty store."""

    def __init__(self, store: Objects, now: datetime, *, lock_fields: bool) -> None:
        """Keep when the story begins, and whether the main workspace has the lock fields."""
        self.store = store
        self.planter = Planter(store, dates.wire(now))
        self.lock_fields = lock_fields
        self.users: dict[str, int] = {}
        self.names = Names()
        self.workspace = 0
        self.custom = False

    def fill(self, product: Product) -> None:
        """Put the whole product in."""
        subscription = self.planter.add(
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

    def _space(self, space: Workspace, place: int, subscription: int) -> None:
        self.names = Names()
        self._enter(0)
        values = {"Name": space.name, "State": "Open", "Style": "UserStory"}
        self._enter(self.planter.add("Workspace", {**values, "Subscriber": subscription}))
        self._definitions(place)
        for person in space.people:
            self._person(person)
        self._projects(space)
        self._words(space)
        Work(self.planter, self.names, self.users, custom=self.custom).fill(space)

    def _enter(self, workspace: int) -> None:
        self.workspace = self.planter.workspace = workspace

    def _definitions(self, place: int) -> None:
        made = definition.Definitions(self.store, self.workspace, -10_000 - 20_000 * place)
        changes = tuple((thing.oid, thing) for thing in made.make())
        self.store.apply(Commit(self.store.generation + 1, changes))
        self.custom = place == 0 and self.lock_fields
        for name, real in CUSTOM_FIELDS if self.custom else ():
            for kind in ("HierarchicalRequirement", "Defect"):
                if (name, kind) != ("AcceptanceCriteria", "Defect"):  # a defect has none
                    values = definition.custom(name, real, made.types[kind])
                    self.planter.add("AttributeDefinition", values)
        zone = {"TimeZone": "America/Denver", "DateFormat": "yyyy-MM-dd", "TaskUnitName": "Hours"}
        configured = self.planter.add("WorkspaceConfiguration", {**zone})
        self.planter.change(self.workspace, {"WorkspaceConfiguration": configured})
        for kind in OUTCOMES.values():
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
                self.names.states[(kind, name)] = self.planter.add("State", {**state, **marks})
        for name, worth in _SIZES:
            self.planter.add("PreliminaryEstimate", {"Name": name, "Value": worth})

    def _person(self, person: Person) -> None:
        if person.email in self.users:
            return
        first, _, last = person.name.partition(" ")
        workspace = self.workspace
        self._enter(0)
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
        self.users[person.email] = self.planter.add("User", {**values})
        self._enter(workspace)

    def _home(self, user: int) -> None:
        thing = self.store.things[user]
        workspace = thing.number("DefaultWorkspace")
        project = next(iter(self.store.back[("Project.Workspace", workspace)]))
        home: dict[str, Value] = {"DefaultWorkspace": workspace, "DefaultProject": project}
        self._enter(0)
        profile = self.planter.add("UserProfile", {**home, "TimeZone": "America/Denver"})
        self.planter.change(user, {**home, "UserProfile": profile})

    def _projects(self, space: Workspace) -> None:
        names = self.names
        people = [self.users[person.email] for person in space.people if not person.disabled]
        for project in space.projects:
            oid = self.planter.add(
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
                names.flows[(oid, name)] = self.planter.add("FlowState", {**flow})

    def _words(self, space: Workspace) -> None:
        names = self.names
        for project in names.projects.values():
            for sprint in space.sprints:
                names.iterations[(sprint.name, project)] = self.planter.add(
                    "Iteration", _span(sprint, project, ("StartDate", "EndDate"))
                )
            for release in space.releases:
                names.releases[(release.name, project)] = self.planter.add(
                    "Release", _span(release, project, ("ReleaseStartDate", "ReleaseDate"))
                )
        for tag in space.tags:
            names.tags[tag] = self.planter.add("Tag", {"Name": tag})


def _span(sprint: Sprint, project: int, keys: tuple[str, str]) -> dict[str, Value]:
    ends = (_local(sprint.start, time()), _local(sprint.end, time(23, 59, 59)))
    base: dict[str, Value] = {"Name": sprint.name, "State": sprint.state, "Project": project}
    return base | dict(zip(keys, ends, strict=True))


def _local(day: date, hour: time) -> str:
    return dates.wire(datetime.combine(day, hour, dates.ZONE))


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
