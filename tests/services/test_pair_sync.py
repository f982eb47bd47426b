"""Two trackers side by side: what one gives is whole, whatever becomes of the other."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest

from panopticon.errors import AuthFailed, LocalFault, NotFound, PanError, Partial, Retriable
from panopticon.model.change import Scope
from panopticon.model.issue import IssueFilter, Kind, State
from panopticon.model.ref import IssueRef
from panopticon.services import status
from panopticon.services.board import answer as board
from panopticon.services.board.memory import Memory
from panopticon.services.context import Context
from panopticon.services.issue import verbs as issue
from panopticon.services.sync import pull as sync
from panopticon.services.sync.pull import Wanted
from tests.services.pair import Pair, file, us
from tests.services.shelf import Shelf, context, item


@dataclass
class Two:
    """A server's shelf and one of story files, in one context."""

    ctx: Context
    rally: Shelf
    stories: Shelf

    def refs(self) -> set[str]:
        return {str(one.ref) for one in issue.list_issues(self.ctx, IssueFilter())}

    def board(self) -> dict[str, Any]:
        found = board.board(self.ctx, Memory(), board.Asked(), board.freshness(self.ctx))
        assert found.body
        return dict(orjson.loads(found.body))

    def cached(self) -> set[str]:
        return {path.stem for path in (self.ctx.config.cache / "stories").rglob("*.json")}


@pytest.fixture
def two(tmp_path: Path) -> Two:
    rally, stories = Shelf(page_size=2), Shelf(identity="markdown:1", page_size=2)
    rally.put(*(item(f"US{number}") for number in range(1, 7)))
    stories.put(*(item(f"1.{number}") for number in range(1, 7)))
    return Two(context(tmp_path, rally=rally, stories=stories), rally, stories)


def raising(error: Exception, page: int) -> Callable[[str, int], None]:
    def fail(stream: str, number: int) -> None:
        if stream == "stories" and number >= page:
            raise error

    return fail


STORIES = {f"stories:1.{number}" for number in range(1, 7)}
NOWHERE = NotFound("The folder ~/work/app is not there.", "Mount it, or change `folders`.")
FAILING: dict[str, tuple[Callable[[Two], None], str, int]] = {
    "wrong key": (lambda two: fault(two, AuthFailed("The key was refused.")), "refused", 0),
    "missing folder": (lambda two: fault(two, NOWHERE), "not there", 0),
    "defect": (lambda two: fault(two, ZeroDivisionError("oops")), "ZeroDivisionError", 0),
    "no disk": (lambda two: fault(two, LocalFault("Cannot read ~/work.")), "Cannot read", 0),
    "in the middle": (
        lambda two: setattr(two.rally, "before_page", raising(Retriable("Broke off."), 2)),
        "Broke off",
        4,
    ),
}


def fault(two: Two, error: Exception) -> None:
    two.rally.faults = dict.fromkeys(("ids", "deleted", "stories", "tasks", "epics"), error)


@pytest.mark.requirement("pair:failing:whole")
@pytest.mark.parametrize("name", FAILING)
def test_what_the_other_gives_is_whole_everywhere(two: Two, name: str) -> None:
    fail, says, kept = FAILING[name]
    fail(two)
    report = sync.pull(two.ctx)
    error = report.exit_error()
    assert isinstance(error, Partial)
    assert (error.exit_code, list(error.details["trackers"])) == (5, ["rally"])  # type: ignore[call-overload]
    assert says in error.message
    assert [(one.name, one.error is None) for one in report.trackers] == [
        ("rally", False),
        ("stories", True),
    ]
    assert two.refs() >= STORIES
    assert len(two.refs() - STORIES) == kept
    shown = two.board()
    assert {card["ref"] for card in shown["cards"]} == two.refs()
    sources = {one["name"]: one for one in shown["sources"]}
    assert says in sources["rally"]["error"]
    assert (sources["stories"]["error"], bool(sources["stories"]["ok_at"])) == (None, True)
    told = {one.name: one.error for one in status.status(two.ctx).sources}
    assert (says in str(told["rally"]), told["stories"]) == (True, None)
    assert [(one.name, one.ok_at) for one in status.stale(two.ctx)] == [("rally", None)]
    assert {f"1.{number}" for number in range(1, 7)} <= two.cached()
    assert len(two.cached()) == 6 + kept


@pytest.mark.requirement("pair:failing:whole")
def test_it_is_whole_again_once_it_is_mended(two: Two) -> None:
    fault(two, AuthFailed("The key was refused."))
    sync.pull(two.ctx)
    two.rally.faults = {}
    assert sync.pull(two.ctx).exit_error() is None
    assert len(two.refs()) == 12
    assert status.stale(two.ctx) == []
    fault(two, AuthFailed("The key was refused."))
    assert isinstance(sync.pull(two.ctx).exit_error(), Partial)
    assert len(two.refs()) == 12
    assert status.stale(two.ctx)[0].ok_at


@pytest.mark.requirement("pair:failing:open")
def test_one_that_cannot_even_be_opened_hides_nothing(tmp_path: Path) -> None:
    stories = Shelf()
    stories.put(item("1.1"))
    wrong: PanError = AuthFailed("No key.", "Set RALLY_API_KEY.")
    ctx = context(tmp_path, rally=wrong, stories=stories)
    error = sync.pull(ctx).exit_error()
    assert isinstance(error, Partial)
    assert "RALLY_API_KEY" in error.hint
    assert [one.ref.key for one in issue.list_issues(ctx, IssueFilter())] == ["1.1"]
    assert issue.show(ctx, "1.1").issue.title == "Story 1.1"


@pytest.fixture
def release() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


@pytest.mark.requirement("pair:failing:hanging")
def test_one_that_hangs_keeps_nothing_from_the_other(two: Two, release: threading.Event) -> None:
    hung = threading.Event()

    def hang(stream: str, _page: int) -> None:
        if stream == "stories":
            hung.set()
            release.wait(20)

    two.rally.before_page = hang
    reports: list[Any] = []
    worker = threading.Thread(target=lambda: reports.append(sync.pull(two.ctx)))
    worker.start()
    assert hung.wait(10)
    while len(two.refs() & STORIES) < len(STORIES):
        assert worker.is_alive()
    shown = two.board()
    assert {card["ref"] for card in shown["cards"]} >= STORIES
    assert {one["name"]: one["syncing"] for one in shown["sources"]}["rally"]
    assert issue.show(two.ctx, "1.1").issue.title == "Story 1.1"
    release.set()
    worker.join(20)
    assert reports[0].exit_error() is None
    assert len(two.refs()) == 12


@pytest.mark.requirement("pair:names:apart")
def test_alike_names_of_two_trackers_do_not_mix(two: Two) -> None:
    """Both shelves have the project DDC-AI, and keys of their own."""
    two.rally.put(item("US1", labels=("api",), iteration="Sprint 1", assignee="ann@example.com"))
    two.stories.put(item("1.1", labels=("API",), iteration="Sprint 1", assignee="Ann"))
    two.stories.put(item("US1", "Of the story files"))
    sync.pull(two.ctx)

    def found(**words: Any) -> set[str]:
        return {str(one.ref) for one in issue.list_issues(two.ctx, IssueFilter(**words))}

    assert len(found(project="DDC-AI")) == 13
    assert len(found(project="DDC-AI", tracker="stories")) == 7
    assert found(labels=("api",)) == {"rally:US1", "stories:1.1"}
    assert found(iteration="Sprint 1") == {"rally:US1", "stories:1.1"}
    assert found(assignee="ann") == {"rally:US1", "stories:1.1"}
    assert issue.show(two.ctx, "stories:US1").issue.title == "Of the story files"
    assert two.board()["title"] == "DDC-AI"
    two.stories.throw("US1")
    sync.pull(two.ctx)
    assert "rally:US1" in two.refs()
    assert "stories:US1" not in two.refs()


@pytest.mark.requirement("pair:sync:scope")
def test_a_tracker_without_the_wanted_epic_is_no_failure(tmp_path: Path) -> None:
    pair = Pair(tmp_path)
    pair.tracker("rally").put(us("F17", kind=Kind.FEATURE, native_id="1"))
    pair.tracker("rally").put(us("US1", parent=IssueRef("rally", "F17"), native_id="2"))
    pair.tracker("stories").put(file("1.1", native_id="1"))
    ctx = pair.ctx
    report = sync.pull(ctx, Wanted(scope=Scope(epics=("17",))))
    assert report.exit_error() is None
    assert [(one.name, one.error) for one in report.trackers] == [
        ("rally", None),
        ("stories", None),
    ]
    assert status.stale(ctx) == []
    nowhere = sync.pull(ctx, Wanted(scope=Scope(epics=("99",)))).exit_error()
    assert isinstance(nowhere, NotFound)
    assert nowhere.exit_code == 1
    assert status.stale(ctx) == []


@pytest.mark.requirement("pair:sync:problems")
def test_a_sync_tells_who_is_not_joined(tmp_path: Path) -> None:
    rally, stories = Shelf(), Shelf(identity="markdown:1")
    rally.put(item("US1"), item("US2", state=State.DONE))
    stories.put(item("1.1", twin_key="US1"), item("1.2", twin_key="US-1"))
    stories.put(item("1.3", twin_key="US2"), item("1.4", twin_key="US404"))
    ctx = context(tmp_path, rally=rally, stories=stories)
    report = sync.pull(ctx)
    assert report.problems == (
        "stories:1.1 and stories:1.2 both carry the key of rally:US1: not joined.",
    )
    assert json.loads(json.dumps(report.as_json()))["problems"] == list(report.problems)
    assert report.exit_error() is None
