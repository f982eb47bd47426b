"""Broadcom's Python client, unmodified, works the sandbox as it would work Rally."""

import warnings
from collections.abc import Iterator
from typing import Any

import pytest

from panopticon.sandbox.serve import Options, Running, start

pytestmark = [pytest.mark.foreign, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Running]:
    with start(Options(stories=450, seed=3)) as running:
        yield running


@pytest.fixture(scope="module")
def pyral() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pyral.restapi  # noqa: PLC0415 - its import warns

    pyral.restapi.PROTOCOL = "http"  # pyral has no option for it
    return pyral


@pytest.fixture(scope="module")
def rally(sandbox: Running, pyral: Any) -> Any:
    return pyral.Rally(
        sandbox.url.removeprefix("http://"),
        apikey=sandbox.api_key,
        workspace=sandbox.workspace,
        project=sandbox.project,
    )


@pytest.mark.requirement("foreign:pyral:connect")
def test_it_connects_and_knows_where_it_is(rally: Any, sandbox: Running) -> None:
    assert rally.getWorkspace().Name == sandbox.workspace
    assert rally.getProject().Name == sandbox.project
    assert {project.Name for project in rally.getProjects()} >= {"DDC-AI", "DDC-AI Web"}
    assert rally.typedef("Story").ElementName == "HierarchicalRequirement"


@pytest.mark.requirement("foreign:pyral:basic")
def test_it_connects_with_a_password_and_writes_with_a_token(sandbox: Running, pyral: Any) -> None:
    client = pyral.Rally(
        sandbox.url.removeprefix("http://"),
        sandbox.username,
        sandbox.password,
        workspace=sandbox.workspace,
        project=sandbox.project,
    )
    assert client.put("Defect", {"Name": "made with a token"}).FormattedID.startswith("DE")


@pytest.mark.requirement("foreign:pyral:query")
def test_nested_conditions_choose_what_they_say(rally: Any) -> None:
    query = '((ScheduleState = "Defined") AND ((PlanEstimate > 3) OR (Owner = null)))'
    found = rally.get("Story", fetch="FormattedID,ScheduleState,PlanEstimate,Owner", query=query)
    items = [*found]
    assert found.errors == []
    assert len(items) == found.resultCount > 0
    assert all(s.ScheduleState == "Defined" for s in items)
    assert all(s.Owner is None or (s.PlanEstimate or 0) > 3 for s in items)


@pytest.mark.requirement("foreign:pyral:query")
def test_a_list_of_conditions_and_the_in_operator(rally: Any) -> None:
    conditions = ["ScheduleState in Accepted,Completed", "FormattedID != US9", "Name != null"]
    found = rally.get("Story", fetch="ScheduleState", query=conditions)
    assert found.errors == []
    assert {s.ScheduleState for s in found} <= {"Accepted", "Completed"}
    assert found.resultCount > 0


@pytest.mark.requirement("foreign:pyral:paging")
def test_pages_give_everything_once(rally: Any) -> None:
    found = rally.get("Story", fetch="FormattedID", pagesize=50, order="FormattedID")
    numbers = [s.FormattedID for s in found]
    assert found.resultCount == len(numbers) == len(set(numbers)) > 150
    assert numbers == sorted(numbers, key=lambda one: int(one[2:]))


@pytest.mark.requirement("foreign:pyral:threads")
def test_many_small_pages_are_read_in_threads(rally: Any) -> None:
    found = rally.get("Task", fetch="FormattedID", pagesize=20)
    numbers = [t.FormattedID for t in found]
    assert found.resultCount == len(numbers) == len(set(numbers)) > 600


@pytest.mark.requirement("foreign:pyral:write")
def test_create_read_update_delete(rally: Any) -> None:
    made = rally.put("Story", {"Name": "Ünïcode & <b>angles</b>", "PlanEstimate": 5})
    assert made.FormattedID.startswith("US")
    assert made.ScheduleState == "Defined"
    changed = rally.post("Story", {"FormattedID": made.FormattedID, "ScheduleState": "In-Progress"})
    assert changed.FlowState.Name == "In-Progress"
    again = rally.get("Story", fetch=True, query=f"FormattedID = {made.FormattedID}", instance=True)
    assert again.Name == "Ünïcode & <b>angles</b>"
    assert again.VersionId == "2"
    assert [r.RevisionNumber for r in again.RevisionHistory.Revisions] == [1, 0]
    assert rally.delete("Story", made.FormattedID) is True
    gone = rally.get("Story", query=f"FormattedID = {made.FormattedID}")
    assert gone.resultCount == 0
    bin_entry = rally.get("RecycleBinEntry", fetch="ID,Name", query=f'ID = "{made.FormattedID}"')
    assert made.FormattedID == bin_entry.next().ID


@pytest.mark.requirement("foreign:pyral:collections")
def test_collections_take_and_lose_members(rally: Any) -> None:
    story = rally.put("Story", {"Name": "tagged"})
    tag = rally.put("Tag", {"Name": "from-pyral"})
    assert rally.addCollectionItems(story, [tag]) == ["from-pyral"]
    tagged = rally.get("Story", fetch="Tags", query='Tags.Name = "from-pyral"', instance=True)
    assert [t.Name for t in tagged.Tags] == ["from-pyral"]
    rally.dropCollectionItems(story, [tag])
    assert rally.get("Story", query='Tags.Name = "from-pyral"').resultCount == 0


@pytest.mark.requirement("foreign:pyral:tasks")
def test_a_story_reads_its_tasks_lazily(rally: Any) -> None:
    story = rally.get("Story", fetch="FormattedID,Tasks", query="Tasks.Name != null").next()
    tasks = [*story.Tasks]
    assert tasks
    assert all(task.State in {"Defined", "In-Progress", "Completed"} for task in tasks)


@pytest.mark.requirement("foreign:pyral:comments")
def test_comments_are_numbered(rally: Any) -> None:
    story = rally.put("Story", {"Name": "talked about"})
    for text in ("first", "second"):
        rally.put("ConversationPost", {"Artifact": story.ref, "Text": text})
    again = rally.get(
        "Story", fetch="Discussion", query=f"FormattedID = {story.FormattedID}", instance=True
    )
    assert [(p.PostNumber, p.Text) for p in again.Discussion] == [(0, "first"), (1, "second")]


@pytest.mark.requirement("foreign:pyral:attachments")
def test_an_attachment_comes_back_as_it_was(rally: Any, tmp_path: Any) -> None:
    story = rally.put("Story", {"Name": "with a file"})
    path = tmp_path / "notes.txt"
    path.write_text("hello, Rally")
    rally.addAttachment(story, str(path), mime_type="text/plain")
    assert rally.getAttachment(story.FormattedID, "notes.txt").Content == b"hello, Rally"


@pytest.mark.requirement("foreign:pyral:ranking")
def test_ranking_moves_stories(rally: Any) -> None:
    one, two, three = (rally.put("Story", {"Name": f"ranked {n}"}) for n in (1, 2, 3))

    def order() -> list[str]:
        found = rally.get("Story", fetch="Name", query='Name contains "ranked "', order="Rank ASC")
        return [s.Name[-1] for s in found]

    assert order() == ["1", "2", "3"]
    rally.rankAbove(one, three)
    assert order() == ["3", "1", "2"]
    rally.rankBelow(two, three)
    assert order() == ["1", "2", "3"]
    rally.rankToTop(two)
    assert order() == ["2", "1", "3"]
    rally.rankToBottom(two)
    assert order() == ["1", "3", "2"]


@pytest.mark.requirement("foreign:pyral:allowed")
def test_allowed_values_come_from_the_server(rally: Any) -> None:
    assert "In-Progress" in rally.getAllowedValues("Story", "ScheduleState")
    assert "High Attention" in rally.getAllowedValues("Defect", "Priority")
    assert rally.getAllowedValues("Story", "Milestones") == [True]


@pytest.mark.requirement("foreign:pyral:features")
def test_features_have_state_objects(rally: Any) -> None:
    feature = rally.get("Feature", fetch=True, query="FormattedID = F17", instance=True)
    assert feature.UserStories
    states = rally.get("State", fetch="Name", query='TypeDef.Name = "Feature"')
    target = next(s for s in states if s.Name == "Done")
    changed = rally.post("Feature", {"ObjectID": feature.ObjectID, "State": target.ref})
    assert changed.State.Name == "Done"


@pytest.mark.requirement("foreign:pyral:errors")
def test_errors_reach_the_caller(rally: Any, pyral: Any) -> None:
    bad = rally.get("Story", query="((Name = a) AND (Name = b) AND (Name = c))")
    assert bad.errors == [
        'Could not parse: Error parsing expression -- expected ")" but saw "AND" instead.'
    ]
    with pytest.raises(pyral.RallyRESTAPIError, match="valid set is"):
        rally.put("Defect", {"Name": "bad", "Severity": "UltraMegaHurt"})
    with pytest.raises(pyral.RallyRESTAPIError, match="Cannot parse object reference"):
        rally.put("Story", {"Name": "bad", "Owner": "InfinityDrain"})


@pytest.mark.requirement("foreign:pyral:expired")
def test_a_wrong_key_is_told_apart(sandbox: Running, pyral: Any) -> None:
    # pyral has two classes of this name; the context's own is raised here.
    with pytest.raises(Exception, match="Invalid credentials"):
        pyral.Rally(sandbox.url.removeprefix("http://"), apikey="_expired", workspace="x")
