"""The server on a real port of this machine."""

import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest

from panopticon.errors import InvalidInput, LocalFault
from panopticon.services.server.reach import Reach
from panopticon.store.base import Store
from panopticon.store.registry import memory_store
from panopticon.web import faults
from panopticon.web.serve import Dashboard, bind, pull_for
from tests.services.shelf import Shelf, context as shelf_context
from tests.web.fakes import NOW, context, story, team_store
from tests.web.running import Running


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    started: list[Running] = []

    def go(store: Store, pull: Callable[[str], None] | None = None) -> Running:
        started.append(Running(tmp_path, store, pull))
        return started[-1]

    yield go
    for one in started:
        one.stop()


@pytest.mark.requirement("web:serve:ready")
def test_it_says_where_it_answers_and_ends_with_open_streams(run: Callable[..., Running]) -> None:
    one = run(team_store())
    assert set(one.ready) == {"url", "open_url", "token", "pid"}
    with one.client() as client, client.stream("GET", "/api/events") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = stream.iter_lines()
        assert next(lines).startswith("retry:")
        one.stop()
        list(lines)  # the server ends the stream
    assert not one.thread.is_alive()


@pytest.mark.requirement("web:live:resume")
def test_the_stream_reads_the_header_of_browsers(run: Callable[..., Running]) -> None:
    one = run(team_store())
    headers = {"Last-Event-ID": "12"}
    with one.client() as client, client.stream("GET", "/api/events?after=3", headers=headers) as s:
        ids = (line for line in s.iter_lines() if line.startswith("id:"))
        assert next(ids) == "id: 13"


@pytest.mark.requirement("web:poll:nudge")
def test_a_poll_brings_news_and_a_nudge_asks_again(run: Callable[..., Running]) -> None:
    store, asked = team_store(), []
    seen = [Event(), Event()]

    def pull(name: str) -> None:
        asked.append(name)
        store.put(story(f"US80{len(asked)}", "News"), NOW)
        seen[min(len(asked), 2) - 1].set()

    one = run(store, pull)
    assert seen[0].wait(5)
    with one.client() as client:
        assert client.post("/api/sync").json() == {"asked": ["rally"]}
        assert seen[1].wait(5)
        cards = client.get("/api/board").json()["cards"]
    assert asked[:2] == ["rally", "rally"]
    assert "US801" in {card["key"] for card in cards}


@pytest.mark.requirement("web:poll:cache")
def test_a_cache_that_cannot_be_written_is_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ctx = shelf_context(tmp_path, rally=Shelf())
    ctx.config.cache.parent.mkdir(parents=True)
    ctx.config.cache.write_text("in the way")
    pull_for(ctx)("rally")
    assert "rally: Cannot write the cache" in caplog.text


@pytest.mark.requirement("web:serve:reach")
@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.com", ""])
def test_other_hosts_are_refused_before_the_port_is_taken(tmp_path: Path, host: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        Dashboard(context(tmp_path, memory_store()), reach=Reach(0, host))
    assert caught.value.hint


@pytest.mark.requirement("web:serve:port-taken")
def test_a_taken_port_is_a_clear_error(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(LocalFault) as caught:
            Dashboard(context(tmp_path, memory_store()), port=port)
    assert str(port) in caught.value.message
    assert "--port" in caught.value.hint


@pytest.mark.requirement("web:serve:port-taken")
@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1"])
def test_an_address_of_another_machine_is_a_clear_error(host: str) -> None:
    with pytest.raises(LocalFault, match="no address of this machine") as caught:
        bind(host, 0)
    assert "0.0.0.0" in caught.value.hint


@pytest.mark.requirement("web:vendor:licences")
def test_everything_vendored_has_its_licence() -> None:
    vendor = faults.HERE / "static" / "vendor"
    listing = (vendor / "VENDOR.md").read_text()
    for folder in (path for path in vendor.iterdir() if path.is_dir()):
        assert (folder / "LICENSE").stat().st_size > 500
        assert f"`{folder.name}/`" in listing


ALONE = """
import sys, tempfile
from pathlib import Path
sys.path.insert(0, {root!r})
from panopticon.services.server.reach import Reach
from panopticon.web.serve import run
from tests.web.fakes import NOW, context, story, team_store
home = Path(tempfile.mkdtemp())
say = lambda ready: print(ready["url"], flush=True)
run(context(home, team_store()), reach=Reach(0), on_ready=say, poll=False)
print("closed")
"""


@pytest.mark.requirement("web:serve:sigterm")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_order(number: int) -> None:
    program = ALONE.format(root=str(Path(__file__).parents[2]))
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as server:
        assert server.stdout
        assert server.stdout.readline().startswith(b"http://127.0.0.1:")
        server.send_signal(number)
        assert server.stdout.read() == b"closed\n"
    assert server.returncode == 0
