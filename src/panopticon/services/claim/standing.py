"""How a session stands to a story: the arbiter's record beside what the session was told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from panopticon.model.claim import Claim
from panopticon.model.issue import Json
from panopticon.model.ref import IssueRef

Told = Mapping[str, int]
"""The fences that a command was told, by the story's key; what this machine knows else."""


class Verdict(StrEnum):
    """How a session stands to a story by the arbiter's record."""

    HELD = "held"
    EXPIRED = "expired"  # ours, ended, and nobody took it
    GIVEN_BACK = "given-back"  # by this session, and nobody took it
    FREE = "free"  # nobody holds it, and this session never did
    STALE = "stale"  # this session was told a fence that counts no more
    TAKEN = "taken"  # another holds it


@dataclass(frozen=True, slots=True)
class Standing:
    """How this session stands to a story; `warning` is worth a line."""

    ref: IssueRef
    verdict: Verdict
    claim: Claim | None
    warning: str | None = None

    @property
    def is_ours(self) -> bool:
        """Tell whether this session holds it now."""
        return self.verdict in {Verdict.HELD, Verdict.EXPIRED}

    def as_json(self) -> dict[str, Json]:
        """Give the document of `pan fence --json`."""
        claim = self.claim
        return {
            "story": self.ref.key,
            "held": self.is_ours,
            "holder": claim.holder if claim else None,
            "fence": claim.fence if claim else None,
            "expires_at": claim.expires_at.isoformat() if claim else None,
            "branch": claim.branch if claim else None,
            "warnings": [self.warning] if self.warning else [],
        }


def judge(
    record: Claim | None, known: Claim | None, session: str, at: datetime, told: int | None = None
) -> Verdict:
    """Compare the record with what a session was told: `known` here, `told` to a command."""
    was_ours = known is not None and known.session == session and not known.is_released
    fence = told if told is not None else known.fence if known and was_ours else None
    if record is None:
        return Verdict.FREE
    if record.session == session and fence in {None, record.fence}:
        if record.is_released:
            return Verdict.GIVEN_BACK
        return Verdict.HELD if record.is_held(at) else Verdict.EXPIRED
    if fence is not None:
        return Verdict.STALE
    return Verdict.TAKEN if record.is_held(at) else Verdict.FREE
