"""What happened to an item: its tracker's revisions, and what this board saw happen."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from panopticon.errors import PanError
from panopticon.model.event import Event, EventKind
from panopticon.model.form import Revision
from panopticon.model.issue import Issue, Json
from panopticon.model.ref import IssueRef
from panopticon.services import person
from panopticon.services.board.card import person_json
from panopticon.services.context import Context
from panopticon.services.issue import claim_event, revision as issue_revision
from panopticon.services.ref import resolve
from panopticon.services.within import PAGE_SECONDS, within

_MOST = 200
_TOGETHER = timedelta(minutes=2)  # from a tracker's revision to our hearing of it
_LOCK = "lease"  # the field that tells who holds a lock
_SEEN = {
    EventKind.CREATED: "First seen on this board.",
    EventKind.COMMENTED: "Commented.",
    EventKind.DELETED: "Deleted.",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened; `changes` are field, before and after as people read them."""

    at: datetime
    author: str | None
    text: str | None
    changes: tuple[tuple[str, str | None, str | None], ...]
    origin: str  # tracker | board

    def as_json(self) -> dict[str, Json]:
        """Give it to a page."""
        return {
            "at": self.at.isoformat(),
            "author": person_json(self.author) if self.author else None,
            "text": self.text,
            "changes": [{"field": f, "before": old, "after": new} for f, old, new in self.changes],
            "origin": self.origin,
        }


def history(ctx: Context, text: str) -> tuple[list[Entry], str | None]:
    """Read what happened, newest first; the sentence says why the tracker told nothing."""
    ref = resolve(ctx, text, seconds=PAGE_SECONDS)
    told, error = _told(ctx, ref)
    events = ctx.store.events_of(ref, _MOST)
    seen = map(_from_event, claim_event.told_once(events))
    joined = _joined([_from_revision(one) for one in told], list(seen))
    entries = _with_locks_told(joined, claim_event.times_of(events))
    return sorted(entries, key=lambda entry: entry.at, reverse=True), error


def who_changed(ctx: Context, seen: Issue, words: Sequence[str]) -> str | None:
    """Name who made an item say these words, as a sentence begins; None when that is not sure.

    `seen` is the item as it was stored before: whoever alone has written since must have done it.
    """
    told, _ = _told(ctx, seen.ref)
    named = [one for one in told if one.author]
    fitting = [one.author for one in named if any(_says(one.text, word) for word in words)]
    since = {one.author for one in named if one.at > seen.updated_at}
    author = fitting[0] if fitting else since.pop() if len(since) == 1 else None
    if author is None:
        return None
    return "You" if author == person.known(ctx) else str(person_json(author)["name"])


def _says(text: str, word: str) -> bool:
    """Tell whether a text names a value, not only a part of another one."""
    return bool(word) and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None


def _told(ctx: Context, ref: IssueRef) -> tuple[list[Revision], str | None]:
    try:
        tracker = ctx.tracker(ref.tracker)
        if not tracker.capabilities.history:
            return [], None
        return within(PAGE_SECONDS, lambda: tracker.history(ref.key), ref.tracker)[:_MOST], None
    except PanError as error:
        return [], error.message


def _from_revision(told: Revision) -> Entry:
    read = issue_revision.read(told.text)
    return Entry(told.at, told.author, read.rest, read.changes, "tracker")


def _joined(told: list[Entry], seen: list[Entry]) -> list[Entry]:
    """Let a change that both knew stand once, with its author and in our words."""
    joined = []
    for one in told:
        changes: list[issue_revision.Change] = []
        for change in one.changes:
            taken, seen = _taken(seen, one.at, change)
            changes.extend(taken or [change])
        joined.append(replace(one, changes=tuple(changes)))
    return [*joined, *seen]


def _with_locks_told(entries: list[Entry], claims: list[datetime]) -> list[Entry]:
    """Leave out what a claim did to the tracker's lock; say in words what else happened to it."""
    told = []
    for one in entries:
        is_told = any(abs(one.at - at) <= _TOGETHER for at in claims)
        locks = [] if is_told else [change for change in one.changes if change[0] == _LOCK]
        words = [one.text, *(claim_event.lock_text(old, new) for _, old, new in locks)]
        others = tuple(change for change in one.changes if change[0] != _LOCK)
        text = " ".join(filter(None, words)) or None
        if others or text:
            told.append(replace(one, changes=others, text=text))
    return told


def _taken(
    seen: list[Entry], at: datetime, told: issue_revision.Change
) -> tuple[list[issue_revision.Change], list[Entry]]:
    """Take a field's change out of the entry next in time; its column goes with a native state."""
    name = told[0]
    names = {name, "state"} if name == "native_state" else {name}
    near = [
        one
        for one in seen
        if abs(one.at - at) <= _TOGETHER and any(_is_same(change, told) for change in one.changes)
    ]
    if not near:
        return [], seen
    found = min(near, key=lambda one: abs(one.at - at))
    taken = [change for change in found.changes if change[0] in names]
    left = replace(found, changes=tuple(c for c in found.changes if c[0] not in names))
    others = [left if one is found else one for one in seen]
    return taken, [one for one in others if one is not left or left.changes or left.text]


def _from_event(event: Event) -> Entry:
    if event.kind in claim_event.KINDS:
        who, text = claim_event.author_of(event), claim_event.text_of(event)
        return Entry(claim_event.time_of(event), who, text, (), "board")
    changes = event.data.items() if event.kind is EventKind.UPDATED else ()
    author = event.data.get("author")
    return Entry(
        event.at,
        author if isinstance(author, str) else None,
        _SEEN.get(event.kind),
        tuple(_change(name, pair) for name, pair in changes),
        "board",
    )


def _is_same(ours: issue_revision.Change, told: issue_revision.Change) -> bool:
    """Tell whether two speak of one change; a tracker may spell people and timeboxes otherwise."""
    (name, _, new), (field, before, after) = ours, told
    if name != field or name == "labels" or before is after is None:
        return name == field
    if new is None or after is None:
        return new is after
    try:
        return float(new) == float(after)
    except ValueError:
        return True


def _change(name: str, pair: Json) -> tuple[str, str | None, str | None]:
    """Read `[old, new]`; of a long text the log only knows that it changed."""
    old, new = pair if isinstance(pair, list) and len(pair) == 2 else (None, None)  # noqa: PLR2004 - old and new
    if name == _LOCK:
        old, new = (one.get("holder") if isinstance(one, dict) else None for one in (old, new))
    return name, _spoken(old), _spoken(new)


def _spoken(value: Json) -> str | None:
    if value is None or value in ("", []):
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, dict):
        return _listed(f"{name}: {told}" for name, one in value.items() if (told := _spoken(one)))
    if isinstance(value, list):
        return _listed(told for one in value if (told := _spoken(one)))
    return str(value)


def _listed(words: Iterable[str]) -> str | None:
    return ", ".join(words) or None
