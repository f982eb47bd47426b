"""The one rule of claims: who holds a story after somebody asked, whatever keeps the record.

Arbiters differ in how they make one record follow another (a git ref, a row, a log of revisions);
what may follow what is decided here alone. A fence rises by one with every take, resume and
steal, never with a renewal, and is remembered when the story is given back.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from panopticon.errors import Conflict
from panopticon.model.issue import Json, State
from panopticon.model.ref import IssueRef

FINISHED = "finished"
"""Why a claim is given back whose work is done."""


class Act(StrEnum):
    """What is asked of a claim."""

    TAKE = "take"
    RESUME = "resume"
    RENEW = "renew"
    RELEASE = "release"
    STEAL = "steal"


@dataclass(frozen=True, slots=True)
class Ask:
    """A wish: `session` is one working folder or agent of `holder`, `seconds` how long to hold.

    `fence` is the one that a renewal or release believes to have.
    """

    act: Act
    key: str
    holder: str
    session: str
    seconds: float = 0.0
    branch: str | None = None
    fence: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """What an arbiter has on record for a key; `is_released`: given back, the fence remembered.

    `reason`: why it was stolen, and once it is given back why that was (`FINISHED`, or nothing).
    """

    key: str
    holder: str
    session: str
    fence: int
    locked_at: datetime
    expires_at: datetime
    branch: str | None = None
    is_released: bool = False
    reason: str = ""

    def is_held(self, at: datetime, skew: timedelta = timedelta()) -> bool:
        """Tell whether it counts at a time that may be off by `skew`."""
        return not self.is_released and at < self.expires_at + skew

    def facts(self) -> dict[str, Json]:
        """Give what documents and refusals tell of it."""
        return {
            "holder": self.holder,
            "fence": self.fence,
            "locked_at": self.locked_at.isoformat(),
            "expires_at": self.expires_at.isoformat(),
            "branch": self.branch,
        }

    def ask(self, act: Act, seconds: float = 0.0) -> Ask:
        """Spell a wish of whoever has it: in the same name and session, under its fence."""
        return Ask(act, self.key, self.holder, self.session, seconds, self.branch, self.fence)


@dataclass(frozen=True, slots=True)
class Known:
    """A claim as this machine last saw it: of which item, who decided, when it was seen.

    `was`: the tracker's word and column before the checkout, where we made it; `told`: the log
    has heard of its end.
    """

    ref: IssueRef
    claim: Claim
    arbiter: str
    seen_at: datetime
    was_native: str = ""
    was: State | None = None
    is_told: bool = False


class Arbiter(Protocol):
    """Decides who holds a story. Every verb may be called again after a lost reply."""

    @property
    def name(self) -> str:
        """How settings spell it: `git:<url>`, `store:<url>`, `rally`."""

    def read(self, key: str) -> Claim | None:
        """Read the record of a key; None when nobody ever took it."""

    def records(self) -> list[Claim] | None:
        """Read every record there is; None where that would ask item by item."""

    def ask(self, ask: Ask) -> Claim:
        """Do what is asked, or raise Conflict with who holds it; Retriable when nobody knows."""

    def now(self) -> datetime:
        """Tell the time by which claims end here."""


def follow(
    held: Claim | None, ask: Ask, at: datetime, skew: timedelta = timedelta()
) -> Claim | None:
    """Give the record that follows, or None where the wish has no effect.

    `skew` is how far `at` may be ahead of the clock that wrote the record: only a claim that has
    ended by any clock is free for others.
    """
    if ask.act in {Act.RENEW, Act.RELEASE}:
        return _kept(held, ask, at)
    if held is None or not held.is_held(at, skew) or ask.act is Act.STEAL:
        return _granted(held, ask, at)
    if _is_own(held, ask):
        return replace(held, expires_at=max(held.expires_at, _end(ask, at)))
    is_elsewhere = ask.act is Act.RESUME and held.holder == ask.holder
    return _granted(held, ask, at) if is_elsewhere else None


def _kept(held: Claim | None, ask: Ask, at: datetime) -> Claim | None:
    """Renew or give back: only what the session still has, under the fence it was told."""
    if held is None or held.is_released or not _is_own(held, ask) or held.fence != ask.fence:
        return None
    if ask.act is Act.RELEASE:
        return replace(held, is_released=True, reason=ask.reason)
    return replace(held, expires_at=max(held.expires_at, _end(ask, at)))


def _is_own(held: Claim, ask: Ask) -> bool:
    return (held.holder, held.session) == (ask.holder, ask.session)


def is_done(held: Claim | None, ask: Ask) -> bool:
    """Tell whether a release has been heard already: asking again changes nothing."""
    return (
        ask.act is Act.RELEASE
        and held is not None
        and held.is_released
        and _is_own(held, ask)
        and held.fence == ask.fence
    )


def refused(held: Claim | None, ask: Ask) -> Conflict:
    """Say why a wish has no effect, and what to do."""
    key = ask.key.rpartition("/")[2]  # as people spell it
    if held is None:
        return Conflict(f"Nobody holds {key}.", "Check it out first.")
    if ask.act in {Act.RENEW, Act.RELEASE}:
        message = f"{key} is no longer yours: {held.holder} took it (fence {held.fence})."
        if held.is_released:
            message = f"{key} has been given back (fence {held.fence})."
        hint = "Stop writing to it; check it out again if it is free."
    elif held.holder == ask.holder:
        message = f"You hold {key} in another place, until {_spelled(held.expires_at)}."
        hint = "Give resume=true to take it over here; the other place loses it."
    else:
        message = f"{key} is held by {held.holder} until {_spelled(held.expires_at)}."
        hint = "Take another story, or ask them to release it."
    return Conflict(message, hint, **held.facts())


def _granted(held: Claim | None, ask: Ask, at: datetime) -> Claim:
    return Claim(
        key=ask.key,
        holder=ask.holder,
        session=ask.session,
        fence=held.fence + 1 if held else 1,
        locked_at=at,
        expires_at=_end(ask, at),
        branch=ask.branch,
        reason=ask.reason if ask.act is Act.STEAL else "",
    )


def _end(ask: Ask, at: datetime) -> datetime:
    return at + timedelta(seconds=ask.seconds)


def _spelled(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
