"""What the board shows, kept in memory as ready JSON and brought up to date by the log of events.

Reading twenty thousand items for every refresh of every open page would take seconds; reading
the few that the log names takes none. A card is written anew only when something it tells of
changed, and remembered with the event that changed it: a page that saw an earlier one gets just
the cards that differ since.
"""

import secrets
import threading
from collections.abc import Hashable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Generic, TypeVar

import orjson

from panopticon.model.event import Event, EventKind
from panopticon.model.issue import CARDS, OUTCOMES, Issue, IssueFilter, Kind, State
from panopticon.model.link import awake
from panopticon.model.ref import IssueRef
from panopticon.services import person
from panopticon.services.board.card import card_json, epic_json
from panopticon.services.board.tree import Tree, tree_from
from panopticon.services.context import Context
from panopticon.store.base import Store

Found = TypeVar("Found")
_MOST_EVENTS = 2000  # with more news than this, everything is read anew
_MOST_RECENT = 16  # answers to searches
_MOST_GONE = 5000  # refs that are remembered as gone


@dataclass
class Sight:
    """The board at one point of the log; only to be read inside `Memory.look`.

    Pages that saw an event before `oldest` read all anew. `written` holds the JSON of each card,
    `changed` the event since when it reads so, oldest first; `gone` the same for refs that are no
    longer there. `changed_at` is the last event that changed a card.
    """

    seq: int
    epoch: str
    oldest: int
    tree: Tree = field(default_factory=Tree)
    written: dict[IssueRef, bytes] = field(default_factory=dict)
    changed: dict[IssueRef, int] = field(default_factory=dict)
    gone: dict[IssueRef, int] = field(default_factory=dict)
    epics: bytes = b"[]"
    changed_at: int = 0
    _ranked: list[IssueRef] | None = None

    @property
    def ranked(self) -> list[IssueRef]:
        """Name the cards as ranked."""
        if self._ranked is None:
            self._ranked = [one.ref for one in ranked(self.cards(self.written))]
        return self._ranked

    def cards(self, refs: Iterable[IssueRef]) -> list[Issue]:
        """Give the items of cards."""
        return [self.tree.issues[ref] for ref in refs]

    def follows(self, since: int, epoch: str) -> bool:
        """Tell whether a page that saw `since` can be told what changed."""
        return epoch == self.epoch and self.oldest <= since <= self.seq

    def news(self, since: int) -> tuple[list[IssueRef], list[IssueRef]]:
        """Name the cards that changed since, and the refs that went."""
        return _later(self.changed, since), _later(self.gone, since)

    def turn(self, seq: int, tree: Tree, touched: Iterable[IssueRef]) -> None:
        """Go on to a later event: write anew the cards that it may have touched."""
        self.seq, self.tree = seq, tree
        self._ranked = None
        around = tree.around
        for ref in touched:
            issue = tree.issues.get(ref)
            is_card = issue is not None and issue.kind in CARDS
            self._keep(ref, orjson.dumps(card_json(issue, around)) if issue and is_card else None)
        self.epics = orjson.dumps(
            [epic_json(epic, tree.pairs.get(epic.ref)) for epic in tree.epics()]
        )
        while len(self.gone) > _MOST_GONE:
            ref = next(iter(self.gone))
            self.oldest = max(self.oldest, self.gone.pop(ref))

    def _keep(self, ref: IssueRef, told: bytes | None) -> None:
        """Remember what a card says now, None for gone, and since when."""
        if told == self.written.get(ref):
            return
        self.changed.pop(ref, None)
        self.gone.pop(ref, None)
        if told is None:
            del self.written[ref]
            self.gone[ref] = self.seq
        else:
            self.written[ref] = told
            self.changed[ref] = self.seq
        self.changed_at = self.seq


@dataclass
class Recent(Generic[Found]):
    """The last few things found, each with its question and the point of the log it was asked at.

    Many pages ask the same after every event, and some programs ask the same all day.
    """

    _kept: dict[Hashable, Found] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, question: Hashable) -> Found | None:
        """Give what was found; None where nobody asked, or too many others did since."""
        with self._lock:
            found = self._kept.pop(question, None)
            if found is not None:
                self._kept[question] = found
            return found

    def keep(self, question: Hashable, found: Found) -> Found:
        """Remember what was found, and forget what was not asked for longest."""
        with self._lock:
            self._kept[question] = found
            while len(self._kept) > _MOST_RECENT:
                del self._kept[next(iter(self._kept))]
        return found


@dataclass
class Memory:
    """The board of one store, for several threads; `texts` and `fits` are searches of it."""

    texts: Recent[frozenset[IssueRef]] = field(default_factory=Recent, init=False)
    fits: Recent[list[Issue]] = field(default_factory=Recent, init=False)
    _names: tuple[str, ...] = field(default=(), init=False)
    _store: Store | None = field(default=None, init=False)
    _sight: Sight | None = field(default=None, init=False)
    _me: tuple[object, str | None] = field(default=(None, None), init=False)
    _lock: threading.RLock = field(default_factory=threading.RLock, init=False)

    def me(self, ctx: Context) -> str | None:
        """Say who sits here; git is asked once for every configuration."""
        if self._me[0] is not ctx.config:
            self._me = (ctx.config, person.known(ctx))
        return self._me[1]

    @contextmanager
    def look(self, ctx: Context) -> Iterator[Sight]:
        """Lend what the store holds now of the sources shown; nobody changes it meanwhile."""
        with self._lock:
            store, names = ctx.store, ctx.names
            # Before the rows: an event seen twice is harmless, one missed is not.
            seq = store.last_event()
            sight = self._sight
            if sight is None or store is not self._store or names != self._names or seq < sight.seq:
                sight = self._begin(store, names, seq)
            elif seq > sight.seq:
                _catch_up(sight, store, names, seq)
            yield sight

    def _begin(self, store: Store, names: tuple[str, ...], seq: int) -> Sight:
        """Read a store for the first time, or other sources of it: a new epoch."""
        sight = Sight(seq, secrets.token_hex(6), oldest=seq)
        tree = _read_all(store, names)
        sight.turn(seq, tree, tree.issues)
        self._store, self._names, self._sight = store, names, sight
        return sight


def ranked(issues: Iterable[Issue]) -> list[Issue]:
    """Order items as their trackers rank them; what has no rank follows, newest change first.

    Ranks of different trackers cannot be compared: each source stands together.
    """

    def place(issue: Issue) -> tuple[str, bool, str, float, str]:
        is_last, at = issue.rank is None, -issue.updated_at.timestamp()
        return (issue.ref.tracker, is_last, issue.rank or "", at, issue.ref.key)

    return sorted(issues, key=place)


def _catch_up(sight: Sight, store: Store, names: tuple[str, ...], seq: int) -> None:
    """Follow the log; where it is long, or no longer whole, compare with everything."""
    if seq - sight.seq > _MOST_EVENTS or sight.seq < store.events_floor():
        tree = _read_all(store, names)
        sight.turn(seq, tree, tree.issues.keys() | sight.written.keys())
        return
    news, tree = store.events(sight.seq, _MOST_EVENTS), sight.tree
    links = awake(store.links(), names) if any(map(_binds, news)) else None
    ends = tree.ends_changed(links) if links is not None else ()
    told = (ref for event in news for ref in _refs(event) if ref.tracker in names)
    found = _read(store, tree, dict.fromkeys([*told, *ends]))
    if links is not None:  # from here on nothing can fail: all or nothing
        tree.relink(links)
    touched: set[IssueRef] = set()
    for ref, issue in found:
        touched |= tree.put(ref, issue)
    sight.turn(seq, tree, touched)


def _read(
    store: Store, tree: Tree, refs: Iterable[IssueRef]
) -> list[tuple[IssueRef, Issue | None]]:
    """Read items; those that carry another's key come first.

    Whom they claim follows, read anew where it was kept without its criteria.
    """
    found = [(ref, store.issue(ref)) for ref in refs]
    known = {ref for ref, _ in found}
    claimed = {one for _, issue in found if issue for one in tree.newly_claimed(issue)}
    found += [(ref, store.issue(ref)) for ref in claimed - known]
    return sorted(found, key=lambda one: not (one[1] and one[1].twin_key))


def _binds(event: Event) -> bool:
    """Tell whether links may be others now: made, taken away, or an end came, went, was renamed."""
    is_there = event.kind in {EventKind.CREATED, EventKind.DELETED}
    return is_there or not {"links", "ref"}.isdisjoint(event.data)


def _refs(event: Event) -> Iterator[IssueRef]:
    """Name the items that an event is about: a renamed one under both names."""
    if event.ref:
        yield event.ref
        renamed = event.data.get("ref")
        if isinstance(renamed, list):
            yield IssueRef(event.ref.tracker, str(renamed[0]).removeprefix(f"{event.ref.tracker}:"))


def _read_all(store: Store, names: tuple[str, ...]) -> Tree:
    """Read bite by bite: the texts of all items at once would take hundreds of megabytes."""
    bites = (
        IssueFilter(trackers=names, kinds=(kind,), states=(state,))
        for kind in (*CARDS, *OUTCOMES, Kind.TASK)
        for state in State
    )
    claims = [claim for claim in store.twin_claims() if claim[0].tracker in names]
    links = awake(store.links(), names)
    return tree_from((issue for bite in bites for issue in store.issues(bite)), links, claims)


def _later(kept: dict[IssueRef, int], since: int) -> list[IssueRef]:
    """Take from the newest end what came after `since`."""
    return list(takewhile(lambda ref: kept[ref] > since, reversed(kept)))
