"""What only this machine knows of items, put on them whenever they come in."""

from collections.abc import Sequence
from typing import Any

import orjson

from panopticon.model.here import Here, with_here
from panopticon.model.issue import Issue
from panopticon.store.document import lease_from, state_from, text_from
from panopticon.store.rows import Rows


def read(rows: Rows, source: str, native_id: str) -> Here | None:
    """Read what is kept of an item."""
    row = rows.one("here_read", source=source, native_id=native_id)
    return _here_from(str(row[0])) if row else None


def save(rows: Rows, source: str, native_id: str, here: Here | None) -> None:
    """Keep it, or forget it."""
    if here is None:
        rows.run("here_drop", source=source, native_id=native_id)
    else:
        document = text_from(here)
        rows.run("here_save", source=source, native_id=native_id, document=document)


def shown(rows: Rows, source: str, issues: Sequence[Issue]) -> list[Issue]:
    """Put it on items that come in."""
    ids = [issue.native_id or issue.ref.key for issue in issues]
    found = {str(row[0]): str(row[1]) for row in rows.among("here_among", ids, source=source)}
    return [
        with_here(issue, _here_from(found[native_id])) if native_id in found else issue
        for native_id, issue in zip(ids, issues, strict=True)
    ]


def _here_from(document: str) -> Here:
    raw: dict[str, Any] = orjson.loads(document)
    lease = lease_from(raw["lease"]) if raw["lease"] else None
    return Here(lease, state_from(raw["state"]), raw["native_state"], state_from(raw["was"]))
