"""A tracker that only answers who you are and what there is: enough for set-up and doctor."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

from panopticon.config import Config, Source, load
from panopticon.errors import AuthFailed, NotFound
from panopticon.model.issue import Kind
from panopticon.services.context import Context
from panopticon.store.registry import open_store
from panopticon.trackers.base import Check, Place, Tracker

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
PLACES = [
    Place("workspace", "100", "Acme"),
    Place("workspace", "200", "Other Works"),
    Place("project", "11", "DDC-AI", parent="100"),
    Place("project", "12", "Billing", parent="100"),
    Place("project", "21", "DDC-AI", parent="200"),
    Place("project", "22", "Nested", parent="21"),
    Place("project", "23", "Twin", parent="21"),
    Place("project", "24", "Twin", parent="200"),
]


@dataclass
class Asked:
    """What the server would say; `sources` are those that somebody opened."""

    key: str = "_good"
    can_write: bool | None = True
    can_decide: bool = False
    warnings: tuple[str, ...] = ()
    clock: timedelta = timedelta()
    known: list[Place] = field(default_factory=lambda: list(PLACES))
    sources: list[Source] = field(default_factory=list)

    def open(self, source: Source) -> Tracker:
        self.sources.append(source)
        return cast("Tracker", Answering(self, source))

    def context(self, config: Config) -> Context:
        return Context(config, open_store, self.open, lambda: NOW)


@dataclass
class Answering:
    """The part of a tracker that set-up and doctor use."""

    asked: Asked
    source: Source

    def places(self) -> list[Place]:
        self._sign_in()
        return self.asked.known

    def check(self) -> Check:
        self._sign_in()
        workspace = str(self.source.options.get("workspace", "100")).rsplit("/", 1)[-1]
        found = [place for place in self.asked.known if workspace in {place.id, place.name}]
        if not found:
            raise NotFound(f"There is no workspace {workspace!r}.", "Choose another.")
        return Check(
            user="ann@example.com",
            workspace=found[0].name,
            workspace_id=found[0].id,
            project=None,
            project_id=None,
            can_write=self.asked.can_write,
            counts={Kind.STORY: 3},
            warnings=self.asked.warnings,
            server_time=NOW + self.asked.clock,
            can_decide=self.asked.can_decide,
        )

    def arbiter(self) -> None:
        """Decide nothing."""

    def close(self) -> None:
        return

    def _sign_in(self) -> None:
        if (self.source.secret or "") != self.asked.key:
            raise AuthFailed("The key is not valid.", "Make a new one.")


def settings(home: Path, folder: Path, environ: dict[str, str] | None = None) -> Config:
    """Read the settings as a command would."""
    folder.mkdir(parents=True, exist_ok=True)
    return load(environ or {}, home, folder, {})
