"""The branch guard: which statuses a step of the work may write from which branch.

On the main branch every status; on another one only what work on a branch can know: that it was
begun, is ready for review, or is done. What people write by `pan work update` is not guarded.
"""

from collections.abc import Iterable

from panopticon.local.git import clone
from panopticon.model.issue import State
from panopticon.services.context import Context

_ANYWHERE = (State.IN_PROGRESS, State.IN_REVIEW, State.DONE)
_DETACHED = "a detached HEAD"


def refusal(state: State, branch: str | None, mains: Iterable[str]) -> str | None:
    """Say why a status is not written from a branch; None where it may be.

    `branch` is None outside every repository: nothing is guarded there.
    """
    known = list(dict.fromkeys(mains))
    if branch is None or branch in known or state in _ANYWHERE:
        return None
    return f"Skipped: {state.label} is written from {' or '.join(known)} only, not from {branch}."


def skipped(ctx: Context, state: State) -> str | None:
    """Say why a status is not written from where this run stands."""
    root = clone.root(ctx.config.folder)
    if root is None:
        return None
    told = ctx.config.main_branch or clone.base(root)
    return refusal(state, clone.branch(root) or _DETACHED, [clone.without_remote(root, told)])
