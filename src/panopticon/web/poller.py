"""Ask each source for news in the background, more rarely while it fails."""

import logging
import random
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from panopticon.errors import Conflict, NotFound, PanError, Retriable
from panopticon.model.issue import Json

_log = logging.getLogger(__name__)
LONGEST_WAIT = timedelta(minutes=10)
CLOCK_JUMP = timedelta(seconds=30)  # more than this between two glances: the machine slept


@dataclass
class _Watch:
    """One source: its thread, when it is asked next, whether it rests."""

    name: str
    wake: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None
    is_paused: bool = False
    is_over: bool = False
    is_failing: bool = False
    next_at: datetime | None = None

    def as_json(self) -> dict[str, Json]:
        """Say when it is asked next; `waits_until` only where it fails."""
        at = self.next_at.isoformat() if self.next_at and not self.is_paused else None
        return {
            "waits_until": at if self.is_failing else None,
            "next_at": at,
            "paused": self.is_paused,
        }


class Poller:
    """One thread a source; `pull` brings one up to date and raises PanError when it cannot."""

    glance_seconds = 5.0  # between two looks at the clock

    def __init__(
        self,
        sources: Iterable[str],
        pull: Callable[[str], None] | None,
        every: timedelta,
        now: Callable[[], datetime],
    ) -> None:
        self._pull = pull
        self._every = every
        self._now = now
        self._lock = threading.RLock()
        self._is_running = False
        self._is_paused = False
        self._watches: dict[str, _Watch] = {name: _Watch(name) for name in sources}

    @classmethod
    def idle(cls, now: Callable[[], datetime]) -> "Poller":
        """Make one that asks nobody: others sync, the page shows it."""
        return cls((), None, LONGEST_WAIT, now)

    def start(self) -> None:
        """Begin; the first look is at once."""
        with self._lock:
            self._is_running = True
            for watch in self._watches.values():
                self._begin(watch)

    def stop(self, timeout: float = 2.0) -> bool:
        """End, waiting a little for a look that is under way; False when one goes on."""
        with self._lock:
            self._is_running = False
            ending = list(self._watches.values())
        for watch in ending:
            _end(watch)
        threads = [watch.thread for watch in ending if watch.thread]
        for thread in threads:
            thread.join(timeout)
        return not any(thread.is_alive() for thread in threads)

    def follow(self, names: Iterable[str], every: timedelta | None = None) -> None:
        """Ask these sources from now on, this often; others no more.

        A new one is asked at once, even where all rest: somebody just connected it.
        """
        if self._pull is None:
            return
        wanted = list(names)
        with self._lock:
            is_paced_anew = every is not None and every != self._every
            self._every = every or self._every
            for name in self._watches.keys() - set(wanted):
                _end(self._watches.pop(name))
            for name in wanted:
                if name not in self._watches:
                    watch = self._watches[name] = _Watch(name, is_paused=self._is_paused)
                    if self._is_running:
                        self._begin(watch)
                elif is_paced_anew and not self._watches[name].is_paused:
                    self._watches[name].wake.set()

    def nudge(self) -> list[str]:
        """Look now, also at sources that rest; returns those that will be asked."""
        with self._lock:
            for watch in self._watches.values():
                watch.wake.set()
            return list(self._watches)

    def pause(self, source: str | None, *, paused: bool) -> None:
        """Rest or go on, one source or all; who goes on looks at once."""
        with self._lock:
            if not self._watches or (source and source not in self._watches):
                raise _not_polled(source, list(self._watches))
            if source is None:
                self._is_paused = paused
            for watch in [self._watches[source]] if source else self._watches.values():
                if watch.is_paused and not paused:
                    watch.wake.set()
                watch.is_paused = paused

    def waits(self) -> dict[str, dict[str, Json]]:
        """Say of each source when it is asked next, until when a failing one is left alone."""
        with self._lock:
            return {name: watch.as_json() for name, watch in self._watches.items()}

    def _begin(self, watch: _Watch) -> None:
        watch.thread = threading.Thread(
            target=self._watch, args=(watch,), name=f"poll-{watch.name}", daemon=True
        )
        watch.thread.start()

    def _watch(self, watch: _Watch) -> None:
        failures = 0
        while not watch.is_over:
            watch.wake.clear()
            watch.next_at = None
            error = self._look(watch.name)
            failures = failures + 1 if error else 0
            watch.is_failing = bool(failures)
            self._rest(watch, pause(self._every, failures, _asked_for(error)))

    def _rest(self, watch: _Watch, wait: timedelta) -> None:
        """Wait until it is time, somebody asks, or the machine wakes from sleep."""
        until = time.monotonic() + wait.total_seconds()
        watch.next_at = self._now() + wait
        while not watch.is_over:
            left = until - time.monotonic()
            if left <= 0 and not watch.is_paused:
                return
            began, clock = time.monotonic(), self._now()
            shortest = self.glance_seconds if watch.is_paused else min(left, self.glance_seconds)
            if watch.wake.wait(shortest):
                return
            passed = timedelta(seconds=time.monotonic() - began)
            if not watch.is_paused and abs(self._now() - clock - passed) > CLOCK_JUMP:
                return

    def _look(self, name: str) -> Exception | None:
        """Bring a source up to date; give what went wrong."""
        try:
            if self._pull:
                self._pull(name)
        except Conflict:
            return None  # somebody else is syncing this source: its news will come
        except PanError as error:
            _log.warning("%s: %s", name, error.message)
            return error
        except Exception as error:  # noqa: BLE001 - a bug in one tracker must not end the others' news
            _log.exception("polling %s failed", name)
            return error
        return None


def pause(every: timedelta, failures: int, asked_for: timedelta | None = None) -> timedelta:
    """Wait twice as long after every failure, ten minutes at most, or what the tracker asks for.

    A little by chance on top: sources of one server that failed together come back one by one.
    """
    longest = max(every, LONGEST_WAIT)
    wait = min(every * (1 << min(failures, 10)), longest)
    if not failures:
        return wait
    spread = 1 + random.random() / 10  # noqa: S311 - no secret
    return max(wait * spread, min(asked_for or wait, longest))


def _asked_for(error: Exception | None) -> timedelta | None:
    seconds = error.retry_after if isinstance(error, Retriable) else None
    return timedelta(seconds=seconds) if seconds else None


def _end(watch: _Watch) -> None:
    watch.is_over = True
    watch.wake.set()


def _not_polled(source: str | None, names: list[str]) -> NotFound:
    if not names:
        return NotFound("This server does not poll.", "`pan sync` in a terminal; the page follows.")
    return NotFound(
        f"No source here is called {source!r}.", f"There is {', '.join(names)}.", candidates=names
    )
