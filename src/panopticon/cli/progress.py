"""A progress line on a terminal, nothing elsewhere; safe to feed from many threads."""

import threading
import time
from dataclasses import dataclass, field

from panopticon.cli.terminal import Terminal
from panopticon.cli.text import cut, padded

_EVERY = 0.1
_BAR = 24


@dataclass
class Progress:
    """How far each source and stream is; drawn at most ten times a second."""

    err: Terminal
    _counts: dict[tuple[str, str], tuple[int, int | None]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _drawn_at: float = 0.0
    _is_drawn: bool = False

    def tell(self, source: str, stream: str, done: int, total: int | None) -> None:
        """Note how far one stream is."""
        with self._lock:
            self._counts[source, stream] = (done, total)
            if self.err.is_tty and time.monotonic() - self._drawn_at >= _EVERY:
                self._draw()

    def end(self) -> None:
        """Take the line away."""
        with self._lock:
            if self._is_drawn:
                self.err.stream.write("\r\x1b[K")
                self.err.flush()
                self._is_drawn = False

    def _draw(self) -> None:
        done = sum(count for count, _ in self._counts.values())
        # A stream that does not tell its total counts as read; the end is never promised early.
        whole = sum(max(count, total or 0) for count, total in self._counts.values())
        sources = ", ".join(sorted({self.err.clean(source) for source, _ in self._counts}))
        bar = self._bar(done, whole) if whole else ""
        text = f"{bar}{done} {'item' if done == 1 else 'items'} from {sources}"
        line = padded(cut(text, self.err.columns - 1, self.err.sign("cut")), self.err.columns - 1)
        self.err.stream.write(f"\r{line.rstrip()}\x1b[K")
        self.err.flush()
        self._drawn_at, self._is_drawn = time.monotonic(), True

    def _bar(self, done: int, whole: int) -> str:
        percent = min(99, 100 * done // whole)
        filled = _BAR * percent // 100
        empty = self.err.sign("empty") * (_BAR - filled)
        return f"{self.err.sign('full') * filled}{empty} {percent:>2}%  "
