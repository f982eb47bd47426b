"""Create, update, delete and copy: checked field by field, then applied whole or not."""

from typing import Any

from panopticon.sandbox.faults import Refusal
from panopticon.sandbox.rally import dates, definition, reference
from panopticon.sandbox.rally.choice import DEFAULTS
from panopticon.sandbox.rally.convert import Place, fits, linked, stored
from panopticon.sandbox.rally.effect import add_up, follow
from panopticon.sandbox.rally.kinds import Field, Kind
from panopticon.sandbox.rally.objects import Thing
from panopticon.sandbox.rally.trouble import Trouble
from panopticon.sandbox.rally.unit import Unit

Body = dict[str, Any]
# Clients send these back as they read them; Rally takes no notice.
_TOLERATED = {"objectid", "formattedid", "objectuuid", "versionid", "creationdate", "subscription"}
_UNCOPIED = {"FormattedID", "CreationDate", "LastUpdateDate", "CreatedBy", "DragAndDropRank"}
_LASTING = {"AttributeDefinition", "Workspace", "Subscription"}
_OWN_PROJECT = {"Iteration", "Release", "FlowState"}


class Pen:
    """Writes for one request; gathers the warnings."""

    def __init__(self, unit: Unit, home: tuple[int, int], refusal: Refusal) -> None:
        """Keep the transaction, the workspace and project of new objects, and what is refused."""
        self.unit = unit
        self.refusal = refusal
        self.workspace, self.project = home
        self.warnings: list[str] = []

    def create(self, kind: Kind, wrapper: str, body: Body) -> Thing:
        """Make an object of a body."""
        if kind.abstract or kind.fixed:
            raise Trouble(f"Not authorized to create: {kind.display}")
        self._admit(kind, kind.element)
        workspace, project = self._home(kind, body)
        kind = self.unit.store.schema(workspace).kinds[kind.name]
        if kind.name == "AttributeDefinition":
            return definition.create(self.unit, workspace, body)
        thing = self.unit.new(kind, workspace, dict(DEFAULTS.get(kind.name, {})))
        if "Project" in kind.fields and kind.name != "Preference":
            thing.values["Project"] = project
        self._finish(thing, None, self._write(thing, wrapper, body))
        if kind.name == "AllowedAttributeValue":
            definition.offer(self.unit, thing)
        return thing

    def update(self, oid: int, wrapper: str, body: Body) -> Thing:
        """Change an object; only what the body names is written, a stale version is not refused."""
        old = self.unit.get(oid)
        definition.refuse_change(old, body)
        if old is None or oid not in self.unit.store.things:
            return self._implied(old, wrapper, body)
        self._admit(old.kind, old.kind.element)
        thing = self.unit.edit(oid)
        before = old.copy() if old is thing else old
        self._finish(thing, before, self._write(thing, wrapper, body))
        return thing

    def delete(self, thing: Thing) -> None:
        """Remove an object; artifacts go to the recycle bin, tasks with their story."""
        if thing.kind.fixed or thing.kind.name in _LASTING:
            raise Trouble(f"Not authorized to delete: {thing.kind.display}")
        self._admit(thing.kind, thing.kind.element)
        for task in [*self.unit.inverse("Task.WorkProduct", thing.oid)]:
            self.delete(task)
        self.unit.delete(thing.oid)
        self._unlink(thing)
        if "Artifact" in thing.kind.ancestors:
            self._recycle(thing)
        if work := thing.number("WorkProduct"):
            add_up(self.unit, work)

    def copy(self, thing: Thing) -> Thing:
        """Copy an object with its tasks left behind."""
        kept = {k: v for k, v in thing.values.items() if k not in _UNCOPIED}
        made = self.unit.new(thing.kind, thing.workspace, kept)
        made.values["Name"] = f"(Copy of) {thing.text('Name')}"
        follow(self.unit, made, None, set())
        return made

    def _admit(self, kind: Kind, label: str, field: str = "") -> None:
        """Refuse what a fault tells to refuse."""
        if self.refusal.hits({kind.name, kind.element}, field):
            raise Trouble(f"Validation error: {label} {self.refusal.reason}")

    def _implied(self, old: Thing | None, wrapper: str, body: Body) -> Thing:
        if old is None:
            raise Trouble("Cannot find object to read")
        self.warnings.extend(self._ignored(wrapper, name) for name in body)
        return old

    def _home(self, kind: Kind, body: Body) -> tuple[int, int]:
        """Find the workspace and project of a new object: the body decides, then the request."""
        given = {key.lower(): value for key, value in body.items()}
        project = self._given(given, "project") if "Project" in kind.fields else None
        if project is not None:
            return project.workspace, project.oid
        for name in ("artifact", "workproduct", "typedefinition", "attributedefinition"):
            other = self._given(given, name)
            if other is not None:
                return other.workspace, other.number("Project") or self.project
        workspace = self._given(given, "workspace")
        if workspace is not None and workspace.oid != self.workspace:
            return workspace.oid, self._first_project(workspace.oid)
        return self.workspace, self.project

    def _given(self, body: Body, name: str) -> Thing | None:
        try:
            return self.unit.get(reference.oid_of_ref(body[name])) if body.get(name) else None
        except Trouble:
            return None

    def _first_project(self, workspace: int) -> int:
        return next(iter(self.unit.store.back.get(("Project.Workspace", workspace), ())), 0)

    def _write(self, thing: Thing, wrapper: str, body: Body) -> set[str]:
        written: set[str] = set()
        errors: list[str] = []
        for name, value in body.items():
            one = thing.kind.lower.get(name.lower())
            if name.startswith("_") or name.lower() in _TOLERATED:
                continue
            if one is None or not self._writable(one):
                self.warnings.append(self._ignored(wrapper, name))
                continue
            try:
                self._admit(thing.kind, Place(self.unit, thing, one).label, one.name)
                self._set(thing, one, value)
            except Trouble as trouble:
                errors.extend(trouble.errors)
            written.add(one.name)
        if errors:
            raise Trouble(*errors)
        return written

    def _ignored(self, wrapper: str, name: str) -> str:
        return f"Ignored JSON element {wrapper}.{name} during processing of this request."

    def _writable(self, one: Field) -> bool:
        if one.name == "Workspace" or one.inverse:
            return one.name in {"Attachments", "Workspace"}
        return not one.readonly

    def _set(self, thing: Thing, one: Field, value: object) -> None:
        if one.inverse:
            return
        made = stored(Place(self.unit, thing, one), value)
        if one.name == "Workspace":
            return
        if one.mirror:
            self._mirror(thing, one, made if isinstance(made, list) else [])
            return
        thing.values[one.name] = made
        if made is None:
            del thing.values[one.name]

    def _mirror(self, thing: Thing, one: Field, wanted: list[int]) -> None:
        name = one.mirror.rpartition(".")[2]
        now = [other.oid for other in self.unit.inverse(one.mirror, thing.oid)]
        for oid in {*now} ^ {*wanted}:
            other = self.unit.edit(oid)
            keep = [member for member in other.members(name) if member != thing.oid]
            other.values[name] = [*keep, thing.oid] if oid in wanted else keep

    def _finish(self, thing: Thing, old: Thing | None, written: set[str]) -> None:
        self._required(thing)
        self._parents(thing)
        self._projects(thing, written)
        follow(self.unit, thing, old, written)

    def _required(self, thing: Thing) -> None:
        missing = [
            f"Validation error: {Place(self.unit, thing, one).label} should not be null"
            for one in thing.kind.fields.values()
            if one.required and thing.values.get(one.name) is None
        ]
        if missing:
            raise Trouble(*missing)

    def _parents(self, thing: Thing) -> None:
        if thing.kind.name != "HierarchicalRequirement":
            return
        if thing.values.get("Parent") and thing.values.get("PortfolioItem"):
            raise Trouble(
                "Validation error: HierarchicalRequirement.parentArtifact should not be set"
                " if HierarchicalRequirement.Parent is set and vice versa"
            )
        above = self.unit.get(thing.number("Parent"))
        while above is not None:
            if above.oid == thing.oid:
                raise Trouble("Validation error: HierarchicalRequirement.Parent creates a cycle")
            above = self.unit.get(above.number("Parent"))

    def _projects(self, thing: Thing, written: set[str]) -> None:
        """Refuse an iteration, release or flow state of another project."""
        if "Artifact" not in thing.kind.ancestors:
            return
        for name in written & _OWN_PROJECT:
            other = self.unit.get(thing.number(name))
            if other and other.values.get("Project") != thing.values.get("Project"):
                raise Trouble(f"Could not set value for {thing.kind.fields[name].display}: null")

    def _unlink(self, thing: Thing) -> None:
        """Take an object out of the collections and parents that name it."""
        store = self.unit.store
        for spec in ("Artifact.Tags", "Artifact.Milestones", f"{thing.kind.name}.Predecessors"):
            for other in [*self.unit.inverse(spec, thing.oid)]:
                name = spec.rpartition(".")[2]
                mine = self.unit.edit(other.oid)
                mine.values[name] = [oid for oid in mine.members(name) if oid != thing.oid]
        for child in [*store.inverse(f"{thing.kind.name}.Parent", thing.oid)]:
            self.unit.edit(child.oid).values.pop("Parent", None)

    def _recycle(self, thing: Thing) -> None:
        kind = self.unit.store.schema(thing.workspace).kinds["RecycleBinEntry"]
        values = {
            "DeletedBy": self.unit.actor.user,
            "DeletionDate": dates.wire(self.unit.now),
            "ID": thing.text("FormattedID"),
            "ItemOID": thing.oid,
            "Name": thing.text("Name"),
            "Type": thing.kind.element,
        }
        self.unit.new(kind, thing.workspace, dict(values))


class Members:
    """Adds to and removes from one collection of one object."""

    def __init__(self, pen: Pen, thing: Thing, one: Field) -> None:
        """Keep whose collection it is."""
        self.pen, self.thing, self.one = pen, thing, one

    def add(self, items: list[Any]) -> list[Thing]:
        """Add references, and make what has none."""
        found = [self._item(item) for item in items]
        for member in found:
            self._link(member)
        return found

    def remove(self, items: list[Any]) -> None:
        """Remove references."""
        place = Place(self.pen.unit, self.thing, self.one)
        for oid in [linked(place, item) for item in items]:
            self._unlink(oid)

    def _item(self, item: Any) -> Thing:
        unit = self.pen.unit
        if isinstance(item, dict) and "_ref" not in item:
            kind = unit.store.schema(self.thing.workspace).kinds[self.one.target]
            body = {**item, **self._back()}
            body.setdefault(
                "Project", f"/project/{self.thing.number('Project') or self.pen.project}"
            )
            if "Project" not in kind.fields:
                del body["Project"]
            return self.pen.create(kind, kind.element, body)
        oid = linked(Place(unit, self.thing, self.one), item)
        found = unit.get(oid)
        if found is None or not fits(found, self.one.target):
            raise Trouble(f"Could not read: Could not read referenced object {oid}")
        return found

    def _back(self) -> Body:
        """Give the reference that a new member needs to belong here."""
        name = self.one.inverse.rpartition(".")[2]
        return {name: f"/{self.thing.kind.path}/{self.thing.oid}"} if name else {}

    def _link(self, member: Thing) -> None:
        owner, here = self._end(member.oid)
        if self.one.inverse:
            name = self.one.inverse.rpartition(".")[2]
            if member.values.get(name) != self.thing.oid:
                self.pen.update(member.oid, member.kind.element, self._back())
            return
        name, other = owner
        thing = self.pen.unit.edit(here)
        thing.values[name] = [*dict.fromkeys([*thing.members(name), other])]

    def _unlink(self, oid: int) -> None:
        if self.one.inverse:
            name = self.one.inverse.rpartition(".")[2]
            member = self.pen.unit.get(oid)
            if member and not member.kind.fields[name].required:
                self.pen.update(oid, member.kind.element, {name: None})
            return
        (name, other), here = self._end(oid)
        thing = self.pen.unit.edit(here)
        thing.values[name] = [one for one in thing.members(name) if one != other]

    def _end(self, oid: int) -> tuple[tuple[str, int], int]:
        """Tell which end of the relation is stored: ours, or the member's for a mirror."""
        if self.one.mirror:
            return (self.one.mirror.rpartition(".")[2], self.thing.oid), oid
        return (self.one.name, oid), self.thing.oid
