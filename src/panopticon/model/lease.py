"""A lease: who holds a story, until when."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Lease:
    """A claim as the tracker or an arbiter shows it.

    `holder` is an email; `fence` an integer that rises with every take (None for a lock that
    was set by hand in the tracker); `arbiter` names who decided, "" when nobody did.
    """

    holder: str
    locked_at: datetime | None = None
    expires_at: datetime | None = None
    branch: str | None = None
    fence: int | None = None
    arbiter: str = ""

    def is_held(self, now: datetime) -> bool:
        """Tell whether it still counts: expired means free."""
        return self.expires_at is None or now < self.expires_at
