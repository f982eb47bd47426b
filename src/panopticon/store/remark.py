"""Remarks as rows: one list an item; the log hears of what was added or changed."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from panopticon.model.event import EventKind
from panopticon.model.issue import Comment
from panopticon.model.ref import IssueRef
from panopticon.store import event
from panopticon.store.document import comments_from, comments_text
from panopticon.store.rows import Rows

Remarks = Mapping[str, Sequence[Comment]]


def of(rows: Rows, ref: IssueRef) -> list[Comment]:
    """Read the remarks of an item."""
    row = rows.one("comments_read", source=ref.tracker, key=ref.key)
    return comments_from(str(row[0])) if row else []


def put(rows: Rows, ref: IssueRef, comments: Sequence[Comment]) -> bool:
    """Keep the remarks of an item; tells whether they differ."""
    text = comments_text(list(comments))
    stored = rows.one("comments_read", source=ref.tracker, key=ref.key)
    if (stored and stored[0] == text) or (stored is None and not comments):
        return False
    rows.run("comments_save", source=ref.tracker, key=ref.key, document=text)
    rows.run("search_due_by_key", source=ref.tracker, key=ref.key)
    return True


def add(rows: Rows, ref: IssueRef, comment: Comment, at: datetime) -> None:
    """Keep one more, and say so."""
    known = [one for one in of(rows, ref) if one.id != comment.id]
    put(rows, ref, [*known, comment])
    event.append(rows, [_told(ref, comment)], at)


def known(rows: Rows, source: str, remarks: Remarks) -> set[str]:
    """Name the items among those remarked on that are stored already."""
    return {str(row[1]) for row in rows.among("items_by_keys", list(remarks), source=source)}


def keep(rows: Rows, source: str, remarks: Remarks, old: Collection[str], at: datetime) -> None:
    """Keep the remarks that came with a page; of a new item they are no news."""
    entries: list[event.Entry] = []
    for key in sorted(known(rows, source, remarks)):
        ref = IssueRef(source, key)
        before = of(rows, ref)
        if put(rows, ref, remarks[key]) and key in old:
            entries += _news(ref, before, of(rows, ref))
    event.append(rows, entries, at)


def _news(ref: IssueRef, before: list[Comment], after: list[Comment]) -> list[event.Entry]:
    """Say which remarks came; where others changed or went, how many there are now."""
    if [one for one in after if one in before] == before:
        return [_told(ref, one) for one in after if one not in before]
    counts = [len(before), len(after)]
    return [(EventKind.UPDATED, ref, {"comments": counts})]


def _told(ref: IssueRef, comment: Comment) -> event.Entry:
    return (EventKind.COMMENTED, ref, {"id": comment.id, "author": comment.author})
