"""Opening a run: the context with the real store and trackers behind it."""

from panopticon.config import Config, Source
from panopticon.services.context import Context
from panopticon.store.base import Store
from panopticon.trackers.base import Tracker


def context_for(config: Config) -> Context:
    """Build the context of a configuration; nothing is opened before it is asked for."""
    return Context(config, _open_store, _open_tracker)


# Imported on first use: reading the store must not pay for the HTTP client, nor `--help` for both.
def _open_store(config: Config) -> Store:
    from panopticon.store.registry import open_store  # noqa: PLC0415

    return open_store(config)


def _open_tracker(source: Source) -> Tracker:
    from panopticon.trackers.registry import open_tracker  # noqa: PLC0415

    return open_tracker(source)
