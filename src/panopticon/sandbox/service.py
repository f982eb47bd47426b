"""What the sandbox asks of a simulated tracker, and what a tracker that keeps a file asks of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from panopticon.sandbox.exchange import Reply, Request
from panopticon.sandbox.faults import Faults


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a service holds, for the admin: objects by place and kind."""

    generation: int
    objects: dict[str, dict[str, int]]
    sessions: int


class Service(Protocol):
    """One simulated tracker: everything under its path prefix is its own."""

    def handle(self, request: Request) -> Reply:
        """Answer one request."""

    def suffer(self, faults: Faults, conflicts: Callable[[], bool]) -> None:
        """Take the faults that must be known inside; `conflicts` throws the dice for a write."""

    def snapshot(self) -> Snapshot:
        """Count what there is."""

    def describe(self) -> dict[str, Any]:
        """Give what a client needs beside the address: keys, users, places."""


class Kept(Protocol):
    """What a journal writes and reads back, as rows of JSON."""

    @property
    def generation(self) -> int:
        """Give the number of the last commit."""

    def rows(self) -> Iterator[list[Any]]:
        """Give everything, what is referred to first."""

    def restore(self, number: int, rows: list[Any]) -> None:
        """Take the rows of one commit back."""
