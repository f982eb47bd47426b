"""Both stores find alike; an older file is made ready."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from panopticon.config import Config
from panopticon.model.change import Cursor, Page
from panopticon.model.issue import Comment, Kind
from panopticon.store.base import Store
from panopticon.store.document import comments_text, written
from panopticon.store.queries import migrations
from panopticon.store.registry import memory_store, open_store
from panopticon.store.sqlite import APPLICATION_ID
from tests.contracts.search import SearchContract, found, lookup
from tests.contracts.store import NOW, apply, item, ref


class TestFile(SearchContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[Store]:
        store = open_store(Config(home=tmp_path / "home", folder=tmp_path))
        yield store
        store.close()


class TestMemory(SearchContract):
    @pytest.fixture
    def store(self) -> Iterator[Store]:
        store = memory_store()
        yield store
        store.close()


@pytest.mark.requirement("search:store:upgraded")
def test_the_items_of_an_older_file_are_found(tmp_path: Path) -> None:
    """A file as version 2 of the schema left it, without this search."""
    path = tmp_path / "panopticon.db"
    connection = sqlite3.connect(path)
    for _, text in migrations(0)[:2]:
        connection.executescript(text)
    issue = item("US1", "Old", body="the needle", points=5.0, labels=("api",))
    row = {
        "id": 1, "source": "rally", "key": "US1", "folded": "us1", "number": "1",
        "native_id": "id-US1", "version": "1", "kind": "story", "project": "DDC-AI",
        "title": "Old", "state": "backlog", "native_state": "Defined", "cancelled": 0,
        "blocked": 0, "labels": "\x1fapi\x1f", "updated_at": "2026-11-18T12:00:00.000000+00:00",
    }  # fmt: skip
    names = ", ".join(row)
    places = ", ".join(f":{name}" for name in row)
    connection.execute(f"insert into item ({names}) values ({places})", row)
    connection.execute("insert into item_text values (1, ?, 'old')", (written(issue)[1],))
    remarks = comments_text([Comment("1", "Jo", "a remark", NOW)])
    connection.execute("insert into comment_list values ('rally', 'US1', ?)", (remarks,))
    connection.execute("update counter set value = 1 where name = 'item'")
    connection.execute("pragma user_version = 2")
    connection.execute(f"pragma application_id = {APPLICATION_ID}")
    connection.commit()
    connection.close()
    store = open_store(Config(home=tmp_path, folder=tmp_path))
    for text in ("needle", "remark", "points:5", "label:api", "created:<2026-11-20 us1"):
        assert found(store, text) == "US1", text
    store.put(item("US2", "Needle"), NOW)
    assert found(store, "title:needle") == "US2"
    store.close()


@pytest.mark.requirement("search:store:follows")
def test_what_another_process_wrote_is_found(tmp_path: Path) -> None:
    store, other = (open_store(Config(home=tmp_path, folder=tmp_path)) for _ in range(2))
    page = Page(tuple(item(f"US{n}", "Needle") for n in range(1200)), Cursor())
    other.apply("rally", page, NOW, scope="", stream="")
    assert len(found(store, "needle").split()) == 1200
    store.close()
    other.close()


@pytest.mark.requirement("search:store:many")
def test_a_word_that_thousands_have_is_weighed_by_titles() -> None:
    """More work than is weighed, and more steps than are looked up one by one."""
    store = memory_store()
    apply(store, *(item(f"US{n}", "Plain", body="needle", rank="a") for n in range(2100)))
    apply(store, item("US9001", "Needle", rank="z"), item("US9002", "Owner"), item("US9003"))
    owner = ref("US9002")
    apply(store, *(item(f"TA{n}", "Needle", Kind.TASK, parent=owner) for n in range(4100)))
    hits = store.search(lookup("needle", limit=3))
    assert [hit.ref.key for hit in hits.hits] == ["US9001", "US0", "US1"]
    assert [hit.score for hit in hits.hits] == [1.0, 0.0, 0.0]
    assert hits.total == 2102
    assert found(store, "needle title:owner") == "US9002"
    assert found(store, "-needle") == "US9003"
    assert len(found(store, "kind:task needle").split()) == 4100
    store.close()


@pytest.mark.requirement("search:store:ordered")
def test_a_text_said_more_often_or_in_a_shorter_text_fits_better(tmp_path: Path) -> None:
    store = open_store(Config(home=tmp_path, folder=tmp_path))
    other = "much else is said here " * 10
    apply(
        store,
        item("US1", body=f"{other} needle", rank="a"),
        item("US2", body="needle", rank="b"),
        item("US3", body=f"{other} needle needle needle", rank="c"),
        item("US4", body=f"needle haystack {other}", rank="d"),
        *(item(f"US{n}", body="needle") for n in range(10, 20)),
        *(item(f"US{n}") for n in range(20, 60)),
    )
    order = found(store, "needle is:open").split()
    assert order.index("US3") < order.index("US1")
    assert order.index("US2") < order.index("US1")
    assert found(store, "needle haystack") == "US4"
    both = store.search(lookup("needle haystack")).hits[0].score
    assert both > store.search(lookup("haystack")).hits[0].score > 0
    store.close()
