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
_SCORED = 2000  # hits whose texts are weighed
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
    without: Ids = set()
    for term in lookup.query.terms:
        if term.is_negated:
            without |= _rows_of(rows, lookup, term, {})
    if ids is not None:
        ids -= without
        without = set()
    return _found(lookup, _ordered(rows, lookup, ids, without), scores)


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
        short = rows.all("search_short", part=part, is_title=int(is_title))
        best = {int(one): 0.0 for hit in short for one in hit if one is not None}
    else:
        best = _scored(rows, text, is_title=is_title)
    ids = set(best)
    if not is_title:
        for (row_id,) in rows.all("search_named", key=text):
            best[int(row_id or 0)] = _BEST
        ids |= _held_by_named(rows, lookup, text)
    for one, score in best.items():
        if score:
            scores[one] = scores.get(one, 0.0) + score
    return ids


def _scored(rows: Rows, text: str, *, is_title: bool) -> Scores:
    """Find a text in the index, with scores; of very many hits only the title's place counts."""
    phrase = '"{}"'.format(text.replace('"', '""'))
    titled = f"{{title}} : {phrase}"
    phrase = titled if is_title else phrase
    best = dict.fromkeys(_texts(rows, phrase), 0.0)
    if len(best) <= _SCORED:
        for row_id, score in rows.all("search_texts_scored", phrase=phrase):
            best[int(row_id or 0)] = -float(score or 0)
    elif not is_title:
        best |= dict.fromkeys(_texts(rows, titled), 1.0)
    for hit in rows.all("search_texts_in_steps", phrase=phrase):
        for one in hit:
            if one is not None:
                best.setdefault(int(one), 0.0)
    return best


def _texts(rows: Rows, phrase: str) -> Iterable[int]:
    return (int(row[0] or 0) for row in rows.all("search_texts", phrase=phrase))


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


def _ordered(rows: Rows, lookup: Lookup, ids: Ids | None, without: Ids) -> list[Row]:
    """Name the rows of these (all, when None) in their order: as ranked, then the newest change."""
    is_named = any(not term.is_negated for term in lookup.query.of(Field.KIND))
    kinds = tuple(Kind) if is_named else lookup.kinds
    if ids is not None and len(ids) <= _FEW:
        return _some(rows, ids, kinds, lookup.trackers)
    sources = _between_bars(lookup.trackers)
    every = rows.all("search_ordered", sources=sources, **choice("kind", kinds, len(Kind)))
    if ids is None:
        return [row for row in every if row[0] not in without] if without else every
    return [row for row in every if row[0] in ids]


def _found(lookup: Lookup, named: list[Row], scores: Mapping[int, float]) -> Found:
    """Put the best first and cut out what is asked for."""
    if scores:
        named.sort(key=lambda row: -scores.get(int(row[0] or 0), 0.0))
    end = None if lookup.limit is None else lookup.offset + lookup.limit
    shown = named[lookup.offset : end]
    hits = [
        Hit(IssueRef(str(source), str(key)), scores.get(int(row_id or 0), 0.0))
        for row_id, source, key in shown
    ]
    return Found(tuple(hits), len(named))


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
