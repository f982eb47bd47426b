"""Fences: before something is written in a story's name, its claim is looked at.

Exact only where the write and the claim are one step (`push` on a git arbiter); everywhere else
this is a look just before the write: best effort.
"""

from collections.abc import Mapping, Sequence

from panopticon.errors import Conflict, InvalidInput
from panopticon.local.git import clone
from panopticon.model.claim import Act, Claim, Known
from panopticon.model.lease import Lease
from panopticon.model.ref import IssueRef
from panopticon.services import person
from panopticon.services.claim import hear, lost as lost_claims, shown
from panopticon.services.claim.desk import Desk, session_of
from panopticon.services.claim.keep import renewed, seconds_of
from panopticon.services.claim.known import known_for, known_of, known_on, shown_on
from panopticon.services.claim.lag import is_of
from panopticon.services.claim.standing import Standing, Told, Verdict, judge
from panopticon.services.context import Context
from panopticon.services.ref import resolve

_IGNORE = "ignore"


def check(
    desk: Desk, ref: IssueRef, told: Told | None = None, *, key: str | None = None
) -> Standing:
    """Ask the arbiter; raises Conflict where another has the story, Retriable when unknown.

    A claim that has ended and that nobody took is renewed, which is said as a warning.
    """
    key = key or desk.key(ref)
    record, known = desk.arbiter.read(key), known_of(desk.ctx, key)
    fence, at, session = (told or {}).get(ref.key), desk.arbiter.now(), _session(desk, ref, known)
    if fence is None and not (known and known.claim.session == session):
        fence = lost_claims.fence_before(desk.ctx, key, session)  # lost, as a sync has seen since
    verdict = judge(record, known.claim if known else None, session, at, fence)
    if record is None:
        return Standing(ref, verdict, None)
    if verdict in {Verdict.STALE, Verdict.TAKEN}:
        hear.of_refusal(desk, ref, record)
        raise lost(desk, ref, record)
    if verdict is Verdict.EXPIRED:
        after = renewed(desk, ref, record, seconds_of(desk.ctx, record))
        warning = f"Your claim on {ref.key} had ended and nobody took it: it is renewed until "
        return Standing(ref, verdict, after, f"{warning}{after.expires_at:%Y-%m-%d %H:%M} UTC.")
    if verdict is Verdict.HELD and known is None:  # interrupted between the decision and this
        shown.learn(desk, ref, record, Act.TAKE)
    return Standing(ref, verdict, record)


def _session(desk: Desk, ref: IssueRef, known: Known | None) -> str:
    """Name the session that counts here: one's own, for a project whose code is elsewhere too.

    Where settings say which repository has a project's code, a story is checked out from anywhere
    and worked on in that one.
    """
    ctx = desk.ctx
    issue = ctx.store.issue(ref) if known and known.claim.session != desk.session else None
    told = ctx.config.repositories.get(issue.project) if issue else None
    if known is None or told is None or known.claim.holder.casefold() != desk.holder.casefold():
        return desk.session
    here = clone.root(ctx.config.folder)
    return known.claim.session if here and here == clone.root(told.path) else desk.session


def check_held(desk: Desk, ref: IssueRef, told: Told | None = None) -> Standing:
    """Ask the arbiter; raises Conflict unless this session holds the story."""
    return _held(check(desk, ref, told))


def ask(
    desk: Desk, text: str | None, branch: str | None = None, told: Told | None = None
) -> Standing | None:
    """Ask for a story, else for that of a branch, else of the one that one stands on.

    Raises Conflict unless this session holds it; None where the branch is no story's.
    """
    if text:
        return check_held(desk, resolve(desk.ctx, text), told)
    name = branch or clone.branch(desk.ctx.config.folder)
    found = check_branch(desk, name, told) if name else None
    return _held(found) if found else None


def _held(found: Standing) -> Standing:
    if not found.is_ours:
        raise _not_held(found)
    return found


def _not_held(found: Standing) -> Conflict:
    """Say that this session does not hold a story, nor does anybody else."""
    key = found.ref.key
    word = "you gave it back" if found.verdict is Verdict.GIVEN_BACK else "nobody holds it"
    return Conflict(
        f"{key} is not yours: {word}.",
        f"`pan checkout story={key}` takes it.",
        story=key,
        reason=found.verdict.value,
    )


def check_branch(desk: Desk, branch: str, told: Told | None = None) -> Standing | None:
    """Ask for the story of a branch; None where it has none. One of ours is enough."""
    standing, refusal = None, None
    for ref, key in stories_of(desk, branch):
        try:
            found = check(desk, ref, told, key=key)
        except Conflict as error:
            refusal = refusal or error
            continue
        if found.is_ours:
            return found
        standing = standing or found
    if refusal:
        raise refusal
    return standing


def stories_of(desk: Desk, branch: str) -> list[tuple[IssueRef, str]]:
    """Name the stories of a branch with their arbiter's keys: by known claims, else by the items.

    The items that show a claim are looked through; no tracker is asked.
    """
    ctx = desk.ctx
    known = [one for one in known_on(ctx, branch) if one.arbiter == desk.arbiter.name]
    told = [(one.ref, one.claim.key) for one in known]
    told += [(one.ref, one.key) for one in lost_claims.lost_on(ctx, branch)]
    if told:
        return list(dict.fromkeys(told))
    found = (one.ref for one in shown_on(ctx, branch) if one.ref.tracker in ctx.names)
    return [(ref, desk.key(ref)) for ref in found]


def lost(desk: Desk, ref: IssueRef, record: Claim) -> Conflict:
    """Say who has a story instead of this session, and what to do."""
    key, fence = ref.key, record.fence
    hint = f"Stop writing to it; `pan checkout story={key}` when it is free again."
    if desk.is_of(record) and record.is_released:
        message = f"{key} was given back from here (fence {fence})."
        hint = f"`pan checkout story={key}` takes it again, if it is free."
    elif desk.is_of(record):
        message = f"{key} is yours under fence {fence}, which is not the one told here."
        hint = f"`pan checkout story={key}` again, and start from what is there now."
    elif record.is_released:
        message = f"{key} is no longer yours: {record.holder} took it and gave it back."
    elif record.holder.casefold() == desk.holder.casefold():
        message = f"You hold {key} in another place (fence {fence})."
        hint = f"`pan checkout story={key} resume=true` takes it over here."
    else:
        message = f"{key} is held by {record.holder} (fence {fence}){because(record)}."
    return Conflict(
        message,
        hint,
        story=key,
        reason="fence",
        why=None if record.is_released else record.reason or None,
        **record.facts(),
    )


def because(record: Claim) -> str:
    """Say why a story was taken over, as the one who did wrote it."""
    why = " ".join(record.reason.split()).rstrip(".")
    return f": {why}" if why and not record.is_released else ""


def guard_fields(
    ctx: Context, ref: IssueRef, fields: Mapping[str, object], claim: str | None
) -> None:
    """Guard a write of fields: those of the state alone, unless `claim` says `ignore`."""
    if claim not in {None, "", _IGNORE}:
        raise InvalidInput(f"claim={claim} says nothing.", f"There is claim={_IGNORE}.")
    if claim != _IGNORE and fields.keys() & {"state", "native_state"}:
        guard(ctx, ref)


def guard(ctx: Context, ref: IssueRef) -> None:
    """Refuse a change of state where another person holds the item; asks nobody.

    By what is stored here: the claim as it is shown, and as this machine last saw it. Where
    nobody decides claims, locks are only shown.
    """
    if not ctx.config.arbiter:
        return
    theirs = _theirs(ctx, ref)
    if theirs is None or theirs.holder.casefold() == (person.known(ctx) or "").casefold():
        return
    until = theirs.expires_at
    raise Conflict(
        f"{ref.key} is held by {theirs.holder}.",
        "Ask them, or give claim=ignore to do it all the same.",
        error="locked",
        reason="locked",
        story=ref.key,
        holder=theirs.holder,
        fence=theirs.fence,
        expires_at=until.isoformat() if until else None,
    )


def _theirs(ctx: Context, ref: IssueRef) -> Claim | Lease | None:
    """Find who else seems to hold an item; what is newer than our own claim counts."""
    issue, now = ctx.store.issue(ref), ctx.now()
    known = [one.claim for one in known_for(ctx, ref)]
    session = session_of(ctx.config)
    counts = [one for one in known if one.is_held(now)]
    ours = next((one for one in counts if one.session == session), None)
    lease = issue.lease if issue else None
    found: list[Claim | Lease] = [one for one in counts if one.session != session]
    if lease and lease.is_held(now) and not _is_over(lease.fence, known):
        found.append(lease)
    return next((one for one in found if ours is None or _is_newer(one, ours)), None)


def _is_newer(other: Claim | Lease, ours: Claim) -> bool:
    """Tell whether another's claim was granted after ours; a lock set by hand tells no time."""
    if isinstance(other, Lease) and is_of(other, ours):
        return False
    is_later = other.locked_at is not None and other.locked_at > ours.locked_at
    return is_later or (other.fence is not None and other.fence > ours.fence)


def _is_over(fence: int | None, known: Sequence[Claim]) -> bool:
    """Tell whether a shown claim is one that we know to have ended."""
    return fence is not None and any(one.fence >= fence for one in known)
