"""Waiting for a tracker no longer than a page can wait."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from panopticon.errors import Retriable

PAGE_SECONDS = 8.0
_MOST = 16  # questions left to run on: a tracker that hangs must not eat the machine
_places = threading.BoundedSemaphore(_MOST)
_T = TypeVar("_T")


def within(seconds: float | None, ask: Callable[[], _T], whom: str) -> _T:
    """Give the answer if it comes in time; raises Retriable when it does not.

    A question to a server cannot be taken back: it runs on in its own thread, and what it
    remembers by itself is there for the next one who asks.
    """
    if seconds is None:
        return ask()
    if not _places.acquire(blocking=False):
        raise _late(f"Too many questions to {whom} are waiting for an answer.")
    answer: Future[_T] = Future()

    def run() -> None:
        try:
            answer.set_result(ask())
        except BaseException as error:  # noqa: BLE001 - the one who waits raises it
            answer.set_exception(error)
        finally:
            _places.release()

    threading.Thread(target=run, name=f"ask {whom}", daemon=True).start()
    try:
        return answer.result(seconds)
    except TimeoutError:
        raise _late(f"{whom} has not answered in {seconds:g} seconds.") from None


def _late(message: str) -> Retriable:
    return Retriable(message, "Try again in a moment.", retry_after=5)
