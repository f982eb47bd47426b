"""Pushing a branch from its own working repository, alone or together with a claim's ref.

The push is git's own, in the working repository: its hooks, credentials, LFS, submodules, shallow
and partial clones are as ever. The claim's commit lies in our bare repository, whose objects git
borrows for this one command, so that the working repository keeps nothing of it.
https://git-scm.com/docs/git#Documentation/git.txt-codeGITALTERNATEOBJECTDIRECTORIEScode
"""

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from panopticon.config.arbiter import is_relative, same_arbiter
from panopticon.config.layer import environment
from panopticon.errors import Conflict, LocalFault, Retriable
from panopticon.local.git.call import asked
from panopticon.local.git.ref import GitRefs
from panopticon.local.git.said import said, trouble, without_secrets
from panopticon.local.run import Outcome, overheard

Hear = Callable[[bytes], None]
_BORROWED = "GIT_ALTERNATE_OBJECT_DIRECTORIES"
_ELSEWHERE = frozenset(
    f"GIT_{name}"
    for name in ("COMMON_DIR", "DIR", "INDEX_FILE", "OBJECT_DIRECTORY", "PREFIX", "WORK_TREE")
)
_TABLE = re.compile(rb"[ +*=!-]\t|To \S+$|Done$|branch '.*' set up to track ")
_AT_ONCE = "atomic"  # refused because of another ref of the same push, or of another push
_MOVED = ("stale info", "cannot lock ref", "failed to update ref", "incorrect old value")
_BEHIND = ("fetch first", "non-fast-forward", *_MOVED)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a branch goes: the remote's name, and every address that is pushed to."""

    remote: str
    urls: tuple[str, ...]

    def is_at(self, url: str, root: Path) -> bool:
        """Tell whether a branch goes there and nowhere else, however the address is spelled."""
        if len(self.urls) != 1:
            return False
        there = self.urls[0]
        path = str((root / there).resolve()) if is_relative(there) else there
        return same_arbiter(f"git:{path}", f"git:{url}")


class WorkRefs(GitRefs):
    """The refs of a remote, a branch pushed by the working repository itself."""

    def __init__(self, url: str, folder: Path, target: Target, hear: Hear) -> None:
        super().__init__(url, folder)
        self._objects = folder / "objects"
        self._target = target
        self._hear = hear

    def push_with(self, ref: str, version: str, text: str, work: Path, branch: str) -> bool:
        """Push a branch and a replaced ref: both, or neither. False when the ref has moved."""
        sha = self._commit(version, text)
        words = ["--atomic", f"--force-with-lease={ref}:{version}"]
        around = _around({_BORROWED: _quoted(self._objects)})
        done = _push(
            work, [*words, *_refs(work, self._target, branch), f"{sha}:{ref}"], around, self._hear
        )
        why = _refusals(done).get(ref, "")
        if any(word in why for word in _MOVED):
            return False
        if _AT_ONCE in why and self.read(ref)[0] != version:
            return False  # it moved while git was pushing
        _judge(done, self._target, branch, ref)
        return True


def push(work: Path, branch: str, target: Target, hear: Hear) -> None:
    """Push a branch alone; raises Conflict when it has moved on there, else what git_said lists."""
    _judge(_push(work, _refs(work, target, branch), _around({}), hear), target, branch)


def target(root: Path, branch: str) -> Target:
    """Ask where git would push a branch; raises LocalFault when there is no one place."""
    names = (f"branch.{branch}.pushRemote", "remote.pushDefault", f"branch.{branch}.remote")
    told = (_asked(root, "config", "--get", name) for name in names)
    remotes = (_asked(root, "remote") or "").split()
    likely = "origin" if "origin" in remotes else remotes[0] if len(remotes) == 1 else None
    found = next((one for one in told if one and one != "."), likely)
    if found is None:
        raise LocalFault(
            "Push to which remote?" if remotes else f"{root} has no remote to push to.",
            "`git config remote.pushDefault NAME` says which; `git remote add origin URL` adds.",
        )
    urls = _asked(root, "remote", "get-url", "--push", "--all", found)
    return Target(found, tuple((urls or found).splitlines()))


def _refs(work: Path, target: Target, branch: str) -> list[str]:
    """Name what is pushed; a branch that follows none follows this one from now on."""
    head = f"refs/heads/{branch}"
    follows = _asked(work, "config", "--get", f"branch.{branch}.merge")
    return [*([] if follows else ["--set-upstream"]), target.remote, f"{head}:{head}"]


def _push(work: Path, words: Sequence[str], around: dict[str, str], hear: Hear) -> Outcome:
    """Let git push; what its hooks and the remote say is handed on, its own table is not."""

    def talk(line: bytes) -> None:
        if not _TABLE.match(line):
            hear(line)

    return overheard(["git", "push", "--porcelain", *words], work, around, talk)


def _judge(done: Outcome, target: Target, branch: str, ref: str | None = None) -> None:
    """Raise what a failed push means."""
    if done.code == 0:
        return
    refusals = _refusals(done)
    why = refusals.get(f"refs/heads/{branch}", "")
    words = without_secrets(why)
    if any(word in why for word in _BEHIND):
        raise Conflict(
            f"{branch} has commits at {target.remote} that you lack.",
            f"`git pull --rebase {target.remote} {branch}`, then push again.",
            reason="diverged",
        )
    if ref and refusals.get(ref) and _AT_ONCE not in refusals[ref]:
        raise trouble(target.urls[0], done)  # the space of claims is closed
    if _AT_ONCE in why:
        raise Retriable(f"{target.remote} was busy with another push.", "Push again.")
    if why:
        raise LocalFault(f"{target.remote} refused {branch}: {words}", "Its own words stand above.")
    if "fatal:" not in done.err.lower():
        raise LocalFault(
            f"Nothing was pushed: {said(done)}",
            "A pre-push hook may have refused; its words stand above.",
        )
    raise trouble(target.urls[0], done)


def _refusals(done: Outcome) -> dict[str, str]:
    """Read git's own list: what was refused, and why."""
    rows = (line.split("\t") for line in done.out.splitlines() if line.startswith("!"))
    return {row[1].rpartition(":")[2]: row[2].lower() for row in rows if len(row) > 2}  # noqa: PLR2004


def _around(more: dict[str, str]) -> dict[str, str]:
    """Give git's surroundings: the person's own, its words in English so that we can read them."""
    kept = {name: value for name, value in environment().items() if name not in _ELSEWHERE}
    if there := kept.get(_BORROWED):
        more = {name: f"{value}{os.pathsep}{there}" for name, value in more.items()}
    return {**kept, "LANGUAGE": "en", **more}


def _quoted(path: Path) -> str:
    told = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{told}"'


def _asked(root: Path, *words: str) -> str | None:
    return (asked(root, *words) or "").strip() or None
