"""The log: what changed, appended in the transaction that changed it."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime

import orjson

from panopticon.model.event import Event, EventKind
from panopticon.model.issue import Issue, Json
from panopticon.model.ref import IssueRef
from panopticon.store.document import text_from
from panopticon.store.rows import Params, Row, Rows

LONG = frozenset({"body", "body_html", "acceptance_criteria"})
_SILENT = frozenset({"version", "updated_at", "native_id", "body_html"})
_FIELDS = tuple(f.name for f in fields(Issue))

Entry = tuple[EventKind, IssueRef | None, Mapping[str, object]]


def append(rows: Rows, entries: Sequence[Entry], at: datetime) -> None:
    """Append entries in their order."""
    if entries:
        last = take_numbers(rows, "event", len(entries))
        first = last - len(entries) + 1
        when = at.isoformat()
        batch = [_params(first + i, entry, when) for i, entry in enumerate(entries)]
        rows.many("event_add", batch)


def after(rows: Rows, seq: int, limit: int) -> list[Event]:
    """Read the log on from a number."""
    return [_event_from(row) for row in rows.all("events_after", after=seq, count=limit)]


def of(rows: Rows, ref: IssueRef, limit: int) -> list[Event]:
    """Read what the log says of one item, newest first."""
    found = rows.all("events_of", source=ref.tracker, key=ref.key, count=limit)
    return [_event_from(row) for row in found]


def last(rows: Rows) -> int:
    """Read the newest number."""
    found = rows.one("event_last")
    return int(found[0] or 0) if found else 0


def floor(rows: Rows) -> int:
    """Read the number after which the log is whole."""
    found = rows.one("events_floor")
    return int(found[0] or 0) if found else 0


def prune(rows: Rows, most: int) -> int:
    """Forget all but the newest numbers, and remember from where on the log is whole."""
    line = last(rows) - most
    if line <= floor(rows):
        return 0
    rows.run("events_floor_save", floor=line)
    return rows.run("events_drop", floor=line)


def prune_syncs(rows: Rows, before: datetime) -> int:
    """Forget words of good syncs before a time, but the last of each source."""
    told: set[object] = set()
    dropped = 0
    for seq, at, data in rows.all("events_of_syncs"):
        source = orjson.loads(str(data)).get("source")
        if source in told and datetime.fromisoformat(str(at)) < before:
            dropped += rows.run("event_drop", seq=seq)
        told.add(source)
    return dropped


def take_numbers(rows: Rows, name: str, count: int) -> int:
    """Take the next numbers of a counter; returns the last of them."""
    found = rows.one("numbers_taken", name=name, count=count)
    assert found is not None
    return int(found[0] or 0)


def changes_between(old: Issue, new: Issue) -> dict[str, object]:
    """Give `[old, new]` of each field that changed; long texts only say that they did."""
    return {
        name: True if name in LONG else [_brief(getattr(old, name)), _brief(getattr(new, name))]
        for name in _FIELDS
        if name not in _SILENT and getattr(old, name) != getattr(new, name)
    }


def _params(seq: int, entry: Entry, when: str) -> Params:
    kind, ref, data = entry
    return {
        "seq": seq,
        "at": when,
        "kind": kind.value,
        "source": ref.tracker if ref else None,
        "key": ref.key if ref else None,
        "data": text_from(data),
    }


def _brief(value: object) -> object:
    """Spell refs as people do."""
    if isinstance(value, IssueRef):
        return str(value)
    return [_brief(inner) for inner in value] if isinstance(value, tuple) else value


def _event_from(row: Row) -> Event:
    seq, at, kind, source, key, data = row
    ref = IssueRef(str(source), str(key)) if source is not None else None
    found: dict[str, Json] = orjson.loads(str(data))
    return Event(int(seq or 0), datetime.fromisoformat(str(at)), EventKind(str(kind)), ref, found)
