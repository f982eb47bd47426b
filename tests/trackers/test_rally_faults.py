"""Rally misbehaving: HTTP 200 with Errors, ignored fields, conflicts, lost replies."""

import json

import httpx2
import pytest

from panopticon.errors import (
    AuthFailed,
    InvalidInput,
    NotFound,
    PanError,
    Partial,
    Retriable,
    Unsupported,
)
from panopticon.model.change import Cursor, Scope
from panopticon.model.issue import Kind, NewIssue
from panopticon.trackers.rally.verdict import error_from
from tests.trackers.rig import BASE, KEY, Handler, errors, reply, rig, rows, story

NEW = NewIssue(Kind.STORY, {"title": 'Say "hi" & (go) + 🚀'})
USER = {"_ref": f"{BASE}/user/3", "UserName": "me@x.y"}
FOUND = story(12)


def updating(*answers: httpx2.Response) -> Handler:
    left = iter(answers)
    return lambda r: rows(FOUND) if r.method == "GET" else next(left)


@pytest.mark.requirement("rally:faults:errors-in-200")
@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Cannot find object to read", NotFound),
        ("Object to delete cannot be null", NotFound),
        ("Could not read: Could not read Defect 12 to update.", NotFound),
        ("Not authorized to perform action: Invalid key", AuthFailed),
        ("Not authorized to update: Story", AuthFailed),
        ("Validation error: HierarchicalRequirement.Name should not be null", InvalidInput),
        ("Validation error: X is not allowed", InvalidInput),
        ('Could not convert: "State" must be a string', InvalidInput),
        ("Could not read: Could not read referenced object 2", InvalidInput),
        ('Cannot parse object reference from "x"', InvalidInput),
        ('Requested type name "pullrequest" is unknown.', InvalidInput),
        ("Cannot sort using unknown attribute X", InvalidInput),
        ("Could not update: Could not write changes in Unit Of Work", Retriable),
        ("Something new", PanError),
    ],
)
def test_the_texts_have_classes(words: str, kind: type[PanError]) -> None:
    assert isinstance(error_from([words]), kind)


@pytest.mark.requirement("rally:faults:query-shown")
def test_a_query_that_fails_is_shown() -> None:
    assert rig(lambda _r: rows(story(12))).tracker.get("US12").ref.key == "US12"
    found = rig(lambda _r: errors('Could not parse: Unknown operator "zobolts"'))
    with pytest.raises(InvalidInput) as caught:
        found.tracker.get("US12")
    assert '(query: (FormattedID = "US12"))' in caught.value.message


@pytest.mark.requirement("rally:faults:ignored-field")
def test_an_ignored_field_is_a_failed_write() -> None:
    warning = (
        "Ignored JSON element hierarchicalrequirement.c_Branch during processing of this request."
    )
    found = rig(updating(reply("OperationResult", Warnings=[warning], Object=FOUND)))
    with pytest.raises(Unsupported) as caught:
        found.tracker.update("US12", {"branch": "b", "title": "T"})
    assert caught.value.details["fields"] == ["c_Branch"]
    assert "the rest was written" in caught.value.message


@pytest.mark.requirement("rally:faults:created-without")
def test_a_create_without_a_field_says_first_that_the_item_exists() -> None:
    warning = "Ignored JSON element hierarchicalrequirement.c_X during processing of this request."
    made = reply("CreateResult", Warnings=[warning], Object=FOUND)

    def answer(request: httpx2.Request) -> httpx2.Response:
        return made if request.url.path.endswith("/create") else rows(FOUND)

    with pytest.raises(Partial) as caught:
        rig(answer).tracker.create(NewIssue(Kind.STORY, {"title": "T"}))
    assert caught.value.message.startswith("US12 was created")
    assert caught.value.details == {"fields": ["c_X"], "ref": "US12", "created": True}


@pytest.mark.requirement("rally:faults:ignored-field")
def test_other_warnings_are_no_failure() -> None:
    deprecated = (
        "API status is Deprecated and will become Not Supported on … Please update your client"
    )
    found = rig(updating(reply("OperationResult", Warnings=[deprecated], Object=FOUND)))
    assert found.tracker.update("US12", {"title": "T"}).ref.key == "US12"


CONFLICT = (
    "Concurrency conflict: [Object has been modified since being read for update in this context]"
)


@pytest.mark.requirement("rally:faults:conflict")
def test_a_conflict_is_tried_again() -> None:
    bad = [errors(CONFLICT, wrapper="OperationResult") for _ in range(3)]
    found = rig(updating(*bad, reply("OperationResult", Object=FOUND)))
    found.tracker.update("US12", {"title": "T"})
    assert len(found.asked("/12", "POST")) == 4
    assert len(found.slept) == 3


@pytest.mark.requirement("rally:faults:conflict")
def test_conflicts_without_end_give_up() -> None:
    found = rig(
        lambda r: rows(FOUND) if r.method == "GET" else errors(CONFLICT, wrapper="OperationResult")
    )
    with pytest.raises(Retriable, match="Concurrency conflict"):
        found.tracker.update("US12", {"title": "T"})
    assert len(found.asked("/12", "POST")) == 8


class Losing:
    """Creates, but loses the first replies; `kept` says whether the item was made."""

    def __init__(self, *, kept: bool, losses: int = 1, visible_after: int = 0) -> None:
        self.kept, self.losses, self.visible_after = kept, losses, visible_after
        self.made: list[dict[str, object]] = []
        self.looks = 0

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        if request.method == "POST":
            return self.create(request)
        if request.url.path.endswith("/user"):
            return httpx2.Response(200, json={"User": {**USER, "Errors": [], "Warnings": []}})
        self.looks += 1
        return rows(*(self.made if self.looks > self.visible_after else []))

    def create(self, request: httpx2.Request) -> httpx2.Response:
        sent = next(iter(json.loads(request.content).values()))
        item = story(50 + len(self.made), Name=sent["Name"], CreatedBy=USER)
        lost = self.losses > 0
        self.losses -= 1
        if self.kept or not lost:
            self.made.append(item)
        if lost:
            raise httpx2.ReadError("connection reset")
        return reply("CreateResult", Object=item)


def clocked(handler: Losing) -> Handler:
    def handle(request: httpx2.Request) -> httpx2.Response:
        answer = handler(request)
        answer.headers["Date"] = "Sat, 21 Nov 2026 09:00:00 GMT"
        return answer

    return handle


@pytest.mark.requirement("rally:faults:lost-create")
@pytest.mark.parametrize("visible_after", [0, 1, 2])
def test_an_item_whose_reply_was_lost_is_found_again(visible_after: int) -> None:
    server = Losing(kept=True, visible_after=visible_after)
    found = rig(clocked(server))
    made = found.tracker.create(NEW)
    assert made.native_id == "50"
    assert len(server.made) == 1
    assert len(found.asked("/create", "POST")) == 1
    look = found.asked("/hierarchicalrequirement")[0]
    assert look.url.params["query"] == '(CreationDate >= "2026-11-21T08:59:58.000Z")'


@pytest.mark.requirement("rally:faults:lost-create")
def test_an_item_that_was_not_made_is_made_after_waiting_for_replicas() -> None:
    server = Losing(kept=False)
    found = rig(clocked(server))
    assert found.tracker.create(NEW).native_id == "50"
    assert len(server.made) == 1
    assert sum(found.slept) >= 8


@pytest.mark.requirement("rally:faults:lost-create")
def test_somebody_elses_item_of_the_same_title_is_not_taken() -> None:
    server = Losing(kept=False)
    other = {"_ref": f"{BASE}/user/99"}
    server.made.append(story(49, Name=NEW.fields["title"], CreatedBy=other))
    made = rig(clocked(server)).tracker.create(NEW)
    assert made.native_id == "51"


@pytest.mark.requirement("rally:faults:read-only")
def test_a_key_that_may_not_write_says_so() -> None:
    found = rig(
        updating(
            errors("Not authorized to perform action: read-only key", wrapper="OperationResult")
        )
    )
    with pytest.raises(AuthFailed) as caught:
        found.tracker.update("US12", {"title": "T"})
    assert "full access" in caught.value.hint


@pytest.mark.requirement("rally:faults:missing-place")
def test_a_missing_project_is_named() -> None:
    found = rig(lambda _r: rows(), project="Nowhere")
    with pytest.raises(NotFound, match="Nowhere"):
        list(found.tracker.pull("stories", Scope(), Cursor(), None))  # type: ignore[arg-type]


@pytest.mark.requirement("rally:faults:missing-place")
def test_a_missing_workspace_lists_what_there_is() -> None:
    def handle(request: httpx2.Request) -> httpx2.Response:
        if request.url.path.endswith("/subscription"):
            spot = {"_ref": f"{BASE}/Subscription/1/Workspaces", "Count": 1}
            return httpx2.Response(200, json={"Subscription": {"Workspaces": spot, "Errors": []}})
        return rows({"_ref": f"{BASE}/workspace/5", "Name": "Acme", "ObjectID": 5, "State": "Open"})

    with pytest.raises(NotFound) as caught:
        rig(handle, workspace="Acne").tracker.identity()
    assert "Acme" in caught.value.hint
    assert rig(handle, workspace="acme").tracker.identity() == "rally:5"


@pytest.mark.requirement("rally:faults:not-rally")
def test_a_server_that_is_no_rally_is_told_as_such() -> None:
    found = rig(lambda _r: httpx2.Response(200, json={"hello": "world"}))
    with pytest.raises(PanError) as caught:
        found.tracker.get("US12")
    assert "Rally server" in caught.value.hint


@pytest.mark.requirement("rally:basic:token")
def test_basic_sign_in_renews_its_token_once() -> None:
    tokens = iter(["old", "new"])

    def handle(request: httpx2.Request) -> httpx2.Response:
        assert request.headers["Authorization"].startswith("Basic ")
        assert "ZSESSIONID" not in request.headers
        if request.url.path.endswith("/security/authorize"):
            return reply("OperationResult", SecurityToken=next(tokens))
        if request.method == "GET":
            return rows(FOUND)
        if request.url.params["key"] == "old":
            return errors(
                "Not authorized to perform action: Invalid key", wrapper="OperationResult"
            )
        return reply("OperationResult", Object=FOUND)

    found = rig(handle, user="a@b.c", password="pw")
    found.tracker.update("US12", {"title": "T"})
    assert [r.url.params["key"] for r in found.asked("/12", "POST")] == ["old", "new"]


@pytest.mark.requirement("http:secrets:redacted")
def test_the_settings_of_a_tracker_never_show_the_key() -> None:
    assert KEY not in repr(rig(lambda _r: rows()).tracker.settings)
