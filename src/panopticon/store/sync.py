"""How far streams have been read, and how the last sync of each source went."""

from dataclasses import asdict
from datetime import datetime

from panopticon.model.change import Cursor
from panopticon.store.base import SyncRecord
from panopticon.store.rows import Rows, Value


def cursor(rows: Rows, source: str, scope: str, stream: str) -> Cursor:
    """Read a cursor; an empty one when there is none."""
    row = rows.one("cursor_read", source=source, scope=scope, stream=stream)
    if row is None:
        return Cursor()
    mark, position, running = row
    return Cursor(_time(mark), None if position is None else str(position), _time(running))


def save_cursor(rows: Rows, place: tuple[str, str, str], kept: Cursor) -> None:
    """Keep a cursor, in the transaction of its rows."""
    source, scope, stream = place
    rows.run(
        "cursor_save",
        source=source,
        scope=scope,
        stream=stream,
        mark=_text(kept.mark),
        position=kept.position,
        running_mark=_text(kept.running_mark),
    )


def save_record(rows: Rows, record: SyncRecord) -> None:
    """Keep a record; the last good end stays when this one is not good, all when it began."""
    if record.ended_at is None and record.error is None:
        rows.run("sync_begin", source=record.source, started_at=_text(record.started_at))
        return
    times = ("started_at", "ended_at", "ok_at")
    plain: dict[str, Value] = {
        name: value for name, value in asdict(record).items() if name not in times
    }
    rows.run("sync_save", **plain, **{name: _text(getattr(record, name)) for name in times})


def records(rows: Rows) -> list[SyncRecord]:
    """Read the records of all sources."""
    found = []
    for source, started, ended, ok, error, *counts in rows.all("sync_all"):
        numbers = [int(count or 0) for count in counts]
        begun = _time(started)
        assert begun is not None
        why = None if error is None else str(error)
        found.append(SyncRecord(str(source), begun, _time(ended), _time(ok), why, *numbers))
    return found


def _time(value: Value) -> datetime | None:
    return None if value is None else datetime.fromisoformat(str(value))


def _text(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
