"""What somebody new to two trackers takes for granted: where things go, who is meant."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from panopticon.errors import InvalidInput, NotFound
from panopticon.model.issue import IssueFields, Kind, NewIssue, State, Task, User
from panopticon.model.lease import Lease
from panopticon.model.ref import IssueRef
from panopticon.services import link, search, tracker
from panopticon.services.issue import edit as issue_edit, verbs as issue
from panopticon.services.issue.form import Forms
from panopticon.services.sync import cache as sync_cache
from panopticon.services.sync.report import TrackerReport, epics_from, in_files, said_of
from tests.services.pair import Pair, file, us
from tests.services.shelf import NOW

F17, E2, E5 = IssueRef("rally", "F17"), IssueRef("stories", "epic-2"), IssueRef("stories", "epic-5")
HELD = Lease("jo@example.com", NOW, NOW + timedelta(hours=1))


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    pair = Pair(tmp_path, default=None)
    pair.put(
        us("F17", "Accounts", Kind.FEATURE),
        us("US1", "One", parent=F17),
        file("epic-2", "Doors", Kind.EPIC),
        file("epic-5", "Windows", Kind.EPIC),
        file("2.1", "Open", parent=E2, state=State.PLANNING),
        file("2.2", "Shut", parent=E2, state=State.PLANNING, lease=HELD),
        file("2.3", "Lock", parent=E2, state=State.IN_PROGRESS),
        file("2.4", "Bolt", parent=E2),
    )
    return pair


@pytest.mark.requirement("newcomer:ready")
def test_what_is_planned_and_free_is_ready(pair: Pair) -> None:
    (_, doors) = epics_from(pair.store.outline(), NOW)
    assert (doors.ready, doors.in_progress, doors.completed) == (2, 2, 0)
    sync_cache.write(pair.ctx)
    told = json.loads((pair.ctx.config.cache / "epics.json").read_text())
    assert {one["ref"]: one["ready"] for one in told} == {"F17": 1, "epic-2": 2, "epic-5": 0}


@pytest.mark.requirement("newcomer:create:tracker")
@pytest.mark.parametrize(
    ("fields", "project", "name"),
    [
        ({"parent": "17"}, None, "rally"),
        ({"parent": "epic-2"}, None, "stories"),
        ({"parent": "2"}, None, "stories"),
        ({"parent": "stories:epic-5"}, None, "stories"),
        ({}, "App", "stories"),
        ({}, "Northwind", "rally"),
    ],
)
def test_what_is_said_of_a_new_item_tells_its_tracker(
    pair: Pair, fields: IssueFields, project: str | None, name: str
) -> None:
    wanted = project if name == "stories" else project and "Northwind"
    new = NewIssue(Kind.STORY, {"title": "New", **fields}, wanted)
    assert issue.create(pair.ctx, new).ref.tracker == name
    forms = Forms(pair.ctx)
    assert issue_edit.create(forms, new, None).issue.ref.tracker == name


@pytest.mark.requirement("newcomer:create:tracker")
def test_nothing_said_goes_to_the_default_or_is_asked(pair: Pair) -> None:
    new = NewIssue(Kind.STORY, {"title": "New"})
    with pytest.raises(InvalidInput, match=r"Which tracker\?") as caught:
        issue.create(pair.ctx, new)
    assert caught.value.details["candidates"] == ["rally", "stories"]
    with pytest.raises(NotFound):
        issue.create(pair.ctx, NewIssue(Kind.STORY, {"title": "New", "parent": "99"}))
    pair.default = "stories"
    assert issue.create(pair.ctx, new).ref.tracker == "stories"


@pytest.mark.requirement("newcomer:default:written")
def test_a_default_is_the_one_that_is_set_or_the_only_one(pair: Pair) -> None:
    def defaults() -> Iterator[str]:
        return (one.source.name for one in tracker.listed(pair.ctx) if one.is_default)

    assert [*defaults()] == []
    pair.default = "stories"
    assert [*defaults()] == ["stories"]
    pair.default, pair.names = "gone", ("rally",)
    assert [*defaults()] == ["rally"]


@pytest.mark.requirement("newcomer:files:problems")
def test_problems_are_counted_by_tracker() -> None:
    reports = [TrackerReport("a"), TrackerReport("b", problems=1), TrackerReport("c", problems=5)]
    assert [*in_files(reports)] == [
        "b: 1 problem in story files: `pan doctor` names it",
        "c: 5 problems in story files: `pan doctor` names them",
    ]


@pytest.mark.requirement("newcomer:errors:once")
def test_a_name_stands_once_before_an_error() -> None:
    assert said_of("rally", "It is away.") == "rally: It is away."
    assert said_of("rally", "rally: KeyError: x") == "rally: KeyError: x"
    assert said_of("rally", "rallying: no") == "rally: rallying: no"


@pytest.mark.requirement("newcomer:cache:projects")
def test_epics_of_one_number_in_two_projects_have_a_folder_each(pair: Pair) -> None:
    for project in ("app", "web"):
        epic = f"{project}#epic-1"
        pair.put(
            file(epic, "First", Kind.EPIC, project=project),
            file(f"{project}#1.1", "Begin", parent=IssueRef("stories", epic), project=project),
        )
    sync_cache.write(pair.ctx)
    folders = {
        one["ref"]: one["folder"]
        for one in json.loads((pair.ctx.config.cache / "epics.json").read_text())
    }
    assert folders["app#epic-1"] == "stories/epic-1"
    assert folders["web#epic-1"] == "stories/epic-1-stories-web"
    for folder in (folders["app#epic-1"], folders["web#epic-1"]):
        assert len([*(pair.ctx.config.cache / folder).iterdir()]) == 1


@pytest.mark.requirement("newcomer:list:blocked")
def test_what_waits_for_something_open_is_blocked(pair: Pair) -> None:
    pair.put(us("US2", blocked=True), us("US3", blocked_by=(IssueRef("rally", "US1"),)))
    link.link(pair.ctx, "US1", "blocks", "2.4")
    assert {ref.key for ref in search.blocked(pair.ctx)} == {"US2", "US3", "2.4"}
    pair.put(us("US1", state=State.DONE))
    assert {ref.key for ref in search.blocked(pair.ctx)} == {"US2"}


@pytest.mark.requirement("newcomer:me:own")
def test_me_is_whom_the_tracker_knows(pair: Pair) -> None:
    assert issue.update(pair.ctx, "US1", {"assignee": "me"})[1].assignee == "me@example.com"
    forms = Forms(pair.ctx)
    assert issue_edit.edit(forms, "2.1", {"assignee": "Me"}).issue.assignee == "me@example.com"
    pair.tracker("rally").me = "a-service-account"  # nobody there: who is configured is meant
    assert issue.update(pair.ctx, "US1", {"assignee": "me"})[1].assignee == "ann@example.com"


@pytest.mark.requirement("newcomer:people:part")
def test_a_part_of_a_name_is_enough(pair: Pair) -> None:
    people = pair.tracker("rally").people
    people += [User("3", "Bob Hill", "bob@example.com"), User("4", "Bo Dale", "bo@example.com")]
    people.append(User("5", "Zed Gone", "zed@example.com", disabled=True))
    for part, who in [
        ("bob", "bob@example.com"),
        ("dale", "bo@example.com"),
        ("OTHER", "ann@example.com"),
    ]:
        assert issue.update(pair.ctx, "US1", {"assignee": part})[1].assignee == who
    made = issue.create(pair.ctx, NewIssue(Kind.STORY, {"title": "N", "assignee": "hill"}), "rally")
    assert made.assignee == "bob@example.com"
    for part, near in [
        ("bo", ["bob@example.com", "bo@example.com"]),
        ("bob@exampel.com", ["bob@example.com", "bo@example.com"]),
    ]:
        with pytest.raises(InvalidInput, match=part) as caught:
            issue.update(pair.ctx, "US1", {"assignee": part})
        assert caught.value.details["candidates"] == near
        assert f"Did you mean {near[0]} or" in caught.value.hint
    for part in ("zed", "qqqq"):
        with pytest.raises(InvalidInput, match="Nobody is called"):
            issue.update(pair.ctx, "US1", {"assignee": part})
    assert issue.update(pair.ctx, "US1", {"assignee": "bob"})[1].assignee == "bob@example.com"


@pytest.mark.requirement("newcomer:markdown:file")
def test_a_story_of_files_stays_as_it_is_written(pair: Pair) -> None:
    steps = (
        Task("Hinge", False, 0),
        Task("Screw", True, 1, depth=1),
        Task("Turn", False, 2, depth=2),
    )
    body = "As a guest,\nI want in.\n\n## Dev Notes\n\nOil it.\n\n### References\n\n- a.md"
    pair.put(
        file(
            "shop#2.9",
            "Door",
            parent=E2,
            body=body,
            acceptance_criteria="1. It opens",
            tasks=steps,
            native_state="drafted",
        )
    )
    shown = issue.show(pair.ctx, "2.9").markdown()
    head, _, rest = shown.partition("## Story\n")
    assert head.startswith("# Story 2.9: Door\n\nStatus: drafted\n\n## Story Details\n")
    assert rest == (
        "\nAs a guest,\nI want in.\n\n## Acceptance Criteria\n\n1. It opens\n\n"
        "## Tasks / Subtasks\n\n- [ ] Hinge\n  - [x] Screw\n    - [ ] Turn\n\n"
        "## Dev Notes\n\nOil it.\n\n### References\n\n- a.md\n"
    )
    assert issue.show(pair.ctx, "epic-2").markdown().startswith("# Epic 2: Doors\n")
    sync_cache.write(pair.ctx)
    (path,) = (pair.ctx.config.cache / "stories/epic-2").glob("shop*2.9.json")
    assert json.loads(path.read_text())["markdown"] == shown
