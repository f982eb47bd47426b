"""Merged work is done work: found in git, written to the tracker, once.

A merge that was seen is remembered here, and by its remark in the tracker: a person who reopens
the item afterwards is not overruled. Files of a repository are written only when somebody asks:
each clone that syncs would change them on the main branch.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from panopticon.errors import Conflict, PanError
from panopticon.local import lock
from panopticon.local.git import merge as git_merge
from panopticon.local.git.merge import Main, Merge
from panopticon.model.event import EventKind
from panopticon.model.issue import CARDS, Issue, IssueFilter, Json, State
from panopticon.model.ref import IssueRef
from panopticon.services import person
from panopticon.services.claim import notes, place
from panopticon.services.claim.desk import Desk, desk
from panopticon.services.claim.keep import given_back
from panopticon.services.claim.known import known_for
from panopticon.services.claim.status import queue
from panopticon.services.claim.status.deliver import is_said
from panopticon.services.claim.status.goal import goal
from panopticon.services.claim.status.guard import skipped
from panopticon.services.context import Context
from panopticon.services.issue.write import stored
from panopticon.services.ref import resolve

_OPEN = (State.IN_PROGRESS, State.IN_REVIEW)


@dataclass(frozen=True, slots=True)
class Merged:
    """A story whose work is in the main branch, and what was written of it; `is_found`: nothing."""

    issue: Issue
    how: str
    main: str
    commit: str
    notes: tuple[str, ...] = ()
    waits: str | None = None
    is_found: bool = False

    def as_json(self) -> dict[str, Json]:
        """Give a line of `pan merged --json`."""
        return {
            "story": self.issue.ref.key,
            "title": self.issue.title,
            "state": self.issue.state.value,
            "native_state": self.issue.native_state,
            "how": self.how,
            "main": self.main,
            "commit": self.commit,
            "coverage": self.issue.coverage,
            "queued": self.waits is not None,
            "written": not self.is_found and self.waits is None,
            "warnings": [*self.notes, *([self.waits] if self.waits else [])],
        }


@dataclass(frozen=True, slots=True)
class _Clone:
    """A repository with its main branch and where all branches end."""

    root: Path
    main: Main
    heads: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Look:
    """An item and where its work may be found."""

    issue: Issue
    clone: "_Clone"
    branch: str | None

    @property
    def sight(self) -> str:
        """Spell what git would be asked about: while it is the same, so is the answer."""
        ends = self.clone.heads.get(self.branch or "", "-")
        return " ".join([self.clone.main.sha, ends, self.issue.commit_sha or "-"])

    def merge(self) -> Merge | None:
        """Ask git."""
        clone = self.clone
        return git_merge.merge_of(clone.root, clone.main, self.branch, self.issue.commit_sha)


def sweep(ctx: Context, *, is_asked: bool = True) -> list[Merged]:
    """Find what was merged since the last look, and write it; asks no remote of git.

    Unless somebody asked for it, what is kept in files is found and not written. One process at a
    time looks: another that does so now finds the same.
    """
    try:
        with lock.held(ctx.config.home / "merged.lock", "Looking for merged stories", 0.0):
            return _swept(ctx, is_asked=is_asked)
    except Conflict:
        return []


def _swept(ctx: Context, *, is_asked: bool) -> list[Merged]:
    before: dict[str, str] = _kept(ctx)
    after: dict[str, str] = {}
    done = []
    for look in _looks(ctx, ctx.store.issues(_wanted(ctx))):
        ref, sight = look.issue.ref, look.sight
        merge = None if before.get(str(ref)) == sight else look.merge()
        if merge is None or _is_known(ctx, look, merge):
            after[str(ref)] = sight
            continue
        if not is_asked and ctx.is_of_files(ref.tracker):
            done.append(_found(look, merge))
            continue
        try:
            done.append(_written(ctx, look, merge, None))
        except PanError as error:  # tried again when something has changed
            after[str(ref)] = sight
            done.append(
                Merged(look.issue, merge.how, look.clone.main.name, merge.sha, (error.message,))
            )
    if after != before:
        ctx.store.put_note(notes.UNMERGED, json.dumps(after))
    return done


def _found(look: _Look, merge: Merge) -> Merged:
    key = look.issue.ref.key
    note = f"it is merged: `pan merged story={key}` writes it into its file"
    return Merged(look.issue, merge.how, look.clone.main.name, merge.sha, (note,), is_found=True)


def one(ctx: Context, text: str, coverage: float | None = None) -> Merged | None:
    """Write that a named story was merged, seen before or not; None while it is not."""
    issue = stored(ctx, resolve(ctx, text))
    for look in _looks(ctx, [issue]):
        if merge := look.merge():
            return _written(ctx, look, merge, coverage)
    return None


def fetch(ctx: Context) -> list[str]:
    """Ask the remotes of all repositories what is new; gives what went wrong."""
    looks = _looks(ctx, ctx.store.issues(_wanted(ctx)))
    roots = sorted({look.clone.root for look in looks})
    asked = {root: git_merge.fetch(root) for root in roots}
    return [f"{root}: {trouble}" for root, trouble in asked.items() if trouble]


def _wanted(ctx: Context) -> IssueFilter:
    return IssueFilter(trackers=ctx.names, kinds=CARDS, states=_OPEN)


def _kept(ctx: Context) -> dict[str, str]:
    try:
        raw = json.loads(ctx.store.note(notes.UNMERGED) or "{}")
    except ValueError:
        raw = {}
    return {str(name): str(sight) for name, sight in raw.items()} if isinstance(raw, dict) else {}


def _looks(ctx: Context, issues: list[Issue]) -> Iterator[_Look]:
    """Find branch and repository of each item that may have been worked on."""
    known = {one.ref: one.claim for one in ctx.store.known_claims()}
    clones: dict[tuple[str, str], _Clone | None] = {}
    for issue in issues:
        branch = place.branch_of(issue, known.get(issue.ref))
        if not (branch or issue.commit_sha):
            continue
        project = (issue.ref.tracker, issue.project)
        if project not in clones:
            clones[project] = _clone(ctx, issue)
        if clone := clones[project]:
            yield _Look(issue, clone, branch)


def _clone(ctx: Context, issue: Issue) -> _Clone | None:
    here = place.place_or_none(ctx, issue)
    main = place.main(here) if here else None
    return _Clone(here.root, main, git_merge.heads(here.root)) if here and main else None


def _is_known(ctx: Context, look: _Look, merge: Merge) -> bool:
    """Tell whether this merge was written before, or somebody reopened the item after it."""
    ref = look.issue.ref
    if ctx.store.note(notes.MERGED.format(ref=ref)) == merge.sha:
        return True
    if _reopened_since(ctx, look.issue, merge):
        return True
    try:
        return is_said(ctx, ref, _remark(look, merge))
    except PanError:
        return False  # it waits then, and is judged when it is sent


def _reopened_since(ctx: Context, issue: Issue, merge: Merge) -> bool:
    for event in ctx.store.events_of(issue.ref):
        moved = event.data.get("state") if event.kind is EventKind.UPDATED else None
        if isinstance(moved, list):  # the newest move
            return moved[0] == State.DONE.value and event.at > merge.at
    return False


def _remark(look: _Look, merge: Merge) -> str:
    branch = f" from {look.branch}" if look.branch else ""
    return f"**Merged** into {look.clone.main.name}{branch} ({merge.how}, commit {merge.sha})."


def _written(ctx: Context, look: _Look, merge: Merge, coverage: float | None) -> Merged:
    """Write done, coverage and commit; then unlock what is still this session's."""
    issue = look.issue
    aim = goal(ctx, issue, "merged")
    guarded = skipped(ctx, aim.state)
    fields: dict[str, Json] = {} if issue.commit_sha else {"commit_sha": merge.sha}
    if coverage is not None:
        fields["coverage"] = coverage
    begun = queue.wish(ctx, issue, person.named(ctx, "me") or "", None if guarded else aim)
    went = queue.sent(ctx, replace(begun, fields=fields, remark=_remark(look, merge)))
    ctx.store.put_note(notes.MERGED.format(ref=issue.ref), merge.sha)
    said = [*([guarded] if guarded else []), *went.notes, *_unlock(ctx, issue.ref)]
    now = ctx.store.issue(issue.ref) or issue
    return Merged(now, merge.how, look.clone.main.name, merge.sha, tuple(said), went.error)


def _unlock(ctx: Context, ref: IssueRef) -> list[str]:
    """Give the story back where this session still has it; whoever else holds it keeps it."""
    known = [one.claim for one in known_for(ctx, ref)]
    sitting = _desk(ctx) if known and not known[0].is_released else None
    if sitting is None or known[0].session != sitting.session:
        return []
    try:
        claim = sitting.arbiter.read(known[0].key)
        if claim is None or claim.is_released or claim.fence != known[0].fence:
            return []
        _, trouble = given_back(sitting, ref, claim, is_finished=True)
    except PanError as error:
        return [f"Not unlocked: {error.message}"]
    return [trouble] if trouble else []


def _desk(ctx: Context) -> Desk | None:
    try:
        return desk(ctx)
    except PanError:
        return None  # nobody decides here: there is no claim to give back
