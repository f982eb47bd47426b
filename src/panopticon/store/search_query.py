"""A query answered: each term gives a set of rows, the sets are joined, the best come first."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime

from panopticon.model.issue import Kind, State
from panopticon.model.query import Between, Field, Is, Meaning, People, Refs, Special, Term
from panopticon.model.ref import IssueRef
from panopticon.store.base import Found, Hit, Lookup
from panopticon.store.document import clean_text
from panopticon.store.item import labels_text, time_text
from panopticon.store.rows import Row, Rows, Value
from panopticon.store.search import choice, escaped
from panopticon.store.search_index import folded, name_of, words_of_labels

_SHORTEST = 3  # characters that the index knows
_FEW = 500  # rows that are read one by one rather than all
_BEST = 1000.0  # for a word that is the key itself
Ids = set[int]
Scores = dict[int, float]


def found(rows: Rows, lookup: Lookup) -> Found:
    """Find the rows that meet every term."""
    scores: Scores = {}
    ids: Ids | None = None
    for term in lookup.query.terms:  # those that look for something first: they leave few
        if not term.is_negated:
            one = _rows_of(rows, lookup, term, scores)
            ids = one if ids is None else ids & one
            if not ids:
                return Found((), 0)
    for term in lookup.query.terms:
        if term.is_negated:
            ids = _everything(rows) if ids is None else ids
            ids = ids - _rows_of(rows, lookup, term, {})
    return _ordered(rows, lookup, ids, scores)


def words(rows: Rows, field: Field, trackers: Sequence[str]) -> list[tuple[str, int]]:
    """Read the values that items have in a field, the most used first."""
    names = rows.all(f"search_words_{field.value}", sources=_between_bars(trackers))
    if field is Field.LABEL:
        return words_of_labels(names)
    return [(str(row[0]), int(row[1] or 0)) for row in names]


def titles(rows: Rows, trackers: Sequence[str]) -> dict[str, str]:
    """Read what epics are called, the one changed last first."""
    epics = rows.all("search_words_epic", sources=_between_bars(trackers))
    return {str(key): str(title) for key, _, title in epics}


def _rows_of(rows: Rows, lookup: Lookup, term: Term, scores: Scores) -> Ids:
    """Give the rows that have one of a term's values."""
    ids: Ids = set()
    for value in term.values:
        if term.field in (Field.TEXT, Field.TITLE):
            text = folded(str(value.meaning))
            ids |= _with_text(rows, lookup, text, scores, is_title=term.field is Field.TITLE)
        else:
            ids |= _meant(rows, lookup, term.field, value.meaning)
    return ids


def _with_text(rows: Rows, lookup: Lookup, text: str, scores: Scores, *, is_title: bool) -> Ids:
    """Find a text; in a step, it counts for the step's item as well."""
    if len(text) < _SHORTEST:
        part = f"%{escaped(text)}%"
        hits = rows.all("search_short", part=part, is_title=int(is_title))
    else:
        phrase = '"{}"'.format(text.replace('"', '""'))
        columns = "{title} : " if is_title else ""
        hits = rows.all("search_texts", phrase=columns + phrase)
    best: Scores = {}
    for row_id, owner, score in hits:
        for one in (row_id, owner):
            if one is not None:
                best[int(one)] = max(best.get(int(one), 0.0), -float(score or 0))
    ids = set(best)
    if not is_title:
        for (row_id,) in rows.all("search_named", key=text):
            best[int(row_id or 0)] = _BEST
        ids |= _held_by_named(rows, lookup, text)
    for one, score in best.items():
        scores[one] = scores.get(one, 0.0) + score
    return ids


def _held_by_named(rows: Rows, lookup: Lookup, text: str) -> Ids:
    """Find what somebody of this name holds now; what was held is nobody's."""
    holders = [str(who) for (who,) in rows.all("search_holders")]
    meant = [who for who in holders if text in who.casefold() or text in name_of(who).casefold()]
    return _ids(rows.among("search_holder", meant, now=time_text(lookup.now)))


def _meant(rows: Rows, lookup: Lookup, field: Field, meaning: Meaning) -> Ids:
    if isinstance(meaning, Is):
        params: dict[str, Value] = {
            "now": time_text(lookup.now),
            "sources": _between_bars(lookup.trackers),
        }
        return _ids(rows.all(_IS[meaning], **params))
    if isinstance(meaning, Between):
        return _ids(rows.all(f"search_{field.value}", **_bounds(meaning)))
    if meaning is Special.NONE:
        return _ids(rows.all(_NONE[field], now=time_text(lookup.now)))
    return _named(rows, lookup, field, meaning)


def _named(rows: Rows, lookup: Lookup, field: Field, meaning: Meaning) -> Ids:
    if isinstance(meaning, Refs):
        return {i for ref in meaning.refs for i in _of_ref(rows, "search_ref", ref)}
    if isinstance(meaning, People):
        return _with_people(rows, meaning, lookup.now)
    if isinstance(meaning, IssueRef):
        return _of_ref(rows, "search_below" if field is Field.EPIC else "search_ref", meaning)
    return _ids(_NAMED[field](rows, meaning))


def _of_ref(rows: Rows, name: str, ref: IssueRef) -> Ids:
    return _ids(rows.all(name, source=ref.tracker, key=ref.key))


def _with_people(rows: Rows, people: People, now: datetime) -> Ids:
    has = rows.among("search_assignee", people.ids)
    return _ids([*has, *rows.among("search_holder", people.ids, now=time_text(now))])


def _bounds(between: Between) -> dict[str, Value]:
    low, high = (
        time_text(one) if isinstance(one, datetime) else one for one in (between.low, between.high)
    )
    return {"low": low, "high": high, "above": int(between.above), "below": int(between.below)}


def _among(name: str) -> Callable[[Rows, Meaning], list[Row]]:
    return lambda rows, meaning: rows.among(name, [clean_text(str(meaning))])


def _state(rows: Rows, meaning: Meaning) -> list[Row]:
    name = "search_state" if isinstance(meaning, State) else "search_native_state"
    return rows.among(name, [str(meaning)])


def _label(rows: Rows, meaning: Meaning) -> list[Row]:
    part = labels_text([clean_text(str(meaning)).replace("\0", "")])
    return rows.all("search_label", label=f"%{escaped(part)}%")


def _priority(rows: Rows, meaning: Meaning) -> list[Row]:
    assert isinstance(meaning, int)
    return rows.all("search_priority", priority=meaning)


def _everything(rows: Rows) -> Ids:
    return _ids(rows.all("search_all"))


def _ordered(rows: Rows, lookup: Lookup, ids: Ids | None, scores: Mapping[int, float]) -> Found:
    """Put the best first, then as ranked, then the newest change; cut out what is asked for."""
    is_named = any(not term.is_negated for term in lookup.query.of(Field.KIND))
    kinds = () if is_named else lookup.kinds
    if ids is not None and len(ids) <= _FEW:
        named = _some(rows, ids, kinds or tuple(Kind), lookup.trackers)
    else:
        sources = _between_bars(lookup.trackers)
        every = rows.all(
            "search_ordered", sources=sources, **choice("kind", kinds or tuple(Kind), len(Kind))
        )
        named = [row for row in every if ids is None or row[0] in ids]
    if scores:
        named.sort(key=lambda row: -scores.get(int(row[0] or 0), 0.0))
    end = None if lookup.limit is None else lookup.offset + lookup.limit
    hits = tuple(
        Hit(IssueRef(str(source), str(key)), scores.get(int(row_id or 0), 0.0))
        for row_id, source, key in named[lookup.offset : end]
    )
    return Found(hits, len(named))


def _some(
    rows: Rows, ids: Collection[int], kinds: Collection[Kind], trackers: Collection[str]
) -> list[Row]:
    """Read a few rows and order them as the database would."""
    allowed = {kind.value for kind in kinds}
    every = rows.among("search_some", [str(one) for one in ids])
    some = [row for row in every if row[1] in trackers and row[3] in allowed]
    some.sort(key=lambda row: int(row[0] or 0))
    some.sort(key=lambda row: str(row[5]), reverse=True)
    some.sort(key=lambda row: (row[4] is None, row[4] or ""))
    return [row[:3] for row in some]


def _between_bars(names: Iterable[str]) -> str:
    return f"|{'|'.join(names)}|"


def _ids(found: Iterable[Row]) -> Ids:
    return {int(row[0] or 0) for row in found}


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
_NAMED: dict[Field, Callable[[Rows, Meaning], list[Row]]] = {
    Field.TRACKER: _among("search_source"),
    Field.PROJECT: _among("search_project"),
    Field.ITERATION: _among("search_iteration"),
    Field.KIND: _among("search_kind"),
    Field.STATE: _state,
    Field.LABEL: _label,
    Field.PRIORITY: _priority,
}
