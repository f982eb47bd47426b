"""What people type, made into refs: `US-123`, `rally:US123`, `17` for an epic."""

from collections.abc import Sequence
from functools import partial

from panopticon.errors import InvalidInput, NotFound
from panopticon.model.issue import OUTCOMES, Issue
from panopticon.model.ref import IssueRef, Spelling, number_of, spelling_from
from panopticon.services.context import Context
from panopticon.services.within import within
from panopticon.store.base import Outline
from panopticon.trackers.base import Tracker

_FEW = 5


def resolve(
    ctx: Context, text: str, tracker: str | None = None, *, seconds: float | None = None
) -> IssueRef:
    """Find the item that somebody means; asks the tracker for one that is not stored.

    `seconds`: how long the tracker may take; raises Retriable after that.
    """
    if "://" in text:
        return _addressed(ctx, text.strip(), tracker, seconds)
    spelling = _spelled(ctx, text, tracker)
    found = _found(ctx, spelling)
    if len(found) == 1:
        return found[0]
    if found:
        raise _ambiguous(text, found)
    return _ask(ctx, spelling, seconds) or _unknown(ctx, text, spelling)


def epic_ref(ctx: Context, text: str, tracker: str | None = None) -> IssueRef:
    """Find the epic or portfolio item that `17`, `F17` or `rally:F-17` means.

    The default tracker's comes first; a number stands for any prefix. Asks no tracker.
    """
    spelling = _spelled(ctx, text, tracker)
    number = spelling.keys[0]
    found = _found(ctx, spelling)
    if number.isdecimal():
        named = _numbered(ctx, spelling, number)
        found = [one.ref for one in named if one.kind in OUTCOMES] or found
    chosen = [ref for ref in found if ref.tracker == ctx.config.default_tracker] or found
    if len(chosen) == 1:
        return chosen[0]
    if chosen:
        raise _ambiguous(text, chosen)
    return _unknown(ctx, text, spelling)


def source_name(ctx: Context, tracker: str | None) -> str:
    """Choose a tracker: the named one, the default, else the only one."""
    if tracker:
        return ctx.source(tracker).name
    names = list(ctx.names)
    if ctx.config.default_tracker in names and ctx.config.default_tracker:
        return ctx.config.default_tracker
    if len(names) == 1:
        return names[0]
    if not names:
        raise InvalidInput("No tracker is configured.", "Run `pan init`, or look at `pan demo`.")
    raise InvalidInput(
        "Which tracker?",
        f"Name one: {', '.join(names)}; or set `default_tracker`.",
        candidates=names,
    )


def _spelled(ctx: Context, text: str, tracker: str | None) -> Spelling:
    """Read a spelling; raises NotFound for a prefix that names no tracker, with those there are."""
    if not text.strip():
        raise InvalidInput("No item is named.", "Write a reference such as US123.")
    if not text.isprintable():
        raise InvalidInput(f"{text!r} is no reference.", "Write one such as US123.")
    spelling = spelling_from(text)
    names = {name.casefold(): name for name in ctx.names}
    if spelling.tracker:
        name = names.get(spelling.tracker.casefold(), spelling.tracker)
        return Spelling(ctx.source(name).name, spelling.keys)
    return Spelling(tracker, spelling.keys)


def _found(ctx: Context, spelling: Spelling) -> list[IssueRef]:
    """Look it up; the spelling as typed comes before those it might stand for."""
    stored = ctx.store.find(spelling.tracker, spelling.keys)
    found = [ref for ref in stored if ref.tracker in ctx.names]
    for key in spelling.keys:
        if same := [ref for ref in found if ref.key == key]:
            return same
    return found


def _numbered(ctx: Context, spelling: Spelling, number: str) -> list[Outline]:
    stored = ctx.store.numbered(spelling.tracker, number)
    return [one for one in stored if one.ref.tracker in ctx.names]


def _ask(ctx: Context, spelling: Spelling, seconds: float | None) -> IssueRef | None:
    """Ask the named or only tracker for an item that was never synced, and keep it."""
    names = [spelling.tracker] if spelling.tracker else list(ctx.names)
    if len(names) != 1 or not any(map(str.isdigit, spelling.keys[0])):
        return None
    tracker = ctx.tracker(names[0])
    issue = within(seconds, lambda: _first(tracker, spelling.keys), names[0])
    if issue is None:
        return None
    ctx.store.put(issue, ctx.now())
    return issue.ref


def _first(tracker: Tracker, keys: Sequence[str]) -> Issue | None:
    """Read the item of the first key that is there; the tracker's own spelling comes last."""
    for key in reversed(keys):
        try:
            return tracker.get(key)
        except NotFound:
            continue
    return None


def _addressed(ctx: Context, url: str, tracker: str | None, seconds: float | None) -> IssueRef:
    """Find the item whose page this is: its address ends in the tracker's permanent id."""
    hint = "Write its reference, such as US123, or paste the address of the item's own page."
    native_id = number_of(url.partition("?")[0].rstrip("/")) if url.isprintable() else None
    if native_id is None:
        raise InvalidInput(f"The address {url!r} names no item.", hint)
    for name in [tracker] if tracker else ctx.names:
        fetch = partial(ctx.tracker(name).fetch, [native_id])
        for issue in within(seconds, fetch, name):
            if _host(issue.url) == _host(url):
                ctx.store.put(issue, ctx.now())
                return issue.ref
    raise NotFound(f"No tracker here has the item of {url!r}.", hint)


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].casefold()


def _ambiguous(text: str, found: Sequence[IssueRef]) -> InvalidInput:
    names = [str(ref) for ref in found]
    return InvalidInput(
        f"{text!r} may mean {' or '.join(names)}.",
        f"Write it with its tracker or prefix: {names[0]}.",
        candidates=names,
    )


def _unknown(ctx: Context, text: str, spelling: Spelling) -> IssueRef:
    near = _near(ctx, spelling)
    hint = f"Near it: {', '.join(near)}." if near else "`pan work list` shows what is stored."
    raise NotFound(f"There is no {text!r}.", hint, candidates=near)


def _near(ctx: Context, spelling: Spelling) -> list[str]:
    """Name a few items that a mistyped key may have meant."""
    key, number = spelling.keys[0], number_of(spelling.keys[0])
    same = [one.ref for one in _numbered(ctx, spelling, number)] if number else []
    beginnings = {one[:-1] for one in spelling.keys if len(one) > 1}
    within = [spelling.tracker] if spelling.tracker else ctx.names
    like = [
        ref for one in sorted(beginnings) for name in within for ref in ctx.store.nearby(name, one)
    ]
    found = [ref for ref in dict.fromkeys([*same, *like]) if ref.key != key]
    return [ref.key for ref in found[:_FEW]]
