"""Which store is used: SQLite in the home folder."""

from panopticon.config import Config
from panopticon.store.base import Store
from panopticon.store.rowstore import RowStore
from panopticon.store.sqlite import Sqlite


def open_store(config: Config) -> Store:
    """Open the configured store; raises LocalFault with a next step."""
    return RowStore(Sqlite(config.database))


def memory_store() -> Store:
    """Open a store that is forgotten when it is closed."""
    return RowStore(Sqlite(None))
