"""One session of the race: a process that checks stories of an epic out until none is free.

Says `ready`, waits for a line, races, and prints one JSON document: grants, and what was in vain.
"""

import argparse
import json
import sys
import time
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from panopticon.config import environment, load
from panopticon.errors import Conflict, PanError, Retriable
from panopticon.model.claim import Act, Arbiter, Ask, Claim, refused
from panopticon.services.claim.desk import desk
from panopticon.services.claim.take.checkout import Wish, checkout
from panopticon.services.opening import context_for
from panopticon.trackers.rally.items import Items
from panopticon.trackers.rally.record import path_of, text
from panopticon.trackers.rally.tracker import RallyTracker

_FIELD = "c_LockedBy"


@dataclass
class Counted:
    """An arbiter that counts how often it was asked for a story, and how often in vain."""

    inner: Arbiter
    asked: int = 0
    refused: int = 0
    unknown: int = 0

    @property
    def name(self) -> str:
        """The arbiter's own name."""
        return self.inner.name

    def now(self) -> datetime:
        """The arbiter's own time."""
        return self.inner.now()

    def read(self, key: str) -> Claim | None:
        """The arbiter's record."""
        return self.inner.read(key)

    def records(self) -> list[Claim] | None:
        """The arbiter's records."""
        return self.inner.records()

    def ask(self, ask: Ask) -> Claim:
        """Ask, and count."""
        self.asked += 1
        try:
            return self.inner.ask(ask)
        except Conflict:
            self.refused += 1
            raise
        except Retriable:
            self.unknown += 1
            raise


@dataclass
class ReadBack:
    """What most tools do: look whether LockedBy is empty, write oneself, read it back, believe."""

    items: Items
    inner: Arbiter
    name: str = "read-back"
    paths: dict[str, str] = field(default_factory=dict)

    def now(self) -> datetime:
        """Rally's time."""
        return self.inner.now()

    def read(self, key: str) -> Claim | None:
        """Read who is written in the field: the field knows no session, no fence and no time."""
        if key not in self.paths:
            self.paths[key] = path_of(self.items.record(key.rpartition("/")[2], ("FormattedID",)))
        holder = text(self.items.wsapi.read(self.paths[key], (_FIELD,)), _FIELD)
        at = self.inner.now()
        return Claim(key, holder, "", 1, at, at.replace(year=at.year + 1)) if holder else None

    def records(self) -> None:
        """Give nothing, as Rally."""

    def ask(self, ask: Ask) -> Claim:
        """Assign and read back."""
        held = self.read(ask.key)
        if held is None:
            mine = f"{ask.holder} {ask.session}"  # one person may have many sessions
            self.items.wsapi.update(self.paths[ask.key], {_FIELD: mine})
            held = self.read(ask.key)
            if held and held.holder == mine and ask.act is Act.TAKE:
                return replace(held, holder=ask.holder, session=ask.session, branch=ask.branch)
        raise refused(held, ask)


def raced(words: argparse.Namespace) -> dict[str, object]:
    """Open the run, say so, wait for the start, and take what there is."""
    config = load(environment(), Path.home(), Path.cwd(), {})
    ctx = context_for(config)
    seat = desk(ctx, words.holder)
    tracker = ctx.tracker(config.sources[0].name)
    inner: Arbiter = seat.arbiter
    if words.read_back:
        assert isinstance(tracker, RallyTracker)
        inner = ReadBack(tracker._items, inner)  # noqa: SLF001 - a rival has no door of its own
    counted = Counted(inner)
    seat = replace(seat, arbiter=counted)
    grants: list[dict[str, object]] = []
    faults: list[str] = []
    print("ready", flush=True)
    sys.stdin.readline()
    until, is_over = time.monotonic() + words.seconds, False
    while not is_over and time.monotonic() < until:
        begun = time.monotonic()
        try:
            done = checkout(seat, Wish(epic=words.epic, with_branch=False))
        except Conflict as error:
            is_over = error.details.get("reason") == "none-available"
            faults += [] if is_over else [error.message]
        except PanError as error:
            faults.append(error.message)
        else:
            ended = time.monotonic()
            warned = [step.error for step in done.steps if step.error]
            grants.append(
                {
                    "story": done.claim.key,
                    "fence": done.claim.fence,
                    "seconds": round(ended - begun, 4),
                    "at": ended,
                    "warnings": warned,
                }
            )
    ctx.close()
    return {
        "session": seat.session,
        "grants": grants,
        "asked": counted.asked,
        "refused": counted.refused,
        "unknown": counted.unknown,
        "faults": faults,
        "is_cut": not is_over,
    }


def main() -> None:
    """Parse the words and race."""
    parser = argparse.ArgumentParser()
    parser.add_argument("epic")
    parser.add_argument("holder")
    parser.add_argument("--seconds", type=float, default=1800.0)
    parser.add_argument("--read-back", action="store_true")
    print(json.dumps(raced(parser.parse_args())))


if __name__ == "__main__":
    main()
