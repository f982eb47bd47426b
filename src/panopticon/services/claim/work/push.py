"""Pushing a story's branch: with its claim in one step where the remote is the arbiter."""

from dataclasses import dataclass
from pathlib import Path

from panopticon.errors import InvalidInput
from panopticon.local.git import clone, push as git_push
from panopticon.local.git.lease import GitArbiter
from panopticon.local.git.push import Hear, Target, Way, WorkRefs
from panopticon.model.claim import Act, Claim
from panopticon.model.issue import Json
from panopticon.model.ref import IssueRef
from panopticon.services.claim import fence, hear, shown
from panopticon.services.claim.desk import Desk
from panopticon.services.claim.keep import seconds_of
from panopticon.services.claim.place import place_of
from panopticon.services.claim.standing import Standing, Told


@dataclass(frozen=True, slots=True)
class Pushed:
    """A story's branch that was pushed; `is_exact`: together with its claim, or neither."""

    ref: IssueRef
    claim: Claim
    branch: str
    remote: str
    is_exact: bool
    warnings: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Json]:
        """Give the document of `pan push --json`."""
        return {
            "story": self.ref.key,
            "branch": self.branch,
            "remote": self.remote,
            "fence": self.claim.fence,
            "expires_at": self.claim.expires_at.isoformat(),
            "exact": self.is_exact,
            "warnings": list(self.warnings),
        }


def push(desk: Desk, text: str | None, hear: Hear, told: Told | None = None) -> Pushed:
    """Push the branch of a story that this session holds, and renew its claim.

    Exact on a git arbiter that is the branch's own remote: a stale holder pushes neither. Else
    the arbiter is asked just before, which is best effort. Never forces. Raises Conflict where
    the claim is another's or the branch has moved on there.
    """
    root = _root(desk)
    standing = _standing(desk, root, text, told)
    claim = standing.claim
    assert claim is not None, "what is held has a record"
    branch = claim.branch if text else clone.branch(root)
    root = _with(desk, standing.ref, root, branch)
    if not branch or not clone.has_branch(root, branch):
        raise InvalidInput(
            f"{standing.ref.key} has no branch {branch or ''} here.".replace("  ", " "),
            f"`pan checkout story={standing.ref.key}` makes it; commit to it, then push.",
        )
    target = git_push.target(root, branch)
    way, is_exact = Way(root, branch, target, hear), _is_exact(desk, target, root)
    if is_exact:
        claim = _together(desk, standing.ref, claim, way)
    else:
        git_push.push(way)
    warnings = [standing.warning, _dirt(root), shown.show(desk, standing.ref, claim)]
    return Pushed(
        standing.ref,
        claim,
        branch,
        target.name,
        is_exact,
        tuple(one for one in warnings if one),
    )


def _together(desk: Desk, ref: IssueRef, claim: Claim, way: Way) -> Claim:
    """Push branch and renewed claim as one."""
    ctx = desk.ctx
    refs = WorkRefs(_url(desk), ctx.config.home / "leases.git", way)
    arbiter = GitArbiter(desk.arbiter.name, refs, ctx.now)
    ask = claim.ask(Act.RENEW, seconds_of(ctx, claim))
    after = hear.asked(desk, ref, ask, arbiter.push)
    shown.learn(desk, ref, after, Act.RENEW)
    return after


def _is_exact(desk: Desk, target: Target, root: Path) -> bool:
    return desk.arbiter.name.startswith("git:") and target.is_at(_url(desk), root)


def _url(desk: Desk) -> str:
    """Give the arbiter's address as it is set, credentials and all."""
    return (desk.ctx.config.arbiter or "").partition(":")[2]


def _root(desk: Desk) -> Path:
    root = clone.root(desk.ctx.config.folder)
    if root is None:
        raise InvalidInput(
            f"{desk.ctx.config.folder} is in no git repository.", "Push from inside the story's."
        )
    return root


def _with(desk: Desk, ref: IssueRef, root: Path, branch: str | None) -> Path:
    """Find the repository that has a branch: this one, else the one of the story's project."""
    issue = desk.ctx.store.issue(ref)
    if issue is None or not branch or clone.has_branch(root, branch):
        return root
    there = place_of(desk.ctx, issue)
    return there.root if there else root


def _standing(desk: Desk, root: Path, text: str | None, told: Told | None) -> Standing:
    """Find the story that is meant, else the one of the branch; it must be held here."""
    branch = clone.branch(root)
    found = fence.ask(desk, text, branch, told)
    if found is None:
        where = f"The branch {branch}" if branch else "What you stand on"
        raise InvalidInput(
            f"{where} is no story's.", "Name the story (story=US123), or use `git push`."
        )
    return found


def _dirt(root: Path) -> str | None:
    return "Unsaved changes stayed here: only commits are pushed." if clone.is_dirty(root) else None
