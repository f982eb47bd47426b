"""One test for each guard: take the guard away and its test fails."""

import asyncio
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from starlette.types import Message

from panopticon.services.server.session import Session
from panopticon.store.base import Store
from panopticon.web import guard
from panopticon.web.app import make_app
from panopticon.web.guard import Security
from tests.web.fakes import context

HERE = "http://127.0.0.1:3011"


@pytest.mark.requirement("web:open:cookie")
def test_the_link_sets_the_cookie_and_leads_to_the_board(
    outside: TestClient, door: Session
) -> None:
    answer = outside.get("/open", params={"code": door.mint()})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("pan_session_3011=")
    assert {"HttpOnly", "SameSite=strict", "Max-Age=2592000", "Path=/"} <= set(cookie.split("; "))
    assert outside.get("/").status_code == 200


@pytest.mark.requirement("web:open:wanted")
def test_the_link_leads_on_to_the_page_that_was_asked_for(
    outside: TestClient, door: Session
) -> None:
    wanted = "/item?ref=rally%3AUS1&q=a;b%22"
    told = outside.get(wanted, headers={"Accept": "text/html"})
    assert "on the machine where the board runs" in told.text
    assert 'href=""' in told.text
    kept = told.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=strict", "Max-Age=600"} <= set(kept.split("; "))
    answer = outside.get("/open", params={"code": door.mint()})
    assert answer.headers["location"] == wanted
    again = outside.get("/open", params={"code": door.mint()})
    assert again.headers["location"] == "/"


@pytest.mark.requirement("web:open:wanted")
@pytest.mark.parametrize(
    "path", ["/api/board", "/nowhere", "/open?code=x", "/item?q=" + "x" * 2000]
)
def test_only_pages_are_remembered(outside: TestClient, path: str) -> None:
    told = outside.get(path, headers={"Accept": "text/html"})
    assert told.status_code == 401
    assert "set-cookie" not in told.headers


@pytest.mark.requirement("web:open:wanted")
@pytest.mark.parametrize(
    "place",
    [
        *("https://evil.example", "//evil.example/", "%2F%2Fevil.example", "/\\evil.example"),
        *("/%5Cevil.example", "/item%0D%0AX-Evil:1", "/open?code=x", "evil", "", "/item/../.."),
    ],
)
def test_a_cookie_of_another_program_leads_nowhere_else(
    outside: TestClient, door: Session, place: str
) -> None:
    header = {"Cookie": f'pan_to_3011="{place}"'}
    answer = outside.get("/open", params={"code": door.mint()}, headers=header)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


@pytest.mark.requirement("web:session:code-once")
def test_a_used_link_is_refused_with_a_way_out(outside: TestClient, door: Session) -> None:
    code = door.mint()
    outside.get("/open", params={"code": code})
    outside.cookies.clear()
    answer = outside.get("/open", params={"code": code}, headers={"Accept": "text/html"})
    assert answer.status_code == 401
    assert "pan open" in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.requirement("web:guard:no-session")
@pytest.mark.parametrize(
    "path", ["/", "/item?ref=US1", "/api/board", "/api/events", "/api/openapi.json", "/nowhere"]
)
def test_without_a_session_nothing_is_answered(outside: TestClient, path: str) -> None:
    answer = outside.get(path)
    assert answer.status_code == 401
    assert answer.json()["error"] == "auth"
    assert "pan open" in answer.json()["hint"]


@pytest.mark.requirement("web:guard:no-session")
@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Bearer "},
        {"Authorization": "Basic dXNlcjpwYXNz"},
        {"Cookie": "pan_session_3011=1.2.3"},
        {"Cookie": "pan_session_3011"},
    ],
)
def test_wrong_credentials_are_none(outside: TestClient, headers: dict[str, str]) -> None:
    assert outside.get("/api/board", headers=headers).status_code == 401


@pytest.mark.requirement("web:guard:no-session")
def test_people_without_a_session_get_a_page(outside: TestClient) -> None:
    answer = outside.get("/", headers={"Accept": "text/html,*/*"})
    assert answer.status_code == 401
    assert "pan open" in answer.text
    assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.requirement("web:guard:bearer")
def test_scripts_pass_with_the_token(script: TestClient) -> None:
    assert script.get("/api/board").status_code == 200
    assert script.post("/api/rally/validate", json={}).status_code == 400


@pytest.mark.requirement("web:guard:host")
@pytest.mark.parametrize(
    "host", ["evil.example:3011", "127.0.0.1:80", "127.0.0.1", "127.0.0.1.evil.example:3011", ""]
)
def test_other_host_names_are_refused(script: TestClient, host: str) -> None:
    answer = script.get("/api/board", headers={"Host": host})
    assert (answer.status_code, answer.json()["error"]) == (403, "refused")
    assert script.get("/static/mark.svg", headers={"Host": host}).status_code == 403


@pytest.mark.requirement("web:guard:host")
def test_a_refused_name_is_told_how_to_be_added(script: TestClient) -> None:
    hint = script.get("/api/health", headers={"Host": "board.example:3011"}).json()["hint"]
    assert HERE in hint
    assert "pan up --name" in hint


@pytest.mark.requirement("web:guard:host")
@pytest.mark.parametrize(
    ("port", "is_tls", "host", "is_allowed"),
    [
        (443, True, "board.example", True),
        (443, True, "board.example:443", True),
        (80, True, "board.example", False),
        (80, False, "board.example", True),
        (3011, False, "board.example", False),
        (3011, False, "board.example:3011", True),
        (3011, False, "other.example:3011", False),
    ],
)
def test_a_port_may_be_left_out_where_browsers_do(
    door: Session, port: int, *, is_tls: bool, host: str, is_allowed: bool
) -> None:
    security = Security(door, port, is_tls=is_tls, names=("board.example",))
    assert (host in security.hosts) == is_allowed


@pytest.mark.requirement("web:guard:host")
@pytest.mark.parametrize("host", ["localhost:3011", "127.0.0.1:3011", "[::1]:3011"])
def test_the_names_of_this_machine_pass(script: TestClient, host: str) -> None:
    assert script.get("/api/health", headers={"Host": host}).status_code == 200


@pytest.mark.requirement("web:guard:origin")
@pytest.mark.parametrize(
    "origin", ["http://evil.example", "http://127.0.0.1:4000", "null", "", "https://127.0.0.1:3011"]
)
def test_a_cookie_does_not_write_for_other_pages(browser: TestClient, origin: str) -> None:
    answer = browser.post("/api/sync", headers={"Origin": origin})
    assert (answer.status_code, answer.json()["error"]) == (403, "refused")


@pytest.mark.requirement("web:guard:origin")
def test_a_cookie_writes_for_our_own_page(browser: TestClient) -> None:
    own = browser.post("/api/rally/validate", json={}, headers={"Origin": HERE})
    assert own.json() == {"valid": False, "error": "API key is required"}
    assert browser.post("/api/sync").status_code == 403  # no Origin at all


@pytest.mark.requirement("web:guard:site")
@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_page_may_lead_here_but_not_read(browser: TestClient, site: str) -> None:
    visit = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert browser.get("/", headers=visit).status_code == 200
    framed = {**visit, "Sec-Fetch-Dest": "iframe"}
    read = {**visit, "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}
    for headers in (framed, read):
        answer = browser.get("/api/health", headers=headers)
        assert (answer.status_code, answer.json()["error"]) == (403, "refused")
    written = browser.post("/api/sync", headers={**visit, "Origin": HERE})
    assert written.status_code == 403


@pytest.mark.requirement("web:guard:site")
@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_our_own_page_and_the_address_bar_pass(browser: TestClient, site: str) -> None:
    assert browser.get("/api/health", headers={"Sec-Fetch-Site": site}).status_code == 200


@pytest.mark.requirement("web:session:ended")
def test_a_session_that_has_ended_is_told(browser: TestClient, door: Session) -> None:
    door.renew()
    answer = browser.get("/api/health")
    assert (answer.status_code, answer.json()["session"]) == (401, "ended")
    assert answer.json()["message"] == "Your session has ended."
    assert "pan open" in answer.json()["hint"]
    assert "pan token" not in answer.json()["hint"]  # that is for scripts


@pytest.mark.requirement("web:session:led-here")
def test_only_a_visit_from_another_site_is_asked_for_again(outside: TestClient) -> None:
    visit = {
        "Accept": "text/html",
        "Sec-Fetch-Site": "cross-site",
        "Sec-Fetch-Mode": "navigate",
        "Sec-Fetch-Dest": "document",
    }
    assert outside.get("/item?ref=US1", headers=visit).headers["refresh"] == "0"
    own = {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}
    for other in (*own, {"Sec-Fetch-Dest": "iframe"}, {"Sec-Fetch-Mode": "cors"}):
        assert "refresh" not in outside.get("/", headers={**visit, **other}).headers
    assert "refresh" not in outside.get("/api/board", headers=visit).headers


@pytest.mark.requirement("web:guard:size")
@pytest.mark.parametrize(
    ("method", "path", "limit"),
    [
        ("PATCH", "/api/item", guard.TEXT_LIMIT),
        ("POST", "/api/item", guard.TEXT_LIMIT),
        ("POST", "/api/item/comment", guard.TEXT_LIMIT),
        ("POST", "/api/item/move", guard.BODY_LIMIT),
        ("PUT", "/api/views/mine", guard.BODY_LIMIT),
    ],
)
def test_what_people_write_may_be_longer(door: Session, method: str, path: str, limit: int) -> None:
    def judged(size: int) -> object:
        bearer = f"Bearer {door.token}"
        headers = {"host": "127.0.0.1:3011", "authorization": bearer, "content-length": str(size)}
        return guard.judge(guard.Knock(method, path, 10, headers), Security(door, 3011))

    assert judged(limit) is None
    assert isinstance(judged(limit + 1), guard.TooBig)


@pytest.mark.requirement("web:guard:head")
@pytest.mark.parametrize(
    "headers", [{f"X-{n}": "x" for n in range(guard.HEADER_COUNT)}, {"X-Long": "x" * 40_000}]
)
def test_a_big_head_is_refused(script: TestClient, headers: dict[str, str]) -> None:
    answer = script.get("/api/health", headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (431, "too_big")


@pytest.mark.requirement("web:guard:size")
def test_big_requests_are_refused(script: TestClient) -> None:
    big = {"apiKey": "x" * guard.BODY_LIMIT}
    assert script.post("/api/rally/validate", json=big).status_code == 413
    assert script.get("/api/board?q=" + "x" * guard.URL_LIMIT).status_code == 413
    chunks = script.post("/api/rally/validate", content=iter([b"{", b"}"]))
    assert chunks.status_code == 413


@pytest.mark.requirement("web:guard:slow")
def test_a_body_that_does_not_come_is_not_waited_for(
    tmp_path: Path, store: Store, door: Session
) -> None:
    app = make_app(context(tmp_path, store), Security(door, 3011, body_seconds=0.05))
    headers = [
        (b"host", b"127.0.0.1:3011"),
        (b"authorization", f"Bearer {door.token}".encode()),
        (b"content-type", b"application/json"),
        (b"content-length", b"10"),
    ]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/api/rally/validate",
        "headers": headers,
        "query_string": b"",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "http",
        "server": ("127.0.0.1", 3011),
        "root_path": "",
    }
    sent: list[Message] = []

    async def silence() -> dict[str, object]:
        await asyncio.sleep(60)
        return {}

    async def keep(message: Message) -> None:
        sent.append(message)

    asyncio.run(asyncio.wait_for(app(scope, silence, keep), 5))
    assert sent[0]["status"] == 408
    assert (b"connection", b"close") in sent[0]["headers"]


@pytest.mark.requirement("web:guard:headers")
@pytest.mark.parametrize("path", ["/", "/api/board", "/static/js/main.js", "/api/nowhere"])
def test_every_answer_is_signed(script: TestClient, path: str) -> None:
    headers = script.get(path).headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.requirement("web:guard:bug")
def test_the_answer_for_a_mistake_is_signed_too(
    tmp_path: Path, store: Store, door: Session, caplog: pytest.LogCaptureFixture
) -> None:
    app = make_app(context(tmp_path, store), Security(door, 3011))

    @app.get("/api/mistake")
    def mistake() -> None:
        raise ZeroDivisionError("a detail for the log only")

    with TestClient(app, base_url=HERE) as client:
        answer = client.get("/api/mistake?q=1", headers={"Authorization": f"Bearer {door.token}"})
    assert (answer.status_code, answer.json()["error"]) == (500, "failure")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "content-security-policy" in answer.headers
    assert "detail" not in answer.text
    assert "a route failed: GET /api/mistake: ZeroDivisionError: a detail" in caplog.text


@pytest.mark.requirement("web:guard:headers")
def test_a_refusal_is_signed_too(outside: TestClient) -> None:
    assert "content-security-policy" in outside.get("/api/board").headers


@pytest.mark.requirement("web:guard:foreign-cookies")
@pytest.mark.parametrize(
    "around",
    ['prefs={"theme":"dark","n":1}; %s', "a{b}=c; %s; x=1", "%s; ours=junk", "ours=junk; %s"],
)
def test_what_other_programs_of_the_host_set_locks_nobody_out(
    app: FastAPI, door: Session, around: str
) -> None:
    own = f"pan_session_3011={door.cookie_for(3011)}"
    cookies = (around % own).replace("ours", "pan_session_3011")
    client = TestClient(app, base_url=HERE, headers={"Cookie": cookies})
    assert client.get("/api/board").status_code == 200
