"""A command that runs under a claim: held while it runs, ended when the claim is lost."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Event
from types import FrameType

from panopticon.config import environment
from panopticon.errors import Conflict, InvalidInput, PanError
from panopticon.local.git import clone
from panopticon.local.run import Attended
from panopticon.model.claim import Claim
from panopticon.model.issue import Json
from panopticon.model.ref import IssueRef
from panopticon.services.claim import fence, shown
from panopticon.services.claim.desk import Desk, checked_hours
from panopticon.services.claim.keep import given_back, renewed
from panopticon.services.claim.work.heartbeat import Beat, Heartbeat, Pulse, beating

_GRACE = 10.0
_SLICE = 0.2  # how often we look whether the claim is lost
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True, slots=True)
class Guarded:
    """What somebody wants to run under a claim: of which story (else the branch's).

    `hours`: how long each renewal holds. Without a command it is held until Ctrl-C; `grace` are
    the seconds that a command has to end by itself.
    """

    story: str | None
    hours: float | None
    command: tuple[str, ...] = ()
    is_given_back: bool = False
    grace: float = _GRACE


@dataclass(frozen=True, slots=True)
class Attendance:
    """How it ended: the command's exit code, and the claim."""

    ref: IssueRef
    claim: Claim
    code: int
    warnings: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Json]:
        """Give the document of `pan hold --json`."""
        claim = self.claim
        return {
            "story": self.ref.key,
            "fence": claim.fence,
            "expires_at": claim.expires_at.isoformat(),
            "released": claim.is_released,
            "warnings": list(self.warnings),
        }


def attend(desk: Desk, wish: Guarded, tell: Callable[[Pulse], None]) -> Attendance:
    """Hold a story while a command runs; raises Conflict when it is lost, the command ended."""
    standing = fence.ask(desk, wish.story)
    if standing is None:
        where = clone.branch(desk.ctx.config.folder) or "what you stand on"
        raise InvalidInput(f"Hold which story? {where} is none's.", "Name it: story=US123.")
    assert standing.claim is not None, "what is held has a record"
    hours = desk.ctx.config.lock_hours if wish.hours is None else wish.hours
    seconds = checked_hours(hours) * 3600
    claim = renewed(desk, standing.ref, standing.claim, seconds)
    shown.show(desk, standing.ref, claim)
    lost = Event()
    reasons: list[PanError] = []

    def heard(pulse: Pulse) -> None:
        if pulse.beat is Beat.LOST and pulse.error:
            reasons.append(pulse.error)
            lost.set()
        with suppress(OSError):  # nobody may be listening any more
            tell(pulse)

    heart = Heartbeat(desk, standing.ref, claim, seconds, heard)
    heard(Pulse(Beat.RENEWED, claim))
    with beating(heart):
        code = _run(wish, _around(heart), lost) if wish.command else _idle(lost)
    unknown = None if reasons else heart.check()  # what ends now may not count any more
    if reasons:
        raise reasons[0]
    return _ended(desk, heart, wish, code, unknown)


def _around(heart: Heartbeat) -> dict[str, str]:
    told = {"PAN_STORY": heart.ref.key, "PAN_FENCE": str(heart.claim.fence)}
    return {**environment(), **told}


def _run(wish: Guarded, around: dict[str, str], lost: Event) -> int:
    """Run the command to its end; what is sent to us reaches it."""
    heard: list[int] = []
    with _hearing(heard.append):
        child = Attended(wish.command, around)
        while (code := child.wait(_SLICE)) is None:
            _hand_on(child, heard)
            if lost.is_set():
                child.stop(wish.grace)
                return Conflict.exit_code
    return code


def _hand_on(child: Attended, heard: list[int]) -> None:
    """Hand signals on, but for a Ctrl-C that reaches a command at the terminal by itself."""
    while heard:
        number = heard.pop(0)
        if number != signal.SIGINT or child.is_group:
            child.send(number)


def _idle(lost: Event) -> int:
    """Wait for Ctrl-C, which is how it is meant to end."""
    enough = Event()
    with _hearing(lambda _: enough.set()):
        while not lost.is_set() and not enough.wait(_SLICE):
            pass
    return 0


@contextmanager
def _hearing(hear: Callable[[int], object]) -> Iterator[None]:
    """Hear the signals that would end us."""

    def handle(number: int, _frame: FrameType | None) -> None:
        hear(number)

    before = [(number, signal.signal(number, handle)) for number in _ENDING]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)


def _ended(
    desk: Desk, heart: Heartbeat, wish: Guarded, code: int, unknown: PanError | None
) -> Attendance:
    """Give the story back where that is wanted; what fails then is a warning."""
    claim, warnings = heart.claim, []
    if unknown:
        key = heart.ref.key
        warnings.append(f"Nobody could say at the end whether {key} is yours: {unknown.message}")
    if wish.is_given_back:
        try:
            claim, warning = given_back(desk, heart.ref, claim)
            warnings += [warning] if warning else []
        except PanError as error:
            warnings.append(f"Not given back: {error.message}")
    return Attendance(heart.ref, claim, code, tuple(warnings))
