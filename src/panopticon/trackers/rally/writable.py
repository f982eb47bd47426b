"""Which fields each kind of Rally item takes, and what to do instead where it takes none."""

from collections.abc import Mapping

from panopticon.errors import Unsupported
from panopticon.model.issue import IssueFields, Kind
from panopticon.trackers.rally.settings import FieldNames

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
_WORK = (
    frozenset({"blocked", "blocked_reason", "iteration", "release", "parent", "points"}) | _LOCAL
)
_PORTFOLIO = _EVERY | {"parent", "due", "release", "blocked_by", "blocks"}

WRITABLE: Mapping[Kind, frozenset[str]] = {
    Kind.STORY: _EVERY | _WORK | {"blocked_by", "blocks", "hours"},
    Kind.DEFECT: _EVERY | _WORK | {"priority", "due", "hours"},
    Kind.TASK: (_EVERY | _WORK | {"hours"}) - {"points"},
    Kind.FEATURE: _PORTFOLIO,
    Kind.EPIC: _PORTFOLIO,
}
_HINTS = {
    "due": "Stories and tasks have no due date in Rally: set the iteration or a custom field.",
    "priority": "Only defects have a priority in Rally: use its rank, a label or a custom field.",
    "blocked_by": "Only stories and portfolio items have predecessors: use `blocked` and a reason.",
    "blocks": "Only stories and portfolio items have successors.",
    "points": "Rally tasks are estimated in hours: set `hours`.",
    "hours": "Portfolio items are estimated by what is below them.",
    "iteration": "Portfolio items belong to no iteration: set the release or the due date.",
}


def writable(names: FieldNames) -> dict[Kind, frozenset[str]]:
    """Name what each kind takes, given the custom fields that are configured."""
    own = {
        "acceptance_criteria": names.criteria,
        "branch": names.branch,
        "coverage": names.coverage,
        "commit_sha": names.commit,
        "hours": names.hours,
    }
    absent = {name for name, field in own.items() if not field}
    found = {kind: fields - absent for kind, fields in WRITABLE.items()}
    return found | {Kind.TASK: found[Kind.TASK] | {"hours"}}


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
