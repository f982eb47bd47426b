"""An arbiter by a store's rows that goes by a test's clock."""

from collections.abc import Callable
from datetime import datetime

from panopticon.store.base import Store
from panopticon.store.lease import StoreArbiter
from panopticon.store.rowstore import RowStore


def on_clock(store: Store, clock: Callable[[], datetime]) -> None:
    """Have a store decide claims by this clock instead of its database's."""
    assert isinstance(store, RowStore)
    database = store._database
    store.arbiter = lambda name: StoreArbiter(name, database, clock)  # type: ignore[method-assign]
