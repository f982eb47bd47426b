"""Items as rows: what comes in is compared with what is there, and only changes are kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from panopticon.model.event import EventKind
from panopticon.model.issue import Issue
from panopticon.model.ref import number_of
from panopticon.store import event, here
from panopticon.store.base import Applied
from panopticon.store.document import issue_from, written
from panopticon.store.rows import Params, Row, Rows

_BITE = 200

Written = tuple[Issue, str]  # an item and the text that is stored


@dataclass
class Batch:
    """What one transaction will write, gathered so that each statement runs once.

    `by_id`, `by_key`: what is stored of the items that come, read in a few questions: one a
    row took a third of a first sync's time in the store.
    """

    by_id: dict[str, Row]
    by_key: dict[str, Row]
    items: list[Params] = field(default_factory=list)
    texts: list[Params] = field(default_factory=list)
    entries: list[event.Entry] = field(default_factory=list)
    created: list[Written] = field(default_factory=list)
    updated: int = 0
    unchanged: int = 0


def upsert(rows: Rows, source: str, issues: Iterable[Issue], at: datetime) -> Applied:
    """Keep items: the last of those that come twice, never one older than what is stored."""
    by_id = {issue.native_id or issue.ref.key: issue for issue in issues}
    once = list({issue.ref.key: issue for issue in by_id.values()}.values())
    bites = [_bite(rows, source, once[i : i + _BITE], at) for i in range(0, len(once), _BITE)]
    return Applied(
        created=sum(one.created for one in bites),
        updated=sum(one.updated for one in bites),
        unchanged=sum(one.unchanged for one in bites),
    )


def _bite(rows: Rows, source: str, issues: list[Issue], at: datetime) -> Applied:
    """Write a few: the texts of a whole page at once would double its memory."""
    both = [written(issue) for issue in here.shown(rows, source, issues)]
    batch = _known(rows, source, [issue for issue, _ in both])
    for one in both:
        _compare(rows, source, one, batch)
    _number_created(rows, source, batch)
    rows.many("item_save", batch.items)
    rows.many("item_text_save", batch.texts)
    rows.many("search_due_save", [{"id": text["id"]} for text in batch.texts])
    event.append(rows, batch.entries, at)
    return Applied(len(batch.created), batch.updated, 0, batch.unchanged)


def _known(rows: Rows, source: str, issues: list[Issue]) -> Batch:
    """Read what is stored of these; a key only where it is not the item's own already."""
    ids = [issue.native_id or issue.ref.key for issue in issues]
    by_id = {str(row[5]): row for row in rows.among("items_by_native_ids", ids, source=source)}
    keys = [
        issue.ref.key
        for native_id, issue in zip(ids, issues, strict=True)
        if (row := by_id.get(native_id)) is None or row[1] != issue.ref.key
    ]
    held = rows.among("items_by_keys", keys, source=source)
    return Batch(by_id, {str(row[1]): row for row in held})


def drop(rows: Rows, source: str, native_ids: Sequence[str], at: datetime) -> int:
    """Forget items; returns how many were there."""
    entries: list[event.Entry] = [
        _forget(rows, row)
        for native_id in native_ids
        if (row := rows.one("item_by_native_id", source=source, native_id=native_id))
    ]
    event.append(rows, entries, at)
    return len(entries)


def _compare(rows: Rows, source: str, new: Written, batch: Batch) -> None:
    issue = new[0]
    native_id = issue.native_id or issue.ref.key
    row = batch.by_id.get(native_id)
    if row is None or row[1] != issue.ref.key:  # new, or renamed: somebody may have had its key
        holder = batch.by_key.pop(issue.ref.key, None)
        if holder:
            batch.entries.append(_forget(rows, holder))
            batch.by_id.pop(str(holder[5]), None)
    if row is None:
        batch.created.append(new)
    elif _is_older(issue, row):
        batch.unchanged += 1
    else:
        if row[1] != issue.ref.key:
            rows.run("comments_drop", source=source, key=issue.ref.key)
            rows.run("comments_rename", source=source, old=row[1], key=issue.ref.key)
        _update(source, new, row, batch)


def _update(source: str, new: Written, row: Row, batch: Batch) -> None:
    """Write an item that differs; the log hears of it when its content does."""
    issue, document = new
    if document == row[4]:
        batch.unchanged += 1
        return
    changes = event.changes_between(issue_from(str(row[4])), issue_from(document))
    if changes:
        batch.updated += 1
        batch.entries.append((EventKind.UPDATED, issue.ref, changes))
    else:
        batch.unchanged += 1
    _write(source, int(row[0] or 0), new, batch)


def _number_created(rows: Rows, source: str, batch: Batch) -> None:
    if not batch.created:
        return
    last = event.take_numbers(rows, "item", len(batch.created))
    for item_id, new in enumerate(batch.created, last - len(batch.created) + 1):
        _write(source, item_id, new, batch)
        issue = new[0]
        data = {"title": issue.title, "kind": issue.kind, "state": issue.state}
        batch.entries.append((EventKind.CREATED, issue.ref, data))


def _write(source: str, item_id: int, new: Written, batch: Batch) -> None:
    issue, document = new
    text: Params = {"id": item_id, "document": document}
    columns = _columns(source, item_id, issue)
    if "\\u0000" in document:  # seldom: to look at each column of each item costs
        columns, text = _without_nul(columns), _without_nul(text)
    batch.items.append(columns)
    batch.texts.append(text)


def _forget(rows: Rows, row: Row) -> event.Entry:
    issue = issue_from(str(row[4]))
    rows.run("item_drop", id=row[0])
    rows.run("item_text_drop", id=row[0])
    rows.many("search_due_save", [{"id": row[0]}])
    rows.run("comments_drop", source=issue.ref.tracker, key=issue.ref.key)
    parent = str(issue.parent) if issue.parent else None
    return (
        EventKind.DELETED,
        issue.ref,
        {
            "title": issue.title,
            "kind": issue.kind,
            "parent": parent,
        },
    )


def _is_older(issue: Issue, row: Row) -> bool:
    """Compare change counters where both count, else the times of the last change."""
    stored = str(row[2] or "")
    if (issue.version or "").isdigit() and stored.isdigit():
        return int(issue.version or 0) < int(stored)
    return time_text(issue.updated_at) < str(row[3])


def time_text(at: datetime) -> str:
    """Spell a time so that texts sort as times do."""
    at = at if at.tzinfo is UTC else at.astimezone(UTC)
    return at.isoformat(timespec="microseconds")


def _columns(source: str, item_id: int, issue: Issue) -> Params:
    lease = issue.lease
    return {
        "id": item_id,
        "source": source,
        "key": issue.ref.key,
        "folded": issue.ref.key.casefold(),
        "number": number_of(issue.ref.key),
        "native_id": issue.native_id or issue.ref.key,
        "version": issue.version,
        "kind": issue.kind.value,
        "project": issue.project,
        "title": issue.title,
        "state": issue.state.value,
        "native_state": issue.native_state,
        "cancelled": int(issue.cancelled),
        "blocked": int(issue.blocked),
        "assignee": issue.assignee,
        "assignee_folded": issue.assignee.casefold() if issue.assignee else None,
        "labels": labels_text(issue.labels),
        "iteration": issue.iteration,
        "rank": issue.rank,
        "updated_at": time_text(issue.updated_at),
        "parent_source": issue.parent.tracker if issue.parent else None,
        "parent_key": issue.parent.key if issue.parent else None,
        "holder": lease.holder if lease else None,
        "held_until": time_text(lease.expires_at) if lease and lease.expires_at else None,
        "twin_key": issue.twin_key or None,
    }


def labels_text(labels: Iterable[str]) -> str:
    """Spell labels in one text, sorted, each between separators."""
    return "".join(f"\x1f{label}\x1f" for label in sorted(one.casefold() for one in labels))


def _without_nul(params: Params) -> Params:
    """Leave out what no database takes in a text that is searched."""
    return {n: v.replace("\0", "") if isinstance(v, str) else v for n, v in params.items()}
