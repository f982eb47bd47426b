"""Writes to Rally: each field lands or is named, and nothing is created twice.

A lost reply to a create is looked up by what it would have made: same title, same project, made
by us since just before the attempt. Limit: if the same person creates two items of one title in
one project within the same seconds, and a reply is lost, the other one may be taken for it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from panopticon.errors import InvalidInput, NotFound, PanError, Partial, Retriable, Unsupported
from panopticon.model.issue import Comment, Issue, IssueFields, Json, Kind, NewIssue
from panopticon.trackers.faults import LostReply
from panopticon.trackers.rally.ask import Ask, Fetch
from panopticon.trackers.rally.items import POST, Items, comment_from
from panopticon.trackers.rally.mapping import type_of
from panopticon.trackers.rally.moves import Target
from panopticon.trackers.rally.payload import Payloads
from panopticon.trackers.rally.people import People
from panopticon.trackers.rally.query import Term
from panopticon.trackers.rally.record import Record, moment, nested, path_of, text, words
from panopticon.trackers.rally.schema import Schema
from panopticon.trackers.rally.settings import RallySettings
from panopticon.trackers.rally.text import html_from, markdown_from
from panopticon.trackers.rally.verdict import ignored_fields

_LOOKS = (0.0, 2.0, 8.0)  # replicas may lag 8 s behind
_CREATES = 3


class Writer:
    """Creates, updates, deletes and comments."""

    def __init__(
        self, items: Items, people: People, schema: Schema, settings: RallySettings
    ) -> None:
        self._items = items
        self._wsapi = items.wsapi
        self._schema = schema
        self._settings = settings
        self._payloads = Payloads(items.record, people, schema, settings)

    def update(self, key: str, fields: IssueFields) -> Issue:
        """Write fields; raises Unsupported naming those that Rally left out."""
        record = self._items.recent(key)
        target = self._target(record)
        body = self._payloads.body(target, fields)
        if not body:
            return self._items.told(record)
        fetch = self._items.fields_of(target.type_path)
        try:
            written = self._wsapi.update(path_of(record), body, fetch)
        except InvalidInput:
            self._payloads.refused(target, fields)
            raise
        _refuse_ignored(written, text(record, "FormattedID"), asked=len(body))
        return self._items.told(written)

    def _target(self, record: Record) -> Target:
        type_path, project = type_of(record), nested(record, "Project")
        mapper = self._items.streams.mapper
        kind = mapper.kind_of(type_path)
        stands = mapper.standing(kind, record)
        return Target(kind, type_path, path_of(project), text(project, "Name"), record, stands)

    def create(self, new: NewIssue) -> Issue:
        """Create an item and return it as Rally has it."""
        type_path = self._schema.type_path(new.kind)
        project = self._project(new.project)
        fields = new.fields
        if new.kind is Kind.TASK and not fields.get("parent"):
            raise InvalidInput(
                "A task needs a story or defect above it.", "Set `parent`.", field="parent"
            )
        body = self._payloads.body(
            Target(new.kind, type_path, project, self._place(project)), fields
        )
        if "Name" not in body:
            raise InvalidInput("A title is needed.", "Give the item a name.", field="title")
        body["Project"] = project
        wanted = _Wanted(type_path, self._items.fields_of(type_path), body, project)
        made = self._once(wanted, lambda since: self._made_item(wanted, since))
        _tell_ignored(made, text(made, "FormattedID"))
        return self._items.told(made)

    def delete(self, key: str) -> None:
        """Put an item into the recycle bin."""
        record = self._items.record(key)
        try:
            self._wsapi.delete(path_of(record))
        except NotFound:
            return  # it was there a moment ago: our first try, or somebody else, deleted it

    def comment(self, key: str, body: str) -> Comment:
        """Add a remark."""
        if not body.strip():
            raise InvalidInput("The comment is empty.", "Write something.")
        record = self._items.record(key)
        return self.post(record, html_from(body))

    def link_pull_request(self, key: str, url: str) -> None:
        """Show a pull request as a connection, or as a comment where there is no such type."""
        parts = urlsplit(url)
        if (
            parts.scheme not in {"http", "https"}
            or not parts.hostname
            or set(url) & set('"\\<> \n')
        ):
            raise InvalidInput(f"{url!r} is no web address.", "Give the pull request's full URL.")
        record = self._items.record(key)
        try:
            self._connect(record, url)
        except (InvalidInput, NotFound, Unsupported):
            said = any(
                url in markdown_from(text(post, "Text")) for post in self._items.posts(record)
            )
            if not said:
                self.post(record, html_from(f"Linked Pull Request: <{url}>"))

    def _connect(self, record: Record, url: str) -> None:
        known = self._wsapi.query(
            Ask("pullrequest", ("Url",), Term("Artifact", "=", path_of(record)))
        )
        if any(text(row, "Url") == url for row in known.records):
            return
        number = url.rstrip("/").rsplit("/", 1)[-1]
        body: dict[str, Json] = {
            "Artifact": path_of(record),
            "ExternalID": number,
            "ExternalFormattedId": number,
            "Name": f"Pull request {number}",
            "Url": url,
        }
        wanted = _Wanted("PullRequest", ("Name", "Url"), body, "")
        made = self._once(wanted, lambda _since: self._made_connection(record, url))
        _refuse_ignored(made, text(record, "FormattedID"))

    def _made_connection(self, record: Record, url: str) -> Record | None:
        known = self._wsapi.query(
            Ask("pullrequest", ("Url",), Term("Artifact", "=", path_of(record)))
        )
        return next((row for row in known.records if text(row, "Url") == url), None)

    def post(self, record: Record, html: str) -> Comment:
        """Add a remark to an item that was read, once."""
        body: dict[str, Json] = {"Artifact": path_of(record), "Text": html}
        wanted = _Wanted("ConversationPost", POST, body, "")
        made = self._once(wanted, lambda since: self._made_post(record, html, since))
        _refuse_ignored(made, text(record, "FormattedID"))
        return comment_from(made)

    def _once(self, wanted: "_Wanted", look: Callable[[datetime], Record | None]) -> Record:
        """Create; after a lost reply look whether it happened before creating again."""
        since = self._server_now() - timedelta(seconds=2)
        for attempt in range(1, _CREATES + 1):
            try:
                return self._wsapi.create(wanted.type_path, wanted.body, wanted.fetch)
            except LostReply as lost:
                if (made := self._look(look, since, lost)) is not None:
                    return made
                if attempt == _CREATES:
                    raise
        raise AssertionError("the loop returns or raises")

    def _look(
        self, look: Callable[[datetime], Record | None], since: datetime, lost: LostReply
    ) -> Record | None:
        for seconds in _LOOKS:
            if seconds:
                self._wsapi.http.policy.sleep(seconds)
            try:
                made = look(since)
            except Retriable as fault:
                raise Retriable(
                    f"{lost.message} Whether it was created is unknown: {fault.message}",
                    "Look in Rally before creating it again.",
                ) from lost
            if made is not None:
                return made
        return None

    def _made_item(self, wanted: "_Wanted", since: datetime) -> Record | None:
        ask = Ask(
            wanted.type_path.lower(),
            (*wanted.fetch, ("CreatedBy", ("UserName",))),
            Term("CreationDate", ">=", since),
            order="CreationDate desc",
            project=wanted.project,
            scope_down=False,
        )
        me = path_of(self._wsapi.read("/user", ("UserName",)))
        for row in self._wsapi.all(ask):
            maker = path_of(nested(row, "CreatedBy")) if nested(row, "CreatedBy") else me
            if text(row, "Name") == wanted.body["Name"] and maker == me:
                return row
        return None

    def _made_post(self, record: Record, html: str, since: datetime) -> Record | None:
        wanted = markdown_from(html)
        for post in self._items.posts(record):
            at = moment(post, "CreationDate")
            if at and at >= since and markdown_from(text(post, "Text")) == wanted:
                return post
        return None

    def _server_now(self) -> datetime:
        if self._wsapi.server_now() is None:
            self._wsapi.read("/user", ("UserName",))
        now = self._wsapi.server_now()
        if now is None:
            raise PanError("Rally's replies carry no Date: a lost create could not be found again.")
        return now

    def _place(self, project: str) -> str:
        """Name a project where only its name tells which words it uses."""
        territory = self._items.region.territory
        return territory.project_name(project) if self._settings.project_states else ""

    def _project(self, word: str | None) -> str:
        territory = self._items.region.territory
        found = territory.project_path(word) if word else territory.projects()[0]
        if found is None:
            raise InvalidInput(
                "Project is required to create an issue.",
                "Set `project` for this tracker, or name one.",
            )
        return found


@dataclass(frozen=True, slots=True)
class _Wanted:
    """An object to be created."""

    type_path: str
    fetch: Fetch
    body: Mapping[str, Json]
    project: str


def _tell_ignored(made: Record, key: str) -> None:
    """Raise where an item was created without some fields: first that it exists, for scripts."""
    ignored = ignored_fields(words(made.get("Warnings")))
    if ignored:
        raise Partial(
            f"{key} was created, but Rally did not write {', '.join(ignored)}.",
            f"Do not create it again: `pan work update {key} …` writes the rest. "
            "This type lacks the field, or it cannot be set; `pan doctor` lists missing fields.",
            fields=list(ignored),
            ref=key,
            created=True,
        )


def _refuse_ignored(written: Record, key: str, asked: int | None = None) -> None:
    """Raise where Rally accepted a write but left fields out without an error."""
    ignored = ignored_fields(words(written.get("Warnings")))
    if ignored:
        names = ", ".join(ignored)
        is_nothing = asked is not None and len(ignored) >= asked
        rest = "nothing was written" if is_nothing else "the rest was written"
        raise Unsupported(
            f"Rally did not write {names} of {key}; {rest}.",
            "This type lacks the field, or it cannot be set; `pan doctor` lists missing fields.",
            fields=list(ignored),
            ref=key,
            written=not is_nothing,
        )
