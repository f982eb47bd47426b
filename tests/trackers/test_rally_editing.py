"""Rally's forms, moves, words and history over real HTTP, and what they cost in requests."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest

from panopticon.errors import InvalidInput, NotFound, Unsupported
from panopticon.model.form import FieldType, FormField
from panopticon.model.issue import Issue, Json, Kind, NewIssue, State
from panopticon.sandbox.serve import Running
from panopticon.trackers.base import Tracker
from panopticon.trackers.rally.lately import Lately
from panopticon.trackers.registry import Means, open_tracker
from tests.trackers.conftest import Clock, source
from tests.trackers.test_rally_remembered import Shelf

ROOT = "/slm/webservice/v2.0"
STAGE = {"Name": "Stage", "RealAttributeType": "DROP_DOWN", "AllowedValues": ["Alpha", "Beta"]}
PLACES = {"Name": "Places", "RealAttributeType": "MULTI_VALUE", "AllowedValues": ["East", "West"]}
TESTER = {"Name": "Chief Tester", "RealAttributeType": "USER"}
LINK = {"Name": "Link", "RealAttributeType": "WEB_LINK"}
OWN = ("c_Stage", "c_Places", "c_ChiefTester", "c_Link", "c_Missing", "c_LockToken")


class Server:
    """The sandbox as its administrator sees it."""

    def __init__(self, box: Running) -> None:
        self.box = box

    def ask(self, method: str, path: str, **told: Any) -> dict[str, Any]:
        """Send one request and give what is inside the envelope."""
        headers = {"ZSESSIONID": self.box.api_key}
        url = f"{self.box.url}{ROOT}{path}"
        reply = httpx2.request(method, url, headers=headers, **told)
        inner: dict[str, Any] = next(iter(reply.json().values()))
        assert inner["Errors"] == [], inner["Errors"]
        return inner

    def add_field(self, kind: str, **field: object) -> None:
        """Make a custom field, for good."""
        query = {"query": f'(ElementName = "{kind}")'}
        (row,) = self.ask("GET", "/typedefinition", params=query)["Results"]
        body = {"a": {**field, "TypeDefinition": row["_ref"]}}
        self.ask("POST", "/attributedefinition/create", json=body)


@pytest.fixture(scope="module")
def server(sandbox: Running, clock: Clock) -> Server:
    clock.later()
    server = Server(sandbox)
    for field in (STAGE, PLACES, TESTER, LINK):
        server.add_field("HierarchicalRequirement", **field)
    return server


@pytest.fixture
def opened(sandbox: Running, server: Server) -> Iterator[Callable[..., Tracker]]:
    """Open trackers with options; they are closed at the end."""
    assert server
    trackers: list[Tracker] = []

    def open_one(shelf: Shelf | None = None, **options: Any) -> Tracker:
        trackers.append(open_tracker(source(sandbox, **options), Means(shelf)))
        return trackers[-1]

    yield open_one
    for tracker in trackers:
        tracker.close()


def made(tracker: Tracker, kind: Kind = Kind.STORY, **fields: object) -> Issue:
    told = {"title": "A thing", **fields}
    return tracker.create(NewIssue(kind, told))  # type: ignore[arg-type]


def form_of(tracker: Tracker, kind: Kind) -> dict[str, FormField]:
    return {one.name: one for one in tracker.form(kind)}


def cost(tracker: Tracker, verb: Callable[[], object]) -> int:
    """Count the requests of a call."""
    before = tracker.usage().requests
    verb()
    return tracker.usage().requests - before


@pytest.mark.requirement("rally:form:labels")
def test_a_form_speaks_the_workspaces_words(opened: Callable[..., Tracker]) -> None:
    tracker = opened()
    story, defect = form_of(tracker, Kind.STORY), form_of(tracker, Kind.DEFECT)
    assert (story["points"].label, story["points"].type) == ("Plan Estimate", FieldType.NUMBER)
    assert story["native_state"].label == "Schedule State"
    assert story["native_state"].values[1:4] == ("Defined", "In-Progress", "Completed")
    assert "Code Review" in story["native_state"].values
    assert (defect["native_state"].label, defect["due"].label) == ("State", "Target Date")
    assert defect["priority"].values == ("none", "urgent", "high", "normal", "low")
    assert {"iteration", "release", "points"}.isdisjoint(form_of(tracker, Kind.TASK))
    assert "parent" not in form_of(tracker, Kind.EPIC)


@pytest.mark.requirement("rally:form:custom")
def test_configured_fields_are_asked_for_and_taken_where_they_exist(
    opened: Callable[..., Tracker], sandbox: Running
) -> None:
    tracker = opened(custom_fields=list(OWN))
    form = form_of(tracker, Kind.STORY)
    own = {name: one for name, one in form.items() if name.startswith("custom.")}
    told = {name: (one.label, one.type, one.values, one.many) for name, one in own.items()}
    assert told == {
        "custom.c_Stage": ("Stage", FieldType.CHOICE, ("Alpha", "Beta"), False),
        "custom.c_Places": ("Places", FieldType.CHOICE, ("East", "West"), True),
        "custom.c_ChiefTester": ("Chief Tester", FieldType.PERSON, (), False),
        "custom.c_LockToken": ("LockToken", FieldType.TEXT, (), False),
    }
    key = made(tracker).ref.key
    values: dict[str, Json] = {
        "c_Stage": "Beta",
        "c_Places": ["West"],
        "c_ChiefTester": sandbox.username,
    }
    written = tracker.update(key, {"custom": values}).custom
    assert (written["c_Stage"], written["c_Places"]) == ("Beta", ["West"])
    assert written["c_ChiefTester"]
    with pytest.raises(InvalidInput) as caught:
        tracker.update(key, {"custom": {"c_Places": ["North"]}})
    assert "East, West" in caught.value.hint
    cleared: dict[str, Json] = {"c_Stage": None, "c_Places": [], "c_ChiefTester": None}
    emptied = tracker.update(key, {"custom": cleared}).custom
    assert not any(emptied[name] for name in cleared)
    of_defects = [n for n in form_of(tracker, Kind.DEFECT) if n.startswith("custom.")]
    assert of_defects == ["custom.c_LockToken"]


@pytest.mark.requirement("rally:form:lacking")
def test_what_the_workspace_lacks_is_refused_before_anything_is_written(
    opened: Callable[..., Tracker],
) -> None:
    tracker = opened()
    task = made(tracker, Kind.TASK, parent=made(tracker).ref.key)
    assert "branch" not in form_of(tracker, Kind.TASK)
    for lacking in ({"branch": "x"}, {"custom": {"Nope": 1}}):
        with pytest.raises(Unsupported) as caught:
            tracker.update(task.ref.key, {"title": "Renamed", **lacking})  # type: ignore[typeddict-item]
        assert "lacks its field c_" in caught.value.message
    assert tracker.get(task.ref.key) == task


@pytest.mark.requirement("rally:form:once")
def test_a_form_is_read_once_and_then_the_capabilities_are_exact(
    opened: Callable[..., Tracker],
) -> None:
    shelf = Shelf()
    tracker = opened(shelf)
    assert cost(tracker, lambda: tracker.capabilities) == 0
    assert "branch" in tracker.capabilities.writable[Kind.TASK]
    assert cost(tracker, lambda: tracker.form(Kind.TASK)) > 0
    again = opened(shelf)
    for known in (tracker, again):
        assert cost(known, lambda known=known: known.form(Kind.TASK)) == 0  # type: ignore[misc]
        assert cost(known, lambda known=known: known.capabilities) == 0  # type: ignore[misc]
        assert "branch" not in known.capabilities.writable[Kind.TASK]


@pytest.mark.requirement("rally:form:unknown-project")
def test_a_form_of_an_unknown_project_is_not_found(opened: Callable[..., Tracker]) -> None:
    with pytest.raises(NotFound):
        opened().form(Kind.STORY, "Nowhere")


@pytest.mark.requirement("rally:form:required-custom")
def test_a_field_that_the_workspace_requires_is_asked_for(
    opened: Callable[..., Tracker], server: Server
) -> None:
    server.add_field("Epic", Name="Sponsor", RealAttributeType="STRING", Required=True)
    tracker = opened()
    title, sponsor, *rest = tracker.form(Kind.EPIC)
    assert (title.name, sponsor.name, sponsor.label) == ("title", "custom.c_Sponsor", "Sponsor")
    assert sponsor.required
    assert not any(one.required for one in rest)
    with pytest.raises(InvalidInput, match=r"Sponsor should not be null"):
        made(tracker, Kind.EPIC)
    assert made(tracker, Kind.EPIC, custom={"c_Sponsor": "Ada"}).title == "A thing"


@pytest.mark.requirement("rally:moves:free")
@pytest.mark.parametrize("kind", [Kind.STORY, Kind.DEFECT, Kind.FEATURE])
def test_moves_cost_no_request_once_a_form_was_open(
    opened: Callable[..., Tracker], kind: Kind
) -> None:
    tracker = opened()
    item = made(tracker, kind)
    tracker.form(kind)
    assert cost(tracker, lambda: tracker.moves(item)) == 0


@pytest.mark.requirement("rally:moves:stays")
def test_a_move_to_where_it_stands_keeps_the_teams_word(opened: Callable[..., Tracker]) -> None:
    tracker = opened()
    item = made(tracker)
    accepted = tracker.update(item.ref.key, {"native_state": "Accepted"})
    assert tracker.moves(accepted)[-1].native_state == "Accepted"
    assert tracker.transition(item.ref.key, State.DONE) == accepted


@pytest.mark.requirement("rally:moves:refused")
def test_a_refusal_is_told_before_and_looked_at_again(
    opened: Callable[..., Tracker], server: Server
) -> None:
    tracker = opened(status_field="c_Phase")
    defect = made(tracker, Kind.DEFECT)
    planning = tracker.moves(defect)[1]
    with pytest.raises(Unsupported) as caught:
        tracker.transition(defect.ref.key, State.PLANNING)
    assert (planning.is_allowed, planning.reason) == (False, caught.value.message)
    server.add_field("Defect", Name="Phase", RealAttributeType="STRING")
    moved = tracker.transition(defect.ref.key, State.PLANNING)
    assert (moved.state, moved.native_state) == (State.PLANNING, "Planning")
    assert tracker.moves(defect)[1].native_state == "Planning"


@pytest.mark.requirement("rally:words:project")
def test_words_and_moves_follow_the_projects_own_map(
    opened: Callable[..., Tracker], sandbox: Running
) -> None:
    own = {"Idea": "planning", "Discovering": "backlog"}
    tracker = opened(states={"Idea": "done", sandbox.project: own})
    words = tracker.words()
    assert dict(words[Kind.STORY])["Idea"] is State.PLANNING
    assert dict(words[Kind.FEATURE])["Discovering"] is State.BACKLOG
    assert [word for word, _ in words[Kind.STORY]][:2] == ["Idea", "Defined"]
    assert dict(words[Kind.STORY])["Code Review"] is State.IN_REVIEW
    assert [word for word, _ in words[Kind.DEFECT]] == [
        *("Submitted", "Open", "Fixed", "Closed", "Idea", "Code Review", "Planning", "In Review"),
    ]
    item = made(tracker, state=State.PLANNING)
    assert (item.state, item.native_state) == (State.PLANNING, "Idea")
    back = tracker.transition(item.ref.key, State.BACKLOG)
    assert tracker.moves(back)[1].native_state == "Idea"


@pytest.mark.requirement("rally:history:short")
def test_a_long_history_costs_two_requests_and_gives_the_newest_200(
    opened: Callable[..., Tracker],
) -> None:
    tracker = opened()
    key = made(tracker).ref.key
    for turn in range(202):
        tracker.update(key, {"title": f"Turn {turn}"})
    assert cost(tracker, lambda: tracker.history(key)) == 2
    said = [one.text for one in tracker.history(key)]
    assert len(said) == 200
    assert said[0] == "NAME changed from [Turn 200] to [Turn 201]"


@pytest.mark.requirement("rally:edit:requests")
def test_an_edit_costs_a_read_and_a_write(opened: Callable[..., Tracker]) -> None:
    tracker = opened()
    first, second = made(tracker), made(tracker)
    step = made(tracker, Kind.TASK, parent=first.ref.key)
    tracker.update(first.ref.key, {"blocked_by": [second.ref.key]})
    tracker.form(Kind.STORY)
    tracker.form(Kind.TASK)
    fresh = opened()  # knows nothing of the items
    for kind in (Kind.STORY, Kind.TASK):
        fresh.form(kind)
    key = first.ref.key
    assert cost(fresh, lambda: fresh.get(key)) == 1
    assert cost(fresh, lambda: fresh.update(key, {"title": "Read before"})) == 1
    labels = ["database", "security"]
    assert cost(fresh, lambda: fresh.update(key, {"labels": labels})) == 2
    assert sorted(fresh.get(key).labels) == labels
    assert cost(fresh, lambda: fresh.transition(step.ref.key, State.DONE)) == 2
    other = opened()
    other.form(Kind.STORY)
    assert cost(other, lambda: other.transition(key, State.IN_PROGRESS)) == 2
    assert other.get(key).blocked_by == (second.ref,)


@pytest.mark.requirement("rally:edit:projects")
def test_an_item_of_one_of_several_projects_is_found_in_one_request(
    opened: Callable[..., Tracker], sandbox: Running
) -> None:
    key = made(opened()).ref.key
    names = [place.id for place in opened().places() if place.kind == "project"]
    tracker = opened(project=[*reversed(names[:3]), str(sandbox.project_oid)])
    tracker.streams()
    tracker.get(key)
    assert cost(tracker, lambda: tracker.get(key)) == 1
    with pytest.raises(NotFound):
        tracker.get("US99999")
    stranger = opened(project=[one for one in names if one != str(sandbox.project_oid)][-2:])
    with pytest.raises(NotFound):
        stranger.get(key)


@pytest.mark.requirement("rally:edit:stale")
def test_what_was_read_a_while_ago_or_written_since_is_read_again() -> None:
    seconds = [0.0]
    lately = Lately(lambda: seconds[0])
    lately.put("US1", {"Name": "A"})
    lately.put("US2", {"Name": "B"})
    seconds[0] = 3.0
    assert lately.take("US1") == {"Name": "A"}
    assert lately.take("US1") is None
    seconds[0] = 3.1
    assert lately.take("US2") is None


@pytest.mark.requirement("rally:edit:stale")
def test_an_item_that_vanished_since_it_was_read_is_not_found(
    opened: Callable[..., Tracker],
) -> None:
    mine, theirs = opened(), opened()
    key = made(mine).ref.key
    mine.get(key)
    theirs.delete(key)
    with pytest.raises(NotFound):
        mine.update(key, {"title": "Too late"})
    with pytest.raises(NotFound):
        mine.get(key)
