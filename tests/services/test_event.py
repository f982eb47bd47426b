"""The log is kept short, and nobody who follows it misses anything."""

from datetime import timedelta
from pathlib import Path

import pytest

from panopticon.model.event import EventKind
from panopticon.model.issue import Kind
from panopticon.model.ref import IssueRef
from panopticon.services import event
from panopticon.services.board import news
from panopticon.services.sync import pull as sync
from tests.services.shelf import NOW, Shelf, context, item


@pytest.mark.requirement("event:prune:hourly")
def test_the_log_is_shortened_after_a_sync_once_an_hour(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event, "MOST", 5)
    shelf = Shelf()
    shelf.put(*[item(f"US{number}") for number in range(9)])
    ctx = context(tmp_path, rally=shelf)
    sync.pull(ctx)
    assert len(ctx.store.events(0)) == 5
    ctx.now = lambda: NOW + timedelta(minutes=50)
    shelf.put(item("US20"), item("US21"))
    sync.pull(ctx)
    assert len(ctx.store.events(0)) > 5
    ctx.now = lambda: NOW + timedelta(minutes=61)
    sync.pull(ctx)
    assert len(ctx.store.events(0)) == 5


@pytest.mark.requirement("event:prune:hourly")
def test_words_of_syncs_stay_a_day(tmp_path: Path) -> None:
    ctx = context(tmp_path, rally=Shelf())
    for hours in (0, 2, 23, 26):
        ctx.now = lambda hours=hours: NOW + timedelta(hours=hours)  # type: ignore[misc]
        sync.pull(ctx)
    told = [one.at for one in ctx.store.events(0) if one.kind is EventKind.SYNCED]
    assert told == [NOW + timedelta(hours=hours) for hours in (2, 23, 26)]


@pytest.mark.requirement("event:prune:readers")
def test_a_cache_behind_the_shortened_log_is_written_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = Shelf()
    shelf.put(item("US1"), item("US2"))
    ctx = context(tmp_path, rally=shelf)
    sync.pull(ctx)
    monkeypatch.setattr(event, "MOST", 1)
    ctx.now = lambda: NOW + timedelta(hours=2)
    shelf.put(item("US1", "Renamed"), item("US2", "Renamed too"))
    sync.pull(ctx)
    assert len(ctx.store.events(0)) == 1
    for key in ("US-1", "US-2"):
        (path,) = ctx.config.cache.rglob(f"{key}.json")
        assert "Renamed" in path.read_text()


@pytest.mark.requirement("event:prune:readers")
def test_a_report_behind_the_shortened_log_names_every_epic(tmp_path: Path) -> None:
    shelf = Shelf()
    epic = IssueRef("rally", "F17")
    shelf.put(item("F17", kind=Kind.FEATURE), item("US1", parent=epic))
    ctx = context(tmp_path, rally=shelf)
    sync.pull(ctx)
    mark = news.mark(ctx)
    assert news.epics_since(ctx, mark) == set()
    ctx.store.put(item("US1", "Renamed", parent=epic, version="9"), NOW)
    ctx.store.put(item("US2", version="9"), NOW)
    ctx.store.prune_events(NOW, 1)
    assert epic in news.epics_since(ctx, mark)
