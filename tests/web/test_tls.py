"""The board behind a certificate of its own, as a team's browsers meet it."""

import shutil
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from panopticon.services.server import daemon
from panopticon.services.server.reach import Reach
from panopticon.services.status import open_link
from panopticon.web.serve import Dashboard, Ready
from tests.web.fakes import context, team_store
from tests.web.served import served

pytestmark = pytest.mark.skipif(
    shutil.which("openssl") is None, reason="no openssl here to make a certificate"
)
NAME = "board.example"
Secure = tuple[Dashboard, Ready, httpx2.Client]


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("tls")
    certificate, key = folder / "board.pem", folder / "board.key"
    words = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    words += ["-nodes", "-days", "2", "-subj", f"/CN={NAME}"]
    words += ["-addext", f"subjectAltName=DNS:{NAME},DNS:localhost,IP:127.0.0.1"]
    words += ["-out", str(certificate), "-keyout", str(key)]
    subprocess.run(words, check=True, capture_output=True)
    return certificate, key


@pytest.fixture
def secure(tmp_path: Path, pair: tuple[Path, Path]) -> Iterator[Secure]:
    """Serve on every address of this machine; the client trusts this certificate only."""
    reach = Reach(0, "0.0.0.0", *pair, names=(NAME,))
    trust = ssl.create_default_context(cafile=pair[0])
    with served(context(tmp_path, team_store()), reach=reach) as (board, ready):
        here = f"https://127.0.0.1:{board.port}"
        with httpx2.Client(base_url=here, verify=trust, timeout=10) as client:
            yield board, ready, client


@pytest.mark.requirement("web:serve:tls")
def test_the_link_is_one_of_https(secure: Secure) -> None:
    board, ready, client = secure
    assert ready["url"] == f"https://{NAME}:{board.port}"
    code = str(ready["open_url"]).partition("?")[2]
    answer = client.get(f"/open?{code}", headers={"Host": f"{NAME}:{board.port}"})
    assert answer.status_code == 303
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"__Host-pan_session_{board.port}=")
    assert {"Secure", "HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


@pytest.mark.requirement("web:serve:tls")
def test_hsts_spares_the_names_of_this_machine(secure: Secure) -> None:
    board, _, client = secure
    told = {}
    for name in (NAME, "127.0.0.1", "localhost", "[::1]"):
        answer = client.get("/static/js/dom.js", headers={"Host": f"{name}:{board.port}"})
        assert answer.status_code == 200
        told[name] = answer.headers.get("strict-transport-security")
    assert told == {NAME: "max-age=2592000", "127.0.0.1": None, "localhost": None, "[::1]": None}


@pytest.mark.requirement("web:serve:tls")
def test_only_the_page_of_https_writes(secure: Secure) -> None:
    board, _, client = secure
    host = f"127.0.0.1:{board.port}"
    client.get("/open", params={"code": board.session.mint()})
    typed = {"apiKey": ""}
    for origin, status in {f"https://{host}": 400, f"http://{host}": 403}.items():
        answer = client.post("/api/rally/validate", json=typed, headers={"Origin": origin})
        assert answer.status_code == status


@pytest.mark.requirement("web:serve:tls")
def test_other_names_and_plain_http_are_turned_away(secure: Secure) -> None:
    board, ready, client = secure
    bearer = {"Authorization": f"Bearer {ready['token']}"}
    assert client.get("/api/health", headers=bearer).status_code == 200
    for name in ("evil.example", "0.0.0.0"):
        headers = {**bearer, "Host": f"{name}:{board.port}"}
        assert client.get("/api/health", headers=headers).status_code == 403
    with pytest.raises(httpx2.TransportError):
        httpx2.get(f"http://127.0.0.1:{board.port}/", timeout=5)


@pytest.mark.requirement("web:serve:tls")
def test_a_client_that_does_not_know_the_certificate_refuses(secure: Secure) -> None:
    with pytest.raises(httpx2.ConnectError, match=r"(?i)certificate"):
        httpx2.get(f"https://127.0.0.1:{secure[0].port}/", timeout=5)


@pytest.mark.requirement("web:serve:tls")
def test_a_stream_runs_over_tls(secure: Secure) -> None:
    _, ready, client = secure
    bearer = {"Authorization": f"Bearer {ready['token']}"}
    with client.stream("GET", "/api/events", headers=bearer) as stream:
        assert next(stream.iter_lines()).startswith("retry:")


@pytest.mark.requirement("web:serve:tls")
def test_a_new_link_knows_the_scheme(tmp_path: Path) -> None:
    with daemon.seat(tmp_path) as seat:
        seat.tell(f"https://{NAME}:8443")
        link = open_link(context(tmp_path, team_store()))
        assert str(link["open_url"]).startswith(f"https://{NAME}:8443/open?code=")
        found = daemon.running(tmp_path)
        assert found
        assert found.port == 8443


@pytest.mark.requirement("web:serve:front")
def test_a_proxy_in_front(tmp_path: Path) -> None:
    reach = Reach(0, names=(f"https://{NAME}",))
    with served(context(tmp_path, team_store()), reach=reach) as (board, ready):
        here = f"http://127.0.0.1:{board.port}"
        assert str(ready["open_url"]).startswith(f"https://{NAME}/open?code=")
        with httpx2.Client(base_url=here, timeout=10) as proxy:
            code = board.session.mint()
            opened = proxy.get("/open", params={"code": code}, headers={"Host": NAME})
            assert opened.headers["set-cookie"].endswith("; Secure")
            assert "strict-transport-security" in opened.headers
            cookie = opened.headers["set-cookie"].partition(";")[0]
            wrong = ("http://board.example", here, f"https://{NAME}:{board.port}")
            for origin, status in {f"https://{NAME}": 400, **dict.fromkeys(wrong, 403)}.items():
                headers = {"Host": NAME, "Origin": origin, "Cookie": cookie}
                answer = proxy.post("/api/rally/validate", json={}, headers=headers)
                assert answer.status_code == status
            straight = proxy.get("/open", params={"code": board.session.mint()})
            assert "Secure" not in straight.headers["set-cookie"]
            assert "strict-transport-security" not in straight.headers
