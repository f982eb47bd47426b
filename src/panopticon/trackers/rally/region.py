"""Which queries together cover a scope: projects, an iteration, or what lies below epics."""

from dataclasses import dataclass

from panopticon.errors import InvalidInput, NotFound
from panopticon.model.change import Scope
from panopticon.model.ref import number_of, spelling_from
from panopticon.trackers.rally.ask import Ask
from panopticon.trackers.rally.client import Wsapi
from panopticon.trackers.rally.query import Condition, Term, both, either, one_of
from panopticon.trackers.rally.record import Record, oid_of, text
from panopticon.trackers.rally.schema import Schema
from panopticon.trackers.rally.territory import Territory

TYPES = {
    "portfolio": "portfolioitem",
    "stories": "hierarchicalrequirement",
    "defects": "defect",
    "tasks": "task",
}
_CHUNK = 40  # conditions in one URL
_DEPTH = 6


@dataclass(frozen=True, slots=True)
class Part:
    """One query of a stream."""

    type: str
    project: str | None
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Region:
    """Turns scopes into parts."""

    wsapi: Wsapi
    territory: Territory
    schema: Schema

    def parts(self, stream: str, scope: Scope) -> tuple[Part, ...]:
        """List the queries that give every item of a stream in scope."""
        if scope.epics:
            return self._below(stream, scope)
        if scope.iteration and stream == "portfolio":
            return ()
        timebox = Term("Iteration.Name", "=", scope.iteration) if scope.iteration else None
        projects = self.territory.projects(scope.project)
        return tuple(Part(TYPES[stream], project, timebox) for project in projects)

    def _below(self, stream: str, scope: Scope) -> tuple[Part, ...]:
        self.territory.enter()
        tops = [oid for epic in scope.epics for oid in self._epic(epic)]
        outcomes = self._outcomes(tops)
        if stream == "portfolio":
            return self._chunked(stream, "ObjectID", outcomes, scope)
        direct = self._ids("hierarchicalrequirement", "PortfolioItem.ObjectID", outcomes)
        stories = self._descend("hierarchicalrequirement", "Parent.ObjectID", direct)
        if stream == "stories":
            return self._chunked(stream, "ObjectID", stories, scope)
        defects = self._ids("defect", "Requirement.ObjectID", stories)
        if stream == "defects":
            return self._chunked(stream, "ObjectID", defects, scope)
        return self._chunked(stream, "WorkProduct.ObjectID", [*stories, *defects], scope)

    def _chunked(self, stream: str, field: str, oids: list[int], scope: Scope) -> tuple[Part, ...]:
        timebox = Term("Iteration.Name", "=", scope.iteration) if scope.iteration else None
        if stream == "portfolio":
            timebox = None
        return tuple(
            Part(TYPES[stream], project, both(one_of(field, chunk), timebox))
            for project in self.territory.projects(scope.project)
            for chunk in _chunks(sorted(oids))
        )

    def _outcomes(self, tops: list[int]) -> list[int]:
        """Give portfolio items and those below them; the highest level has no Parent to ask for."""
        found = list(dict.fromkeys(tops))
        for level in reversed(self.schema.portfolio()[:-1]):
            found += [
                oid
                for oid in self._ids(level.path.lower(), "Parent.ObjectID", found)
                if oid not in found
            ]
        return found

    def _descend(self, kind: str, field: str, tops: list[int]) -> list[int]:
        """Give the tops and everything below them, level by level."""
        found = list(dict.fromkeys(tops))
        level = found
        for _ in range(_DEPTH):
            level = [oid for oid in self._ids(kind, field, level) if oid not in found]
            if not level:
                break
            found = found + level
        return found

    def _ids(self, kind: str, field: str, above: list[int]) -> list[int]:
        rows: list[Record] = []
        for chunk in _chunks(above):
            rows += self.wsapi.all(Ask(kind, ("ObjectID",), one_of(field, chunk), size=2000))
        return [int(oid_of(row)) for row in rows]

    def _epic(self, word: str) -> list[int]:
        """Find the portfolio item that `17`, `F17` or `E-17` means, or list the candidates."""
        rows = self.candidates(word)
        if not rows:
            raise NotFound(
                f"No portfolio item is meant by {word!r}.",
                "`pan work list` shows features and epics.",
            )
        if len(rows) > 1:
            keys = sorted(text(row, "FormattedID") for row in rows)
            raise InvalidInput(
                f"{word!r} may mean {' or '.join(keys)}.", "Say which.", candidates=keys
            )
        return [int(oid_of(rows[0]))]

    def candidates(self, word: str) -> list[Record]:
        """Find the portfolio items whose key or number this is, inside the configured projects."""
        keys = spelling_from(word).keys
        if word.isdigit():
            keys = tuple(f"{level.prefix}{word}" for level in self.schema.portfolio())
        elif number_of(word) is None:
            raise InvalidInput(f"{word!r} is no epic.", "Write its number (17) or its key (F17).")
        wanted = either(Term("FormattedID", "=", key) for key in keys)
        rows: dict[str, Record] = {}
        for project in self.territory.projects():
            ask = Ask("portfolioitem", ("ObjectID", "FormattedID"), wanted, project=project)
            rows |= {
                oid_of(row): row for row in self.wsapi.all(ask) if text(row, "FormattedID") in keys
            }
        return list(rows.values())


def _chunks(oids: list[int]) -> list[list[int]]:
    return [oids[at : at + _CHUNK] for at in range(0, len(oids), _CHUNK)]
