"""`pan search`: what is found, how it is shown, what is said of a query that cannot be read."""

import json
from collections.abc import Callable, Iterable

import pytest

from panopticon.model.issue import Issue
from tests.cli.conftest import Runner, issue

pytestmark = pytest.mark.usefixtures("items")


def keys(pan: Runner, *words: str) -> list[str]:
    said = pan("search", *words, "--json")
    assert said.code == 0, said.err or said.out
    return [row["ref"] for row in json.loads(said.out)]


@pytest.mark.requirement("search:cli:words")
@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["profile"], {"US123"}),
        (["add", "oauth"], {"US126"}),
        (["add profile -is:done"], {"US123"}),
        (["add", "-profile"], {"US126"}),
        (["-is:done", "-kind:defect", "is:free"], {"F17", "US126", "US200"}),
        (['"shows the name"'], {"US123"}),
        (["epic:17", "label:api,ui"], {"US123"}),
        (["kind:task", "a task"], {"TA1"}),
        (["task"], {"US126"}),
        (["a=b"], set()),
        (["limit=1", "kind:story"], {"US120"}),
        (["state:in-progress"], {"US123"}),
    ],
)
def test_words_are_one_query(pan: Runner, words: list[str], found: set[str]) -> None:
    assert set(keys(pan, *words)) == found


@pytest.mark.requirement("search:cli:words")
def test_after_two_hyphens_all_is_query(pan: Runner) -> None:
    said = pan("search", "--json", "--", "-is:open")
    assert [row["ref"] for row in json.loads(said.out)] == ["US120"]
    assert pan("search", "--", "-is:open", "--json").out.startswith("US120")


@pytest.mark.requirement("search:cli:json")
def test_json_is_the_work_list_with_a_reason(pan: Runner) -> None:
    (row,) = json.loads(pan("search", "picture", "--json").out)
    (listed,) = [one for one in json.loads(pan("work", "list", "--json").out)
                 if one["ref"] == "US123"]  # fmt: skip
    assert row.pop("score") > 0
    found = row.pop("found")
    assert found["in"] == "body"
    assert "- picture" in found["text"]
    assert row == listed


@pytest.mark.requirement("search:cli:list")
def test_the_work_list_reads_the_same_language(pan: Runner) -> None:
    said = pan("work", "list", "add -profile", "--state", "backlog", "--json")
    assert [row["ref"] for row in json.loads(said.out)] == ["US126"]
    wrong = pan("work", "list", "is:opne")
    assert wrong.code == 2
    assert "is:open" in wrong.err


@pytest.mark.requirement("search:cli:shown")
def test_a_line_an_item_and_where_a_word_stands(
    pan: Runner, stored: Callable[[Iterable[Issue]], None]
) -> None:
    stored([issue("US300", "Evil", body="a picture \x1b[31mred\x1b[0m of it")])
    said = pan("search", "picture")
    assert said.code == 0
    lines = said.out.splitlines()
    assert any(line.startswith("US123  Add profile page") for line in lines)
    assert "    body: a picture [31mred[0m of it" in lines
    assert lines[-1].startswith("2 items. Next: pan work show US")
    assert "\x1b" not in said.out
    assert "1 of 2 items." in pan("search", "--limit", "1", "picture").out


@pytest.mark.requirement("search:cli:shown")
def test_nothing_found_says_what_to_try(pan: Runner) -> None:
    said = pan("search", "quaternion", "is:open")
    assert said.code == 0
    assert "Nothing meets quaternion is:open." in said.out
    assert "leave one out" in said.out
    assert json.loads(pan("search", "quaternion", "--json").out) == []


@pytest.mark.requirement("search:cli:wrong")
def test_a_wrong_query_is_pointed_at(pan: Runner) -> None:
    said = pan("search", "add", "label:api", "asignee:me")
    assert said.code == 2
    assert "There is no field `asignee`." in said.err
    assert "  add label:api asignee:me\n                ^^^^^^^\n" in said.err
    assert "Did you mean `assignee:`?" in said.err
    told = json.loads(pan("search", "add label:api asignee:me", "--json").out)
    assert told["error"] == "invalid"
    assert told["at"] == [14, 21]
    assert "^" not in told["hint"]
    assert pan("search").code == 2
    assert pan("search", " ").code == 2
    assert pan("search", "x", "--limt", "2").code == 2
