"""The JSON that pages and scripts read."""

from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from panopticon.model.issue import Comment
from panopticon.services.server.session import Session, session
from panopticon.store.base import Store
from panopticon.web.app import make_app
from panopticon.web.guard import Security
from panopticon.web.poller import Poller
from tests.web.conftest import BASE, PORT
from tests.web.fakes import NOW, OneKeyTracker, context


@pytest.mark.requirement("web:api:errors")
@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/item?ref=US999", 404, "not_found"),
        ("/api/item?ref=", 400, "invalid"),
        ("/api/item", 400, "invalid"),
        ("/api/item?ref=%27%22%28%29%26%2B%0A%F0%9F%90%88", 400, "invalid"),
        ("/api/item?ref=%27%22%28%29%26%2B%F0%9F%90%88", 404, "not_found"),
        ("/api/item?ref=nobody:US1", 404, "not_found"),
        ("/api/events?after=x", 400, "invalid"),
        ("/api/nowhere", 404, "not_found"),
        ("/api/board?q=" + "x" * 501, 400, "invalid"),
    ],
)
def test_errors_have_one_shape(script: TestClient, path: str, status: int, code: str) -> None:
    answer = script.get(path)
    assert (answer.status_code, answer.json()["error"]) == (status, code)
    assert answer.json()["message"]
    assert answer.json()["hint"]


@pytest.mark.requirement("web:api:errors")
def test_a_wrong_method_and_broken_json_have_it_too(script: TestClient) -> None:
    assert script.delete("/api/board").json()["error"] == "invalid"
    assert script.delete("/api/board").status_code == 405
    broken = script.post(
        "/api/rally/validate", content=b"{", headers={"Content-Type": "application/json"}
    )
    assert broken.status_code == 400
    assert broken.json() == {"valid": False, "error": "The request is not valid JSON."}


@pytest.mark.requirement("web:api:errors")
def test_a_bug_is_told_without_its_insides(
    tmp_path: Path, store: Store, door: Session, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(OneKeyTracker):
        def comments(self, key: str) -> list[Comment]:
            raise ZeroDivisionError(f"secret insides of {key}")

    app = make_app(context(tmp_path, store, open_tracker=Broken), Security(door, PORT))
    bearer = {"Authorization": f"Bearer {door.token}"}
    with TestClient(app, base_url=BASE, headers=bearer, raise_server_exceptions=False) as client:
        answer = client.get("/api/item/comments", params={"ref": "US121"})
    assert (answer.status_code, answer.json()["error"]) == (500, "failure")
    assert "secret" not in answer.text
    assert "a route failed" in caplog.text


@pytest.mark.requirement("web:api:health")
def test_health(script: TestClient) -> None:
    found = script.get("/api/health").json()
    assert found["status"] == "ok"
    assert found["timestamp"] == "2026-11-20T12:00:00+00:00"
    assert found["sources"][0]["ok_at"] == "2026-11-20T11:59:56+00:00"


@pytest.mark.requirement("web:api:sync")
def test_a_sync_can_be_asked_for(tmp_path: Path, store: Store, door: Session) -> None:
    poller = Poller.idle(lambda: NOW)
    bearer = {"Authorization": f"Bearer {door.token}"}
    app = make_app(context(tmp_path, store), Security(door, PORT), poller=poller)
    with TestClient(app, base_url=BASE, headers=bearer) as client:
        idle = client.post("/api/sync")
        assert idle.status_code == 404
        assert "pan sync" in idle.json()["hint"]


@pytest.mark.requirement("web:page:shell")
@pytest.mark.parametrize("path", ["/", "/item?ref=US121"])
def test_pages_hold_nothing_inline_and_call_nobody(browser: TestClient, path: str) -> None:
    html = browser.get(path).text
    assert "<script>" not in html
    assert "<style" not in html
    assert " style=" not in html
    assert " on" not in html.replace(" on ", "")
    assert "//" not in html.replace("http://www.w3.org/2000/svg", "").replace("<!--", "")


@pytest.mark.requirement("web:page:shell")
def test_everything_the_page_names_is_there(browser: TestClient) -> None:
    html = browser.get("/").text
    named = [part.split('"')[0] for part in html.split('="/static/')[1:]]
    assert len(named) >= 6
    for path in named:
        assert browser.get(f"/static/{path}").status_code == 200


@pytest.mark.requirement("web:api:described")
def test_the_description_names_the_door_of_each_type(script: TestClient) -> None:
    paths = script.get("/api/openapi.json").json()["paths"]
    assert "/api/rally/validate" in paths
    assert "/api/{tracker_type}/validate" not in paths


@pytest.mark.requirement("web:pages:missing")
def test_a_missing_page_leads_to_the_board(browser: TestClient) -> None:
    answer = browser.get("/nowhere", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert '<a class="button" href="/">To the board</a>' in answer.text


@pytest.mark.requirement("web:demo:hints")
def test_the_demos_pages_name_the_demos_commands(tmp_path: Path, store: Store) -> None:
    ctx = context(tmp_path, store)
    ctx.config = replace(ctx.config, is_demo=True)
    door = session(tmp_path, ctx.now)
    app = make_app(ctx, Security(door, PORT, is_demo=True))
    client = TestClient(app, base_url=BASE)
    assert "`pan --demo open`" in client.get("/api/board").json()["hint"]
    client.headers["Authorization"] = f"Bearer {door.token}"
    assert "`pan --demo sync`" in client.post("/api/sync").json()["hint"]
    assert ' data-demo="yes">' in client.get("/").text
