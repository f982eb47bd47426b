"""Both stores find alike; an older file is made ready."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from panopticon.config import Config
from panopticon.model.change import Cursor, Page
from panopticon.model.issue import Comment
from panopticon.store.base import Store
from panopticon.store.document import comments_text, written
from panopticon.store.queries import migrations
from panopticon.store.registry import memory_store, open_store
from panopticon.store.sqlite import APPLICATION_ID
from tests.contracts.search import SearchContract, found
from tests.contracts.store import NOW, item


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
