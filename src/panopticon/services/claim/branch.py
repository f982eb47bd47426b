"""The branch of a story: `story/US-123-implement-login`, in the repository its code is in."""

import re
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path

from panopticon.errors import LocalFault
from panopticon.local.git import clone
from panopticon.local.git.far import fetch_branch, is_branch_name
from panopticon.model.claim import Claim
from panopticon.model.issue import Issue
from panopticon.model.ref import hyphenated
from panopticon.services.claim.place import Place, place_of, place_or_none
from panopticon.services.context import Context

_UNSAFE = re.compile(r"[^a-z0-9]+")
_LONGEST = 40
_LONGEST_NAME, _SHOWN = 200, 60  # characters of a name that others chose
_MAINS = frozenset({"main", "master", "HEAD"})
_WRITTEN = (".md", ".yaml", ".yml")  # where a tracker of files keeps status and owner


@dataclass(frozen=True, slots=True)
class Made:
    """What was done about a branch; `is_here` when one stands on it now."""

    text: str
    root: Path | None = None
    is_here: bool = False


def name_of(story: Issue) -> str:
    """Name the branch: what stands on the item, else key and title."""
    if story.branch:
        return story.branch
    plain = unicodedata.normalize("NFKD", story.title).encode("ascii", "ignore").decode()
    slug = _UNSAFE.sub("-", plain.casefold()).strip("-")
    if len(slug) > _LONGEST:
        slug = slug[: _LONGEST + 1].rpartition("-")[0] or slug[:_LONGEST]
    key = re.sub(r"[^A-Za-z0-9.-]+", "-", hyphenated(story.ref.key)).strip(".-")
    return f"story/{key}-{slug}" if slug else f"story/{key}"


def name_for(ctx: Context, story: Issue) -> tuple[str, str | None]:
    """Name the branch of a checkout; second, why it is not the one that stands on the item."""
    told = story.branch
    if not told:
        return name_of(story), None
    place = place_or_none(ctx, story)
    why = _unfit(place, ctx.config.folder, told)
    if why is None:
        return told, None
    name = name_of(replace(story, branch=None))
    shown = "".join(filter(str.isprintable, told))[:_SHOWN]
    return name, f"The item names {shown!r} as its branch, which is {why}: it is {name} instead"


def _unfit(place: Place | None, folder: Path, name: str) -> str | None:
    """Say why work of a story cannot go to a branch of this name; None where it can."""
    if not name.isprintable() or len(name) > _LONGEST_NAME or not is_branch_name(folder, name):
        return "no name for a branch"
    if place is None:
        return None
    base = clone.start_of(place.root, place.base) or ""
    mains = {*_MAINS, place.base, clone.without_remote(place.root, base)}
    return "where stories are merged" if name in mains else None


def made(ctx: Context, story: Issue, name: str, *, is_elsewhere: bool = False) -> Made:
    """Make the branch from its base, stand on it where nothing is unsaved; say what was done.

    `is_elsewhere`: others may have pushed it, so the remote is asked for it once.
    """
    place = place_of(ctx, story)
    if place is None:
        return Made("No git repository here, so no branch")
    root = place.root
    if why := _unfit(place, root, name):
        raise LocalFault(f"The claim names {name!r:.80} as its branch, which is {why}.")
    if is_elsewhere and not clone.has_branch(root, name):
        fetch_branch(root, name)
    if clone.branch(root) == name and clone.has_branch(root, name):
        return Made(f"On branch {name}", root, is_here=True)
    text = _there(place, name)
    if why := _stays(root):
        return Made(f"{text}; {why} (`git switch {name}`)", root)
    clone.switch(root, name)
    return Made(text, root, is_here=True)


def _there(place: Place, name: str) -> str:
    """See that the branch is there: kept, taken from the remote, or made; never moved."""
    root = place.root
    if clone.has_branch(root, name):
        return f"Branch kept: {name}"
    if far := clone.far_branch(root, name):
        clone.track_branch(root, name, far)
        return f"Branch tracked: {far}"
    start = clone.start_of(root, place.base)
    if start is None:
        if place.base and clone.start_of(root):
            raise LocalFault(
                f"There is no {place.base} in {root} to begin {name} at.",
                "`git fetch`, or set another main_branch or base. Then run the command again.",
            )
        raise LocalFault(
            f"{root} has no commit yet, so {name} has nothing to begin at.",
            "Commit something, then run the command again.",
        )
    clone.make_branch(root, name, start)
    return f"Branch created: {name}" + ("" if start == "HEAD" else f" (from {start})")


def _stays(root: Path) -> str | None:
    """Say what keeps one where one is; None where nothing does."""
    if clone.is_dirty(root):
        where = clone.branch(root)
        return f"uncommitted changes keep you on {where or 'the commit you are at'}"
    return "commits on no branch keep you at them" if clone.is_loose(root) else None


def worked(ctx: Context, story: Issue, claim: Claim) -> bool | None:
    """Tell whether work was done under a claim; None where its branch is not here to look at.

    What a checkout itself writes into story files is none.
    """
    place = place_or_none(ctx, story)
    if place is None or claim.branch is None:
        return None
    root, name = place.root, claim.branch
    start = clone.start_of(root, place.base)
    found = clone.has_commits(root, name, claim.locked_at, start)
    if found is False and clone.branch(root) == name:
        own = _WRITTEN if ctx.is_of_files(story.ref.tracker) else ()
        is_changed = any(not name.endswith(own) for name in clone.changed(root))
        return is_changed or clone.has_new_files(root, claim.locked_at)
    return found
