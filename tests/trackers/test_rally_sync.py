"""Streams over a Rally that answers as the test says."""

from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from panopticon.model.change import Cursor, Page, Scope
from panopticon.model.issue import Kind, State
from panopticon.model.lease import Lease
from panopticon.model.ref import IssueRef
from tests.trackers.rig import BASE, Rig, errors, page_of, reply, rig, rows, story

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
WRONG = NOW + timedelta(hours=1)  # what the local clock says
MARK = datetime(2026, 11, 20, tzinfo=UTC)


def pages(found: Rig, stream: str = "stories", cursor: Cursor | None = None) -> list[Page]:
    return list(found.tracker.pull(stream, Scope(), cursor or Cursor(), WRONG))


@pytest.mark.requirement("rally:sync:five-requests")
def test_nothing_new_costs_five_requests() -> None:
    found = rig(lambda _r: rows())
    for stream in found.tracker.streams():
        assert [p.issues for p in pages(found, stream, Cursor(MARK))] == [()]
    assert found.tracker.usage().requests == 5
    queries = [r.url.params["query"] for r in found.requests]
    assert queries[0] == '(DeletionDate >= "2026-11-20T00:00:00.000Z")'
    assert queries[1] == '(LastUpdateDate >= "2026-11-20T00:00:00.000Z")'
    assert {r.url.params["project"] for r in found.requests[1:]} == {"/project/7"}
    assert {r.url.params["projectScopeDown"] for r in found.requests[1:]} == {"true"}


@pytest.mark.requirement("rally:sync:mark")
def test_the_mark_is_the_servers_clock_minus_the_lag() -> None:
    found = rig(lambda _r: rows(story(1)))
    last = pages(found)[-1]
    assert last.cursor == Cursor(NOW - timedelta(seconds=60))
    assert [issue.ref.key for issue in last.issues] == ["US1"]


@pytest.mark.requirement("rally:sync:no-date")
def test_without_a_date_the_newest_change_is_the_mark() -> None:
    def dateless(_request: httpx2.Request) -> httpx2.Response:
        answer = rows(story(1))
        del answer.headers["Date"]
        return answer

    assert pages(rig(dateless))[-1].cursor == Cursor(MARK - timedelta(seconds=60))


@pytest.mark.requirement("rally:sync:resume")
def test_a_cut_off_run_goes_on_behind_its_last_item() -> None:
    items = [story(oid) for oid in range(1, 8)]

    def handle(request: httpx2.Request) -> httpx2.Response:
        query = request.url.params.get("query", "")
        behind = (
            int(query.rpartition("ObjectID > ")[2].rstrip(")") or 0) if "ObjectID" in query else 0
        )
        return page_of([item for item in items if item["ObjectID"] > behind], request)

    found = rig(handle, page_size=3)
    whole = pages(found)
    assert [i.native_id for p in whole for i in p.issues] == [str(n) for n in range(1, 8)]
    assert whole[0].cursor.position == "0:3"
    rest = pages(found, cursor=whole[0].cursor)
    assert [i.native_id for p in rest for i in p.issues] == ["4", "5", "6", "7"]
    assert rest[-1].cursor == whole[-1].cursor


@pytest.mark.requirement("rally:sync:deletions")
def test_the_recycle_bin_tells_what_is_gone() -> None:
    entry = {"_type": "RecycleBinEntry", "ObjectID": 900, "ItemOID": 12}
    found = rig(lambda _r: rows(entry))
    (first,) = pages(found, "deleted")
    assert first.deleted == ()
    assert first.cursor.mark == NOW - timedelta(seconds=60)
    (later,) = pages(found, "deleted", first.cursor)
    assert later.deleted == ("12",)


def predecessors(count: int, summary: dict[str, int] | None = None) -> dict[str, object]:
    found: dict[str, object] = {
        "_ref": f"{BASE}/HierarchicalRequirement/1/Predecessors",
        "Count": count,
    }
    return found | ({"Summary": {"FormattedID": summary}} if summary else {})


@pytest.mark.requirement("rally:sync:predecessors")
def test_predecessors_are_asked_for_only_where_they_are_missing() -> None:
    def handle(request: httpx2.Request) -> httpx2.Response:
        if request.url.path.endswith("/Predecessors"):
            return rows({"FormattedID": "US9"}, {"FormattedID": "US8"})
        return rows(
            story(1, Predecessors=predecessors(0)),
            story(2, Predecessors=predecessors(2)),
            story(3, Predecessors=predecessors(1, {"US7": 1})),
        )

    found = rig(handle)
    issues = pages(found)[-1].issues
    assert [[ref.key for ref in issue.blocked_by] for issue in issues] == [
        [],
        ["US8", "US9"],
        ["US7"],
    ]
    assert len(found.requests) == 2


@pytest.mark.requirement("rally:sync:fetch-fallback")
def test_a_server_that_ignores_shallow_fetch_is_asked_plainly() -> None:
    def handle(request: httpx2.Request) -> httpx2.Response:
        if "fetch" in request.url.params:
            assert "Owner,EmailAddress" in request.url.params["fetch"]
            return rows(story(1))
        return rows(
            {"_ref": f"{BASE}/hierarchicalrequirement/1", "_type": "HierarchicalRequirement"}
        )

    found = rig(handle)
    assert pages(found)[-1].issues[0].title == "Story 1"
    pages(found)
    assert len(found.requests) == 3


@pytest.mark.requirement("rally:sync:fetch-fallback")
def test_a_server_that_refuses_shallow_fetch_is_asked_plainly() -> None:
    def handle(request: httpx2.Request) -> httpx2.Response:
        if "shallowFetch" in request.url.params:
            return errors("Could not parse: unexpected [")
        return rows(story(1))

    found = rig(handle)
    assert pages(found)[-1].issues[0].title == "Story 1"
    pages(found)
    assert len(found.requests) == 3


@pytest.mark.requirement("rally:scope:whole-workspace")
def test_without_a_project_the_whole_workspace_is_meant() -> None:
    found = rig(lambda _r: rows(), project="")
    pages(found)
    assert found.requests[0].url.params["project"] == "null"
    assert found.requests[0].url.params["workspace"] == "/workspace/5"


@pytest.mark.requirement("rally:scope:several-projects")
def test_several_projects_are_read_one_after_the_other() -> None:
    def handle(request: httpx2.Request) -> httpx2.Response:
        if "ObjectID >" in request.url.params.get("query", ""):
            return rows()
        return rows(story(int(request.url.params["project"][-1])))

    found = rig(handle, project="7,8")
    read = pages(found)
    assert [i.native_id for p in read for i in p.issues] == ["7", "8"]
    assert [p.cursor.position for p in read] == ["0:7", None]
    rest = pages(found, cursor=read[0].cursor)
    assert [i.native_id for p in rest for i in p.issues] == ["8"]


@pytest.mark.requirement("rally:mapping:lease")
def test_lock_fields_become_a_lease() -> None:
    locked = story(
        1,
        c_LockedBy="ann@x.y",
        c_LockedAt="2026-11-20T10:00:00.000Z",
        c_LockExpiry="2026-11-21T10:00:00.000Z",
        c_Branch="feature/us1",
        c_Coverage="87.5%",
        c_CommitSHA="abc",
    )
    issue = pages(rig(lambda _r: rows(locked)))[-1].issues[0]
    at = datetime(2026, 11, 20, 10, tzinfo=UTC)
    assert issue.lease == Lease("ann@x.y", at, at + timedelta(days=1), "feature/us1")
    assert (issue.branch, issue.coverage, issue.commit_sha) == ("feature/us1", 87.5, "abc")


@pytest.mark.requirement("rally:mapping:fields")
def test_a_full_story_is_read() -> None:
    full = story(
        1,
        Name='A "b" & (c) 🚀',
        Description="<p>One <b>two</b></p>",
        c_AcceptanceCriteria="<ul><li>works</li></ul>",
        ScheduleState="In-Progress",
        FlowState={"Name": "Code Review"},
        Owner={"_refObjectName": "Ann", "EmailAddress": "ann@x.y"},
        Tags={"_tagsNameArray": [{"Name": "api", "_ref": "/tag/1"}], "Count": 0},
        PortfolioItem={"FormattedID": "F17", "ObjectID": 17},
        Iteration={"Name": "Sprint-24"},
        PlanEstimate=5.0,
        TaskEstimateTotal=12.0,
        Blocked=True,
        BlockedReason="waits",
        c_Extra={"LinkID": "7", "DisplayString": "seven"},
    )
    issue = pages(rig(lambda _r: rows(full), custom_fields=["c_Extra"]))[-1].issues[0]
    assert issue.title == 'A "b" & (c) 🚀'
    assert (issue.body, issue.body_html) == ("One **two**", "<p>One <b>two</b></p>")
    assert issue.acceptance_criteria == "- works"
    assert (issue.state, issue.native_state) == (State.IN_REVIEW, "Code Review")
    assert (issue.assignee, issue.labels, issue.points, issue.hours) == (
        "ann@x.y",
        ("api",),
        5.0,
        12.0,
    )
    assert issue.parent == IssueRef("rally", "F17")
    assert (issue.blocked, issue.blocked_reason, issue.iteration) == (True, "waits", "Sprint-24")
    assert issue.url == "http://localhost:1/#/detail/userstory/1"
    assert issue.custom == {"c_Extra": {"LinkID": "7", "DisplayString": "seven"}}


@pytest.mark.requirement("rally:mapping:due")
@pytest.mark.parametrize(
    ("stamp", "day"),
    [
        ("2026-03-05T08:00:00.000Z", "2026-03-05"),
        ("2026-03-04T15:00:00.000Z", "2026-03-05"),
        ("2026-03-05T00:00:00.000Z", "2026-03-05"),
        ("2026-03-06T06:59:59.000Z", "2026-03-05"),
        (None, None),
    ],
)
def test_a_due_date_is_the_day_in_the_workspaces_zone(stamp: str | None, day: str | None) -> None:
    defect = story(1, TargetDate=stamp, _type="Defect", State="Open", Priority="Urgent")
    issue = pages(rig(lambda _r: rows(defect)), "defects")[-1].issues[0]
    assert (str(issue.due) if issue.due else None) == day
    assert (issue.kind, issue.state, issue.priority) == (Kind.DEFECT, State.IN_PROGRESS, 1)


class Shelf:
    """Notes that outlive a tracker."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}

    def note(self, name: str) -> str | None:
        return self.texts.get(name)

    def put_note(self, name: str, value: str) -> None:
        self.texts[name] = value


@pytest.mark.requirement("rally:metadata:remembered")
def test_names_and_portfolio_types_are_asked_once_and_kept() -> None:
    def handle(request: httpx2.Request) -> httpx2.Response:
        if request.url.path.endswith("/typedefinition"):
            return rows({"TypePath": "PortfolioItem/Epic", "IDPrefix": "E", "Ordinal": 1})
        if request.url.path.endswith("/project"):
            return rows({"_ref": f"{BASE}/project/7", "Name": "P", "ObjectID": 7})
        if request.url.path.endswith("/portfolioitem"):
            return rows(story(1, _type="PortfolioItem/Epic"))
        return reply("QueryResult", TotalResultCount=0, Results=[])

    shelf = Shelf()
    counts = []
    for _ in range(2):
        found = rig(handle, notes=shelf, project="P")
        assert pages(found, "portfolio")[-1].issues[0].kind is Kind.EPIC
        counts.append(len(found.requests))
    assert counts == [3, 1]
