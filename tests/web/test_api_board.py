"""The board's JSON over HTTP: whole, as news, filtered."""

import asyncio
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from panopticon.model.issue import State
from panopticon.services.server.session import Session
from panopticon.store.base import Store
from panopticon.web.app import make_app
from panopticon.web.guard import Security
from panopticon.web.poller import Poller
from panopticon.web.serve import bind
from tests.web.conftest import BASE, PORT
from tests.web.fakes import NOW, context, remove, story


def read(client: TestClient, **question: Any) -> dict[str, Any]:
    answer = client.get("/api/board", params=question)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def keys(found: dict[str, Any]) -> set[str]:
    return {card["key"] for card in found["cards"]}


@pytest.mark.requirement("web:api:board")
def test_the_board_is_one_flat_answer(script: TestClient) -> None:
    found = read(script)
    cards = {card["key"]: card for card in found.pop("cards")}
    found.pop("epoch")
    assert found == {
        "seq": 14,
        "whole": True,
        "now": "2026-11-20T12:00:00+00:00",
        "title": "Northwind Accounts",
        "me": None,
        "claims": {"arbiter": None, "lock_hours": 24.0, "warn_minutes": 60.0},
        "waiting": [],
        "is_demo": False,
        "columns": [
            {"state": "backlog", "name": "Backlog", "limit": None},
            {"state": "planning", "name": "Planning", "limit": None},
            {"state": "in_progress", "name": "In progress", "limit": None},
            {"state": "in_review", "name": "In review", "limit": None},
            {"state": "done", "name": "Done", "limit": None},
        ],
        "gone": [],
        "epics": [
            {
                "ref": "rally:F17",
                "key": "F17",
                "title": "User accounts",
                "source": "rally",
                "folds_into": None,
            }
        ],
        "sources": [
            {
                "name": "rally",
                "type": "rally",
                "label": "Rally",
                "ok_at": "2026-11-20T11:59:56+00:00",
                "error": None,
                "syncing": False,
                "waits_until": None,
                "next_at": None,
                "paused": False,
            }
        ],
        "total": 9,
    }
    assert len(cards) == 9
    assert cards["US121"] == {
        "ref": "rally:US121",
        "key": "US121",
        "source": "rally",
        "kind": "story",
        "project": "Northwind Accounts",
        "title": "Add login endpoint",
        "state": "in_progress",
        "native_state": "In-Progress",
        "here_only": False,
        "cancelled": False,
        "priority": 0,
        "points": 5.0,
        "labels": [],
        "iteration": None,
        "assignee": None,
        "lease": {
            "holder": {"id": "jun.li@example.com", "name": "Jun Li", "initials": "JL"},
            "locked_at": "2026-11-20T05:00:00+00:00",
            "expires_at": "2026-11-21T05:00:00+00:00",
            "branch": "story/US-121-add-login-endpoint",
            "fence": 4,
            "arbiter": "",
        },
        "blocked": None,
        "progress": {"done": 2, "total": 3},
        "parent": "rally:F17",
        "epic": "rally:F17",
        "twin": None,
        "folds_into": None,
        "rank": None,
        "created_at": "2026-11-11T12:00:00+00:00",
        "updated_at": "2026-11-18T12:00:00+00:00",
        "url": "",
    }
    assert cards["US125"]["blocked"]["by"] == [{"ref": "rally:US122", "key": "US122"}]


@pytest.mark.requirement("web:api:news")
def test_what_changed_since(script: TestClient, store: Store) -> None:
    whole = read(script)
    seen = {"since": whole["seq"], "epoch": whole["epoch"]}
    assert read(script, **seen)["cards"] == []
    store.put(story("US122", "Add registration endpoint", State.DONE), NOW)
    remove(store, "US128")
    news = read(script, **seen)
    assert (news["whole"], news["seq"], news["gone"]) == (False, 16, ["rally:US128"])
    assert keys(news) == {"US122", "US125"}  # which US122 blocked
    assert news["total"] == 8
    assert read(script, since=16, epoch=news["epoch"])["cards"] == []


@pytest.mark.requirement("web:api:news")
@pytest.mark.parametrize(
    ("since", "epoch"), [(14, "other"), (99, None), (2, None), (2**63 - 1, None), (14, "")]
)
def test_who_cannot_be_told_gets_all(script: TestClient, since: int, epoch: str | None) -> None:
    known = read(script)["epoch"]
    found = read(script, since=since, epoch=known if epoch is None else epoch)
    assert found["whole"]
    assert len(found["cards"]) == 9


@pytest.mark.requirement("web:api:etag")
def test_a_board_that_the_page_has_is_not_sent_again(script: TestClient, store: Store) -> None:
    first = script.get("/api/board")
    tag = {"If-None-Match": f'"other", {first.headers["ETag"]}'}
    again = script.get("/api/board", headers=tag)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    store.put(story("US128", "Renamed"), NOW)
    changed = script.get("/api/board", headers=tag)
    assert changed.status_code == 200
    assert changed.headers["ETag"] != first.headers["ETag"]
    assert "ETag" not in script.get("/api/board", params={"q": "login"}).headers


@pytest.mark.requirement("web:api:filter")
def test_filters_narrow_the_cards(script: TestClient, store: Store) -> None:
    store.put(story("US900", "Elsewhere", labels=("a", "b")), NOW)
    assert keys(read(script, q="ENDPOINT")) == {"US121", "US122"}
    assert keys(read(script, q="  ")) == keys(read(script))
    assert "US900" not in keys(read(script, epic="F17"))
    assert keys(read(script, label=["a", "b"])) == {"US900"}
    assert keys(read(script, label=["a", "c"])) == set()
    assert keys(read(script, state="done", assignee="maya")) == {"US120"}
    assert read(script, q="endpoint")["total"] == 10


@pytest.mark.requirement("web:api:filter")
def test_filters_narrow_the_news(script: TestClient, store: Store) -> None:
    whole = read(script)
    for key in ("US128", "US129"):
        store.put(story(key, "Renamed", assignee="ada" if key == "US129" else None), NOW)
    news = read(script, since=whole["seq"], epoch=whole["epoch"], assignee="ada")
    assert (news["whole"], keys(news)) == (False, {"US129"})


@pytest.mark.requirement("web:api:matches")
def test_the_server_says_which_cards_fit(script: TestClient) -> None:
    found = script.get("/api/board/matches", params={"q": "endpoint"}).json()
    assert found == {"seq": 14, "refs": ["rally:US121", "rally:US122"]}
    nothing = {"kind": "🐈", "state": "\0", "epic": "a:b:c\n", "blocked": "%"}
    for name, word in nothing.items():
        answer = script.get("/api/board/matches", params={name: word})
        assert (answer.status_code, answer.json()["refs"]) == (200, []), name


@pytest.mark.requirement("web:api:matches")
@pytest.mark.parametrize("path", ["/api/board", "/api/board/matches"])
def test_overlong_words_are_refused(script: TestClient, path: str) -> None:
    names = "q tracker project epic assignee label iteration kind state"
    for name in names.split():
        answer = script.get(path, params={name: "x" * 501})
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid"), name
        assert script.get(path, params={name: "x" * 500}).status_code == 200, name


@pytest.fixture
def polled(tmp_path: Path, store: Store, door: Session) -> Iterator[TestClient]:
    """A board whose poller stands still."""
    poller = Poller(["rally"], lambda _name: None, timedelta(minutes=1), lambda: NOW)
    app = make_app(context(tmp_path, store), Security(door, PORT), poller=poller)
    bearer = {"Authorization": f"Bearer {door.token}"}
    with TestClient(app, base_url=BASE, headers=bearer) as client:
        yield client


@pytest.mark.requirement("web:poll:pause")
def test_polling_rests_and_goes_on(polled: TestClient) -> None:
    def ask(**polling: Any) -> Any:
        answer = polled.post("/api/poll", json=polling)
        assert answer.status_code == 200
        return [source["paused"] for source in answer.json()["sources"]]

    assert ask(paused=True) == [True]
    assert read(polled)["sources"][0]["paused"] is True
    assert ask(paused=False, source="rally") == [False]
    missing = polled.post("/api/poll", json={"paused": True, "source": "jira"})
    assert (missing.status_code, missing.json()["candidates"]) == (404, ["rally"])
    assert polled.post("/api/poll", json={}).status_code == 400


@pytest.mark.requirement("web:poll:pause")
def test_a_board_that_does_not_poll_cannot_rest(script: TestClient) -> None:
    answer = script.post("/api/poll", json={"paused": True})
    assert answer.status_code == 404
    assert "pan sync" in answer.json()["hint"]


@pytest.mark.requirement("web:poll:nudge")
def test_a_sync_can_be_asked_for_of_every_source(polled: TestClient) -> None:
    answer = polled.post("/api/sync")
    assert (answer.status_code, answer.json()) == (202, {"asked": ["rally"]})


@pytest.mark.requirement("web:serve:at-once")
def test_connections_do_not_collect_small_answers() -> None:
    with bind("127.0.0.1", 0) as listening:

        async def accept() -> int:
            taken: asyncio.Future[int] = asyncio.get_running_loop().create_future()

            def look(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                it = writer.get_extra_info("socket")
                taken.set_result(it.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
                writer.close()

            server = await asyncio.start_server(look, sock=listening)
            _, writer = await asyncio.open_connection(*listening.getsockname())
            found = await asyncio.wait_for(taken, 5)
            writer.close()
            server.close()
            return found

        assert asyncio.run(accept()) != 0
