"""The branch of a story: `story/US-123-implement-login`."""

import re

from panopticon.errors import InvalidInput
from panopticon.local import git
from panopticon.model.issue import Issue
from panopticon.model.ref import hyphenated
from panopticon.services.context import Context

_UNSAFE = re.compile(r"[^a-z0-9]+")
_LONGEST = 40


def name_of(story: Issue) -> str:
    """Name the branch: what stands on the item, else key and title."""
    if story.branch:
        return story.branch
    slug = _UNSAFE.sub("-", story.title.casefold()).strip("-")[:_LONGEST].rstrip("-")
    key = re.sub(r"[^A-Za-z0-9.-]+", "-", hyphenated(story.ref.key)).strip(".-")
    return f"story/{key}-{slug}" if slug else f"story/{key}"


def made(ctx: Context, name: str) -> str:
    """Make the branch from the base, stand on it where nothing is unsaved; say what was done."""
    root = git.root(ctx.config.folder)
    if root is None:
        raise InvalidInput(
            f"{ctx.config.folder} is in no git repository: there is no branch {name}.",
            "Check out inside the repository of the story.",
        )
    if git.branch(root) == name:
        return f"On branch {name}"
    is_there = git.has_branch(root, name)
    if not is_there:
        git.make_branch(root, name, git.base(root))
    if git.is_dirty(root):
        word = "is there" if is_there else "made"
        return f"Branch {name} {word}; unsaved changes keep you where you are"
    git.switch(root, name)
    return f"Branch {name}" + (" again" if is_there else " made")
