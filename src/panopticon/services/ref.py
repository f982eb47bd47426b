"""What people type, made into refs: `US-123`, `rally:US123`, `17` for an epic."""

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from panopticon.errors import InvalidInput, NotFound, PanError
from panopticon.model.issue import OUTCOMES, Issue, Kind
from panopticon.model.ref import IssueRef, Spelling, number_of, spelling_from
from panopticon.services.context import Context
from panopticon.services.twin import joined
from panopticon.services.within import within
from panopticon.store.base import Outline
from panopticon.trackers.base import Tracker

_FEW = 5
_DIGITS = "0"
_RUN = re.compile(r"\d+")


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
    if not found:
        found = _ask(ctx, spelling, seconds)
    if len(found) == 1:
        return found[0]
    if found:
        raise _ambiguous(ctx, text, found)
    return _unknown(ctx, text, spelling)


def epic_ref(ctx: Context, text: str, tracker: str | None = None) -> IssueRef:
    """Find the epic or portfolio item that `17`, `F17` or `rally:F-17` means.

    The default tracker's comes first, one that two trackers have counts once; a number stands for
    any prefix. Asks no tracker.
    """
    spelling = _spelled(ctx, text, tracker)
    number = spelling.keys[0]
    found = _found(ctx, spelling) or _found(ctx, _as_epic(spelling))
    if number.isdecimal():
        named = _numbered(ctx, spelling, number)
        found = [one.ref for one in named if one.kind in OUTCOMES] or found
    chosen = [ref for ref in found if ref.tracker == ctx.config.default_tracker] or found
    if len(chosen) > 1:
        chosen = _once(ctx, chosen)
    if len(chosen) == 1:
        return chosen[0]
    if chosen:
        raise _ambiguous(ctx, text, chosen)
    return _unknown(ctx, text, spelling)


def epic_refs(ctx: Context, text: str, tracker: str | None = None) -> tuple[IssueRef, ...]:
    """Find the epic that is meant, and its other side where two trackers have it."""
    ref = epic_ref(ctx, text, tracker)
    pair = joined(ctx, ref)
    return (ref, pair.ref) if pair else (ref,)


def _as_epic(spelling: Spelling) -> Spelling:
    """Read `dm.2` as `epic-dm.2`: no prefix need be typed where only an epic can be meant."""
    return Spelling(spelling.tracker, tuple(f"{Kind.EPIC.value}-{key}" for key in spelling.keys))


def _once(ctx: Context, refs: Sequence[IssueRef]) -> list[IssueRef]:
    """Leave out an item whose other side is there too."""
    pairs = {ref: pair for ref in refs if (pair := joined(ctx, ref))}
    return [
        ref
        for ref in refs
        if ref not in pairs or not pairs[ref].folds or pairs[ref].ref not in refs
    ]


def source_name(ctx: Context, tracker: str | None) -> str:
    """Choose a tracker: the named one, the default, else the only one."""
    if tracker:
        return ctx.source(tracker).name
    if ctx.default:
        return ctx.default
    names = list(ctx.names)
    if not names:
        raise InvalidInput("No tracker is configured.", "Run `pan init`, or look at `pan demo`.")
    raise InvalidInput(
        "Which tracker?",
        f"Add tracker={names[0]} or another: {', '.join(names)}. "
        "Settings can make one the default, as can `default_tracker` under [pan].",
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
    names = [spelling.tracker] if spelling.tracker else ctx.names
    found = sorted(ref for name in names for ref in ctx.store.find(name, spelling.keys))
    for key in spelling.keys:
        if same := [ref for ref in found if ref.key == key]:
            return same
    return found


def _numbered(ctx: Context, spelling: Spelling, number: str) -> list[Outline]:
    stored = ctx.store.numbered(spelling.tracker, number)
    return [one for one in stored if one.ref.tracker in ctx.names]


def _ask(ctx: Context, spelling: Spelling, seconds: float | None) -> list[IssueRef]:
    """Ask for an item that was never synced, and keep it: the trackers that spell keys so.

    All are asked where none does. One that cannot answer hides nothing that another has.
    """
    if not any(map(str.isdigit, spelling.keys[0])):
        return []
    names = [spelling.tracker] if spelling.tracker else _spelling_so(ctx, spelling)
    found: list[IssueRef] = []
    faults: list[PanError] = []
    with ThreadPoolExecutor(len(names) or 1, thread_name_prefix="ask") as pool:
        for answer in pool.map(partial(_asked, ctx, spelling.keys, seconds), names):
            if isinstance(answer, PanError):
                faults.append(answer)
            elif answer:
                ctx.store.put(answer, ctx.now())
                found.append(answer.ref)
    if faults and not found:
        raise faults[0]
    return found


def _asked(
    ctx: Context, keys: Sequence[str], seconds: float | None, name: str
) -> Issue | PanError | None:
    try:
        tracker = ctx.tracker(name)
        return within(seconds, lambda: _first(tracker, keys), name)
    except PanError as error:
        return error


def _spelling_so(ctx: Context, spelling: Spelling) -> list[str]:
    """Name the trackers that have keys like this one, by letters and signs alone; else all."""
    shapes = {_shape(key) for key in spelling.keys}
    found = [
        name
        for name in ctx.names
        if any(_shape(ref.key) in shapes for key in shapes for ref in _like(ctx, name, key))
    ]
    return found or list(ctx.names)


def _like(ctx: Context, name: str, shape: str) -> list[IssueRef]:
    """Find a few stored keys that begin as a shape does: with its letters, else with any digit."""
    beginning = shape.partition(_DIGITS)[0]
    beginnings = [beginning] if beginning else list("123456789")
    return [ref for one in beginnings for ref in ctx.store.nearby(name, one)]


def _shape(key: str) -> str:
    """Leave of a key what others of its tracker have too: `us0` of `US120`, `0.0` of `1.2`."""
    return _RUN.sub(_DIGITS, key.casefold())


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
    faults: list[PanError] = []
    for name in [tracker] if tracker else ctx.names:
        try:
            found = within(seconds, partial(ctx.tracker(name).fetch, [native_id]), name)
        except PanError as error:  # hides nothing that another has
            faults.append(error)
            continue
        for issue in found:
            if _host(issue.url) == _host(url):
                ctx.store.put(issue, ctx.now())
                return issue.ref
    if faults:
        raise faults[0]
    raise NotFound(f"No tracker here has the item of {url!r}.", hint)


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].casefold()


def _ambiguous(ctx: Context, text: str, found: Sequence[IssueRef]) -> InvalidInput:
    names = [str(ref) for ref in found]
    titled = ((ref, ctx.store.issue(ref)) for ref in found[:_FEW])
    told = [f"{ref} ({issue.title})" if issue else str(ref) for ref, issue in titled]
    return InvalidInput(
        f"{text!r} may mean {' or '.join(names)}.",
        f"Write it with its tracker or prefix: {', '.join(told)}.",
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
    return [_shortest(ctx, ref) for ref in found[:_FEW]]


def _shortest(ctx: Context, ref: IssueRef) -> str:
    """Spell a ref as short as it can be typed here."""
    return ref.key if _found(ctx, Spelling(None, (ref.key,))) == [ref] else str(ref)
