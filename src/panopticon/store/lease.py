"""The store arbiter: one row a key, changed by one statement that the database judges.

Guarantees: the database runs the statements one after another, each by its own clock; two takes
never return one fence. Assumes nothing of anybody's clock or network: a lost reply is answered by
asking again in the same session. A SQLite file decides for one machine only, which the project's
settings must say; a database server decides for all who use it.
"""

import secrets
from collections.abc import Callable
from datetime import datetime

from panopticon.model.claim import Act, Ask, Claim, refused
from panopticon.store.rows import Database, Row, Rows, Value

_VERBS = {Act.RENEW: "lease_renew", Act.RELEASE: "lease_release"}


_OWN_ID = "store.id"


def own_name(name: str, database: Database) -> str:
    """Say in an arbiter's name which database it is: on another machine another one decides.

    The eight hexadecimal digits after # are made on first use.
    """
    with database.read() as rows:
        row = rows.one("note_read", name=_OWN_ID)
    if row is None:
        with database.write() as rows:
            rows.run("note_first", name=_OWN_ID, value=secrets.token_hex(4))
            row = rows.one("note_read", name=_OWN_ID)
    assert row is not None
    return f"{name}#{row[0]}"


class StoreArbiter:
    """Decides by the rows of a database; `told` stands in for its clock in tests."""

    def __init__(
        self, name: str, database: Database, told: Callable[[], datetime] | None = None
    ) -> None:
        self._name = name
        self._database = database
        self._told = told

    @property
    def name(self) -> str:
        """How settings spell it."""
        return self._name

    def now(self) -> datetime:
        """Tell the database's time."""
        with self._database.read() as rows:
            row = rows.one("lease_now", at=self._at())
        assert row is not None
        return datetime.fromisoformat(str(row[0]))

    def read(self, key: str) -> Claim | None:
        """Read the record of a key."""
        with self._database.read() as rows:
            return _read(rows, key)

    def records(self) -> list[Claim]:
        """Read every record."""
        with self._database.read() as rows:
            return [_claim(row) for row in rows.all("lease_all")]

    def ask(self, ask: Ask) -> Claim:
        """Do what is asked, or raise Conflict with who holds it."""
        words: dict[str, Value] = {
            "key": ask.key,
            "holder": ask.holder,
            "session": ask.session,
            "fence": ask.fence,
            "branch": ask.branch,
            "reason": ask.reason if ask.act in {Act.STEAL, Act.RELEASE} else "",
            "act": ask.act.value,
            "plus": f"+{ask.seconds:.3f} seconds",
            "at": self._at(),
        }
        with self._database.write() as rows:
            row = rows.one(_VERBS.get(ask.act, "lease_take"), **words)
            held = None if row else _read(rows, ask.key)
        if row is None:
            raise refused(held, ask)
        return _claim(row)

    def _at(self) -> str | None:
        return self._told().isoformat(timespec="milliseconds") if self._told else None


def _read(rows: Rows, key: str) -> Claim | None:
    row = rows.one("lease_read", key=key)
    return _claim(row) if row else None


def _claim(row: Row) -> Claim:
    key, holder, session, fence, locked_at, expires_at, branch, is_released, reason = row
    return Claim(
        key=str(key),
        holder=str(holder),
        session=str(session),
        fence=int(str(fence)),
        locked_at=datetime.fromisoformat(str(locked_at)),
        expires_at=datetime.fromisoformat(str(expires_at)),
        branch=None if branch is None else str(branch),
        is_released=bool(is_released),
        reason=str(reason),
    )
