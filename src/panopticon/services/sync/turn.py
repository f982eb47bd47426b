"""One tracker's turn in a sync: what is wanted, how far it is, what it did."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event, Lock

from panopticon.model.change import Cursor, Page, Scope, Usage
from panopticon.services.context import Context
from panopticon.store.base import Store

WAIT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to sync: which trackers (all when none is named), which part, anew or only changes.

    `wait_seconds`: how long to wait for another sync of the same tracker.
    """

    trackers: tuple[str, ...] = ()
    scope: Scope = field(default_factory=Scope)
    force: bool = False
    wait_seconds: float = WAIT_SECONDS


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a stream is; `total` where the tracker tells."""

    source: str
    stream: str
    done: int
    total: int | None


@dataclass
class Turn:
    """One tracker's turn; its threads share it.

    `fingerprint` stands for the server, the workspace and the settings: cursors of another one
    are not ours to go on from. `is_elsewhere`: it answered that what is wanted is not in it.
    """

    ctx: Context
    store: Store
    name: str
    wanted: Wanted
    tell: Callable[[Progress], None]
    stop: Event
    before: Callable[[str], None] | None = None  # what comes first, under the source's lock
    fingerprint: str = ""
    is_elsewhere: bool = False
    fetched: int = 0
    changed: int = 0
    deleted: int = 0
    forgotten: int = 0
    problems: int = 0  # in what was read, as the tracker counts them
    usage: Usage = field(default_factory=Usage)
    gone: set[str] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)

    @property
    def scope(self) -> str:
        """Name the cursors of this turn."""
        return f"{self.fingerprint};{self.wanted.scope}"

    def cursor(self, stream: str) -> Cursor:
        """Read how far a stream is stored; nowhere when everything is wanted anew."""
        if self.wanted.force:
            return Cursor()
        return self.store.cursor(self.name, self.scope, stream)

    def apply(self, stream: str, page: Page) -> None:
        """Store a page with its cursor, and count what it changed."""
        done = self.store.apply(self.name, page, self.ctx.now(), scope=self.scope, stream=stream)
        with self._lock:
            self.fetched += len(page.issues)
            self.changed += done.created + done.updated
            self.deleted += done.deleted
            self.problems += page.problems
            self.gone.update(page.deleted)

    def forget(self, native_ids: list[str]) -> None:
        """Drop what the settings no longer name: gone from here, not from the tracker."""
        before = self.deleted
        self.drop(native_ids)
        self.forgotten += self.deleted - before

    def drop(self, native_ids: list[str]) -> None:
        """Forget items, and count them."""
        if native_ids:
            self.deleted += self.store.drop(self.name, native_ids, self.ctx.now())
