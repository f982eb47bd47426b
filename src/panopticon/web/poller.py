"""Ask each source for news in the background, more rarely while it fails."""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from panopticon.errors import Conflict, PanError
from panopticon.model.issue import Json

_log = logging.getLogger(__name__)
LONGEST_WAIT = timedelta(minutes=10)


class Poller:
    """One thread a source; `pull` brings one up to date and raises PanError when it cannot."""

    def __init__(
        self,
        sources: Sequence[str],
        pull: Callable[[str], None],
        every: timedelta,
        now: Callable[[], datetime],
    ) -> None:
        self._pull = pull
        self._every = every
        self._now = now
        self._stopping = threading.Event()
        self._nudged = {name: threading.Event() for name in sources}
        self._waits: dict[str, Json] = {}
        self._threads = [
            threading.Thread(target=self._watch, args=(name,), name=f"poll-{name}", daemon=True)
            for name in sources
        ]

    @classmethod
    def idle(cls, now: Callable[[], datetime]) -> "Poller":
        """Make one that asks nobody: others sync, the page shows it."""
        return cls((), lambda _name: None, LONGEST_WAIT, now)

    def start(self) -> None:
        """Begin; the first look is at once."""
        for thread in self._threads:
            thread.start()

    def stop(self, timeout: float = 2.0) -> bool:
        """End, waiting a little for a look that is under way; False when one goes on."""
        self._stopping.set()
        self.nudge()
        for thread in self._threads:
            thread.join(timeout)
        return not any(thread.is_alive() for thread in self._threads)

    def nudge(self) -> list[str]:
        """Look now; returns the sources that will be asked."""
        for nudged in self._nudged.values():
            nudged.set()
        return list(self._nudged)

    def waits(self) -> dict[str, Json]:
        """Say until when a failing source is left alone."""
        return dict(self._waits)

    def _watch(self, name: str) -> None:
        failures = 0
        nudged = self._nudged[name]
        while not self._stopping.is_set():
            nudged.clear()
            failures = 0 if self._look(name) else failures + 1
            wait = pause(self._every, failures)
            if failures:
                self._waits[name] = (self._now() + wait).isoformat()
            else:
                self._waits.pop(name, None)
            nudged.wait(wait.total_seconds())

    def _look(self, name: str) -> bool:
        try:
            self._pull(name)
        except Conflict:
            return True  # somebody else is syncing this source: its news will come
        except PanError as error:
            _log.warning("%s: %s", name, error.message)
            return False
        except Exception:  # noqa: BLE001 - a bug in one tracker must not end the others' news
            _log.exception("polling %s failed", name)
            return False
        return True


def pause(every: timedelta, failures: int) -> timedelta:
    """Wait twice as long after every failure, ten minutes at most."""
    return min(every * (1 << min(failures, 10)), max(every, LONGEST_WAIT))
