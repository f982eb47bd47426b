"""One write to an item at a time, so that of two who saw the same only the first one has it.

It holds within this process; between processes and machines the tracker's own moment decides.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from weakref import WeakValueDictionary

from panopticon.errors import Retriable
from panopticon.model.ref import IssueRef

PATIENCE = 20.0  # seconds: a slow tracker takes some for the write before ours


class _Turn:
    """The lock of one item; it goes when nobody writes there."""

    def __init__(self) -> None:
        self.lock = threading.Lock()


_turns: WeakValueDictionary[IssueRef, _Turn] = WeakValueDictionary()
_guard = threading.Lock()


@contextmanager
def turn(ref: IssueRef, patience: float = PATIENCE) -> Iterator[None]:
    """Wait for one's turn to write to an item; raises Retriable when it does not come."""
    with _guard:
        mine = _turns.get(ref) or _turns.setdefault(ref, _Turn())
    if not mine.lock.acquire(timeout=patience):
        raise Retriable(
            f"{ref.key} is being changed by somebody else right now.", "Try again in a moment."
        )
    try:
        yield
    finally:
        mine.lock.release()
