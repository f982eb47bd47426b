"""The one HTTP client: what goes wrong on the way becomes an error one can act on."""

import logging
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx2
import pytest

from panopticon.errors import AuthFailed, InvalidInput, NotFound, PanError, Retriable
from panopticon.trackers.faults import LostReply
from panopticon.trackers.http import Call, Door, HttpClient, Policy, Wait

KEY = "_secret+Key/123="
PAGE = b"<html><h2>HTTP ERROR 401</h2>Full authentication is required</html>"
QUICK = Policy(
    read_seconds=5, sleep=lambda _seconds: None, jitter=lambda: 1.0, on_wait=lambda _wait: None
)


def door(origin: str = "http://localhost:1") -> Door:
    return Door("rally", origin, "/base", headers={"ZSESSIONID": KEY}, secrets=(KEY,), log="rally")


def client(
    handler: Callable[[httpx2.Request], httpx2.Response], policy: Policy = QUICK
) -> HttpClient:
    return HttpClient(door(), policy, httpx2.MockTransport(handler))


def always(
    status: int, body: bytes = b"", **headers: str
) -> Callable[[httpx2.Request], httpx2.Response]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _request: httpx2.Response(status, content=body, headers=named)


def failure(http: HttpClient, call: Call | None = None) -> PanError:
    with pytest.raises(PanError) as caught:
        http.send(call or Call("GET", "/x"))
    return caught.value


@pytest.mark.requirement("http:errors:closed")
def test_settings_that_change_in_the_middle_of_a_sync_end_it_with_a_word() -> None:
    http = client(always(200, b"{}"))
    http.close()
    error = failure(http)
    assert isinstance(error, Retriable)
    assert "settings changed" in error.message


@pytest.mark.requirement("http:errors:status")
@pytest.mark.parametrize(
    ("status", "kind", "hint"),
    [
        (401, AuthFailed, "expired"),
        (403, AuthFailed, "permission"),
        (404, NotFound, "`server`"),
        (418, InvalidInput, "`server`"),
        (429, Retriable, "later"),
        (500, LostReply, "later"),
        (502, LostReply, "later"),
        (503, LostReply, "later"),
        (524, LostReply, "later"),
    ],
)
def test_each_status_has_one_meaning(status: int, kind: type[PanError], hint: str) -> None:
    error = failure(client(always(status, PAGE, content_type="text/html")))
    assert type(error) is kind
    assert hint in error.hint
    assert "<" not in error.message


@pytest.mark.requirement("http:errors:not-json")
def test_a_page_instead_of_data_and_a_cut_off_reply_are_told_apart() -> None:
    page = failure(client(always(200, b"<html><title>Maintenance</title></html>")))
    assert "web page" in page.message
    assert "Maintenance" in page.message
    cut = failure(client(always(200, b'{"QueryResult": {"Errors": [], "Resu')))
    assert "cut off" in cut.message
    assert isinstance(page, LostReply)
    assert isinstance(cut, LostReply)


@pytest.mark.requirement("http:errors:status")
@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "(HTTP 503)."),
        (b"Service Unavailable", "(HTTP 503): Service Unavailable."),
        (b"Closed until noon.", "(HTTP 503): Closed until noon."),
        (b"<title>503 Away</title><h1>503 Away</h1>", "(HTTP 503): 503 Away."),
        (b"<title>503 Away</title>", "(HTTP 503): 503 Away."),
    ],
)
def test_what_a_server_says_ends_as_a_sentence(body: bytes, said: str) -> None:
    error = failure(client(always(503, body, content_type="text/html")))
    assert error.message.endswith(f"is not available {said}")


@pytest.mark.requirement("http:errors:redirect")
def test_the_key_never_follows_a_redirect() -> None:
    asked: list[httpx2.Request] = []

    def away(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        return httpx2.Response(302, headers={"Location": "https://evil.example/login"})

    error = failure(client(away))
    assert isinstance(error, InvalidInput)
    assert "evil.example" in error.message
    assert [request.url.host for request in asked] == ["localhost"]


@pytest.mark.requirement("http:retry:backoff")
def test_a_storm_is_sat_out_with_growing_announced_waits() -> None:
    waits: list[Wait] = []
    slept: list[float] = []
    answers = iter([503, 503, 503, 200])
    policy = replace(QUICK, on_wait=waits.append, sleep=slept.append)
    found = client(lambda _r: httpx2.Response(next(answers), json={"a": {}}), policy).send(
        Call("GET", "/")
    )
    assert found.data == {"a": {}}
    assert slept == [0.5, 1.0, 2.0]
    assert [wait.seconds for wait in waits] == slept
    assert "503" in waits[0].why


@pytest.mark.requirement("http:retry:retry-after")
def test_retry_after_is_kept() -> None:
    slept: list[float] = []
    answers = iter([429, 200])
    http = client(
        lambda _r: httpx2.Response(next(answers), json={}, headers={"Retry-After": "7"}),
        replace(QUICK, sleep=slept.append),
    )
    http.send(Call("POST", "/", idempotent=False))
    assert slept == [7.0]


@pytest.mark.requirement("http:retry:only-safe")
@pytest.mark.parametrize(("idempotent", "sent"), [(True, 5), (False, 1)])
def test_only_what_may_be_repeated_is_sent_again(*, idempotent: bool, sent: int) -> None:
    http = client(always(503))
    failure(http, Call("POST", "/", body={}, idempotent=idempotent))
    assert http.usage().requests == sent


@pytest.mark.requirement("http:retry:only-safe")
def test_a_call_that_never_left_is_sent_again() -> None:
    def refuse(_request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("Connection refused")

    http = client(refuse)
    error = failure(http, Call("POST", "/", body={}, idempotent=False))
    assert type(error) is Retriable
    assert http.usage().requests == 5
    assert "cannot be reached" in error.message


@pytest.mark.requirement("http:retry:switch")
def test_one_attempt_switches_retries_off() -> None:
    http = client(always(503), replace(QUICK, attempts=1))
    failure(http)
    assert http.usage().requests == 1


@pytest.mark.requirement("http:errors:network")
@pytest.mark.parametrize(
    ("raised", "hint"),
    [
        (httpx2.ConnectError("[Errno -2] Name or service not known"), "DNS"),
        (httpx2.ConnectError("Connection refused"), "`server`"),
        (httpx2.ConnectTimeout("slow"), "network"),
        (httpx2.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED]"), "ca_file"),
        (httpx2.ReadTimeout("slow"), "read_seconds"),
        (httpx2.RemoteProtocolError("closed"), "again"),
    ],
)
def test_each_broken_line_says_what_to_do(raised: Exception, hint: str) -> None:
    def broken(_request: httpx2.Request) -> httpx2.Response:
        raise raised

    error = failure(client(broken))
    assert isinstance(error, Retriable)
    assert hint in error.hint


@pytest.mark.requirement("http:secrets:redacted")
def test_no_secret_reaches_a_log_or_an_error(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "panopticon.rally")
    http = client(always(500, f"<b>bad key {KEY}</b>".encode()), replace(QUICK, attempts=1))
    error = failure(http, Call("GET", "/story", {"key": "token123", "query": f'(Name = "{KEY}")'}))
    told = error.message + caplog.text + repr(http.door)
    assert "(Name = " in caplog.text
    assert KEY not in told
    assert "token123" not in told
    assert "[secret]" in error.message


@pytest.mark.requirement("http:sign-in:header")
def test_the_key_is_in_its_header_and_values_are_encoded() -> None:
    asked: list[httpx2.Request] = []

    def handle(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        return httpx2.Response(200, json={}, headers={"Date": "Sat, 21 Nov 2026 09:00:00 GMT"})

    value = '(Name = "a & b + c = 🚀 (x)")'
    found = client(handle).send(Call("GET", "/story", {"query": value}))
    assert asked[0].headers["ZSESSIONID"] == KEY
    assert asked[0].url.params["query"] == value
    assert b"& b" not in asked[0].url.query
    assert found.at is not None
    assert found.at.isoformat() == "2026-11-21T09:00:00+00:00"


@pytest.fixture
def server() -> Iterator["Server"]:
    found = Server()
    yield found
    found.stop()


class Server:
    """A real loopback server that counts how many requests it holds at once."""

    def __init__(self) -> None:
        self.held = self.most = 0
        self.lock = threading.Lock()
        self.full = threading.Event()
        self.cookies: list[str | None] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                outer.answer(self)

            def log_message(self, *_args: object) -> None:
                """Say nothing."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        with self.lock:
            self.held += 1
            self.most = max(self.most, self.held)
            self.cookies.append(handler.headers.get("Cookie"))
        if handler.path.endswith("/wait"):
            self.full.wait(0.3)
        with self.lock:
            self.held -= 1
        handler.send_response(200)
        handler.send_header("Content-Length", "2")
        handler.send_header("Set-Cookie", "JSESSIONID=abc")
        handler.end_headers()
        handler.wfile.write(b"{}")

    def stop(self) -> None:
        self.full.set()
        self.http.shutdown()
        self.http.server_close()


@pytest.mark.requirement("http:limit:in-flight")
def test_at_most_twelve_requests_of_one_user_are_in_flight(server: Server) -> None:
    clients = [HttpClient(door(server.url), QUICK) for _ in range(2)]
    threads = [
        threading.Thread(target=clients[n % 2].send, args=(Call("GET", "/wait"),))
        for n in range(30)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for http in clients:
        http.close()
    assert 2 < server.most <= 12


@pytest.mark.requirement("http:session:cookies")
def test_the_session_cookie_is_kept_and_usage_is_counted(server: Server) -> None:
    with HttpClient(door(server.url), QUICK) as http:
        http.send(Call("GET", "/a"))
        http.send(Call("GET", "/b"))
        assert http.usage().requests == 2
        assert http.usage().bytes == 4
    assert server.cookies == [None, "JSESSIONID=abc"]


@pytest.mark.requirement("http:errors:hang")
def test_a_server_that_hangs_ends_in_a_clear_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        origin = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with HttpClient(door(origin), replace(QUICK, read_seconds=0.05)) as http:
            error = failure(http)
            assert isinstance(error, LostReply)
            assert "did not answer within 0.05 s" in error.message
            assert http.usage().requests <= 3
