"""Items as they were read a moment ago: an edit reads its item first, once is enough."""

import threading
from collections.abc import Callable

from panopticon.trackers.rally.record import Record

SECONDS = 3.0
_MOST = 200


class Lately:
    """Keeps what was read for three seconds; `now` is a stopwatch."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[Record, float]] = {}

    def put(self, key: str, record: Record) -> None:
        """Keep an item as the server just told it."""
        with self._lock:
            self._kept.pop(key, None)
            self._kept[key] = record, self._now()
            while len(self._kept) > _MOST:
                del self._kept[next(iter(self._kept))]

    def take(self, key: str) -> Record | None:
        """Give an item once: after a write it is another."""
        with self._lock:
            record, at = self._kept.pop(key, (None, 0.0))
            return record if self._now() - at <= SECONDS else None
