"""What every store must do with links between items and with names of twins."""

from dataclasses import replace
from datetime import timedelta

import pytest

from panopticon.model.event import EventKind
from panopticon.model.issue import Issue, Kind
from panopticon.model.link import Link, LinkKind, link_between
from panopticon.model.ref import IssueRef
from panopticon.store.base import Store
from tests.contracts.store import NOW, item, ref

FILE = ref("1.2", "stories")
RALLY = ref("US120")


def blocks(source: IssueRef, target: IssueRef) -> Link:
    return link_between(LinkKind.BLOCKS, source, target, NOW, "jo@example.com")


def story(key: str = "1.2", native_id: str = "app:1.2", **more: object) -> Issue:
    return replace(item(key), ref=ref(key, "stories"), native_id=native_id, **more)  # type: ignore[arg-type]


def filled(store: Store) -> None:
    store.put(item("US120"), NOW)
    store.put(story(), NOW)


class LinkContract:
    """Tests of a store; a subclass has a fixture `store`."""

    @pytest.mark.requirement("link:store:once")
    def test_keeps_a_link_once_and_tells_both_ends(self, store: Store) -> None:
        filled(store)
        link = blocks(RALLY, FILE)
        before = store.last_event()
        assert store.put_link(link)
        assert not store.put_link(replace(link, at=NOW + timedelta(hours=1)))
        assert store.links() == store.links(RALLY) == store.links(FILE) == [link]
        told = {event.ref: event.data for event in store.events(before)}
        assert told == {
            RALLY: {"links": [None, ["blocks stories:1.2"]]},
            FILE: {"links": [None, ["blocked by rally:US120"]]},
        }
        assert {event.kind for event in store.events(before)} == {EventKind.UPDATED}
        assert store.links(ref("US1")) == []

    @pytest.mark.requirement("link:store:dropped")
    def test_forgets_a_link_and_tells_both_ends(self, store: Store) -> None:
        filled(store)
        link, other = blocks(RALLY, FILE), link_between(LinkKind.RELATED, FILE, RALLY, NOW)
        store.put_link(link)
        store.put_link(other)
        before = store.last_event()
        assert store.drop_link(link, NOW)
        assert not store.drop_link(link, NOW)
        assert store.links() == [other]
        assert [event.data["links"] for event in store.events(before)] == [
            [["blocks stories:1.2"], None],
            [["blocked by rally:US120"], None],
        ]

    @pytest.mark.requirement("link:store:outlives")
    def test_a_link_outlives_a_change_a_rename_and_a_deletion(self, store: Store) -> None:
        filled(store)
        link = blocks(RALLY, FILE)
        store.put_link(link)
        store.put(item("US120", "Another title", version="2"), NOW)
        assert store.links() == [link]
        store.put(story("1.3", version="2"), NOW)
        renamed = replace(link, target=ref("1.3", "stories"))
        assert store.links() == store.links(renamed.target) == [renamed]
        assert store.links(FILE) == []
        store.drop("rally", ["id-US120"], NOW)
        assert store.links() == [replace(renamed, is_asleep=True)]
        store.put(item("US120", version="7"), NOW)
        assert store.links() == [renamed]
        assert store.drop_link(renamed, NOW)

    @pytest.mark.requirement("link:store:outlives")
    def test_an_item_that_returns_under_another_id_has_its_links(self, store: Store) -> None:
        filled(store)
        link = blocks(RALLY, FILE)
        store.put_link(link)
        store.drop("stories", ["app:1.2"], NOW)
        store.put(story(native_id="app:born-again"), NOW)
        assert store.links(FILE) == [link]
        assert not store.put_link(link)
        assert store.drop_link(link, NOW)
        assert store.links() == []

    @pytest.mark.requirement("link:store:once")
    def test_what_has_no_direction_is_once_whichever_side_a_rename_put_first(
        self, store: Store
    ) -> None:
        store.put(story("1.2", "a"), NOW)
        store.put(story("1.3", "b"), NOW)
        store.put_link(link_between(LinkKind.RELATED, FILE, ref("1.3", "stories"), NOW))
        store.put(story("1.4", "a", version="2"), NOW)
        again = link_between(LinkKind.RELATED, ref("1.4", "stories"), ref("1.3", "stories"), NOW)
        assert not store.put_link(again)
        assert len(store.links()) == 1
        assert store.drop_link(again, NOW)
        assert store.links() == []

    @pytest.mark.requirement("link:store:moved")
    def test_links_go_with_a_source_that_is_called_otherwise(self, store: Store) -> None:
        filled(store)
        other = ref("1.3", "stories")
        store.put(story("1.3", "app:1.3"), NOW)
        within = link_between(LinkKind.IMPLEMENTS, FILE, other, NOW)
        for link in (blocks(RALLY, FILE), within):
            store.put_link(link)
        new = ref("1.4", "files")
        store.put(replace(story("1.4"), ref=new), NOW)
        assert store.move_links("stories", "files") == 2
        assert store.links(RALLY) == [blocks(RALLY, new)]
        assert len(store.links(new)) == 2
        assert store.links(FILE) == []
        (asleep,) = [one for one in store.links() if one.kind is LinkKind.IMPLEMENTS]
        assert asleep == replace(within, source=new, target=ref("1.3", "files"), is_asleep=True)
        assert store.move_links("stories", "files") == 0
        store.put_link(blocks(RALLY, FILE))
        assert store.move_links("stories", "files") == 1
        assert len(store.links()) == 2

    @pytest.mark.requirement("link:store:claims")
    def test_says_which_items_name_a_twin(self, store: Store) -> None:
        filled(store)
        store.put(story(twin_key="US120", version="2"), NOW)
        store.put(item("TA1", kind=Kind.TASK, twin_key="US9"), NOW)
        assert store.twin_claims() == [(FILE, "US120")]
        store.put(story(twin_key=None, version="3"), NOW)
        assert store.twin_claims() == []

    @pytest.mark.requirement("store:find:spellings")
    def test_finds_what_a_folder_names(self, store: Store) -> None:
        for key in ("app#1.2", "web#1.2", "web#1.3", "app#auth_spec", "app#autheSpec"):
            store.put(story(key, key), NOW)
        assert store.find(None, ["1.2"]) == [ref("app#1.2", "stories"), ref("web#1.2", "stories")]
        assert store.find("stories", ["1-3", "1.3"]) == [ref("web#1.3", "stories")]
        assert store.find(None, ["AUTH_spec"]) == [ref("app#auth_spec", "stories")]
        assert store.find(None, ["2", "", ".2"]) == []
        store.put(story("1.2", "1.2"), NOW)
        assert store.find(None, ["1.2"]) == [FILE]
