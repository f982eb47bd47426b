"""Links over HTTP, between items of two sources."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from panopticon.model.issue import State
from panopticon.services.server.session import session
from panopticon.web import examples_link
from panopticon.web.app import make_app
from panopticon.web.guard import Security
from tests.services.pair import Pair, file, us
from tests.services.shelf import NOW


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    pair = Pair(tmp_path)
    pair.put(
        us("US120", "Create user model", points=3.0),
        us("US121"),
        file("1.2", "Create user model", twin_key="US120", state=State.DONE),
        file("1.3"),
    )
    return pair


@pytest.fixture
def client(pair: Pair) -> Iterator[TestClient]:
    door = session(pair.home, lambda: NOW)
    headers = {"Authorization": f"Bearer {door.token}"}
    app = make_app(pair.ctx, Security(door, 3011))
    with TestClient(app, base_url="http://127.0.0.1:3011", headers=headers) as client:
        yield client


def post(client: TestClient, status: int, *words: str) -> dict[str, Any]:
    ref, kind, other = words
    asked = {"ref": ref, "kind": kind, "other": other}
    answer = client.post("/api/item/link", json=asked)
    assert answer.status_code == status, answer.text
    return dict(answer.json())


def read(client: TestClient, ref: str) -> dict[str, Any]:
    return dict(client.get("/api/item", params={"ref": ref}).json())


@pytest.mark.requirement("web:api:link")
def test_a_link_is_made_read_and_taken_away(client: TestClient) -> None:
    made = post(client, 201, "US121", "blocks", "1.3")
    assert made.keys() == examples_link.MADE.keys()
    assert made["link"].keys() == examples_link.MADE["link"].keys()  # type: ignore[attr-defined]
    assert (made["created"], made["link"]["by"]) == (True, "ann@example.com")
    again = post(client, 200, "1.3", "blocked_by", "rally:US-121")
    assert (again["created"], again["link"]) == (False, made["link"])
    assert client.get("/api/item/links").json() == {"links": [made["link"]]}
    assert client.get("/api/item/links", params={"ref": "US120"}).json() == {"links": []}
    card = read(client, "1.3")
    assert card["blocked"]["by"] == [{"ref": "rally:US121", "key": "US121"}]
    assert [(one["relation"], one["ref"]) for one in card["links"]] == [
        ("blocked by", "rally:US121")
    ]
    words = {"ref": "1.3", "other": "US121", "kind": "blocks"}
    gone = client.delete("/api/item/link", params=words).json()
    assert [one["kind"] for one in gone["removed"]] == ["blocks"]
    assert gone["seq"] > made["seq"]
    none = client.delete("/api/item/link", params=words)
    assert (none.status_code, none.json()["removed"]) == (200, [])
    assert read(client, "1.3")["blocked"] is None


@pytest.mark.requirement("web:api:link-refused")
def test_a_wrong_link_is_refused(client: TestClient) -> None:
    assert post(client, 400, "US121", "eats", "1.3")["candidates"]
    assert post(client, 400, "US121", "blocks", "US121")["error"] == "invalid"
    assert post(client, 404, "US999", "blocks", "1.3")["error"] == "not_found"
    assert "work update" in post(client, 400, "US120", "blocks", "US121")["hint"]
    assert client.post("/api/item/link", json={"ref": "US121", "kind": "blocks"}).status_code == 400
    assert client.delete("/api/item/link", params={"ref": "US121"}).status_code == 400


@pytest.mark.requirement("web:api:twin")
def test_an_item_tells_its_other_side_and_what_differs(client: TestClient) -> None:
    twin = read(client, "1.2")["twin"]
    assert (twin["ref"], twin["title"]) == ("rally:US120", "Create user model")
    assert twin["differs"] == [{"field": "state", "here": "done", "there": "backlog"}]
    assert read(client, "1.2")["folds_into"] == "rally:US120"
    back = read(client, "US120")
    assert (back["twin"]["ref"], back["folds_into"]) == ("stories:1.2", None)
