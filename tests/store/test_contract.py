"""Both stores keep the one contract."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from panopticon.config import Config
from panopticon.store.base import Store
from panopticon.store.registry import memory_store, open_store
from tests.contracts.link import LinkContract
from tests.contracts.store import StoreContract


class TestFile(StoreContract, LinkContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[Store]:
        store = open_store(Config(home=tmp_path / "home", folder=tmp_path))
        yield store
        store.close()


class TestMemory(StoreContract, LinkContract):
    @pytest.fixture
    def store(self) -> Iterator[Store]:
        store = memory_store()
        yield store
        store.close()
