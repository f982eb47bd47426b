"""What the clients of an exploration were told, and what of it contradicts itself."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from panopticon.model.claim import Claim


@dataclass
class Heard:
    """What anybody was told of the story, by a grant or by looking; `count`: how often what.

    `lags`: who looks may see an older record than others were told.
    """

    lags: bool = False
    highest: int = 0
    owners: dict[int, str] = field(default_factory=dict)
    count: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def grant(self, claim: Claim) -> None:
        """A fence belongs to one session for ever."""
        if self.owners.setdefault(claim.fence, claim.session) != claim.session:
            self.wrong.append(f"{claim}, but {self.owners[claim.fence]} has that fence")
        self.highest = max(self.highest, claim.fence)

    def look(self, found: Sequence[Claim], known: int) -> None:
        """One holder at most, none that contradicts a grant, none older than what was known."""
        if len(found) > 1:
            self.wrong.append(f"{len(found)} records of one story: {found}")
        for claim in found:
            if self.owners.setdefault(claim.fence, claim.session) != claim.session:
                self.wrong.append(f"{claim} is shown, {self.owners[claim.fence]} has that fence")
        seen = max((claim.fence for claim in found), default=0)
        if seen < known and not self.lags:
            self.wrong.append(f"fence {seen} is shown when {known} was given")
