"""A query answered: each term gives a set of rows, the sets are joined, the best come first."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import cast

from panopticon.model.issue import Kind, State
from panopticon.model.query import Between, Field, Is, Meaning, People, Refs, Special, Term
from panopticon.model.ref import IssueRef
from panopticon.store.base import Found, Hit, Lookup
from panopticon.store.document import clean_text
from panopticon.store.item import labels_text, time_text
from panopticon.store.rows import Row, Rows, Value
from panopticon.store.search import choice, escaped
from panopticon.store.search_index import folded, words_of_labels
from panopticon.store.search_text import Ids, Scores, Sought, ids_of, scored, with_text

_ref = cast("Callable[[Value, Value], IssueRef]", lru_cache(50_000)(IssueRef))  # for the board
_Names = dict[int, IssueRef]
_FEW = 1500  # rows that are read one by one rather than all


def found(rows: Rows, lookup: Lookup) -> Found:
    """Find the rows that meet every term."""
    sought: list[Sought] = []
    ids: Ids | None = None
    for term in lookup.query.terms:  # those that look for something first: they leave few
        if not term.is_negated:
            one = _rows_of(rows, lookup, term, sought)
            ids = one if ids is None else ids & one
            if not ids:
                return Found((), 0)
    without: Ids = set()
    for term in lookup.query.terms:
        if term.is_negated:
            without |= _rows_of(rows, lookup, term, [])
    if ids is not None:
        ids -= without
        without = set()
    scores = scored(rows, sought, ids) if sought and ids else {}
    ordered, names = _ordered(rows, lookup, ids, without)
    return _found(rows, lookup, _best_first(ordered, scores), names, scores)


def words(rows: Rows, field: Field, trackers: Sequence[str]) -> list[tuple[str, int]]:
    """Read the values that items have in a field, the most used first."""
    names = rows.all(f"search_words_{field.value}", sources=_between_bars(trackers))
    if field is Field.LABEL:
        return words_of_labels(names)
    counts: dict[str, int] = {}
    for name, count in names:  # somebody may have items and hold others
        counts[str(name)] = counts.get(str(name), 0) + int(count or 0)
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))


def titles(rows: Rows, trackers: Sequence[str]) -> dict[str, str]:
    """Read what epics are called, the one changed last first."""
    epics = rows.all("search_words_epic", sources=_between_bars(trackers))
    return {str(key): str(title) for key, _, title in epics}


def _rows_of(rows: Rows, lookup: Lookup, term: Term, sought: list[Sought]) -> Ids:
    """Give the rows that have one of a term's values; adds the texts that were looked for."""
    ids: Ids = set()
    for value in term.values:
        if term.field in (Field.TEXT, Field.TITLE):
            text = folded(str(value.meaning))
            hits, one = with_text(rows, lookup, text, is_title=term.field is Field.TITLE)
            sought.append(one)
            ids |= hits
        else:
            ids |= _meant(rows, lookup, term.field, value.meaning)
    return ids


def _meant(rows: Rows, lookup: Lookup, field: Field, meaning: Meaning) -> Ids:
    if isinstance(meaning, Is):
        params: dict[str, Value] = {
            "now": time_text(lookup.now),
            "sources": _between_bars(lookup.trackers),
        }
        return set(rows.numbers(_IS[meaning], **params))
    if isinstance(meaning, Between):
        return set(rows.numbers(f"search_{field.value}", **_bounds(meaning)))
    if meaning is Special.NONE:
        return set(rows.numbers(_NONE[field], now=time_text(lookup.now)))
    return _named(rows, lookup, field, meaning)


def _named(rows: Rows, lookup: Lookup, field: Field, meaning: Meaning) -> Ids:
    if isinstance(meaning, Refs):
        return {i for ref in meaning.refs for i in _of_ref(rows, "search_ref", ref)}
    if isinstance(meaning, People):
        return _with_people(rows, meaning, lookup.now)
    if isinstance(meaning, IssueRef):
        return _of_ref(rows, "search_below" if field is Field.EPIC else "search_ref", meaning)
    is_word = field is Field.STATE and not isinstance(meaning, State)
    name = "search_native_state" if is_word else f"search_{field.value}"
    return set(rows.numbers(name, value=_VALUES.get(field, _exactly)(meaning)))


def _of_ref(rows: Rows, name: str, ref: IssueRef) -> Ids:
    return set(rows.numbers(name, source=ref.tracker, key=ref.key))


def _with_people(rows: Rows, people: People, now: datetime) -> Ids:
    has = rows.among("search_assignee", people.ids)
    return ids_of([*has, *rows.among("search_holder", people.ids, now=time_text(now))])


def _bounds(between: Between) -> dict[str, Value]:
    low, high = (
        time_text(one) if isinstance(one, datetime) else one for one in (between.low, between.high)
    )
    return {"low": low, "high": high, "above": int(between.above), "below": int(between.below)}


def _exactly(meaning: Meaning) -> Value:
    return clean_text(str(meaning))


def _label(meaning: Meaning) -> Value:
    part = labels_text([clean_text(str(meaning)).replace("\0", "")])
    return f"%{escaped(part)}%"


def _priority(meaning: Meaning) -> Value:
    assert isinstance(meaning, int)
    return meaning


def _ordered(rows: Rows, lookup: Lookup, ids: Ids | None, without: Ids) -> tuple[list[int], _Names]:
    """Order these rows (all, when None) as ranked, then by the newest change.

    Names are given where they are read anyhow, or all are wanted.
    """
    is_named = any(not term.is_negated for term in lookup.query.of(Field.KIND))
    kinds = tuple(Kind) if is_named else lookup.kinds
    if ids is not None and len(ids) <= _FEW:
        return _some(rows, ids, kinds, lookup.trackers)
    sources = {str(source) for (source,) in rows.all("search_sources")}
    params: dict[str, Value] = {
        "sources": _between_bars(lookup.trackers),
        "is_every": int(sources <= set(lookup.trackers)),
        **choice("kind", kinds, len(Kind)),
    }
    if lookup.limit is None:
        every = rows.all("search_ordered_names", **params)
        if ids is not None:
            every = [row for row in every if row[0] in ids]
        elif without:
            every = [row for row in every if row[0] not in without]
        return _with_names(every)
    order = rows.numbers("search_ordered", **params)
    if ids is not None:
        return [one for one in order if one in ids], {}
    return [one for one in order if one not in without] if without else order, {}


def _best_first(ordered: list[int], scores: Scores) -> list[int]:
    """Put those with a score first, the best before the others."""
    if not scores:
        return ordered
    best = [one for one in ordered if one in scores]
    best.sort(key=scores.__getitem__, reverse=True)  # keeps the order of equals
    return [*best, *(one for one in ordered if one not in scores)]


def _found(rows: Rows, lookup: Lookup, ordered: list[int], names: _Names, scores: Scores) -> Found:
    """Cut out what is asked for."""
    end = None if lookup.limit is None else lookup.offset + lookup.limit
    shown = ordered[lookup.offset : end]
    if shown and not names:
        _, names = _with_names(rows.among("search_some", [str(one) for one in shown]))
    hits = [Hit(names[one], scores.get(one, 0.0)) for one in shown]
    return Found(tuple(hits), len(ordered))


def _some(
    rows: Rows, ids: Ids, kinds: Collection[Kind], trackers: Collection[str]
) -> tuple[list[int], _Names]:
    """Read a few rows and order them as the database would."""
    allowed = {kind.value for kind in kinds}
    every = rows.among("search_some", [str(one) for one in ids])
    some = [row for row in every if row[1] in trackers and row[3] in allowed]
    some.sort(key=lambda row: int(row[0] or 0))
    some.sort(key=lambda row: str(row[5]), reverse=True)
    some.sort(key=lambda row: (row[4] is None, row[4] or ""))
    return _with_names(some)


def _with_names(named: Iterable[Row]) -> tuple[list[int], _Names]:
    names = {cast("int", row[0]): _ref(row[1], row[2]) for row in named}
    return list(names), names


def _between_bars(names: Iterable[str]) -> str:
    return f"|{'|'.join(names)}|"


_IS = {
    Is.OPEN: "search_open",
    Is.DONE: "search_done",
    Is.HELD: "search_held",
    Is.FREE: "search_nobody",
    Is.BLOCKED: "search_blocked",
    Is.CANCELLED: "search_cancelled",
}
_NONE = {
    Field.ASSIGNEE: "search_nobody",
    Field.EPIC: "search_no_epic",
    Field.ITERATION: "search_no_iteration",
    Field.LABEL: "search_no_label",
    Field.POINTS: "search_no_points",
}
_VALUES: dict[Field, Callable[[Meaning], Value]] = {Field.LABEL: _label, Field.PRIORITY: _priority}
