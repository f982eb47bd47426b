"""From a WSAPI object to an Issue: mostly a table of which field means what."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from panopticon.model.issue import Issue, Json, Kind
from panopticon.model.lease import Lease
from panopticon.model.ref import IssueRef
from panopticon.trackers.rally import states
from panopticon.trackers.rally.lock_words import arbiter_from
from panopticon.trackers.rally.record import (
    Record,
    count,
    email_of,
    flag,
    moment,
    moment_from,
    nested,
    number,
    oid_of,
    path_of,
    records,
    tag_names,
    text,
)
from panopticon.trackers.rally.settings import RallySettings
from panopticon.trackers.rally.text import markdown_from
from panopticon.trackers.rally.writable import DUE

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_KINDS = {"hierarchicalrequirement": Kind.STORY, "defect": Kind.DEFECT, "task": Kind.TASK}
_PAGES = {Kind.STORY: "userstory", Kind.DEFECT: "defect", Kind.TASK: "task"}
_PARENTS = {
    Kind.STORY: ("Parent", "PortfolioItem"),
    Kind.DEFECT: ("Requirement",),
    Kind.TASK: ("WorkProduct",),
}

_Fields = dict[str, Any]  # keyword arguments of Issue


@lru_cache(maxsize=4096)
def _short_text(html: str) -> str:
    return markdown_from(html)


@dataclass(frozen=True, slots=True)
class Mapper:
    """Builds Issues of one source. `kind_of_portfolio` and `priorities` ask Rally when needed.

    `stands` remembers what a project's words mean: there are a few dozen, on every item again.
    """

    settings: RallySettings
    kind_of_portfolio: Callable[[str], Kind]
    priorities: Callable[[], tuple[str, ...]]
    stands: dict[tuple[str, states.Words], states.Standing] = field(default_factory=dict)

    def issue_from(self, record: Record, predecessors: tuple[str, ...] = ()) -> Issue:
        """Translate one object; `predecessors` are keys that came by another way."""
        type_path = type_of(record)
        kind = self.kind_of(type_path)
        project, oid = nested(record, "Project"), oid_of(record)
        stands = self.standing(kind, record)
        updated = moment(record, "LastUpdateDate") or moment(record, "CreationDate") or _EPOCH
        html = text(record, "Description")
        return Issue(
            ref=IssueRef(self.settings.name, text(record, "FormattedID")),
            kind=kind,
            project=text(project, "Name") or text(project, "_refObjectName"),
            title=text(record, "Name"),
            state=stands.state,
            native_state=stands.native,
            cancelled=stands.cancelled,
            created_at=moment(record, "CreationDate") or updated,
            updated_at=updated,
            native_id=oid,
            native_kind=type_path,
            project_id=oid_of(project) if project else "",
            body=markdown_from(html),
            body_html=html or None,
            url=self._url(kind, type_path, oid),
            version=text(record, "VersionId") or text(record, "_objectVersion") or None,
            **self._work(kind, record, predecessors),
            **self._own(record),
        )

    def _work(self, kind: Kind, record: Record, predecessors: tuple[str, ...]) -> _Fields:
        """Read who, when and how much."""
        keys = predecessors or summed_predecessors(record)
        return {
            "blocked": flag(record, "Blocked"),
            "blocked_reason": text(record, "BlockedReason") or None,
            "labels": tag_names(nested(record, "Tags")),
            "assignee": email_of(nested(record, "Owner")),
            "priority": self._priority(text(record, "Priority")),
            "points": number(record, "PlanEstimate"),
            "hours": self._hours(kind, record),
            "due": self._due(kind, record),
            "parent": self._parent(kind, record),
            "blocked_by": tuple(IssueRef(self.settings.name, key) for key in keys),
            "iteration": _name(nested(record, "Iteration")),
            "release": _name(nested(record, "Release")),
            "rank": text(record, "DragAndDropRank") or None,
        }

    def _own(self, record: Record) -> _Fields:
        """Read the workspace's own fields."""
        names = self.settings.fields
        return {
            "acceptance_criteria": _short_text(text(record, names.criteria)),
            "lease": self._lease(record),
            "branch": text(record, names.branch) or None,
            "coverage": _per_cent(record, names.coverage),
            "commit_sha": text(record, names.commit) or None,
            "custom": {name: _plain(record[name]) for name in names.custom if name in record},
        }

    def kind_of(self, type_path: str) -> Kind:
        """Name the kind of a WSAPI type."""
        known = _KINDS.get(type_path.lower())
        return known or self.kind_of_portfolio(type_path)

    def standing(self, kind: Kind, record: Record) -> states.Standing:
        """Judge where an item stands."""
        project = text(nested(record, "Project"), "Name")
        name = states.state_field(kind, self.settings.defect_state_field)
        word = text(record, name) or _name(nested(record, name)) or ""
        flow = _name(nested(record, "FlowState")) or ""
        phase = text(record, self.settings.fields.status)
        words = states.Words(word, flow, phase)
        if (known := self.stands.get((project, words))) is None:
            known = states.standing(words, self.settings.states_of(project))
            self.stands[project, words] = known
        return known

    def _priority(self, word: str) -> int:
        own = self.settings.priorities
        known = states.is_known_priority(word, own)
        return states.priority_from(word, () if known else self.priorities(), own)

    def _hours(self, kind: Kind, record: Record) -> float | None:
        if kind is Kind.TASK:
            return number(record, "Estimate")
        if self.settings.fields.hours:
            return number(record, self.settings.fields.hours)
        return number(record, "TaskEstimateTotal") or None

    def _due(self, kind: Kind, record: Record) -> date | None:
        """Undo "midnight of the workspace's zone": 13:00Z and later is the next day in the east."""
        due = moment(record, DUE.get(kind, ""))
        if due is None:
            return None
        if due.minute == due.second == 59:  # noqa: PLR2004  an end of day
            due -= timedelta(hours=23, minutes=59, seconds=59)
        return (due + timedelta(hours=11)).date()

    def _parent(self, kind: Kind, record: Record) -> IssueRef | None:
        for name in _PARENTS.get(kind, ("Parent",)):
            if key := text(nested(record, name), "FormattedID"):
                return IssueRef(self.settings.name, key)
        return None

    def _lease(self, record: Record) -> Lease | None:
        """Read a lock; one that somebody set by hand has no time, and nobody decided it."""
        names = self.settings.fields
        holder = text(record, names.locked_by).strip()
        if not holder:
            return None
        since = moment_from(text(record, names.locked_at))
        until = moment_from(text(record, names.lock_expiry))
        return Lease(
            holder=holder,
            locked_at=since,
            expires_at=until,
            branch=text(record, names.branch) or None,
            arbiter=arbiter_from(text(record, names.token), since, until),
        )

    def _url(self, kind: Kind, type_path: str, oid: str) -> str:
        return f"{self.settings.origin}/#/detail/{_PAGES.get(kind, type_path.lower())}/{oid}"


def type_of(record: Record) -> str:
    """Name the type: `_type`, or the reference's path where a single read leaves it out."""
    found = text(record, "_type") or path_of(record).strip("/").rsplit("/", 1)[0]
    return {"hierarchicalrequirement": "HierarchicalRequirement"}.get(found.lower(), found)


def summed_predecessors(record: Record) -> tuple[str, ...]:
    """Read the keys that ride along in a collection's summary."""
    collection = nested(record, "Predecessors")
    if not collection:
        return ()
    summary = nested(nested(collection, "Summary"), "FormattedID")
    return tuple(sorted(key for key in summary if key))


def lacks_predecessors(record: Record) -> bool:
    """Tell whether predecessors must be asked for: some are counted, but not all are named."""
    return count(nested(record, "Predecessors"), "Count") > len(summed_predecessors(record))


def _name(record: Record) -> str | None:
    return text(record, "Name") or text(record, "_refObjectName") or None


def _per_cent(record: Record, name: str) -> float | None:
    found = number(record, name)
    if found is not None:
        return found
    written = text(record, name).strip().rstrip("%")
    if not written:
        return None
    try:
        return float(written)
    except ValueError:
        return None


def _plain(value: Json) -> Json:
    """Reduce references and collections to what people read."""
    if not isinstance(value, dict):
        return value
    if "_tagsNameArray" in value:
        return [text(item, "Name") for item in records(value["_tagsNameArray"])]
    if "LinkID" in value:
        return {"LinkID": value["LinkID"], "DisplayString": value.get("DisplayString")}
    return _name(value) if "_ref" in value else None
