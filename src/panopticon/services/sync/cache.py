"""The store as files for agents: `.bmad/rally-cache`, as seed 003 draws it.

Only what the log says was touched is written again; what is missing is written, what vanished
is removed.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, suppress
from datetime import datetime

import orjson

from panopticon.errors import PanError
from panopticon.local import lock
from panopticon.local.cache import CacheFolder, safe_name, story_names
from panopticon.local.git.call import asked
from panopticon.model import bmad
from panopticon.model.event import Event
from panopticon.model.issue import CARDS, OUTCOMES, Issue, IssueFilter, Json
from panopticon.model.link import with_links
from panopticon.model.ref import IssueRef, hyphenated, number_of
from panopticon.services import projection
from panopticon.services.context import Context
from panopticon.services.projection import Around
from panopticon.services.sync.beside import Beside, Known, beside_of
from panopticon.services.sync.report import epic_of, epics_from
from panopticon.services.twin import twin_from
from panopticon.services.twin_names import Twins
from panopticon.store.base import Outline, Store

WAIT_SECONDS = 60.0
FOLLOW_SECONDS = 2.0
_OPTIONS = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
_BITE = 500
_COUNTED = ("ready", "in_progress", "completed", "stories")


def write(ctx: Context, *, force: bool = False) -> CacheFolder:
    """Bring the cache up to date; returns what was done."""
    root = ctx.config.cache
    with held(ctx, WAIT_SECONDS):
        folder, note = CacheFolder(root), f"cache:{root}"
        seq = ctx.store.last_event()  # before the rows: what comes later is written next time
        since = ctx.store.note(note)
        beside = beside_of(ctx)
        known, pairs = beside.known, beside.pairs()
        paths = _paths(ctx, known)
        present = folder.present()
        is_anew = force or since is None or not ctx.store.events_floor() <= int(since) <= seq
        touched = set(paths) if is_anew else _touched(ctx.store, known, int(since or 0))
        touched |= {ref for ref, path in paths.items() if path not in present}
        touched |= {one.ref for one in known.values() if one.holder}  # a claim may have expired
        touched |= beside.of(touched) | beside.parted(ctx.store.note(f"{note}:twins"))
        for ref, document in _stories(ctx, beside, sorted(touched & paths.keys())):
            folder.put(paths[ref], document, is_new=paths[ref] not in present)
        folder.remove(sorted(present - set(paths.values())))
        folder.put("epics.json", _json(_epics(ctx, known)))
        folder.put("assignments.json", _json(_assignments(ctx)))
        ctx.store.put_note(f"{note}:twins", pairs)
        ctx.store.put_note(note, str(seq))
    return folder


def follow(ctx: Context, *refs: IssueRef) -> None:
    """Write items' files after a write through us, where there is a cache already.

    The write has happened in the tracker: a cache that cannot follow is mended by the next sync.
    """
    if not (ctx.config.cache / "epics.json").exists():
        return
    with suppress(PanError), held(ctx, FOLLOW_SECONDS):
        beside = beside_of(ctx)
        known = beside.known
        paths = _paths(ctx, known)
        stored = (ctx.store.issue(ref) for ref in refs)
        above = {one.parent for one in stored if one and one.parent}
        folder = CacheFolder(ctx.config.cache)
        for found, document in _stories(ctx, beside, sorted({*refs} | above | beside.of({*refs}))):
            if found in paths:
                folder.put(paths[found], document)
        # A deleted item's file goes, and the old file of one that moved to another epic.
        names = tuple(f"/{safe_name(hyphenated(ref.key))}.json" for ref in refs)
        vanished = folder.present() - set(paths.values())
        folder.remove(sorted(path for path in vanished if path.endswith(names)))
        folder.put("epics.json", _json(_epics(ctx, known)))
        folder.put("assignments.json", _json(_assignments(ctx)))


def held(ctx: Context, wait_seconds: float) -> AbstractContextManager[None]:
    """Be the only one who writes the cache; raises Conflict after a wait."""
    path = ctx.config.home / "sync" / "cache.lock"
    return lock.held(path, "Writing the cache", wait_seconds)


def _paths(ctx: Context, known: Known) -> dict[IssueRef, str]:
    """Name the file of each story: the default tracker's first, for they keep the plain names."""
    default = ctx.config.default_tracker
    stories = [one for one in known.values() if one.kind in CARDS]
    stories.sort(key=lambda one: (one.ref.tracker != default, one.ref))
    by_name = {str(one.ref): one.ref for one in stories}
    folders = _folders(ctx, known)
    wanted = ((str(s.ref), _folder(s, known, folders), hyphenated(s.ref.key)) for s in stories)
    return {by_name[name]: path for name, path in story_names(wanted)}


def _folder(story: Outline, known: Known, folders: dict[IssueRef, str]) -> str:
    epic = epic_of(story, known)
    return folders[epic.ref] if epic else "no-epic"


def _folders(ctx: Context, known: Known) -> dict[IssueRef, str]:
    """Name the folder of each epic: of a number that two have, the default's is plain."""
    default = ctx.config.default_tracker
    found: dict[IssueRef, str] = {}
    owners: dict[str, str] = {}
    epics = [one.ref for one in known.values() if one.kind in OUTCOMES]
    for ref in sorted(epics, key=lambda ref: (ref.tracker != default, ref)):
        number, place = _number(ref), _place(ref)
        is_first = owners.setdefault(number, place) == place
        found[ref] = f"epic-{number}" if is_first else f"epic-{number}-{place}"
    return found


def _place(ref: IssueRef) -> str:
    """Name where an epic is: its tracker, and its project where the key begins with one."""
    return "-".join(filter(None, (ref.tracker, ref.key.rpartition("#")[0])))


def _number(ref: IssueRef) -> str:
    return number_of(ref.key) or ref.key


def _touched(store: Store, known: Known, since: int) -> set[IssueRef]:
    """Name what changed since, and what shows it: the items above, below and behind it."""
    touched: set[IssueRef] = set()
    by_name = {str(ref): ref for ref in known}
    for event in _events(store, since):
        if event.ref:
            touched.add(event.ref)
            touched |= {by_name[name] for name in _parents(event) if name in by_name}
    for ref in list(touched):
        if found := store.issue(ref):
            touched |= {one for one in (found.parent, *found.blocks) if one}
            touched |= {child.ref for child in store.children(ref)}
    return touched


def _events(store: Store, since: int) -> Iterator[Event]:
    while found := store.events(since, _BITE):
        yield from found
        since = found[-1].seq


def _parents(event: Event) -> Iterator[str]:
    """Name the parents an item had: a string when it was deleted, `[old, new]` when moved."""
    parent = event.data.get("parent")
    for one in parent if isinstance(parent, list) else [parent]:
        if isinstance(one, str):
            yield one


def _stories(
    ctx: Context, beside: Beside, refs: list[IssueRef]
) -> Iterator[tuple[IssueRef, bytes]]:
    """Write stories as `pan work show` does, many at a time; neighbours come from the outline."""
    known = beside.known
    below: dict[IssueRef | None, list[Outline]] = {}
    for one in known.values():
        below.setdefault(one.parent, []).append(one)
    for start in range(0, len(refs), _BITE):
        for own, remarks in ctx.store.together(refs[start : start + _BITE]):
            links = beside.links_of(own.ref)
            story = with_links(own, links)
            above = known.get(story.parent) if story.parent else None
            around = Around(
                above,
                below.get(story.ref, ()),
                [known[one] for one in story.blocked_by if one in known],
                remarks,
                [(one, known[one.other(own.ref)]) for one in links],
                _twin(ctx, own, beside.twins),
                beside.twins.problem(own.ref),
            )
            yield story.ref, as_file(ctx, story, around)


def as_file(ctx: Context, story: Issue, around: Around) -> bytes:
    """Spell a story with what is around it as its file."""
    now, epic = ctx.now(), around.parent.title if around.parent else None
    is_file = ctx.is_of_files(story.ref.tracker)
    markdown = bmad.story(story, epic, now, is_file=is_file)
    return _json(projection.detail(story, around, now) | {"markdown": markdown})


def _twin(ctx: Context, story: Issue, twins: Twins) -> dict[str, Json] | None:
    pair = twins.joined(story.ref)
    other = ctx.store.issue(pair.ref) if pair else None
    return twin_from(story, other, folds=pair.folds).as_json() if pair and other else None


def _epics(ctx: Context, known: Known) -> list[dict[str, Json]]:
    """List the epics: counts are of every leaf below, the folder holds those nearest below."""
    now = ctx.now()
    counts = _counts(known, now)
    owners = {
        epic.ref for one in known.values() if one.kind in CARDS and (epic := epic_of(one, known))
    }
    epics = ctx.store.issues(IssueFilter(trackers=ctx.names, kinds=OUTCOMES))
    folders = _folders(ctx, known)
    return [
        projection.row(epic, now)
        | {
            "number": _number(epic.ref),
            "folder": f"stories/{folders[epic.ref]}" if epic.ref in owners else None,
            **{word: counts.get((epic.ref, word), 0) for word in _COUNTED},
        }
        for epic in sorted(epics, key=lambda epic: epic.ref)
    ]


def _counts(known: Known, now: datetime) -> Counter[tuple[IssueRef, str]]:
    """Count the leaves below each epic, those of the epics below it too."""
    found: Counter[tuple[IssueRef, str]] = Counter()
    for report in epics_from(known.values(), now):
        seen: set[IssueRef] = set()
        above: Outline | None = known[report.ref]
        while above and above.ref not in seen:
            seen.add(above.ref)
            for word in _COUNTED:
                found[above.ref, word] += getattr(report, word)
            above = epic_of(above, known)
    return found


def _assignments(ctx: Context) -> list[dict[str, Json]]:
    shown = (one for one in ctx.store.leased() if one.ref.tracker in ctx.names)
    found = ((one, projection.lease(one, ctx.now())) for one in shown)
    return [held | {"tracker": one.ref.tracker} for one, held in found if held]


def _json(value: object) -> bytes:
    return orjson.dumps(value, option=_OPTIONS)


def is_ignored(ctx: Context) -> bool:
    """Tell whether git leaves the cache alone: nobody needs to be told to have it ignored."""
    words = ("--no-literal-pathspecs", "check-ignore", "--", str(ctx.config.cache / "x"))
    return asked(ctx.config.folder, *words) is not None
