"""What follows a claim: it is shown, owned, started, branched, cached. Nothing of it decides.

Every step can be done again: who is interrupted runs the command once more and it finishes. When
a step fails the claim stands, and what failed is said.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from panopticon.config import TYPES, plain_name
from panopticon.errors import PanError
from panopticon.model.claim import Claim
from panopticon.model.issue import Issue, Json
from panopticon.services.claim import branch, notes, shown
from panopticon.services.claim.desk import Desk
from panopticon.services.claim.take import start
from panopticon.services.issue.write import stored
from panopticon.services.sync import cache as sync_cache


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that follows a claim, and how it went; `error` is a sentence.

    `is_note`: nothing was to be done, and the text says why. `is_lock`: it shows the claim itself.
    """

    text: str
    error: str | None = None
    is_note: bool = False
    is_lock: bool = False


@dataclass
class Checkout:
    """A story that is yours, and what was done about it."""

    issue: Issue
    epic: Issue | None
    claim: Claim
    arbiter: str
    branch: str | None
    is_renewed: bool = False
    root: Path | None = None
    is_on_branch: bool = False
    steps: list[Step] = field(default_factory=list)

    def as_json(self) -> dict[str, Json]:
        """Give the document of `pan checkout --json`."""
        return {
            "story": self.issue.ref.key,
            "title": self.issue.title,
            **self.claim.facts(),
            "branch": self.branch,
            "arbiter": self.arbiter,
            "renewed": self.is_renewed,
            "state": self.issue.state.value,
            "native_state": self.issue.native_state,
            "repository": str(self.root) if self.root else None,
            "warnings": [step.error for step in self.steps if step.error],
        }


def follow(desk: Desk, done: Checkout, *, with_branch: bool) -> None:
    """Do every step that a claim asks for, the later ones even where an earlier one failed."""
    steps = [_show, _own, _start]
    if with_branch:
        # What is written into files without a commit would keep one from changing branches.
        steps.insert(0 if _is_uncommitted(desk, done.issue) else len(steps), _branch)
    for step in (*steps, _cache):
        done.steps += _tried(step, desk, done)


def _is_uncommitted(desk: Desk, story: Issue) -> bool:
    source = desk.ctx.source(story.ref.tracker)
    return desk.ctx.is_of_files(source.name) and source.options.get("commit") is not True


def _show(desk: Desk, done: Checkout) -> Step:
    ref = done.issue.ref
    trouble = shown.show(desk, ref, done.claim)
    done.issue = stored(desk.ctx, ref)
    here = desk.ctx.store.here(ref)
    name = _called(desk, ref.tracker)
    if trouble:
        return Step("", trouble)
    is_here = here is not None and here.lease is not None
    text = f"Locked at {done.arbiter}; {name} cannot show it" if is_here else f"Locked in {name}"
    return Step(text, is_lock=True)


def _called(desk: Desk, tracker: str) -> str:
    """Call a tracker as people do, where it has no name of its own."""
    type_ = desk.ctx.source(tracker).type
    is_plain = type_ in TYPES and tracker == plain_name(type_)
    return TYPES[type_].label if is_plain else tracker


def _own(desk: Desk, done: Checkout) -> Step:
    trouble = start.own(desk, done.issue, done.claim.holder)
    done.issue = stored(desk.ctx, done.issue.ref)
    return Step("", trouble)


def _start(desk: Desk, done: Checkout) -> Step:
    before, moved = done.issue, start.start(desk, done.issue)
    done.issue = moved.issue
    return Step(moved.text, moved.error, is_note=moved.issue is before)


def _branch(desk: Desk, done: Checkout) -> Step:
    is_elsewhere = done.claim.fence > 1  # somebody, or oneself in another place, had it before
    made = branch.made(desk.ctx, done.issue, done.branch or "", is_elsewhere=is_elsewhere)
    if made.root:
        desk.ctx.store.put_note(notes.BRANCH.format(key=done.claim.key), done.branch or "")
    done.root, done.is_on_branch = made.root, made.is_here
    return Step(made.text, is_note=not made.is_here)


def _cache(desk: Desk, done: Checkout) -> Step:
    del done
    sync_cache.write(desk.ctx)
    return Step("Local cache updated")


def _tried(step: Callable[[Desk, Checkout], Step], desk: Desk, done: Checkout) -> list[Step]:
    try:
        one = step(desk, done)
    except PanError as error:
        return [Step("", error.message)]
    return [one] if one.text or one.error else []
