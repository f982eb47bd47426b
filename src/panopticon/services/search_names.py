"""The names in a query made into what is stored: people, epics, sources; unknown ones are told."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

from panopticon.errors import InvalidInput, PanError
from panopticon.model.issue import State
from panopticon.model.query import (
    Age,
    Field,
    Is,
    Meaning,
    People,
    Query,
    Refs,
    Special,
    Term,
    Value,
)
from panopticon.model.query_value import nearest
from panopticon.model.ref import IssueRef, spelling_from
from panopticon.services import person, projection, twin
from panopticon.services.context import Context
from panopticon.services.ref import epic_refs

Found = TypeVar("Found")
_APART = re.compile(r"[\s_-]+")
_SHOWN = 8


def resolved(ctx: Context, query: Query, me: str | None = None) -> Query:
    """Say which people, items, sources and words are meant; raises InvalidInput with `at`.

    `me`: who sits here, where that is known already.
    """
    names = _Names(ctx, me)
    return Query(tuple(replace(term, values=tuple(names.values(term))) for term in query.terms))


class _Names:
    """Finds what names stand for."""

    def __init__(self, ctx: Context, me: str | None) -> None:
        self.ctx = ctx
        self.who = me

    def values(self, term: Term) -> Iterator[Value]:
        """Give each value with all that it may mean."""
        for value in term.values:
            for meaning in self._meanings(term.field, value):
                yield replace(value, meaning=meaning)

    def _meanings(self, field: Field, value: Value) -> Iterable[Meaning]:
        meaning = value.meaning
        if isinstance(meaning, Age):
            return [meaning.before(self.ctx.now())]
        if meaning is Special.ME or meaning is Is.MINE:
            return [self._me(value)]
        if meaning is Is.JOINED:
            return [self._joined()]
        if field in _FINDERS and isinstance(meaning, str) and not isinstance(meaning, State):
            return _FINDERS[field](self, value)
        return [meaning]

    def _me(self, value: Value) -> People:
        self.who = self.who or person.known(self.ctx)
        who = self.who or with_place(value, lambda: person.me(self.ctx))
        return People(tuple(self._people(who, is_whole=True)))

    def _assignee(self, value: Value) -> list[Meaning]:
        return [People(tuple(self._people(value.text, is_whole="@" in value.text)))]

    def _people(self, text: str, *, is_whole: bool) -> Iterator[str]:
        """Find an email as it is, anything else as a part of an id or a name."""
        asked = text.casefold()
        for who, _ in self.ctx.store.words(Field.ASSIGNEE, self.ctx.names):
            name = str(projection.person(who)["name"]).casefold()
            is_part = asked in who.casefold() or asked in name
            if who.casefold() == asked or (is_part and not is_whole):
                yield who

    def _joined(self) -> Refs:
        """Name both sides of everything that two trackers have."""
        ctx = self.ctx
        twins = twin.all_twins(ctx)
        pairs = ((ref, twins.joined(ref)) for ref, _ in ctx.store.twin_claims() if ref in twins)
        return Refs(tuple(one for ref, pair in pairs if pair for one in (ref, pair.ref)))

    def _tracker(self, value: Value) -> list[Meaning]:
        return [self._source(value, value.text)]

    def _source(self, value: Value, text: str) -> str:
        names = {name.casefold(): name for name in self.ctx.names}
        return with_place(value, lambda: self.ctx.source(names.get(text.casefold(), text)).name)

    def _epic(self, value: Value) -> list[Meaning]:
        return [*with_place(value, lambda: epic_refs(self.ctx, value.text))]

    def _ref(self, value: Value) -> list[Meaning]:
        """Find stored items of that name, in every source where it does not say which."""
        ctx = self.ctx
        spelling = spelling_from(value.text)
        tracker = self._source(value, spelling.tracker) if spelling.tracker else None
        found = self._shown(ctx.store.find(tracker, spelling.keys))
        exact = [one for one in found if one.key == spelling.keys[0]]
        if not found:
            near = [str(one) for one in self._near(tracker, spelling.keys[-1])]
            hint = f"Near it: {', '.join(near)}." if near else "Leave out `ref:` to search for it."
            raise _wrong(value, f"There is no {value.text!r} here.", hint, near)
        return [*(exact or found)]

    def _near(self, tracker: str | None, key: str) -> list[IssueRef]:
        """Name a few items whose keys begin alike, as long as possible."""
        for end in range(len(key) - 1, 0, -1):
            if found := self._shown(self.ctx.store.nearby(tracker, key[:end])):
                return found
        return []

    def _shown(self, refs: Iterable[IssueRef]) -> list[IssueRef]:
        return [one for one in refs if one.tracker in self.ctx.names]

    def _project(self, value: Value) -> Iterable[Meaning]:
        return self._named(Field.PROJECT, "project", value)

    def _iteration(self, value: Value) -> Iterable[Meaning]:
        return self._named(Field.ITERATION, "iteration", value)

    def _state(self, value: Value) -> Iterable[Meaning]:
        """Find a team's own words, hyphens and spaces alike."""
        asked = _APART.sub("", value.text.casefold())
        known = [name for name, _ in self.ctx.store.words(Field.STATE, self.ctx.names)]
        found = [one for one in known if _APART.sub("", one.casefold()) == asked]
        return found or self._unknown("state", value, [*(one.value for one in State), *known])

    def _named(self, field: Field, word: str, value: Value) -> Iterable[Meaning]:
        """Find a name as it is, else the only one that it is a part of."""
        asked = value.text.casefold()
        known = [name for name, _ in self.ctx.store.words(field, self.ctx.names)]
        exact = [one for one in known if one.casefold() == asked]
        part = [one for one in known if asked in one.casefold()]
        if len({one.casefold() for one in part}) > 1 and not exact:
            told = f"`{word}:{value.text}` may mean {' or '.join(part[:_SHOWN])}."
            raise _wrong(value, told, f'Write it whole: {word}:"{part[0]}".', part[:_SHOWN])
        return exact or part or self._unknown(word, value, known)

    def _unknown(self, word: str, value: Value, known: list[str]) -> list[Meaning]:
        spelled = {one.casefold(): one for one in known}
        near = nearest(value.text, spelled)
        shown = ", ".join(known[:_SHOWN])
        hint = f"Did you mean {word}:{Value(spelled[near], 0)}? " if near else ""
        there = (
            f"There is {shown}{' …' if len(known) > _SHOWN else ''}." if known else "There is none."
        )
        raise _wrong(
            value, f"There is no {word} {value.text!r} here.", hint + there, known[:_SHOWN]
        )


def with_place(value: Value, find: Callable[[], Found]) -> Found:
    """Ask for something; what goes wrong is told with the place of the value."""
    try:
        return find()
    except PanError as error:
        details = {"at": [value.start, value.end]}
        raise InvalidInput(error.message, error.hint, **{**error.details, **details}) from None


def _wrong(value: Value, message: str, hint: str, candidates: list[str]) -> InvalidInput:
    return InvalidInput(message, hint, at=[value.start, value.end], candidates=candidates)


_FINDERS: dict[Field, Callable[[_Names, Value], Iterable[Meaning]]] = {
    Field.TRACKER: _Names._tracker,  # noqa: SLF001
    Field.PROJECT: _Names._project,  # noqa: SLF001
    Field.ITERATION: _Names._iteration,  # noqa: SLF001
    Field.STATE: _Names._state,  # noqa: SLF001
    Field.EPIC: _Names._epic,  # noqa: SLF001
    Field.REF: _Names._ref,  # noqa: SLF001
    Field.ASSIGNEE: _Names._assignee,  # noqa: SLF001
}
