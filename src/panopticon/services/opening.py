"""Opening a run: the context with the real store and trackers behind it."""

from collections.abc import Callable
from dataclasses import dataclass

from panopticon.config import Config, Source
from panopticon.errors import PanError
from panopticon.services.context import Context
from panopticon.store.base import Store
from panopticon.trackers.base import Tracker


def context_for(config: Config, read_config: Callable[[], Config] | None = None) -> Context:
    """Build the context of a configuration; nothing is opened before it is asked for.

    `read_config` reads the settings again, with the same flags.
    """

    def open_tracker(source: Source) -> Tracker:
        # Imported on first use: reading the store must not pay for the HTTP client.
        from panopticon.local.disk import LocalDisk  # noqa: PLC0415
        from panopticon.trackers import registry  # noqa: PLC0415

        is_kept = any(source is one for one in ctx.config.sources)
        means = registry.Means(_Notes(ctx) if is_kept else None, LocalDisk(), ctx.now)
        return registry.open_tracker(source, means)

    ctx = Context(config, _open_store, open_tracker, read_config=read_config)
    return ctx


def _open_store(config: Config) -> Store:
    from panopticon.store.registry import open_store  # noqa: PLC0415 - as above, for sqlite3

    return open_store(config)


@dataclass(frozen=True, slots=True)
class _Notes:
    """What a tracker remembers from run to run; a store in trouble only means asking again."""

    ctx: Context

    def note(self, name: str) -> str | None:
        try:
            return self.ctx.store.note(name)
        except PanError:
            return None

    def put_note(self, name: str, value: str) -> None:
        try:
            self.ctx.store.put_note(name, value)
        except PanError:
            return
