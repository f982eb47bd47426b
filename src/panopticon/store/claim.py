"""What this machine knows beside the trackers: claims as last seen, phases, writes that wait."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

import orjson

from panopticon.model.claim import Claim, Known
from panopticon.model.here import Here, without_here
from panopticon.model.queued import Queued
from panopticon.model.ref import IssueRef
from panopticon.store import event, here as here_rows, item
from panopticon.store.document import issue_from, ref_from, state_from, text_from
from panopticon.store.rows import Row, Rows

_T = TypeVar("_T")
_log = logging.getLogger(__name__)
_said: set[str] = set()  # once a run


def here(rows: Rows, ref: IssueRef) -> Here | None:
    """Read what only we know of an item."""
    return here_rows.read(rows, ref.tracker, _id(rows, ref))


def keep_here(rows: Rows, ref: IssueRef, new: Here | None, at: datetime) -> None:
    """Keep it, and show it on the stored item at once."""
    old, found = here(rows, ref), rows.among("items_by_keys", [ref.key], source=ref.tracker)
    here_rows.save(rows, ref.tracker, _id(rows, ref), new)
    if found:
        known = issue_from(str(found[0][4]))
        item.upsert(rows, ref.tracker, (without_here(known, old) if old else known,), at)


def known_claims(rows: Rows) -> list[Known]:
    """Read claims as last seen; a row that cannot be read is said and passed over."""
    read = (_read("claim", _known_from, row) for row in rows.all("known_claims"))
    return [one for one in read if one]


def know_claim(rows: Rows, known: Known) -> None:
    """Keep a claim as last seen."""
    claim = known.claim
    rows.run("known_claim_save", key=claim.key, fence=claim.fence, document=text_from(known))


def queue(rows: Rows, write: Queued) -> int:
    """Keep a write that waits; returns its number."""
    number = event.take_numbers(rows, "queued", 1)
    requeue(rows, replace(write, number=number))
    return number


def requeue(rows: Rows, write: Queued) -> None:
    """Keep how its last try went."""
    rows.run("queued_save", number=write.number, document=text_from(write))


def queued(rows: Rows) -> list[Queued]:
    """Read the writes that wait, in their order; one that cannot be read is said and stays."""
    read = (_read("write that waits", _queued_from, row) for row in rows.all("queued_all"))
    return [one for one in read if one]


def _read(what: str, read: Callable[[Row], _T], row: Row) -> _T | None:
    """Read a row; None for one that is damaged or another version's: the others still count."""
    try:
        return read(row)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        said = f"A {what} cannot be read and is passed over: {str(row[-1])[:80]!r} ({error})"
        if said not in _said:
            _said.add(said)
            _log.warning(said)
    return None


def _id(rows: Rows, ref: IssueRef) -> str:
    row = rows.one("item_native_id", source=ref.tracker, key=ref.key)
    return str(row[0]) if row else ref.key


def _known_from(row: Row) -> Known:
    raw: dict[str, Any] = orjson.loads(str(row[0]))
    claim = raw["claim"]
    for name in ("locked_at", "expires_at"):
        claim[name] = datetime.fromisoformat(claim[name])
    return Known(
        ref=ref_from(raw["ref"]),
        claim=Claim(**claim),
        arbiter=raw["arbiter"],
        seen_at=datetime.fromisoformat(raw["seen_at"]),
        was_native=raw["was_native"],
        was=state_from(raw["was"]),
        is_told=raw["is_told"],
    )


def _queued_from(row: Row) -> Queued:
    raw: dict[str, Any] = orjson.loads(str(row[1]))
    for name in ("at", "seen_at"):
        raw[name] = datetime.fromisoformat(raw[name])
    return Queued(**(raw | {"ref": ref_from(raw["ref"]), "state": state_from(raw["state"])}))
