"""The configured trackers: what they are, and whether they answer."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from panopticon.config import TYPES, Source
from panopticon.errors import PanError
from panopticon.services.context import Context
from panopticon.services.inputs import folders_of
from panopticon.trackers.base import Check, Tracker

SKEW_LIMIT = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Configured:
    """A configured source without its secret."""

    source: Source
    is_default: bool

    @property
    def workspace(self) -> str | None:
        """The id or name of its workspace."""
        return _text(self.source.options.get("workspace"))

    @property
    def projects(self) -> list[str]:
        """The ids or names of its projects; none for the whole workspace."""
        options = self.source.options
        found = options.get("projects") or options.get("project") or []
        return [str(one) for one in (found if isinstance(found, list) else [found])]

    @property
    def folders(self) -> list[str]:
        """The folders that it reads, as they are written; none for a server's."""
        return list(folders_of(self.source)) if self.is_local else []

    @property
    def is_local(self) -> bool:
        """Tell whether folders of this machine are read."""
        return TYPES[self.source.type].place.are_paths

    def as_json(self) -> dict[str, object]:
        """Give it to programs; whether there is a key, never the key."""
        return {
            "name": self.source.name,
            "type": self.source.type,
            "server": _text(self.source.options.get("server")),
            "workspace": self.workspace,
            "projects": self.projects,
            "folders": self.folders,
            "key_env": self.source.secret_env,
            "has_key": self.source.secret is not None,
            "default": self.is_default,
        }


def _text(value: object) -> str | None:
    return None if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Tested:
    """What a tracker answered, or why it did not; `skew` is our clock minus the server's."""

    name: str
    check: Check | None
    error: PanError | None
    seconds: float
    skew: timedelta | None
    is_local: bool = False  # folders of this machine: no server, no key

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
    return [Configured(source, source.name == ctx.default) for source in ctx.config.sources]


def tested(ctx: Context, name: str) -> Tested:
    """Ask one tracker who we are and what is there; raises NotFound for an unknown name only."""
    source = ctx.source(name)
    is_local = TYPES[source.type].place.are_paths
    begun = time.monotonic()
    try:
        opened = ctx.tracker(source.name)
    except PanError as error:
        return Tested(source.name, None, error, time.monotonic() - begun, None, is_local)
    return replace(asked(source.name, opened, ctx.now), is_local=is_local)


def asked(name: str, opened: Tracker, now: Callable[[], datetime]) -> Tested:
    """Ask an open tracker who we are and what is there; what goes wrong is in the answer."""
    begun, asked_at = time.monotonic(), now()
    try:
        check = opened.check()
    except PanError as error:
        return Tested(name, None, error, time.monotonic() - begun, None)
    return Tested(name, check, None, time.monotonic() - begun, _skew(check, asked_at, now()))


def _skew(check: Check, asked_at: datetime, answered_at: datetime) -> timedelta | None:
    """Compare clocks; anything inside the time the call took is no difference."""
    if check.server_time is None:
        return None
    if check.server_time < asked_at - timedelta(seconds=1):
        return asked_at - check.server_time
    if check.server_time > answered_at + timedelta(seconds=1):
        return answered_at - check.server_time
    return timedelta()
