"""The event stream, read tick by tick."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import AsyncGenerator, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import orjson
import pytest

from panopticon.config import Config, Source
from panopticon.model.issue import State
from panopticon.model.ref import IssueRef
from panopticon.store.base import Store, SyncRecord
from panopticon.store.registry import memory_store, open_store
from panopticon.web.live import Pulse, stream
from panopticon.web.poller import Poller
from tests.web.fakes import NOW, context, remove, story, team_store


def frames(text: bytes) -> list[dict[str, str]]:
    found = [part for part in text.decode().split("\n\n") if part and not part.startswith(":")]
    return [dict(line.split(": ", 1) for line in part.split("\n")) for part in found]


def heard(
    pulse: Pulse,
    after: int | None,
    ticks: int,
    between: Callable[[int], object] = lambda _tick: None,
) -> list[dict[str, str]]:
    """Listen for a few ticks; `between` may change the world after each."""

    async def listen() -> bytes:
        stopping, parts = threading.Event(), []
        source = stream(pulse, after, stopping)
        for tick in range(ticks):
            parts.append(await asyncio.wait_for(anext(source), 5))
            between(tick)
        assert isinstance(source, AsyncGenerator)
        await source.aclose()
        return b"".join(parts)

    return frames(asyncio.run(listen()))


@pytest.fixture
def pulse(tmp_path: Path, store: Store) -> Pulse:
    return Pulse(context(tmp_path, store))


@pytest.mark.requirement("web:live:events")
def test_what_happens_is_told(pulse: Pulse, store: Store) -> None:
    def move(_tick: int) -> None:
        store.put(story("US128", "Add password reset", State.IN_PROGRESS), NOW)

    told = heard(pulse, None, 2, move)
    assert [frame.get("event") for frame in told] == [None, "sources", "issue.updated"]
    assert told[2]["id"] == "15"
    event = orjson.loads(told[2]["data"])
    assert event["ref"] == "rally:US128"
    assert event["data"]["state"] == ["backlog", "in_progress"]


@pytest.mark.requirement("web:live:events")
def test_what_happened_is_told_once(pulse: Pulse, store: Store) -> None:
    def happen(tick: int) -> None:
        store.put(story(f"US90{tick}", "New"), NOW)

    told = heard(pulse, None, 4, happen)
    assert [frame["id"] for frame in told if "id" in frame] == ["15", "16", "17"]


@pytest.mark.requirement("web:live:resume")
def test_the_stream_goes_on_after_the_last_id(pulse: Pulse, store: Store) -> None:
    told = heard(pulse, 10, 2)
    assert [frame["id"] for frame in told if "id" in frame] == ["11", "12", "13", "14"]


@pytest.mark.requirement("web:live:reset")
def test_a_page_ahead_of_a_new_store_reads_all_anew(pulse: Pulse) -> None:
    told = heard(pulse, 999, 2)
    assert (told[-1]["event"], told[-1]["id"]) == ("reset", "14")


@pytest.mark.requirement("web:live:reset")
def test_a_page_far_behind_reads_all_anew(tmp_path: Path) -> None:
    store = memory_store()
    for number in range(2100):
        store.put(story(f"US{number}", "x"), NOW)
    told = heard(Pulse(context(tmp_path, store)), 1, 2)
    assert (told[-1]["event"], told[-1]["id"]) == ("reset", "2100")


@pytest.mark.requirement("web:live:freshness")
def test_freshness_is_told_when_it_changes(pulse: Pulse, store: Store) -> None:
    def fail(_tick: int) -> None:
        store.record_sync(SyncRecord("rally", NOW, NOW, NOW - timedelta(hours=1), "Refused."))

    told = heard(pulse, None, 2, fail)
    assert [frame.get("event") for frame in told] == [None, "sources", "sync.failed", "sources"]
    assert orjson.loads(told[3]["data"])[0]["error"] == "Refused."


@pytest.mark.requirement("web:live:reset")
def test_a_page_behind_a_shortened_log_reads_all_anew(pulse: Pulse, store: Store) -> None:
    store.prune_events(NOW, 4)
    assert [frame["id"] for frame in heard(pulse, 10, 2) if "id" in frame] == [
        "11",
        "12",
        "13",
        "14",
    ]
    told = heard(pulse, 9, 2)
    assert (told[-1]["event"], told[-1]["id"]) == ("reset", "14")


@pytest.mark.requirement("web:live:reset")
def test_a_page_that_missed_dropped_words_of_syncs_only_reads_nothing(
    pulse: Pulse, store: Store
) -> None:
    for _ in range(3):
        store.record_sync(SyncRecord("rally", NOW, NOW, NOW, None))
    store.prune_events(NOW + timedelta(hours=1), 100)
    told = heard(pulse, 14, 2)
    assert [(frame.get("event"), frame.get("id")) for frame in told[2:]] == [
        ("sync.finished", "17")
    ]


@pytest.mark.requirement("web:live:shown")
def test_other_peoples_sources_are_not_told(pulse: Pulse, store: Store) -> None:
    def happen(_tick: int) -> None:
        store.put(replace(story("US1", "x"), ref=IssueRef("hidden", "US1")), NOW)
        store.record_sync(SyncRecord("hidden", NOW, NOW, NOW, None))
        store.put(story("US900", "New"), NOW)

    told = heard(pulse, None, 2, happen)
    assert [frame.get("event") for frame in told[2:]] == ["issue.created"]
    assert orjson.loads(told[2]["data"])["ref"] == "rally:US900"
    assert told[2]["id"] == "17"


@pytest.mark.requirement("web:live:shown")
def test_what_is_not_told_is_not_repeated_either(pulse: Pulse, store: Store) -> None:
    def happen(tick: int) -> None:
        if tick == 0:
            store.put(replace(story("US1", "x"), ref=IssueRef("hidden", "US1")), NOW)

            def later() -> None:
                store.put(story("US900", "New"), NOW)

            threading.Timer(0.8, later).start()

    told = heard(pulse, None, 2, happen)
    assert [(frame.get("event"), frame.get("id")) for frame in told[2:]] == [
        ("issue.created", "16")
    ]


@pytest.mark.requirement("web:live:reset")
def test_other_sources_are_read_anew(tmp_path: Path, store: Store) -> None:
    ctx = context(tmp_path, store)

    def connect(_tick: int) -> None:
        ctx.config = replace(
            ctx.config, sources=(Source("rally", "rally"), Source("other", "rally"))
        )

    told = heard(Pulse(ctx), None, 2, connect)
    assert [frame.get("event") for frame in told] == [None, "sources", "reset", "sources"]
    assert [source["name"] for source in orjson.loads(told[3]["data"])] == ["rally", "other"]


@pytest.mark.requirement("web:live:freshness")
def test_a_pause_is_told(tmp_path: Path, store: Store) -> None:
    poller = Poller(["rally"], lambda _name: None, timedelta(minutes=1), lambda: NOW)
    pulse = Pulse(context(tmp_path, store), poller.waits)
    told = heard(pulse, None, 2, lambda _tick: poller.pause("rally", paused=True))
    assert [frame.get("event") for frame in told] == [None, "sources", "sources"]
    paused = [orjson.loads(frame["data"])[0]["paused"] for frame in told[1:]]
    assert paused == [False, True]


@pytest.mark.requirement("web:live:events")
def test_a_deletion_is_told(tmp_path: Path) -> None:
    store = team_store()
    pulse = Pulse(context(tmp_path, store))

    def forget(_tick: int) -> None:
        remove(store, "US128")

    told = heard(pulse, None, 2, forget)
    assert told[-1]["event"] == "issue.deleted"


OTHER = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from panopticon.config import Config, Source
from panopticon.store.registry import open_store
from tests.web.fakes import NOW, story
store = open_store(Config(home=Path({home!r}), folder=Path({home!r})))
store.put(story("US700", "From elsewhere"), NOW)
store.close()
"""


@pytest.mark.requirement("web:live:other-process")
def test_what_another_process_stores_is_told(tmp_path: Path) -> None:
    store = open_store(Config(home=tmp_path, folder=tmp_path))
    store.put(story("US1", "Here"), NOW)
    pulse = Pulse(context(tmp_path, store))
    root = str(Path(__file__).parents[2])
    program = OTHER.format(tests=root, home=str(tmp_path))

    def elsewhere(tick: int) -> None:
        if tick == 0:
            subprocess.run([sys.executable, "-c", program], check=True)

    told = heard(pulse, None, 2, elsewhere)
    assert orjson.loads(told[-1]["data"])["ref"] == "rally:US700"
    store.close()
