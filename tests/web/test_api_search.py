"""Searches over HTTP: the board's query, wrong ones, and the words that one may use."""

import pytest
from starlette.testclient import TestClient

from panopticon.store.base import Store
from tests.web.fakes import NOW, story


@pytest.mark.requirement("search:api:board")
@pytest.mark.parametrize("path", ["/api/board", "/api/board/matches"])
def test_the_board_reads_queries(script: TestClient, store: Store, path: str) -> None:
    store.put(story("US950", "Quaternions of doom"), NOW)

    def keys(text: str) -> list[str]:
        answer = script.get(path, params={"q": text})
        assert answer.status_code == 200, answer.text
        told = answer.json()
        refs = told["refs"] if "refs" in told else [card["ref"] for card in told["cards"]]
        return [one.removeprefix("rally:") for one in refs]

    assert keys("quaternions -is:done") == ["US950"]
    assert keys('"of doom" tracker:rally') == ["US950"]
    assert keys("quaternions is:done") == []
    assert "US950" in keys("-is:blocked")
    assert len(keys(" ")) == len(keys("")) > 3


@pytest.mark.requirement("search:api:wrong")
@pytest.mark.parametrize("path", ["/api/board", "/api/board/matches"])
@pytest.mark.parametrize("kind", ["", "no such kind"])
def test_a_wrong_query_is_told_with_its_place(script: TestClient, path: str, kind: str) -> None:
    query = " login  asignee:me"
    answer = script.get(path, params={"q": query, "kind": kind})
    assert answer.status_code == 400
    told = answer.json()
    assert told["error"] == "invalid"
    assert query[slice(*told["at"])] == "asignee"
    assert "assignee" in told["hint"]
    assert script.get(path, params={"q": "project:nowhere"}).json()["at"] == [8, 15]
    assert script.get(path, params={"q": "assignee:me"}).json()["at"] == [9, 11]


@pytest.mark.requirement("search:api:words")
def test_the_words_of_queries_are_listed(script: TestClient, outside: TestClient) -> None:
    answer = script.get("/api/search/words")
    assert answer.status_code == 200
    fields = {one["name"]: one for one in answer.json()["fields"]}
    assert fields["tracker"]["values"] == ["rally"]
    assert fields["epic"]["titles"] == {"F17": "User accounts"}
    assert "blocked" in fields["is"]["values"]
    assert all(one["means"] and one["examples"] for one in fields.values())
    assert outside.get("/api/search/words").status_code == 401
