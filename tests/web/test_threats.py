"""The threats, one by one: each fails against the guard, and succeeds once the guard is off.

The second half is what makes the first worth anything: a test that passes without its guard
proves nothing.
"""

import asyncio
import logging
import os
import socket
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import nh3
import pytest
import uvicorn
from fastapi import FastAPI
from markdown_it import MarkdownIt
from starlette.responses import RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.testclient import TestClient
from starlette.types import Message

from panopticon.services.server import session as sessions
from panopticon.services.server.session import Session, session
from panopticon.web import connection, faults, guard, html, pages, serve
from panopticon.web.app import make_app
from panopticon.web.guard import TEXT_LIMIT, Security
from panopticon.web.live import Server
from tests.web.fakes import NOW, context, team_store

PORT = 3011
HERE = f"http://127.0.0.1:{PORT}"


@dataclass
class Stage:
    """What an attack is tried on; `patience` and `head_patience` are the server's, in seconds."""

    home: Path
    patience: float = 0.2
    head_patience: float = 0.2
    log: list[str] = field(default_factory=list)

    @property
    def door(self) -> Session:
        return session(self.home, lambda: NOW)

    @property
    def app(self) -> FastAPI:
        security = Security(self.door, PORT, body_seconds=self.patience)
        return make_app(context(self.home, team_store()), security)

    def outside(self) -> TestClient:
        return TestClient(self.app, base_url=HERE, follow_redirects=False)

    def browser(self) -> TestClient:
        found = self.outside()
        found.get("/open", params={"code": self.door.mint()})
        return found

    @contextmanager
    def dialled(self) -> Iterator[socket.socket]:
        """Call a real server."""
        taken, ready = serve.bind("127.0.0.1", 0), threading.Event()
        config = serve.config(self.app, head_seconds=self.head_patience)
        server = Server(config, threading.Event(), ready.set)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]}, daemon=True)
        thread.start()
        assert ready.wait(10)
        with socket.create_connection(taken.getsockname(), 10) as line:
            yield line
        server.should_exit = True
        thread.join(10)
        taken.close()


Attack = Callable[[Stage], bool]
Off = Callable[[pytest.MonkeyPatch, Stage], None]


@dataclass(frozen=True)
class Threat:
    """An attack, which tells whether it succeeded, and how its guard is switched off."""

    name: str
    attack: Attack
    off: Off


def no(*args: object, **words: object) -> None:
    """Be a guard that lets everything pass."""


def without(name: str) -> Off:
    return lambda patch, _stage: patch.setattr(guard, name, no)


def unsigned(*names: str) -> Off:
    def off(patch: pytest.MonkeyPatch, _stage: Stage) -> None:
        for name in names:
            patch.delitem(guard.HEADERS, name)

    return off


def limit(module: object, name: str) -> Off:
    return lambda patch, _stage: patch.setattr(module, name, 1 << 40)


# Who calls


def rebinding(stage: Stage) -> bool:
    """A name of the attacker resolves to this machine: the browser is same-origin with us."""
    headers = {"Host": "evil.example:3011", "Origin": "http://evil.example:3011"}
    return stage.browser().get("/api/health", headers=headers).status_code == 200


def foreign_form(stage: Stage) -> bool:
    """A page on another port of this machine is the same site: the cookie goes along."""
    origins = ["http://127.0.0.1:4000", "http://evil.example", "null"]
    found = [stage.browser().post("/api/sync", headers={"Origin": one}) for one in origins]
    return any(answer.status_code != 403 for answer in found)


def foreign_fetch(stage: Stage) -> bool:
    """A page of another port fetches our JSON with the cookie; browsers say whence it comes."""
    sites, seen = ("same-site", "cross-site"), []
    for site in sites:
        headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "script"}
        seen.append(stage.browser().get("/api/health", headers=headers).status_code)
    return 200 in seen


def no_session(stage: Stage) -> bool:
    return stage.outside().get("/api/health").status_code == 200


def used_link(stage: Stage) -> bool:
    """Somebody finds the link in the history or over a shoulder."""
    code = stage.door.mint()
    stage.outside().get("/open", params={"code": code})
    return "set-cookie" in stage.outside().get("/open", params={"code": code}).headers


def old_cookie(stage: Stage) -> bool:
    """Somebody kept a cookie from before the token was renewed."""
    browser = stage.browser()
    stage.door.renew()
    return browser.get("/api/health").status_code == 200


def other_ports_cookie(stage: Stage) -> bool:
    """A cookie that the board on another port has signed."""
    headers = {"Cookie": f"pan_session_{PORT}={stage.door.cookie_for(4000)}"}
    return stage.outside().get("/api/health", headers=headers).status_code == 200


def always_redeemed(patch: pytest.MonkeyPatch, _stage: Stage) -> None:
    patch.setattr(Session, "redeem", lambda _self, _code: True)


def token_read_once(patch: pytest.MonkeyPatch, stage: Stage) -> None:
    first = stage.door.token
    patch.setattr(sessions._Seen, "read", lambda _self, _path: first)


def port_left_out(patch: pytest.MonkeyPatch, _stage: Stage) -> None:
    real = Session._signature
    patch.setattr(Session, "_signature", lambda self, claim, _port: real(self, claim, 0))


# What a browser makes of an answer


def framed(stage: Stage) -> bool:
    headers = stage.browser().get("/").headers
    policy = headers.get("content-security-policy", "")
    return "frame-ancestors 'none'" not in policy and "x-frame-options" not in headers


EXACT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types sanitised"
)


def inline_script(stage: Stage) -> bool:
    answers = [stage.browser().get(path) for path in ("/", "/item?ref=US1", "/api/nowhere")]
    return any(one.headers.get("content-security-policy") != EXACT for one in answers)


def loosened(patch: pytest.MonkeyPatch, _stage: Stage) -> None:
    loose = EXACT.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'")
    patch.setitem(guard.HEADERS, "Content-Security-Policy", loose)


def sniffed(stage: Stage) -> bool:
    paths = ("/", "/api/health", "/static/js/dom.js", "/api/nowhere")
    answers = [stage.browser().get(path) for path in paths]
    return any(one.headers.get("x-content-type-options") != "nosniff" for one in answers)


def embedded(stage: Stage) -> bool:
    """JSON read by the page of another origin, as a script, a picture or a leaked body."""
    headers = stage.browser().get("/api/health").headers
    is_open = headers.get("cross-origin-resource-policy") != "same-origin"
    return is_open or "access-control-allow-origin" in headers


def cached(stage: Stage) -> bool:
    """A shared computer: the next person looks into the browser's cache."""
    browser = stage.browser()
    answers = [browser.get(path) for path in ("/", "/api/health", "/api/nowhere")]
    return any(one.headers.get("cache-control") != "no-store" for one in answers)


def cacheable(patch: pytest.MonkeyPatch, _stage: Stage) -> None:
    patch.setattr(faults.Json, "__init__", Response.__init__)
    patch.setattr(faults.Json, "render", lambda _self, _content: b"{}")


def redirected(stage: Stage) -> bool:
    """A link to us that leads to a page of the attacker's."""
    browser, code = stage.browser(), stage.door.mint()
    evil = "next=https://evil.example&url=//evil.example&return=/\\evil.example"
    paths = [f"/open?code={code}&{evil}", "//evil.example/", "/item/", "/static", "/\\evil.example"]
    places = [browser.get(HERE + path).headers.get("location", "") for path in paths]
    for place in ("https://evil.example", "//evil.example", "/%5Cevil.example"):
        planted = {"Cookie": f"pan_to_{PORT}={place}"}  # by another program on this host
        opened = stage.outside().get(f"/open?code={stage.door.mint()}", headers=planted)
        places.append(opened.headers["location"])
    hosts = {urlsplit(place.replace("\\", "/")).netloc for place in places}
    return not hosts <= {"", f"127.0.0.1:{PORT}"}


def sent_elsewhere(patch: pytest.MonkeyPatch, _stage: Stage) -> None:
    def leading(_url: str, status_code: int) -> Response:
        return RedirectResponse("//evil.example/", status_code)

    patch.setattr(pages, "RedirectResponse", leading)


# Size, time, files


def big_body(stage: Stage) -> bool:
    bearer = {"Authorization": f"Bearer {stage.door.token}"}
    body = {"apiKey": "x" * 70_000}
    answer = stage.outside().post("/api/rally/validate", json=body, headers=bearer)
    return answer.status_code != 413


def big_text(stage: Stage) -> bool:
    bearer = {"Authorization": f"Bearer {stage.door.token}"}
    body = b"{" + b" " * TEXT_LIMIT + b"}"
    paths = [("PATCH", "/api/item"), ("POST", "/api/item"), ("POST", "/api/item/comment")]
    door = stage.outside()
    answers = [door.request(how, path, content=body, headers=bearer) for how, path in paths]
    return any(one.status_code != 413 for one in answers)


def many_headers(stage: Stage) -> bool:
    headers = {f"X-Nr-{number}": "x" for number in range(150)}
    return stage.browser().get("/api/health", headers=headers).status_code != 431


def endless_head(stage: Stage) -> bool:
    """Fill the memory with a head that never ends."""
    with stage.dialled() as line:
        line.sendall(b"GET / HTTP/1.1\r\n" + b"X-Fill: " + b"x" * 100_000)
        line.settimeout(1)
        try:
            return not line.recv(65_536).startswith(b"HTTP/1.1 431")
        except TimeoutError:
            return True


def endless_off(patch: pytest.MonkeyPatch, stage: Stage) -> None:
    patch.setattr(connection, "HEAD_LIMIT", 1 << 40)
    stage.head_patience = 60


def is_kept_waiting(line: socket.socket) -> bool:
    """Tell whether the server still holds the place after a second."""
    line.settimeout(1)
    try:
        return line.recv(65_536) != b""
    except TimeoutError:
        return True
    except OSError:
        return False


def slow_head(stage: Stage) -> bool:
    with stage.dialled() as line:
        line.sendall(b"GET / HTTP/1.1\r\nX-Slow: ")
        return is_kept_waiting(line)


def slow_head_off(_patch: pytest.MonkeyPatch, stage: Stage) -> None:
    stage.head_patience = 60


def slow_body(stage: Stage) -> bool:
    names = {
        b"host": f"127.0.0.1:{PORT}",
        b"authorization": f"Bearer {stage.door.token}",
        b"content-type": "application/json",
        b"content-length": "10",
    }
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/api/rally/validate",
        "query_string": b"",
        "headers": [(name, value.encode()) for name, value in names.items()],
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "http",
        "root_path": "",
        "server": ("127.0.0.1", PORT),
    }

    async def silence() -> Message:
        await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    async def ignore(_message: Message) -> None: ...

    try:
        asyncio.run(asyncio.wait_for(stage.app(scope, silence, ignore), 1))
    except TimeoutError:
        return True
    return False


def slow_body_off(_patch: pytest.MonkeyPatch, stage: Stage) -> None:
    stage.patience = 60


def traversal(stage: Stage) -> bool:
    """Climb out of the folder of static files, to our own source and to the token's file."""
    up = ["../faults.py", "%2e%2e/faults.py", "..%2ffaults.py", "js/..%2f..%2ffaults.py"]
    up += [f"%2f{str(stage.home)[1:]}/web/token".replace("/", "%2f"), "%2e%2e%5cfaults.py"]
    browser = stage.browser()
    return any(browser.get(f"/static/{path}").status_code == 200 for path in up)


def joined(patch: pytest.MonkeyPatch, _stage: Stage) -> None:
    def naive(self: StaticFiles, path: str) -> tuple[str, os.stat_result | None]:
        full = os.path.normpath(Path(str(self.directory)) / path)
        if not Path(full).is_file():
            return "", None
        found = Path(full).stat()
        assert stat.S_ISREG(found.st_mode)
        return full, found

    patch.setattr(StaticFiles, "lookup_path", naive)


def code_in_log(stage: Stage) -> bool:
    """Read the link and the token in a log file that was sent to somebody."""
    secrets = [stage.door.mint(), stage.door.token]
    heard, root = _Ear(), logging.getLogger()
    root.addHandler(heard)
    level = root.level
    root.setLevel(logging.DEBUG)
    try:
        with stage.dialled() as line:
            host = f"Host: 127.0.0.1:{PORT}\r\nConnection: close\r\n"
            head = f"GET /open?code={secrets[0]} HTTP/1.1\r\n{host}"
            line.sendall(f"{head}Authorization: Bearer {secrets[1]}\r\n\r\n".encode())
            while line.recv(65_536):
                pass
    finally:
        root.removeHandler(heard)
        root.setLevel(level)
    return any(secret in said for said in heard.said for secret in secrets)


class _Ear(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


def access_log_on(patch: pytest.MonkeyPatch, _stage: Stage) -> None:
    real = serve.config

    def talkative(app: FastAPI, *, head_seconds: float) -> uvicorn.Config:
        found = real(app, head_seconds=head_seconds)
        found.access_log = True
        patch.setattr(logging.getLogger("uvicorn.access"), "propagate", True)
        return found

    patch.setattr(serve, "config", talkative)


THREATS = [
    Threat("DNS rebinding", rebinding, without("_host")),
    Threat("CSRF from another origin or port", foreign_form, without("_origin")),
    Threat("reading from another site or port", foreign_fetch, without("_site")),
    Threat("no session", no_session, without("_session")),
    Threat("a used open link", used_link, always_redeemed),
    Threat("a session from before the token was renewed", old_cookie, token_read_once),
    Threat("the cookie of another port", other_ports_cookie, port_left_out),
    Threat("clickjacking", framed, unsigned("Content-Security-Policy", "X-Frame-Options")),
    Threat("inline script", inline_script, loosened),
    Threat("MIME sniffing", sniffed, unsigned("X-Content-Type-Options")),
    Threat("cross-origin reading", embedded, unsigned("Cross-Origin-Resource-Policy")),
    Threat("a cache that keeps answers", cached, cacheable),
    Threat("open redirect", redirected, sent_elsewhere),
    Threat("a body too big", big_body, limit(guard, "BODY_LIMIT")),
    Threat("a text too big", big_text, limit(guard, "TEXT_LIMIT")),
    Threat("too many headers", many_headers, limit(guard, "HEADER_COUNT")),
    Threat("a head without an end", endless_head, endless_off),
    Threat("a slow head", slow_head, slow_head_off),
    Threat("a slow body", slow_body, slow_body_off),
    Threat("path traversal", traversal, joined),
    Threat("the link's code in the log", code_in_log, access_log_on),
]
EACH = pytest.mark.parametrize("threat", THREATS, ids=lambda one: one.name)


@pytest.mark.requirement(
    "web:guard:site", "web:threat:static", "web:threat:redirect", "web:threat:cache"
)
@pytest.mark.requirement("web:threat:log", "web:guard:head")
@EACH
def test_it_fails_against_the_guard(threat: Threat, tmp_path: Path) -> None:
    assert not threat.attack(Stage(tmp_path))


@pytest.mark.requirement("web:guard:fails")
@EACH
def test_it_succeeds_without_the_guard(
    threat: Threat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = Stage(tmp_path)
    threat.off(monkeypatch, stage)
    assert threat.attack(stage)


# Texts of trackers

HOSTILE = {
    "script": "<script>alert(1)</script>",
    "script in a comment": "<!--><script>alert(1)</script>-->",
    "event handler": "<b onclick=alert(1)>x</b>",
    "event of a picture": "<img src=x onerror=alert(1)>",
    "event that comes by itself": "<details open ontoggle=alert(1)>x</details>",
    "javascript:": '<a href="javascript:alert(1)">x</a>',
    "javascript: in disguise": '<a href="jav&#x09;ascript&colon;alert(1)">x</a>',
    "data:": '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    "vbscript:": '<a href="VBSCRIPT:x">x</a>',
    "relative address": '<a href="//evil.example/x">x</a>',
    "svg": "<svg><script>alert(1)</script></svg>",
    "svg event": "<svg onload=alert(1)><animate onbegin=alert(1) attributeName=x></svg>",
    "svg link": '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    "svg use": '<svg><use href="data:image/svg+xml,<svg/>#x"/></svg>',
    "mathml": '<math href="javascript:alert(1)">x</math>',
    "mathml mutation": "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "noscript mutation": '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "template": "<template><script>alert(1)</script></template>",
    "style element": "<style>@import url(https://evil.example)</style>",
    "style attribute": '<p style="background:url(https://evil.example)">x</p>',
    "link": "<link rel=stylesheet href=https://evil.example>",
    "meta refresh": '<meta http-equiv="refresh" content="0;url=https://evil.example">',
    "form": '<form action="https://evil.example"><input name=a><button>x</button></form>',
    "formaction": '<button formaction="javascript:alert(1)">x</button>',
    "base": "<base href=https://evil.example>",
    "iframe": '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    "object": "<object data=x></object><embed src=x>",
    "picture that calls home": '<img src="https://evil.example/seen.png">',
    "id that shadows": "<div id=board name=notice>x</div>",
    "class of ours": '<div class="panel toast">x</div>',
}
SAFE_TAGS = html._TAGS
SAFE_ATTRIBUTES = {"href", "title", "start", "align", "rel", "target", "class"}
SAFE_CLASSES = {"todo", "done"}


class _Judge(HTMLParser):
    """Collect what has no place in a text: tags, attributes, addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.bad: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.bad += [] if tag in SAFE_TAGS else [tag]
        for name, value in attrs:
            given = (value or "").strip().lower()
            is_bad = name not in SAFE_ATTRIBUTES
            is_bad |= name == "href" and not given.startswith(("https://", "http://", "mailto:"))
            is_bad |= name == "class" and not set(given.split()) <= SAFE_CLASSES
            self.bad += [f"{name}={given}"] if is_bad else []


def hostile_parts(text: str) -> list[str]:
    judge = _Judge()
    judge.feed(html.safe_html(text))
    judge.close()
    return judge.bad


@pytest.fixture
def raw(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the reader pass every tag and address: the cleaner has to stand alone."""
    reader = MarkdownIt("gfm-like", {"html": True, "linkify": False})
    monkeypatch.setattr(reader, "validateLink", lambda _url: True)
    monkeypatch.setattr(html, "_reader", reader)


@pytest.mark.requirement("web:html:sanitised")
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_text_is_harmless(text: str) -> None:
    assert hostile_parts(f"before {text} after\n\n{text}") == []


@pytest.mark.requirement("web:html:sanitised")
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_the_cleaner_alone_is_enough(text: str, raw: None) -> None:
    assert hostile_parts(f"before {text} after\n\n{text}") == []


@pytest.mark.requirement("web:guard:fails")
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_without_the_cleaner_a_hostile_text_is_hostile(
    text: str, raw: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nh3, "clean", lambda markup, **_rules: markup)
    assert hostile_parts(f"before {text} after\n\n{text}") != []
