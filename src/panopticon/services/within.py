"""Waiting for a tracker no longer than a page can wait."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from panopticon.errors import Retriable

PAGE_SECONDS = 8.0
_MOST = 8  # questions to one tracker that may run on: one that hangs must not eat the machine
_places: dict[str, threading.BoundedSemaphore] = {}
_T = TypeVar("_T")


def within(seconds: float | None, ask: Callable[[], _T], whom: str) -> _T:
    """Give the answer if it comes in time; raises Retriable when it does not.

    A question to a server cannot be taken back: it runs on in its own thread, and what it
    remembers by itself is there for the next one who asks.
    """
    if seconds is None:
        return ask()
    places = _places.setdefault(whom, threading.BoundedSemaphore(_MOST))
    if not places.acquire(blocking=False):
        raise _late(f"Too many questions to {whom} are waiting for an answer.")
    answer: Future[_T] = Future()

    def run() -> None:
        try:
            answer.set_result(ask())
        except BaseException as error:  # noqa: BLE001 - the one who waits raises it
            answer.set_exception(error)
        finally:
            places.release()

    threading.Thread(target=run, name=f"ask {whom}", daemon=True).start()
    try:
        return answer.result(seconds)
    except TimeoutError:
        raise _late(f"{whom} has not answered in {seconds:g} seconds.") from None


def _late(message: str) -> Retriable:
    return Retriable(message, "Try again in a moment.", retry_after=5)
