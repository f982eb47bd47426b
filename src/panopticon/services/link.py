"""The verbs on links between items: those that no tracker keeps, mostly across two trackers."""

from collections.abc import Iterable
from dataclasses import dataclass

from panopticon.errors import InvalidInput, PanError
from panopticon.model.issue import Issue, Json
from panopticon.model.link import Link, LinkKind, awake, link_between
from panopticon.model.ref import IssueRef, spelling_from
from panopticon.services import person, sync_cache
from panopticon.services.context import Context
from panopticon.services.issue_ref import resolve

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
    if source == target:
        raise InvalidInput(f"{source.key} cannot be linked to itself.", "Name another item.")
    wanted = link_between(kind, source, target, ctx.now(), person.known(ctx) or "")
    known = [one for one in ctx.store.links(source) if one.says_as(wanted)]
    if known:
        return Made(known[0], is_new=False)
    if kind is LinkKind.BLOCKS and source.tracker == target.tracker:
        _refuse_native(ctx, source, target)
    if kind is not LinkKind.RELATED:
        _refuse_circle(ctx, wanted)
    is_new = ctx.store.put_link(wanted)
    _follow(ctx, wanted)
    return Made(wanted, is_new)


def unlink(ctx: Context, text: str, other: str, word: str | None = None) -> list[Link]:
    """Take away the links between two items, of one kind or all; gives those that were there."""
    kind = _meant(word)[0] if word else None
    ends = {_end(ctx, text), _end(ctx, other)}
    found = [
        one
        for one in ctx.store.links()
        if one.ends == ends and kind in {None, one.kind}
    ]
    for one in found:
        ctx.store.drop_link(one, ctx.now())
        _follow(ctx, one)
    return found


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
    return {
        "kind": one.kind.value,
        "source": end_json(one.source, ctx.store.issue(one.source)),
        "target": end_json(one.target, ctx.store.issue(one.target)),
        "at": one.at.isoformat(),
        "by": one.by or None,
        "asleep": one.is_asleep,
    }


def titles(ctx: Context, found: Iterable[Link]) -> dict[str, str]:
    """Give the titles of both ends of links, by ref."""
    ends = {end for one in found for end in (one.source, one.target)}
    known = ((end, ctx.store.issue(end)) for end in ends)
    return {str(end): issue.title if issue else "(not here now)" for end, issue in known}


def end_json(ref: IssueRef, issue: Issue | None) -> dict[str, Json]:
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
        ends = {end for one in ctx.store.links() for end in (one.source, one.target)}
        found = [
            end
            for end in ends
            if end.key in spelling.keys and spelling.tracker in {None, end.tracker}
        ]
        if len(found) != 1:
            raise
        return found[0]


def _refuse_native(ctx: Context, source: IssueRef, target: IssueRef) -> None:
    """Leave to a tracker what it keeps itself: there everybody sees it."""
    if not ctx.tracker(source.tracker).capabilities.dependencies:
        return
    known = ctx.store.issue(target)
    before = [ref.key for ref in known.blocked_by if ref != source] if known else []
    keys = ",".join([*before, source.key])
    raise InvalidInput(
        f"{source.tracker} keeps by itself what blocks what.",
        f"`pan work update {target.key} blocked_by={keys}` writes it there.",
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
    all_links = ctx.store.links()
    while ahead:
        here = ahead.pop(0)
        if here == wanted.target:
            return list(_back(found, here))
        for before in _before(ctx, here, wanted.kind, all_links):
            if before not in found:
                found[before] = here
                ahead.append(before)
    return None


def _back(found: dict[IssueRef, IssueRef | None], ref: IssueRef | None) -> Iterable[IssueRef]:
    while ref is not None:
        yield ref
        ref = found[ref]


def _before(
    ctx: Context, ref: IssueRef, kind: LinkKind, known: Iterable[Link]
) -> Iterable[IssueRef]:
    if kind is LinkKind.BLOCKS and (issue := ctx.store.issue(ref)):
        yield from issue.blocked_by
    yield from (one.source for one in known if one.kind is kind and one.target == ref)


def _follow(ctx: Context, one: Link) -> None:
    for end in (one.source, one.target):
        sync_cache.follow(ctx, end)
