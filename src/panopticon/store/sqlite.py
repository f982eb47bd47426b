"""Rows in one SQLite file (WAL), or in memory; the only place that speaks sqlite3.

One writes while others read: https://www.sqlite.org/wal.html. A file that is not ours is never
touched: https://www.sqlite.org/pragma.html#pragma_application_id.
"""

import re
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from itertools import chain
from operator import itemgetter
from pathlib import Path
from queue import Empty, LifoQueue

from panopticon.errors import LocalFault
from panopticon.store.queries import migrations, texts
from panopticon.store.rows import Params, Row, Rows, Value
from panopticon.store.sqlite_fault import fault_from, folder_fault

MEMORY = ":memory:"
APPLICATION_ID = 0x70616E31  # "pan1"
BUSY_MS = 15_000
_IDLE = 8
_SWITCH_EVERY = 0.02
_PLACES = 50  # always as many, so that the driver keeps the statement
_PLACE_NAMES = ", ".join(f":id_{i}" for i in range(_PLACES))
_NAME = re.compile(r":(\w+)")
_OLDEST = (3, 35)  # `returning`


class SqliteRows:
    """The named statements on one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Keep the connection, and the texts."""
        self.connection = connection
        self._texts = texts("sqlite3")

    def all(self, name: str, /, **params: Value) -> list[Row]:
        """Read every row."""
        return self.connection.execute(self._texts[name], params).fetchall()

    def numbers(self, name: str, /, **params: Value) -> list[int]:
        """Read rows of whole numbers, row after row; no row stays, so that no memory is swept."""
        return list(chain.from_iterable(self.connection.execute(self._texts[name], params)))

    def one(self, name: str, /, **params: Value) -> Row | None:
        """Read the first row."""
        found: Row | None = self.connection.execute(self._texts[name], params).fetchone()
        return found

    def among(self, name: str, ids: Sequence[str], /, **params: Value) -> list[Row]:
        """Read the rows of a statement that ends in `in (:ids)`."""
        found: list[Row] = []
        for start in range(0, len(ids), _PLACES):
            some = ids[start : start + _PLACES]
            named = {f"id_{i}": some[i] if i < len(some) else None for i in range(_PLACES)}
            text = self._texts[name].replace(":ids", _PLACE_NAMES)
            found += self.connection.execute(text, {**params, **named}).fetchall()
        return found

    def run(self, name: str, /, **params: Value) -> int:
        """Write; returns how many rows were touched."""
        return self.connection.execute(self._texts[name], params).rowcount

    def many(self, name: str, batch: Sequence[Params], /) -> None:
        """Write once for each of these."""
        text, values = _by_place(self._texts[name])
        self.connection.executemany(text, map(values, batch))

    def count(self, name: str, /, **params: Value) -> int:
        """Count the rows a statement would give."""
        text = f"select count(*) from ({self._texts[name]})"  # noqa: S608 - our own text
        found = self.connection.execute(text, params).fetchone()
        return int(found[0])


class Sqlite:
    """A file, or memory; connections go from thread to thread, one user each at a time."""

    def __init__(
        self, path: Path | None, *, page_limit: int | None = None, busy_ms: int = BUSY_MS
    ) -> None:
        """Open and bring up to date; `page_limit` bounds the file's pages, as a full disk does."""
        self._busy_ms = busy_ms
        self._path = path
        self._page_limit = page_limit
        self._idle: LifoQueue[sqlite3.Connection] = LifoQueue()
        self._writing = threading.RLock()
        self._is_closed = False
        if sqlite3.sqlite_version_info < _OLDEST:
            raise LocalFault(
                f"This Python brings SQLite {sqlite3.sqlite_version}; 3.35 or newer is needed.",
                "Use a newer Python.",
            )
        if path:
            _prepare(path)
        with self._guard():
            first = self._connect()
            try:
                self._adopt(first)
            except BaseException:
                first.close()
                raise
        self._idle.put(first)

    def close(self) -> None:
        """Give the connections back."""
        self._is_closed = True
        while True:
            try:
                self._idle.get_nowait().close()
            except Empty:
                return

    @contextmanager
    def read(self) -> Iterator[Rows]:
        """Read at one point in time."""
        with self._lent() as connection:
            connection.execute("begin")
            try:
                yield SqliteRows(connection)
            finally:
                connection.execute("rollback")

    @contextmanager
    def write(self) -> Iterator[Rows]:
        """Write in one transaction: all of it is kept, or nothing."""
        with self._writing, self._lent() as connection:
            connection.execute("begin immediate")
            try:
                yield SqliteRows(connection)
                connection.execute("commit")
            except BaseException:
                with suppress(sqlite3.Error):  # a full disk may have rolled back by itself
                    connection.execute("rollback")
                raise

    @contextmanager
    def _lent(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection: any number on a file, the only one of a memory."""
        with self._guard():
            if self._path is None:
                connection = self._idle.get()
            else:
                try:
                    connection = self._idle.get_nowait()
                except Empty:
                    connection = self._connect()
            try:
                yield connection
            finally:
                if self._is_closed or (self._path and self._idle.qsize() >= _IDLE):
                    connection.close()
                else:
                    self._idle.put(connection)

    @contextmanager
    def _guard(self) -> Iterator[None]:
        """Tell in our words what the driver says in its own."""
        try:
            yield
        except sqlite3.Error as error:
            raise fault_from(error, self._path) from error

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path or MEMORY,
            isolation_level=None,
            check_same_thread=False,
            timeout=self._busy_ms / 1000,
        )
        if self._page_limit:
            connection.execute(f"pragma max_page_count = {self._page_limit}")
        connection.execute("pragma synchronous = normal")  # with WAL: safe against SIGKILL
        connection.execute("pragma temp_store = memory")
        return connection

    def _adopt(self, connection: sqlite3.Connection) -> None:
        """Refuse what is not ours, then apply the migrations it lacks."""
        version, newest = self._version(connection), migrations(0)[-1][0]
        if version > newest:
            raise LocalFault(
                f"{self._path} was written by a newer Panopticon (schema {version}, not {newest}).",
                "Upgrade Panopticon. Nothing was changed.",
            )
        if version < newest:
            self._switch_to_wal(connection)
            self._migrate(connection)

    def _switch_to_wal(self, connection: sqlite3.Connection) -> None:
        """Wait by hand: the switch is refused at once while another process looks at the file."""
        until = time.monotonic() + self._busy_ms / 1000
        while True:
            try:
                connection.execute("pragma journal_mode = wal")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                    raise
                time.sleep(_SWITCH_EVERY)
            else:
                return

    def _migrate(self, connection: sqlite3.Connection) -> None:
        """Apply what is missing in one transaction; who came second finds nothing left to do."""
        connection.execute("begin immediate")
        try:
            for number, text in migrations(_schema_of(connection)):
                for statement in _statements(text):
                    connection.execute(statement)
                connection.execute(f"pragma user_version = {number}")
            connection.execute(f"pragma application_id = {APPLICATION_ID}")
            connection.execute("commit")
        except BaseException:
            with suppress(sqlite3.Error):
                connection.execute("rollback")
            raise

    def _version(self, connection: sqlite3.Connection) -> int:
        """Read the schema's number; raises LocalFault for somebody else's file."""
        connection.execute("begin")  # one point in time: another process may adopt it just now
        try:
            ours = connection.execute("pragma application_id").fetchone()[0]
            tables = connection.execute("select count(*) from sqlite_master").fetchone()[0]
            number = _schema_of(connection)
        finally:
            connection.execute("rollback")
        if ours != APPLICATION_ID and (ours or tables):
            raise LocalFault(
                f"{self._path} is a database of another program.",
                "Move it away, or point HOME at another folder. Nothing was changed.",
            )
        return number


def _schema_of(connection: sqlite3.Connection) -> int:
    return int(connection.execute("pragma user_version").fetchone()[0])


@cache
def _by_place(text: str) -> tuple[str, Callable[[Params], tuple[Value, ...]]]:
    """Spell a statement with places: the driver looks every name up anew for every row."""
    names = _NAME.findall(text)
    if len(names) == 1:  # of one name the getter would give the value itself
        return _NAME.sub("?", text), lambda params: (params[names[0]],)
    return _NAME.sub("?", text), itemgetter(*names)


def _prepare(path: Path) -> None:
    """Make the folder and the file, for this user's eyes only."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            path.touch(mode=0o600)
    except OSError as error:
        raise folder_fault(path, error) from error


def _statements(text: str) -> Iterator[str]:
    """Split a migration: one transaction holds them all, which a script would commit."""
    statement = ""
    for line in text.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
