"""Requests about items that nobody means well with, and texts that want to be more than text."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from tests.web.trackers import Desk, desk_at

WRITES = (
    ("POST", "/api/item/move"),
    ("PATCH", "/api/item"),
    ("POST", "/api/item/task"),
    ("POST", "/api/item/comment"),
    ("POST", "/api/item"),
)
READS = (
    "/api/item",
    "/api/item/comments",
    "/api/item/history",
    "/api/item/moves",
    "/api/form",
    "/api/people",
    "/api/iterations",
)
HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "'; drop table item; -- \" \\ %_",
    "\u202eright to left\u202c 🦉 é 四",
    "zero \0 byte",
    "]]>&amp;<!--",
    "x" * 10_000,
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_at(tmp_path) as desk:
        yield desk


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One for all requests that are refused: they change nothing."""
    with desk_at(tmp_path_factory.mktemp("still")) as desk:
        yield desk


def send(desk: Desk, method: str, path: str, body: str) -> tuple[int, dict[str, Any]]:
    answer = desk.client.request(
        method, path, content=body, headers={"Content-Type": "application/json"}
    )
    return answer.status_code, answer.json()


@pytest.mark.requirement("web:item:hostile")
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_come_back_as_they_were_sent(desk: Desk, text: str) -> None:
    fields = {"title": text, "body": text, "labels": [text[:200]], "custom": {"c_Team": "Blue"}}
    asked = {"ref": "US121", "fields": {**fields, "blocked": True, "blocked_reason": text}}
    assert desk.client.patch("/api/item", json=asked).status_code == 200
    remark = desk.client.post("/api/item/comment", json={"ref": "US121", "body": text})
    found = desk.client.get("/api/item", params={"ref": "US121"}).json()
    assert found["title"] == " ".join(text.split())
    assert found["body"] == text
    assert found["values"]["labels"] == [text[:200]]
    assert found["values"]["blocked_reason"] == text
    assert found["comments"][0]["body"] == remark.json()["body"] == text.strip()
    html = found["body_html"] + found["comments"][0]["body_html"]
    assert "<script" not in html
    assert "<img" not in html
    same = {"ref": "US121", "fields": {"points": 1}, "expected": found["values"]}
    assert desk.client.patch("/api/item", json=same).status_code == 200


@pytest.mark.requirement("web:item:strict")
@pytest.mark.parametrize(
    "fields",
    [
        '{"nonsense": 1}',
        '{"title": ""}',
        '{"title": " "}',
        '{"title": null}',
        '{"title": 5}',
        '{"title": "' + "x" * 10_001 + '"}',
        '{"title": "half \\ud83d"}',
        '{"half \\ud83d": 1}',
        '{"custom": {"half \\ud83d": 1}}',
        '{"custom": {"c_Team": "half \\ud83d"}}',
        '{"custom": {"c_Big": 1' + "0" * 40 + "}}",
        '{"custom": {"c_Odd": NaN}}',
        '{"custom": {"c_Deep": ' + "[" * 40 + "]" * 40 + "}}",
        '{"points": NaN}',
        '{"points": Infinity}',
        '{"points": -1}',
        '{"points": 1e999}',
        '{"points": "3"}',
        '{"points": true}',
        '{"points": 1' + "0" * 400 + "}",
        '{"priority": 5}',
        '{"priority": "whatever"}',
        '{"priority": true}',
        '{"labels": "ui"}',
        '{"labels": [""]}',
        '{"labels": [1]}',
        '{"blocked": "yes"}',
        '{"due": "tomorrow"}',
        '{"due": 1700000000}',
        '{"due": "2026-02-30"}',
        '{"due": "2026-W01-1"}',
        '{"state": "flying"}',
        '{"state": null}',
        '{"coverage": 101}',
        '{"blocked_by": "US1"}',
    ],
)
def test_what_is_no_field_is_refused(still: Desk, fields: str) -> None:
    begun = still.store.last_event()
    status, told = send(still, "PATCH", "/api/item", f'{{"ref": "DE31", "fields": {fields}}}')
    assert (status, told["error"]) == (400, "invalid"), told
    assert told["message"]
    assert told["hint"]
    assert still.store.last_event() == begun
    assert "update" not in still.tracker.asked


@pytest.mark.requirement("web:item:strict")
@pytest.mark.parametrize(("method", "path"), WRITES)
@pytest.mark.parametrize(
    "body",
    ["", "null", "[]", "{", '"x"', "{}", '{"ref": 5}', '{"ref": "US121", "what": 1}', "[" * 900],
)
def test_a_body_that_is_none_is_refused(still: Desk, method: str, path: str, body: str) -> None:
    status, told = send(still, method, path, body)
    assert (status, told["error"]) == (400, "invalid")
    assert told["hint"]


@pytest.mark.requirement("web:item:strict")
@pytest.mark.parametrize("ref", ["\0", "US\x001", " ", "9" * 500, "US" + "9" * 400, "nobody:US1"])
def test_a_ref_that_is_none_is_told(still: Desk, ref: str) -> None:
    for path in READS[:4]:
        answer = still.client.get(path, params={"ref": ref})
        assert answer.status_code in {400, 404}
        assert answer.json()["hint"]
    asked = {"ref": ref, "state": "done"}
    assert still.client.post("/api/item/move", json=asked).status_code in {400, 404}


@pytest.mark.requirement("web:item:strict")
def test_what_the_page_saw_must_be_fields(desk: Desk) -> None:
    for expected in ('{"nonsense": 1}', '{"title": "\\ud800"}', "[]", '{"points": NaN}'):
        body = f'{{"ref": "US121", "fields": {{"points": 1}}, "expected": {expected}}}'
        assert send(desk, "PATCH", "/api/item", body)[0] == 400


def nested(inner: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    keys = st.text(max_size=8) | st.sampled_from(["title", "state"])
    return st.lists(inner, max_size=4) | st.dictionaries(keys, inner)


ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(
        ["US121", "rally:F17", "TA2", "done", "planning", "story", "task", "title", "\ud800", "me"]
    ),
    nested,
    max_leaves=12,
)
NAMES = (
    *("ref", "state", "native_state", "expected", "fields", "key", "position", "done", "body"),
    *("kind", "tracker", "project"),
)
FIELD = st.sampled_from(
    [
        *("title", "body", "state", "native_state", "priority", "labels", "assignee", "parent"),
        *("points", "due", "iteration", "blocked_by", "blocks", "custom", "coverage", "blocked"),
    ]
)
LIKELY = st.fixed_dictionaries(
    {"ref": st.sampled_from(["US121", "DE31", "F17", "TA2"])},
    optional={
        "fields": st.dictionaries(FIELD, ODD, max_size=3),
        "expected": st.dictionaries(FIELD, ODD, max_size=3),
        "state": st.sampled_from(["done", "backlog", "in_review"]),
        "native_state": ODD,
        "kind": st.sampled_from(["story", "task", "epic"]),
        "done": st.booleans(),
        "key": st.sampled_from(["TA2", None]),
    },
)


@pytest.mark.requirement("web:item:any-input")
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    write=st.sampled_from(WRITES),
    body=LIKELY | st.dictionaries(st.sampled_from(NAMES), ODD) | ODD,
)
def test_no_body_is_a_server_error(desk: Desk, write: tuple[str, str], body: object) -> None:
    status, told = send(desk, *write, json.dumps(body))
    assert status < 500, told
    if status >= 400:
        assert {"error", "message", "hint"} <= told.keys()


@pytest.mark.requirement("web:item:any-input")
@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    path=st.sampled_from(READS),
    query=st.dictionaries(
        st.sampled_from(["ref", "tracker", "kind", "project"]),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
        | st.sampled_from(["US121", "rally", "story", "http://x/7", "rally:"]),
    ),
)
def test_no_question_is_a_server_error(desk: Desk, path: str, query: dict[str, str]) -> None:
    answer = desk.client.get(path, params=query)
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert {"error", "message", "hint"} <= answer.json().keys()


@pytest.mark.requirement("web:edit:words")
@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"points": -1}, "`points` is a number of 0 or more."),
        ({"points": "abc"}, "`points` is a number."),
        ({"hours": 1e9}, "`hours` is a number of 1000000 at most."),
        ({"colour": "red"}, "`colour` is no name that is known here."),
    ],
)
def test_what_may_stand_in_a_field_is_said(
    desk: Desk, fields: dict[str, object], told: str
) -> None:
    answer = desk.client.patch("/api/item", json={"ref": "US121", "fields": fields})
    assert (answer.status_code, answer.json()["message"]) == (400, told)
