"""The one table of tracker types."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from panopticon.config import Source
from panopticon.errors import InvalidInput
from panopticon.model.look import Look
from panopticon.trackers.base import Tracker
from panopticon.trackers.disk import Disk, Folder
from panopticon.trackers.notes import Notes


@dataclass(frozen=True, slots=True)
class Means:
    """What a tracker may work with: `notes` (the store) saves asking the same things every run.

    `disk` and the clock `now` are for trackers that are files.
    """

    notes: Notes | None = None
    disk: Disk | None = None
    now: Callable[[], datetime] | None = None


def _rally(source: Source, means: Means) -> Tracker:
    # The HTTP client and the HTML converters take 200 ms that most commands never need.
    from panopticon.trackers.rally.tracker import open_rally  # noqa: PLC0415

    return open_rally(source, means.notes)


def _markdown(source: Source, means: Means) -> Tracker:
    from panopticon.trackers.markdown.tracker import open_markdown  # noqa: PLC0415 - as above

    assert means.disk is not None
    assert means.now is not None
    return open_markdown(source, means.disk, means.now, means.notes)


def _look_for_stories(folder: Folder) -> Look:
    from panopticon.trackers.markdown.look import looked  # noqa: PLC0415 - as above

    return looked(folder)


TRACKERS: Mapping[str, Callable[[Source, Means], Tracker]] = {
    "rally": _rally,
    "markdown": _markdown,
}

# How to look into a folder that is not connected yet, for the types that are folders.
LOOKS: Mapping[str, Callable[[Folder], Look]] = {"markdown": _look_for_stories}


def open_tracker(source: Source, means: Means | None = None) -> Tracker:
    """Open a configured tracker."""
    found = TRACKERS.get(source.type)
    if found is None:
        raise InvalidInput(
            f"Unknown tracker type: {source.type}.",
            f"Known: {', '.join(TRACKERS)}.",
            known=list(TRACKERS),
        )
    return found(source, means or Means())
