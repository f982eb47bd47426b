"""Single items: find by key or id, what lies below, and what was said."""

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace

from panopticon.errors import NotFound
from panopticon.model.form import Revision
from panopticon.model.issue import Comment, Issue
from panopticon.model.ref import spelling_from
from panopticon.trackers.paging import prefetched
from panopticon.trackers.rally import ask as asks
from panopticon.trackers.rally.ask import PERSON, Ask, Fetch
from panopticon.trackers.rally.client import Wsapi
from panopticon.trackers.rally.lately import Lately
from panopticon.trackers.rally.mapping import type_of
from panopticon.trackers.rally.query import Term, one_of
from panopticon.trackers.rally.record import (
    Record,
    count,
    email_of,
    moment,
    nested,
    oid_of,
    path_of,
    text,
)
from panopticon.trackers.rally.region import Region
from panopticon.trackers.rally.streams import Streams
from panopticon.trackers.rally.text import markdown_from

_TYPED = {
    "US": "hierarchicalrequirement",
    "S": "hierarchicalrequirement",
    "DE": "defect",
    "TA": "task",
}
_FETCHES: dict[str, Fetch] = {
    "hierarchicalrequirement": asks.STORY,
    "defect": asks.DEFECT,
    "task": asks.TASK,
    "portfolioitem": asks.PORTFOLIO,
}
POST: Fetch = ("ObjectID", "Text", "CreationDate", "PostNumber", ("User", PERSON))
REVISION: Fetch = ("Description", "RevisionNumber", "CreationDate", ("User", PERSON))
_REVISIONS = 200
_CHUNK = 40
_CHILDREN = {
    "hierarchicalrequirement": (
        ("hierarchicalrequirement", "Parent.ObjectID"),
        ("defect", "Requirement.ObjectID"),
        ("task", "WorkProduct.ObjectID"),
    ),
    "defect": (("task", "WorkProduct.ObjectID"),),
}


@dataclass(frozen=True, slots=True)
class Items:
    """Reads of single items; only the configured projects are looked at."""

    wsapi: Wsapi
    streams: Streams
    region: Region
    pool: Executor
    lately: Lately

    def record(self, key: str, fetch: Fetch | None = None) -> Record:
        """Find an item by its FormattedID; raises NotFound."""
        kind, wanted = self._asked_for(key)
        fields = (*fetch, "FormattedID", "Project") if fetch else self._fields(kind)
        ask = Ask(kind, fields, Term("FormattedID", "=", wanted))
        if (row := self._within(ask, wanted)) is None:
            raise NotFound(
                f"Rally has no item {wanted} in the configured projects.",
                "It may be deleted, in another project, or hidden from this key.",
            )
        return row

    def _within(self, ask: Ask, wanted: str) -> Record | None:
        """Look in the configured projects; of several, the workspace tells which one has it."""
        projects = self.region.territory.projects()
        if len(projects) > 1:
            row = self._first(ask, wanted)
            if row is None or path_of(nested(row, "Project")) in projects:
                return row
        asked = (self._first(replace(ask, project=project), wanted) for project in projects)
        return next((row for row in asked if row is not None), None)

    def recent(self, key: str) -> Record:
        """Give an item as `get` or a write has just told it, else find it."""
        return self.lately.take(self._asked_for(key)[1]) or self.record(key)

    def told(self, record: Record) -> Issue:
        """Translate what the server has just told of an item, and keep it for a moment."""
        issue = self.streams.issues([record])[0]
        self.lately.put(issue.ref.key, record)
        return issue

    def _asked_for(self, key: str) -> tuple[str, str]:
        """Read a key in any spelling: its type and its FormattedID."""
        self.region.territory.enter()
        spelled = spelling_from(key.rsplit(":", 1)[-1]).keys
        wanted = next((k for k in spelled if k.isalnum() and k.isascii() and k.isupper()), None)
        if wanted is None or not wanted[-1].isdigit():
            raise NotFound(f"Rally has no item {key!r}.", "Keys look like US123, DE45, TA6 or F17.")
        return _TYPED.get(wanted.rstrip("0123456789"), "portfolioitem"), wanted

    def _first(self, ask: Ask, wanted: str) -> Record | None:
        rows = self.wsapi.query(ask).records
        return next((row for row in rows if text(row, "FormattedID") == wanted), None)

    def get(self, key: str) -> Issue:
        """Read one item."""
        return self.told(self.record(key))

    def fetch(self, native_ids: Sequence[str]) -> list[Issue]:
        """Read items by ObjectID, whatever their types, in few requests."""
        projects = self.region.territory.projects()
        oids = [int(oid) for oid in native_ids if oid.isdigit()]
        chunks = [oids[at : at + _CHUNK] for at in range(0, len(oids), _CHUNK)]
        asked = [
            Ask(kind, self._fields(kind), one_of("ObjectID", chunk), project=project, size=_CHUNK)
            for chunk in chunks
            for project in projects
            for kind in _FETCHES
        ]
        calls = (lambda ask=ask: self.wsapi.query(ask).records for ask in asked)
        rows = {oid_of(row): row for found in prefetched(calls, self.pool, 12) for row in found}
        return list(self.streams.issues(list(rows.values())))

    def children(self, key: str) -> list[Issue]:
        """Read the items directly below one."""
        above = self.record(key)
        oid = int(oid_of(above))
        calls = (
            lambda kind=kind, field=field: self.wsapi.all(
                Ask(kind, self.fields_of(kind), Term(field, "=", oid))
            )
            for kind, field in self._below(type_of(above))
        )
        found = [row for rows in prefetched(calls, self.pool, 4) for row in rows]
        return list(self.streams.issues(found))

    def _below(self, type_path: str) -> tuple[tuple[str, str], ...]:
        kind = type_path.lower()
        if not kind.startswith("portfolioitem/"):
            return _CHILDREN.get(kind, ())
        levels = [level.path.lower() for level in self.region.schema.portfolio()]
        at = levels.index(kind) if kind in levels else 0
        if at == 0:
            return (("hierarchicalrequirement", "PortfolioItem.ObjectID"),)
        return ((levels[at - 1], "Parent.ObjectID"),)

    def comments(self, key: str) -> list[Comment]:
        """Read the remarks, oldest first."""
        found = self.record(key)
        return [comment_from(row) for row in self.posts(found)]

    def posts(self, found: Record) -> list[Record]:
        """Read the posts of an item, oldest first."""
        ask = Ask(
            "conversationpost",
            POST,
            Term("Artifact", "=", path_of(found)),
            order="CreationDate,ObjectID",
        )
        rows = self.wsapi.all(ask)
        return sorted(rows, key=lambda row: (count(row, "PostNumber"), count(row, "ObjectID")))

    def history(self, key: str) -> list[Revision]:
        """Read the newest revisions, newest first."""
        found = self.record(key, ("RevisionHistory",))
        path = path_of(nested(found, "RevisionHistory")).strip("/")
        ask = Ask(f"{path}/Revisions", REVISION, order="RevisionNumber desc", size=_REVISIONS)
        rows = self.wsapi.query(ask).records
        rows = sorted(rows, key=lambda row: count(row, "RevisionNumber"), reverse=True)
        return [revision_from(row) for row in rows[:_REVISIONS]]

    def fields_of(self, type_path: str) -> Fetch:
        """List what a written item of a type is to come back with."""
        kind = type_path.lower()
        return self._fields(kind if kind in _FETCHES else "portfolioitem")

    def _fields(self, kind: str) -> Fetch:
        return (*_FETCHES[kind], *self.streams.settings.fields.named())


def comment_from(row: Record) -> Comment:
    """Translate a ConversationPost."""
    at = moment(row, "CreationDate")
    assert at is not None, "Rally dates every post"
    return Comment(
        oid_of(row), email_of(nested(row, "User")) or "", markdown_from(text(row, "Text")), at
    )


def revision_from(row: Record) -> Revision:
    """Translate a Revision; its text stays in Rally's words."""
    at = moment(row, "CreationDate")
    assert at is not None, "Rally dates every revision"
    return Revision(at, email_of(nested(row, "User")), text(row, "Description"))
