"""The history of LockToken on a real server: the port of rally/lease.

Revisions spell fields by their display names in capitals, changes as text:
`LOCK TOKEN changed from [old] to [new]`, `LOCK TOKEN added [new]`. We write that field alone, so it
stands first: the same words inside another field's text are none of ours.
"""

import re
from collections.abc import Sequence
from datetime import datetime

from panopticon.errors import Retriable, Unsupported
from panopticon.trackers.rally.ask import Ask
from panopticon.trackers.rally.items import REVISION, Items
from panopticon.trackers.rally.lease import Entry
from panopticon.trackers.rally.record import (
    Record,
    count,
    email_of,
    moment,
    nested,
    path_of,
    text,
    words,
)
from panopticon.trackers.rally.verdict import ignored_fields

_PAGE = 200


class LockLog:
    """The lock field of one connection; `field` is its element name (`c_LockToken`)."""

    def __init__(
        self, items: Items, field: str = "c_LockToken", title: str = "LOCK ?TOKEN"
    ) -> None:
        self._items = items
        self._field = field
        self._written = re.compile(
            rf"\s*{title} (?:added|changed from \[.*?\] to) \[(?P<token>[^\[\]]*)\]",
            re.IGNORECASE | re.DOTALL,
        )
        self._paths: dict[str, tuple[str, str]] = {}

    def entries(self, key: str) -> Sequence[Entry]:
        """Read every revision of an item, in the order of their numbers."""
        history = self._places(key)[1]
        ask = Ask(f"{history}/Revisions", REVISION, order="RevisionNumber", size=_PAGE)
        rows = self._items.wsapi.all(ask)
        return [self._entry(row) for row in sorted(rows, key=_number)]

    def write(self, key: str, token: str) -> None:
        """Write the field alone; raises Unsupported where the workspace lacks it."""
        written = self._items.wsapi.update(self._places(key)[0], {self._field: token})
        if ignored_fields(words(written.get("Warnings"))):
            raise Unsupported(
                f"This workspace has no field {self._field}: Rally cannot decide claims here.",
                "An admin creates it (`pan rally setup-fields`), or choose another arbiter.",
            )

    def told_time(self) -> datetime:
        """Tell the server's time as last seen."""
        if self._items.wsapi.server_now() is None:
            self._items.wsapi.read("/user", ("UserName",))
        now = self._items.wsapi.server_now()
        if now is None:
            raise Retriable("Rally has not told its time yet.", "Ask again in a moment.")
        return now

    def _places(self, key: str) -> tuple[str, str]:
        """Find the paths of an item and its history, which never change."""
        if key not in self._paths:
            found = self._items.record(key.rpartition("/")[2], ("RevisionHistory",))
            history = path_of(nested(found, "RevisionHistory")).strip("/")
            self._paths[key] = path_of(found), history
        return self._paths[key]

    def _entry(self, row: Record) -> Entry:
        at = moment(row, "CreationDate")
        assert at is not None, "Rally dates every revision"
        found = self._written.match(text(row, "Description"))
        user = email_of(nested(row, "User")) or ""
        return Entry(_number(row), at, user, found["token"] if found else None)


def _number(row: Record) -> int:
    return count(row, "RevisionNumber")
