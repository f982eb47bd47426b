"""The git arbiter: a claim is a ref of the shared remote, replaced only as it was read.

Guarantees: one record a key, one after another, for every push names the commit it replaces
(`--force-with-lease`); two takes never return one fence. A branch that is pushed together with its
renewed ref (`git push --atomic`, git/push) is refused where the holder is stale.

Assumes: the remote updates a ref at once and for all (every git server does), lets us read and
write `refs/panopticon/`, and nobody deletes refs there: a deleted one forgets its fence, which then
begins at 1 again. Time is the `Date` of an HTTP remote (give or take `_TOLD`), else the taker's
clock, and clocks differ by no more than `skew`: a faster one may take early; the old holder's
fence then fails.
https://git-scm.com/docs/git-push#Documentation/git-push.txt---force-with-leaseltrefnamegt
"""

import logging
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from panopticon.errors import Conflict, LocalFault, Retriable
from panopticon.local.git.lease_text import SPACE, claim_in, nonce_of, ref_of, text_of
from panopticon.model.claim import Ask, Claim, follow, is_done, refused

_log = logging.getLogger(__name__)
SKEW = timedelta(minutes=10)
_TOLD = timedelta(seconds=5)  # a `Date` has whole seconds, and is under way for some
_TRIES = 40


class Refs(Protocol):
    """One remote's refs, each a chain of texts."""

    def read(self, ref: str) -> tuple[str | None, str | None]:
        """Give the version of a ref and its text; (None, None) where there is none."""

    def texts(self, space: str) -> list[tuple[str, str]]:
        """Give every ref whose name begins like this with its text."""

    def swap(self, ref: str, version: str | None, text: str) -> bool:
        """Replace a version; False when another stands there, Retriable when nobody knows."""

    def told_time(self) -> datetime | None:
        """Give the remote's own time where it tells."""


class GitArbiter:
    """Decides by the refs of one remote; `clock` is this machine's."""

    def __init__(
        self, name: str, refs: Refs, clock: Callable[[], datetime], skew: timedelta = SKEW
    ) -> None:
        self._name = name
        self._refs = refs
        self._clock = clock
        self._skew = skew
        self._left_out: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """How settings spell it."""
        return self._name

    def now(self) -> datetime:
        """Tell the remote's time, else this machine's."""
        return self._refs.told_time() or self._clock()

    def read(self, key: str) -> Claim | None:
        """Read the record of a key."""
        ref = ref_of(key)
        return claim_in(ref, self._refs.read(ref)[1])

    @property
    def left_out(self) -> tuple[str, ...]:
        """Say of each ref that the last `records` passed over why it is no claim."""
        return self._left_out

    def records(self) -> list[Claim]:
        """Read every record; what is no claim that we can read is left out, which is said."""
        found, odd = [], []
        for ref, text in self._refs.texts(SPACE):
            try:
                claim = claim_in(ref, text)
            except LocalFault as error:
                odd.append(error.message)
            else:
                found += [claim] if claim else []
        if odd and self._left_out != tuple(odd):
            more = f" {len(odd) - 1} more are like it." if len(odd) > 1 else ""
            _log.warning("%s%s It is left out.", odd[0], more)
        self._left_out = tuple(odd)
        return found

    def ask(self, ask: Ask) -> Claim:
        """Do what is asked, or raise Conflict with who holds it.

        A push whose reply is lost is looked up: the record itself says whether it was ours.
        """
        ref = ref_of(ask.key)
        nonce = secrets.token_hex(8)  # without it two equal takes in one second are one commit
        lost: Retriable | None = None
        shown: set[str | None] = set()
        for _ in range(_TRIES):
            version, text = self._refs.read(ref)
            shown.add(version)
            held = claim_in(ref, text)
            if (lost and text and nonce_of(text) == nonce) or is_done(held, ask):
                assert held is not None
                return held
            after = self._after(held, ask)
            try:
                if self._refs.swap(ref, version, text_of(after, nonce)):
                    return after
            except Retriable as error:
                lost = error
        if lost is None and len(shown) == 1:
            raise LocalFault(
                f"{self._name} shows other claims to readers than it has.",
                f"Its admin shows {SPACE}* to all (uploadpack.hideRefs), and no mirror answers.",
            )
        raise lost or Conflict(f"{ask.key} changes all the time.", "Try again in a moment.")

    def push(self, ask: Ask) -> Claim:
        """Renew by refs that take a branch along (git/push.WorkRefs): both, or neither.

        Raises Conflict where the claim is no longer this session's; then nothing was pushed. A
        lost reply is not looked up: the push is tried again by whoever wants it.
        """
        ref = ref_of(ask.key)
        for _ in range(_TRIES):
            version, text = self._refs.read(ref)
            after = self._after(claim_in(ref, text), ask)
            if self._refs.swap(ref, version, text_of(after, secrets.token_hex(8))):
                return after
        raise Conflict(f"{ask.key} changes all the time.", "Try again in a moment.")

    def _after(self, held: Claim | None, ask: Ask) -> Claim:
        told = self._refs.told_time()
        skew = _TOLD if told else self._skew
        after = follow(held, ask, told or self._clock(), skew)
        if after is None:
            raise refused(held, ask)
        return after
