"""Both stores keep the one contract."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from panopticon.config import Config
from panopticon.store.base import Store
from panopticon.store.registry import memory_store, open_store
from tests.contracts.store import StoreContract


@pytest.mark.requirement(
    "store:items:kept-whole",
    "store:items:once",
    "store:items:never-older",
    "store:items:renamed",
    "store:page:at-once",
    "store:events:what-changed",
    "store:tree:child-first",
    "store:filter:together",
    "store:filter:order",
    "store:find:spellings",
    "store:text:any-character",
    "store:lease:shown",
    "store:comments:kept",
    "store:sync:freshness",
    "store:notes:kept",
    "store:threads:at-once",
)
class TestFile(StoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[Store]:
        store = open_store(Config(home=tmp_path / "home", folder=tmp_path))
        yield store
        store.close()


@pytest.mark.requirement("store:memory:same-contract")
class TestMemory(StoreContract):
    @pytest.fixture
    def store(self) -> Iterator[Store]:
        store = memory_store()
        yield store
        store.close()
