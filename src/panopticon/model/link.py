"""A link between two items that no tracker keeps: mostly of two trackers."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from panopticon.model.issue import Issue
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

    @property
    def ends(self) -> frozenset[IssueRef]:
        """Give both ends."""
        return frozenset({self.source, self.target})

    def other(self, ref: IssueRef) -> IssueRef:
        """Give the other end."""
        return self.target if ref == self.source else self.source

    def relation(self, ref: IssueRef) -> str:
        """Say what one end is to the other: `blocked by`."""
        return self.kind.seen if ref == self.source else self.kind.seen_back

    def seen_from(self, ref: IssueRef) -> str:
        """Say from one end what the other is to it: `blocked by rally:US120`."""
        return f"{self.relation(ref)} {self.other(ref)}"

    def says_as(self, other: "Link") -> bool:
        """Tell whether two links mean the same; a rename may have turned one without a side."""
        is_turned = self.kind is LinkKind.RELATED and self.ends == other.ends
        same = (self.kind, self.source, self.target) == (other.kind, other.source, other.target)
        return same or (is_turned and self.kind is other.kind)


def link_between(
    kind: LinkKind, source: IssueRef, target: IssueRef, at: datetime, by: str = ""
) -> Link:
    """Make a link; one that means the same both ways has one spelling."""
    if kind is LinkKind.RELATED and target < source:
        source, target = target, source
    return Link(kind, source, target, at, by)


def awake(links: Iterable[Link], trackers: Collection[str]) -> list[Link]:
    """Choose the links that count: both ends are stored and of these trackers."""
    return [
        one
        for one in links
        if not one.is_asleep and one.source.tracker in trackers and one.target.tracker in trackers
    ]


def by_end(links: Iterable[Link]) -> dict[IssueRef, list[Link]]:
    """Sort links by each of their ends."""
    found: dict[IssueRef, list[Link]] = {}
    for one in links:
        for end in one.ends:
            found.setdefault(end, []).append(one)
    return found


def with_links(issue: Issue, links: Iterable[Link]) -> Issue:
    """Add to an item what our own links say is in its way, and in whose way it is."""
    found = [one for one in links if one.kind is LinkKind.BLOCKS]
    blockers = (one.source for one in found if one.target == issue.ref)
    blocked = (one.target for one in found if one.source == issue.ref)
    before, behind = _joined(issue.blocked_by, blockers), _joined(issue.blocks, blocked)
    if len(before) == len(issue.blocked_by) and len(behind) == len(issue.blocks):
        return issue
    return replace(issue, blocked_by=before, blocks=behind)


def _joined(refs: tuple[IssueRef, ...], more: Iterable[IssueRef]) -> tuple[IssueRef, ...]:
    return (*refs, *(ref for ref in dict.fromkeys(more) if ref not in refs))
