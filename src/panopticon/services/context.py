"""What every verb works with, built lazily in one place."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from panopticon.config import TYPES, Config, Source, source_called
from panopticon.errors import NotFound
from panopticon.store.base import Store
from panopticon.trackers.base import Tracker


def utc_now() -> datetime:
    """Read the clock: the only place that does, outside the servers' own loops."""
    return datetime.now(UTC)  # noqa: TID251 - this is the place


@dataclass
class Context:
    """The configuration, the clock, the store and the trackers of one run, for any thread.

    `open_store` and `open_tracker` are seams: tests hand in an in-memory store and tracker.
    `read_config` reads the settings afresh, where a run may outlive a change of them.
    """

    config: Config
    open_store: Callable[[Config], Store]
    open_tracker: Callable[[Source], Tracker]
    now: Callable[[], datetime] = utc_now
    read_config: Callable[[], Config] | None = None
    _store: Store | None = None
    _trackers: dict[str, Tracker] = field(default_factory=dict)
    # Opening a tracker may read notes from the store: the same thread enters twice.
    _opening: threading.RLock = field(default_factory=threading.RLock)

    @property
    def store(self) -> Store:
        """Open the store, once."""
        with self._opening:
            if self._store is None:
                self._store = self.open_store(self.config)
            return self._store

    @property
    def names(self) -> tuple[str, ...]:
        """Name the sources that this run may show: what others store of theirs is not ours."""
        return tuple(source.name for source in self.config.sources)

    @property
    def default(self) -> str | None:
        """Name the source that new items go to: the one that is set, else the only one."""
        wanted, names = self.config.default_tracker, self.names
        if wanted in names:
            return wanted
        return names[0] if len(names) == 1 else None

    def source(self, name: str) -> Source:
        """Find a configured tracker; raises NotFound with the names there are."""
        if source := source_called(name, self.config.sources):
            return source
        names = list(self.names)
        raise NotFound(
            f"No tracker is called {name!r}.",
            f"Configured: {', '.join(names) or 'none'}. `pan trackers list` shows them.",
            candidates=names,
        )

    def is_of_files(self, name: str) -> bool:
        """Tell whether a source is files of this machine, whose words and sections are kept."""
        source = source_called(name, self.config.sources)
        words = TYPES.get(source.type) if source else None
        return words is not None and words.place.are_paths

    def tracker(self, name: str) -> Tracker:
        """Open a configured tracker, once."""
        with self._opening:
            source = self.source(name)
            if source.name not in self._trackers:
                self._trackers[source.name] = self.open_tracker(source)
            return self._trackers[source.name]

    def adopt(self, config: Config) -> None:
        """Go on with other settings: what reads another place or with another key opens anew."""
        with self._opening:
            after = {source.name: source for source in config.sources}
            before = {source.name: source for source in self.config.sources}
            self.config = config
            for name in [one for one in self._trackers if after.get(one) != before.get(one)]:
                self._trackers.pop(name).close()

    def close(self) -> None:
        """Give files and connections back."""
        with self._opening:
            for tracker in self._trackers.values():
                tracker.close()
            self._trackers.clear()
            if self._store is not None:
                self._store.close()
                self._store = None
