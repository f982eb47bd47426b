"""Answers "does this connection work"."""

from collections.abc import Iterator
from dataclasses import dataclass

from panopticon.errors import AuthFailed, NotFound, PanError
from panopticon.model.issue import Kind
from panopticon.trackers.base import Check
from panopticon.trackers.rally.ask import PERSON, Ask
from panopticon.trackers.rally.client import Wsapi
from panopticon.trackers.rally.record import email_of, text
from panopticon.trackers.rally.schema import TYPES, Schema
from panopticon.trackers.rally.settings import RallySettings
from panopticon.trackers.rally.territory import Territory

_NOWHERE = "/hierarchicalrequirement/1"  # no object ever has this id


@dataclass(frozen=True, slots=True)
class Report:
    """Looks around in a workspace."""

    wsapi: Wsapi
    settings: RallySettings
    territory: Territory
    schema: Schema

    def check(self) -> Check:
        """Ask who we are, what we may do and what is there."""
        user = self.wsapi.read("/user", PERSON)
        workspace = self.territory.workspace_id()
        place = self.wsapi.read(f"/workspace/{workspace}", ("Name",))
        projects = self.territory.projects()
        can_write = self._can_write()
        return Check(
            user=email_of(user) or "?",
            workspace=text(place, "Name") or text(place, "_refObjectName"),
            workspace_id=workspace,
            project=", ".join(map(self.territory.project_name, filter(None, projects))) or None,
            project_id=next((path.rsplit("/", 1)[-1] for path in projects if path), None),
            can_write=can_write,
            counts=self._counts(projects),
            warnings=tuple(self._warnings(can_write=can_write)),
            server_time=self.wsapi.server_now(),
            can_decide=can_write is True and self.can_decide(),
        )

    def can_decide(self) -> bool:
        """Tell whether the field is there whose revisions decide claims."""
        field = self.settings.fields.token
        return bool(field) and field in self.schema.attributes(TYPES[Kind.STORY])

    def labels(self, field: str) -> list[str]:
        """List what the screens call a field of stories and of defects."""
        types = (self.schema.attributes(TYPES[kind]) for kind in (Kind.STORY, Kind.DEFECT))
        return [known[field].label for known in types if field in known]

    def _can_write(self) -> bool | None:
        """Write nothing to an item that cannot exist: only the refusal's kind tells."""
        try:
            self.wsapi.update(_NOWHERE, {})
        except NotFound:
            return True
        except AuthFailed:
            return False
        except PanError:
            return None
        return None

    def _counts(self, projects: tuple[str | None, ...]) -> dict[Kind, int]:
        kinds = {kind: name.lower() for kind, name in TYPES.items()} | {
            Kind.FEATURE: "portfolioitem"
        }
        return {
            kind: sum(
                self.wsapi.query(
                    Ask(
                        name,
                        ("ObjectID",),
                        size=1,
                        project=project,
                        scope_down=self.settings.scope_down,
                    )
                ).total
                for project in projects
            )
            for kind, name in kinds.items()
        }

    def _warnings(self, *, can_write: bool | None) -> list[str]:
        found = (
            []
            if can_write is not False
            else ["The key may only read: claims, comments and updates will fail."]
        )
        found += self._missing_locks()
        known = self.schema.attributes(TYPES[Kind.STORY])
        names = self.settings.fields
        others = (
            names.criteria,
            names.coverage,
            names.commit,
            names.status,
            names.hours,
            *names.custom,
        )
        if absent := [name for name in others if name and name not in known]:
            found.append(f"Stories have no field {', '.join(absent)}; it stays empty here.")
        return found

    def _missing_locks(self) -> Iterator[str]:
        """Say what the types that are claimed lack to show who holds one, alike ones together."""
        names = self.settings.fields
        locks = (names.locked_by, names.locked_at, names.lock_expiry, names.branch)
        missing: dict[tuple[str, ...], list[str]] = {}
        for kind, title in ((Kind.STORY, "stories"), (Kind.DEFECT, "defects")):
            known = self.schema.attributes(TYPES[kind])
            absent = tuple(name for name in locks if name and name not in known)
            missing.setdefault(absent, []).append(title)
        for absent, titles in missing.items():
            if not absent:
                continue
            instead = ""
            if names.locked_by in absent:
                instead = ", until then a comment tells who holds one"
            yield (
                f"{' and '.join(titles).capitalize()} have no field {', '.join(absent)}: "
                f"`pan rally setup-fields` adds them, for good{instead}."
            )
