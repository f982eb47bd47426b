"""What recorded replies of the real service show and its documents do not say."""

from typing import Any

import pytest

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
