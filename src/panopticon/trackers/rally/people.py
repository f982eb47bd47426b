"""People and timeboxes: users, iterations, releases, tags; found by what others call them."""

from dataclasses import dataclass
from datetime import UTC, datetime

from panopticon.errors import InvalidInput
from panopticon.model.issue import Iteration, User
from panopticon.trackers.rally.ask import Ask, Fetch
from panopticon.trackers.rally.client import Wsapi
from panopticon.trackers.rally.query import Term, either
from panopticon.trackers.rally.record import Record, flag, moment, nested, oid_of, path_of, text
from panopticon.trackers.rally.territory import Territory

_USER: Fetch = ("ObjectID", "DisplayName", "UserName", "EmailAddress", "Disabled")
_BOX: Fetch = ("ObjectID", "Name", "StartDate", "EndDate", "State", ("Project", ("Name",)))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class People:
    """Reads users, timeboxes and tags of the workspace."""

    wsapi: Wsapi
    territory: Territory

    def users(self) -> list[User]:
        """List everybody, the disabled ones too."""
        self.territory.enter()
        everybody = either([Term("Disabled", "=", True), Term("Disabled", "=", False)])
        rows = self.wsapi.all(Ask("user", _USER, everybody, size=2000))
        return [_user_from(row) for row in rows]

    def iterations(self) -> list[Iteration]:
        """List the timeboxes of the configured projects, oldest first."""
        found: dict[str, Iteration] = {}
        for project in self.territory.projects():
            rows = self.wsapi.all(
                Ask("iteration", _BOX, order="StartDate,ObjectID", project=project)
            )
            found |= {oid_of(row): _iteration_from(row) for row in rows}
        return list(found.values())

    def user_path(self, word: str) -> str:
        """Find a user by email, user name or display name; `me` is whoever the key belongs to."""
        if word == "me":
            return path_of(self.wsapi.read("/user", ("ObjectID",)))
        fields = ("EmailAddress", "UserName") if "@" in word else ("UserName", "DisplayName")
        wanted = either(Term(field, "=", word) for field in fields)
        rows = [
            row for row in self.wsapi.all(Ask("user", _USER, wanted)) if not flag(row, "Disabled")
        ]
        if len(rows) == 1:
            return path_of(rows[0])
        names = [text(row, "UserName") for row in rows]
        if not rows:
            raise InvalidInput(
                f"Rally knows no active user {word!r}.",
                "Use the email or the user name.",
                field="assignee",
            )
        raise InvalidInput(
            f"Rally has {len(rows)} users called {word!r}.",
            f"Use one of {', '.join(names)}.",
            field="assignee",
        )

    def timebox_path(self, kind: str, name: str, project: str) -> str:
        """Find an iteration or release by name in an item's project."""
        rows = self.wsapi.all(
            Ask(
                kind,
                ("ObjectID", "Name"),
                Term("Name", "=", name),
                project=project,
                scope_down=False,
            )
        )
        if not rows:
            raise InvalidInput(
                f"The item's project has no {kind} {name!r}.", "Spell it as Rally does.", field=kind
            )
        return path_of(rows[0])

    def tag_paths(self, names: list[str]) -> list[str]:
        """Find tags in one request, and make those that are missing."""
        if not names:
            return []
        can_be_said = not any(set(name) & set('"\\') for name in names)
        wanted = either(Term("Name", "=", name) for name in names) if can_be_said else None
        known: dict[str, str] = {}
        for row in self.wsapi.all(Ask("tag", ("ObjectID", "Name"), wanted)):
            known.setdefault(text(row, "Name"), path_of(row))
        return [known.get(name) or self._made_tag(name) for name in names]

    def _made_tag(self, name: str) -> str:
        return path_of(self.wsapi.create("Tag", {"Name": name}, ("ObjectID", "Name")))


def _user_from(row: Record) -> User:
    name = text(row, "DisplayName") or text(row, "_refObjectName") or text(row, "UserName")
    email = text(row, "EmailAddress") or text(row, "UserName")
    return User(oid_of(row), name, email if "@" in email else None, flag(row, "Disabled"))


def _iteration_from(row: Record) -> Iteration:
    project = nested(row, "Project")
    return Iteration(
        text(row, "Name"),
        moment(row, "StartDate") or _EPOCH,
        moment(row, "EndDate") or _EPOCH,
        text(row, "State"),
        text(project, "Name") or text(project, "_refObjectName"),
    )
