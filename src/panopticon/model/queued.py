"""A status write that could not be sent: kept, shown, and sent in order when the tracker answers.

Claims are never among them: one who cannot ask does not hold.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from panopticon.model.issue import Json, State
from panopticon.model.ref import IssueRef


@dataclass(frozen=True, slots=True)
class Queued:
    """One write that waits: `state` to move to, by the tracker's own `word` where that is told.

    `fields`: what to write beside it; `seen`: what they held when the write was wished.
    `seen_native` and `seen_at` are the word and the time of the last change that the item had
    then: what a person changed later is newer and wins. `number` is given by the store and rises;
    `error` says why the last try failed.
    """

    ref: IssueRef
    by: str
    at: datetime
    seen_native: str
    seen_at: datetime
    state: State | None = None
    fields: Mapping[str, Json] = field(default_factory=dict)
    remark: str = ""
    number: int = 0
    tries: int = 0
    error: str | None = None
    word: str | None = None
    seen: Mapping[str, Json] = field(default_factory=dict)
