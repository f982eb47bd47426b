"""Something that happened, in the order this machine learnt of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from panopticon.model.issue import Json
from panopticon.model.ref import IssueRef


class EventKind(StrEnum):
    """What happened."""

    CREATED = "issue.created"
    UPDATED = "issue.updated"
    DELETED = "issue.deleted"
    COMMENTED = "issue.commented"
    SYNCED = "sync.finished"
    SYNC_FAILED = "sync.failed"
    TAKEN = "claim.taken"
    RENEWED = "claim.renewed"
    RELEASED = "claim.released"
    EXPIRED = "claim.expired"
    STOLEN = "claim.stolen"
    QUEUED = "write.queued"
    SENT = "write.sent"
    DROPPED = "write.dropped"


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the log; `seq` rises without end and is the id of the live stream.

    `data` says what changed: `{"state": ["backlog", "in_progress"], …}` for an update.
    """

    seq: int
    at: datetime
    kind: EventKind
    ref: IssueRef | None
    data: Mapping[str, Json]
