"""What may be written of a story and of an epic, and how it is asked for."""

from collections.abc import Mapping

from panopticon.errors import Unsupported
from panopticon.model.form import FieldType, FormField
from panopticon.model.issue import PRIORITIES, IssueFields, Kind

KINDS = (Kind.EPIC, Kind.STORY)
_ASKED: Mapping[str, tuple[str, FieldType]] = {
    "title": ("Title", FieldType.TEXT),
    "body": ("Story", FieldType.MARKDOWN),
    "acceptance_criteria": ("Acceptance Criteria", FieldType.MARKDOWN),
    "native_state": ("Status", FieldType.CHOICE),
    "parent": ("Epic", FieldType.ITEM),
    "assignee": ("Assignee", FieldType.PERSON),
    "labels": ("Labels", FieldType.LABELS),
    "priority": ("Priority", FieldType.CHOICE),
    "points": ("Points", FieldType.NUMBER),
    "hours": ("Hours", FieldType.NUMBER),
    "due": ("Due", FieldType.DATE),
    "release": ("Release", FieldType.TEXT),
    "blocked": ("Blocked", FieldType.FLAG),
    "blocked_reason": ("Blocked Reason", FieldType.TEXT),
    "blocked_by": ("Depends on", FieldType.ITEM),
    "branch": ("Branch", FieldType.TEXT),
    "coverage": ("Coverage", FieldType.NUMBER),
    "commit_sha": ("Commit", FieldType.TEXT),
    "twin_key": ("FormattedID", FieldType.TEXT),
}
_OF_EPICS = frozenset(
    {"title", "body", "native_state", "assignee", "labels", "priority", "due", "twin_key"}
)
WRITABLE: Mapping[Kind, frozenset[str]] = {
    Kind.STORY: frozenset({*_ASKED, "state"}),
    Kind.EPIC: _OF_EPICS | {"state"},
}


def check_kind(kind: Kind) -> None:
    """Refuse a kind that story files do not have."""
    if kind not in WRITABLE:
        raise Unsupported(f"Story files have no {kind}.", "They have epics and stories.")


def check_fields(kind: Kind, told: IssueFields) -> None:
    """Refuse fields that a kind does not take."""
    check_kind(kind)
    for name in told:
        if name not in WRITABLE[kind]:
            raise Unsupported(
                f"{'An epic' if kind is Kind.EPIC else 'A story'} has no field {name!r} here.",
                f"It takes {', '.join(one for one in _ASKED if one in WRITABLE[kind])}.",
                field=name,
            )


def form_of(kind: Kind, words: tuple[str, ...]) -> tuple[FormField, ...]:
    """Ask for exactly what a write takes; only the title is required."""
    check_kind(kind)
    values = {"native_state": words, "priority": PRIORITIES}
    return tuple(
        FormField(
            name,
            label if (name, kind) != ("body", Kind.EPIC) else "Goal",
            type_,
            required=name == "title",
            values=values.get(name, ()),
            many=name in {"labels", "blocked_by"},
        )
        for name, (label, type_) in _ASKED.items()
        if name in WRITABLE[kind]
    )
