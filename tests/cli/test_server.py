"""The board as a program: one JSON line, a detached run, a taken port, an end."""

import io
import json
import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from panopticon import cli
from panopticon.cli import server
from panopticon.cli.command import Ready, Start
from panopticon.cli.face import Face
from panopticon.cli.terminal import terminal_on
from panopticon.services.context import Context
from panopticon.services.server.reach import Reach
from tests.cli.conftest import Runner, Screen

PAN = [sys.executable, "-m", "panopticon"]


@pytest.fixture(autouse=True)
def _tracker(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Configure a tracker that nobody answers for: the board must run all the same."""
    monkeypatch.setenv("RALLY_API_KEY", "_k")
    monkeypatch.setenv("RALLY_SERVER", "http://127.0.0.1:9")
    monkeypatch.chdir(tmp_path)
    yield
    cli.run(["down", "--json"])


def fetched(url: str, token: str) -> dict[str, object]:
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, timeout=10) as reply:
        found: dict[str, object] = json.load(reply)
        return found


@pytest.mark.requirement("cli:up:detach", "cli:down:stops", "cli:status:says", "cli:open:links")
def test_a_board_in_the_background(pan: Runner) -> None:
    done = subprocess.run(
        [*PAN, "up", "--port", "0", "--detach", "--no-open", "--json"],
        capture_output=True,
        text=True,
        check=True,
    )
    ready = json.loads(done.stdout)
    assert ready.keys() == {"url", "open_url", "token", "pid"}
    assert len(done.stdout.splitlines()) == 1
    assert fetched(f"{ready['url']}/api/board", ready["token"])["total"] == 0

    told = json.loads(pan("status", "--json").out)
    assert told["server"] == {"pid": ready["pid"], "url": ready["url"]}
    assert ready["url"] in pan("status").out
    assert pan("token").out.strip() == ready["token"]
    link = pan("open", "--no-open").out.strip()
    assert link.startswith(f"{ready['url']}/open?code=")
    assert link != ready["open_url"]

    again = pan("up", "--no-open", "port=0")
    assert again.code == 3
    assert ready["url"] in again.err
    port = ready["url"].rpartition(":")[2]
    taken = pan("up", "--no-open", f"port={port}", "--json")
    assert taken.code == 1
    assert port in json.loads(taken.out)["message"]
    assert "pan down" in json.loads(taken.out)["hint"]

    assert str(ready["pid"]) in pan("down").out
    assert json.loads(pan("status", "--json").out)["server"] is None


@pytest.mark.requirement("cli:up:foreground")
def test_a_board_in_the_foreground_ends_with_sigterm() -> None:
    process = subprocess.Popen(
        [*PAN, "up", "--port", "0", "--no-open", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    ready = json.loads(process.stdout.readline())
    assert ready["pid"] == process.pid
    process.terminate()
    _, err = process.communicate(timeout=20)
    assert b"Traceback" not in err


@pytest.mark.requirement("cli:up:port-taken")
@pytest.mark.parametrize("words", [["up"], ["up", "--detach"], ["demo"], ["demo", "--detach"]])
def test_a_taken_port_is_named(pan: Runner, words: list[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = pan(*words, "--no-open", f"port={port}")
    assert said.code == 1
    assert f"Port {port} is taken by another program" in said.err
    assert "--port" in said.err


@pytest.mark.requirement("cli:up:ready")
def test_people_get_a_link(pan: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Reach] = []

    def serve(ctx: Context, reach: Reach, on_ready: object) -> None:
        assert callable(on_ready)
        ready: Ready = {"url": "http://127.0.0.1:1", "open_url": "o", "token": "t", "pid": 1}
        seen.append(reach)
        on_ready(ready)

    monkeypatch.setenv("PAN_PORT", "0")
    assert cli.run(["up", "--no-open"], serve) == 0
    assert seen == [Reach(0)]
    assert pan("status").code == 0


@pytest.mark.requirement("cli:up:detach")
def test_a_detached_run_that_fails_says_why(pan: Runner, tmp_path: Path) -> None:
    home = Path(os.environ["HOME"]) / ".panopticon"  # noqa: TID251 - the test's own home
    home.mkdir()
    (home / "web").write_text("a file where a folder should be")
    said = pan("up", "--detach", "--no-open", "port=0")
    assert said.code == 1
    assert "web" in said.err
    assert "Traceback" not in said.err


@pytest.mark.requirement("cli:up:stop")
@pytest.mark.parametrize(
    ("is_background", "said"), [(False, "Ctrl-C stops it."), (True, "`pan down` stops it.")]
)
def test_people_are_told_how_to_stop_it(*, is_background: bool, said: str) -> None:
    screen, pipe = Screen(), io.StringIO()
    ready: Ready = {"url": "http://127.0.0.1:1", "open_url": "o", "token": "t", "pid": 1}
    for stream in (screen, pipe):
        out = terminal_on(stream, {})
        face = Face(Start({}), out, out, as_json=False)
        server.announce(face, ready, is_open=False, is_background=is_background)
    assert said in screen.getvalue()
    assert "stops it" not in pipe.getvalue()


@pytest.mark.requirement("cli:up:stop")
def test_a_board_that_ends_says_so(pan: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    def serve(ctx: Context, reach: Reach, on_ready: object) -> None: ...

    monkeypatch.setenv("PAN_PORT", "0")
    screen = Screen()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", screen)
        assert cli.run(["up", "--no-open"], serve) == 0
    assert screen.getvalue() == "The board has stopped.\n"


@pytest.mark.requirement("cli:up:empty")
def test_a_board_before_anything_is_connected(pan: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RALLY_API_KEY")
    monkeypatch.delenv("RALLY_SERVER")
    done = subprocess.run(
        [*PAN, "up", "--port", "0", "--detach", "--no-open", "--json"],
        capture_output=True,
        text=True,
        check=True,
    )
    ready = json.loads(done.stdout)
    board = fetched(f"{ready['url']}/api/board", ready["token"])
    assert (board["total"], board["sources"]) == (0, [])
    assert fetched(f"{ready['url']}/api/settings", ready["token"])["sources"] == []
    assert pan("token").out.strip() == ready["token"]


@pytest.mark.requirement("settings:adopt:folder")
def test_settings_are_read_again_where_the_board_was_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    found: list[str | None] = []

    def serve(ctx: Context, *_: object) -> None:
        monkeypatch.chdir("/")
        config = tmp_path / "home/config.toml"
        config.write_text("[pan]\nme = 'ann@example.com'\nport = 4000\n")
        assert ctx.read_config
        again = ctx.read_config()
        found.extend([again.me, str(again.folder), str(again.port)])

    monkeypatch.setenv("PANOPTICON_HOME", str(tmp_path / "home"))
    assert cli.run(["up", "--no-open", "--port", "0"], serve) == 0
    assert found == ["ann@example.com", str(tmp_path), "0"]
