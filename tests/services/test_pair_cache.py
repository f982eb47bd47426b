"""The cache of two trackers: nobody overwrites anybody, and both sides of a bond are told."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from panopticon.model.issue import Kind, State
from panopticon.model.ref import IssueRef
from panopticon.services import link
from panopticon.services.issue import verbs as issue
from panopticon.services.sync import cache as sync_cache
from tests.services.pair import Pair, file, us

F17, E17 = IssueRef("rally", "F17"), IssueRef("stories", "epic-17")


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    pair = Pair(tmp_path)
    pair.put(
        us("F17", "Accounts", Kind.FEATURE),
        us("US120", "Create user model", parent=F17),
        us("US121", "Another", parent=F17),
        file("epic-17", "Story epic", Kind.EPIC),
        file("17.1", "Create user model", parent=E17, twin_key="US120", state=State.DONE),
        file("17.2", "Second", parent=E17),
    )
    return pair


def stories(pair: Pair) -> dict[str, dict[str, Any]]:
    root = pair.ctx.config.cache / "stories"
    found = sorted(root.rglob("*.json"))
    return {str(path.relative_to(root)): json.loads(path.read_text()) for path in found}


def assert_exact(pair: Pair) -> None:
    """Compare with a cache that is written anew: nothing stale, nothing missing."""
    sync_cache.write(pair.ctx)
    followed = stories(pair)
    sync_cache.write(pair.ctx, force=True)
    assert stories(pair) == followed


@pytest.mark.requirement("cache:pair:folders")
def test_epics_of_one_number_have_a_folder_each(pair: Pair) -> None:
    sync_cache.write(pair.ctx)
    assert sorted(stories(pair)) == [
        "epic-17-stories/17.1.json",
        "epic-17-stories/17.2.json",
        "epic-17/US-120.json",
        "epic-17/US-121.json",
    ]
    epics = json.loads((pair.ctx.config.cache / "epics.json").read_text())
    assert [(one["tracker"], one["ref"], one["folder"], one["stories"]) for one in epics] == [
        ("rally", "F17", "stories/epic-17", 2),
        ("stories", "epic-17", "stories/epic-17-stories", 2),
    ]
    pair.default = "stories"
    sync_cache.write(pair.ctx)
    assert "epic-17/17.1.json" in stories(pair)
    assert "epic-17-rally/US-120.json" in stories(pair)


@pytest.mark.requirement("cache:pair:bonds")
def test_a_file_says_what_work_show_says(pair: Pair) -> None:
    link.link(pair.ctx, "US121", "blocks", "17.2")
    sync_cache.write(pair.ctx)
    for key, path in (("17.1", "epic-17-stories/17.1"), ("US-121", "epic-17/US-121")):
        told = stories(pair)[f"{path}.json"]
        told.pop("markdown")
        assert told == issue.show(pair.ctx, key).as_json()
    waits = stories(pair)["epic-17-stories/17.2.json"]
    assert waits["blocked_by"] == ["rally:US121"]
    assert "**Depends on:** US-121" in waits["markdown"]
    twin = stories(pair)["epic-17/US-120.json"]["twin"]
    assert twin["differs"] == [{"field": "state", "here": "backlog", "there": "done"}]


@pytest.mark.requirement("cache:pair:exact")
def test_each_side_follows_the_other(pair: Pair) -> None:
    def told(path: str) -> dict[str, Any]:
        assert_exact(pair)
        return stories(pair)[path]

    assert told("epic-17/US-120.json")["twin"]["ref"] == "stories:17.1"
    pair.put(file("17.1", "Other title", parent=E17, twin_key="US120"))
    assert told("epic-17/US-120.json")["twin"]["differs"][0]["there"] == "Other title"
    pair.put(file("17.2", "Second", parent=E17, twin_key="US120"))
    assert told("epic-17/US-120.json")["twin"] is None
    assert "17.2" in told("epic-17-stories/17.1.json")["twin_problem"]
    pair.put(file("17.2", "Second", parent=E17))
    assert told("epic-17/US-120.json")["twin"]["ref"] == "stories:17.1"
    pair.drop(IssueRef("stories", "17.1"))
    assert told("epic-17/US-120.json")["twin"] is None
    made = link.link(pair.ctx, "US121", "blocks", "17.2").link
    assert told("epic-17-stories/17.2.json")["blockers"][0]["ref"] == "US121"
    pair.put(us("US121", "Another", parent=F17, state=State.DONE))
    assert told("epic-17-stories/17.2.json")["blockers"][0]["state"] == "done"
    pair.drop(made.source)
    assert told("epic-17-stories/17.2.json")["blocked_by"] == []
    pair.put(us("US121", "Another", parent=F17))
    assert told("epic-17-stories/17.2.json")["blocked_by"] == ["rally:US121"]
    pair.put(replace(us("US122", parent=F17), native_id="US121"))
    assert told("epic-17-stories/17.2.json")["blocked_by"] == ["rally:US122"]


@pytest.mark.requirement("cache:link:two-files")
def test_a_link_writes_the_files_of_its_two_ends_alone_and_as_a_sync_would(pair: Pair) -> None:
    pair.put(us("17.2", "Of one name"), file("17.3", "Above", twin_key="US121"))
    link.link(pair.ctx, "US120", "blocks", "17.3")
    sync_cache.write(pair.ctx)
    before = stories(pair)
    made = link.link(pair.ctx, "stories:17.2", "related", "US120").link
    followed = stories(pair)
    changed = [followed[path] for path in before if before[path] != followed[path]]
    assert {IssueRef(one["tracker"], one["ref"]) for one in changed} == made.ends
    link.link(pair.ctx, "17.1", "blocks", "US121")
    for _ in link.unlink(pair.ctx, str(made.source), str(made.target)):
        followed = stories(pair)
    sync_cache.write(pair.ctx, force=True)
    assert stories(pair) == followed
