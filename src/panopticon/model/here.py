"""What this machine knows of an item and its tracker has no place for."""

from dataclasses import dataclass, replace

from panopticon.model.issue import Issue, State
from panopticon.model.lease import Lease


@dataclass(frozen=True, slots=True)
class Here:
    """Kept beside the tracker's own: a claim that it cannot show, a phase it has no word for.

    `state` counts while the tracker's word is still `native_state`; `was` is the column of that
    word by the tracker's own map.
    """

    lease: Lease | None = None
    state: State | None = None
    native_state: str = ""
    was: State | None = None


def with_here(issue: Issue, here: Here) -> Issue:
    """Give an item as faces show it: the tracker's own lock wins, its own progress too."""
    shown = issue
    if here.lease and issue.lease is None:
        shown = replace(shown, lease=here.lease)
    if here.state and issue.native_state == here.native_state:
        shown = replace(shown, state=here.state, is_here_only=here.state is not here.was)
    return shown


def without_here(issue: Issue, here: Here) -> Issue:
    """Take back what `with_here` put on an item."""
    shown = issue
    if here.lease and issue.lease == here.lease:
        shown = replace(shown, lease=None)
    if issue.is_here_only and here.was:
        shown = replace(shown, state=here.was, is_here_only=False)
    return shown
