"""Several simulated trackers behind one port, each under its own path prefix."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from panopticon.sandbox.app import App
from panopticon.sandbox.exchange import Reply, Request
from panopticon.sandbox.faults import Faults
from panopticon.sandbox.service import Snapshot


@dataclass
class Tracker:
    """The least that a second simulator is."""

    name: str
    lags: list[float] = field(default_factory=list)

    def handle(self, request: Request) -> Reply:
        return Reply(f"{self.name} {request.path}".encode())

    def suffer(self, faults: Faults, conflicts: Callable[[], bool]) -> None:
        self.lags.append(faults.lag_ms if not conflicts() else -1)

    def snapshot(self) -> Snapshot:
        return Snapshot(2, {self.name: {"Issue": 3}}, 1)

    def describe(self) -> dict[str, Any]:
        return {"api_key": self.name}


def ask(app: App, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
    """Send one request straight into the application."""
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"method": method, "raw_path": path.encode(), "query_string": b"", "scheme": "http"}
    asyncio.run(app(scope | {"headers": [], "server": ("here", 80)}, receive, send))
    return sent[0]["status"], sent[1]["body"]


@pytest.mark.requirement("sandbox:service:rows")
def test_each_simulated_tracker_is_one_row_with_a_prefix() -> None:
    one, two = Tracker("one"), Tracker("two")
    app = App({"/slm": lambda: one, "/api": lambda: two}, seed=1)
    assert ask(app, "GET", "/slm/x") == (200, b"one /slm/x")
    assert ask(app, "GET", "/api/y") == (200, b"two /api/y")
    assert ask(app, "GET", "/else")[0] == 404
    assert ask(app, "POST", "/_sandbox/faults", b'{"lag_ms": 7}')[0] == 200
    assert one.lags == two.lags == [0, 7]
    state = json.loads(ask(app, "GET", "/_sandbox/state")[1])
    assert (state["generation"], state["sessions"]) == (4, 2)
    assert state["objects"] == {"one": {"Issue": 3}, "two": {"Issue": 3}}
