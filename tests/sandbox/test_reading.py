"""Shapes of what is read, key by key."""

from typing import Any

import pytest

from panopticon.sandbox.serve import Running
from tests.sandbox.conftest import Client, path_of

BARE = ["_rallyAPIMajor", "_rallyAPIMinor", "_ref", "_refObjectUUID", "_refObjectName", "_type"]


@pytest.fixture
def us120(client: Client) -> Any:
    return client.items("/hierarchicalrequirement", query="(FormattedID = US120)")[0]


@pytest.mark.requirement("sandbox:shape:bare")
def test_a_query_without_fetch_gives_bare_references_in_exact_key_order(us120: Any) -> None:
    assert [*us120] == BARE


@pytest.mark.requirement("sandbox:shape:fetched")
def test_a_fetched_item_has_its_version_and_its_type_last(client: Client) -> None:
    fetch = '"Name,formattedid,NoSuchThing"'
    item = client.items("/HierarchicalRequirement", query="(FormattedID = US120)", fetch=fetch)[0]
    head = [*BARE[:4], "_objectVersion", "_refObjectName"]
    assert [*item] == [*head, "FormattedID", "Name", "DirectChildrenCount", "_type"]
    assert item["_objectVersion"] == "1"


@pytest.mark.requirement("sandbox:shape:read")
def test_a_single_read_has_no_type_and_ends_with_errors_and_warnings(
    client: Client, us120: Any
) -> None:
    reply = client.send("GET", path_of(us120)).json
    story = reply["HierarchicalRequirement"]
    assert "_type" not in story
    assert [*story][-2:] == ["Errors", "Warnings"]
    assert [*story][6:9] == ["CreationDate", "_CreatedAt", "ObjectID"]
    assert story["VersionId"] == story["_objectVersion"]
    assert "_refObjectName" not in story["RevisionHistory"]


@pytest.mark.requirement("sandbox:shape:collection")
def test_a_collection_is_a_summary_and_its_address_gives_whole_objects(
    client: Client, us120: Any
) -> None:
    story = client.get(path_of(us120))
    tags, tasks = story["Tags"], story["Tasks"]
    assert [*tasks] == ["_rallyAPIMajor", "_rallyAPIMinor", "_ref", "_type", "Count"]
    assert [*tags][-2:] == ["_tagsNameArray", "Count"]
    assert tags["_tagsNameArray"][0]["_ref"].startswith("/tag/")
    found = client.items(path_of(tasks))
    assert len(found) == tasks["Count"] > 0
    assert {"Estimate", "_objectVersion", "_type"} <= found[0].keys()


@pytest.mark.requirement("sandbox:shape:nested")
def test_the_fetch_list_fills_nested_objects_at_every_depth(client: Client) -> None:
    fetch = "Name,PortfolioItem,Parent,Project,Owner"
    item = client.items("/hierarchicalrequirement", query="(FormattedID = US120)", fetch=fetch)[0]
    feature = item["PortfolioItem"]
    assert feature["Name"] == "User Authentication"
    assert feature["_objectVersion"]
    assert feature["Parent"]["Name"]
    assert "_objectVersion" not in feature["Owner"]


@pytest.mark.requirement("sandbox:shape:shallow")
def test_shallow_fetch_names_the_fields_of_each_nested_object(client: Client) -> None:
    item = client.items(
        "/hierarchicalrequirement",
        query="(FormattedID = US120)",
        shallowFetch="Name,PortfolioItem[FormattedID],Project",
    )[0]
    assert item["PortfolioItem"]["FormattedID"] == "F17"
    assert "Name" not in item["PortfolioItem"]
    assert [*item["Project"]] == BARE


@pytest.mark.requirement("sandbox:shape:compact")
def test_compact_output_has_relative_references_and_shrinks_repeats(client: Client) -> None:
    query = '((PortfolioItem.FormattedID = "F17") AND (Name != null))'
    fetch = "Name,PortfolioItem"
    text = {"query": query, "fetch": fetch, "compact": "true", "order": "ObjectID"}
    one, two = client.items("/hierarchicalrequirement", **text)[:2]
    assert one["_ref"].startswith("/hierarchicalrequirement/")
    assert one["PortfolioItem"]["Name"] == "User Authentication"
    assert two["PortfolioItem"] == {"_ref": one["PortfolioItem"]["_ref"]}
    assert "_rallyAPIMajor" not in one
    assert "_objectVersion" not in one


@pytest.mark.requirement("sandbox:shape:empty")
def test_unset_values_look_as_recorded(client: Client) -> None:
    defect = client.make("Defect", Name="empty")
    assert defect["Notes"] == ""
    assert [defect[n] for n in ("Priority", "Severity", "Resolution")] == ["None"] * 3
    assert [defect[n] for n in ("Owner", "PlanEstimate", "Package", "OpenedDate")] == [None] * 4
    assert (defect["TaskStatus"], defect["TaskEstimateTotal"]) == ("NONE", 0.0)
    assert (defect["State"], defect["ScheduleState"], defect["DisplayColor"]) == (
        "Submitted",
        "Defined",
        "#f9a814",
    )


@pytest.mark.requirement("sandbox:shape:escaped")
def test_angle_brackets_are_escaped_in_the_raw_reply(client: Client) -> None:
    story = client.make("HierarchicalRequirement", Name="a < b", Description="<p>x</p>")
    raw = client.send("GET", path_of(story)).body
    assert b"<" not in raw
    assert rb"\u003Cp\u003Ex" in raw


@pytest.mark.requirement("sandbox:path:spellings")
def test_paths_take_any_case_plural_script_suffix_and_version(client: Client, us120: Any) -> None:
    number = us120["_ref"].rpartition("/")[2]
    for path in ("/HierarchicalRequirement/", "/artifact/"):
        assert client.get(path + number)["FormattedID"] == "US120"
    assert client.get(f"/hierarchicalrequirement/{us120['_refObjectUUID']}")["ObjectID"] == int(
        number
    )
    assert client.get("/projects")["TotalResultCount"] > 1
    aliased = client.get(f"/slm/webservice/v2.x/hierarchicalrequirement/{number}")
    assert "/v2.x/" in aliased["_ref"]
    warned = client.get(f"/hierarchicalrequirement/{number}.js")["Warnings"]
    assert warned == ['It is no longer necessary to append ".js" to WSAPI resources.']


@pytest.mark.requirement("sandbox:path:wrong")
def test_wrong_addresses_get_the_real_texts(client: Client) -> None:
    assert client.get("/IAmNotARealOne")["Errors"] == [
        'Requested type name "iamnotarealone" is unknown.'
    ]
    assert client.send("GET", "/defect/7").json["OperationResult"]["Errors"] == [
        "Cannot find object to read"
    ]
    assert client.send("GET", "/slm/nowhere").status == 404


@pytest.mark.requirement("sandbox:path:singletons")
def test_user_and_subscription_without_a_query_are_single(client: Client, box: Running) -> None:
    user = client.send("GET", "/user", pagesize=5).json["User"]
    assert user["UserName"] == box.username
    assert "Workspaces" in client.send("GET", "/subscription").json["Subscription"]
    assert client.get("/user", query="(Disabled = true)")["TotalResultCount"] >= 1


@pytest.mark.requirement("sandbox:page:limits")
def test_pages_default_to_20_and_are_clamped_at_2000(client: Client) -> None:
    first = client.get("/task", project="null")
    assert (first["StartIndex"], first["PageSize"], len(first["Results"])) == (1, 20, 20)
    assert client.get("/task", pagesize=9999)["PageSize"] == 2000
    total = first["TotalResultCount"]
    last = client.get("/task", project="null", start=total, pagesize=50)
    assert len(last["Results"]) == 1


@pytest.mark.requirement("sandbox:scope:projects")
def test_projects_are_scoped_up_and_down(client: Client) -> None:
    projects = {p["Name"]: p for p in client.items("/project", fetch="Name,Parent")}
    web, kind = projects["DDC-AI Web"], "/hierarchicalrequirement"

    def names(**scope: str) -> set[str]:
        found = client.items(kind, fetch="Project", pagesize=2000, **scope)
        return {one["Project"]["_refObjectName"] for one in found}

    client.make("HierarchicalRequirement", Name="of the web", Project=web["_ref"])
    only = {"projectScopeUp": "false", "projectScopeDown": "false"}
    assert names(project=web["_ref"], **only) == {"DDC-AI Web"}
    assert "DDC-AI" in names(project=web["_ref"], projectScopeUp="true")
    root = projects["DDC-AI"]["_ref"]
    assert names(project=root, **only) == {"DDC-AI"}
    assert names(project=root) >= {"DDC-AI", "DDC-AI Web"}
    assert names(project="null") >= names(project=root)


@pytest.mark.requirement("sandbox:scope:workspaces")
def test_workspaces_are_strictly_apart(client: Client, second: Any) -> None:
    where = second["_ref"]
    mine = {s["_ref"] for s in client.items("/artifact", pagesize=2000, project="null")}
    theirs = {s["_ref"] for s in client.items("/artifact", pagesize=2000, workspace=where)}
    assert theirs
    assert not mine & theirs
    fields = client.items("/hierarchicalrequirement", workspace=where, fetch="true")[0]
    assert not [name for name in fields if name.startswith("c_")]


@pytest.mark.requirement("sandbox:schema:types")
def test_the_schema_inlines_attributes(client: Client, box: Running) -> None:
    types = {
        t["ElementName"]: t for t in client.items(f"/slm/schema/v2.0/workspace/{box.workspace_oid}")
    }
    story = {a["ElementName"]: a for a in types["HierarchicalRequirement"]["Attributes"]}
    assert story["ScheduleState"]["AllowedValues"]["_ref"].endswith("/AllowedValues")
    assert story["c_LockedBy"]["Custom"] is True
    assert types["Feature"]["TypePath"] == "PortfolioItem/Feature"


@pytest.mark.requirement("sandbox:schema:portfolio")
def test_portfolio_types_are_discovered_in_order(client: Client) -> None:
    query = '((Parent.Name = "Portfolio Item") and (Creatable = true))'
    found = client.items("/typedefinition", query=query, fetch="Name,Ordinal", order="Ordinal")
    assert [(one["Name"], one["Ordinal"]) for one in found] == [("Feature", 0), ("Epic", 1)]
