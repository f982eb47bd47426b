"""The Rally arbiter: the revision history of an item is the log that decides.

A take, renewal, release or theft writes the field LockToken alone (lease_token); Rally keeps a
revision of every write, numbered without gaps. Who holds is the fold over those entries in the
order of their numbers, each judged at its revision's own date; entries that the rule refuses have
no effect, so nobody ever restores anything.

Guarantees: one order for all, for Rally serialises the writes of one item; two takes never return
one fence. Nobody decides before every number up to the own entry is there.

Assumes: a replica shows a prefix of the history (never a later revision without an earlier one);
the workspace has the field, which a warning denies; and who may write it tells the truth, for the
token itself names the holder (its writer only where it names none), the session and the branch.
Clocks of clients decide nothing.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from panopticon.errors import Retriable
from panopticon.model.claim import Ask, Claim, follow, is_done, refused
from panopticon.trackers.rally.lease_token import token_of, wish_from

_LOOKS = 30


@dataclass(frozen=True, slots=True)
class Entry:
    """One revision: its number from 0, the server's date, who wrote, the token if it wrote one."""

    number: int
    at: datetime
    user: str
    token: str | None


@dataclass(frozen=True, slots=True)
class Fold:
    """Who holds at the end of a history; what the own entry was granted, or that it was refused."""

    held: Claim | None = None
    own: Claim | None = None
    is_refused: bool = False


class Log(Protocol):
    """The history of one item's LockToken."""

    def entries(self, key: str) -> Sequence[Entry]:
        """Read every revision of an item, in order; a replica may lag."""

    def write(self, key: str, token: str) -> None:
        """Write the field; Retriable when nobody knows whether it was."""

    def told_time(self) -> datetime:
        """Tell the server's time as last seen."""


class RallyArbiter:
    """Decides by the revisions of the items themselves; `rest` waits between two looks."""

    name = "rally"

    def __init__(self, log: Log, rest: Callable[[], None]) -> None:
        self._log = log
        self._rest = rest

    def now(self) -> datetime:
        """Tell the server's time."""
        return self._log.told_time()

    def read(self, key: str) -> Claim | None:
        """Fold the history of a key."""
        return folded(key, self._log.entries(key)).held

    def records(self) -> None:
        """Give nothing: a history is read item by item."""

    def ask(self, ask: Ask) -> Claim:
        """Write the wish, then read what the history makes of it.

        One that is plainly refused is not written. Raises Retriable when the own entry does not
        show: asking again in the same session finds it.
        """
        held = self.read(ask.key)
        if is_done(held, ask):
            assert held is not None
            return held
        if follow(held, ask, self.now()) is None:
            raise refused(held, ask)
        nonce = secrets.token_hex(8)
        lost: Retriable | None = None
        try:
            self._log.write(ask.key, token_of(ask, nonce))
        except Retriable as error:
            lost = error
        for _ in range(_LOOKS):
            try:
                fold = folded(ask.key, self._log.entries(ask.key), nonce)
            except Retriable as error:
                lost = error
                continue
            if fold.own:
                return fold.own
            if fold.is_refused:
                raise refused(fold.held, ask)
            self._rest()
        raise lost or Retriable(
            f"Rally does not show yet whether {ask.key} is yours.", "Ask again in a moment."
        )


def folded(key: str, entries: Sequence[Entry], nonce: str = "") -> Fold:
    """Judge a history entry by entry; `nonce` names the own one."""
    fold = Fold()
    seen: set[str] = set()  # a write that was sent twice counts once
    for place, entry in enumerate(entries):
        if entry.number != place:
            break  # what comes behind a gap cannot be judged yet
        wish = wish_from(key, entry.token or "", entry.user)
        if wish is None or wish[1] in seen:
            continue
        ask, own = wish
        seen.add(own)
        after = follow(fold.held, ask, entry.at)
        is_own = own == nonce
        fold = Fold(
            held=after or fold.held,
            own=after if is_own else fold.own,
            is_refused=fold.is_refused or (is_own and after is None),
        )
    return fold
