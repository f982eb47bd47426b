"""The cache after a link: two files change, whatever else there is."""

from contextlib import suppress

import orjson

from panopticon.errors import PanError
from panopticon.local.cache import CacheFolder
from panopticon.model.issue import Issue, Kind
from panopticon.model.link import awake, with_links
from panopticon.model.ref import IssueRef, hyphenated
from panopticon.services.context import Context
from panopticon.services.projection import Around
from panopticon.services.sync.cache import FOLLOW_SECONDS, as_file, held
from panopticon.services.twin import twin_or_problem


def follow(ctx: Context, *refs: IssueRef) -> None:
    """Write the files of items that were linked or parted, where there is a cache already.

    A cache that cannot follow is mended by the next sync.
    """
    if not (ctx.config.cache / "epics.json").exists():
        return
    with suppress(PanError), held(ctx, FOLLOW_SECONDS):
        folder = CacheFolder(ctx.config.cache)
        for issue in filter(None, map(ctx.store.issue, refs)):
            for path, content in folder.found(str(issue.ref), hyphenated(issue.ref.key)):
                if _ref(content) == issue.ref:
                    folder.put(path, _file(ctx, issue))


def _ref(content: bytes) -> IssueRef | None:
    """Say whose file it is: names clash where two trackers have one key."""
    with suppress(orjson.JSONDecodeError, KeyError, TypeError):
        told = orjson.loads(content)
        return IssueRef(told["tracker"], told["ref"])
    return None


def _file(ctx: Context, own: Issue) -> bytes:
    store, links = ctx.store, awake(ctx.store.links(own.ref), ctx.names)
    story = with_links(own, links)
    above = store.issue(story.parent) if story.parent else None
    pair, problem = twin_or_problem(ctx, own)
    around = Around(
        above,
        [one for one in store.children(own.ref) if one.kind is not Kind.TASK],
        [one for ref in story.blocked_by if (one := store.issue(ref))],
        store.comments(own.ref),
        [(one, other) for one in links if (other := store.issue(one.other(own.ref)))],
        pair.as_json() if pair else None,
        problem,
    )
    return as_file(ctx, story, around)
