"""The streams of a sync: what differs from what was delivered at a mark.

There is no clock to trust in folders, so marks only name what has been delivered: after a whole
run the versions are kept under its mark, before the last page is given. A cursor with a mark that
is not known gets everything.
"""

from collections.abc import Iterator, Mapping, Sequence, Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import orjson

from panopticon.errors import PanError
from panopticon.model.change import Cursor, Page, Scope
from panopticon.trackers.markdown.shelf.extent import Held, within
from panopticon.trackers.markdown.shelf.shelf import Shelf
from panopticon.trackers.markdown.shelf.shelves import Shelves
from panopticon.trackers.notes import Notes

BIN, ITEMS = "deleted", "items"
STREAMS = (BIN, ITEMS)  # the bin first: see the seam
_PAGE = 200


class Delivered:
    """What was delivered at which mark: the latest two marks of one stream and scope."""

    def __init__(self, notes: Notes, stream: str, source: str, scope: Scope | str) -> None:
        self._notes = notes
        self._name = f"markdown:{stream}:{source}:{scope}"

    def at(self, mark: datetime | None) -> Mapping[str, str] | None:
        """Give the versions by native id; None where the mark is not known."""
        return self.marks().get(mark.isoformat()) if mark else None

    def marks(self) -> dict[str, dict[str, str]]:
        """Give all that is kept."""
        text = self._notes.note(self._name)
        found: dict[str, dict[str, str]] = orjson.loads(text) if text else {}
        return found

    def ids(self) -> set[str]:
        """Give the ids of all that is kept."""
        return {one for versions in self.marks().values() for one in versions}

    def new_mark(self, now: datetime) -> datetime:
        """Give a mark that no other run has."""
        taken = self.marks()
        while now.isoformat() in taken:
            now += timedelta(microseconds=1)
        return now

    def put(self, mark: datetime, versions: Mapping[str, str], last: datetime | None) -> None:
        """Keep what this mark stands for, beside what the mark before stands for."""
        marks = self.marks()
        kept = {name: marks[name] for name in marks if last and name == last.isoformat()}
        self._keep({**kept, mark.isoformat(): dict(versions)})

    def forget(self, gone: AbstractSet[str]) -> None:
        """Take these out of what every mark stands for: should they come back, they are new."""
        marks = self.marks()
        if any(gone & versions.keys() for versions in marks.values()):
            left = {
                mark: {one: versions[one] for one in versions if one not in gone}
                for mark, versions in marks.items()
            }
            self._keep(left)

    def _keep(self, marks: Mapping[str, Mapping[str, str]]) -> None:
        self._notes.put_note(self._name, orjson.dumps(marks).decode())


@dataclass(slots=True)
class _Held:
    """What the stream of deletions has read, for the other stream of the same run."""

    scope: Scope
    now: datetime
    shelves: list[Shelf]
    errors: list[PanError]


@dataclass(slots=True)
class Streams:
    """Reads the folders of a source as streams of pages: both of one run from one reading."""

    shelves: Shelves
    notes: Notes
    page_size: int = _PAGE
    _held: _Held | None = None

    def pull(self, stream: str, scope: Scope, cursor: Cursor, now: datetime) -> Iterator[Page]:
        """Read a stream from a cursor.

        Folders that cannot be read keep what is known of them; the others are delivered, then the
        error is raised.
        """
        shelves, errors = self._read(stream, scope, cursor, now)
        if errors and not shelves:
            raise errors[0]
        there = {shelf.binding.mark for shelf in shelves}
        missing = [where.mark for where in self.shelves.wheres() if where.mark not in there]
        run = _Run(self, scope, cursor, shelves, tuple(f"{mark}:" for mark in missing))
        yield from run.deletions(now) if stream == BIN else run.items(now)
        if errors:
            raise _named(errors)

    def native_ids(self, scope: Scope) -> Iterator[tuple[str, str]]:
        """Yield the id and version of everything in scope; raises where a folder is missing.

        Who asks for all of them may take what is not among them as gone.
        """
        shelves = self.shelves.all()
        if scope.is_whole:
            there = {item.native_id for shelf in shelves for item in shelf.items}
            self.forget(self.delivered(ITEMS, scope).ids() - there)
        for held in within(shelves, scope):
            yield held.item.native_id, held.item.version

    def delivered(self, stream: str, scope: Scope) -> Delivered:
        """Find what was delivered of a stream and scope."""
        return Delivered(self.notes, stream, self.shelves.options.name, scope)

    def forget(self, gone: AbstractSet[str]) -> None:
        """Deliver these again when they come back, whatever the scope."""
        if gone:
            for scope in self._scopes():
                Delivered(self.notes, ITEMS, self.shelves.options.name, scope).forget(gone)

    def remember(self, scope: Scope) -> None:
        """Note that something of this scope is delivered."""
        scopes = self._scopes()
        if str(scope) not in scopes:
            self.notes.put_note(self._scopes_note, orjson.dumps([*scopes, str(scope)]).decode())

    @property
    def _scopes_note(self) -> str:
        return f"markdown:scopes:{self.shelves.options.name}"

    def _scopes(self) -> list[str]:
        text = self.notes.note(self._scopes_note)
        found: list[str] = orjson.loads(text) if text else []
        return found

    def _read(
        self, stream: str, scope: Scope, cursor: Cursor, now: datetime
    ) -> tuple[list[Shelf], list[PanError]]:
        """Read the folders for the bin; what it has read is there for the items of that run."""
        held, self._held = self._held, None
        if stream == ITEMS and held and (held.scope, held.now) == (scope, now):
            return held.shelves, held.errors
        believes = stream == BIN and scope.is_whole and cursor.mark is None and self._is_settled()
        shelves, errors = self.shelves.read(with_head=True, believes=believes)
        if stream == BIN:
            self._held = _Held(scope, now, shelves, errors)
            if not errors:
                self.notes.put_note(self._options_note, repr(self.shelves.options))
        return shelves, errors

    @property
    def _options_note(self) -> str:
        return f"markdown:options:{self.shelves.options.name}"

    def _is_settled(self) -> bool:
        """Tell whether settings are as they were: then a run from nowhere is a forced one."""
        return self.notes.note(self._options_note) == repr(self.shelves.options)


@dataclass(frozen=True, slots=True)
class _Run:
    """One reading of one stream; `missing` begins the ids of folders that cannot be read."""

    streams: Streams
    scope: Scope
    cursor: Cursor
    shelves: Sequence[Shelf]
    missing: tuple[str, ...]

    def deletions(self, now: datetime) -> Iterator[Page]:
        """Tell what was delivered and is gone, whatever the scope."""
        bin_ = self._delivered(BIN)
        told = bin_.at(self.cursor.mark)  # what was told at that mark is stored; later is not
        known = set(told) if told is not None else bin_.ids()
        known |= self._delivered(ITEMS).ids()
        there = {item.native_id for shelf in self.shelves for item in shelf.items}
        there |= {one for one in known if self._is_missing(one)}
        gone = tuple(sorted(known - there)) if self.cursor.mark else ()
        mark = bin_.new_mark(now)
        bin_.put(mark, dict.fromkeys(sorted(there), ""), self.cursor.mark)
        self.streams.forget(set(gone))
        yield Page((), Cursor(mark), deleted=gone)

    def items(self, now: datetime) -> Iterator[Page]:
        """Give what differs from what the cursor's mark stands for."""
        delivered = self._delivered(ITEMS)
        last = delivered.at(self.cursor.mark) or {}
        chosen = sorted(within(self.shelves, self.scope), key=lambda held: held.item.native_id)
        versions = {held.item.native_id: held.item.version for held in chosen}
        versions |= {one: last[one] for one in last if self._is_missing(one)}
        mark, after = self._start(delivered, versions, now)
        left = [held for held in chosen if last.get(held.item.native_id) != held.item.version]
        left = [held for held in left if held.item.native_id > after]
        self.streams.remember(self.scope)
        delivered.put(mark, versions, self.cursor.mark)
        size, total = self.streams.page_size, len(left)
        while len(left) > size:
            bite, left = left[:size], left[size:]
            where = Cursor(self.cursor.mark, bite[-1].item.native_id, mark)
            yield _page(bite, where, total)
        problems = sum(len(shelf.problems) for shelf in self.shelves)
        yield replace(_page(left, Cursor(mark), total), problems=problems)

    def _start(
        self, delivered: Delivered, versions: Mapping[str, str], now: datetime
    ) -> tuple[datetime, str]:
        """Go on where a run was cut off, if nothing has changed since; else start anew."""
        mark, position = self.cursor.running_mark, self.cursor.position
        if mark and position and delivered.at(mark) == versions:
            return mark, position
        return delivered.new_mark(now), ""

    def _delivered(self, stream: str) -> Delivered:
        return self.streams.delivered(stream, self.scope)

    def _is_missing(self, native_id: str) -> bool:
        return bool(self.missing) and native_id.startswith(self.missing)


def _page(some: Sequence[Held], cursor: Cursor, total: int) -> Page:
    issues = tuple(held.shelf.issue(held.item) for held in some)
    remarks = {held.item.key: held.shelf.remarks(held.item) for held in some}
    return Page(issues, cursor, total=total, remarks=remarks)


def _named(errors: Sequence[PanError]) -> PanError:
    """Give the first error; the others are told in its sentence."""
    first = errors[0]
    if len(errors) > 1:
        first.message = " ".join(error.message for error in errors)
    return first
