"""The Rally tracker over real HTTP: the seed, scopes, sign-in, and a server's faults."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import httpx2
import pytest

from panopticon.config import Source
from panopticon.errors import AuthFailed, InvalidInput, NotFound, Retriable, Unsupported
from panopticon.model.change import Cursor, Scope
from panopticon.model.issue import Issue, Kind, NewIssue
from panopticon.sandbox.serve import Options, Running, start
from panopticon.trackers.base import Tracker
from panopticon.trackers.http import HttpClient
from panopticon.trackers.rally.settings import settings_from
from panopticon.trackers.rally.tracker import RallyTracker, door_for, policy_for
from panopticon.trackers.registry import open_tracker
from tests.trackers.conftest import Clock, source


def admin(sandbox: Running, **faults: object) -> None:
    """Set the server's faults; none clears them."""
    httpx2.post(f"{sandbox.admin}/faults", json=faults).raise_for_status()


@pytest.fixture
def faults(sandbox: Running) -> Iterator[Callable[..., None]]:
    yield lambda **told: admin(sandbox, **told)
    admin(sandbox)


def pull(tracker: Tracker, stream: str, scope: Scope | None = None) -> list[Issue]:
    pages = tracker.pull(stream, scope or Scope(), Cursor(), datetime(2001, 1, 1, tzinfo=UTC))
    return [issue for page in pages for issue in page.issues]


@pytest.fixture
def opened(sandbox: Running) -> Iterator[Callable[..., Tracker]]:
    """Open trackers whose waits take no time."""
    trackers: list[Tracker] = []

    def opener(key: str | None = None, **options: object) -> Tracker:
        settings = settings_from(source(sandbox, key, **options))
        policy = replace(
            policy_for(settings), attempts=15, sleep=lambda _s: None, on_wait=lambda _w: None
        )
        trackers.append(RallyTracker(settings, HttpClient(door_for(settings), policy)))
        return trackers[-1]

    yield opener
    for tracker in trackers:
        tracker.close()


Opened = Callable[..., Tracker]


@pytest.mark.requirement("rally:live:seed")
def test_the_seed_stories_are_read_whole(opened: Opened) -> None:
    stories = {issue.ref.key: issue for issue in pull(opened(), "stories")}
    story = stories["US120"]
    assert story.title == "Create user model"
    assert story.parent is not None
    assert story.parent.key == "F17"
    assert "`users` table" in story.acceptance_criteria or "users" in story.acceptance_criteria
    assert "<p>" not in story.body
    assert any(found.blocked_by for found in stories.values())
    assert {found.project for found in stories.values()} >= {"DDC-AI"}


@pytest.mark.requirement("rally:live:scope")
def test_an_epics_number_means_its_descendants(opened: Opened) -> None:
    tracker = opened()
    stories = pull(tracker, "stories", Scope(epics=("17",)))
    assert stories
    assert {issue.parent.key for issue in stories if issue.parent} == {"F17"}
    tasks = pull(tracker, "tasks", Scope(epics=("F-17",)))
    keys = {issue.ref for issue in stories}
    assert tasks
    assert all(
        task.parent and (task.parent in keys or task.parent.key.startswith("DE")) for task in tasks
    )
    sprint = pull(tracker, "stories", Scope(iteration="Sprint-24"))
    assert {issue.iteration for issue in sprint} == {"Sprint-24"}


@pytest.mark.requirement("rally:live:five-requests")
def test_a_sync_without_changes_costs_at_most_six_requests(
    opened: Opened, sandbox: Running
) -> None:
    tracker = opened(workspace=str(sandbox.workspace_oid), project=str(sandbox.project_oid))
    cursors = {s: Cursor(datetime(2099, 1, 1, tzinfo=UTC)) for s in tracker.streams()}
    for stream, cursor in cursors.items():
        assert [
            p.issues
            for p in tracker.pull(stream, Scope(), cursor, datetime(2001, 1, 1, tzinfo=UTC))
        ] == [()]
    assert tracker.usage().requests == 5


@pytest.mark.requirement("rally:faults:read-only")
def test_a_read_only_key_is_told_and_refused(opened: Opened, sandbox: Running) -> None:
    tracker = opened(sandbox.read_only_key)
    assert tracker.check().can_write is False
    with pytest.raises(AuthFailed) as caught:
        tracker.update("US120", {"title": "x"})
    assert "full access" in caught.value.hint


@pytest.mark.requirement("rally:faults:missing-place")
@pytest.mark.parametrize(
    ("place", "word"),
    [
        ({"workspace": "999"}, "workspace 999"),
        ({"project": "999"}, "project 999"),
        ({"workspace": "Nope"}, "workspace 'Nope'"),
        ({"project": "Nope"}, "project 'Nope'"),
    ],
)
def test_a_missing_place_is_told_apart(opened: Opened, place: dict[str, str], word: str) -> None:
    tracker = opened(**place)
    verbs: list[Callable[[], object]] = [
        lambda: pull(tracker, "stories"),
        tracker.check,
        lambda: tracker.create(NewIssue(Kind.STORY, {"title": "x"})),
    ]
    for verb in verbs:
        with pytest.raises(NotFound, match=word) as caught:
            verb()
        assert caught.value.hint


@pytest.mark.requirement("rally:live:expired-key")
def test_an_expired_key_says_so(opened: Opened) -> None:
    with pytest.raises(AuthFailed) as caught:
        opened("_expired").get("US120")
    assert "expired" in caught.value.hint
    assert "_expired" not in caught.value.message


@pytest.mark.requirement("rally:live:basic")
def test_basic_sign_in_reads_and_writes(sandbox: Running) -> None:
    told = source(sandbox, user=sandbox.username, password=sandbox.password)
    tracker = open_tracker(Source("rally", "rally", told.options, None))
    try:
        made = tracker.create(NewIssue(Kind.STORY, {"title": "By hand"}))
        assert tracker.get(made.ref.key).title == "By hand"
    finally:
        tracker.close()


@pytest.mark.requirement("rally:live:storm")
@pytest.mark.parametrize(
    "told",
    [
        {"error_rate": 0.3},
        {"truncate_rate": 0.3},
        {"drop_before": 0.3},
        {"html_errors": 0.3},
    ],
)
def test_reading_survives_a_storm_whole(
    opened: Opened, faults: Callable[..., None], told: dict[str, object]
) -> None:
    calm = {issue.ref for issue in pull(opened(), "stories")}
    faults(**told)
    assert {issue.ref for issue in pull(opened(page_size=5), "stories")} == calm


@pytest.mark.requirement("rally:live:created-once")
def test_a_create_whose_reply_is_lost_makes_one_item(
    opened: Opened, faults: Callable[..., None], clock: Clock
) -> None:
    clock.later()
    tracker = opened()
    tracker.check()
    made = []
    for number in range(6):
        faults(drop_after=0.5)
        with suppress(Retriable):
            made.append(tracker.create(NewIssue(Kind.STORY, {"title": f"Once {number}"})))
        faults()
    titles = [issue.title for issue in pull(tracker, "stories") if issue.title.startswith("Once ")]
    assert len(titles) == len(set(titles))
    assert {issue.title for issue in made} <= set(titles)


@pytest.mark.requirement("rally:faults:conflict")
def test_writers_at_once_all_get_through(opened: Opened, faults: Callable[..., None]) -> None:
    tracker = opened()
    key = tracker.create(NewIssue(Kind.STORY, {"title": "Busy"})).ref.key
    faults(conflict_rate=0.3)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: tracker.update(key, {"points": float(n)}), range(8)))
    faults()
    assert int(tracker.get(key).version or 0) >= 9


@pytest.mark.requirement("rally:live:ambiguous")
def test_a_number_that_fits_two_lists_both() -> None:
    with start(Options(stories=40)) as own:
        tracker = open_tracker(source(own))
        try:
            keys = {""}
            while "E17" not in keys:
                keys.add(tracker.create(NewIssue(Kind.EPIC, {"title": "More"})).ref.key)
                assert len(keys) < 40
            with pytest.raises(InvalidInput) as caught:
                pull(tracker, "stories", Scope(epics=("17",)))
            assert caught.value.details["candidates"] == ["E17", "F17"]
            assert pull(tracker, "stories", Scope(epics=("F17",)))
            with pytest.raises(InvalidInput):
                pull(tracker, "stories", Scope(epics=("seventeen",)))
        finally:
            tracker.close()


@pytest.mark.requirement("rally:live:workspaces")
def test_nothing_of_another_workspace_or_project_is_read(opened: Opened, sandbox: Running) -> None:
    places = opened().places()
    spaces = [place for place in places if place.kind == "workspace"]
    assert len(spaces) >= 2
    other = next(place for place in spaces if place.name != sandbox.workspace)
    theirs = opened(workspace=other.name, project="")
    mine = pull(opened(), "stories")
    found = pull(theirs, "stories")
    assert found
    assert not {issue.native_id for issue in mine} & {issue.native_id for issue in found}
    names = {place.name for place in places if place.parent == other.id or place.kind == "project"}
    assert {issue.project for issue in found} <= names
    assert theirs.identity() == f"rally:{other.id}"


@pytest.mark.requirement("rally:live:lock-fields")
def test_missing_custom_fields_are_named_and_harmless() -> None:
    with start(Options(stories=40, lock_fields=False)) as bare:
        tracker = open_tracker(source(bare))
        try:
            told = " ".join(tracker.check().warnings)
            assert "c_LockedBy" in told
            assert all(issue.lease is None for issue in pull(tracker, "stories"))
            with pytest.raises(Unsupported) as caught:
                tracker.update("US120", {"branch": "x", "title": "Renamed"})
            assert caught.value.details["fields"] == ["c_Branch"]
            assert tracker.get("US120").title != "Renamed"
        finally:
            tracker.close()
