"""Holding a story while something works on it: a renewal each third of the claim's length.

Whether it is still ours is asked at least every minute, after a laptop's sleep, and at the end.
Nobody is needed to end what stops beating: who reads an expired claim takes it as free.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from threading import Event, Thread

from panopticon.errors import Conflict, PanError
from panopticon.local.git.bare import ticks as uptime
from panopticon.model.claim import Claim
from panopticon.model.ref import IssueRef
from panopticon.services.claim import fence, hear, shown
from panopticon.services.claim.desk import Desk
from panopticon.services.claim.keep import renewed

_Moment = tuple[datetime, float]  # by the clock, and by what counts sleep
_STOP = "Stop writing to it; check it out again if it is free."
_SHORTEST = 1.0
_LONGEST = 1800.0
_PATIENCE = 60.0  # at most between two tries while nobody answers
_CHECK = 60.0  # at most between two looks at the record: so late a theft is known
_LOOK = 5.0  # how often the clock is looked at: a laptop that slept finds out so late


class Beat(StrEnum):
    """What a heartbeat has to tell."""

    RENEWED = "renewed"
    LATE = "late"  # nobody answers; it is tried again
    ENDED = "ended"  # nobody answers, and the claim has ended: others may take it
    LOST = "lost"  # another has it: stop


@dataclass(frozen=True, slots=True)
class Pulse:
    """One beat: the claim as it then was; `error` says what was in the way."""

    beat: Beat
    claim: Claim
    error: PanError | None = None


@dataclass(slots=True)
class Heartbeat:
    """Renews one claim; `seconds` is how long each renewal holds, `ticks` counts sleep too.

    What it has to tell it says once: that it is late, that the claim has ended meanwhile, that
    it is lost. Renewals after that are said again.
    """

    desk: Desk
    ref: IssueRef
    claim: Claim
    seconds: float
    tell: Callable[[Pulse], None]
    ticks: Callable[[], float] = uptime
    is_lost: bool = False
    _tries: int = 0
    _said: Beat = Beat.RENEWED
    _due: _Moment | None = field(default=None)
    _unseen: _Moment | None = field(default=None)

    @property
    def every(self) -> float:
        """How many seconds lie between two renewals."""
        return min(max(self.seconds / 3, _SHORTEST), _LONGEST)

    def look(self) -> float:
        """Beat if it is time; gives the seconds until one should look again."""
        if self._due is None or self._unseen is None:
            self._due, self._unseen = self._in(self.every), self._in(_CHECK)
        if not self.is_lost:
            if self._left(self._due) <= 0:
                self.beat()
            elif self._left(self._unseen) <= 0:
                self.check()
        return min(max(self._left(self._due), 0.0), _LOOK)

    def check(self) -> PanError | None:
        """Ask whether it is still ours; gives why nobody can tell, which renewals say too."""
        self._unseen = self._in(_CHECK)
        try:
            record = self.desk.arbiter.read(self.claim.key)
        except PanError as unknown:
            return unknown
        if not _is_ours(record, self.claim):
            self._lose(record, Conflict(f"Nobody holds {self.ref.key} any more.", _STOP))
        return None

    def beat(self) -> None:
        """Renew now."""
        try:
            self.claim = renewed(self.desk, self.ref, self.claim, self.seconds)
        except Conflict as error:
            self._refused(error)
        except PanError as error:
            self._put_off(error)
        else:
            self._tries = 0
            self._due, self._unseen = self._in(self.every), self._in(_CHECK)
            with suppress(PanError):  # the next beat or sync shows it
                shown.show(self.desk, self.ref, self.claim)
            self._say(Beat.RENEWED, None)

    def _refused(self, error: Conflict) -> None:
        """Look whether it is lost indeed: a busy record is refused too."""
        try:
            record = self.desk.arbiter.read(self.claim.key)
        except PanError as unknown:
            self._put_off(unknown)
            return
        if _is_ours(record, self.claim):
            self._put_off(error)
        else:
            self._lose(record, error)

    def _lose(self, record: Claim | None, error: Conflict) -> None:
        """Tell that it is lost, and to whom."""
        self.is_lost = True
        if record:
            with suppress(PanError):
                hear.of_refusal(self.desk, self.ref, record)
            error = fence.lost(self.desk, self.ref, record)
        self._say(Beat.LOST, error)

    def _put_off(self, error: PanError) -> None:
        """Try again: soon at first, then less often."""
        self._tries += 1
        self._due = self._in(min(2.0 ** (self._tries - 1), self.every, _PATIENCE))
        has_ended = self.desk.ctx.now() >= self.claim.expires_at
        self._say(Beat.ENDED if has_ended else Beat.LATE, error)

    def _say(self, beat: Beat, error: PanError | None) -> None:
        if beat is Beat.RENEWED or beat is not self._said:
            self._said = beat
            self.tell(Pulse(beat, self.claim, error))

    def _in(self, seconds: float) -> _Moment:
        return self.desk.ctx.now() + timedelta(seconds=seconds), self.ticks() + seconds

    def _left(self, until: _Moment) -> float:
        """Count the seconds left by whichever clock is ahead: one may have been set back."""
        by_clock = (until[0] - self.desk.ctx.now()).total_seconds()
        return min(by_clock, until[1] - self.ticks())


def run(heart: Heartbeat, rest: Callable[[float], bool]) -> None:
    """Beat until it is lost or `rest` says that it is enough; `rest` waits so many seconds."""
    while not heart.is_lost and not rest(heart.look()):
        pass


@contextmanager
def beating(heart: Heartbeat) -> Iterator[None]:
    """Hold a story while a block runs; what the heart tells comes from its own thread."""
    enough = Event()
    thread = Thread(target=run, args=(heart, enough.wait), name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        enough.set()
        thread.join(_LOOK)


def _is_ours(record: Claim | None, claim: Claim) -> bool:
    if record is None or record.is_released:
        return False
    return (record.session, record.fence) == (claim.session, claim.fence)
