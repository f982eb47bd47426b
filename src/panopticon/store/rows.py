"""The seam below the store: named statements on one connection, inside one transaction.

A database implements this; everything above it is the same SQL text on all of them.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

Value = str | int | float | None
Row = tuple[Value, ...]
Params = Mapping[str, Value]


class Rows(Protocol):
    """Runs the statements of `sql/*.sql` by their names."""

    def all(self, name: str, /, **params: Value) -> list[Row]:
        """Read every row."""

    def numbers(self, name: str, /, **params: Value) -> list[int]:
        """Read rows of whole numbers, row after row; tens of thousands at little cost."""

    def one(self, name: str, /, **params: Value) -> Row | None:
        """Read the first row."""

    def among(self, name: str, ids: Sequence[str], /, **params: Value) -> list[Row]:
        """Read the rows of a statement that ends in `in (:ids)`."""

    def run(self, name: str, /, **params: Value) -> int:
        """Write; returns how many rows were touched."""

    def many(self, name: str, batch: Sequence[Params], /) -> None:
        """Write once for each of these."""

    def count(self, name: str, /, **params: Value) -> int:
        """Count the rows a statement would give."""


class Database(Protocol):
    """Lends connections to threads; what the driver raises comes out as a PanError."""

    def read(self) -> AbstractContextManager[Rows]:
        """Read at one point in time."""

    def write(self) -> AbstractContextManager[Rows]:
        """Write in one transaction: all of it is kept, or nothing."""

    def close(self) -> None:
        """Give the connections back."""
