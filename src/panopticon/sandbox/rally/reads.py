"""Reading: queries, single objects, singletons and collections."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from panopticon.sandbox.exchange import Request
from panopticon.sandbox.rally import reference
from panopticon.sandbox.rally.evaluate import Scene, predicate
from panopticon.sandbox.rally.fetch import EVERYTHING, NOTHING, VERSION, Json, Writer, fetch_of
from panopticon.sandbox.rally.grammar import parse
from panopticon.sandbox.rally.kinds import Kind, Schema
from panopticon.sandbox.rally.objects import Objects, Thing
from panopticon.sandbox.rally.path import Target
from panopticon.sandbox.rally.select import Question, Selector, ordered
from panopticon.sandbox.rally.trouble import Trouble
from panopticon.sandbox.rally.unit import Actor

_PAGE, _MOST = 20, 2000


@dataclass(frozen=True, slots=True)
class Reading:
    """One read: the store it sees, who asks, and the request's parameters."""

    store: Objects
    selector: Selector
    actor: Actor
    now: datetime
    request: Request

    def parameter(self, name: str) -> str:
        """Read a query parameter."""
        return self.request.query.get(name, "")

    def answer(self, target: Target) -> Json:
        """Answer a GET."""
        if target.oid is None:
            return self._singleton(target) or self._query(target)
        thing = self._thing(target)
        return self._collection(target, thing) if target.collection else self._one(target, thing)

    def home(self) -> tuple[int, int]:
        """Give the workspace and project a request works in; the user's defaults otherwise."""
        user = self.store.things[self.actor.user]
        workspace, project = user.number("DefaultWorkspace"), user.number("DefaultProject")
        if given := self._named("project"):
            return self.store.things[given].workspace, given
        if (given := self._named("workspace")) and given != workspace:
            first = next(iter(self.store.back.get(("Project.Workspace", given), ())), 0)
            return given, first
        return workspace, project

    def writer(self, target: Target, default: str) -> Writer:
        """Make the writer of this reply's objects."""
        fallback = EVERYTHING if default == "full" else NOTHING
        lists, bits = (self.parameter("fetch"), self.parameter("shallowFetch")), self._permission()
        fetch = fetch_of(*lists, fallback)
        make = partial(Writer, self.store, target.base, self.now, fetch, bits)
        if fetch.everything:  # full objects tell their age: nothing to keep
            return make()
        return self.selector.writer(self.store, (target.base, *lists, default, bits), make)

    def _permission(self) -> str:
        """Give the `_p` of all objects; what its bits mean is nowhere told: 7 may do everything."""
        if self.parameter("includePermissions").lower() != "true":
            return ""
        return "0" if not self.actor.writes else "7" if self.actor.admin else "3"

    def _named(self, name: str) -> int:
        text = self.parameter(name).strip().strip('"')
        if not text or text.lower() == "null":
            return 0
        oid = int(text) if text.isdigit() else reference.oid_of_ref(text)
        thing = self.store.get(oid)
        if thing is None or thing.kind.name.lower() != name:
            raise Trouble(f"Could not read: Could not read referenced object {oid}")
        return oid

    def _schema(self) -> tuple[int, Schema]:
        project, workspace = self._named("project"), self._named("workspace")
        if not workspace:
            workspace = self.store.things[project].workspace if project else self.home()[0]
        return workspace, self.store.schema(workspace)

    def _projects(self) -> frozenset[int] | None:
        """Give the projects in scope; None for the whole workspace."""
        if self.parameter("project").lower() == "null":
            return None
        project = self._named("project")
        if not project:
            if self._named("workspace"):
                return None
            project = self.home()[1]
        scope = {project}
        if self.parameter("projectScopeDown").lower() != "false":
            queue = [project]
            while queue:
                below = [one.oid for one in self.store.inverse("Project.Parent", queue.pop())]
                scope.update(below)
                queue.extend(below)
        if self.parameter("projectScopeUp").lower() != "false":
            above: int = project
            while above := self.store.things[above].number("Parent"):
                scope.add(above)
        return frozenset(scope)

    def _singleton(self, target: Target) -> Json | None:
        asked = target.plural or "query" in self.request.query
        if asked or target.kind not in {"User", "Subscription"}:
            return None
        oid = self.actor.user
        if target.kind == "Subscription":
            oid = next(iter(self.store.by_kind[(0, "Subscription")]))
        return self._one(target, self.store.things[oid])

    def _thing(self, target: Target) -> Thing:
        thing = self.store.get(target.oid or 0)
        if thing is None or target.kind not in (thing.kind.name, *thing.kind.ancestors):
            raise Trouble("Cannot find object to read")
        return thing

    def _one(self, target: Target, thing: Thing) -> Json:
        written = self.writer(target, "full").read(thing)
        return {thing.kind.element: written | {"Errors": [], "Warnings": target.warnings}}

    def _query(self, target: Target) -> Json:
        workspace, schema = self._schema()
        kind = schema.kinds[target.kind]
        types = tuple(
            self._type(name, schema) for name in self.parameter("types").split(",") if name
        )
        question = Question(
            workspace,
            kind.name,
            types,
            self.parameter("query"),
            self.parameter("order") or ("CreationDate desc" if kind.name == "Revision" else ""),
            self._projects() if self._scoped(kind) else None,
        )
        found = self.selector.answer(question, Scene(self.store, schema, self.now))
        if words := self.parameter("search").lower():
            found = [one for one in found if words in one.text("Name").lower()]
        return self._page(found, target, self.writer(target, "bare"))

    def _scoped(self, kind: Kind) -> bool:
        return "Project" in kind.fields or kind.abstract

    def _type(self, name: str, schema: Schema) -> str:
        kind = schema.named(name.strip())
        if kind is None:
            raise Trouble(f'Requested type name "{name.strip().lower()}" is unknown.')
        return kind.name

    def _collection(self, target: Target, thing: Thing) -> Json:
        one = thing.kind.lower.get(target.collection.lower())
        if one is None or one.type != "COLLECTION":
            raise Trouble("Cannot find object to read")
        schema = self.store.schema(thing.workspace)
        members = [
            found for oid in self.store.members(thing, one) if (found := self.store.get(oid))
        ]
        kinds = [*dict.fromkeys(member.kind for member in members)] or [schema.kinds[one.target]]
        expression = parse(self.parameter("query"))
        scene = Scene(self.store, schema, self.now)
        tests = {kind: predicate(expression, kind, scene) for kind in kinds}
        members = [member for member in members if tests[member.kind](member)]
        order = self.parameter("order")
        if not order and one.target == "Revision":
            order = "RevisionNumber desc"
        if order or one.inverse:
            members = ordered(members, order, kinds, self.store)
        return self._page(members, target, self.writer(target, "full"))

    def _page(self, found: list[Thing], target: Target, writer: Writer) -> Json:
        start, size = _page(self.request)
        return {
            "QueryResult": VERSION
            | {
                "Errors": [],
                "Warnings": target.warnings,
                "TotalResultCount": len(found),
                "StartIndex": start,
                "PageSize": size,
                "Results": [writer.item(one) for one in found[start - 1 : start - 1 + size]],
            }
        }


def _page(request: Request) -> tuple[int, int]:
    """Read start (from 1) and pagesize (20 unless asked, 2000 at most)."""
    start = _whole(request.query.get("start", ""), 1)
    size = _whole(request.query.get("pagesize", ""), _PAGE)
    return start, min(size, _MOST)


def _whole(text: str, default: int) -> int:
    return max(1, int(text)) if text.strip().isdigit() else default


def failed_query(request: Request, errors: list[str], warnings: list[str]) -> Json:
    """Say why a query has no answer."""
    start, size = _page(request)
    return {
        "QueryResult": VERSION
        | {
            "Errors": errors,
            "Warnings": warnings,
            "TotalResultCount": 0,
            "StartIndex": start,
            "PageSize": size,
            "Results": [],
        }
    }
