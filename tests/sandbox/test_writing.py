"""What is written, what comes with it, and how it is refused."""

import base64
import re
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import pytest

from panopticon.sandbox.serve import Running
from tests.sandbox.conftest import Client, path_of

STORY = "HierarchicalRequirement"


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.requirement("sandbox:write:verbs")
def test_create_and_update_take_post_and_put(client: Client, method: str) -> None:
    made = client.send(method, "/Defect/create?key=None", {"defect": {"Name": "a"}}).json
    thing = made["CreateResult"]["Object"]
    assert (thing["VersionId"], thing["_type"]) == ("1", "Defect")
    body = {"Defect": {"Name": "b", "ObjectID": 5, "FormattedID": "DE1", "_ref": thing["_ref"]}}
    changed = client.send(method, path_of(thing), body, fetch="Name").json["OperationResult"]
    assert changed["Warnings"] == []
    assert (changed["Object"]["Name"], changed["Object"]["_objectVersion"]) == ("b", "2")
    assert "Priority" not in changed["Object"]


@pytest.mark.requirement("sandbox:write:unknown")
def test_unknown_and_unwritable_fields_are_ignored_with_a_warning(client: Client) -> None:
    body = {"story": {"Name": "a", "c_Typo": 1, "TaskStatus": "DONE"}}
    made = client.post(f"/{STORY}/create", body)
    said = "Ignored JSON element story.{} during processing of this request."
    assert made["Warnings"] == [said.format("c_Typo"), said.format("TaskStatus")]
    assert made["Errors"] == []


@pytest.mark.requirement("sandbox:write:stale")
def test_a_stale_version_is_not_refused_and_no_change_is_no_version(client: Client) -> None:
    story = client.make(STORY, Name="a")
    client.change(story, Name="b")
    late = client.change(story, Name="c", VersionId="1", _objectVersion="1")
    assert (late["Errors"], late["Object"]["VersionId"]) == ([], "3")
    assert client.change(story, Name="c")["Object"]["VersionId"] == "3"
    assert len(client.history(story)) == 3


@pytest.mark.parametrize(
    ("kind", "values", "errors"),
    [
        (STORY, {}, ["Validation error: HierarchicalRequirement.Name should not be null"]),
        (
            "Defect",
            {"Name": "a", "Notes": "x" * 32769},
            ["Validation error: Defect.Notes length is greater than the maximum length of 32768"],
        ),
        (
            STORY,
            {"Name": "a", "Owner": "InfinityDrain"},
            ['Cannot parse object reference from "InfinityDrain"'],
        ),
        (
            STORY,
            {"Name": "a", "Tags": [{"_ref": "/tag/2"}]},
            ["Could not read: Could not read referenced object 2"],
        ),
        (
            STORY,
            {"Name": "<script>x</script>"},
            [
                f"Validation error: {where} contained invalid input."
                " Search 'HTML Whitelist' at help.rallydev.com for details."
                for where in ("Card.WorkProductName", "HierarchicalRequirement.Name")
            ],
        ),
        (
            "Defect",
            {"Name": "a", "State": "Fixt"},
            [
                (
                    'Could not convert: "State" must be a string : Conversion method name : '
                    "com.f4tech.slm.convert.DefectConversion.getStateNamed : value to convert"
                    " : Fixt : type to convert : class com.f4tech.slm.domain.Rating :"
                    " valid set is : "
                    "(Submitted,Open,Fixed,Closed)"
                )
            ],
        ),
        (
            "Milestone",
            {"Name": "a", "TargetDate": "2017-04-29 20:23:51"},
            [
                (
                    'Could not parse: Cannot convert "2017-04-29 20:23:51" into a date.'
                    "  You must use the ISO8601 date+time format."
                )
            ],
        ),
    ],
)
@pytest.mark.requirement("sandbox:write:errors")
def test_bad_values_are_refused_with_the_real_text(
    client: Client, kind: str, values: Any, errors: list[str]
) -> None:
    made = client.post(f"/{kind}/create", {kind: values})
    assert made["Errors"] == errors
    assert "Object" not in made


@pytest.mark.requirement("sandbox:write:missing")
def test_missing_objects_have_a_text_for_each_verb(client: Client) -> None:
    assert client.post("/defect/1234", {"Defect": {}})["Errors"] == [
        "Could not read: Could not read Defect 1234 to update."
    ]
    assert client.send("DELETE", "/defect/1234").result["Errors"] == [
        "Object to delete cannot be null"
    ]


@pytest.mark.requirement("sandbox:write:whole")
def test_a_refused_write_changes_nothing(client: Client) -> None:
    story = client.make(STORY, Name="whole")
    refused = client.change(story, Name="half", ScheduleState="Nonsense")
    assert refused["Errors"]
    assert client.get(path_of(story))["Name"] == "whole"
    assert client.history(story) == ["Original revision"]


@pytest.mark.requirement("sandbox:write:places")
def test_objects_of_other_places_cannot_be_connected(client: Client, second: Any) -> None:
    story = client.make(STORY, Name="at home")
    far = client.items("/iteration", workspace=second["_ref"])[0]
    (error,) = client.change(story, Iteration=far["_ref"])["Errors"]
    assert error.startswith(
        "Could not set value for Iteration: Cannot connect object to value, Iteration value"
        " is in a different workspace. [object workspace OID="
    )
    near = client.items("/iteration", query='(Project.Name = "DDC-AI Web")')[0]
    assert client.change(story, Iteration=near["_ref"])["Errors"] == [
        "Could not set value for Iteration: null"
    ]


@pytest.mark.requirement("sandbox:write:parents")
def test_a_story_has_one_parent(client: Client) -> None:
    feature = client.items("/portfolioitem/feature")[0]["_ref"]
    parent = client.make(STORY, Name="parent", PortfolioItem=feature)
    refused = client.post(
        f"/{STORY}/create",
        {STORY: {"Name": "x", "Parent": parent["_ref"], "PortfolioItem": feature}},
    )
    assert refused["Errors"] == [
        (
            "Validation error: HierarchicalRequirement.parentArtifact should not be set"
            " if HierarchicalRequirement.Parent is set and vice versa"
        )
    ]
    client.make(STORY, Name="child", Parent=parent["_ref"])
    assert client.get(path_of(parent))["DirectChildrenCount"] == 1


@pytest.mark.requirement("sandbox:state:coupling")
def test_schedule_and_flow_state_move_together(client: Client) -> None:
    story = client.make(STORY, Name="flows")
    done = client.change(story, ScheduleState="Accepted")["Object"]
    assert done["FlowState"]["_refObjectName"] == "Accepted"
    assert done["AcceptedDate"]
    assert done["InProgressDate"]
    review = client.items(
        "/flowstate", query='((Name = "Code Review") AND (Project.Name = "DDC-AI"))'
    )[0]
    back = client.change(story, FlowState=review["_ref"])["Object"]
    assert (back["ScheduleState"], back["AcceptedDate"]) == ("In-Progress", None)


@pytest.mark.requirement("sandbox:revision:texts")
def test_revisions_say_what_changed_custom_fields_too(client: Client) -> None:
    story = client.make(STORY, Name="told")
    client.change(story, ScheduleState="In-Progress", c_LockToken="take:1", Blocked=True)
    client.change(story, c_LockToken="take:2")
    client.change(story, c_LockToken="")
    cleared, changed, first, original = client.history(story)
    assert original == "Original revision"
    assert "SCHEDULE STATE changed from [Defined] to [In-Progress]" in first
    assert "FLOW STATE changed from [Defined] to [In-Progress]" in first
    assert "BLOCKED changed from [false] to [true]" in first
    assert "LOCKTOKEN added [take:1]" in first
    assert changed == "LOCKTOKEN changed from [take:1] to [take:2]"
    assert cleared == "LOCKTOKEN changed from [take:2] to []"


@pytest.mark.requirement("sandbox:revision:numbers")
def test_revisions_are_numbered_without_gaps_newest_first(client: Client) -> None:
    story = client.make(STORY, Name="n0")
    for number in range(1, 4):
        client.change(story, Name=f"n{number}")
    revisions = path_of(client.get(path_of(story))["RevisionHistory"]) + "/Revisions"
    found = client.items(revisions)
    assert [one["RevisionNumber"] for one in found] == [3, 2, 1, 0]
    upwards = client.items(revisions, order="RevisionNumber", pagesize=2)
    assert [one["RevisionNumber"] for one in upwards] == [0, 1]


@pytest.mark.requirement("sandbox:revision:chain")
def test_revisions_of_parallel_writers_form_one_chain(client: Client) -> None:
    story = client.make(STORY, Name="raced for")

    def write(who: int) -> None:
        for turn in range(5):
            client.change(story, c_LockToken=f"{who}:{turn}")

    with ThreadPoolExecutor(8) as pool:
        assert [*pool.map(write, range(8))] == [None] * 8
    texts = client.history(story)[::-1][1:]
    ends = [re.findall(r"\[(.*?)\]", text) for text in texts]
    assert len(texts) == 40
    assert all(after[0] == before[-1] for before, after in pairwise(ends))


@pytest.mark.requirement("sandbox:delete:recycle")
def test_a_deleted_story_goes_to_the_recycle_bin_with_its_tasks(client: Client) -> None:
    story = client.make(STORY, Name="doomed")
    task = client.make("Task", Name="with it", WorkProduct=story["_ref"])
    gone = client.send("DELETE", path_of(story)).json["OperationResult"]
    assert (gone["Errors"], "Object" in gone) == ([], False)
    query = f"((ItemOID = {story['ObjectID']}) OR (ItemOID = {task['ObjectID']}))"
    found = client.items("/recyclebinentry", query=query, fetch="ID,Type")
    assert {one["ID"] for one in found} == {story["FormattedID"], task["FormattedID"]}
    assert client.get(path_of(story))["Errors"] == ["Cannot find object to read"]


@pytest.mark.requirement("sandbox:write:copy")
def test_a_copy_says_so(client: Client) -> None:
    story = client.make(STORY, Name="original", PlanEstimate=3)
    copy = client.post(f"{path_of(story)}/copy", {})["Object"]
    assert (copy["Name"], copy["PlanEstimate"]) == ("(Copy of) original", 3.0)
    assert copy["FormattedID"] != story["FormattedID"]


@pytest.mark.requirement("sandbox:collection:changes")
def test_collections_take_references_and_new_objects(client: Client) -> None:
    story = client.make(STORY, Name="collects")
    added = client.post(
        f"{path_of(story)}/Tags/add", {"CollectionItems": [{"Name": "fresh"}]}, fetch="Name"
    )
    assert [one["Name"] for one in added["Results"]] == ["fresh"]
    tag = {"_ref": added["Results"][0]["_ref"]}
    removed = client.post(f"{path_of(story)}/tags/remove", {"Tags": [tag]})
    assert "Results" not in removed
    assert client.items(f"{path_of(story)}/Tags") == []
    made = client.post(f"{path_of(story)}/Tasks/add", {"CollectionItems": [{"Name": "job"}]})
    assert made["Results"][0]["WorkProduct"]["_ref"] == story["_ref"]
    first, then = client.history(story)[1], client.history(story)[0]
    assert "TAGS added [fresh]" in first
    assert "TAGS removed [fresh]" in then


@pytest.mark.requirement("sandbox:collection:predecessors")
def test_predecessors_show_from_both_ends_and_only_on_stories(client: Client) -> None:
    one, two = client.make(STORY, Name="one"), client.make(STORY, Name="two")
    items = {"CollectionItems": [{"_ref": one["_ref"]}]}
    client.post(f"{path_of(two)}/Predecessors/add", items)
    (found,) = client.items(f"{path_of(one)}/Successors")
    assert found["Name"] == "two"
    client.post(f"{path_of(one)}/Successors/remove", {"CollectionItems": [{"_ref": two["_ref"]}]})
    assert client.items(f"{path_of(two)}/Predecessors") == []
    defect = client.make("Defect", Name="no order")
    assert client.get(f"{path_of(defect)}/Predecessors")["Errors"]


@pytest.mark.requirement("sandbox:batch:entries")
def test_a_batch_takes_entries_with_and_without_wrapper(client: Client) -> None:
    story = client.make(STORY, Name="batched")
    entries = [
        {"Entry": {"Path": "/tag/create", "Method": "POST", "Body": {"Tag": {"Name": "t"}}}},
        {"Path": path_of(story), "Method": "PUT", "Body": {STORY: {"Name": "changed"}}},
        {"Entry": {"Path": "/defect/7", "Method": "DELETE"}},
    ]
    result = client.send("POST", "/batch", {"Batch": entries}).json["BatchResult"]
    assert [*result] == ["Errors", "Warnings", "Results"]
    made, changed, failed = result["Results"]
    assert (made["Object"]["Name"], changed["Object"]["Name"]) == ("t", "changed")
    assert failed["Errors"] == ["Object to delete cannot be null"]


@pytest.mark.requirement("sandbox:fields:custom")
def test_an_administrator_makes_custom_fields_per_type_and_workspace(
    client: Client, box: Running, second: Any
) -> None:
    def kind(where: str) -> str:
        query = "(ElementName = HierarchicalRequirement)"
        return str(client.items("/typedefinition", query=query, workspace=where)[0]["_ref"])

    body = {
        "Name": "LockToken",
        "RealAttributeType": "STRING",
        "TypeDefinition": kind(second["_ref"]),
    }
    member = Client(box, {"ZSESSIONID": box.member_key})
    assert member.post("/attributedefinition/create", {"a": body})["Errors"] == [
        "Not authorized to create: Attribute Definition"
    ]
    made = client.post("/attributedefinition/create", {"a": body})["Object"]
    assert made["ElementName"] == "c_LockToken"
    story = client.items("/hierarchicalrequirement", workspace=second["_ref"])[0]
    assert client.change(story, c_LockToken="mine")["Object"]["c_LockToken"] == "mine"
    missing = client.post("/attributedefinition/create", {"a": {"Name": "x"}})["Errors"]
    assert missing == ["Validation error: AttributeDefinition.RealAttributeType should not be null"]


@pytest.mark.requirement("sandbox:fields:required")
def test_a_required_custom_field_is_named_as_its_screens_do(client: Client) -> None:
    kind = client.items("/typedefinition", query="(ElementName = Risk)")[0]["_ref"]
    body = {
        "Name": "Risk Class",
        "RealAttributeType": "DROP_DOWN",
        "TypeDefinition": kind,
        "Required": True,
        "AllowedValues": [{"StringValue": "A"}, {"StringValue": "B"}],
    }
    made = client.post("/attributedefinition/create", {"a": body})["Object"]
    assert (made["Required"], made["AllowedValues"]["Count"]) == (True, 2)
    assert client.post("/risk/create", {"Risk": {"Name": "x"}})["Errors"] == [
        "Validation error: Risk.Risk Class should not be null"
    ]
    assert client.make("Risk", Name="x", c_RiskClass="A")["c_RiskClass"] == "A"


@pytest.mark.requirement("sandbox:comment:numbers")
def test_comments_are_numbered_and_owned_by_the_writer(client: Client, box: Running) -> None:
    story = client.make(STORY, Name="talk")
    posts = [
        client.make("ConversationPost", Artifact=story["_ref"], Text=text) for text in ("a", "b")
    ]
    assert [post["PostNumber"] for post in posts] == [0, 1]
    assert "_refObjectName" not in posts[0]
    assert client.get(path_of(story))["Discussion"]["Count"] == 2


@pytest.mark.requirement("sandbox:attachment:content")
def test_an_attachment_can_be_downloaded(client: Client) -> None:
    text = base64.b64encode(b"\x00binary").decode()
    content = client.make("AttachmentContent", Content=text)
    story = client.make(STORY, Name="file")
    made = client.make(
        "Attachment",
        Name="a.bin",
        Content=f"attachmentcontent/{content['ObjectID']}",
        ContentType="application/octet-stream",
        Size=7,
        Artifact=story["_ref"],
    )
    reply = client.send("GET", f"/slm/attachment/{made['ObjectID']}/a.bin")
    assert reply.body == b"\x00binary"
    bad = client.post("/attachmentcontent/create", {"c": {"Content": "ab\ncd"}})
    assert bad["Errors"][0].startswith("Could not convert:  : value to convert : ab")


@pytest.mark.requirement("sandbox:task:rollup")
def test_task_hours_add_up_in_the_story_and_its_history(client: Client) -> None:
    story = client.make(STORY, Name="adds up")
    task = client.make("Task", Name="t", WorkProduct=story["_ref"], Estimate=4)
    assert (task["ToDo"], task["TaskIndex"]) == (4.0, 1)
    client.change(task, State="Completed")
    now = client.get(path_of(story))
    assert (now["TaskEstimateTotal"], now["TaskRemainingTotal"], now["TaskStatus"]) == (
        4.0,
        0.0,
        "COMPLETED",
    )
    assert client.history(story)[0] == "TASK REMAINING TOTAL changed from [4.0] to [0.0]"


@pytest.mark.requirement("sandbox:rank:order")
def test_ranking_puts_one_directly_above_the_other(client: Client) -> None:
    one, two, three = (client.make(STORY, Name=f"ranked {n}") for n in (1, 2, 3))
    ref = "/" + path_of(one).lstrip("/")
    moved = client.post(path_of(three), {STORY: {}}, rankAbove=ref)
    assert moved["Errors"] == []
    text = {"query": '(Name contains "ranked ")', "order": "Rank", "fetch": "Name"}
    names = [one["Name"] for one in client.items("/hierarchicalrequirement", **text)]
    assert names == ["ranked 3", "ranked 1", "ranked 2"]
    assert client.history(three)[0] == "RANK moved up"
    assert 60 <= len(client.get(path_of(two))["DragAndDropRank"]) <= 64
