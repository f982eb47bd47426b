"""Checking a story out: first the claim, which decides; then everything that shows it."""

from dataclasses import dataclass

from panopticon.errors import Conflict, InvalidInput, NotFound
from panopticon.model.claim import Act, Ask, Claim
from panopticon.model.issue import CARDS, Issue
from panopticon.model.ref import IssueRef
from panopticon.services.claim import branch, hear, notes, shown
from panopticon.services.claim.desk import Desk, checked_hours
from panopticon.services.claim.holds import Holds
from panopticon.services.claim.known import known_of
from panopticon.services.claim.sync import auto as auto_sync
from panopticon.services.claim.take import choose, refuse
from panopticon.services.claim.take.follow import Checkout, Step, follow
from panopticon.services.issue.write import fresh, stored
from panopticon.services.ref import epic_ref, resolve

__all__ = ["Checkout", "Step", "Wish", "checkout"]

_TRIES = 40  # stories of an epic that others may take before us


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks for: a story, or the next best of an epic; for how many hours."""

    story: str | None = None
    epic: str | None = None
    hours: float = 24.0
    resume: bool = False
    is_blocked_ok: bool = False
    with_branch: bool = True


def checkout(desk: Desk, wish: Wish) -> Checkout:
    """Take a story; raises Conflict with who holds it and what is free instead."""
    checked_hours(wish.hours)
    if bool(wish.story) == bool(wish.epic):
        word = "One of them" if wish.story else "Which story"
        raise InvalidInput(f"{word}?", "Name a story (story=US123), or an epic (epic=17).")
    if wish.resume and not desk.is_me:
        raise InvalidInput(
            f"resume takes over what you hold in another place, and you are not {desk.holder}.",
            'Take a story over from somebody else with a reason: `pan steal story=… reason="…"`.',
        )
    troubles = auto_sync.before(desk.ctx, story=wish.story, epic=wish.epic)
    if wish.story:
        done = _this(desk, fresh(desk.ctx, resolve(desk.ctx, wish.story)), wish)
    else:
        done = _next(desk, epic_ref(desk.ctx, wish.epic or ""), wish)
    troubles += auto_sync.after(desk.ctx, done.issue.ref.tracker)
    done.steps += [Step("", trouble) for trouble in dict.fromkeys(troubles)]
    return done


def _this(desk: Desk, story: Issue, wish: Wish) -> Checkout:
    """Take the story that was named, or say who has it and what is free."""
    holds = Holds(desk)
    found = refuse.refusal(desk, story, is_blocked_ok=wish.is_blocked_ok)
    if found is None:
        found = refuse.too_many(holds, story)
        if found:
            raise found
        finished = holds.finished(story)
        try:
            done = _taken(desk, story, wish)
        except Conflict as error:
            found = error
        else:
            done.steps += [_finished(finished)] if finished else []
            return done
    raise refuse.instead(holds, story, found) if isinstance(found, Conflict) else found


def _finished(claim: Claim) -> Step:
    """Warn of work that is there already."""
    name = f" on {claim.branch}" if claim.branch else ""
    return Step("", f"{claim.holder} finished this story{name}: look there before you begin")


def _next(desk: Desk, epic: IssueRef, wish: Wish) -> Checkout:
    """Take the best that is free: others may be faster, then one of the next."""
    holds, stories = Holds(desk), choose.of_epic(desk.ctx, epic)
    above = stored(desk.ctx, epic)
    if above.kind in CARDS:
        raise InvalidInput(f"{epic.key} is no epic.", f"Try `pan checkout story={epic.key}`.")
    if begun := _begun(desk, stories):
        return _this(desk, fresh(desk.ctx, begun.ref), wish)
    if found := refuse.too_many(holds):
        raise found
    waiting = choose.Line(choose.free(holds, stories), desk.session, holds)
    for _ in range(_TRIES):
        story = waiting.next()
        if story is None:
            raise refuse.none_free(Holds(desk), above, choose.of_epic(desk.ctx, epic))
        if done := _tried(desk, story.ref, wish, waiting):
            return done
    raise Conflict(f"Others were faster {_TRIES} times.", "Try again in a moment.")


def _tried(desk: Desk, ref: IssueRef, wish: Wish, waiting: choose.Line) -> Checkout | None:
    """Take a story of an epic; None where it is no longer free."""
    try:
        now = fresh(desk.ctx, ref)
    except NotFound:
        return None
    if _is_refused(desk, now) or waiting.is_put_off(now):
        return None
    _begin(desk, ref)
    try:
        return _taken(desk, now, wish)
    except Conflict:
        waiting.lost()
        return None


def _is_refused(desk: Desk, story: Issue) -> bool:
    """Tell whether a story is to be passed over; raises what would refuse every other too."""
    found = refuse.refusal(desk, story, is_blocked_ok=False)
    if found and refuse.other_arbiter(desk, story):
        raise found
    return found is not None


def _taken(desk: Desk, story: Issue, wish: Wish) -> Checkout:
    """Have it decided, remember it, then do all that follows."""
    name, odd = branch.name_for(desk.ctx, story)
    act = Act.RESUME if wish.resume else Act.TAKE
    before = known_of(desk.ctx, desk.key(story.ref))
    ask = Ask(act, desk.key(story.ref), desk.holder, desk.session, wish.hours * 3600, name)
    claim = hear.asked(desk, story.ref, ask)
    shown.learn(desk, story.ref, claim, act, before=story, owner_was=story.assignee)
    done = Checkout(
        issue=story,
        epic=desk.ctx.store.issue(story.parent) if story.parent else None,
        claim=claim,
        arbiter=desk.arbiter.name,
        branch=claim.branch or name,
        is_renewed=before is not None and before.claim.fence == claim.fence,
    )
    done.steps += [Step("", odd)] if odd else []
    follow(desk, done, with_branch=wish.with_branch)
    _end(desk, story.ref)
    return done


def _begin(desk: Desk, ref: IssueRef) -> None:
    """Remember which story of an epic is being taken: the same command goes on with that one."""
    desk.ctx.store.put_note(_taking(desk), str(ref))


def _end(desk: Desk, ref: IssueRef) -> None:
    if desk.ctx.store.note(_taking(desk)) == str(ref):
        desk.ctx.store.put_note(_taking(desk), "")


def _taking(desk: Desk) -> str:
    return notes.TAKING.format(session=desk.session)


def _begun(desk: Desk, stories: list[Issue]) -> Issue | None:
    """Find the story of an interrupted checkout, where the arbiter gave it to this session."""
    told = desk.ctx.store.note(_taking(desk))
    story = next((one for one in stories if told and str(one.ref) == told), None)
    held = desk.arbiter.read(desk.key(story.ref)) if story else None
    if held is None or not held.is_held(desk.arbiter.now()):
        return None
    return story if desk.is_of(held) else None
