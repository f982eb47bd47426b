"""`pan up` for a team, and `pan token --new`."""

import json
import shutil
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError

import pytest

from panopticon import cli
from panopticon.cli.command import Ready
from panopticon.services.context import Context
from panopticon.services.server.reach import Reach
from tests.cli.conftest import Runner

PAN = [sys.executable, "-m", "panopticon"]


@pytest.fixture(autouse=True)
def _tracker(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Configure a tracker that nobody answers for: the board must run all the same."""
    monkeypatch.setenv("RALLY_API_KEY", "_k")
    monkeypatch.setenv("RALLY_SERVER", "http://127.0.0.1:9")
    monkeypatch.chdir(tmp_path)
    yield
    cli.run(["down", "--json"])


@pytest.mark.requirement("cli:up:host")
@pytest.mark.parametrize("more", [[], ["--detach"], ["--name", "board.example"]])
def test_the_network_is_refused_with_the_next_steps(pan: Runner, more: list[str]) -> None:
    said = pan("up", "--no-open", "port=0", "host=0.0.0.0", *more)
    assert said.code == 2
    assert "without TLS" in said.err
    for step in ("--tls-cert FILE --tls-key FILE", "SSH", "--plain-http"):
        assert step in said.err
    assert json.loads(pan("status", "--json").out)["server"] is None


@pytest.mark.requirement("cli:up:host")
def test_the_word_is_enough_and_is_repeated(
    pan: Runner, capsys: pytest.CaptureFixture[str]
) -> None:
    seen: list[Reach] = []

    def serve(ctx: Context, reach: Reach, on_ready: object) -> None:
        assert callable(on_ready)
        ready: Ready = {"url": "http://desk:1", "open_url": "o", "token": "t", "pid": 1}
        seen.append(reach)
        on_ready(ready)

    words = ["--host", "0.0.0.0", "--plain-http", "--name", "board.example", "--name", "b"]
    assert cli.run(["up", "--no-open", "port=0", *words], serve) == 0
    assert seen == [Reach(0, "0.0.0.0", names=("board.example", "b"), is_plain=True)]
    assert "without TLS (--plain-http)" in capsys.readouterr().err


@pytest.mark.requirement("cli:up:host", "cli:token:new")
@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl here to make a certificate")
def test_a_board_with_a_certificate(pan: Runner, tmp_path: Path) -> None:
    pem, key = tmp_path / "board.pem", tmp_path / "board.key"
    make = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    make += ["-nodes", "-subj", "/CN=x", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([*make, "-out", str(pem), "-keyout", str(key)], check=True, capture_output=True)
    words = ["up", "--port=0", "--detach", "--no-open", "--json", "--name", "127.0.0.1"]
    words += ["--host", "0.0.0.0", "--tls-cert", str(pem), "--tls-key", str(key)]
    done = subprocess.run([*PAN, *words], capture_output=True, text=True, check=True)
    url = str(json.loads(done.stdout)["url"])
    assert url.startswith("https://127.0.0.1:")
    assert pan("open", "--no-open").out.startswith(f"{url}/open?code=")

    trust = ssl.create_default_context(cafile=pem)
    old = pan("token").out.strip()
    assert health(url, old, trust) == 200
    new = json.loads(pan("token", "--new", "--json").out)["token"]
    assert pan("token").out.strip() == new != old
    assert [health(url, one, trust) for one in (old, new)] == [401, 200]


def health(url: str, token: str, trust: ssl.SSLContext) -> int:
    asked = urllib.request.Request(
        f"{url}/api/health", headers={"Authorization": f"Bearer {token}"}
    )
    try:
        with urllib.request.urlopen(asked, timeout=10, context=trust) as reply:
            return int(reply.status)
    except HTTPError as refused:
        refused.close()
        return refused.code
