"""From a story as read to an item as every tracker gives it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TypedDict
from urllib.parse import quote

from panopticon.model.issue import Comment, Issue, Task
from panopticon.model.ref import IssueRef
from panopticon.trackers.disk import Repository
from panopticon.trackers.markdown.edit import criteria
from panopticon.trackers.markdown.edit.body import composed
from panopticon.trackers.markdown.shelf.item import Item
from panopticon.trackers.markdown.text.field import values
from panopticon.trackers.markdown.text.piece import shown
from panopticon.trackers.markdown.text.record import Remark
from panopticon.trackers.markdown.text.story import Story

HALF_DONE = "~"


class Place(TypedDict):
    """Where an item belongs: the configured source, its project by name and id, its address."""

    source: str
    project: str
    project_id: str
    url: str


class Fields(TypedDict):
    """What an item has from its story alone."""

    body: str
    acceptance_criteria: str
    tasks: tuple[Task, ...]
    blocked: bool
    blocked_reason: str | None
    labels: tuple[str, ...]
    assignee: str | None
    priority: int
    points: float | None
    hours: float | None
    due: date | None
    iteration: str | None
    release: str | None
    branch: str | None
    coverage: float | None
    commit_sha: str | None


@dataclass(frozen=True, slots=True)
class Texts:
    """What of a story goes to whoever asked for the item: its fields and its comments."""

    fields: Fields
    remarks: tuple[Comment, ...]


def issue_from(item: Item, texts: Texts | None, place: Place) -> Issue:
    """Give an item with its texts; without a story there are none."""
    bare = _bare(item, place)
    return replace(bare, **texts.fields) if texts else bare


def texts_of(story: Story) -> Texts:
    """Take the texts of a story; they are lighter than the story as read."""
    return Texts(_fields(story), remarks_of(story))


def _fields(story: Story) -> Fields:
    said = values(story)
    return Fields(
        body=shown(composed(story)),
        acceptance_criteria=shown(criteria.whole(story)),
        tasks=steps_of(story),
        blocked=said.blocked,
        blocked_reason=_text(said.blocked_reason),
        labels=tuple(map(shown, said.labels)),
        assignee=_text(said.assignee),
        priority=said.priority,
        points=said.points,
        hours=said.hours,
        due=said.due,
        iteration=_text(said.iteration),
        release=_text(said.release),
        branch=_text(said.branch),
        coverage=said.coverage,
        commit_sha=_text(said.commit_sha),
    )


def _bare(item: Item, place: Place) -> Issue:
    source = place["source"]
    return Issue(
        ref=IssueRef(source, item.key),
        kind=item.kind,
        project=place["project"],
        project_id=place["project_id"],
        title=item.title,
        state=item.state,
        native_state=item.native_state,
        native_kind=item.kind.value,
        native_id=item.native_id,
        created_at=item.created_at,
        updated_at=item.updated_at,
        cancelled=item.cancelled,
        parent=IssueRef(source, item.parent) if item.parent else None,
        blocked_by=tuple(IssueRef(source, key) for key in item.blocked_by),
        blocks=tuple(IssueRef(source, key) for key in item.blocks),
        url=place["url"],
        version=item.version,
        rank=item.rank,
        twin_key=item.twin_key,
    )


def _text(said: str | None) -> str | None:
    return shown(said) if said else None


def steps_of(story: Story) -> tuple[Task, ...]:
    """Give every checkbox; half done is a state of its own."""
    return tuple(
        Task(
            title=shown(task.title.text),
            done=task.is_done,
            position=position,
            native_state=HALF_DONE if task.is_partial else None,
            depth=task.depth,
        )
        for position, task in enumerate(story.tasks)
    )


def remarks_of(story: Story) -> tuple[Comment, ...]:
    """Give the comments of the Dev Agent Record, oldest first."""
    seen: dict[str, int] = {}
    found = []
    for remark in story.comments:
        name = _name(remark)
        seen[name] = seen.get(name, 0) + 1
        id_ = name if seen[name] == 1 else f"{name}-{seen[name]}"
        found.append(Comment(id_, shown(remark.author), shown(remark.text), _moment(remark.when)))
    return tuple(sorted(found, key=lambda one: one.created_at))


def _name(remark: Remark) -> str:
    said = f"{remark.when} {remark.author} {remark.text}"
    return hashlib.sha256(said.encode("utf-8", "surrogateescape")).hexdigest()[:12]


def _moment(when: str) -> datetime:
    """Read a time; a date that is none is the epoch, so that the remark still shows."""
    try:
        found = datetime.fromisoformat(when)
    except ValueError:
        return datetime.fromtimestamp(0, UTC)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


_FORGES: Mapping[str, str] = {"github": "blob", "gitlab": "-/blob"}


def address_of(repository: Repository | None, path: str | None) -> str:
    """Give the web address of a file, where the remote is a forge that is known."""
    if repository is None or path is None or not repository.remote:
        return ""
    host, _, name = _split(repository.remote)
    way = next((way for forge, way in _FORGES.items() if forge in host), None)
    at = repository.branch or repository.head
    if way is None or not name or not at:
        return ""
    whole = f"{repository.inside}/{path}".lstrip("/")
    return f"https://{host}/{name}/{way}/{quote(at)}/{quote(whole)}"


def _split(remote: str) -> tuple[str, str, str]:
    """Split `git@host:owner/repo.git` or a URL into host, a slash and the repository."""
    bare = remote.partition("://")[2] or remote.replace(":", "/", 1)
    host, slash, name = bare.rpartition("@")[2].partition("/")
    return host.partition(":")[0].lower(), slash, name.strip("/").removesuffix(".git")
