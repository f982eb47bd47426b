"""Where the code of an item is: its repository, its branch, the main branch there."""

from dataclasses import dataclass
from pathlib import Path

from panopticon.errors import InvalidInput
from panopticon.local.git import clone
from panopticon.local.git.merge import Main, main_of
from panopticon.model.claim import Claim
from panopticon.model.issue import Issue
from panopticon.services.context import Context
from panopticon.services.inputs import folders_of


@dataclass(frozen=True, slots=True)
class Place:
    """A repository, and the branch that stories begin at where the settings name one."""

    root: Path
    base: str | None = None


def place_of(ctx: Context, story: Issue) -> Place | None:
    """Find the repository of a story's code: by its project, its own files, the folder one is in.

    Raises InvalidInput where the settings name a folder that is in no repository.
    """
    told = ctx.config.repositories.get(story.project)
    if told:
        root = clone.root(told.path) if told.path.is_dir() else None
        if root is None:
            raise InvalidInput(
                f"The repository of {story.project} is set to {told.path}, which is none.",
                "Correct `repositories` in the settings.",
            )
        return Place(root, told.base or ctx.config.main_branch)
    root = _of_files(ctx, story) or clone.root(ctx.config.folder)
    return Place(root, ctx.config.main_branch) if root else None


def _of_files(ctx: Context, story: Issue) -> Path | None:
    """Find the repository that a story's own file is in, where its tracker is files."""
    if not ctx.is_of_files(story.ref.tracker):
        return None
    folders = (Path(one).expanduser() for one in folders_of(ctx.source(story.ref.tracker)))
    roots = list(
        dict.fromkeys(root for one in folders if one.is_dir() and (root := clone.root(one)))
    )
    if len(roots) < 2:  # noqa: PLR2004 - nothing to choose between
        return next(iter(roots), None)
    first = story.project_id.partition("/")[0]  # files are called after the first commit
    return next((root for root in roots if clone.first_commit(root) == first), None)


def place_or_none(ctx: Context, story: Issue) -> Place | None:
    """Find the repository where that is no reason to stop: None too where settings are wrong."""
    try:
        return place_of(ctx, story)
    except InvalidInput:
        return None


def main(place: Place) -> Main | None:
    """Find the branch that work is merged into: the one that stories begin at."""
    return main_of(place.root, (place.base,))


def branch_of(issue: Issue, claim: Claim | None) -> str | None:
    """Name the branch of an item: as it was claimed, else as it stands on the item."""
    return (claim.branch if claim else None) or issue.branch
