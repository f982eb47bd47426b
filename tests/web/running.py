"""A dashboard on a free port, in a thread of its own."""

from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

import httpx2

from panopticon.store.base import Store
from panopticon.web.serve import Dashboard, Ready
from tests.web.fakes import context


class Running:
    """A dashboard in a thread of its own."""

    def __init__(
        self, home: Path, store: Store, pull: Callable[[str], None] | None, port: int = 0
    ) -> None:
        self.ready: Ready = {}
        self._told = Event()
        self.dashboard = Dashboard(context(home, store), port=port, pull=pull)
        self.thread = Thread(target=self.dashboard.serve, args=(self._tell,), daemon=True)
        self.thread.start()
        assert self._told.wait(10)

    def _tell(self, ready: Ready) -> None:
        self.ready = ready
        self._told.set()

    def client(self) -> httpx2.Client:
        bearer = {"Authorization": f"Bearer {self.ready['token']}"}
        return httpx2.Client(base_url=str(self.ready["url"]), headers=bearer, timeout=10)

    def stop(self) -> None:
        self.dashboard.stop()
        self.thread.join(10)
