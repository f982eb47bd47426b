"""What a run works with: what it may show, and that any thread may ask."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import cast

import orjson
import pytest

from panopticon.config import Config, Source, load
from panopticon.errors import InvalidInput, NotFound
from panopticon.model.event import EventKind
from panopticon.model.issue import IssueFilter, Kind
from panopticon.model.lease import Lease
from panopticon.model.ref import IssueRef
from panopticon.services import status
from panopticon.services.board import answer as board
from panopticon.services.board.memory import Memory
from panopticon.services.context import Context
from panopticon.services.issue import verbs as issue
from panopticon.services.sync import pull as sync
from panopticon.store.base import Store
from panopticon.store.registry import memory_store
from panopticon.trackers.base import Tracker
from tests.services.shelf import NOW, Shelf, ShelfTracker, context, item


def shelf_of(*keys: str) -> Shelf:
    shelf = Shelf()
    shelf.put(item("F17", "Sign-in", Kind.FEATURE))
    shelf.put(*(item(key, parent=IssueRef("rally", "F17")) for key in keys))
    return shelf


@pytest.mark.requirement("sync:folders:apart")
@pytest.mark.parametrize("home_says", ["", "[trackers.rally]\nworkspace = '1'\nproject = '9'\n"])
def test_two_folders_of_one_home_leave_each_other_alone(tmp_path: Path, home_says: str) -> None:
    home = tmp_path / "home"
    (home / ".panopticon").mkdir(parents=True)
    (home / ".panopticon/config.toml").write_text(home_says)
    shelves = {"11": shelf_of("US1", "US2"), "22": shelf_of("US3")}
    for shelf in shelves.values():
        shelf.clock += timedelta(hours=1)
    store = memory_store()

    def run(project: str) -> Context:
        folder = tmp_path / project / "_bmad/pantheon"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "config.yaml").write_text(f"pantheon: {{rally_project: '{project}'}}\n")

        def opened(source: Source) -> Tracker:
            shelf = shelves[str(source.options["project"])]
            return cast("Tracker", ShelfTracker(source.name, shelf))

        config = load({}, home, folder.parents[1], {})
        return Context(config, lambda _: store, opened, lambda: NOW)

    (first,) = sync.pull(run("11")).trackers
    sync.pull(run("22"))
    (again,) = sync.pull(run("11")).trackers
    assert (first.fetched, again.fetched, again.changed, again.deleted) == (3, 0, 0, 0)
    assert EventKind.DELETED not in {event.kind for event in store.events(0)}
    shown = issue.list_issues(run("22"), IssueFilter(kinds=(Kind.STORY,)))
    assert [one.ref.key for one in shown] == ["US3"]


@pytest.fixture
def other() -> Store:
    """A store with items of a source that is configured no more."""
    store = memory_store()
    held = Lease("jo@example.com", NOW, None)
    store.put(item("F99", "Gone", Kind.FEATURE, ref=IssueRef("old", "F99")), NOW)
    above = IssueRef("old", "F99")
    store.put(item("US99", ref=IssueRef("old", "US99"), parent=above, lease=held), NOW)
    return store


@pytest.mark.requirement("model:view:configured")
def test_only_what_is_configured_is_shown(tmp_path: Path, other: Store) -> None:
    ctx = context(tmp_path, other, rally=shelf_of("US1"))
    sync.pull(ctx)
    everything = IssueFilter()
    assert {one.ref.tracker for one in issue.list_issues(ctx, everything)} == {"rally"}
    assert issue.count(ctx, everything) == 2
    for text in ("US99", "old:US99"):
        with pytest.raises(NotFound) as caught:
            issue.resolve(ctx, text)
        assert "US99" not in str(caught.value.details["candidates"])
    with pytest.raises(NotFound):
        issue.epic_ref(ctx, "99")
    assert [one.ref.key for one in issue.beginning(ctx, "us", (), 50)] == ["US1"]
    shown = orjson.loads(board.board(ctx, Memory(), board.Asked(), board.freshness(ctx)).body or "")
    assert (shown["total"], [one["name"] for one in shown["sources"]]) == (1, ["rally"])
    assert [epic["key"] for epic in shown["epics"]] == ["F17"]
    assert sum(status.status(ctx).states.values()) == 2
    cached = [path.name for path in ctx.config.cache.rglob("*.json")]
    assert sorted(cached) == ["US-1.json", "assignments.json", "epics.json"]
    assert (ctx.config.cache / "assignments.json").read_text() == "[]\n"
    assert "F99" not in (ctx.config.cache / "epics.json").read_text()
    assert other.issue(IssueRef("old", "US99")) is not None  # kept, should it be configured again


@pytest.mark.requirement("model:view:alias")
def test_the_name_that_home_knows_still_means_the_view(tmp_path: Path) -> None:
    source = Source("rally-11", "shelf", known_as="rally")
    config = Config(home=tmp_path, folder=tmp_path / "repo", sources=(source,))
    store, shelf = memory_store(), shelf_of("US1")
    ctx = Context(
        config,
        lambda _: store,
        lambda one: cast("Tracker", ShelfTracker(one.name, shelf)),
        lambda: NOW,
    )
    sync.pull(ctx, sync.Wanted(trackers=("rally",)))
    assert str(issue.resolve(ctx, "rally:us-1")) == "rally-11:US1"
    assert len(issue.list_issues(ctx, IssueFilter(tracker="rally"))) == 2


@pytest.mark.requirement("model:ref:asked-in-vain")
def test_a_tracker_that_cannot_be_asked_is_told(tmp_path: Path) -> None:
    shelf = shelf_of("US1")
    shelf.faults["get"] = InvalidInput("http:/typo is no usable address.", "Check `server`.")
    with pytest.raises(InvalidInput, match="typo"):
        issue.resolve(context(tmp_path, rally=shelf), "US77")


@pytest.mark.requirement("model:threads:one-of-each")
def test_threads_share_one_store_and_one_tracker(tmp_path: Path) -> None:
    opened: list[str] = []
    begin = Barrier(8)

    def open_store(_config: Config) -> Store:
        opened.append("store")
        time.sleep(0.01)  # long enough for the others to come by
        return memory_store()

    def open_tracker(source: Source) -> Tracker:
        opened.append(source.name)
        time.sleep(0.01)
        return cast("Tracker", ShelfTracker(source.name, Shelf()))

    config = Config(home=tmp_path, folder=tmp_path, sources=(Source("rally", "shelf"),))
    ctx = Context(config, open_store, open_tracker)

    def ask(_number: int) -> tuple[Store, Tracker]:
        begin.wait(10)
        return ctx.store, ctx.tracker("rally")

    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(ask, range(8)))
    assert len(found) == 1
    assert sorted(opened) == ["rally", "store"]


@pytest.mark.requirement("house:faces:no-store")
def test_faces_ask_services() -> None:
    package = Path(__file__).parents[2] / "src/panopticon"
    faces = [*package.glob("cli/*.py"), *package.glob("web/*.py")]
    assert faces
    reaching = re.compile(r"\b(ctx|run|context)\.store\b")
    assert [str(path) for path in faces if reaching.search(path.read_text("utf-8"))] == []
