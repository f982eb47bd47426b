"""The items of the board and how they hang together, so that a change tells which cards it touches.

Texts are left out: the detail page reads them.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from panopticon.model.issue import CARDS, OUTCOMES, Issue, Kind, State
from panopticon.model.ref import IssueRef
from panopticon.services.board_card import Around, Progress

Steps = dict[IssueRef, bool]  # whether each step is done


@dataclass
class Tree:
    """Items with what is below and behind each; steps are only counted."""

    issues: dict[IssueRef, Issue] = field(default_factory=dict)
    progress: dict[IssueRef, Progress] = field(default_factory=dict)
    projects: Counter[str] = field(default_factory=Counter)  # of cards
    _below: dict[IssueRef, set[IssueRef]] = field(default_factory=dict)
    _waiting: dict[IssueRef, set[IssueRef]] = field(default_factory=dict)
    _steps: dict[IssueRef, Steps] = field(default_factory=dict)  # by what they are steps of
    _step_of: dict[IssueRef, IssueRef] = field(default_factory=dict)

    @property
    def around(self) -> Around:
        """Give what every card is told with."""
        return Around(self.issues, self.progress)

    def put(self, ref: IssueRef, issue: Issue | None) -> set[IssueRef]:
        """Keep what an item is now, None for gone; returns whose cards it may change."""
        old = self.issues.get(ref)
        new = without_texts(issue) if issue and issue.kind is not Kind.TASK else None
        touched = {ref} | self._put_step(ref, issue if issue and issue.kind is Kind.TASK else None)
        if old:
            self._leave(old)
        if new:
            self._enter(new)
        if _state(old) != _state(new):
            touched |= self._waiting.get(ref, set())
        if _place(old) != _place(new):
            touched.update(self.descendants(ref))
        return touched

    def children(self, ref: IssueRef) -> set[IssueRef]:
        """Name the items directly below one, steps left out."""
        return self._below.get(ref, set())

    def descendants(self, ref: IssueRef) -> Iterator[IssueRef]:
        """Name every item below one; a loop of parents ends."""
        passed, ahead = {ref}, [ref]
        while ahead:
            found = self.children(ahead.pop()) - passed
            passed |= found
            ahead += found
            yield from found

    def epics(self) -> list[Issue]:
        """Give the epics that have cards right below them, in natural order."""
        found = [
            issue
            for ref, below in self._below.items()
            if (issue := self.issues.get(ref))
            and issue.kind in OUTCOMES
            and any(self.issues[child].kind in CARDS for child in below)
        ]
        return sorted(found, key=lambda epic: (_natural(epic.ref.key), epic.ref.tracker))

    def _enter(self, issue: Issue) -> None:
        self.issues[issue.ref] = issue
        if issue.kind in CARDS:
            self.projects[issue.project] += 1
        if issue.parent:
            self._below.setdefault(issue.parent, set()).add(issue.ref)
        for blocker in set(issue.blocked_by):
            self._waiting.setdefault(blocker, set()).add(issue.ref)

    def _leave(self, issue: Issue) -> None:
        del self.issues[issue.ref]
        if issue.kind in CARDS:
            self.projects[issue.project] -= 1
        if issue.parent:
            _discard(self._below, issue.parent, issue.ref)
        for blocker in set(issue.blocked_by):
            _discard(self._waiting, blocker, issue.ref)

    def _put_step(self, ref: IssueRef, step: Issue | None) -> set[IssueRef]:
        """Count a step for its item, and no longer for the one it was of."""
        touched = set()
        if owner := self._step_of.pop(ref, None):
            del self._steps[owner][ref]
            touched.add(owner)
        if step and step.parent:
            self._step_of[ref] = step.parent
            self._steps.setdefault(step.parent, {})[ref] = step.state is State.DONE
            touched.add(step.parent)
        for one in touched:
            self._count(one)
        return touched

    def _count(self, owner: IssueRef) -> None:
        if steps := self._steps.get(owner):
            self.progress[owner] = Progress(sum(steps.values()), len(steps))
        else:
            self._steps.pop(owner, None)
            self.progress.pop(owner, None)


def tree_from(issues: Iterable[Issue]) -> Tree:
    """Hang items together."""
    tree = Tree()
    for issue in issues:
        tree.put(issue.ref, issue)
    return tree


def without_texts(issue: Issue) -> Issue:
    """Drop what no card shows; steps that are items of their own are counted as such."""
    lines = tuple(task for task in issue.tasks if task.key is None)
    return replace(issue, body="", body_html=None, acceptance_criteria="", custom={}, tasks=lines)


def _discard(sets: dict[IssueRef, set[IssueRef]], name: IssueRef, ref: IssueRef) -> None:
    sets[name].discard(ref)
    if not sets[name]:
        del sets[name]


def _state(issue: Issue | None) -> State | None:
    return issue.state if issue else None


def _place(issue: Issue | None) -> tuple[Kind, IssueRef | None] | None:
    """Give what decides which epic the items below belong to."""
    return (issue.kind, issue.parent) if issue else None


def _natural(key: str) -> tuple[str, int, str]:
    digits = "".join(c for c in key if c.isdigit())
    return (key.rstrip("0123456789"), int(digits[:12] or 0), key)
