"""Which cards fit what somebody asked for: decided here alone, the page never filters.

A filter that means nothing here finds nothing, which is no error: the address of a view may name
what was renamed or deleted since. A query that cannot be understood is one.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from panopticon.model.issue import CARDS, OUTCOMES, Issue
from panopticon.model.ref import IssueRef, number_of, spelling_from
from panopticon.services import projection, search
from panopticon.services.board.card import blocked_json
from panopticon.services.board.memory import Memory, Sight
from panopticon.services.board.tree import Tree
from panopticon.services.context import Context

NOBODY = "none"
ME = "me"
Fits = Callable[[Issue], bool]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for, as typed; every condition that is given must hold."""

    text: str | None = None
    tracker: str | None = None
    project: str | None = None
    epic: str | None = None
    assignee: str | None = None
    labels: tuple[str, ...] = ()
    iteration: str | None = None
    kind: str | None = None
    state: str | None = None
    blocked: str | None = None


EVERYTHING = Wanted()


def fitting(
    ctx: Context, memory: Memory, sight: Sight, wanted: Wanted, refs: Iterable[IssueRef]
) -> list[Issue]:
    """Give those of these cards that meet every condition but the text."""
    cards = sight.cards(refs)
    for fits in _conditions(ctx, memory, sight, wanted):
        cards = [card for card in cards if fits(card)]
    return cards


def with_text(
    ctx: Context, memory: Memory, at: Hashable, cards: list[Issue], text: str | None
) -> list[Issue]:
    """Keep the cards that meet a query; raises InvalidInput with `at` for a wrong one.

    `at` is the point of the log that the cards are of: the store is asked once at each, and once
    a minute, for ages and claims follow the clock.
    """
    if not text:
        return cards
    me = memory.me(ctx)
    minute = ctx.now().replace(second=0, microsecond=0)
    question = (at, text, minute, me, ctx.config.default_tracker)
    found = memory.texts.get(question)
    if found is None:
        found = memory.texts.keep(question, search.refs(ctx, text, CARDS, me))
    return [card for card in cards if card.ref in found]


def _conditions(ctx: Context, memory: Memory, sight: Sight, wanted: Wanted) -> Iterator[Fits]:
    if wanted.tracker:
        yield lambda card: card.ref.tracker == wanted.tracker
    if wanted.kind:
        yield lambda card: card.kind.value == wanted.kind
    if wanted.state:
        yield lambda card: card.state.value == wanted.state
    if wanted.assignee:
        yield _with_person(wanted.assignee, memory.me(ctx), ctx.now())
    if wanted.blocked:
        yield _blocked(wanted.blocked, sight.tree)
    if wanted.epic:
        leaves = _leaves(sight.tree, _meant(ctx, sight.tree, wanted.epic))
        yield lambda card: card.ref in leaves
    yield from _named(wanted)


def _named(wanted: Wanted) -> Iterator[Fits]:
    if wanted.project:
        is_meant = _same(wanted.project)
        yield lambda card: is_meant(card.project)
    if wanted.iteration:
        yield _in_iteration(wanted.iteration)
    if wanted.labels:
        yield _labelled(wanted.labels)


def _same(text: str) -> Callable[[str], bool]:
    """Compare with a name whatever the case; thousands of cards share few names."""
    folded = text.casefold()
    return cache(lambda name: name.casefold() == folded)


def _in_iteration(text: str) -> Fits:
    if text.casefold() == NOBODY:
        return lambda card: not card.iteration
    is_same = _same(text)
    return lambda card: card.iteration is not None and is_same(card.iteration)


def _with_person(text: str, me: str | None, now: datetime) -> Fits:
    """Find who has a card: its assignee, or whoever holds it now."""
    if text.casefold() == NOBODY:
        return lambda card: not _people(card, now)
    asked = me if text.casefold() == ME else text
    if asked is None:
        return lambda _card: False
    is_meant = _person(asked, is_whole=asked is me)
    return lambda card: any(map(is_meant, _people(card, now)))


def _people(card: Issue, now: datetime) -> list[str]:
    holder = card.lease.holder if card.lease and card.lease.is_held(now) else None
    return [one for one in (card.assignee, holder) if one]


def _person(text: str, *, is_whole: bool) -> Callable[[str], bool]:
    """Take an email as it is, anything else as a part of an id or a name."""
    folded = text.casefold()

    @cache
    def is_meant(who: str) -> bool:
        if is_whole or "@" in folded:
            return who.casefold() == folded
        return folded in who.casefold() or folded in str(projection.person(who)["name"]).casefold()

    return is_meant


def _labelled(labels: Collection[str]) -> Fits:
    wanted = {label.casefold() for label in labels}
    return lambda card: wanted <= {label.casefold() for label in card.labels}


def _blocked(text: str, tree: Tree) -> Fits:
    if text not in {"yes", "no"}:
        return lambda _card: False
    return lambda card: (blocked_json(card, tree.issues) is not None) == (text == "yes")


def _meant(ctx: Context, tree: Tree, text: str) -> list[IssueRef]:
    """Find the epic that is meant, or any item above others; the default tracker's comes first.

    One that two trackers have means what lies below either side.
    """
    spelling = spelling_from(text)
    names = [spelling.tracker] if spelling.tracker else ctx.names
    keys = {key.casefold() for key in spelling.keys}
    number = number_of(text) if spelling.keys[0].isdecimal() else None
    found = [
        ref
        for ref, issue in tree.issues.items()
        if ref.tracker in names
        and (
            ref.key.casefold() in keys
            or (number and issue.kind in OUTCOMES and number_of(ref.key) == number)
        )
    ]
    chosen = [ref for ref in found if ref.tracker == ctx.config.default_tracker] or found
    return [*chosen, *(tree.pairs[ref].ref for ref in chosen if ref in tree.pairs)]


def _leaves(tree: Tree, above: list[IssueRef]) -> set[IssueRef]:
    """Name the items below that have none below themselves."""
    return {ref for one in above for ref in tree.descendants(one) if not tree.children(ref)}
