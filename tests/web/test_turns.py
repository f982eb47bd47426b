"""Slow trackers, many streams, and one server that answers all the same."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event, Lock
from typing import cast

import httpx2
import pytest

from panopticon.config import Source
from panopticon.services.context import Context
from panopticon.services.server.session import session
from panopticon.store.base import Found, Lookup, Store
from panopticon.trackers.base import Check
from panopticon.web.serve import Dashboard, Ready
from panopticon.web.turns import Limits, asks_tracker, searches
from tests.web.fakes import NOW, OneKeyTracker, context, story, team_store
from tests.web.served import served

TYPED = {"apiKey": "good"}
ASK = "/api/rally/validate"
STREAM = "/api/events"


class Hanging:
    """Trackers that hang until they are let go; `asked` counts who hangs."""

    def __init__(self) -> None:
        self.go = Event()
        self.asked = 0

    def open(self, source: Source) -> OneKeyTracker:
        outer = self

        class Tracker(OneKeyTracker):
            def check(self) -> Check:
                outer.asked += 1
                outer.go.wait(30)
                return super().check()

        return Tracker(source)


@pytest.fixture
def slow() -> Iterator[Hanging]:
    hanging = Hanging()
    yield hanging
    hanging.go.set()


def client(ready: Ready, timeout: float = 10) -> httpx2.Client:
    bearer = {"Authorization": f"Bearer {ready['token']}"}
    limits = httpx2.Limits(max_connections=200)
    return httpx2.Client(base_url=str(ready["url"]), headers=bearer, timeout=timeout, limits=limits)


def until(is_so: Callable[[], bool]) -> None:
    for _ in range(500):
        if is_so():
            return
        time.sleep(0.01)
    raise AssertionError("it did not come about")


READS = ["/", "/api/health", "/api/item?ref=US121", "/static/js/dom.js"]


def answers(ready: Ready) -> list[int]:
    """Read what only needs the store; 0 stands for no answer within a second."""
    found = []
    with client(ready, 1) as reader:
        for path in READS:
            try:
                found.append(reader.get(path).status_code)
            except httpx2.TimeoutException:
                return [*found, 0]
    return found


def besieged(ctx: Context, slow: Hanging, asking: int) -> list[int]:
    """Let sixty writes hang, and try to read."""
    with ExitStack() as stack:
        _, ready = stack.enter_context(served(ctx, limits=Limits(asking=asking)))
        pool = stack.enter_context(ThreadPoolExecutor(60))
        writer = stack.enter_context(client(ready, 30))
        writes = [pool.submit(writer.post, ASK, json=TYPED) for _ in range(60)]
        until(lambda: slow.asked >= min(asking, 40))
        found = answers(ready)
        slow.go.set()
        assert {write.result().status_code for write in writes} == {200}
    return found


@pytest.mark.requirement("web:serve:slow-tracker")
def test_reading_goes_on_while_sixty_writes_hang(tmp_path: Path, slow: Hanging) -> None:
    ctx = context(tmp_path, team_store(), open_tracker=slow.open)
    assert besieged(ctx, slow, Limits().asking) == [200] * len(READS)


@pytest.mark.requirement("web:guard:fails")
def test_without_turns_sixty_writes_take_every_thread(tmp_path: Path, slow: Hanging) -> None:
    ctx = context(tmp_path, team_store(), open_tracker=slow.open)
    assert 0 in besieged(ctx, slow, 1000)


@pytest.mark.requirement("web:serve:slow-tracker")
@pytest.mark.parametrize(
    ("method", "path", "asks"),
    [
        ("GET", "/api/board", False),
        ("GET", "/static/js/main.js", False),
        ("POST", "/api/sync", False),
        ("PUT", "/api/views/mine", False),
        ("PATCH", "/api/item", True),
        ("GET", "/api/item/comments", True),
        ("GET", "/api/what-comes-later", True),
    ],
)
def test_who_may_wait_for_a_tracker(method: str, path: str, *, asks: bool) -> None:
    assert asks_tracker(method, path) == asks


@pytest.mark.requirement("web:serve:in-time")
def test_an_answer_that_takes_too_long_is_given_up(tmp_path: Path, slow: Hanging) -> None:
    ctx = context(tmp_path, team_store(), open_tracker=slow.open)
    limits = Limits(asking=1, line_seconds=0.1, answer_seconds=0.3)
    with served(ctx, limits=limits) as (_, ready), client(ready) as script:
        late = script.post(ASK, json=TYPED)
        assert (late.status_code, late.json()["error"]) == (504, "unavailable")
        assert "may still happen" in late.json()["hint"]
        # The thread still hangs, so its place is still taken.
        busy = script.post(ASK, json=TYPED)
        assert (busy.status_code, busy.headers["retry-after"]) == (503, "5")
        assert "content-security-policy" in busy.headers
        slow.go.set()
        until(lambda: script.post(ASK, json=TYPED).status_code == 200)


@pytest.mark.requirement("web:serve:in-time")
def test_who_is_not_let_in_waits_for_nobody(tmp_path: Path, slow: Hanging) -> None:
    ctx = context(tmp_path, team_store(), open_tracker=slow.open)
    limits = Limits(asking=1, line_seconds=5, answer_seconds=0.2)
    with served(ctx, limits=limits) as (_, ready), client(ready) as script:
        assert script.post(ASK, json=TYPED).status_code == 504
        began = time.monotonic()
        assert httpx2.post(f"{ready['url']}{ASK}", json=TYPED).status_code == 401
        assert time.monotonic() - began < 2


@contextmanager
def signed_in(dashboard: Dashboard, ready: Ready) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=str(ready["url"]), timeout=10) as browser:
        browser.get(str(dashboard.ready()["open_url"]))
        yield browser


def opened(stack: ExitStack, browser: httpx2.Client, count: int) -> list[httpx2.Response]:
    return [stack.enter_context(browser.stream("GET", STREAM)) for _ in range(count)]


@pytest.mark.requirement("web:serve:streams")
def test_one_browser_cannot_take_every_stream(tmp_path: Path) -> None:
    limits = Limits(streams_of_one=3, streams=5)
    with served(context(tmp_path, team_store()), limits=limits) as (board, ready), ExitStack() as s:
        one, other, third = (s.enter_context(signed_in(board, ready)) for _ in range(3))
        first = opened(s, one, 3)
        assert [stream.status_code for stream in first] == [200] * 3
        refused = one.get(STREAM)
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "30")
        assert refused.json()["hint"]
        assert [stream.status_code for stream in opened(s, other, 2)] == [200] * 2
        assert third.get(STREAM).status_code == 503  # five in all
        first[0].close()
        until(lambda: is_open(third))


def is_open(browser: httpx2.Client) -> bool:
    with browser.stream("GET", STREAM) as stream:
        return stream.status_code == 200


@pytest.mark.requirement("web:guard:fails")
def test_without_the_limit_one_browser_takes_all(tmp_path: Path) -> None:
    limits = Limits(streams_of_one=1000, streams=1000)
    with served(context(tmp_path, team_store()), limits=limits) as (board, ready), ExitStack() as s:
        browser = s.enter_context(signed_in(board, ready))
        assert {stream.status_code for stream in opened(s, browser, 30)} == {200}


@pytest.mark.requirement("web:session:renew")
def test_a_stream_ends_with_its_session(tmp_path: Path) -> None:
    store = team_store()
    with (
        served(context(tmp_path, store)) as (board, ready),
        signed_in(board, ready) as browser,
        browser.stream("GET", STREAM) as stream,
    ):
        lines = stream.iter_lines()
        assert next(lines).startswith("retry:")
        session(tmp_path, lambda: NOW).renew()
        store.put(story("US999", "A secret plan"), NOW)
        assert "US999" not in "".join(lines)  # the server ends it
        after = browser.get("/api/health")
        assert (after.status_code, after.json()["session"]) == (401, "ended")
        assert "pan open" in after.json()["hint"]


ALONE = """
import sys, tempfile
from pathlib import Path
from threading import Event, Lock
from typing import cast
sys.path.insert(0, {root!r})
from panopticon.services.server.reach import Reach
from panopticon.web import serve
from tests.web.fakes import OneKeyTracker, context, team_store

class Hanging(OneKeyTracker):
    def check(self):
        print("hangs", flush=True)
        Event().wait(60)

serve._AT_LAST = {last}
ctx = context(Path(tempfile.mkdtemp()), team_store(), open_tracker=Hanging)
say = lambda r: print(r["url"], r["token"], flush=True)
serve.run(ctx, reach=Reach(0), on_ready=say, poll=False)
"""


@pytest.mark.requirement("web:serve:last")
def test_a_signal_ends_it_while_a_request_hangs() -> None:
    program = ALONE.format(root=str(Path(__file__).parents[2]), last=0.2)
    with (
        subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as server,
        ThreadPoolExecutor(1) as pool,
    ):
        assert server.stdout
        url, token = server.stdout.readline().decode().split()
        bearer = {"Authorization": f"Bearer {token}"}
        asked = pool.submit(httpx2.post, url + ASK, json=TYPED, headers=bearer, timeout=20)
        assert server.stdout.readline() == b"hangs\n"
        server.send_signal(signal.SIGTERM)
        assert server.wait(15) == 128 + signal.SIGTERM
        assert isinstance(asked.exception(), httpx2.TransportError)


@pytest.mark.requirement("web:serve:searches")
@pytest.mark.parametrize(
    ("path", "query", "is_search"),
    [
        ("/api/board", b"", False),
        ("/api/board", b"since=4&epoch=ab", False),
        ("/api/board", b"q=a", True),
        ("/api/board", b"since=4&epoch=ab&assignee=me", True),
        ("/api/board/matches", b"label=x", True),
        ("/api/item", b"ref=US1", False),
    ],
)
def test_what_is_a_search(path: str, query: bytes, *, is_search: bool) -> None:
    assert searches(path, query) == is_search


class Reading:
    """A store whose searches take a moment; `most` is how many ran at once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = Lock()
        self._now = self.most = self.asked = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    def search(self, lookup: Lookup) -> Found:
        with self._lock:
            self._now, self.asked = self._now + 1, self.asked + 1
            self.most = max(self.most, self._now)
        time.sleep(0.05)
        with self._lock:
            self._now -= 1
        return self._store.search(lookup)


def hammered(tmp_path: Path, limits: Limits, texts: list[str]) -> tuple[Reading, set[int]]:
    reading = Reading(team_store())
    ctx = context(tmp_path, cast("Store", reading))
    with served(ctx, limits=limits) as (_, ready), client(ready, 30) as script:
        with ThreadPoolExecutor(len(texts)) as pool:
            found = pool.map(lambda q: script.get("/api/board", params={"q": q}).status_code, texts)
        return reading, set(found)


@pytest.mark.requirement("web:serve:searches")
def test_three_searches_run_at_once_and_the_others_wait(tmp_path: Path) -> None:
    texts = [f"add {number}" for number in range(12)]
    reading, codes = hammered(tmp_path, Limits(), texts)
    assert (reading.most, reading.asked, codes) == (3, 12, {200})


@pytest.mark.requirement("web:guard:fails")
def test_without_turns_all_searches_run_at_once(tmp_path: Path) -> None:
    reading, _ = hammered(tmp_path, Limits(searching=100), [f"add {n}" for n in range(12)])
    assert reading.most > 3


@pytest.mark.requirement("web:serve:searches")
def test_the_same_search_is_not_run_again(tmp_path: Path) -> None:
    reading, codes = hammered(tmp_path, Limits(searching=1), ["add"] * 12)
    assert (reading.asked, codes) == (1, {200})


@pytest.mark.requirement("web:serve:searches")
def test_a_line_of_searches_that_does_not_move_is_told(tmp_path: Path) -> None:
    limits = Limits(searching=1, line_seconds=0.01)
    _, codes = hammered(tmp_path, limits, [f"add {number}" for number in range(6)])
    assert codes == {200, 503}
