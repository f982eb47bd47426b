"""One item over HTTP: reading it, moving it, editing it, with others at work on it too."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from panopticon.errors import AuthFailed, InvalidInput, Partial, Retriable, Unsupported
from panopticon.model.change import Cursor, Page
from panopticon.model.event import EventKind
from panopticon.model.form import Revision
from panopticon.model.issue import Comment, Issue, IssueFields, Json, NewIssue, State, Task
from panopticon.model.ref import IssueRef
from panopticon.services import written
from tests.web.fakes import NOW, kept, story
from tests.web.trackers import ADA, ME, Desk, desk_at


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_at(tmp_path) as desk:
        yield desk


def read(desk: Desk, ref: str) -> dict[str, Any]:
    answer = desk.client.get("/api/item", params={"ref": ref})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def move(desk: Desk, status: int = 200, **asked: str | None) -> dict[str, Any]:
    answer = desk.client.post("/api/item/move", json=asked)
    assert answer.status_code == status, answer.text
    return dict(answer.json())


def edit(
    desk: Desk, ref: str, fields: dict[str, Any], status: int = 200, **more: object
) -> dict[str, Any]:
    answer = desk.client.patch("/api/item", json={"ref": ref, "fields": fields, **more})
    assert answer.status_code == status, answer.text
    return dict(answer.json())


def at_tracker(desk: Desk, key: str) -> Issue:
    return desk.tracker._issues[key]


@pytest.mark.requirement("web:api:item")
@pytest.mark.parametrize("spelling", ["US125", "us-125", "rally:US125", "rally:US-125"])
def test_an_item_in_full(desk: Desk, spelling: str) -> None:
    body, criteria = "As a **visitor** <script>x</script>", "- [ ] one"
    told = replace(kept(desk.store, "US125"), body=body, acceptance_criteria=criteria)
    desk.store.put(replace(told, native_kind="HierarchicalRequirement", version="7"), desk.clock())
    found = read(desk, spelling)
    assert found["key"] == "US125"
    assert found["body"] == body
    assert "<strong>visitor</strong>" in found["body_html"]
    assert "&lt;script&gt;x&lt;/script&gt;" in found["body_html"]
    assert "<script" not in found["body_html"]
    assert "todo" in found["acceptance_criteria_html"]
    assert found["parent_item"]["title"] == "User accounts"
    assert found["blocked_by"][0]["title"] == "Add registration endpoint"
    assert found["native_kind"] == "HierarchicalRequirement"
    assert (found["native_id"], found["version"]) == ("US125", "7")
    steps = read(desk, "US121")["tasks"]
    assert steps[0] == {
        "title": "Step 0",
        "done": True,
        "position": 0,
        "ref": "rally:TA0",
        "key": "TA0",
        "native_state": "Accepted",
        "depth": 0,
    }


@pytest.mark.requirement("web:item:values")
def test_an_item_says_what_can_be_written(desk: Desk) -> None:
    desk.store.put(
        replace(kept(desk.store, "US125"), custom={"c_Team": "Blue"}, labels=("ui", "api")),
        desk.clock(),
    )
    found = read(desk, "US125")
    assert found["values"].keys() == IssueFields.__annotations__.keys()
    assert found["values"]["custom"] == {"c_Team": "Blue"}
    assert found["values"]["labels"] == ["ui", "api"]
    assert found["values"]["parent"] == "F17"
    assert found["values"]["blocked_by"] == ["US122"]
    assert found["values"]["state"] == "backlog"
    can = found["can"]
    assert (can["comment"], can["delete"], can["move"]) == (True, True, True)
    assert "points" in can["edit"]
    assert "due" not in can["edit"]
    assert "due" in read(desk, "DE31")["can"]["edit"]


@pytest.mark.requirement("web:item:values")
def test_a_tracker_that_cannot_be_opened_can_do_nothing(desk: Desk) -> None:
    def refuse(_source: object) -> None:
        raise InvalidInput("The tracker's settings are wrong.")

    desk.ctx.open_tracker = refuse  # type: ignore[assignment]
    desk.ctx._trackers.clear()
    assert read(desk, "US125")["can"] == {
        "edit": [],
        "comment": False,
        "delete": False,
        "move": False,
        "steps": False,
    }


@pytest.mark.requirement("web:item:etag")
def test_an_unchanged_item_is_not_sent_again(desk: Desk) -> None:
    first = desk.client.get("/api/item", params={"ref": "US121"})
    tag = {"If-None-Match": first.headers["ETag"]}
    desk.clock.skip(60 * 24)
    same = desk.client.get("/api/item", params={"ref": "US121"}, headers=tag)
    assert (same.status_code, same.content) == (304, b"")
    assert same.headers["ETag"] == first.headers["ETag"]
    edit(desk, "TA2", {"title": "Another step"})
    assert desk.client.get("/api/item", params={"ref": "US121"}, headers=tag).status_code == 200


@pytest.mark.requirement("web:item:half")
def test_half_characters_are_replaced(desk: Desk) -> None:
    desk.tracker.by_ada("US121", {"points": 8.0}, "half \ud83d")
    desk.store.put(story("US700", "half \ud83d", custom={"c_Big": 10**30}), desk.clock())
    answer = desk.client.get("/api/item/history", params={"ref": "US121"})
    assert answer.status_code == 200
    assert answer.json()["entries"][0]["text"] == "half ?"
    assert read(desk, "US700")["title"] == "half \ufffd"


@pytest.mark.requirement("web:api:comments")
def test_remarks_are_asked_for_and_kept(desk: Desk) -> None:
    desk.tracker.comment("US121", "Looks **good**.")
    found = desk.client.get("/api/item/comments", params={"ref": "US121"}).json()
    assert found["error"] is None
    assert found["comments"][0]["author"]["name"] == "Maya Rao"
    assert "<strong>good</strong>" in found["comments"][0]["body_html"]
    assert read(desk, "US121")["comments"] == found["comments"]


@pytest.mark.requirement("web:api:comments")
def test_kept_remarks_are_shown_when_the_tracker_fails(desk: Desk) -> None:
    ref = IssueRef("rally", "US121")
    desk.store.put_comments(ref, [Comment("1", "ada", "Kept.", desk.clock())])
    desk.tracker.fault = Retriable("rally is away.")
    found = desk.client.get("/api/item/comments", params={"ref": "US121"}).json()
    assert found["error"] == "rally is away."
    assert found["comments"][0]["body"] == "Kept."


@pytest.mark.requirement("web:move:moves")
def test_a_move_goes_to_the_tracker(desk: Desk) -> None:
    done = move(desk, ref="us-121", state="in_review", expected="in_progress")
    assert done["item"]["state"] == "in_review"
    assert done["item"]["native_state"] == "Code Review"
    assert done["item"]["progress"] == {"done": 2, "total": 3}
    assert done["item"]["epic"] == "rally:F17"
    assert done["before"] == {"state": "in_progress", "native_state": "In-Progress"}
    assert done["after"] == {"state": "in_review", "native_state": "Code Review"}
    assert at_tracker(desk, "US121").state is State.IN_REVIEW


@pytest.mark.requirement("web:write:told")
def test_a_write_is_stored_and_told_when_it_is_answered(desk: Desk) -> None:
    begun = desk.store.last_event()
    done = move(desk, ref="US121", state="done")
    assert kept(desk.store, "US121").state is State.DONE
    [told] = desk.store.events(begun)
    assert (str(told.ref), told.seq) == ("rally:US121", done["seq"])
    assert told.data["state"] == ["in_progress", "done"]


@pytest.mark.requirement("web:write:kept")
def test_a_page_that_was_read_before_our_write_does_not_undo_it(desk: Desk) -> None:
    old = at_tracker(desk, "US121")  # a sync has read it and will store it in a moment
    move(desk, ref="US121", state="done")
    page = Page((old,), Cursor())
    desk.store.apply("rally", page, desk.clock(), scope="whole", stream="items")
    assert kept(desk.store, "US121").state is State.DONE


@pytest.mark.requirement("web:write:kept")
def test_writes_at_the_same_time_are_all_remembered(desk: Desk) -> None:
    keys = ["US121", "US122", "US123", "US125", "US126", "US128", "US129", "DE31"]
    with ThreadPoolExecutor(len(keys)) as pool:
        list(pool.map(lambda key: edit(desk, key, {"points": 1}), keys))
    assert written.lately(desk.ctx, "rally") == set(keys)
    assert {kept(desk.store, key).points for key in keys} == {1}


@pytest.mark.requirement("web:move:undo")
def test_undo_brings_back_the_very_word(desk: Desk) -> None:
    idea = replace(at_tracker(desk, "US128"), native_state="Idea", version="2")
    desk.tracker.put(idea)
    done = move(desk, ref="US128", state="planning", expected="backlog")
    assert done["before"] == {"state": "backlog", "native_state": "Idea"}
    undone = move(desk, ref="US128", **done["before"], expected="planning")
    assert undone["item"]["native_state"] == "Idea"
    assert at_tracker(desk, "US128").native_state == "Idea"


@pytest.mark.requirement("web:move:conflict")
def test_of_two_who_move_a_card_the_second_learns_who_was_first(desk: Desk) -> None:
    desk.tracker.by_ada(
        "US121",
        {"state": State.IN_REVIEW},
        "SCHEDULE STATE changed from [In-Progress] to [Code Review]",
    )
    desk.tracker.by_ada("US121", {"points": 8.0}, "PLAN ESTIMATE changed")
    told = move(desk, 409, ref="US121", state="done", expected="in_progress")
    assert told["error"] == "conflict"
    assert told["message"] == "Ada Obi moved it to In review."
    assert told["hint"]
    assert told["current"] == {"state": "in_review", "native_state": "Code Review"}
    assert told["item"]["state"] == "in_review"
    assert at_tracker(desk, "US121").state is State.IN_REVIEW
    assert kept(desk.store, "US121").state is State.IN_REVIEW  # the board follows at once


@pytest.mark.requirement("web:move:conflict")
def test_a_conflict_without_a_history_is_one_all_the_same(desk: Desk) -> None:
    desk.tracker.by_ada("US121", {"state": State.DONE})
    desk.tracker.revisions.clear()
    told = move(desk, 409, ref="US121", state="in_review", expected="in_progress")
    assert told["message"] == "It was moved to Done meanwhile."


@pytest.mark.requirement("web:move:refused")
def test_a_refused_move_says_why(desk: Desk) -> None:
    desk.tracker._shape = replace(
        desk.tracker._shape, words={State.IN_PROGRESS: "In-Progress", State.DONE: "Accepted"}
    )
    before = desk.store.last_event()
    told = move(desk, 400, ref="US121", state="backlog", expected="in_progress")
    assert told["error"] == "unsupported"
    assert told["message"] == "This tracker cannot show backlog."
    told = move(desk, 400, ref="US121", state="done", native_state="Nope")
    assert "Nope" in told["message"]
    assert desk.store.last_event() == before


@pytest.mark.requirement("web:move:vanished")
def test_an_item_that_vanished_is_told(desk: Desk) -> None:
    del desk.tracker._issues["US121"]
    told = move(desk, 404, ref="US121", state="done", expected="in_progress")
    assert told["message"] == "US121 is no longer in rally."
    assert told["hint"]
    for answer in (
        move(desk, 404, ref="US121", state="done"),
        edit(desk, "US121", {"title": "x"}, 404),
        edit(desk, "US121", {"title": "x"}, 404, expected={"title": "Add login endpoint"}),
    ):
        assert answer["error"] == "not_found"
        assert answer["hint"]


@pytest.mark.requirement("web:item:key")
def test_a_key_that_the_tracker_refuses_is_not_taken_for_a_missing_session(desk: Desk) -> None:
    desk.tracker.fault = AuthFailed("The key was refused.", "Make a new one.")
    answer = desk.client.post("/api/item/move", json={"ref": "US128", "state": "in_progress"})
    assert answer.status_code == 422
    assert answer.json()["error"] == "auth"


@pytest.mark.requirement("web:item:down")
def test_a_tracker_that_is_down_changes_nothing(desk: Desk) -> None:
    desk.tracker.fault = Retriable("rally is away.", "Try again later.", retry_after=7)
    before = desk.store.last_event()
    writes: list[tuple[str, str, Json]] = [
        ("POST", "/api/item/move", {"ref": "US121", "state": "done", "expected": "in_progress"}),
        ("POST", "/api/item/move", {"ref": "US121", "state": "done"}),
        ("PATCH", "/api/item", {"ref": "US121", "fields": {"title": "x"}}),
        ("POST", "/api/item/comment", {"ref": "US121", "body": "x"}),
        ("POST", "/api/item/task", {"ref": "US121", "key": "TA2", "done": True}),
        ("POST", "/api/item", {"kind": "story", "fields": {"title": "x"}}),
        ("DELETE", "/api/item?ref=US121", None),
    ]
    for method, path, body in writes:
        answer = desk.client.request(method, path, json=body)
        assert (answer.status_code, answer.json()["error"]) == (503, "unavailable"), path
        assert answer.json()["message"] == "rally is away."
        assert answer.headers["Retry-After"] == "7"
    assert desk.store.last_event() == before


@pytest.mark.requirement("web:edit:fields")
def test_every_field_comes_back_as_it_was_sent(desk: Desk) -> None:
    sent: dict[str, Json] = {
        "title": "A new title",
        "body": "Text\nof two lines",
        "acceptance_criteria": "- one",
        "labels": ["ui", "api"],
        "assignee": "ada.obi@example.com",
        "parent": "F17",
        "points": 2.5,
        "hours": 10,
        "iteration": "Sprint 4",
        "release": "R1",
        "blocked": True,
        "blocked_reason": "waiting",
        "blocked_by": ["US-120"],
        "blocks": ["rally:US122", "US123"],
        "branch": "story/x",
        "coverage": 81.5,
        "commit_sha": "abc",
        "custom": {"c_Team": "Blue"},
    }
    edit(desk, "US128", sent)
    values = read(desk, "US128")["values"]
    assert values | {"blocked_by": ["US-120"], "blocks": ["rally:US122", "US123"]} == values | sent
    assert (values["blocked_by"], values["blocks"]) == (["US120"], ["US122", "US123"])
    edit(desk, "DE31", {"due": "2026-12-24", "priority": "high"})
    values = read(desk, "DE31")["values"]
    assert (values["due"], values["priority"]) == ("2026-12-24", 2)
    assert edit(desk, "DE31", {"assignee": "me"})["item"]["assignee"]["name"] == "Maya Rao"


@pytest.mark.requirement("web:edit:undo")
def test_what_an_edit_gives_back_undoes_it(desk: Desk) -> None:
    first: dict[str, Json] = {
        "blocked": True,
        "blocked_reason": "waiting",
        "labels": ["b", "a"],
        "parent": "F17",
        "custom": {"c_Team": "Blue", "c_Other": "kept"},
        "iteration": "Sprint 4",
    }
    edit(desk, "US128", first)
    before = read(desk, "US128")["values"]
    change: dict[str, Json] = {
        "blocked": False,
        "labels": [],
        "parent": None,
        "custom": {"c_Team": "Green"},
        "iteration": "",
        "state": "done",
    }
    done = edit(desk, "US128", change)
    assert done["before"]["blocked_reason"] == "waiting"
    assert done["before"]["custom"] == {"c_Team": "Blue"}
    assert done["before"]["native_state"] == "Defined"
    assert read(desk, "US128")["values"] != before
    edit(desk, "US128", done["before"])
    assert read(desk, "US128")["values"] == before


@pytest.mark.requirement("web:edit:undo")
def test_an_undo_expects_what_the_tracker_made_of_it(desk: Desk) -> None:
    seen = read(desk, "DE31")["values"]
    update = desk.tracker.update

    def rewrite(key: str, fields: IssueFields) -> Issue:
        return update(key, {**fields, "body": f"{fields['body']}\n\n(as HTML)"})

    desk.tracker.update = rewrite  # type: ignore[method-assign]
    sent: dict[str, Json] = {"body": "* one", "priority": "high", "state": "done"}
    done = edit(desk, "DE31", sent, expected=seen)
    assert done["after"]["body"] == "* one\n\n(as HTML)"
    assert done["after"]["native_state"] == "Accepted"
    assert done["after"].keys() == done["before"].keys()
    desk.tracker.update = update  # type: ignore[method-assign]
    edit(desk, "DE31", done["before"], expected=done["after"])
    assert read(desk, "DE31")["values"] == seen
    again = edit(desk, "DE31", {"priority": "high"})
    edit(desk, "DE31", again["before"], expected={"priority": "high"})


@pytest.mark.requirement("web:edit:conflict")
def test_a_field_that_moved_on_is_a_conflict(desk: Desk) -> None:
    seen = read(desk, "US128")["values"]
    desk.tracker.by_ada(
        "US128",
        {"title": "Theirs", "points": 8.0, "custom": {"c_Team": "Blue"}},
        "NAME changed from [Add password reset] to [Theirs]",
    )
    told = edit(desk, "US128", {"title": "Mine"}, 409, expected={"title": seen["title"]})
    assert told["error"] == "conflict"
    assert told["message"] == "Ada Obi changed the title meanwhile."
    assert told["current"] == {"title": "Theirs"}
    assert told["item"]["title"] == "Theirs"
    assert at_tracker(desk, "US128").title == "Theirs"
    told = edit(
        desk,
        "US128",
        {"points": 5, "custom": {"c_Team": "Green"}},
        409,
        expected={"points": 3, "custom": {"c_Team": None}},
    )
    assert told["current"] == {"points": 8.0, "custom": {"c_Team": "Blue"}}
    assert told["message"] == "Somebody changed the points and c_Team meanwhile."


@pytest.mark.requirement("web:edit:conflict")
def test_nobody_is_named_who_may_not_have_done_it(desk: Desk) -> None:
    desk.tracker.revisions.append(Revision(NOW - timedelta(days=5), ADA, "NAME changed to [Other]"))
    desk.tracker.by_ada("US128", {"title": "Theirs"})
    desk.tracker.revisions[0] = replace(desk.tracker.revisions[0], author="jun.li@example.com")
    expected = {"title": "Add password reset"}
    told = edit(desk, "US128", {"title": "Mine"}, 409, expected=expected)
    assert told["message"] == "Jun Li changed the title meanwhile."  # alone wrote since
    told = edit(desk, "US128", {"title": "Mine"}, 409, expected=expected)
    assert told["message"] == "Somebody changed the title meanwhile."
    desk.tracker.revisions[0] = replace(
        desk.tracker.revisions[0], author=ME, text="NAME changed to [Theirs]"
    )
    told = edit(desk, "US128", {"title": "Mine"}, 409, expected=expected)
    assert told["message"] == "You changed the title meanwhile."


@pytest.mark.requirement("web:edit:no-conflict")
def test_different_fields_do_not_conflict(desk: Desk) -> None:
    seen = read(desk, "US128")["values"]
    desk.tracker.by_ada("US128", {"points": 8.0})
    done = edit(desk, "US128", {"title": "Mine"}, expected={"title": seen["title"]})
    assert (done["item"]["title"], done["item"]["points"]) == ("Mine", 8.0)
    assert done["before"] == {"title": "Add password reset"}


@pytest.mark.requirement("web:edit:no-conflict")
def test_differences_nobody_sees_are_none(desk: Desk) -> None:
    labels = ["b", "a"]
    desk.tracker.by_ada(
        "US128", {"body": "One  \r\ntwo\r\n", "labels": labels, "blocked_by": ["US120"]}
    )
    expected: dict[str, Json] = {
        "body": "One\ntwo",
        "labels": ["a", "b"],
        "blocked_by": ["rally:us-120"],
        "blocked_reason": "",
        "points": 3,
        "assignee": None,
        "parent": "rally:F-17",
    }
    edit(desk, "US128", {"title": "Mine"}, expected=expected)
    edit(desk, "US123", {"points": 1}, expected={"assignee": {"id": "Ada.Obi@example.com"}})


@pytest.mark.requirement("web:edit:no-conflict")
def test_what_stands_there_already_is_no_conflict(desk: Desk) -> None:
    desk.tracker.by_ada("US128", {"title": "Same"})
    edit(desk, "US128", {"title": "Same"}, expected={"title": "Add password reset"})


@pytest.mark.requirement("web:edit:refused")
def test_what_the_kind_lacks_is_refused_by_name(desk: Desk) -> None:
    told = edit(desk, "US128", {"due": "2026-12-24"}, 400)
    assert (told["error"], told["field"]) == ("unsupported", "due")
    assert "points" in told["hint"]
    told = edit(desk, "US128", {"custom": {"c_Team": "Red"}}, 400)
    assert (told["field"], told["hint"]) == ("custom.c_Team", "It takes: Blue, Green.")
    told = edit(desk, "US128", {"blocked_by": ["US128"]}, 400)
    assert "its own" in told["message"]
    assert edit(desk, "US128", {"parent": "US999"}, 404)["error"] == "not_found"
    assert edit(desk, "US128", {}, 400)["message"] == "Nothing to change."
    assert "update" not in desk.tracker.asked


@pytest.mark.requirement("web:edit:lagging")
def test_a_lagging_tracker_raises_no_conflict(desk: Desk) -> None:
    old = at_tracker(desk, "US128")
    edit(desk, "US128", {"title": "First"})
    now = at_tracker(desk, "US128")
    desk.tracker.put(old)  # a replica that has not seen our write
    read_again = desk.tracker.get

    def late(key: str) -> Issue:
        found = read_again(key)
        desk.tracker.put(now)
        return found

    desk.tracker.get = late  # type: ignore[method-assign]
    done = edit(desk, "US128", {"title": "Second"}, expected={"title": "First"})
    assert done["before"] == {"title": "First"}


@pytest.mark.requirement("web:edit:lagging")
def test_an_item_just_made_is_there_although_the_tracker_lags(desk: Desk) -> None:
    made = desk.client.post("/api/item", json={"kind": "story", "fields": {"title": "New"}})
    key = made.json()["item"]["key"]
    hidden = desk.tracker._issues.pop(key)
    told = move(desk, 404, ref=key, state="done", expected="backlog")
    assert told["error"] == "not_found"  # the write itself does not find it: said as such
    desk.tracker.put(hidden)
    assert move(desk, ref=key, state="done", expected="backlog")["item"]["state"] == "done"


@pytest.mark.requirement("web:task:tick")
def test_a_step_is_ticked_and_unticked(desk: Desk) -> None:
    ticked = {"ref": "US121", "key": "TA2", "position": 2, "done": True}
    answer = desk.client.post("/api/item/task", json=ticked).json()
    assert answer["item"]["key"] == "US121"
    assert answer["item"]["progress"] == {"done": 3, "total": 3}
    assert at_tracker(desk, "TA2").state is State.DONE
    answer = desk.client.post("/api/item/task", json=ticked | {"done": False}).json()
    assert answer["item"]["progress"] == {"done": 2, "total": 3}
    assert at_tracker(desk, "TA2").native_state == "Defined"
    assert answer["seq"] == desk.store.last_event()


@pytest.mark.requirement("web:task:tick")
def test_unticking_a_begun_step_leaves_it(desk: Desk) -> None:
    begun = replace(at_tracker(desk, "TA2"), state=State.IN_PROGRESS, native_state="In-Progress")
    desk.tracker.put(begun)
    desk.store.put(begun, desk.clock())
    asked = {"ref": "US121", "key": "TA2", "done": False}
    assert desk.client.post("/api/item/task", json=asked).status_code == 200
    assert at_tracker(desk, "TA2").state is State.IN_PROGRESS


@pytest.mark.requirement("web:task:tick")
def test_a_step_of_another_item_is_none_of_this(desk: Desk) -> None:
    asked = {"ref": "US122", "key": "TA2", "done": True}
    answer = desk.client.post("/api/item/task", json=asked)
    assert (answer.status_code, answer.json()["error"]) == (404, "not_found")
    assert at_tracker(desk, "TA2").state is State.BACKLOG


@pytest.mark.requirement("web:comment:add")
def test_a_remark_is_written_kept_and_told(desk: Desk) -> None:
    asked = {"ref": "US121", "body": "Looks **good** <script>x</script>"}
    answer = desk.client.post("/api/item/comment", json=asked)
    assert answer.status_code == 201
    made = answer.json()
    assert made["author"]["name"] == "Maya Rao"
    assert "<strong>good</strong>" in made["body_html"]
    assert "<script" not in made["body_html"]
    assert read(desk, "US121")["comments"] == [made]
    assert desk.store.events(0)[-1].kind == "issue.commented"
    blank = desk.client.post("/api/item/comment", json={"ref": "US121", "body": " \n"})
    assert (blank.status_code, blank.json()["error"]) == (400, "invalid")


@pytest.mark.requirement("web:create:kinds")
def test_any_kind_can_be_created(desk: Desk) -> None:
    asked = {
        "tracker": "rally",
        "kind": "story",
        "project": "Elsewhere",
        "fields": {"title": "Made here", "parent": "F-17", "labels": ["new"], "state": "planning"},
    }
    answer = desk.client.post("/api/item", json=asked)
    assert answer.status_code == 201
    made = answer.json()["item"]
    assert (made["project"], made["parent"], made["state"]) == (
        "Elsewhere",
        "rally:F17",
        "planning",
    )
    assert kept(desk.store, made["key"]).title == "Made here"
    assert answer.json()["seq"] == desk.store.last_event()
    below = {"kind": "task", "fields": {"title": "Step", "parent": made["ref"]}}
    task = desk.client.post("/api/item", json=below).json()["item"]
    assert (task["kind"], task["parent"]) == ("task", made["ref"])


@pytest.mark.requirement("web:create:refused")
@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"kind": "story", "fields": {}}, "title"),
        ({"kind": "issue", "fields": {"title": "x"}}, "kind"),
        ({"kind": "story", "fields": {"title": "x", "due": "2026-12-24"}}, "due"),
        ({"kind": "task", "fields": {"title": "x"}}, "parent"),
        ({"kind": "story", "fields": {"title": "x", "assignee": "nobody@x"}}, "assignee"),
        ({"kind": "story", "fields": {"title": "x", "custom": {"c_Team": "Red"}}}, "custom.c_Team"),
        ({"kind": "epic", "fields": {"title": "x", "custom": {"c_Team": ""}}}, "custom.c_Why"),
    ],
)
def test_what_cannot_be_created_is_refused(
    desk: Desk, asked: dict[str, object], field: str
) -> None:
    answer = desk.client.post("/api/item", json=asked)
    assert answer.status_code == 400
    assert answer.json()["field"] == field
    assert answer.json()["hint"]


@pytest.mark.requirement("web:write:in-part")
def test_what_was_written_in_part_is_shown(desk: Desk) -> None:
    create, update = desk.tracker.create, desk.tracker.update

    def create_in_part(new: NewIssue) -> Issue:
        key = create(new).ref.key
        raise Partial(f"{key} was created without some fields.", "Mend it.", ref=key, created=True)

    def update_in_part(key: str, fields: IssueFields) -> Issue:
        update(key, fields)
        raise Unsupported("The rest was written.", "Leave it out.", ref=key, written=True)

    desk.tracker.create = create_in_part  # type: ignore[method-assign]
    desk.tracker.update = update_in_part  # type: ignore[method-assign]
    told = desk.client.post("/api/item", json={"kind": "story", "fields": {"title": "Half"}})
    assert (told.status_code, told.json()["error"]) == (502, "partial")
    assert kept(desk.store, told.json()["ref"]).title == "Half"
    edit(desk, "US121", {"points": 1, "labels": ["x"]}, 400)
    assert kept(desk.store, "US121").points == 1


@pytest.mark.requirement("web:delete:gone")
def test_a_deleted_item_leaves_the_board(desk: Desk) -> None:
    answer = desk.client.delete("/api/item", params={"ref": "us-121"})
    assert answer.json() == {"ref": "rally:US121", "seq": desk.store.last_event()}
    assert "US121" not in desk.tracker._issues
    assert desk.store.issue(IssueRef("rally", "US121")) is None
    del desk.tracker._issues["US122"]  # somebody else was first
    assert desk.client.delete("/api/item", params={"ref": "US122"}).status_code == 200
    assert desk.store.issue(IssueRef("rally", "US122")) is None
    assert desk.client.delete("/api/item", params={"ref": "US122"}).status_code == 404


@pytest.mark.requirement("web:history:both")
def test_history_joins_both(desk: Desk) -> None:
    desk.tracker.by_ada("US121", {"points": 8.0}, "PLAN ESTIMATE changed from [5] to [8]")
    desk.clock.skip(1)
    edit(desk, "US121", {"labels": ["ui", "api"], "blocked": True, "body": "long"})
    asked = {"ref": "US121", "body": "Hello"}
    desk.client.post("/api/item/comment", json=asked)
    found = desk.client.get("/api/item/history", params={"ref": "US121"}).json()
    assert found["error"] is None
    entries = found["entries"]
    assert [entry["at"] for entry in entries] == sorted(
        (entry["at"] for entry in entries), reverse=True
    )
    assert entries[0]["text"] == "Commented."
    assert entries[0]["author"]["name"] == "Maya Rao"
    changes = {one["field"]: (one["before"], one["after"]) for one in entries[1]["changes"]}
    assert changes["labels"] == (None, "ui, api")
    assert changes["blocked"] == ("no", "yes")
    assert changes["body"] == (None, None)
    assert "points" not in changes  # both knew of it: it stands once, with its author
    [theirs] = [entry for entry in entries if entry["origin"] == "tracker"]
    assert theirs["changes"] == [{"field": "points", "before": "5", "after": "8"}]
    assert theirs["text"] is None
    assert theirs["author"]["name"] == "Ada Obi"
    assert entries[-1]["text"] == "First seen on this board."
    assert {entry["origin"] for entry in entries} == {"tracker", "board"}


@pytest.mark.requirement("web:history:lock")
def test_the_history_tells_of_a_lock_in_words(desk: Desk) -> None:
    until = desk.clock().isoformat()
    lock = "LOCKEDBY added [ada.obi@example.com], LOCK EXPIRY added [Sat Nov 21 05:00:00 UTC 2026]"
    desk.tracker.by_ada("US121", {"points": 8.0}, f"PLAN ESTIMATE changed from [5] to [8], {lock}")
    desk.clock.skip(30)
    desk.tracker.by_ada("US121", {}, "LOCKTOKEN changed from [take:1] to [renew:2]")
    desk.clock.skip(30)
    desk.tracker.by_ada("US121", {}, "LOCKEDBY removed [ada.obi@example.com], LOCKEDAT removed [x]")
    asked = {"ref": "US121"}
    found = desk.client.get("/api/item/history", params=asked).json()["entries"]
    off, on = (one for one in found if one["origin"] == "tracker")
    assert (off["text"], off["changes"]) == ("The lock was taken off.", [])
    assert on["text"] == "Locked by Ada Obi."
    assert on["changes"] == [{"field": "points", "before": "5", "after": "8"}]
    at = datetime.fromisoformat(off["at"])
    claim: dict[str, Json] = {"holder": ADA, "fence": 1, "expires_at": until}
    desk.store.log(EventKind.TAKEN, IssueRef("rally", "US121"), claim, at)
    found = desk.client.get("/api/item/history", params=asked).json()["entries"]
    assert "The lock was taken off." not in [one["text"] for one in found]
    assert any(str(one["text"]).startswith("Checked it out until") for one in found)


@pytest.mark.requirement("web:history:words")
@pytest.mark.parametrize(
    ("text", "changes", "rest"),
    [
        ("NAME changed from [a, b] to [c]", [("title", "a, b", "c")], None),
        (
            "TAGS added [ui], OWNER removed [Ada]",
            [("labels", None, "ui"), ("assignee", "Ada", None)],
            None,
        ),
        ("DESCRIPTION changed from [<b>x</b>] to [y]", [("body", None, None)], None),
        ("c_Why changed from [a] to [b]", [], "c_Why changed from [a] to [b]"),
        ("Why changed from [<p>a</p>] to []", [("why", None, None)], None),
        ("Original <b>revision</b>", [], "Original revision"),
    ],
)
def test_a_revision_is_read_as_changes(
    desk: Desk, text: str, changes: list[tuple[str, str | None, str | None]], rest: str | None
) -> None:
    desk.tracker.revisions.append(Revision(NOW - timedelta(days=9), ADA, text))
    found = desk.client.get("/api/item/history", params={"ref": "US121"}).json()
    [told] = [entry for entry in found["entries"] if entry["origin"] == "tracker"]
    assert [(one["field"], one["before"], one["after"]) for one in told["changes"]] == changes
    assert told["text"] == rest


@pytest.mark.requirement("web:history:down")
def test_history_without_the_tracker_is_ours(desk: Desk) -> None:
    desk.tracker.fault = Retriable("rally is away.")
    found = desk.client.get("/api/item/history", params={"ref": "US121"}).json()
    assert found["error"] == "rally is away."
    assert [entry["origin"] for entry in found["entries"]] == ["board"]


@pytest.mark.requirement("web:task:inline")
def test_lines_that_no_tracker_ticks_are_refused(desk: Desk) -> None:
    inline = replace(at_tracker(desk, "US129"), tasks=(Task("Write it", False, 0),))
    desk.store.put(inline, desk.clock() + timedelta(days=1))
    asked = {"ref": "US129", "position": 0, "done": True}
    answer = desk.client.post("/api/item/task", json=asked)
    assert (answer.status_code, answer.json()["error"]) == (400, "unsupported")
    assert answer.json()["hint"]
    gone = desk.client.post("/api/item/task", json=asked | {"position": 7})
    assert gone.status_code == 404
