"""Links as rows; both ends hear of a change in the log."""

from dataclasses import dataclass, replace
from datetime import datetime

from panopticon.model.event import EventKind
from panopticon.model.issue import Json
from panopticon.model.link import Link, LinkKind
from panopticon.model.ref import IssueRef
from panopticon.store import event
from panopticon.store.document import clean_text
from panopticon.store.rows import Row, Rows, Value


@dataclass(frozen=True, slots=True)
class Kept:
    """A link and the permanent ids of its ends, which name its row."""

    link: Link
    source_id: str
    target_id: str


def links(rows: Rows, ref: IssueRef | None = None) -> list[Link]:
    """Read the links of an item, or all, oldest first."""
    return [one.link for one in _kept(rows, ref) if ref is None or ref in one.link.ends]


def put(rows: Rows, link: Link) -> bool:
    """Keep a link; tells whether it is new."""
    if _same(rows, link):
        return False
    _save(rows, Kept(link, _id(rows, link.source), _id(rows, link.target)))
    _tell(rows, link, link.at, is_there=True)
    return True


def drop(rows: Rows, link: Link, at: datetime) -> bool:
    """Forget a link; tells whether it was there."""
    found = _same(rows, link)
    for one in found:
        _forget(rows, one)
    if found:
        _tell(rows, link, at, is_there=False)
    return bool(found)


def move(rows: Rows, old: str, source: str) -> int:
    """Give the links of a source to the name that it has now; tells how many.

    The log says nothing: the items are told when they come under that name.
    """
    known = _kept(rows, None)
    taken = [_row_of(one) for one in known]
    moved = 0
    for one in known:
        ends = [_called(end, old, source) for end in (one.link.source, one.link.target)]
        renamed = replace(one, link=replace(one.link, source=ends[0], target=ends[1]))
        if renamed != one:
            moved += 1
            _forget(rows, one)
            if _row_of(renamed) not in taken:
                _save(rows, renamed)
    return moved


def _called(ref: IssueRef, old: str, source: str) -> IssueRef:
    return replace(ref, tracker=source) if ref.tracker == old else ref


def claims(rows: Rows) -> list[tuple[IssueRef, str]]:
    """Read which items name what another tracker calls them."""
    found = rows.all("twin_claims")
    return [(IssueRef(str(source), str(key)), str(twin)) for source, key, twin in found]


def _save(rows: Rows, one: Kept) -> None:
    rows.run(
        "link_save",
        **_row_of(one),
        source_key=one.link.source.key,
        target_key=one.link.target.key,
        at=one.link.at.isoformat(),
        by_whom=clean_text(one.link.by),
    )


def _forget(rows: Rows, one: Kept) -> None:
    rows.run("link_drop", **_row_of(one))


def _row_of(one: Kept) -> dict[str, Value]:
    """Give what names a row."""
    return {
        "kind": one.link.kind.value,
        "source_tracker": one.link.source.tracker,
        "source_id": one.source_id,
        "target_tracker": one.link.target.tracker,
        "target_id": one.target_id,
    }


def _same(rows: Rows, link: Link) -> list[Kept]:
    return [one for one in _kept(rows, link.source) if one.link.says_as(link)]


def _kept(rows: Rows, ref: IssueRef | None) -> list[Kept]:
    if ref is None:
        return [_kept_from(row) for row in rows.all("links_all")]
    about = {"tracker": ref.tracker, "id": _id(rows, ref), "key": ref.key}
    return [_kept_from(row) for row in rows.all("links_about", **about)]


def _kept_from(row: Row) -> Kept:
    kind, tracker, key, is_here, target, target_key, is_there, at, by, source_id, target_id = row
    link = Link(
        kind=LinkKind(str(kind)),
        source=IssueRef(str(tracker), str(key)),
        target=IssueRef(str(target), str(target_key)),
        at=datetime.fromisoformat(str(at)),
        by=str(by),
        is_asleep=is_here is None or is_there is None,
    )
    return Kept(link, str(source_id), str(target_id))


def _id(rows: Rows, ref: IssueRef) -> str:
    row = rows.one("item_native_id", source=ref.tracker, key=ref.key)
    return str(row[0]) if row else ref.key


def _tell(rows: Rows, link: Link, at: datetime, *, is_there: bool) -> None:
    entries: list[event.Entry] = []
    for end in (link.source, link.target):
        words: list[Json] = [link.seen_from(end)]
        change: list[Json] = [None, words] if is_there else [words, None]
        entries.append((EventKind.UPDATED, end, {"links": change}))
    event.append(rows, entries, at)
