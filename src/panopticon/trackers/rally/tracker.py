"""The Rally tracker: one workspace and its projects behind the seam of trackers/base.py."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime

from panopticon.config import Source
from panopticon.errors import Unsupported
from panopticon.model.change import Cursor, Page, Scope, Usage
from panopticon.model.claim import Arbiter, Claim
from panopticon.model.form import FormField, Move, Revision
from panopticon.model.issue import (
    Comment,
    Issue,
    IssueFields,
    Iteration,
    Kind,
    NewIssue,
    State,
    Task,
    User,
)
from panopticon.trackers.base import Capabilities, Check, Place
from panopticon.trackers.http import Door, HttpClient, Policy, no_word
from panopticon.trackers.notes import ForgetfulNotes, Notes
from panopticon.trackers.rally.client import BASE, Wsapi
from panopticon.trackers.rally.forms import Forms
from panopticon.trackers.rally.items import Items
from panopticon.trackers.rally.lately import Lately
from panopticon.trackers.rally.lease import RallyArbiter
from panopticon.trackers.rally.lease_log import LockLog
from panopticon.trackers.rally.lock_words import titles
from panopticon.trackers.rally.mapping import Mapper
from panopticon.trackers.rally.moves import Moves
from panopticon.trackers.rally.own_fields import OwnFields
from panopticon.trackers.rally.people import People
from panopticon.trackers.rally.projection import Projection
from panopticon.trackers.rally.region import Region
from panopticon.trackers.rally.report import Report
from panopticon.trackers.rally.schema import TYPES, Schema
from panopticon.trackers.rally.settings import RallySettings, settings_from
from panopticon.trackers.rally.streams import STREAMS, Streams
from panopticon.trackers.rally.territory import Territory
from panopticon.trackers.rally.wording import Wording
from panopticon.trackers.rally.writable import WRITABLE, writable
from panopticon.trackers.rally.write import Writer

_REST_SECONDS = 0.25  # between two looks at a history that lags


class RallyTracker:
    """Speaks for one configured Rally connection; safe to use from many threads."""

    def __init__(
        self, settings: RallySettings, http: HttpClient, notes: Notes | None = None
    ) -> None:
        kept = notes or ForgetfulNotes()
        self.settings = settings
        self._http = http
        self._pool = ThreadPoolExecutor(settings.in_flight, thread_name_prefix=settings.name)
        self._wsapi = Wsapi(http)
        self._territory = Territory(self._wsapi, settings, kept)
        self.schema = Schema(
            self._wsapi, kept, f"{settings.origin} {settings.workspace} {settings.projects}"
        )
        region = Region(self._wsapi, self._territory, self.schema)
        mapper = Mapper(
            settings,
            self.schema.portfolio_kind,
            lambda: self.schema.values(TYPES[Kind.DEFECT], "Priority"),
        )
        self.own_fields = OwnFields(self._wsapi, self.schema, settings.fields, self._territory)
        self._streams = Streams(self._wsapi, settings, mapper, region, self._pool)
        lately = Lately(http.policy.monotonic)
        self._items = Items(self._wsapi, self._streams, region, self._pool, lately)
        self._people = People(self._wsapi, self._territory)
        self._report = Report(self._wsapi, settings, self._territory, self.schema)
        self._writer = Writer(self._items, self._people, self.schema, settings)
        self._projection = Projection(self._items, self.schema, settings, self._writer.post)
        self._moves = Moves(self.schema, settings)
        self._forms = Forms(self.schema, settings, self._territory, self._moves)
        self._wording = Wording(self.schema, settings, self._territory)

    @property
    def name(self) -> str:
        """The configured name."""
        return self.settings.name

    @property
    def capabilities(self) -> Capabilities:
        """What Rally can do; asking sends nothing.

        Once a form or a write has read a kind's fields (they are kept for a day, also between
        runs), `writable` is exact and agrees with `form`; until then it is the upper bound.
        """
        return Capabilities(
            kinds=tuple(WRITABLE),
            writable=writable(self.settings, self.schema.known_attributes),
            history=True,
        )

    def usage(self) -> Usage:
        """Requests sent and bytes received so far."""
        return self._http.usage()

    def identity(self) -> str:
        """Name the workspace alike on every machine."""
        return f"rally:{self._territory.workspace_id()}"

    def check(self) -> Check:
        """Ask who we are, what we may do and what is there."""
        self.schema.forget()
        self._territory.forget()
        return self._report.check()

    def places(self) -> list[Place]:
        """List the workspaces and projects the key may see."""
        return self._territory.places()

    def streams(self) -> tuple[str, ...]:
        """Name the streams of a sync."""
        return STREAMS

    def pull(self, stream: str, scope: Scope, cursor: Cursor, now: datetime) -> Iterator[Page]:  # noqa: ARG002
        """Read a stream from a cursor; only the server's own clock counts, `now` may be wrong."""
        return self._streams.pull(stream, scope, cursor)

    def native_ids(self, scope: Scope) -> Iterator[tuple[str, str]]:
        """Yield the id and version of everything in scope."""
        return self._streams.native_ids(scope)

    def fetch(self, native_ids: list[str]) -> list[Issue]:
        """Read these items in few requests."""
        return self._items.fetch(native_ids)

    def get(self, key: str) -> Issue:
        """Read one item."""
        return self._items.get(key)

    def create(self, new: NewIssue) -> Issue:
        """Create an item, once even where the reply is lost."""
        return self._writer.create(new)

    def update(self, key: str, fields: IssueFields) -> Issue:
        """Write fields."""
        return self._writer.update(key, fields)

    def transition(self, key: str, state: State) -> Issue:
        """Move an item to a column."""
        return self._writer.update(key, {"state": state})

    def delete(self, key: str) -> None:
        """Delete an item into the recycle bin."""
        self._writer.delete(key)

    def comments(self, key: str) -> list[Comment]:
        """Read the remarks, oldest first."""
        return self._items.comments(key)

    def comment(self, key: str, body: str) -> Comment:
        """Add a remark."""
        return self._writer.comment(key, body)

    def children(self, key: str) -> list[Issue]:
        """Read the items below this one."""
        return self._items.children(key)

    def tick(self, key: str, step: Task) -> Issue:  # noqa: ARG002
        """Refuse: a step is an item of its own here."""
        raise _no_lines()

    def add_step(self, key: str, title: str) -> Issue:  # noqa: ARG002
        """Refuse: a step is an item of its own here."""
        raise _no_lines()

    def link_pull_request(self, key: str, url: str) -> None:
        """Show a pull request on the item."""
        self._writer.link_pull_request(key, url)

    def arbiter(self) -> Arbiter | None:
        """Decide by the revisions of the lock field, where the workspace has it."""
        self._territory.enter()
        if not self._report.can_decide():
            return None
        sleep = self._http.policy.sleep
        field = self.settings.fields.token
        log = LockLog(self._items, field, titles(field, self._report.labels(field)))
        return RallyArbiter(log, lambda: sleep(_REST_SECONDS))

    def show_claim(self, key: str, claim: Claim | None, arbiter: str = "") -> Issue:
        """Write the lock fields that there are; a comment where the holder has none."""
        return self._projection.show(key, claim, arbiter)

    def iterations(self) -> list[Iteration]:
        """List the timeboxes in scope."""
        return self._people.iterations()

    def users(self) -> list[User]:
        """List the people."""
        return self._people.users()

    def form(self, kind: Kind, project: str | None = None) -> tuple[FormField, ...]:
        """Ask for what this kind takes; from the remembered schema, so it costs nothing again."""
        return self._forms.fields(kind, project)

    def moves(self, issue: Issue) -> tuple[Move, ...]:
        """Say for each column by which word `transition` would get there, or why not."""
        self._territory.enter()
        return self._moves.told(issue)

    def words(self) -> dict[Kind, tuple[tuple[str, State], ...]]:
        """List the words of states by kind, and the column each stands in."""
        return self._wording.listed()

    def history(self, key: str) -> list[Revision]:
        """Read the newest 200 revisions, newest first, in two requests."""
        return self._items.history(key)

    def close(self) -> None:
        """Give threads and connections back."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._http.close()


def door_for(settings: RallySettings) -> Door:
    """Say where Rally is and who we are."""
    headers = {
        "X-RallyIntegrationName": "Panopticon",
        "X-RallyIntegrationVendor": "Panopticon",
    }
    if settings.key:
        headers["ZSESSIONID"] = settings.key
    secrets = (settings.key or "", settings.basic[1] if settings.basic else "")
    return Door(
        tracker=settings.name,
        origin=settings.origin,
        base=BASE,
        headers=headers,
        basic=settings.basic,
        secrets=secrets,
        ca_file=settings.ca_file,
        log="rally",
    )


def policy_for(settings: RallySettings) -> Policy:
    """Say how patient to be."""
    return Policy(
        connect_seconds=settings.connect_seconds,
        read_seconds=settings.read_seconds,
        in_flight=settings.in_flight,
    )


def _no_lines() -> Unsupported:
    return Unsupported("In Rally a step is a task of its own.", "Write the task itself: TA12.")


def open_rally(source: Source, notes: Notes | None = None) -> RallyTracker:
    """Build the tracker of a source."""
    settings = settings_from(source)
    policy = policy_for(settings)
    if notes is None:  # a look at a server that is not configured: only its end is told
        policy = replace(policy, on_wait=no_word)
    return RallyTracker(settings, HttpClient(door_for(settings), policy), notes)
