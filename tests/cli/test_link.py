"""`pan link`, `unlink`, `links` and what `work show` says of two trackers, in both tongues."""

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest

from panopticon.cli.item_list import Listed, draw_list
from panopticon.cli.terminal import Terminal
from panopticon.config import load
from panopticon.model.issue import Issue
from panopticon.model.ref import IssueRef
from panopticon.store.base import SyncRecord
from panopticon.store.registry import open_store
from tests.cli.conftest import CREATED, ITEMS, Runner, issue

STORY = replace(
    issue("1.2", "Create user models", twin_key="US-120", points=3.0),
    ref=IssueRef("stories", "1.2"),
)
OTHER = replace(issue("1.3", "Second"), ref=IssueRef("stories", "1.3"))


@pytest.fixture(autouse=True)
def two(stored: Callable[[Iterable[Issue]], None]) -> None:
    """Configure two trackers, each with items."""
    stored(ITEMS)
    settings = Path.home() / ".panopticon/config.toml"
    settings.write_text(
        '[pan]\ndefault_tracker = "rally"\n[trackers.rally]\n[trackers.stories]\ntype = "rally"\n'
    )
    stored([STORY, OTHER])


@pytest.mark.requirement("cli:link:both-tongues")
def test_a_link_is_made_shown_and_taken_away(pan: Runner) -> None:
    made = pan("link", "US-126", "blocks", "1.3")
    assert (made.code, made.err) == (0, "")
    assert "rally:US126 blocks stories:1.3." in made.out
    again = pan("link", "us126", "blocks", "stories:1.3")
    assert "already" in again.out
    told = json.loads(pan("link", "1.3", "blocked_by", "US126", "--json").out)
    assert (told["created"], told["link"]["source"]["ref"]) == (False, "rally:US126")
    listed = json.loads(pan("links", "1.3", "--json").out)
    assert [(one["kind"], one["target"]["title"]) for one in listed] == [("blocks", "Second")]
    assert "rally:US126" in pan("links").out
    assert "Blocked by  rally:US126" in pan("work", "show", "1.3").out
    gone = pan("unlink", "1.3", "US126")
    assert (gone.code, "No longer: rally:US126 blocks stories:1.3." in gone.out) == (0, True)
    none = pan("unlink", "1.3", "US126", "--json")
    assert (none.code, json.loads(none.out)) == (0, {"removed": []})
    assert pan("links").out.startswith("0 links")


@pytest.mark.requirement("cli:link:both-tongues")
def test_a_wrong_link_is_refused_in_both_tongues(pan: Runner) -> None:
    said = pan("link", "1.3", "eats", "US126")
    assert (said.code, said.out) == (2, "")
    assert "no kind of link" in said.err
    itself = pan("link", "1.3", "blocks", "1.3", "--json")
    assert (itself.code, json.loads(itself.out)["error"]) == (2, "invalid")


@pytest.mark.requirement("cli:work:twin")
def test_work_show_says_where_two_sides_differ(pan: Runner) -> None:
    pan("link", "1.2", "implements", "US123")
    said = pan("work", "show", "1.2", tty=False).out
    assert "Also        rally:US120  Create user model" in said
    assert "title     Create user models in stories, Create user model in rally" in said
    assert "state     backlog in stories, done in rally" in said
    assert "points    3 in stories, (none) in rally" in said
    assert "Implements  rally:US123" in said
    twin = json.loads(pan("work", "show", "US120", "--json").out)["twin"]
    assert twin["ref"] == "stories:1.2"
    assert {one["field"]: (one["here"], one["there"]) for one in twin["differs"]} == {
        "title": ("Create user model", "Create user models"),
        "state": ("done", "backlog"),
        "points": (None, 3.0),
    }


@pytest.mark.requirement("cli:work:twin-problem")
def test_two_files_of_one_key_are_told_and_not_joined(
    pan: Runner, stored: Callable[[Iterable[Issue]], None]
) -> None:
    stored([replace(OTHER, twin_key="US120", version="2")])
    said = pan("work", "show", "US120").out
    assert "stories:1.2 and stories:1.3 both carry the key of rally:US120: not joined." in said
    document = json.loads(pan("work", "show", "1.2", "--json").out)
    assert document["twin"] is None
    assert "not joined" in document["twin_problem"]


@pytest.mark.requirement("cli:work:stale")
def test_a_list_says_which_source_is_old(pan: Runner) -> None:
    store = open_store(load({}, Path.home(), Path.home(), {}))
    store.record_sync(SyncRecord("rally", CREATED, CREATED, CREATED, None))
    store.record_sync(SyncRecord("rally", CREATED, CREATED, None, "The key was refused."))
    store.record_sync(SyncRecord("stories", CREATED, CREATED, CREATED, None))
    store.close()
    for words in (["work", "list"], ["work", "list", "--json"]):
        said = pan(*words)
        assert said.code == 0
        assert "rally could not be read (The key was refused): shown as read" in said.err
        assert "stories" not in said.err
    assert pan("work", "list", "tracker=stories").err == ""


@pytest.mark.requirement("cli:work:same-key")
def test_a_key_that_two_trackers_have_is_listed_with_its_tracker(
    pan: Runner, stored: Callable[[Iterable[Issue]], None]
) -> None:
    stored([replace(OTHER, ref=IssueRef("stories", "US126"), native_id="9")])
    said = pan("work", "list").out
    assert "rally:US126" in said
    assert "stories:US126" in said
    assert "rally:US123" not in said
    shown = pan("work", "list", "US126", "kind=story")
    assert "work show rally:US126" in shown.out + pan("search", "US126").out


@pytest.mark.requirement("cli:work:list-twin")
def test_a_list_marks_what_is_the_same_work(pan: Runner) -> None:
    lines = [line for line in pan("work", "list").out.splitlines() if "= " in line]
    assert [line.split()[0] for line in lines] == ["1.2"]
    assert lines[0].endswith("= US120")
    assert "= US120" in pan("work", "list", "tracker=stories").out
    assert "= " not in pan("work", "list", "tracker=rally").out


@pytest.mark.requirement("cli:work:list-long")
def test_a_long_key_takes_room_from_its_own_title_alone() -> None:
    key = "northwind-warehouse-app#1.2"
    long = replace(
        OTHER, ref=IssueRef("stories", key), title="Sign in " * 9, native_state="Defined"
    )
    plain = issue("US126", "Deliver webhooks again", native_state="Defined")
    paper = StringIO()
    out = Terminal(paper, 80, is_tty=True, has_colour=False, has_unicode=True)
    draw_list(out, Listed([plain, long], 2, {}, ()), CREATED)
    _, short, wide, _ = paper.getvalue().splitlines()
    assert short.split() == ["US126", "Deliver", "webhooks", "again", "Defined"]
    assert wide.startswith(f"  {key}  Sign in")
    assert (wide.endswith("Defined"), len(wide) <= 80) == (True, True)
    assert short.index("Defined") == wide.index("Defined")
    assert short.index("Deliver") < len(key)
