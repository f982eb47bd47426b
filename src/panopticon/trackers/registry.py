"""The one table of tracker types."""

from collections.abc import Callable, Mapping

from panopticon.config import Source
from panopticon.errors import InvalidInput
from panopticon.trackers.base import Tracker
from panopticon.trackers.notes import Notes


def _rally(source: Source, notes: Notes | None) -> Tracker:
    # The HTTP client and the HTML converters take 200 ms that most commands never need.
    from panopticon.trackers.rally.tracker import open_rally  # noqa: PLC0415

    return open_rally(source, notes)


TRACKERS: Mapping[str, Callable[[Source, Notes | None], Tracker]] = {
    "rally": _rally,
}


def open_tracker(source: Source, notes: Notes | None = None) -> Tracker:
    """Open a configured tracker; `notes` (the store) saves asking the same things every run."""
    found = TRACKERS.get(source.type)
    if found is None:
        raise InvalidInput(
            f"Unknown tracker type: {source.type}.",
            f"Known: {', '.join(TRACKERS)}.",
            known=list(TRACKERS),
        )
    return found(source, notes)
