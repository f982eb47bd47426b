"""Whether a claim was used: commits on its branch since it was taken."""

from pathlib import Path

from panopticon.local import git
from panopticon.local.git_call import asked
from panopticon.model.claim import Claim


def worked(folder: Path, claim: Claim) -> bool | None:
    """Tell whether the branch got commits since; None where no such branch is here to look at.

    The first parents are counted: what was merged into the branch is nobody's work on it.
    """
    root = git.root(folder) if claim.branch else None
    if root is None:
        return None
    since = f"--since={claim.locked_at.timestamp():.0f}"
    seen = None
    for place in (f"refs/heads/{claim.branch}", f"refs/remotes/origin/{claim.branch}"):
        said = asked(root, "rev-list", "-n1", "--first-parent", since, "--end-of-options", place)
        if said is not None:
            seen = bool(said.strip()) or bool(seen)
    return seen
