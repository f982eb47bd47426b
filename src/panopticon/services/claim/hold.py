"""Holding, giving back and taking over claims; who holds what."""

from dataclasses import dataclass

from panopticon.errors import InvalidInput
from panopticon.model.claim import Act, Ask, Claim
from panopticon.model.issue import Json
from panopticon.model.ref import IssueRef
from panopticon.services.claim import branch, shown
from panopticon.services.claim.desk import Desk
from panopticon.services.issue.write import stored
from panopticon.services.ref import resolve


@dataclass(frozen=True, slots=True)
class Held:
    """What became of a claim; `warning`: the tracker does not show it yet."""

    ref: IssueRef
    claim: Claim
    arbiter: str
    warning: str | None = None

    def as_json(self) -> dict[str, Json]:
        """Give it to programs."""
        claim = self.claim
        return {
            "story": self.ref.key,
            "holder": claim.holder,
            "fence": claim.fence,
            "locked_at": claim.locked_at.isoformat(),
            "expires_at": claim.expires_at.isoformat(),
            "branch": claim.branch,
            "arbiter": self.arbiter,
            "released": claim.is_released,
            "warnings": [self.warning] if self.warning else [],
        }


def release(desk: Desk, text: str) -> Held:
    """Give a story back; raises Conflict where it is no longer this session's."""
    return _asked(desk, text, Act.RELEASE)


def renew(desk: Desk, text: str, hours: float) -> Held:
    """Hold a story longer; raises Conflict where somebody else has it."""
    return _asked(desk, text, Act.RENEW, hours=hours)


def steal(desk: Desk, text: str, hours: float, reason: str) -> Held:
    """Take a story from whoever holds it; the reason is kept."""
    if not reason.strip():
        raise InvalidInput("Why is it taken over?", 'Give reason="…": the other one reads it.')
    return _asked(desk, text, Act.STEAL, hours=hours, reason=reason.strip())


def locks(desk: Desk) -> list[Held]:
    """List what the arbiter has on record for the items that show a claim."""
    found = []
    for issue in desk.ctx.store.leased():
        if issue.ref.tracker not in desk.ctx.names:
            continue
        claim = desk.arbiter.read(desk.key(issue.ref))
        if claim and claim.is_held(desk.arbiter.now()):
            found.append(Held(issue.ref, claim, desk.arbiter.name))
    return found


def _asked(desk: Desk, text: str, act: Act, *, hours: float = 0.0, reason: str = "") -> Held:
    ref = resolve(desk.ctx, text)
    key = desk.key(ref)
    held = desk.arbiter.read(key)
    name = held.branch if held else branch.name_of(stored(desk.ctx, ref))
    fence = held.fence if held else None
    claim = desk.arbiter.ask(
        Ask(act, key, desk.holder, desk.session, hours * 3600, name, fence, reason)
    )
    more: dict[str, Json] = {}
    if held and act is Act.STEAL:
        more = {"reason": reason, "from": held.holder}
    shown.learn(desk, ref, claim, act, before=None, **more)
    return Held(ref, claim, desk.arbiter.name, shown.show(desk, ref, claim))
