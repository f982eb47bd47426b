"""How large a story is: three tiers by its top-level steps, raised by words of risk.

Facts: 85 % of real stories hold a risk word somewhere in their text, so only title and steps count.
"""

import re
from dataclasses import dataclass
from enum import IntEnum

from panopticon.model.issue import Issue


class Tier(IntEnum):
    """What to expect; larger is more."""

    MICRO = 1
    STANDARD = 2
    COMPLEX = 3

    @property
    def label(self) -> str:
        """Name it as people do."""
        return self.name.lower()


RISKS = (
    *("auth", "authentication", "authorization", "security", "payment", "payments", "billing"),
    *("encryption", "migration", "migrations", "schema", "credentials", "secret", "secrets"),
)


@dataclass(frozen=True, slots=True)
class Scale:
    """Where the tiers begin, and which words raise a story by one tier."""

    standard_from: int = 4
    complex_from: int = 10
    risks: tuple[str, ...] = RISKS


SCALE = Scale()


def tier_of(issue: Issue, scale: Scale = SCALE) -> Tier:
    """Judge an item whose steps are assembled."""
    steps = [task for task in issue.tasks if not task.depth]
    text = " ".join([issue.title, *(task.title for task in steps)]).casefold()
    words = set(re.findall(r"\w+", text))
    tier = Tier.MICRO
    if len(steps) >= scale.standard_from:
        tier = Tier.STANDARD
    if len(steps) >= scale.complex_from:
        tier = Tier.COMPLEX
    is_risky = bool(words & set(scale.risks)) and len(steps) >= scale.standard_from
    return Tier(min(tier + is_risky, Tier.COMPLEX))


def compared(other: Tier, wanted: Tier) -> str:
    """Say how another story's size compares: `similar complexity`."""
    if other == wanted:
        return "similar complexity"
    return "higher complexity" if other > wanted else "lower complexity"
