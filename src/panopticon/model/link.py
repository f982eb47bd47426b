"""A link between two items that no tracker keeps: mostly of two trackers."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from panopticon.model.ref import IssueRef


class LinkKind(StrEnum):
    """What one item is to the other."""

    RELATED = "related"
    BLOCKS = "blocks"
    IMPLEMENTS = "implements"

    @property
    def seen(self) -> str:
        """Say it from the source's side: `blocks`."""
        return "related to" if self is LinkKind.RELATED else self.value

    @property
    def seen_back(self) -> str:
        """Say it from the target's side: `blocked by`."""
        return {"blocks": "blocked by", "implements": "implemented by"}.get(self.value, self.seen)


@dataclass(frozen=True, slots=True)
class Link:
    """`source` blocks, implements or is related to `target`; `by` is who said so, "" if unknown.

    `is_asleep`: an end is not stored now; the link counts again when it returns.
    """

    kind: LinkKind
    source: IssueRef
    target: IssueRef
    at: datetime
    by: str = ""
    is_asleep: bool = False

    def other(self, ref: IssueRef) -> IssueRef:
        """Give the other end."""
        return self.target if ref == self.source else self.source

    def seen_from(self, ref: IssueRef) -> str:
        """Say from one end what the other is to it: `blocked by rally:US120`."""
        word = self.kind.seen if ref == self.source else self.kind.seen_back
        return f"{word} {self.other(ref)}"


def link_between(
    kind: LinkKind, source: IssueRef, target: IssueRef, at: datetime, by: str = ""
) -> Link:
    """Make a link; one that means the same both ways has one spelling."""
    if kind is LinkKind.RELATED and target < source:
        source, target = target, source
    return Link(kind, source, target, at, by)
