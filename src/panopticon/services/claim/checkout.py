"""Checking a story out: first the claim, which decides; then everything that shows it.

Every step can be done again: who is interrupted runs the command once more and it finishes. When
a later step fails the claim stands, and what failed is said.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from panopticon.errors import Conflict, InvalidInput, NotFound, PanError
from panopticon.model.claim import Act, Ask, Claim
from panopticon.model.issue import Issue, Json, State
from panopticon.model.ref import IssueRef
from panopticon.services.claim import branch, choose, shown
from panopticon.services.claim.desk import Desk
from panopticon.services.issue.write import fresh, put_into
from panopticon.services.ref import epic_ref, resolve
from panopticon.services.sync import cache as sync_cache

_TRIES = 20  # stories of an epic that others may take before us


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks for: a story, or the next best of an epic; for how many hours."""

    story: str | None = None
    epic: str | None = None
    hours: float = 24.0
    resume: bool = False
    is_blocked_ok: bool = False
    with_branch: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that follows a claim, and how it went; `error` is a sentence."""

    text: str
    error: str | None = None


@dataclass
class Checkout:
    """A story that is yours, and what was done about it."""

    issue: Issue
    claim: Claim
    arbiter: str
    branch: str | None
    before: State
    steps: list[Step] = field(default_factory=list)

    def as_json(self) -> dict[str, Json]:
        """Give the document of `pan checkout --json`."""
        claim = self.claim
        return {
            "story": self.issue.ref.key,
            "title": self.issue.title,
            "holder": claim.holder,
            "fence": claim.fence,
            "locked_at": claim.locked_at.isoformat(),
            "expires_at": claim.expires_at.isoformat(),
            "branch": self.branch,
            "arbiter": self.arbiter,
            "warnings": [step.error for step in self.steps if step.error],
        }


def checkout(desk: Desk, wish: Wish) -> Checkout:
    """Take a story; raises Conflict with who holds it and what is free instead."""
    if wish.story:
        story = fresh(desk.ctx, resolve(desk.ctx, wish.story))
        _refuse(desk, story, wish)
        return _taken(desk, story, wish)
    if not wish.epic:
        raise InvalidInput("Which story?", "Name it (story=US123), or an epic (epic=17).")
    return _next(desk, epic_ref(desk.ctx, wish.epic), wish)


def _next(desk: Desk, epic: IssueRef, wish: Wish) -> Checkout:
    """Take the best that is free: others may be faster, then the next."""
    for story in choose.free(desk.ctx, epic)[:_TRIES]:
        try:
            now = fresh(desk.ctx, story.ref)
            _refuse(desk, now, wish)
            return _taken(desk, now, wish)
        except (Conflict, NotFound):
            continue
    raise Conflict(
        f"No story of {epic.key} is free.",
        "`pan locks` shows who holds what; `pan work list` what is in the way.",
        reason="none-available",
        alternatives=[],
    )


def _refuse(desk: Desk, story: Issue, wish: Wish) -> None:
    """Refuse what makes no sense to take: done, cancelled, blocked, locked by hand."""
    key = story.ref.key
    if story.cancelled or story.state is State.DONE:
        word = "cancelled" if story.cancelled else story.native_state
        raise InvalidInput(f"{key} is {word}.", "Take another story; `pan work list` shows them.")
    waits = [one.ref.key for one in choose.blockers(desk.ctx, story)]
    if (waits or story.blocked) and not wish.is_blocked_ok:
        why = f"waits for {', '.join(waits)}" if waits else story.blocked_reason or "is blocked"
        raise _instead(desk, story, Conflict(f"{key} {why}.", "Give blocked=ok to take it anyway."))
    lease = story.lease
    if (
        lease
        and lease.is_held(desk.ctx.now())
        and lease.holder.casefold() != desk.holder.casefold()
    ):
        held = desk.arbiter.read(desk.key(story.ref))
        if held is None or held.holder != lease.holder:  # no arbiter knows of it: set by hand
            error = Conflict(
                f"{key} is locked by {lease.holder} in the tracker itself.",
                "Ask them, or clear the lock in the tracker.",
                holder=lease.holder,
                locked_at=lease.locked_at.isoformat() if lease.locked_at else None,
                expires_at=lease.expires_at.isoformat() if lease.expires_at else None,
            )
            raise _instead(desk, story, error)


def _taken(desk: Desk, story: Issue, wish: Wish) -> Checkout:
    name = branch.name_of(story)
    act = Act.RESUME if wish.resume else Act.TAKE
    key = desk.key(story.ref)
    ask = Ask(act, key, desk.holder, desk.session, wish.hours * 3600, name)
    try:
        claim = desk.arbiter.ask(ask)
    except Conflict as error:
        raise _instead(desk, story, error) from error
    shown.learn(desk, story.ref, claim, act, before=story)
    done = Checkout(story, claim, desk.arbiter.name, claim.branch or name, story.state)
    _follow(desk, done, wish)
    return done


def _follow(desk: Desk, done: Checkout, wish: Wish) -> None:
    """Show the claim where people look; nothing of this decides."""
    ref = done.issue.ref

    def show() -> str:
        if trouble := shown.show(desk, ref, done.claim):
            raise PanError(trouble)
        return f"Locked in {ref.tracker}"

    def start() -> str:
        if done.before not in {State.BACKLOG, State.PLANNING}:
            return f"Status stays {done.issue.native_state}"
        done.issue = put_into(desk.ctx, ref, State.IN_PROGRESS)
        return f"Status is {done.issue.native_state}"

    def make_branch() -> str:
        return branch.made(desk.ctx, done.branch or "") if wish.with_branch else "No branch wanted"

    def follow() -> str:
        sync_cache.follow(desk.ctx, ref)
        return "Local cache follows"

    for step in (show, start, make_branch, follow):
        done.steps.append(_tried(step))


def _tried(step: Callable[[], str]) -> Step:
    try:
        return Step(step())
    except PanError as error:
        return Step("", error.message)


def _instead(desk: Desk, story: Issue, error: Conflict) -> Conflict:
    """Add what is free to a refusal."""
    found = choose.alternatives(desk.ctx, story, story.parent)
    details = {
        **error.details,
        "reason": "locked",
        "story": story.ref.key,
        "title": story.title,
        "alternatives": [one.as_json() for one in found],
    }
    return Conflict(error.message, error.hint, **details)
