"""Simulated trackers for people without one: served alone, or inside another run."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from panopticon.sandbox import serve as server
from panopticon.sandbox.serve import Options

__all__ = ["Options", "serve", "started"]


def serve(options: Options) -> None:
    """Print one JSON line when ready, then serve until SIGTERM."""
    server.run(options)


@contextmanager
def started(options: Options) -> Iterator[Mapping[str, object]]:
    """Serve beside whatever the block does; gives what the JSON line would say."""
    running = server.start(options)
    try:
        yield running.as_json()
    finally:
        running.stop()
