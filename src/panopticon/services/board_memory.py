"""What the board shows, kept in memory and brought up to date by the log of events.

Reading twenty thousand items for every refresh of every open page would take seconds; reading
the few that the log names takes none. Texts are left out: the detail page reads them.
"""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from panopticon.model.issue import CARDS, OUTCOMES, Issue, IssueFilter, Kind, State
from panopticon.model.ref import IssueRef
from panopticon.services.board_card import Progress
from panopticon.store.base import Store

_MOST_EVENTS = 2000  # with more news than this, everything is read anew


@dataclass(frozen=True, slots=True)
class Sight:
    """Everything on the board at one point of the log, in the order of the ranks."""

    seq: int
    issues: tuple[Issue, ...]
    progress: dict[IssueRef, Progress]


@dataclass
class Memory:
    """The items of one store, of `trackers` only; safe to ask from several threads."""

    trackers: tuple[str, ...] | None = None
    _seq: int | None = None
    _issues: dict[IssueRef, Issue] = field(default_factory=dict)
    _steps: dict[IssueRef, tuple[IssueRef, bool]] = field(default_factory=dict)
    _sight: Sight | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def look(self, store: Store) -> Sight:
        """Give what the store holds now."""
        with self._lock:
            # Before the rows: an event seen twice is harmless, one missed is not.
            seq = store.last_event()
            if self._sight is None or seq != self._seq:
                self._catch_up(store, seq)
                self._seq = seq
                self._sight = Sight(seq, tuple(ranked(self._issues.values())), self._progress())
            return self._sight

    def _catch_up(self, store: Store, seq: int) -> None:
        if self._seq is None or not 0 < seq - self._seq <= _MOST_EVENTS:
            self._read_all(store)
            return
        news = store.events(self._seq, _MOST_EVENTS)
        for ref in {event.ref for event in news if event.ref}:
            if self.trackers is not None and ref.tracker not in self.trackers:
                continue
            self._forget(ref)
            if issue := store.issue(ref):
                self._keep(issue)

    def _read_all(self, store: Store) -> None:
        self._issues.clear()
        self._steps.clear()
        for kind in (*CARDS, *OUTCOMES, Kind.TASK):
            for issue in store.issues(IssueFilter(trackers=self.trackers, kinds=(kind,))):
                self._keep(issue)

    def _keep(self, issue: Issue) -> None:
        if issue.kind is not Kind.TASK:
            self._issues[issue.ref] = without_texts(issue)
        elif issue.parent:
            self._steps[issue.ref] = (issue.parent, issue.state is State.DONE)

    def _forget(self, ref: IssueRef) -> None:
        self._issues.pop(ref, None)
        self._steps.pop(ref, None)

    def _progress(self) -> dict[IssueRef, Progress]:
        return progress_from(self._steps.values())


def ranked(issues: Iterable[Issue]) -> list[Issue]:
    """Order items as their trackers rank them; what has no rank follows, newest change first."""

    def place(issue: Issue) -> tuple[bool, str, float, str]:
        return (issue.rank is None, issue.rank or "", -issue.updated_at.timestamp(), issue.ref.key)

    return sorted(issues, key=place)


def without_texts(issue: Issue) -> Issue:
    """Drop what no card shows; steps that are items of their own are counted as such."""
    lines = tuple(task for task in issue.tasks if task.key is None)
    return replace(issue, body="", body_html=None, acceptance_criteria="", custom={}, tasks=lines)


def progress_from(steps: Iterable[tuple[IssueRef, bool]]) -> dict[IssueRef, Progress]:
    """Count steps that the tracker keeps as items of their own, by their parent."""
    found: dict[IssueRef, Progress] = {}
    for parent, is_done in steps:
        sofar = found.get(parent, Progress(0, 0))
        found[parent] = Progress(sofar.done + is_done, sofar.total + 1)
    return found
