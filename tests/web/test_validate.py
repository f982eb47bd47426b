"""Trying a key, in upstream's words."""

from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from panopticon.config import Source
from panopticon.errors import InvalidInput, PanError, Retriable
from panopticon.services.server.session import Session
from panopticon.store.base import Store
from panopticon.web.app import make_app
from panopticon.web.guard import Security
from tests.web.conftest import BASE, PORT
from tests.web.fakes import OneKeyTracker, context

Ask = Callable[..., tuple[int, dict[str, object]]]


@pytest.fixture
def opened() -> list[OneKeyTracker]:
    return []


@pytest.fixture
def fault() -> list[PanError]:
    return []


@pytest.fixture
def ask(
    tmp_path: Path,
    store: Store,
    door: Session,
    opened: list[OneKeyTracker],
    fault: list[PanError],
) -> Ask:
    def open_tracker(source: Source) -> OneKeyTracker:
        opened.append(OneKeyTracker(source, fault[0] if fault else None))
        return opened[-1]

    ctx = context(tmp_path, store, open_tracker=open_tracker)
    bearer = {"Authorization": f"Bearer {door.token}"}
    client = TestClient(make_app(ctx, Security(door, PORT)), base_url=BASE, headers=bearer)

    def asked(**body: object) -> tuple[int, dict[str, object]]:
        answer = client.post("/api/rally/validate", json=body)
        return answer.status_code, answer.json()

    return asked


@pytest.mark.requirement("web:validate:shapes")
def test_a_good_key(ask: Ask, opened: list[OneKeyTracker]) -> None:
    assert ask(apiKey="good", workspace="/workspace/1", project="/project/2") == (
        200,
        {
            "valid": True,
            "message": "Rally connection successful",
            "testQueryResult": "Found 42 artifacts",
        },
    )
    assert opened[0].source.options == {"workspace": "/workspace/1", "project": "/project/2"}
    assert opened[0].is_closed


@pytest.mark.requirement("web:validate:shapes")
@pytest.mark.parametrize("body", [{}, {"apiKey": ""}, {"apiKey": "  "}, {"apiKey": None}])
def test_no_key(ask: Ask, opened: list[OneKeyTracker], body: dict[str, object]) -> None:
    assert ask(**body) == (400, {"valid": False, "error": "API key is required"})
    assert opened == []


@pytest.mark.requirement("web:validate:malformed")
@pytest.mark.parametrize("body", ['{"apiKey":5}', "{", "[]", "", '"x"'])
def test_a_malformed_request_has_upstreams_shape(
    tmp_path: Path, store: Store, door: Session, body: str
) -> None:
    client = TestClient(
        make_app(context(tmp_path, store), Security(door, PORT)),
        base_url=BASE,
        headers={"Authorization": f"Bearer {door.token}", "Content-Type": "application/json"},
    )
    answer = client.post("/api/rally/validate", content=body)
    assert answer.status_code == 400
    assert answer.json()["valid"] is False
    assert answer.json()["error"]


@pytest.mark.requirement("web:validate:shapes")
def test_a_wrong_key(ask: Ask) -> None:
    assert ask(apiKey="bad") == (
        400,
        {"valid": False, "error": "The key was refused.", "errorType": "auth"},
    )


@pytest.mark.requirement("web:validate:shapes")
@pytest.mark.parametrize(
    ("error", "word"),
    [
        (InvalidInput("Could not parse: x"), "query"),
        (InvalidInput("There is no such project."), "network"),
        (Retriable("x"), "network"),
    ],
)
def test_other_trouble(ask: Ask, fault: list[PanError], error: PanError, word: str) -> None:
    fault.append(error)
    assert ask(apiKey="good") == (
        400,
        {"valid": False, "error": error.message, "errorType": word},
    )


@pytest.mark.requirement("web:validate:server")
def test_without_a_server_the_configured_one_is_asked(
    tmp_path: Path, store: Store, door: Session, opened: list[OneKeyTracker]
) -> None:
    def open_tracker(source: Source) -> OneKeyTracker:
        opened.append(OneKeyTracker(source))
        return opened[-1]

    options = {"server": "https://own.example", "ca_file": "/ca.pem", "workspace": "1"}
    sources = (Source("own", "rally", options, secret="stored"),)
    ctx = context(tmp_path, store, open_tracker=open_tracker, sources=sources)
    bearer = {"Authorization": f"Bearer {door.token}"}
    client = TestClient(make_app(ctx, Security(door, PORT)), base_url=BASE, headers=bearer)
    assert client.post("/api/rally/validate", json={"apiKey": "good"}).status_code == 200
    (tracker,) = opened
    assert tracker.source.secret == "good"
    assert tracker.source.options == {"server": "https://own.example", "ca_file": "/ca.pem"}


@pytest.mark.requirement("web:validate:own-key")
def test_the_stored_key_stays_here(ask: Ask, opened: list[OneKeyTracker]) -> None:
    ask(apiKey="typed", server="https://elsewhere.example")
    assert opened[0].source.secret == "typed"
    assert opened[0].source.secret_env is None
    assert opened[0].source.options == {"server": "https://elsewhere.example"}


@pytest.mark.requirement("web:validate:own-key")
@pytest.mark.parametrize(
    "server",
    [
        "http://elsewhere.example",
        "ftp://elsewhere.example",
        "file:///etc/passwd",
        "http://127.0.0.1.elsewhere.example",
        "http://127.0.0.1@elsewhere.example",
        "https://user:word@elsewhere.example",
        "https://user@elsewhere.example",
        "https://elsewhere.example/?x=",
        "https://",
        "https://[",
        "https://host:port",
    ],
)
def test_servers_we_do_not_call(ask: Ask, opened: list[OneKeyTracker], server: str) -> None:
    status, body = ask(apiKey="good", server=server)
    assert (status, body["valid"], body["errorType"]) == (400, False, "network")
    assert opened == []


@pytest.mark.requirement("web:validate:own-key")
@pytest.mark.parametrize(
    ("server", "called"),
    [
        ("rally.example", "https://rally.example"),
        ("https://rally.example/", "https://rally.example"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://localhost:8080/slm", "http://localhost:8080/slm"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_servers_we_call(ask: Ask, opened: list[OneKeyTracker], server: str, called: str) -> None:
    assert ask(apiKey="good", server=server)[0] == 200
    assert opened[0].source.options["server"] == called
