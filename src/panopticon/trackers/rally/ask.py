"""A question to WSAPI as a value, and the fields that each kind of item is asked for.

`fetch` fills a listed name on every nested object too (a story would carry the description of
its feature); `shallowFetch` names the fields of each nested object apart, so it is asked first.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from panopticon.trackers.rally.query import Condition

Fetch = tuple[str | tuple[str, tuple[str, ...]], ...]

PERSON = ("EmailAddress", "UserName", "DisplayName")
_KEY = ("FormattedID", "ObjectID")
_NAMED = ("Name", "ObjectID")

BASE: Fetch = (
    "ObjectID",
    "FormattedID",
    "VersionId",
    "Name",
    "Description",
    "CreationDate",
    "LastUpdateDate",
    "DragAndDropRank",
    ("Project", _NAMED),
    ("Owner", PERSON),
    "Tags",
    ("FlowState", ("Name",)),
)
_WORK: Fetch = (
    "Blocked",
    "BlockedReason",
    ("Iteration", ("Name",)),
    ("Release", ("Name",)),
)
STORY: Fetch = (
    *BASE,
    *_WORK,
    "ScheduleState",
    "PlanEstimate",
    "TaskEstimateTotal",
    ("Parent", _KEY),
    ("PortfolioItem", _KEY),
    "Predecessors",
    "Predecessors:summary[FormattedID]",
)
DEFECT: Fetch = (
    *BASE,
    *_WORK,
    "State",
    "ScheduleState",
    "Priority",
    "PlanEstimate",
    "TaskEstimateTotal",
    "TargetDate",
    ("Requirement", _KEY),
)
TASK: Fetch = (*BASE, *_WORK, "State", "Estimate", "TaskIndex", ("WorkProduct", _KEY))
PORTFOLIO: Fetch = (
    *BASE,
    ("State", ("Name",)),
    ("Parent", _KEY),
    ("Release", ("Name",)),
    "PlannedEndDate",
    "Predecessors",
    "Predecessors:summary[FormattedID]",
)


@dataclass(frozen=True, slots=True)
class Ask:
    """One query: `type` may be a collection's path (`HierarchicalRequirement/1/Tasks`)."""

    type: str
    fetch: Fetch
    query: Condition | None = None
    order: str = "ObjectID"
    start: int = 1
    size: int = 200
    project: str | None = None
    types: str | None = None
    scope_down: bool = True

    def page(self, start: int, size: int) -> "Ask":
        """Ask for another stretch of the same answer."""
        return replace(self, start=start, size=size)

    def params(self, workspace: str | None, *, shallow: bool) -> dict[str, str]:
        """Spell it as URL parameters (the client encodes them)."""
        params = {"start": str(self.start), "pagesize": str(self.size), "order": self.order}
        params |= (
            {"shallowFetch": shallow_fetch(self.fetch)}
            if shallow
            else {"fetch": plain_fetch(self.fetch)}
        )
        optional: Mapping[str, str | None] = {
            "query": str(self.query) if self.query else None,
            "workspace": workspace,
            "project": self.project or "null",  # absent would mean the user's default project
            "types": self.types,
        }
        params |= {name: value for name, value in optional.items() if value}
        if self.project:
            params |= {"projectScopeUp": "false", "projectScopeDown": str(self.scope_down).lower()}
        return params


def shallow_fetch(fetch: Fetch) -> str:
    """Spell `Owner[EmailAddress;UserName]`."""
    return ",".join(
        part if isinstance(part, str) else f"{part[0]}[{';'.join(part[1])}]" for part in fetch
    )


def plain_fetch(fetch: Fetch) -> str:
    """Spell every name once, flat."""
    names: dict[str, None] = {}
    for part in fetch:
        names |= dict.fromkeys((part,) if isinstance(part, str) else (part[0], *part[1]))
    return ",".join(names)
