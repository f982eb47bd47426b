"""Which fields each kind of Rally item takes, and what to do instead where it takes none."""

from collections.abc import Callable, Mapping

from panopticon.errors import Unsupported
from panopticon.model.issue import IssueFields, Kind
from panopticon.trackers.rally import states
from panopticon.trackers.rally.schema import Attribute
from panopticon.trackers.rally.settings import RallySettings

_EVERY = frozenset(
    {
        "title",
        "body",
        "acceptance_criteria",
        "state",
        "native_state",
        "labels",
        "assignee",
        "custom",
    }
)
_LOCAL = frozenset({"branch", "coverage", "commit_sha"})
_BLOCK = frozenset({"blocked", "blocked_reason"})
_WORK = _BLOCK | {"iteration", "release", "parent", "points"} | _LOCAL
_PORTFOLIO = _EVERY | {"parent", "due", "release", "blocked_by", "blocks"}

WRITABLE: Mapping[Kind, frozenset[str]] = {
    Kind.STORY: _EVERY | _WORK | {"blocked_by", "blocks", "hours"},
    Kind.DEFECT: _EVERY | _WORK | {"priority", "due", "hours"},
    Kind.TASK: _EVERY | _BLOCK | _LOCAL | {"parent", "hours"},
    Kind.FEATURE: _PORTFOLIO,
    Kind.EPIC: _PORTFOLIO,
}
DUE: Mapping[Kind, str] = {
    Kind.DEFECT: "TargetDate",
    Kind.FEATURE: "PlannedEndDate",
    Kind.EPIC: "PlannedEndDate",
}
_PARENT = {Kind.DEFECT: "Requirement", Kind.TASK: "WorkProduct"}
_ATTRIBUTES: Mapping[str, str] = {
    "title": "Name",
    "body": "Description",
    "labels": "Tags",
    "assignee": "Owner",
    "priority": "Priority",
    "points": "PlanEstimate",
    "iteration": "Iteration",
    "release": "Release",
    "blocked": "Blocked",
    "blocked_reason": "BlockedReason",
    "blocked_by": "Predecessors",
    "blocks": "Successors",
}
_HINTS = {
    "due": "Stories and tasks have no due date in Rally: set the iteration or a custom field.",
    "priority": "Only defects have a priority in Rally: use its rank, a label or a custom field.",
    "blocked_by": "Only stories and portfolio items have predecessors: use `blocked` and a reason.",
    "blocks": "Only stories and portfolio items have successors.",
    "points": "Rally tasks are estimated in hours: set `hours`.",
    "hours": "Portfolio items are estimated by what is below them.",
    "iteration": "A task is in its story's iteration; portfolio items have a release or due date.",
    "release": "A task is in its story's release.",
}


def attribute_of(name: str, kind: Kind, settings: RallySettings) -> str:
    """Name the Rally attribute that a field of ours is kept in; "" where there is none."""
    names = settings.fields
    own = {
        "acceptance_criteria": names.criteria,
        "branch": names.branch,
        "coverage": names.coverage,
        "commit_sha": names.commit,
        "hours": "Estimate" if kind is Kind.TASK else names.hours,
        "state": states.state_field(kind, settings.defect_state_field),
        "native_state": states.state_field(kind, settings.defect_state_field),
        "parent": _PARENT.get(kind, "Parent"),
        "due": DUE.get(kind, ""),
    }
    return own.get(name) or _ATTRIBUTES.get(name, "")


def writable(
    settings: RallySettings, known: Callable[[Kind], Mapping[str, Attribute] | None]
) -> dict[Kind, frozenset[str]]:
    """Name what each kind takes: exactly where its attributes are known, else at most."""
    found: dict[Kind, frozenset[str]] = {}
    for kind, fields in WRITABLE.items():
        attributes = known(kind)
        found[kind] = frozenset(
            name
            for name in fields
            if name == "custom" or is_taken(attribute_of(name, kind, settings), attributes)
        )
    return found


def is_taken(attribute: str, known: Mapping[str, Attribute] | None) -> bool:
    """Tell whether a type takes a field; where nothing is known of it, whatever has a name."""
    if not attribute or not known:
        return bool(attribute)
    return attribute in known and not known[attribute].read_only


def refuse_unknown(kind: Kind, fields: IssueFields) -> None:
    """Raise Unsupported for the first field that this kind does not have."""
    known = WRITABLE.get(kind, frozenset())
    for name in fields:
        if name not in known:
            raise Unsupported(
                f"A Rally {kind} has no {name!r}.",
                _HINTS.get(name, f"It takes: {', '.join(sorted(known))}."),
                field=name,
            )
