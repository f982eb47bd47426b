"""What recorded replies of the real service show and its documents do not say."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from panopticon.sandbox.serve import Options, Running, start
from tests.sandbox.conftest import Client, path_of

STORY = "HierarchicalRequirement"


def below(client: Client, thing: Any, collection: str) -> list[str]:
    """The names in one collection of an object, read anew."""
    found = client.get(path_of(thing))[collection]
    return [one["Name"] for one in client.items(path_of(found), order="Name")]


def order(thing: Any, first: str, last: str) -> list[str]:
    names = [*thing]
    return names[names.index(first) : names.index(last) + 1]


@pytest.mark.requirement("sandbox:date:cut")
@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("Defect", "TargetDate"),
        ("Milestone", "TargetDate"),
        ("PortfolioItem/Feature", "PlannedStartDate"),
        ("PortfolioItem/Epic", "PlannedEndDate"),
    ],
)
def test_date_only_fields_come_back_as_midnight_of_the_workspaces_zone(
    client: Client, kind: str, name: str
) -> None:
    made = client.make(kind, **{"Name": "due", name: "2026-01-15T18:36:00Z"})
    assert made[name] == "2026-01-15T07:00:00.000Z"  # Denver, in winter
    for sent, shown in (
        ("2026-07-01T05:59:59Z", "2026-06-30T06:00:00.000Z"),
        ("2026-07-01", "2026-07-01T06:00:00.000Z"),
    ):
        assert client.change(made, **{name: sent})["Object"][name] == shown
    zone = client.items("/workspaceconfiguration", fetch="TimeZone")[0]
    assert zone["TimeZone"] == "America/Denver"


@pytest.mark.requirement("sandbox:date:custom")
def test_custom_dates_such_as_the_lock_fields_keep_their_time(client: Client) -> None:
    story = client.make(STORY, Name="locked", c_LockedAt="2026-01-15T18:36:07.125Z")
    assert story["c_LockedAt"] == "2026-01-15T18:36:07.125Z"


@pytest.mark.requirement("sandbox:date:sprint")
def test_an_iteration_starts_at_midnight_and_ends_with_the_last_second(client: Client) -> None:
    day = "2026-01-15T18:36:00Z"
    sprint = client.make("Iteration", Name="S", StartDate=day, EndDate=day)
    assert sprint["StartDate"] == "2026-01-15T07:00:00.000Z"
    assert sprint["EndDate"] == "2026-01-16T06:59:59.000Z"


@pytest.mark.requirement("sandbox:fields:defect")
def test_a_defect_has_the_fields_of_2025(client: Client) -> None:
    other = client.make("Defect", Name="the same")
    defect = client.make("Defect", Name="twin", Duplicates=[{"_ref": other["_ref"]}])
    empty = ["SalesforceCaseID", "SalesforceCaseNumber", "TestCaseResult"]
    assert [defect[name] for name in empty] == [None] * 3
    assert below(client, defect, "Duplicates") == ["the same"]
    client.make("DefectSuite", Name="suite", Defects=[{"_ref": defect["_ref"]}])
    assert below(client, defect, "DefectSuites") == ["suite"]


@pytest.mark.requirement("sandbox:fields:story")
def test_a_story_names_its_ancestors_its_one_parent_and_its_risks(client: Client) -> None:
    epic = client.make("PortfolioItem/Epic", Name="a epic")
    feature = client.make("PortfolioItem/Feature", Name="b feature", Parent=epic["_ref"])
    above = client.make(STORY, Name="c story", PortfolioItem=feature["_ref"])
    story = client.make(STORY, Name="leaf", Parent=above["_ref"])
    assert above["UnifiedParent"]["_ref"] == feature["_ref"]
    assert story["UnifiedParent"]["_ref"] == above["_ref"]
    assert story["Ancestors"]["Count"] == 3
    assert below(client, story, "Ancestors") == ["a epic", "b feature", "c story"]
    client.make("Risk", Name="late", WorkItemsAffected=[{"_ref": story["_ref"]}])
    assert below(client, story, "Risks") == ["late"]


@pytest.mark.requirement("sandbox:fields:milestone")
def test_a_milestone_counts_its_target_project_among_its_projects(client: Client) -> None:
    root, web = client.items("/project", fetch="Name", order="ObjectID")[:2]
    made = client.make("Milestone", Name="M", TargetProject=root["_ref"])
    assert (made["Projects"]["Count"], made["TotalProjectCount"]) == (1, 1)
    assert below(client, made, "Projects") == [root["Name"]]
    moved = client.change(made, TargetProject=web["_ref"])["Object"]
    assert (moved["Projects"]["Count"], below(client, moved, "Projects")) == (1, [web["Name"]])
    assert client.change(made, TargetProject=None)["Object"]["TotalProjectCount"] == 0


@pytest.mark.requirement("sandbox:fields:order")
def test_fields_stand_class_by_class_with_custom_ones_among_the_types_own(client: Client) -> None:
    story = client.make(STORY, Name="in order")
    assert order(story, "Workspace", "Connections") == ["Workspace", "Changesets", "Connections"]
    assert order(story, "Tags", "AcceptedDate") == [
        *("Tags", "FlowState", "FlowStateChangedDate", "LastBuild", "LastRun"),
        *("PassingTestCaseCount", "ScheduleState", "ScheduleStatePrefix", "TestCaseCount"),
        *("c_AcceptanceCriteria", "AcceptedDate"),
    ]
    own = order(story, "c_AcceptanceCriteria", "UnifiedParent")
    assert own == sorted(own, key=lambda name: name.removeprefix("c_").lower())
    assert order(story, "Blocker", "Children") == ["Blocker", "c_Branch", "Children"]
    defect = client.make("Defect", Name="in order, too")
    assert order(defect, "TestCaseCount", "AffectsDoc")[1:] == ["AcceptedDate", "AffectsDoc"]


@pytest.mark.requirement("sandbox:path:plural")
@pytest.mark.parametrize("path", ["/users", "/users.js", "/Users", "/subscriptions"])
def test_users_and_subscriptions_in_the_plural_are_queries_without_a_query(
    client: Client, path: str
) -> None:
    reply = client.send("GET", path, pagesize=1, fetch="Name").json["QueryResult"]
    assert (reply["PageSize"], len(reply["Results"])) == (1, 1)
    assert reply["TotalResultCount"] > (0 if "subs" in path else 1)


@pytest.mark.requirement("sandbox:path:permission")
def test_a_permission_id_is_an_id_that_names_nothing_here(client: Client) -> None:
    for path in ("/workspacepermission/123u456w1", "/projectpermission/123u456p1.js", "/tag/1u2w3"):
        reply = client.send("GET", path).json
        assert reply["OperationResult"]["Errors"] == ["Cannot find object to read"]
    body = {"Tag": {"Name": "x", "User": "/workspacepermission/1u2w1"}}
    assert client.post("/tag/create", body)["Errors"] == []
    body = {STORY: {"Name": "x", "Owner": "/workspacepermission/1u2w1"}}
    (error,) = client.post(f"/{STORY}/create", body)["Errors"]
    assert error.startswith("Could not read: Could not read referenced object")


@pytest.mark.requirement("sandbox:shape:permission")
def test_permissions_of_the_caller_follow_the_name_when_asked_for(
    client: Client, box: Running
) -> None:
    keys = {box.api_key: "7", box.member_key: "3", box.read_only_key: "0"}
    for key, bits in keys.items():
        asked = {"fetch": "Owner", "pagesize": 1, "query": "(Owner != null)"}
        own = Client(box, {"ZSESSIONID": key})
        (item,) = own.items(f"/{STORY}", includePermissions="true", **asked)
        assert item["_p"] == item["Owner"]["_p"] == bits
        assert [*item][[*item].index("_p") - 1] == "_refObjectName"
        assert "_p" not in own.items(f"/{STORY}", **asked)[0]


@pytest.mark.requirement("sandbox:query:blanks")
@pytest.mark.parametrize(
    ("query", "operator"), [('(Name="x")', ")"), ("(Name=x)", ")"), ('(Name= "x")', '"')]
)
def test_an_operator_without_blanks_is_an_unknown_operator(
    client: Client, query: str, operator: str
) -> None:
    (error,) = client.get(f"/{STORY}", query=query)["Errors"]
    assert error == f'Could not parse: Unknown operator "{operator}"'


@pytest.mark.requirement("sandbox:revision:flow")
def test_a_revision_tells_when_the_flow_state_changed_before() -> None:
    steps = (datetime(2026, 1, 15, 18, tzinfo=UTC) + timedelta(milliseconds=n) for n in count())
    with start(Options(stories=3, clock=lambda: next(steps))) as box:
        client = Client(box, {"ZSESSIONID": box.api_key})
        story = client.make(STORY, Name="flows")
        client.change(story, ScheduleState="In-Progress")
        (told, _original) = client.history(story)
        date = client.send("GET", "/user").headers["date"]
    at = "Thu Jan 15 11:00:00 MST 2026"
    assert f"FLOW STATE CHANGED DATE changed from [{at}] to [{at}]" in told
    assert date == "Thu, 15 Jan 2026 18:00:00 GMT"
