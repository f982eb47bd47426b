"""Holding, giving back and taking over claims; who holds what."""

from dataclasses import dataclass, replace

from panopticon.errors import InvalidInput, PanError
from panopticon.local.git import clone
from panopticon.model.claim import Act, Ask, Claim
from panopticon.model.event import EventKind
from panopticon.model.issue import Issue, Json
from panopticon.model.ref import IssueRef
from panopticon.services.claim import branch, fence, hear, notes, shown
from panopticon.services.claim.desk import Desk, checked_hours
from panopticon.services.claim.holds import Holds
from panopticon.services.claim.known import known_of
from panopticon.services.claim.lag import is_ours
from panopticon.services.claim.take import refuse, start
from panopticon.services.issue.write import fresh, stored
from panopticon.services.ref import resolve
from panopticon.services.sync import cache as sync_cache

_LONGEST_REASON = 2000  # characters
_WHY = {
    True: "there is work on the branch",
    None: "nobody can tell here whether there is work on the branch",
}


@dataclass(frozen=True, slots=True)
class Held:
    """What became of a claim; `worked` under it (None: nobody can tell here); `notes` were done.

    `warnings`: what the tracker does not show yet.
    """

    ref: IssueRef
    claim: Claim
    arbiter: str
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    worked: bool | None = None
    title: str = ""
    is_ended: bool = False

    def as_json(self) -> dict[str, Json]:
        """Give it to programs."""
        return {
            "story": self.ref.key,
            **self.claim.facts(),
            "arbiter": self.arbiter,
            "released": self.claim.is_released,
            "worked": self.worked,
            "ended": self.is_ended,
            "warnings": [*self.warnings],
        }


def release(desk: Desk, text: str | None, *, keep_status: bool = False) -> Held:
    """Give a story back; raises Conflict where it is no longer this session's.

    Without work under the claim, status and owner go back to what they were before it.
    """
    story, held = _read(desk, text)
    worked = branch.worked(desk.ctx, story, held) if held else None
    claim = hear.asked(desk, story.ref, _ask(desk, story, held, Act.RELEASE))
    shown.learn(desk, story.ref, claim, Act.RELEASE, before=None, worked=worked)
    trouble = shown.show(desk, story.ref, claim)
    moved, owner = start.Moved(story), None
    is_untouched = worked is False or (worked is None and not _had_branch(desk, claim))
    if is_untouched and not keep_status:
        moved, owner = _undone(desk, stored(desk.ctx, story.ref), claim)
    elif not keep_status:
        moved = start.Moved(story, f"Status stays {story.native_state}: {_WHY[worked]}")
    done = _told(desk, story, claim, trouble, moved.error, owner)
    return replace(done, worked=worked, notes=(moved.text,) if moved.text else ())


def _had_branch(desk: Desk, claim: Claim) -> bool:
    """Tell whether a branch for a story was ever here: without one there was no work here."""
    return bool(desk.ctx.store.note(notes.BRANCH.format(key=claim.key)))


def renew(desk: Desk, text: str | None, hours: float) -> Held:
    """Hold a story longer; raises Conflict where somebody else has it."""
    checked_hours(hours)
    story, held = _read(desk, text)
    ask = replace(_ask(desk, story, held, Act.RENEW), seconds=hours * 3600)
    claim = hear.asked(desk, story.ref, ask)
    shown.learn(desk, story.ref, claim, Act.RENEW)
    return _told(desk, story, claim, shown.show(desk, story.ref, claim))


def steal(desk: Desk, text: str, hours: float, reason: str) -> Held:
    """Take a story from whoever holds it; the reason is kept, and their next fence check fails."""
    checked_hours(hours)
    if not reason.strip():
        raise InvalidInput("Why is it taken over?", 'Give reason="…": the other one reads it.')
    if len(reason.strip()) > _LONGEST_REASON:
        raise InvalidInput(
            f"The reason is longer than {_LONGEST_REASON} characters.", "Say it in a sentence."
        )
    story, held = _read(desk, text)
    if found := refuse.never_taken(story):
        raise found
    at, lease = desk.arbiter.now(), story.lease
    counting = held if held and held.is_held(at) else None
    by_hand = lease if lease and lease.is_held(at) and not is_ours(lease, held) else None
    found = refuse.may_not_steal(desk, counting or by_hand, story.ref.key)
    if found := found or refuse.too_many(Holds(desk), story):
        raise found
    ask = _ask(desk, story, held, Act.STEAL)
    claim = desk.arbiter.ask(replace(ask, seconds=hours * 3600, reason=reason.strip()))
    loser = (counting or by_hand or claim).holder
    more: dict[str, Json] = {"reason": claim.reason, "from": loser}
    shown.learn(desk, story.ref, claim, Act.STEAL, before=None, **more)
    trouble = shown.show(desk, story.ref, claim)
    owner = start.own(desk, stored(desk.ctx, story.ref), claim.holder)
    return _told(desk, story, claim, trouble, owner)


def locks(
    desk: Desk, *, mine: bool = False, ended: bool = False, holds: Holds | None = None
) -> list[Held]:
    """List the claims that count on items of these trackers, the first to end first.

    `ended`: those too that ended so lately that others cannot take the story yet.
    """
    wanted, at = desk.holder.casefold(), desk.arbiter.now()
    found = [
        Held(ref, claim, desk.arbiter.name, title=_title(desk, ref), is_ended=not claim.is_held(at))
        for ref, claim in (holds or Holds(desk)).every()
        if not mine or claim.holder.casefold() == wanted
    ]
    return [one for one in found if ended or not one.is_ended]


def _title(desk: Desk, ref: IssueRef) -> str:
    known = desk.ctx.store.issue(ref)
    return known.title if known else ""


def _of_branch(desk: Desk) -> str:
    """Name the story of the branch that one stands on; raises InvalidInput where it is none's."""
    name = clone.branch(desk.ctx.config.folder)
    found = fence.stories_of(desk, name) if name else []
    if len(found) != 1:
        where = f"{name or 'What you stand on'} is {'several' if found else 'none'}'s"
        raise InvalidInput(f"Which story? {where}.", "Name it: story=US123.")
    return str(found[0][0])


def _read(desk: Desk, text: str | None) -> tuple[Issue, Claim | None]:
    """Read an item and the record of its claim; one that its tracker cannot show as stored."""
    ref = resolve(desk.ctx, text or _of_branch(desk))
    try:
        story = fresh(desk.ctx, ref)
    except PanError:
        story = stored(desk.ctx, ref)
    if found := refuse.other_arbiter(desk, story):
        raise found
    return story, desk.arbiter.read(desk.key(ref))


def _ask(desk: Desk, story: Issue, held: Claim | None, act: Act) -> Ask:
    name = held.branch if held else branch.name_for(desk.ctx, story)[0]
    fence = held.fence if held else None
    return Ask(act, desk.key(story.ref), desk.holder, desk.session, branch=name, fence=fence)


def _undone(desk: Desk, story: Issue, claim: Claim) -> tuple[start.Moved, str | None]:
    """Put status and owner back where nobody has changed them since; once, whoever asks again."""
    known = known_of(desk.ctx, claim.key)
    if known is None or known.was is None:
        return start.Moved(story), None
    moved = start.undo(desk, story, known)
    is_owner = (story.assignee or "").casefold() == claim.holder.casefold()
    trouble = None
    if is_owner and (was := _owner_before(desk, story.ref, claim)) is not None:
        trouble = start.own(desk, moved.issue, was or None)
    desk.ctx.store.know_claim(replace(known, was=None, was_native=""))
    return moved, trouble


def _owner_before(desk: Desk, ref: IssueRef, claim: Claim) -> str | None:
    """Look up whose it was before this claim: "" for nobody's, None when the log does not say."""
    for event in desk.ctx.store.events_of(ref):
        if event.kind is EventKind.TAKEN and event.data.get("fence") == claim.fence:
            was = event.data.get("owner_was", claim.holder)
            return str(was) if was else ""
    return None


def _told(desk: Desk, story: Issue, claim: Claim, *warnings: str | None) -> Held:
    sync_cache.follow(desk.ctx, story.ref)
    said = tuple(one for one in warnings if one)
    return Held(story.ref, claim, desk.arbiter.name, said, title=story.title)
