"""A dashboard on a real port of this machine, in a thread of its own, with any limits."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from panopticon.services.context import Context
from panopticon.services.server.reach import Reach
from panopticon.web.serve import Dashboard, Ready
from panopticon.web.turns import Limits


@contextmanager
def served(
    ctx: Context, *, reach: Reach | None = None, limits: Limits | None = None
) -> Iterator[tuple[Dashboard, Ready]]:
    told, ready = Event(), Ready()

    def hear(said: Ready) -> None:
        ready.update(said)
        told.set()

    dashboard = Dashboard(ctx, reach=reach, limits=limits)
    thread = Thread(target=dashboard.serve, args=(hear,), daemon=True)
    thread.start()
    assert told.wait(10)
    yield dashboard, ready
    dashboard.stop()
    thread.join(10)
