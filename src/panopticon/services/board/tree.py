"""The items of the board and how they hang together, so that a change tells which cards it touches.

Texts are left out: the detail page reads them. Only of items that may have a twin the criteria
are kept, for a card says whether the two sides have the same.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from panopticon.model.issue import CARDS, OUTCOMES, Issue, Kind, State
from panopticon.model.link import Link, by_end, with_links
from panopticon.model.ref import IssueRef
from panopticon.services.board.card import Around, Progress
from panopticon.services.twin_names import Joined, Twins, called, claim_from

Steps = dict[IssueRef, bool]  # whether each step is done


@dataclass
class Tree:
    """Items with what is below, behind and beside each; steps are only counted.

    `pairs`: the other side of items that two sources have; `links`: our own, by each end.
    """

    issues: dict[IssueRef, Issue] = field(default_factory=dict)
    progress: dict[IssueRef, Progress] = field(default_factory=dict)
    projects: Counter[str] = field(default_factory=Counter)  # of cards
    pairs: dict[IssueRef, Joined] = field(default_factory=dict)
    links: dict[IssueRef, list[Link]] = field(default_factory=dict)
    _twins: Twins = field(default_factory=Twins)
    _is_indexed: bool = False
    _below: dict[IssueRef, set[IssueRef]] = field(default_factory=dict)
    _waiting: dict[IssueRef, set[IssueRef]] = field(default_factory=dict)
    _steps: dict[IssueRef, Steps] = field(default_factory=dict)  # by what they are steps of
    _step_of: dict[IssueRef, IssueRef] = field(default_factory=dict)

    @property
    def around(self) -> Around:
        """Give what every card is told with."""
        return Around(self.issues, self.progress, self.pairs)

    def expect(self, claims: Iterable[tuple[IssueRef, str]]) -> None:
        """Hear who will carry another's key: what it names is kept with its criteria."""
        for ref, text in claims:
            self._twins.put(ref, text)

    def ends_changed(self, links: Iterable[Link]) -> set[IssueRef]:
        """Name the ends of links that came or went."""
        after = by_end(links)
        ends = after.keys() | self.links.keys()
        return {ref for ref in ends if after.get(ref) != self.links.get(ref)}

    def relink(self, links: Iterable[Link]) -> None:
        """Keep the links there are now; the ends that changed are to be put anew."""
        self.links = by_end(links)

    def newly_claimed(self, issue: Issue) -> set[IssueRef]:
        """Name the items that an item claims to be only now: their criteria may not be kept."""
        known = self.issues.get(issue.ref)
        if not issue.twin_key or (known and known.twin_key == issue.twin_key):
            return set()
        names = claim_from(issue.twin_key).names
        if self._is_indexed:
            return self._twins.answering(names)
        return {ref for ref in self.issues if not names.isdisjoint(called(ref.key))}

    def put(self, ref: IssueRef, issue: Issue | None) -> set[IssueRef]:
        """Keep what an item is now, None for gone; returns whose cards it may change."""
        step = issue if issue and issue.kind is Kind.TASK else None
        touched = {ref} | self._put_step(ref, step)
        touched |= self._put_item(ref, None if step else issue)
        return touched | {self.pairs[one].ref for one in touched if one in self.pairs}

    def _put_item(self, ref: IssueRef, issue: Issue | None) -> set[IssueRef]:
        old, touched = self.issues.get(ref), set[IssueRef]()
        near = self._twins.touching(ref)
        self._claim(ref, issue)
        new = self._stripped(with_links(issue, self.links.get(ref, ()))) if issue else None
        if old:
            self._leave(old)
        if new:
            self._enter(new)
        if _state(old) != _state(new):
            touched |= self._waiting.get(ref, set())
        if _place(old) != _place(new):
            touched.update(self.descendants(ref))
        return touched | self._rejoin(near | self._twins.touching(ref))

    def _claim(self, ref: IssueRef, issue: Issue | None) -> None:
        """Keep what an item is called and claims; nothing as long as nobody claims anything."""
        if issue is None:
            self._twins.drop(ref)
            return
        if self._twins.is_empty and not issue.twin_key:
            self._is_indexed = False
            return
        if not self._is_indexed:
            self._is_indexed = True
            for one in self.issues.values():
                self._twins.put(one.ref, one.twin_key)
        self._twins.put(ref, issue.twin_key)

    def _rejoin(self, refs: set[IssueRef]) -> set[IssueRef]:
        """Look anew who is whose twin; returns those who found or lost one."""
        changed, ahead = set[IssueRef](), set(refs)
        while ahead:
            ref = ahead.pop()
            before, after = self.pairs.get(ref), self._twins.joined(ref)
            if before == after:
                continue
            self.pairs.pop(ref, None)
            if after:
                self.pairs[ref] = after
            others = {one.ref for one in (before, after) if one}
            changed |= {ref} | others
            ahead |= others
        return changed

    def _stripped(self, issue: Issue) -> Issue:
        return without_texts(issue, criteria=self._is_whole(issue))

    def _is_whole(self, issue: Issue) -> bool:
        """Tell whether the criteria of an item are kept."""
        return bool(issue.twin_key or self._twins.claiming(issue.ref))

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


def tree_from(
    issues: Iterable[Issue],
    links: Iterable[Link] = (),
    claims: Iterable[tuple[IssueRef, str]] = (),
) -> Tree:
    """Hang items together; `claims` are the keys of others that some of them carry."""
    tree = Tree()
    tree.relink(links)
    tree.expect(claims)
    for issue in issues:
        tree.put(issue.ref, issue)
    return tree


def without_texts(issue: Issue, *, criteria: bool = False) -> Issue:
    """Drop what no card shows; steps that are items of their own are counted as such."""
    lines = tuple(task for task in issue.tasks if task.key is None)
    kept = issue.acceptance_criteria if criteria else ""
    return replace(issue, body="", body_html=None, acceptance_criteria=kept, custom={}, tasks=lines)


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
