"""The configured trackers: what they are, and whether they answer."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from panopticon.config import Source
from panopticon.errors import PanError
from panopticon.services.context import Context
from panopticon.trackers.base import Check

SKEW_LIMIT = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Configured:
    """A configured source without its secret."""

    source: Source
    is_default: bool

    def as_json(self) -> dict[str, object]:
        """Give it to programs; whether there is a key, never the key."""
        options = self.source.options
        projects = options.get("projects") or ([options["project"]] if "project" in options else [])
        return {
            "name": self.source.name,
            "type": self.source.type,
            "server": options.get("server"),
            "workspace": options.get("workspace"),
            "projects": projects,
            "key_env": self.source.secret_env,
            "has_key": self.source.secret is not None,
            "default": self.is_default,
        }


@dataclass(frozen=True, slots=True)
class Tested:
    """What a tracker answered, or why it did not; `skew` is our clock minus the server's."""

    name: str
    check: Check | None
    error: PanError | None
    seconds: float
    skew: timedelta | None

    def as_json(self) -> dict[str, object]:
        """Give it to programs."""
        base: dict[str, object] = {
            "name": self.name,
            "ok": self.error is None,
            "seconds": round(self.seconds, 3),
            **(self.error.as_json() if self.error else {"error": None}),
        }
        if self.check is None:
            return base
        check = self.check
        project = {"name": check.project, "id": check.project_id} if check.project_id else None
        return base | {
            "user": check.user,
            "workspace": {"name": check.workspace, "id": check.workspace_id},
            "project": project,
            "can_write": check.can_write,
            "counts": {kind.value: count for kind, count in check.counts.items()},
            "warnings": list(check.warnings),
            "clock_skew_seconds": self.skew.total_seconds() if self.skew is not None else None,
        }


def listed(ctx: Context) -> list[Configured]:
    """Name what is configured; asks nobody."""
    sources = ctx.config.sources
    default = ctx.config.default_tracker or (sources[0].name if sources else None)
    return [Configured(source, source.name == default) for source in sources]


def tested(ctx: Context, name: str) -> Tested:
    """Ask one tracker who we are and what is there; raises NotFound for an unknown name only."""
    source = ctx.source(name)
    begun = time.monotonic()
    asked_at = ctx.now()
    try:
        check = ctx.tracker(source.name).check()
    except PanError as error:
        return Tested(name, None, error, time.monotonic() - begun, None)
    return Tested(name, check, None, time.monotonic() - begun, _skew(check, asked_at, ctx.now()))


def _skew(check: Check, asked_at: datetime, answered_at: datetime) -> timedelta | None:
    """Compare clocks; anything inside the time the call took is no difference."""
    if check.server_time is None:
        return None
    if check.server_time < asked_at - timedelta(seconds=1):
        return asked_at - check.server_time
    if check.server_time > answered_at + timedelta(seconds=1):
        return answered_at - check.server_time
    return timedelta()
