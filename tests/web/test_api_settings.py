"""The settings over HTTP: what is shown, changed and refused, and that the board follows."""

import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from starlette.testclient import TestClient

from panopticon.config import Config, Source, load
from panopticon.errors import AuthFailed
from panopticon.model.change import Usage
from panopticon.model.issue import Kind, State
from panopticon.services import redaction
from panopticon.services.context import Context
from panopticon.services.server.session import Session
from panopticon.store.base import Store
from panopticon.trackers.base import Check, Place, Tracker
from panopticon.web.app import make_app
from panopticon.web.guard import Security
from panopticon.web.poller import Poller
from tests.web.conftest import BASE, PORT
from tests.web.fakes import NOW

KEY = "_abcdefgh-very-secret"
PLACES = [Place("workspace", "1", "W"), Place("project", "2", "P", "1")]
BODY = {"type": "rally", "key": KEY, "workspace": "W", "projects": ["P"]}


class Door:
    """A tracker that knows one key, two places and two words; it says the key when it fails."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def _sign_in(self) -> None:
        if self.source.secret != KEY:
            raise AuthFailed(f"The key {self.source.secret} was refused.", "Make a new one.")

    def check(self) -> Check:
        self._sign_in()
        return Check("maya@example.com", "W", "1", None, None, True, {Kind.STORY: 3})

    def places(self) -> list[Place]:
        self._sign_in()
        return PLACES

    def words(self) -> dict[Kind, tuple[tuple[str, State], ...]]:
        self._sign_in()
        own = cast("dict[str, str]", self.source.options.get("states", {}))
        plain = {"Defined": State.BACKLOG, "Code Review": State.IN_REVIEW}
        pairs = ((word, State(own.get(word, state))) for word, state in plain.items())
        return {Kind.STORY: tuple(pairs)}

    def usage(self) -> Usage:
        return Usage()

    def close(self) -> None:
        return


class Desk:
    """A signed-in script at a dashboard whose home is the test's own."""

    def __init__(self, tmp_path: Path, store: Store, door: Session) -> None:
        self.home = tmp_path
        self.environ: dict[str, str] = {}
        self.pulled: list[str] = []
        self.ctx = Context(
            self.read(),
            lambda _: store,
            lambda source: cast("Tracker", Door(source)),
            lambda: NOW,
            self.read,
        )
        redaction.keep(self.ctx)
        self.poller = Poller(self.ctx.names, self.pulled.append, timedelta(hours=1), lambda: NOW)
        self.poller.start()
        app = make_app(self.ctx, Security(door, PORT), poller=self.poller)
        bearer = {"Authorization": f"Bearer {door.token}"}
        self.client = TestClient(app, base_url=BASE, headers=bearer, raise_server_exceptions=False)

    def read(self) -> Config:
        return load(self.environ, self.home, self.home, {})

    def ask(self, method: str, path: str, **body: Any) -> tuple[int, Any]:
        answer = (
            self.client.request(method, path, json=body)
            if body
            else self.client.request(method, path)
        )
        assert KEY not in answer.text
        return answer.status_code, answer.json()

    def cards(self) -> set[str]:
        return {card["ref"] for card in self.client.get("/api/board").json()["cards"]}


@pytest.fixture
def desk(tmp_path: Path, store: Store, door: Session) -> Iterator[Desk]:
    made = Desk(tmp_path, store, door)
    yield made
    made.poller.stop()


@pytest.mark.requirement("web:settings:read")
def test_an_empty_home_offers_the_types(desk: Desk) -> None:
    status, found = desk.ask("GET", "/api/settings")
    assert status == 200
    assert found["sources"] == []
    assert found["is_demo"] is False
    rally = next(one for one in found["types"] if one["type"] == "rally")
    assert (rally["type"], rally["label"], rally["server"]) == (
        "rally",
        "Rally",
        "rally1.rallydev.com",
    )
    assert "API Keys" in rally["key_help"]
    assert found["secrets_file"] == str(desk.home / ".panopticon.env")


@pytest.mark.requirement("web:settings:change")
@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("limits", 1.5, "`limits` is a number of cards for each column"),
        ("limits", {"done": 1.5}, "limit of done is a whole number"),
        ("limits", {"done": "many"}, "limit of done is a whole number"),
        ("limits", {"nowhere": 1}, "no column 'nowhere'"),
        ("poll_seconds", "often", "`poll_seconds` is a number"),
        ("me", ["a"], "`me` is a text"),
    ],
)
def test_a_bad_setting_is_named(desk: Desk, field: str, value: object, named: str) -> None:
    status, refused = desk.ask("PATCH", "/api/settings", **{field: value})
    assert status == 400
    assert named in refused["message"]


@pytest.mark.requirement("web:settings:change")
def test_settings_change_at_once(desk: Desk) -> None:
    status, found = desk.ask("PATCH", "/api/settings", me="a@x", poll_seconds=7, limits={"done": 4})
    assert (status, found["me"], found["poll_seconds"], found["limits"]["done"]) == (
        200,
        "a@x",
        7,
        4,
    )
    assert desk.ask("GET", "/api/settings")[1] == found
    status, refused = desk.ask("PATCH", "/api/settings", poll_seconds=0)
    assert (status, refused["error"]) == (400, "invalid")
    assert "from 1 to" in refused["message"]


@pytest.mark.requirement("web:settings:follow")
def test_the_board_follows_what_is_connected_and_removed(desk: Desk) -> None:
    assert desk.cards() == set()  # rows of a source that is not configured are not shown
    status, saved = desk.ask("PUT", "/api/sources/rally", **BODY)
    assert (status, saved["source"]["name"], saved["warnings"]) == (201, "rally", [])
    assert saved["source"]["has_key"] is True
    assert set(saved["files"]) == {
        str(desk.home / ".panopticon/config.toml"),
        str(desk.home / ".panopticon.env"),
    }
    assert "rally:US128" in desk.cards()
    assert set(desk.poller.waits()) == {"rally"}
    assert desk.ask("PUT", "/api/sources/rally", **{**BODY, "projects": []})[0] == 200
    assert desk.ask("DELETE", "/api/sources/rally") == (200, {"name": "rally"})
    assert desk.cards() == set()
    assert desk.poller.waits() == {}
    assert KEY not in (desk.home / ".panopticon.env").read_text()


@pytest.mark.requirement("web:settings:names")
def test_places_go_by_their_names(desk: Desk) -> None:
    saved = desk.ask("PUT", "/api/sources/rally", **BODY)[1]["source"]
    listed = desk.ask("GET", "/api/settings")[1]["sources"][0]
    assert listed == saved
    assert not {*listed["projects"], listed["workspace"]} & {
        *listed["project_names"],
        listed["workspace_name"],
    }
    desk.ctx.store.put_note("settings:places:rally", "{}")  # as after `pan init`
    assert desk.ask("GET", "/api/settings")[1]["sources"][0]["workspace_name"] == "1"
    desk.ask("POST", "/api/sources/rally/test")
    assert desk.ask("GET", "/api/settings")[1]["sources"][0]["workspace_name"] == "W"


@pytest.mark.requirement("web:settings:poll")
def test_another_interval_reaches_the_poller(desk: Desk) -> None:
    desk.ask("PUT", "/api/sources/rally", **BODY)
    desk.ask("PATCH", "/api/settings", poll_seconds=90)
    desk.ask("POST", "/api/sync")
    for _ in range(100):
        if desk.poller.waits()["rally"]["next_at"] == (NOW + timedelta(seconds=90)).isoformat():
            return
        desk.client.get("/api/health")
    pytest.fail(f"still {desk.poller.waits()}")


@pytest.mark.requirement("web:settings:key")
def test_a_key_is_never_echoed(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    desk.ask("PUT", "/api/sources/rally", **BODY)
    wrong = {**BODY, "key": f"{KEY}-no"}
    for method, path in (
        ("PUT", "/api/sources/rally"),
        ("POST", "/api/sources/test"),
        ("POST", "/api/sources/places"),
    ):
        asked = {k: wrong[k] for k in ("type", "key")} if path.endswith("places") else wrong
        status, found = desk.ask(method, path, **asked)
        assert status in {200, 422}
        assert f"{KEY}-no" not in json.dumps(found)
        assert "was refused" in found["message"]
    for path in ("/api/settings", "/api/doctor", "/api/sources/rally/states", "/api/board"):
        desk.ask("GET", path)
    desk.ask("POST", "/api/sources/rally/test")
    assert KEY not in caplog.text
    assert KEY not in (desk.home / ".panopticon/config.toml").read_text()
    assert desk.read().sources[0].secret == KEY  # the wrong one was not saved


@pytest.mark.requirement("web:settings:refused")
def test_a_refused_key_is_not_a_missing_session(desk: Desk) -> None:
    status, found = desk.ask("PUT", "/api/sources/rally", type="rally", key="_other-key-here")
    assert (status, found["error"], found["hint"]) == (422, "auth", "Make a new one.")
    assert desk.ask("POST", "/api/sources/places", type="rally")[0] == 400
    status, found = desk.ask("PUT", "/api/sources/rally", **{**BODY, "workspace": "X"})
    assert (status, found["candidates"]) == (404, [{"id": "1", "name": "W"}])


@pytest.mark.requirement("web:settings:trial")
def test_trials_answer_who_and_how_many(desk: Desk) -> None:
    status, found = desk.ask("POST", "/api/sources/test", **BODY)
    assert (status, found["ok"], found["user"], found["counts"]) == (
        200,
        True,
        "maya@example.com",
        {"story": 3},
    )
    status, found = desk.ask("POST", "/api/sources/places", type="rally", key=KEY)
    assert found["places"][1] == {"kind": "project", "id": "2", "name": "P", "parent": "1"}
    assert not (desk.home / ".panopticon.env").exists()
    desk.ask("PUT", "/api/sources/rally", **BODY)
    status, found = desk.ask("POST", "/api/sources/rally/test")
    assert (status, found["name"], found["ok"]) == (200, "rally", True)
    assert desk.ask("POST", "/api/sources/test", type="rally", name="rally")[1]["ok"] is True
    assert desk.ask("POST", "/api/sources/other/test")[0] == 404


@pytest.mark.requirement("web:settings:words")
def test_words_change_columns_and_ask_for_a_sync(desk: Desk) -> None:
    desk.ask("PUT", "/api/sources/rally", **BODY)
    path = "/api/sources/rally/states"
    status, found = desk.ask("PUT", path, states={"Defined": "planning"})
    assert status == 200
    (story,) = found["kinds"]
    assert story["words"][0] == {"word": "Defined", "state": "planning", "own": True}
    assert desk.ask("GET", path)[1] == found
    _, found = desk.ask("PUT", path, states={"Defined": None})
    assert found["kinds"][0]["words"][0]["state"] == "backlog"
    for _ in range(100):
        if len(desk.pulled) >= 2:
            break
        desk.client.get("/api/health")
    assert set(desk.pulled) == {"rally"}


@pytest.mark.requirement("web:settings:views")
def test_views_over_http(desk: Desk) -> None:
    name = "Zo%C3%AB%27s%20%2F%20work"
    found = desk.ask("PUT", f"/api/views/{name}", query="?assignee=me&blocked=no")[1]
    assert found == {"views": [{"name": "Zoë's / work", "query": "assignee=me&blocked=no"}]}
    assert desk.ask("GET", "/api/views")[1] == found
    assert desk.ask("DELETE", "/api/views/other")[0] == 404
    assert desk.ask("DELETE", f"/api/views/{name}")[1] == {"views": []}


@pytest.mark.requirement("web:settings:doctor")
def test_the_doctor_speaks_over_http(desk: Desk) -> None:
    desk.ask("PUT", "/api/sources/rally", **BODY)
    status, found = desk.ask("GET", "/api/doctor")
    assert status == 200
    states = {one["check"]: one["state"] for one in found["findings"]}
    assert states["tracker rally"] == "ok"
    assert set(found["findings"][0]) == {"check", "state", "message", "hint"}


ODD: tuple[object, ...] = (None, [], {}, "x", 3, True, "\ud800", "\x00", "x" * 5000, {"a": {}})
ROUTES: dict[str, tuple[str, ...]] = {
    "PATCH /api/settings": (
        *("me", "poll_seconds", "default_tracker", "limits", "other", "lock_hours", "max_locks"),
        *("warn_minutes", "skew_minutes", "leads", "auto_sync", "main_branch", "arbiter"),
    ),
    "POST /api/sources/places": ("type", "key", "name", "server", "other"),
    "POST /api/sources/test": ("type", "key", "name", "server", "workspace", "projects"),
    "PUT /api/sources/rally": ("type", "key", "server", "workspace", "projects", "other"),
    "PUT /api/sources/rally/states": ("states", "other"),
    "PUT /api/views/a": ("query", "other"),
}


@pytest.mark.requirement("web:settings:junk")
@pytest.mark.parametrize("route", ROUTES)
def test_whatever_is_sent_is_answered_in_one_shape(desk: Desk, route: str) -> None:
    desk.ask("PUT", "/api/sources/rally", **BODY)
    method, path = route.split()
    good: dict[str, object] = {
        "PATCH": {},
        "POST": dict(BODY),
        "PUT": dict(BODY) if path.endswith("rally") else {},
    }[method]  # type: ignore[assignment]
    if path.endswith("places"):
        good = {"type": "rally", "key": KEY}
    headers = {"Content-Type": "application/json"}
    for name in ROUTES[route]:
        for value in ODD:
            body = json.dumps({**good, name: value})
            answer = desk.client.request(method, path, content=body, headers=headers)
            assert answer.status_code < 500, (body, answer.text)
            if answer.status_code >= 400:
                assert {"error", "message", "hint"} <= answer.json().keys()
    for raw in ("{", "[]", "null", "NaN", '{"poll_seconds": 1e999}', '{"limits": {"\\ud800": 1}}'):
        answer = desk.client.request(method, path, content=raw, headers=headers)
        assert answer.status_code < 500, (raw, answer.text)


@pytest.mark.requirement("web:settings:junk")
@pytest.mark.parametrize(
    "route",
    [
        "GET /api/sources/{}/states",
        "POST /api/sources/{}/test",
        "PUT /api/sources/{}",
        "DELETE /api/sources/{}",
        "PUT /api/views/{}",
        "DELETE /api/views/{}",
    ],
)
def test_odd_names_in_the_address(desk: Desk, route: str) -> None:
    for name in ("%00", "..", "a%2Fb", "%F0%9F%98%80", "x" * 300, "%ED%A0%80"):
        method, path = route.format(name).split()
        body = {"query": "q=1"} if "views" in path else dict(BODY)
        answer = desk.client.request(method, path, json=body if method == "PUT" else None)
        assert answer.status_code < 500, (name, answer.text)
        assert answer.status_code < 400 or "message" in answer.json(), name
