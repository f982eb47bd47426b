"""A tracker under test and what is particular to its kind of server."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from panopticon.errors import Unsupported
from panopticon.model.change import Cursor, Scope
from panopticon.model.issue import Issue, IssueFields, Kind, NewIssue, State
from panopticon.trackers.base import Tracker

WRONG_CLOCK = datetime(2001, 1, 1, tzinfo=UTC)
EVERY_FIELD: IssueFields = {
    "title": "New",
    "body": "One **two**\n\n- a\n- b",
    "acceptance_criteria": "- it works",
    "labels": ["api", 'odd "tag" & 🚀'],
    "assignee": "me",
    "points": 8.0,
    "hours": 3.0,
    "priority": 1,
    "due": date(2027, 3, 5),
    "blocked": True,
    "blocked_reason": "waits for (x)",
    "branch": "feature/x",
}


@dataclass
class Subject:
    """A tracker and its declarations; `later` moves its server from two hours ago to now.

    `ladder` names the creatable kinds from the top down to the plain item (`leaf` is its own
    last but tasks), `columns` those that the server itself can show, `words` some native words of
    the plain item, `spellings` how people write a key, `strangers` well-formed keys of nothing.
    `links` reads what the server itself shows as links of an item, one text each; `nests` tells
    whether a plain item may lie below another one.
    """

    tracker: Tracker
    later: Callable[[], None]
    identity: str
    me: str
    leaf: Kind
    creatable: tuple[Kind, ...]
    ladder: tuple[Kind, ...]
    columns: tuple[State, ...]
    words: tuple[str, ...]
    spellings: Callable[[str], tuple[str, ...]]
    strangers: tuple[str, ...]
    places: frozenset[str]
    links: Callable[[str], list[str]]
    nests: bool = True

    def takes(self, name: str, kind: Kind | None = None) -> bool:
        """Tell whether a kind asks for a field: its form does."""
        return name in {one.name for one in self.tracker.form(kind or self.leaf)}

    def make(self, kind: Kind | None = None, **fields: object) -> Issue:
        """Create an item; a task gets something to belong to."""
        told: IssueFields = {"title": "A thing", **fields}  # type: ignore[typeddict-item]
        if kind is Kind.TASK and "parent" not in told:
            told["parent"] = self.make().ref.key
        return self.tracker.create(NewIssue(kind or self.leaf, told))

    def chain(self) -> list[Issue]:
        """Create one item of each rung, each below the one before."""
        made: list[Issue] = []
        for kind in self.ladder:
            above: dict[str, object] = {"parent": made[-1].ref.key} if made else {}
            made.append(self.make(kind, **above))
        return made

    def pull(
        self, cursors: dict[str, Cursor], scope: Scope | None = None
    ) -> tuple[list[Issue], set[str]]:
        """Read every stream to its end and keep the cursors."""
        issues: list[Issue] = []
        deleted: set[str] = set()
        for stream in self.tracker.streams():
            last = cursors.get(stream, Cursor())
            for page in self.tracker.pull(stream, scope or Scope(), last, WRONG_CLOCK):
                issues += page.issues
                deleted |= set(page.deleted)
                last = page.cursor
            assert last.position is None
            cursors[stream] = last
        return issues, deleted


def refused(verb: Callable[[], object]) -> None:
    """Assert that a declared lack is told, with what to do instead."""
    with pytest.raises(Unsupported) as caught:
        verb()
    assert caught.value.hint
