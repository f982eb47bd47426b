"""Drafts made into items: columns, links that lead somewhere, versions, ids, times."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from panopticon.model.issue import Kind, State
from panopticon.trackers.markdown.shelf.birth import ids_of, name_of
from panopticon.trackers.markdown.shelf.facts import FORMAT, digest_of
from panopticon.trackers.markdown.shelf.kept import Kept, KeptFile, KeptItem
from panopticon.trackers.markdown.shelf.union import Draft, Union
from panopticon.trackers.markdown.text.piece import shown
from panopticon.trackers.markdown.text.sprint import SprintEntry
from panopticon.trackers.markdown.text.word import Meaning, meaning_of

_DIGITS = re.compile(r"\d+")
_WIDTH = 6
_DERIVED = {State.DONE: "done", State.IN_PROGRESS: "in-progress", State.BACKLOG: "backlog"}


@dataclass(frozen=True, slots=True)
class Item:
    """One story or epic: what a story file, a part of an epics file and sprint-status say of it.

    `key` is as printed (`1.2`, `app#1.2`, `epic-1`); `number` in one spelling (`1.2`; of an epic
    `1`; empty where another item has it). Of `path` (story file), `epics_path` (the epics file
    with its part or heading, in `epics_line`) and `entry` (its line in the sprint-status of
    `sprint_path`) at least one is there, but for an epic that only the numbers of its stories tell
    of. `parent`, `blocked_by` and `blocks` are keys of items that are there, whoever says it.
    """

    key: str
    native_id: str
    version: str
    kind: Kind
    number: str
    title: str
    state: State
    native_state: str
    cancelled: bool
    created_at: datetime
    updated_at: datetime
    path: str | None = None
    epics_path: str | None = None
    epics_line: int = 0
    entry: SprintEntry | None = None
    sprint_path: str | None = None
    parent: str | None = None
    blocked_by: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()
    twin_key: str | None = None
    iteration: str | None = None
    rank: str = ""


@dataclass(slots=True)
class Links:
    """Who waits for whom, by draft."""

    blocked_by: dict[Draft, list[Draft]] = field(default_factory=dict)
    blocks: dict[Draft, list[Draft]] = field(default_factory=dict)

    def add(self, blocker: Draft, waiting: Draft) -> None:
        """Note a pair once, in both directions."""
        if blocker is waiting or blocker in self.blocked_by.setdefault(waiting, []):
            return
        self.blocked_by[waiting].append(blocker)
        self.blocks.setdefault(blocker, []).append(waiting)


@dataclass(frozen=True, slots=True)
class Making:
    """What turns drafts into items."""

    files: Mapping[str, KeptFile]
    kept: Kept
    words: Mapping[str, State]
    mark: str
    project: str
    prefix: str


def items_of(union: Union, making: Making) -> tuple[tuple[Item, ...], dict[str, KeptItem]]:
    """Make the items, epics first, and what is to be kept of them."""
    drafts = [*union.epics, *union.stories]
    links = links_of(union.stories)
    ids = ids_of(drafts, making.files, making.kept)
    below: dict[Draft, list[Item]] = {}
    made: dict[Draft, Item] = {}
    order = [*union.stories, *union.epics]
    places = {draft: at for at, draft in enumerate(drafts)}
    for draft in order:
        native = ids[places[draft]]
        item = _item(draft, making, links, below.get(draft, ()))
        item = _kept(replace(item, native_id=f"{making.mark}:{native}"), native, making)
        made[draft] = item
        if draft.epic:
            below.setdefault(draft.epic, []).append(item)
    kept = {
        ids[at]: KeptItem(made[draft].path or "", name_of(draft), made[draft].updated_at)
        for at, draft in enumerate(drafts)
    }
    return tuple(made[draft] for draft in drafts), kept


def links_of(stories: Sequence[Draft]) -> Links:
    """Resolve what stories say they wait for, and what waits for them."""
    by_number = {draft.number: draft for draft in stories if draft.number}
    links = Links()
    for draft in stories:
        told = draft.file if draft.file and draft.file.says_needs else draft.part or draft.file
        if told is None:
            continue
        for number in told.needs:
            if found := _named(number, draft, by_number):
                links.add(found, draft)
        for number in told.blocks:
            if found := _named(number, draft, by_number):
                links.add(draft, found)
    return links


def _named(number: str, draft: Draft, by_number: Mapping[str, Draft]) -> Draft | None:
    """Find a story by number; a bare one also under the prefix of who names it."""
    prefix, dot, rest = draft.said.partition(".")
    own = f"{prefix}.{number}" if dot and rest and prefix.isalpha() else number
    return by_number.get(own) or by_number.get(number)


def _item(draft: Draft, making: Making, links: Links, below: Iterable[Item]) -> Item:
    told, entry = draft.told, draft.entry
    word, meaning = _status(draft, making.words, tuple(below))
    created, updated = _times(draft, making.files, tuple(below))
    parent = making.prefix + draft.epic.key if draft.epic else None
    blocked_by, blocks = (
        tuple(sorted(making.prefix + one.key for one in some.get(draft, ())))
        for some in (links.blocked_by, links.blocks)
    )
    twin = (draft.file.twin if draft.file else "") or (draft.part.twin if draft.part else "")
    links_to = (parent, blocked_by, blocks, making.project)
    return Item(
        key=making.prefix + draft.key,
        native_id="",
        version=_version(draft, (word, meaning.state, meaning.cancelled, *links_to)),
        kind=draft.kind,
        number=draft.number,
        title=_title(draft),
        state=meaning.state,
        native_state=word,
        cancelled=meaning.cancelled,
        created_at=created,
        updated_at=updated,
        path=draft.file.path if draft.file else None,
        epics_path=draft.part.path if draft.part else None,
        epics_line=draft.part.line if draft.part else 0,
        entry=entry,
        sprint_path=draft.sprint_path,
        parent=parent,
        blocked_by=blocked_by,
        blocks=blocks,
        twin_key=twin or None,
        iteration=(told.iteration or None) if told else None,
        rank=rank_of(draft.said or draft.key),
    )


def _version(draft: Draft, more: Sequence[object]) -> str:
    """Stand for all that an item depends on; a letter in front, for it is no counter."""
    entry = draft.entry
    depends = (
        *(FORMAT, draft.key),
        (draft.file.path, draft.file.digest) if draft.file else "",
        draft.part.digest if draft.part else "",
        f"{entry.key}: {entry.value}" if entry else "",
        *more,
    )
    return f"v{digest_of(repr(depends))}"


def _kept(item: Item, native: str, making: Making) -> Item:
    """Let the time of the last change never go back, whatever the item now stands in."""
    before = making.kept.items.get(native)
    if before and before.updated_at > item.updated_at:
        return replace(item, updated_at=before.updated_at)
    return item


def _title(draft: Draft) -> str:
    if draft.told and draft.told.title:
        return draft.told.title
    if draft.part and draft.part.title:
        return draft.part.title
    if draft.kind is Kind.EPIC:
        return f"Epic {draft.said}"
    words = (draft.entry.slug if draft.entry else draft.slug) or draft.stem
    return words.replace("-", " ").strip().capitalize() or draft.key


def _status(draft: Draft, words: Mapping[str, State], below: Sequence[Item]) -> tuple[str, Meaning]:
    """Take the file's word, else that of sprint-status, else the part's, else the backlog.

    An epic of which nothing is said is as far as its stories are.
    """
    said = (
        draft.file.word if draft.file else "",
        draft.entry.value if draft.entry else "",
        draft.part.word if draft.part else "",
    )
    word = shown(next((one for one in said if one), ""))
    if word:
        return word, meaning_of(word, words)
    states = {item.state for item in below if not item.cancelled}
    state = State.IN_PROGRESS if states - {State.BACKLOG, State.PLANNING} else State.BACKLOG
    state = State.DONE if states == {State.DONE} else state
    return _DERIVED[state], Meaning(state)


def _times(
    draft: Draft, files: Mapping[str, KeptFile], below: Sequence[Item]
) -> tuple[datetime, datetime]:
    """Take the times of the file that tells it; those of its stories where none does."""
    path = draft.told.path if draft.told else draft.sprint_path
    if path is not None and path in files:
        return files[path].created_at, files[path].updated_at
    epoch = datetime.fromtimestamp(0, UTC)
    created = min((item.created_at for item in below), default=epoch)
    return created, max((item.updated_at for item in below), default=epoch)


def rank_of(number: str) -> str:
    """Spell a number so that it sorts as one reads it; words sort behind numbers."""
    return _DIGITS.sub(lambda match: match[0].zfill(_WIDTH), number)
