"""The texts of a query: which rows hold them, and how well these fit.

The index gives rows without scores: its own would go through long lists of places twice more.
"""

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import cast

from panopticon.store.base import Lookup
from panopticon.store.item import time_text
from panopticon.store.rows import Row, Rows
from panopticon.store.search import escaped
from panopticon.store.search_index import name_of

_SHORTEST = 3  # characters that the index knows
_SCORED = 2000  # hits whose texts are weighed
_FEW_STEPS = 4000  # steps whose items are looked up one by one
_BITE = 50  # texts held at once
_BEST = 1000.0  # for a word that is the key itself
_WEIGHTS = (10.0, 8.0, 3.0, 2.0, 1.0, 1.0, 1.0, 0.5)  # of the columns of `search_text`
_TITLE_ALONE = (0.0, 8.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
_SATURATION, _LENGTH = 1.2, 0.75  # the usual k1 and b of BM25
Ids = set[int]
Scores = dict[int, float]


@dataclass(frozen=True, slots=True)
class Sought:
    """A text that was looked for: the work that holds it, how many rows in all, whose key it is."""

    text: str
    is_title: bool
    work: Ids
    count: int
    named: Ids


def with_text(rows: Rows, lookup: Lookup, text: str, *, is_title: bool) -> tuple[Ids, Sought]:
    """Find a folded text; in a step, it counts for the step's item as well."""
    work: Ids = set()
    steps: Ids = set()
    if len(text) < _SHORTEST:
        part = f"%{escaped(text)}%"
        short = rows.numbers("search_short", part=part, is_title=int(is_title))
        steps = {-one for one in short if one < 0}
        ids = {abs(one) for one in short}
    else:
        phrase = _phrase(text, is_title=is_title)
        work = set(rows.numbers("search_texts", phrase=phrase))
        steps = set(rows.numbers("search_texts_in_steps", phrase=phrase))
        ids = work | steps
    if steps:
        ids |= _owners(rows, steps)
    named = set() if is_title else set(rows.numbers("search_named", key=text))
    if not is_title:
        ids |= _held_by_named(rows, lookup, text)
    return ids, Sought(text, is_title, work, len(work) + len(steps), named)


def scored(rows: Rows, sought: Iterable[Sought], ids: Ids) -> Scores:
    """Score these rows; of a text that very many have, only the title's place counts."""
    scores: Scores = {}
    few: list[Sought] = []
    for one in sought:
        if len(one.work) <= _SCORED:
            few.append(one)
        elif not one.is_title:
            titled = set(rows.numbers("search_texts", phrase=_phrase(one.text, is_title=True)))
            _add(scores, dict.fromkeys(titled & ids, 1.0) | _best(one, ids))
    for one, fits in zip(few, _weighed(rows, few, ids), strict=True):
        _add(scores, fits | _best(one, ids))
    return scores


def ids_of(found: Iterable[Row]) -> Ids:
    """Take the numbers of rows out of what was read."""
    return cast("Ids", set(chain.from_iterable(found)))


def _phrase(text: str, *, is_title: bool) -> str:
    phrase = '"{}"'.format(text.replace('"', '""'))
    return f"{{title}} : {phrase}" if is_title else phrase


def _owners(rows: Rows, steps: Ids) -> Ids:
    """Find the items of steps; of very many, by reading all pairs in one go."""
    if len(steps) <= _FEW_STEPS:
        return ids_of(rows.among("search_owners", [str(one) for one in steps]))
    every = rows.numbers("search_owners_all")
    pairs = zip(every[::2], every[1::2], strict=True)
    return {owner for step, owner in pairs if step in steps}


def _held_by_named(rows: Rows, lookup: Lookup, text: str) -> Ids:
    """Find what somebody of this name holds now; what was held is nobody's."""
    holders = [str(who) for (who,) in rows.all("search_holders")]
    meant = [who for who in holders if text in who.casefold() or text in name_of(who).casefold()]
    return ids_of(rows.among("search_holder", meant, now=time_text(lookup.now)))


def _best(one: Sought, ids: Ids) -> Scores:
    return dict.fromkeys(one.named & ids, _BEST)


def _add(scores: Scores, more: Scores) -> None:
    if not scores:
        scores.update(more)
        return
    for row_id, score in more.items():
        scores[row_id] = scores.get(row_id, 0.0) + score


def _weighed(rows: Rows, few: Sequence[Sought], ids: Ids) -> list[Scores]:
    """Weigh texts by how often and where rows have them, and how long these are."""
    wanted = sorted(ids.intersection(set().union(*(one.work for one in few))))
    counts: list[Scores] = [{} for _ in few]
    lengths: dict[int, int] = {}
    for start in range(0, len(wanted), _BITE):
        some = [str(one) for one in wanted[start : start + _BITE]]
        for row_id, *columns in rows.among("search_texts_read", some):
            place, texts = cast("int", row_id), cast("list[str]", columns)
            lengths[place] = sum(map(len, texts))
            for one, count in zip(few, counts, strict=True):
                if place in one.work:
                    count[place] = _count(one, texts)
    if not lengths:
        return counts
    usual = sum(lengths.values()) / len(lengths)
    (every,) = rows.numbers("search_size")
    rare = [_rarity(one.count, every) for one in few]
    return [
        {row_id: idf * _share(often, lengths[row_id] / usual) for row_id, often in count.items()}
        for count, idf in zip(counts, rare, strict=True)
    ]


def _count(one: Sought, texts: Collection[str]) -> float:
    weights = _TITLE_ALONE if one.is_title else _WEIGHTS
    return sum(
        weight * text.count(one.text)
        for weight, text in zip(weights, texts, strict=True)
        if weight and text
    )


def _rarity(count: int, every: int) -> float:
    """Give what a hit says: little, where most rows are hits."""
    return max(1e-6, math.log((every - count + 0.5) / (count + 0.5)))


def _share(often: float, length: float) -> float:
    """Let the first hits count most, and less in long texts."""
    norm = _SATURATION * (1 - _LENGTH + _LENGTH * length)
    return often * (_SATURATION + 1) / (often + norm)
