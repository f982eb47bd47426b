"""Where the code of an item is: its repository, its branch, the main branch there."""

from pathlib import Path

from panopticon.local import git
from panopticon.local.git_merge import Main, main_of
from panopticon.model.claim import Known
from panopticon.model.issue import Issue
from panopticon.services.context import Context


def root_of(ctx: Context, project: str) -> Path | None:
    """Find the repository of a project: the configured one, else the folder's."""
    told = ctx.config.repositories.get(project)
    return git.root(told.path if told else ctx.config.folder)


def main(ctx: Context, root: Path, project: str) -> Main | None:
    """Find the branch that work is merged into."""
    told = ctx.config.repositories.get(project)
    return main_of(root, (ctx.config.main_branch, told.base if told else None))


def branch_of(issue: Issue, known: Known | None) -> str | None:
    """Name the branch of an item: as it was claimed, else as it stands on the item."""
    claimed = known.claim.branch if known else None
    return claimed or issue.branch
