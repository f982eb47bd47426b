"""Writing items: to the tracker first, then the tracker's answer here, where every face sees it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import replace
from functools import partial

from panopticon.errors import InvalidInput, NotFound, PanError, Partial, Unsupported
from panopticon.model.issue import Comment, Issue, IssueFields, NewIssue, State, Task
from panopticon.model.ref import IssueRef
from panopticon.services import written
from panopticon.services.context import Context
from panopticon.services.issue import phase
from panopticon.services.issue.person import with_person
from panopticon.services.issue.place import place_of
from panopticon.services.ref import epic_ref, resolve
from panopticon.services.sync import cache as sync_cache

_STATUS = frozenset({"state", "native_state"})
_VANISHED = "It was deleted there, or you may not see it any more; the next sync takes it away."


def create(ctx: Context, new: NewIssue, tracker: str | None = None) -> Issue:
    """Create an item in a tracker, the default one when none is named."""
    name = place_of(ctx, new, tracker)
    fields = keys_for(ctx, name, new.fields)
    try:
        made = ctx.tracker(name).create
        return _written(
            ctx, with_person(ctx, name, fields, lambda told: made(replace(new, fields=told)))
        )
    except Partial as error:
        _keep_in_part(ctx, name, error)
        raise


def update(ctx: Context, text: str, fields: IssueFields) -> tuple[Issue, Issue]:
    """Write fields of an item; returns it before and after."""
    ref = resolve(ctx, text)
    before = stored(ctx, ref)
    return before, write(ctx, ref, keys_for(ctx, ref.tracker, fields))


def write(ctx: Context, ref: IssueRef, fields: IssueFields) -> Issue:
    """Write fields of an item, whose links are keys of its tracker; returns it as it is then."""
    _refuse_itself(ref.key, fields)
    ending = phase.ending(ctx, ref) if fields.keys() & _STATUS else nullcontext()
    with ending, _writing(ctx, ref):
        send = partial(ctx.tracker(ref.tracker).update, ref.key)
        return _written(ctx, with_person(ctx, ref.tracker, fields, send))


def transition(ctx: Context, text: str, state: State) -> Issue:
    """Move an item to a column."""
    return put_into(ctx, resolve(ctx, text), state)


def put_into(ctx: Context, ref: IssueRef, state: State) -> Issue:
    """Move an item to a column by the tracker's own way there, else keep the column here."""
    try:
        with phase.ending(ctx, ref), _writing(ctx, ref):
            return _written(ctx, ctx.tracker(ref.tracker).transition(ref.key, state))
    except Unsupported as error:
        issue = stored(ctx, ref)
        if error.details.get("written") or not phase.can_be_kept(issue, state):
            raise
        return phase.keep(ctx, issue, state)


def tick(ctx: Context, ref: IssueRef, step: Task) -> Issue:
    """Tick or untick a line of an item; raises Conflict when another one stands there now."""
    with _writing(ctx, ref):
        return _written(ctx, ctx.tracker(ref.tracker).tick(ref.key, step))


def add_step(ctx: Context, ref: IssueRef, title: str) -> Issue:
    """Add a step as a line of an item."""
    with _writing(ctx, ref):
        return _written(ctx, ctx.tracker(ref.tracker).add_step(ref.key, title))


def comment(ctx: Context, text: str, body: str) -> Comment:
    """Add a remark (markdown) to an item."""
    if not body.strip():
        raise InvalidInput("The remark is empty.", "Write a few words.")
    ref = resolve(ctx, text)
    with _writing(ctx, ref):
        made = ctx.tracker(ref.tracker).comment(ref.key, body)
    ctx.store.add_comment(ref, made, ctx.now())
    sync_cache.follow(ctx, ref)
    return made


def delete(ctx: Context, text: str) -> IssueRef:
    """Delete an item in its tracker, then here; one that is gone there already goes here too."""
    ref = resolve(ctx, text)
    known = ctx.store.issue(ref)
    try:
        ctx.tracker(ref.tracker).delete(ref.key)
    except NotFound:
        if known is None or _just_written(ctx, ref):
            raise
    except Partial as error:
        if known and error.details.get("written"):
            _dropped(ctx, known)
        raise
    if known:
        _dropped(ctx, known)
    return ref


def _dropped(ctx: Context, known: Issue) -> None:
    """Take an item that its tracker has deleted out of the store."""
    ctx.store.drop(known.ref.tracker, [known.native_id or known.ref.key], ctx.now())
    sync_cache.follow(ctx, known.ref)


def stored(ctx: Context, ref: IssueRef) -> Issue:
    """Give an item as stored, else as its tracker has it."""
    return ctx.store.issue(ref) or fetch(ctx, ref)


def fresh(ctx: Context, ref: IssueRef) -> Issue:
    """Read an item from its tracker before a write; raises NotFound when it has vanished.

    A lagging tracker may tell what was before our own last write: the stored row, which never
    goes back, decides.
    """
    try:
        found = ctx.tracker(ref.tracker).get(ref.key)
    except NotFound as error:
        if kept := _just_written(ctx, ref):
            return kept
        raise NotFound(
            f"{ref.key} is no longer in {ref.tracker}.", _VANISHED, ref=str(ref)
        ) from error
    done = ctx.store.put(found, ctx.now())
    if done.created or done.updated:
        sync_cache.follow(ctx, ref)
    return ctx.store.issue(ref) or found


@contextmanager
def _writing(ctx: Context, ref: IssueRef) -> Iterator[None]:
    """Give a next step where a thing is not there, and keep what was written in part."""
    try:
        yield
    except NotFound as error:
        error.hint = error.hint or _VANISHED
        raise
    except (Partial, Unsupported) as error:
        _keep_in_part(ctx, ref.tracker, error)
        raise


def _keep_in_part(ctx: Context, tracker: str, error: PanError) -> None:
    """Read what was written all the same: fields were left out, or a commit was refused."""
    key = error.details.get("ref")
    is_written = error.details.get("written") or error.details.get("created")
    if is_written and isinstance(key, str):
        with suppress(PanError):
            _keep_remarks(ctx, _written(ctx, ctx.tracker(tracker).get(key)).ref)


def fetch(ctx: Context, ref: IssueRef) -> Issue:
    """Read an item and its remarks from the tracker, and keep them."""
    try:
        issue = _kept(ctx, ctx.tracker(ref.tracker).get(ref.key))
    except NotFound:
        if stored := _just_written(ctx, ref):
            return stored
        raise
    _keep_remarks(ctx, issue.ref)
    return issue


def _keep_remarks(ctx: Context, ref: IssueRef) -> None:
    """Read the remarks on an item, where its tracker has any."""
    tracker = ctx.tracker(ref.tracker)
    if tracker.capabilities.comments:
        ctx.store.put_comments(ref, tracker.comments(ref.key))


def _just_written(ctx: Context, ref: IssueRef) -> Issue | None:
    """Give the row of an item that we wrote and a lagging tracker does not show yet."""
    stored = ctx.store.issue(ref)
    lately = written.lately(ctx, ref.tracker)
    return stored if stored and (stored.native_id or ref.key) in lately else None


def _written(ctx: Context, issue: Issue) -> Issue:
    """Store what we wrote, and remember that we did."""
    written.mark(ctx, issue)
    return _kept(ctx, issue)


def _kept(ctx: Context, issue: Issue) -> Issue:
    """Store what the tracker answered, so that every face sees it at once."""
    ctx.store.put(issue, ctx.now())
    sync_cache.follow(ctx, issue.ref)
    return issue


def keys_for(ctx: Context, tracker: str, fields: IssueFields) -> IssueFields:
    """Spell the refs among the fields as their tracker does."""
    spelled = fields.copy()
    if above := fields.get("parent"):
        find = epic_ref if above.strip().isdecimal() else resolve
        spelled["parent"] = _key(tracker, find(ctx, above, tracker))
    if "blocked_by" in fields:
        spelled["blocked_by"] = _keys(ctx, tracker, fields["blocked_by"])
    if "blocks" in fields:
        spelled["blocks"] = _keys(ctx, tracker, fields["blocks"])
    return spelled


def _refuse_itself(key: str, fields: IssueFields) -> None:
    """Refuse an item that waits for, holds up or lies below itself."""
    refs: dict[str, Sequence[str | None]] = {
        "blocked_by": fields.get("blocked_by", []),
        "blocks": fields.get("blocks", []),
        "parent": [fields.get("parent")],
    }
    for name, keys in refs.items():
        if key in keys:
            raise InvalidInput(f"{key} cannot be its own `{name}`.", "Name another item.")


def _keys(ctx: Context, tracker: str, texts: list[str]) -> list[str]:
    return [_key(tracker, resolve(ctx, text, tracker)) for text in texts]


def _key(tracker: str, ref: IssueRef) -> str:
    if ref.tracker != tracker:
        raise InvalidInput(
            f"{ref} is not in {tracker!r}.",
            "Items can only be linked inside one tracker.",
        )
    return ref.key
