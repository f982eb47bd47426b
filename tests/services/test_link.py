"""Links between items of two trackers: who may be linked, and where they count."""

from dataclasses import replace
from pathlib import Path

import pytest

from panopticon.errors import InvalidInput, NotFound
from panopticon.model.issue import Kind, State
from panopticon.model.link import LinkKind, link_between
from panopticon.model.ref import IssueRef
from panopticon.services import link
from panopticon.services.board import item as board_item
from panopticon.services.issue import verbs as issue
from panopticon.services.sync import pull as sync
from tests.services.pair import Pair, file, us

US120, US121 = IssueRef("rally", "US120"), IssueRef("rally", "US121")
S12 = IssueRef("stories", "1.2")


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    pair = Pair(tmp_path)
    pair.put(us("US120"), us("US121", blocked_by=(US120,)), file("1.2"), file("1.3"))
    return pair


@pytest.mark.requirement("link:make:kinds")
@pytest.mark.parametrize(
    ("words", "kind", "source", "target"),
    [
        (("US120", "blocks", "1.2"), LinkKind.BLOCKS, US120, S12),
        (("1.2", "blocked-by", "US-120"), LinkKind.BLOCKS, US120, S12),
        (("stories:1.2", "implements", "US120"), LinkKind.IMPLEMENTS, S12, US120),
        (("US120", "implemented_by", "1.2"), LinkKind.IMPLEMENTS, S12, US120),
        (("1.2", "Related", "US120"), LinkKind.RELATED, US120, S12),
        (("US120", "related", "1.2"), LinkKind.RELATED, US120, S12),
        (("US120", "related", "US121"), LinkKind.RELATED, US120, US121),
        (("1.3", "blocks", "1.2"), LinkKind.BLOCKS, IssueRef("stories", "1.3"), S12),
    ],
)
def test_two_items_are_linked_once(
    pair: Pair, words: tuple[str, str, str], kind: LinkKind, source: IssueRef, target: IssueRef
) -> None:
    made = link.link(pair.ctx, *words)
    assert made.is_new
    assert (made.link.kind, made.link.source, made.link.target) == (kind, source, target)
    assert made.link.by == "ann@example.com"
    again = link.link(pair.ctx, *words)
    assert (again.is_new, again.link) == (False, made.link)
    assert link.links(pair.ctx) == link.links(pair.ctx, words[0]) == [made.link]


@pytest.mark.requirement("link:make:refused")
def test_what_makes_no_sense_is_told(pair: Pair) -> None:
    link.link(pair.ctx, "US121", "blocks", "1.2")
    link.link(pair.ctx, "1.2", "blocks", "1.3")
    refused = [
        (("US120", "blocks", "us-120"), "itself"),
        (("1.2", "blocks", "US121"), "already"),
        (("1.3", "blocks", "US121"), "circle"),
        (("1.3", "blocks", "US120"), "US120 blocks rally:US121 blocks stories:1.2"),
        (("US120", "eats", "1.2"), "no kind of link"),
    ]
    for words, says in refused:
        with pytest.raises(InvalidInput, match=says) as caught:
            link.link(pair.ctx, *words)
        assert caught.value.hint
    with pytest.raises(NotFound):
        link.link(pair.ctx, "US999", "blocks", "1.2")
    assert len(link.links(pair.ctx)) == 2


@pytest.mark.requirement("link:make:refused")
def test_one_item_and_its_steps_wait_for_nothing_of_themselves(pair: Pair) -> None:
    pair.put(file("1.2", twin_key="US120"), us("TA7", kind=Kind.TASK, parent=US121))
    for words in (("US120", "blocks", "1.2"), ("1.2", "blocks", "US120")):
        with pytest.raises(InvalidInput, match="one item in two trackers"):
            link.link(pair.ctx, *words)
    assert link.link(pair.ctx, "1.2", "implements", "US120").is_new
    with pytest.raises(InvalidInput, match="rally:TA7 is a step") as caught:
        link.link(pair.ctx, "1.2", "blocks", "TA7")
    assert "rally:US121" in caught.value.hint


@pytest.mark.requirement("link:take:gone")
def test_a_name_that_two_items_have_is_never_taken_for_the_one_with_links(pair: Pair) -> None:
    pair.put(us("1.3"), us("US125"))
    link.link(pair.ctx, "stories:1.3", "related", "US120")
    with pytest.raises(InvalidInput, match="may mean"):
        link.links(pair.ctx, "1.3")
    with pytest.raises(InvalidInput, match="may mean"):
        link.unlink(pair.ctx, "1.3", "US120")
    assert len(link.links(pair.ctx)) == 1


@pytest.mark.requirement("link:source:renamed")
def test_a_source_called_otherwise_keeps_its_links(pair: Pair) -> None:
    for ref in (S12, IssueRef("stories", "1.3")):
        pair.drop(ref)
    old = [replace(file(key), ref=IssueRef("files", key)) for key in ("1.2", "1.3")]
    for story in old:
        pair.store.put(story, pair.at)
    made = link_between(LinkKind.BLOCKS, US120, old[0].ref, pair.at)
    inside = link_between(LinkKind.RELATED, old[0].ref, old[1].ref, pair.at)
    for one in (made, inside):
        pair.store.put_link(one)
    pair.store.put_note("identity:files", "memory:elsewhere")
    sync.pull(pair.ctx)
    assert link.links(pair.ctx) == []
    pair.store.put_note("identity:files", "memory:stories")
    sync.pull(pair.ctx)
    assert {(one.kind, one.source, one.target) for one in link.links(pair.ctx)} == {
        (LinkKind.BLOCKS, US120, S12),
        (LinkKind.RELATED, S12, IssueRef("stories", "1.3")),
    }
    assert board_item.item(pair.ctx, "1.2").as_json()["blocked"]


@pytest.mark.requirement("link:make:native")
def test_what_a_tracker_keeps_itself_is_left_to_it(pair: Pair) -> None:
    pair.put(us("US122"))
    with pytest.raises(InvalidInput, match="by itself") as caught:
        link.link(pair.ctx, "US122", "blocks", "US121")
    assert "pan work update rally:US121 blocked_by=US120,US122" in caught.value.hint
    assert link.links(pair.ctx) == []


@pytest.mark.requirement("link:take:idempotent")
def test_a_link_is_taken_away_from_either_side(pair: Pair) -> None:
    for word in ("blocks", "related"):
        link.link(pair.ctx, "US120", word, "1.2")
    assert [one.kind for one in link.unlink(pair.ctx, "1.2", "US120", "blocks")] == ["blocks"]
    assert [one.kind for one in link.unlink(pair.ctx, "1.2", "US120")] == ["related"]
    assert link.unlink(pair.ctx, "1.2", "US120") == []


@pytest.mark.requirement("link:asleep")
def test_a_link_sleeps_while_an_end_is_gone(pair: Pair) -> None:
    made = link.link(pair.ctx, "US120", "blocks", "1.2").link
    pair.drop(US120)
    pair.tracker("rally").delete("US120")
    assert link.links(pair.ctx, "1.2") == [replace(made, is_asleep=True)]
    shown = board_item.item(pair.ctx, "1.2").as_json()
    assert (shown["blocked"], shown["blocked_by"]) == (None, [])
    pair.put(us("US120"))
    blocked = board_item.item(pair.ctx, "1.2").as_json()["blocked"]
    assert blocked == {"by": [{"ref": "rally:US120", "key": "US120"}], "reason": None}
    pair.drop(US120)
    pair.tracker("rally").delete("US120")
    assert link.unlink(pair.ctx, "1.2", "US-120") == [replace(made, is_asleep=True)]


@pytest.mark.requirement("link:hidden")
def test_a_source_out_of_the_settings_hides_its_links_meanwhile(pair: Pair) -> None:
    made = link.link(pair.ctx, "US120", "blocks", "1.2").link
    alone = Pair(pair.home, pair.store, default=None, names=("stories",))
    assert link.links(alone.ctx) == []
    assert board_item.item(alone.ctx, "1.2").as_json()["blocked"] is None
    assert issue.show(alone.ctx, "1.2").as_json()["blocked_by"] == []
    assert link.links(pair.ctx) == [made]


@pytest.mark.requirement("link:counts:item")
def test_a_blocker_elsewhere_is_shown_on_both_sides(pair: Pair) -> None:
    link.link(pair.ctx, "US120", "blocks", "1.2")
    waits = board_item.item(pair.ctx, "1.2").as_json()
    assert waits["blocked_by"] == [
        {"ref": "rally:US120", "key": "US120", "title": "Story US120", "state": "backlog"}
    ]
    assert waits["values"]["blocked_by"] == []  # type: ignore[index, call-overload]
    assert [one["ref"] for one in waits["links"]] == ["rally:US120"]  # type: ignore[union-attr, index, call-overload]
    assert board_item.item(pair.ctx, "US120").as_json()["blocks"] == [
        {"ref": "stories:1.2", "key": "1.2", "title": "Story 1.2", "state": "backlog"}
    ]
    shown = issue.show(pair.ctx, "1.2")
    assert shown.as_json()["blocked_by"] == ["rally:US120"]
    assert [one["title"] for one in shown.as_json()["blockers"]] == ["Story US120"]  # type: ignore[union-attr, index, call-overload]
    assert "**Depends on:** US-120" in shown.markdown()
    pair.put(us("US120", state=State.DONE))
    assert board_item.item(pair.ctx, "1.2").as_json()["blocked"] is None
