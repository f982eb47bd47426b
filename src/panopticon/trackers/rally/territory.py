"""Which workspace and projects are meant: names become ids once, and are remembered for a day."""

import threading
from collections.abc import Callable
from hashlib import sha256

from panopticon.errors import InvalidInput, NotFound
from panopticon.trackers.base import Place
from panopticon.trackers.notes import Notes
from panopticon.trackers.rally.ask import Ask
from panopticon.trackers.rally.client import Wsapi
from panopticon.trackers.rally.query import Condition, Term, both
from panopticon.trackers.rally.record import Record, nested, oid_of, path_of, text
from panopticon.trackers.rally.remembered import Remembered
from panopticon.trackers.rally.settings import RallySettings, Spot

_PLACE = ("Name", "ObjectID", "State")


class Territory:
    """The configured workspace and projects, resolved when they are first needed."""

    def __init__(self, wsapi: Wsapi, settings: RallySettings, notes: Notes) -> None:
        self._wsapi = wsapi
        self._settings = settings
        self._lock = threading.RLock()
        place = sha256(
            f"{settings.origin} {settings.workspace} {settings.key} {settings.basic}".encode()
        ).hexdigest()[:16]
        self._remembered = Remembered(notes, f"rally-place:{place}:", wsapi.server_now)

    def forget(self) -> None:
        """Look places up afresh when they are next needed."""
        with self._lock:
            self._remembered.forget()
            self._wsapi.workspace = None

    def enter(self) -> None:
        """Resolve the workspace, so that every later question names it."""
        with self._lock:
            self._wsapi.workspace = f"/workspace/{self.workspace_id()}"

    def workspace_id(self) -> str:
        """Give the workspace's ObjectID."""
        spot = self._settings.workspace
        if spot is not None and spot.oid:
            return spot.oid
        if spot is not None and spot.name:
            return self._once(
                f"workspace:{spot.name}", lambda: self._workspace_named(spot.name or "")
            )
        projects = [spot for spot in self._settings.projects if spot.oid]
        if projects:
            return self._once(
                f"workspace-of:{projects[0].oid}", lambda: self._workspace_of(projects[0])
            )
        return self._once("default-workspace", self._default_workspace)

    def projects(self, name: str | None = None) -> tuple[str | None, ...]:
        """Give the paths of the configured projects, or of one; (None,) for the workspace."""
        self.enter()
        if name is not None:
            return (self.project_path(name),)
        if not self._settings.projects:
            return (None,)
        return tuple(self._spot_path(spot) for spot in self._settings.projects)

    def project_path(self, word: str) -> str:
        """Find a project by its name or id: `/project/123`."""
        self.enter()
        for spot in self._settings.projects:
            if word in {spot.oid, spot.name}:
                return self._spot_path(spot)
        return self._spot_path(Spot(oid=word) if word.isdigit() else Spot(name=word))

    def project_name(self, path: str) -> str:
        """Name the project at a path."""
        return self._once(f"name-of:{path}", lambda: self._name_at(path))

    def places(self) -> list[Place]:
        """List the workspaces and open projects the key may see."""
        found: list[Place] = []
        for workspace in self._workspaces():
            oid = oid_of(workspace)
            found.append(Place("workspace", oid, text(workspace, "Name")))
            ask = Ask(
                f"Workspace/{oid}/Projects", (*_PLACE, ("Parent", ("ObjectID",))), order="Name"
            )
            for project in self._wsapi.all(ask):
                above = nested(project, "Parent")
                parent = oid_of(above) if above else oid
                found.append(Place("project", oid_of(project), text(project, "Name"), parent))
        return found

    def _name_at(self, path: str) -> str:
        place = self._wsapi.read(path, ("Name",))
        return text(place, "Name") or text(place, "_refObjectName")

    def _spot_path(self, spot: Spot) -> str:
        if spot.oid:
            return f"/project/{spot.oid}"
        name = spot.name or ""
        return "/project/" + self._once(f"project:{name}", lambda: self._project_named(name))

    def _once(self, name: str, find: Callable[[], str]) -> str:
        return str(self._remembered.get(name, find))

    def _workspaces(self) -> list[Record]:
        subscription = self._wsapi.read("/subscription", ("Workspaces",))
        path = path_of(nested(subscription, "Workspaces")).strip("/")
        rows = self._wsapi.all(Ask(path, _PLACE, order="Name"))
        return [row for row in rows if text(row, "State") != "Closed"]

    def _workspace_named(self, name: str) -> str:
        rows = self._workspaces()
        return _only(rows, name, "workspace")

    def _workspace_of(self, spot: Spot) -> str:
        project = self._wsapi.read(f"/project/{spot.oid}", (("Workspace", ("ObjectID",)),))
        return oid_of(nested(project, "Workspace"))

    def _default_workspace(self) -> str:
        user = self._wsapi.read("/user", ("UserProfile", ("DefaultWorkspace", ("ObjectID",))))
        profile = nested(user, "UserProfile")
        default = nested(profile, "DefaultWorkspace")
        if not default and profile:
            default = nested(
                self._wsapi.read(path_of(profile), (("DefaultWorkspace", ("ObjectID",)),)),
                "DefaultWorkspace",
            )
        if default:
            return oid_of(default)
        rows = self._workspaces()
        if len(rows) == 1:
            return oid_of(rows[0])
        names = [text(row, "Name") for row in rows]
        raise InvalidInput(
            "Rally: no `workspace` is set, and your user has no default.",
            f"There are: {', '.join(names)}.",
        )

    def _project_named(self, name: str) -> str:
        wanted: Condition | None = None
        if not set(name) & set('"\\'):
            wanted = both(Term("Name", "=", name))
        rows = self._wsapi.all(Ask("project", _PLACE, wanted))
        if not rows:  # look around, to say what there is
            rows = self._wsapi.query(Ask("project", _PLACE, order="Name")).records
        return _only(rows, name, "project")


def _only(rows: list[Record], name: str, kind: str) -> str:
    """Choose the one of that name; raise with what there is."""
    fitting = [row for row in rows if text(row, "Name") == name]
    fitting = fitting or [row for row in rows if text(row, "Name").lower() == name.lower()]
    if len(fitting) == 1:
        return oid_of(fitting[0])
    names = sorted({text(row, "Name") for row in rows})
    if not fitting:
        raise NotFound(
            f"Rally has no {kind} {name!r} that this key may see.",
            f"There are: {', '.join(names)}."
            if names
            else f"Check the {kind}'s spelling; `pan init` lists them.",
            candidates=names,
        )
    raise InvalidInput(
        f"Rally has {len(fitting)} {kind}s called {name!r}.",
        f"Use the number: {', '.join(oid_of(row) for row in fitting)}.",
    )
