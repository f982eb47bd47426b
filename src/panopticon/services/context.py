"""What every verb works with, built lazily in one place."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

from panopticon.config import Config, Source
from panopticon.errors import NotFound
from panopticon.store.base import Store
from panopticon.trackers.base import Tracker


def utc_now() -> datetime:
    """Read the clock: the only place that does, outside the servers' own loops."""
    return datetime.now(UTC)  # noqa: TID251 - this is the place


@dataclass
class Context:
    """The configuration, the clock, the store and the trackers of one run.

    `open_store` and `open_tracker` are seams: tests hand in an in-memory store and tracker.
    """

    config: Config
    open_store: Callable[[Config], Store]
    open_tracker: Callable[[Source], Tracker]
    now: Callable[[], datetime] = utc_now
    _trackers: dict[str, Tracker] = field(default_factory=dict)

    @cached_property
    def store(self) -> Store:
        """Open the store, once."""
        return self.open_store(self.config)

    def source(self, name: str) -> Source:
        """Find a configured tracker; raises NotFound with the names there are."""
        for source in self.config.sources:
            if source.name == name:
                return source
        names = [source.name for source in self.config.sources]
        raise NotFound(
            f"No tracker is called {name!r}.",
            f"Configured: {', '.join(names) or 'none'}. `pan trackers list` shows them.",
            candidates=names,
        )

    def tracker(self, name: str) -> Tracker:
        """Open a configured tracker, once."""
        if name not in self._trackers:
            self._trackers[name] = self.open_tracker(self.source(name))
        return self._trackers[name]

    def close(self) -> None:
        """Give files and connections back."""
        for tracker in self._trackers.values():
            tracker.close()
        self._trackers.clear()
        if "store" in self.__dict__:
            self.store.close()
            del self.__dict__["store"]
