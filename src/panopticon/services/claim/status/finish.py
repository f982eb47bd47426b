"""The work on a story is done: say so where the team looks, then give the story back.

The claim is checked first, the status is written or waits to be written, and only then the story
is unlocked. Whoever is interrupted runs the command again: what was done is not done twice.
"""

from dataclasses import dataclass, field, replace

from panopticon.errors import Conflict, InvalidInput, PanError, Retriable
from panopticon.local.git.clone import commit as found_commit
from panopticon.local.git.merge import has_work, tips
from panopticon.model.claim import Claim
from panopticon.model.issue import Issue, Json, State
from panopticon.model.queued import Queued
from panopticon.model.ref import IssueRef
from panopticon.services.claim import fence, hear, place
from panopticon.services.claim.desk import Desk
from panopticon.services.claim.keep import given_back
from panopticon.services.claim.known import known_of
from panopticon.services.claim.notes import FINISHED, IDENTITY
from panopticon.services.claim.status import queue
from panopticon.services.claim.status.goal import Goal, goal
from panopticon.services.claim.status.guard import skipped
from panopticon.services.claim.status.result import Result, remark
from panopticon.services.claim.sync import auto as auto_sync
from panopticon.services.issue.write import fresh, stored
from panopticon.services.ref import resolve
from panopticon.services.within import within

_SECONDS = 4.0  # that a tracker has to answer; then the status waits


@dataclass(frozen=True, slots=True)
class Finish:
    """What somebody says is done; `is_claim_ignored`: whoever holds the story."""

    story: str
    result: Result = field(default_factory=Result)
    is_claim_ignored: bool = False


@dataclass(frozen=True, slots=True)
class Finished:
    """A story whose work is done; `waits` says why the tracker does not have it yet.

    `is_stuck`: it should have been unlocked, and the arbiter did not answer.
    """

    issue: Issue
    result: Result
    notes: tuple[str, ...]
    waits: str | None
    is_unlocked: bool
    is_stuck: bool = False

    def as_json(self) -> dict[str, Json]:
        """Give the document of `pan finish --json`."""
        result = self.result
        return {
            "story": self.issue.ref.key,
            "state": self.issue.state.value,
            "native_state": self.issue.native_state,
            "here_only": self.issue.is_here_only,
            "commit": result.commit,
            "coverage": result.coverage,
            "tasks": list(result.steps) if result.steps else None,
            "results": result.results,
            "queued": self.waits is not None,
            "released": self.is_unlocked,
            "warnings": [*self.notes, *([self.waits] if self.waits else [])],
        }


def finish(desk: Desk, wish: Finish) -> Finished:
    """Write that the work is done and unlock; raises Conflict where the claim is not ours."""
    ctx = desk.ctx
    ref = resolve(ctx, wish.story)
    key, issue, away = _read(desk, ref)
    claim = _claim(desk, ref, key, wish)
    if issue.cancelled:
        raise InvalidInput(f"{ref.key} is cancelled.", "Give it back instead: `pan release`.")
    branch = place.branch_of(issue, claim)
    result, notes = _with_commit(desk, issue, branch, wish.result)
    full = ctx.store.issue(ref) or issue
    if result.steps is None and full.tasks:
        steps = (sum(step.done for step in full.tasks), len(full.tasks))
        result = replace(result, steps=steps)
    how, told = _written(desk, _Work(issue, claim, branch, away), result)
    is_unlocked, said = _unlocked(desk, ref, claim, away) if claim else (False, None)
    if claim and not claim.is_released and not claim.is_held(desk.arbiter.now()):
        notes.append(f"Your claim ended at {claim.expires_at:%H:%M} UTC; nobody took the story")
    troubles = [] if away else auto_sync.after(ctx, ref.tracker)
    notes = [*notes, *how, *([said] if said else []), *troubles]
    now = ctx.store.issue(ref) or issue
    is_stuck = claim is not None and not is_unlocked
    return Finished(now, result, tuple(notes), told, is_unlocked, is_stuck)


def _read(desk: Desk, ref: IssueRef) -> tuple[str, Issue, str | None]:
    """Read an item and its claim's key; one whose tracker does not answer as stored, with why."""
    ctx = desk.ctx
    try:
        key, issue = within(_SECONDS, lambda: (desk.key(ref), fresh(ctx, ref)), ref.tracker)
    except Retriable as error:
        if (place := ctx.store.note(IDENTITY.format(source=ref.tracker))) is None:
            return desk.key(ref), stored(ctx, ref), error.message
        return f"{place}/{ref.key}", stored(ctx, ref), error.message
    return key, issue, None


def _claim(desk: Desk, ref: IssueRef, key: str, wish: Finish) -> Claim | None:
    """Read the claim under which the work was done; None where it is ignored and not ours."""
    try:
        claim = desk.arbiter.read(key)
    except Retriable as error:
        if wish.is_claim_ignored:
            return None
        hint = "Try again; claim=ignore writes the status without asking, and unlocks nothing."
        raise Retriable(error.message, hint) from error
    if claim is not None and _is_ours(desk, claim):
        return claim
    if wish.is_claim_ignored:
        return None
    if claim is None or claim.is_released:
        raise Conflict(
            f"Nobody holds {ref.key}: its work cannot be finished here.",
            "Check it out first, or give claim=ignore.",
        )
    hear.of_refusal(desk, ref, claim)
    raise fence.lost(desk, ref, claim)


def _is_ours(desk: Desk, claim: Claim) -> bool:
    """Tell whether it is this session's, under the fence it was told.

    One that was given back counts where this very finish gave it back: then it ends quietly.
    """
    if not desk.is_of(claim):
        return False
    known = known_of(desk.ctx, claim.key)
    if known and known.claim.session == desk.session and known.claim.fence != claim.fence:
        return False
    return not claim.is_released or _note(desk, claim.key).partition(":")[0] == str(claim.fence)


def _note(desk: Desk, key: str) -> str:
    return desk.ctx.store.note(FINISHED.format(key=key)) or ""


def _unlocked(desk: Desk, ref: IssueRef, claim: Claim, away: str | None) -> tuple[bool, str | None]:
    """Give the story back; tells whether it is, and what went wrong."""
    try:
        _, trouble = given_back(desk, ref, claim, is_finished=True, away=away)
    except PanError as error:
        return False, f"Not unlocked: {error.message} Run the command again"
    return True, None if away else trouble  # that the tracker is away is said already


def _with_commit(
    desk: Desk, issue: Issue, branch: str | None, result: Result
) -> tuple[Result, list[str]]:
    """Add the last commit of the branch; say what the repository does not know."""
    here = place.place_or_none(desk.ctx, issue)
    root = here.root if here else None
    if result.commit:
        known = found_commit(root, result.commit) if root else None
        if known:
            return replace(result, commit=known), []
        return result, [f"Commit {result.commit} is not in {root or 'any repository here'}"]
    ends = tips(root, branch) if root and branch else ()
    if here is None or root is None or branch is None or not ends:
        return result, [f"No commit told: branch {branch or 'of the story'} is not here"]
    main = place.main(here)
    if main and not has_work(root, main, branch):
        return result, [f"No commit told: {branch} has none of its own"]
    return replace(result, commit=ends[0]), []


@dataclass(frozen=True, slots=True)
class _Work:
    """A story with its claim and branch; `away` says why its tracker did not answer."""

    issue: Issue
    claim: Claim | None
    branch: str | None
    away: str | None


def _written(desk: Desk, work: _Work, result: Result) -> tuple[list[str], str | None]:
    """Write status, fields and remark once for a claim; gives notes, and why it waits."""
    ctx, issue, claim = desk.ctx, work.issue, work.claim
    notes: list[str] = []
    aim = _aim(desk, issue, notes, is_away=work.away is not None)
    held = f" (claim {claim.fence})" if claim else ""
    head = f"**Ready for review**, finished by {desk.holder}{held}."
    text = remark(head, result, work.branch)
    mark = f"{claim.fence}:{text}" if claim else ""
    if claim and _note(desk, claim.key) == mark:
        return [], None
    if claim and claim.is_released:
        raise Conflict(
            f"{issue.ref.key} was finished and given back (fence {claim.fence}).",
            "claim=ignore writes another commit, coverage or summary all the same.",
        )
    went = queue.sent(ctx, _queued(desk, issue, aim, result, text), work.away)
    if claim:
        ctx.store.put_note(FINISHED.format(key=claim.key), mark)
    return [*notes, *went.notes], went.error


def _aim(desk: Desk, issue: Issue, notes: list[str], *, is_away: bool) -> Goal | None:
    """Choose where the item goes; None, with a note, where its status is left alone."""
    aim = goal(desk.ctx, issue, "review", is_away=is_away)
    if issue.state is State.DONE and aim.state is not State.DONE:
        notes.append(f"Status stays {issue.native_state}")
        return None
    if guarded := skipped(desk.ctx, aim.state):
        notes.append(guarded)
        return None
    return aim


def _queued(desk: Desk, issue: Issue, aim: Goal | None, result: Result, text: str) -> Queued:
    told: dict[str, Json] = {"commit_sha": result.commit, "coverage": result.coverage}
    fields = {name: value for name, value in told.items() if value is not None}
    return replace(queue.wish(desk.ctx, issue, desk.holder, aim), fields=fields, remark=text)
