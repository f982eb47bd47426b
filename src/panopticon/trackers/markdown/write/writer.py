"""Writing: lock, finish what was left, read anew, edit, write, commit, and give the item again."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from urllib.parse import urlsplit

from panopticon.errors import (
    Conflict,
    InvalidInput,
    LocalFault,
    PanError,
    Partial,
    Unsupported,
)
from panopticon.model.form import FormField, Move
from panopticon.model.issue import Comment, Issue, IssueFields, Kind, NewIssue, State, Task
from panopticon.trackers.base import Capabilities
from panopticon.trackers.disk import Folder
from panopticon.trackers.markdown.edit import story as edit
from panopticon.trackers.markdown.shelf.item import Item
from panopticon.trackers.markdown.shelf.mapping import HALF_DONE
from panopticon.trackers.markdown.shelf.shelves import Shelves
from panopticon.trackers.markdown.text.piece import shown
from panopticon.trackers.markdown.write import deleting, journal, people
from panopticon.trackers.markdown.write.choosing import move_of, word_told, words_in
from panopticon.trackers.markdown.write.committing import committed, in_the_way, now
from panopticon.trackers.markdown.write.creating import create
from panopticon.trackers.markdown.write.fields import Fields, one_line
from panopticon.trackers.markdown.write.forms import (
    KINDS,
    WRITABLE,
    check_fields,
    check_kind,
    form_of,
)
from panopticon.trackers.markdown.write.moving import Moving
from panopticon.trackers.markdown.write.pending import Pending
from panopticon.trackers.markdown.write.target import made_target, target_of
from panopticon.trackers.markdown.write.words import Words, writable_words

_PATIENCE = 30.0  # seconds for another writer to end
_STATUS = frozenset({"state", "native_state"})

Verb = Callable[[Pending, Item], str]


class Writer:
    """Writes the items of one source; `now` is the clock."""

    def __init__(self, shelves: Shelves, now: Callable[[], datetime]) -> None:
        self._shelves = shelves
        self._now = now

    def finish(self) -> None:
        """Finish what a killed writer has left; what a living one is at is left to it."""
        for folder in self._shelves.folders():
            with suppress(PanError):
                if folder.journal() is not None:
                    with folder.locked(0):
                        self._finished(folder)

    def capabilities(self) -> Capabilities:
        """Declare what can be written; asking looks at nothing."""
        return Capabilities(kinds=KINDS, writable=dict(WRITABLE), steps=True, history=True)

    def create(self, new: NewIssue) -> Issue:
        """Create a story or an epic."""
        check_kind(new.kind)
        check_fields(new.kind, new.fields)
        parent = new.fields.get("parent")
        if parent:
            folder = self._shelves.locate(parent)[0].folder
        else:
            folder = self._shelves.project(new.project).folder
        with folder.locked(_PATIENCE):
            self._finished(folder)
            shelf = next(one for one in self._shelves.all() if one.folder.root == folder.root)
            pending = Pending(shelf)
            word = word_told(shelf, None, new.kind, new.fields)
            key = f"{shelf.prefix}{create(pending, new.kind, new.fields, word)}"
            self._put(pending, key, "new")
        return self._issue(key)

    def update(self, key: str, fields: IssueFields) -> Issue:
        """Write fields; raises Unsupported for one that the kind lacks."""

        def verb(pending: Pending, item: Item) -> str:
            check_fields(item.kind, fields)
            word = word_told(pending.shelf, item, item.kind, fields)
            rest: IssueFields = {  # type: ignore[assignment]
                name: value for name, value in fields.items() if name not in _STATUS
            }
            target = target_of(pending, item)
            if rest and (target or any(rest.values())):
                target = target or made_target(pending, item)
                Fields(pending.shelf, item.kind, rest, item.number, item).write(target)
            if word is not None:
                Moving(pending, item, word).write(target)
            said = [f"status {word}"] if word else []
            said += [f"title {one_line(rest['title'])}"] if "title" in rest else []
            return ", ".join([*said, *(_named(name) for name in rest if name != "title")])

        return self._issue(self._changed(key, verb))

    def transition(self, key: str, state: State) -> Issue:
        """Move an item to a column."""
        return self.update(key, {"state": state})

    def delete(self, key: str) -> None:
        """Delete an item."""

        def verb(pending: Pending, item: Item) -> str:
            deleting.delete(pending, item)
            return "deleted"

        self._changed(key, verb)

    def comment(self, key: str, body: str) -> Comment:
        """Add a remark."""
        text = body.strip()
        if not text:
            raise InvalidInput("The comment is empty.", "Write something.")
        when = self._now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

        def verb(pending: Pending, item: Item) -> str:
            target = made_target(pending, item)
            author = (people.me(pending.shelf.folder) or "somebody").replace("*", "")
            target.put(edit.add_comment(target.story, when, author, text))
            return "comment"

        found = self._changed(key, verb)
        shelf, item = self._shelves.locate(found)
        same = datetime.fromisoformat(when)
        return [one for one in shelf.remarks(item) if one.created_at == same][-1]

    def link_pull_request(self, key: str, url: str) -> None:
        """Show a pull request as a remark, once."""
        if urlsplit(url).scheme not in {"http", "https"} or any(map(str.isspace, url)):
            raise InvalidInput(f"{url!r} is no web address.", "Give the pull request's full URL.")
        text = f"Linked Pull Request: <{url}>"
        shelf, item = self._shelves.locate(key)
        if not any(said.body == text for said in shelf.remarks(item)):
            self.comment(key, text)

    def tick(self, key: str, step: Task) -> Issue:
        """Tick a line of an item; raises Conflict when another one stands there now."""

        def verb(pending: Pending, item: Item) -> str:
            target = target_of(pending, item)
            tasks = target.story.tasks if target else ()
            at = step.position
            if (
                target is None
                or not 0 <= at < len(tasks)
                or _said(shown(tasks[at].title.text)) != _said(step.title)
            ):
                raise Conflict(f"{item.key} has another step there now.", "Load the item again.")
            half = HALF_DONE if step.native_state == HALF_DONE else " "  # as an undo asks
            if tasks[at].is_done != step.done or tasks[at].is_partial:
                target.put(edit.task_tick(target.story, at, "x" if step.done else half))
            return f"step {at + 1} {'done' if step.done else 'open'}"

        return self._issue(self._changed(key, verb))

    def add_step(self, key: str, title: str) -> Issue:
        """Add a step behind the others."""
        name = " ".join(title.split())
        if not name:
            raise InvalidInput("The step is empty.", "Give it a name.", field="title")

        def verb(pending: Pending, item: Item) -> str:
            if item.kind is Kind.EPIC:
                raise Unsupported("An epic has no steps.", "Add it to one of its stories.")
            target = made_target(pending, item)
            target.put(edit.add_task(target.story, name))
            return "step added"

        return self._issue(self._changed(key, verb))

    def form(self, kind: Kind, project: str | None = None) -> tuple[FormField, ...]:
        """Say which fields a kind takes."""
        check_kind(kind)
        shelf = self._shelves.project(project)
        words = words_in([shelf], kind)
        return form_of(kind, writable_words(words, shelf.binding.words))

    def moves(self, issue: Issue) -> tuple[Move, ...]:
        """Say for each column by which word an item would get there."""
        shelf, item = self._shelves.locate(issue.ref.key)
        return tuple(move_of(shelf, item, item.kind, state) for state in State)

    def words(self) -> dict[Kind, Words]:
        """List the words of states, the dialect's first."""
        shelves = self._shelves.all()
        return {kind: words_in(shelves, kind) for kind in KINDS}

    def _issue(self, key: str) -> Issue:
        shelf, item = self._shelves.locate(key)
        return shelf.issue(item)

    def _changed(self, key: str, verb: Verb) -> str:
        """Make one change under the lock; gives the item's key."""
        folder = self._shelves.locate(key)[0].folder
        with folder.locked(_PATIENCE):
            self._finished(folder)
            shelf, item = self._shelves.locate(key)
            pending = Pending(shelf)
            what = verb(pending, item)
            self._put(pending, item.key, what)
        return item.key

    def _put(self, pending: Pending, key: str, what: str) -> None:
        """Write all files, or none; then commit them where that is asked for."""
        folder, writes = pending.shelf.folder, pending.writes
        if not writes:
            return
        # As the repository knows it, whatever other folders are beside it here.
        message = f"stories {key.removeprefix(pending.shelf.prefix)}: {what}"
        commits = self._shelves.options.commit
        refused = in_the_way(folder, writes) if commits else None
        is_kept = len(writes) > 1 or commits
        if is_kept:
            commits = commits and not refused
            intent = journal.intent_of(
                message, writes, pending.words, commits=commits, branch=_branch(folder)
            )
            folder.put_journal(journal.to_bytes(intent))
        try:
            folder.write(writes)
        except PanError:
            folder.put_journal(None)
            raise
        self._shelves.fresh()
        if commits:
            refused = committed(folder, {one.path: one.after for one in writes}, message)
        if is_kept:
            folder.put_journal(None)
        if refused:
            raise Partial(
                f"{key} is written, but not committed: {refused.message}",
                refused.hint or "Commit it by hand.",
                ref=key,
                written=True,
                files=[write.path for write in writes],
            ) from refused

    def _finished(self, folder: Folder) -> None:
        """Do what a killed writer has left to do; what cannot be done is forgotten, and told.

        Files that then differ are drift, which reading tells. On another branch they are others.
        """
        content = folder.journal()
        if content is None:
            return
        intent = journal.from_bytes(content)
        if intent and intent.branch and intent.branch != _branch(folder):
            intent = None
        with suppress(Conflict, LocalFault, InvalidInput):
            todo = journal.left(intent, lambda path: now(folder, path)) if intent else None
            if todo:
                folder.write(todo)
                self._shelves.fresh()
            if intent and intent.commits and todo is not None and self._shelves.options.commit:
                committed(folder, journal.meant(intent), intent.message)
        folder.put_journal(None)


def _branch(folder: Folder) -> str | None:
    around = folder.repository()
    return (around.branch or around.head) if around else None


def _named(name: str) -> str:
    return name.replace("_", " ")


def _said(title: str) -> str:
    return " ".join(title.split())
