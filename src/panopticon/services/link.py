"""The verbs on links between items: those that no tracker keeps, mostly across two trackers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from panopticon.errors import InvalidInput, PanError
from panopticon.model.issue import Issue, Json, Kind
from panopticon.model.link import Link, LinkKind, awake, link_between
from panopticon.model.ref import IssueRef, spelling_from
from panopticon.services import person, twin
from panopticon.services.context import Context
from panopticon.services.ref import resolve
from panopticon.services.sync import cache_link as sync_cache_link
from panopticon.store.base import Outline

_MANY = 100
# What may be typed between two refs, and whether the second is the one that does it.
WORDS: dict[str, tuple[LinkKind, bool]] = {
    "blocks": (LinkKind.BLOCKS, False),
    "implements": (LinkKind.IMPLEMENTS, False),
    "related": (LinkKind.RELATED, False),
    "related_to": (LinkKind.RELATED, False),
    "relates_to": (LinkKind.RELATED, False),
    "blocked_by": (LinkKind.BLOCKS, True),
    "implemented_by": (LinkKind.IMPLEMENTS, True),
}


@dataclass(frozen=True, slots=True)
class Made:
    """A link, and whether it is new."""

    link: Link
    is_new: bool

    def as_json(self, ctx: Context) -> dict[str, Json]:
        """Give the link and the number of the log that surely holds it."""
        return {
            "link": link_json(ctx, self.link),
            "created": self.is_new,
            "seq": ctx.store.last_event(),
        }


def link(ctx: Context, text: str, word: str, other: str) -> Made:
    """Link two items; one that is there already is no error."""
    kind, is_turned = _meant(word)
    ends = resolve(ctx, text), resolve(ctx, other)
    source, target = reversed(ends) if is_turned else ends
    _refuse_ends(ctx, source, target, kind)
    wanted = link_between(kind, source, target, ctx.now(), person.known(ctx) or "")
    known = [one for one in ctx.store.links(source) if one.says_as(wanted)]
    if known:
        return Made(known[0], is_new=False)
    if kind is LinkKind.BLOCKS and source.tracker == target.tracker:
        _refuse_native(ctx, source, target)
    if kind is not LinkKind.RELATED:
        _refuse_circle(ctx, wanted)
    is_new = ctx.store.put_link(wanted)
    sync_cache_link.follow(ctx, source, target)
    return Made(wanted, is_new)


def unlink(ctx: Context, text: str, other: str, word: str | None = None) -> list[Link]:
    """Take away the links between two items, of one kind or all; gives those that were there."""
    kind = _meant(word)[0] if word else None
    here, there = _end(ctx, text), _end(ctx, other)
    ends = {here, there}
    about = ctx.store.links(here)
    found = [one for one in about if one.ends == ends and kind in {None, one.kind}]
    for one in found:
        ctx.store.drop_link(one, ctx.now())
    if found:
        sync_cache_link.follow(ctx, *ends)
    return found


def adopt(ctx: Context, source: str, identity: str) -> None:
    """Give a source the links that it had under a name that the settings have no longer.

    `identity`: its canonical key; under the old name the last sync left the same one.
    """
    names = {end.tracker for one in ctx.store.links() for end in one.ends}
    for old in sorted(names.difference(ctx.names)):
        if ctx.store.note(f"identity:{old}") == identity:
            ctx.store.move_links(old, source)


def links(ctx: Context, text: str | None = None) -> list[Link]:
    """Give the links of an item, or all, also those whose other end is not here now."""
    ref = _end(ctx, text) if text else None
    return [
        one
        for one in ctx.store.links(ref)
        if one.source.tracker in ctx.names and one.target.tracker in ctx.names
    ]


def counted(ctx: Context, ref: IssueRef | None = None) -> list[Link]:
    """Give the links, of an item or all, whose ends are stored and shown."""
    return awake(ctx.store.links(ref), ctx.names)


def with_others(ctx: Context, ref: IssueRef, found: Iterable[Link]) -> Iterable[tuple[Link, Issue]]:
    """Give links of an item with what they lead to."""
    for one in found:
        if other := ctx.store.issue(one.other(ref)):
            yield one, other


def link_json(ctx: Context, one: Link) -> dict[str, Json]:
    """Give a link with what it binds."""
    return links_json(ctx, [one])[0]


def links_json(ctx: Context, found: Sequence[Link]) -> list[dict[str, Json]]:
    """Give links with what they bind, each item read once."""
    ends = _ends(ctx, found)
    return [
        {
            "kind": one.kind.value,
            "source": end_json(one.source, ends.get(one.source)),
            "target": end_json(one.target, ends.get(one.target)),
            "at": one.at.isoformat(),
            "by": one.by or None,
            "asleep": one.is_asleep,
        }
        for one in found
    ]


def titles(ctx: Context, found: Sequence[Link]) -> dict[str, str]:
    """Give the titles of both ends of links, by ref."""
    known, ends = _ends(ctx, found), {end for one in found for end in one.ends}
    return {str(end): known[end].title if end in known else "(not here now)" for end in ends}


def _ends(ctx: Context, found: Sequence[Link]) -> Mapping[IssueRef, Issue | Outline]:
    """Read the items at the ends of links: of many links, all items there are without texts."""
    ends = {end for one in found for end in one.ends}
    if len(ends) > _MANY:
        return {one.ref: one for one in ctx.store.outline() if one.ref in ends}
    return {end: issue for end in ends if (issue := ctx.store.issue(end))}


def end_json(ref: IssueRef, issue: Issue | Outline | None) -> dict[str, Json]:
    """Give an end of a link; without title and state when it is not here."""
    return {
        "ref": str(ref),
        "key": ref.key,
        "tracker": ref.tracker,
        "title": issue.title if issue else None,
        "state": issue.state.value if issue else None,
        "native_state": issue.native_state if issue else None,
    }


def _meant(word: str) -> tuple[LinkKind, bool]:
    found = WORDS.get(word.strip().lower().replace("-", "_").replace(" ", "_"))
    if found is None:
        known = [kind.value for kind in LinkKind]
        raise InvalidInput(
            f"{word!r} is no kind of link.",
            f"There is {', '.join(known)}: `pan link US120 blocks 1.2`.",
            candidates=known,
        )
    return found


def _end(ctx: Context, text: str) -> IssueRef:
    """Find an item, or one that is gone of which only a link is left."""
    try:
        return resolve(ctx, text)
    except PanError:
        spelling = spelling_from(text)
        ends = {end for one in ctx.store.links() for end in one.ends}
        found = [
            end
            for end in ends
            if end.key in spelling.keys and spelling.tracker in {None, end.tracker}
            if end.tracker not in ctx.names or ctx.store.issue(end) is None
        ]
        if len(found) != 1:
            raise
        return found[0]


def _refuse_ends(ctx: Context, source: IssueRef, target: IssueRef, kind: LinkKind) -> None:
    """Refuse what is one item, and steps: nothing waits for them but their own item."""
    if source == target:
        raise InvalidInput(f"{source.key} cannot be linked to itself.", "Name another item.")
    for end in (source, target):
        found = ctx.store.issue(end)
        if found and found.kind is Kind.TASK:
            above = f", such as {found.parent}" if found.parent else ""
            raise InvalidInput(f"{end} is a step.", f"Link the item that it belongs to{above}.")
    pair = twin.joined(ctx, source)
    if kind is LinkKind.BLOCKS and pair and pair.ref == target:
        raise InvalidInput(
            f"{source} and {target} are one item in two trackers; it cannot wait for itself.",
            f"`pan work show {source}` shows both sides.",
        )


def _refuse_native(ctx: Context, source: IssueRef, target: IssueRef) -> None:
    """Leave to a tracker what it keeps itself: there everybody sees it."""
    if not ctx.tracker(source.tracker).capabilities.dependencies:
        return
    known = ctx.store.issue(target)
    before = [ref.key for ref in known.blocked_by if ref != source] if known else []
    keys = ",".join([*before, source.key])
    raise InvalidInput(
        f"{source.tracker} keeps by itself what blocks what.",
        f"`pan work update {target} blocked_by={keys}` writes it there.",
    )


def _refuse_circle(ctx: Context, wanted: Link) -> None:
    """Refuse a link after which an item would, in the end, wait for or implement itself."""
    path = _path(ctx, wanted)
    if path is None:
        return
    names = [str(ref) for ref in path]
    word = wanted.kind.value
    if len(path) == 2:  # noqa: PLR2004 - the opposite itself
        raise InvalidInput(
            f"{names[0]} {word} {names[1]} already; both ways would be a circle.",
            f"`pan unlink {names[0]} {names[1]}` first, if it is the other way round.",
            cycle=names,
        )
    raise InvalidInput(
        f"That would be a circle: {f' {word} '.join([*names, names[0]])}.",
        "Take one of these links away first.",
        cycle=names,
    )


def _path(ctx: Context, wanted: Link) -> list[IssueRef] | None:
    """Find the way from the target to the source over links there are, trackers' own among them."""
    found: dict[IssueRef, IssueRef | None] = {wanted.source: None}
    ahead = [wanted.source]
    while ahead:
        here = ahead.pop(0)
        if here == wanted.target:
            return list(_back(found, here))
        issue = ctx.store.issue(here) if wanted.kind is LinkKind.BLOCKS else None
        own = [one for one in ctx.store.links(here) if one.kind is wanted.kind]
        before = (one.source for one in own if one.target == here)
        for ref in (*(issue.blocked_by if issue else ()), *before):
            if ref not in found:
                found[ref] = here
                ahead.append(ref)
    return None


def _back(found: dict[IssueRef, IssueRef | None], ref: IssueRef | None) -> Iterable[IssueRef]:
    while ref is not None:
        yield ref
        ref = found[ref]
