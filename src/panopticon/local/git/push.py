"""Pushing a branch from its own working repository, alone or together with a claim's ref.

The push is git's own, in the working repository: its hooks, credentials, LFS, submodules, shallow
and partial clones are as ever. The claim's commit lies in our bare repository, whose objects git
borrows for this one command, so that the working repository keeps nothing of it.
https://git-scm.com/docs/git#Documentation/git.txt-codeGITALTERNATEOBJECTDIRECTORIEScode
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from panopticon.config.arbiter import is_relative, same_arbiter
from panopticon.errors import Conflict, LocalFault, Retriable
from panopticon.local.git.call import line, ours
from panopticon.local.git.ref import GitRefs
from panopticon.local.git.said import BEHIND, MOVED, said, trouble, without_secrets
from panopticon.local.run import Outcome, overheard

Hear = Callable[[bytes], None]
_TABLE = re.compile(rb"[ +*=!-]\t|To \S+$|Done$|branch '.*' set up to track ")
_AT_ONCE = "atomic"  # refused because of another ref of the same push, or of another push


@dataclass(frozen=True, slots=True)
class Target:
    """Where a branch goes: the remote's name, else its address, and all that is pushed to."""

    remote: str
    urls: tuple[str, ...]

    @property
    def name(self) -> str:
        """What people are told."""
        return without_secrets(self.remote)

    def is_at(self, url: str, root: Path) -> bool:
        """Tell whether a branch goes there and nowhere else, however the address is spelled."""
        if len(self.urls) != 1:
            return False
        there = self.urls[0]
        path = str((root / there).resolve()) if is_relative(there) else there
        return same_arbiter(f"git:{path}", f"git:{url}")


@dataclass(frozen=True, slots=True)
class Way:
    """Which branch of a working repository goes where; `hear` is told what is said meanwhile."""

    work: Path
    branch: str
    target: Target
    hear: Hear


class WorkRefs(GitRefs):
    """The refs of a remote, each replaced together with a branch of a working repository."""

    def __init__(self, url: str, folder: Path, way: Way) -> None:
        super().__init__(url, folder)
        self._objects = folder / "objects"
        self._way = way

    def _swap(self, ref: str, version: str | None, text: str) -> bool:
        """Push the branch and a replaced ref: both, or neither. False when the ref has moved."""
        sha = self._commit(version, text)
        lease = f"--force-with-lease={ref}:{version or ''}"
        words = ("--atomic", lease, *_refs(self._way), f"{sha}:{ref}")
        done = _push(self._way, words, GIT_ALTERNATE_OBJECT_DIRECTORIES=_quoted(self._objects))
        why = _refusals(done).get(ref, "")
        if any(word in why for word in MOVED):
            return False
        if _AT_ONCE in why and self.read(ref)[0] != version:
            return False  # it moved while git was pushing
        _judge(done, self._way, ref)
        return True


def push(way: Way) -> None:
    """Push a branch alone; raises Conflict when it has moved on there, else what git/said lists."""
    _judge(_push(way, _refs(way)), way)


def target(root: Path, branch: str) -> Target:
    """Ask where git would push a branch; raises LocalFault when there is no one place."""
    names = (f"branch.{branch}.pushRemote", "remote.pushDefault", f"branch.{branch}.remote")
    told = (line(root, "config", "--get", name) for name in names)
    remotes = (line(root, "remote") or "").split()
    likely = "origin" if "origin" in remotes else remotes[0] if len(remotes) == 1 else None
    found = next((one for one in told if one and one != "."), likely)
    if found is None:
        raise LocalFault(
            "Push to which remote?" if remotes else f"{root} has no remote to push to.",
            "`git config remote.pushDefault NAME` says which; `git remote add origin URL` adds.",
        )
    urls = line(root, "remote", "get-url", "--push", "--all", found)
    return Target(found, tuple((urls or found).splitlines()))


def _refs(way: Way) -> list[str]:
    """Name what is pushed; a branch that follows none follows this one from now on."""
    head = f"refs/heads/{way.branch}"
    follows = line(way.work, "config", "--get", f"branch.{way.branch}.merge")
    return [*([] if follows else ["--set-upstream"]), way.target.remote, f"{head}:{head}"]


def _push(way: Way, words: Sequence[str], **more: str) -> Outcome:
    """Let git push; what its hooks and the remote say is handed on, its own table is not.

    Its words are in English, so that we can read them.
    """

    def talk(said: bytes) -> None:
        if not _TABLE.match(said):
            way.hear(said)

    around = {**ours(), "LANGUAGE": "en", **more}
    return overheard(["git", "push", "--porcelain", *words], way.work, around, talk)


def _judge(done: Outcome, way: Way, ref: str | None = None) -> None:
    """Raise what a failed push means."""
    if done.code == 0:
        return
    branch, target = way.branch, way.target
    refusals = _refusals(done)
    why = refusals.get(f"refs/heads/{branch}", "")
    words = without_secrets(why)
    if any(word in why for word in BEHIND):
        raise Conflict(
            f"{branch} has commits at {target.name} that you lack.",
            f"`git pull --rebase {target.name} {branch}`, then push again.",
            reason="diverged",
        )
    if ref and refusals.get(ref) and _AT_ONCE not in refusals[ref]:
        raise trouble(target.urls[0], done)  # the space of claims is closed
    if _AT_ONCE in why:
        raise Retriable(f"{target.name} was busy with another push.", "Push again.")
    if why:
        raise LocalFault(f"{target.name} refused {branch}: {words}", "Its own words stand above.")
    if "fatal:" not in done.err.lower():
        raise LocalFault(
            f"Nothing was pushed: {said(done)}",
            "A pre-push hook may have refused; its words stand above.",
        )
    raise trouble(target.urls[0], done)


def _refusals(done: Outcome) -> dict[str, str]:
    """Read git's own list: what was refused, and why."""
    rows = (one.split("\t") for one in done.out.splitlines() if one.startswith("!"))
    return {row[1].rpartition(":")[2]: row[2].lower() for row in rows if len(row) > 2}  # noqa: PLR2004


def _quoted(path: Path) -> str:
    told = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{told}"'
