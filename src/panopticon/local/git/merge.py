"""Whether the work of a branch is in the main branch, however it got there.

A merge commit and a fast-forward keep its commits; a rebase keeps each one's change, a squash the
sum of them; and the branch may be gone, so that only a recorded commit tells. A branch that was
made and holds no work of its own is not merged.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from panopticon.errors import LocalFault
from panopticon.local.git.call import WHO, asked, line, told
from panopticon.local.git.clone import commit, main_remote
from panopticon.local.git.moment import moment
from panopticon.local.git.said import said

_WORK = ("commit", "cherry-pick", "revert", "am")
_SHA = re.compile(r"[0-9a-fA-F]{7,64}")
_LOOKED = 20  # commits of a branch's log that are looked for


@dataclass(frozen=True, slots=True)
class Main:
    """The main branch as this clone knows it: `name` with its remote, `branch` without."""

    name: str
    sha: str
    branch: str


@dataclass(frozen=True, slots=True)
class Merge:
    """How work came into the main branch; `sha` is its last commit, made at `at`."""

    how: str  # merge | rebase | squash | commit
    sha: str
    at: datetime


def main_of(root: Path, names: Iterable[str | None]) -> Main | None:
    """Find the main branch: the first of these names that is there, the remote's own one first."""
    far = _far(root)
    default = line(root, "symbolic-ref", "--quiet", "--short", f"refs/remotes/{far}/HEAD")
    for word in (*names, default, "main", "master"):
        name = (word or "").removeprefix(f"{far}/")
        for ref in (f"refs/remotes/{far}/{name}", f"refs/heads/{name}") if name else ():
            if sha := commit(root, ref):
                return Main(ref.split("/", 2)[2], sha, name)
    return None


def fetch(root: Path) -> str | None:
    """Ask the remote what is new; returns git's words where that failed."""
    try:
        done = told(root, "fetch", "--quiet", _far(root))
    except LocalFault as error:
        return error.message
    return said(done) if done.code else None


def heads(root: Path) -> dict[str, str]:
    """Give where each branch ends, here and at the remote as known: one question for all."""
    words = ("--format=%(objectname) %(refname)", "refs/heads", far := f"refs/remotes/{_far(root)}")
    found: dict[str, str] = {}
    for row in (line(root, "for-each-ref", *words) or "").splitlines():
        sha, _, ref = row.partition(" ")
        name = ref.removeprefix("refs/heads/").removeprefix(f"{far}/")
        found[name] = f"{found[name]} {sha}" if name in found else sha
    return found


def tips(root: Path, branch: str) -> tuple[str, ...]:
    """Give where a branch ends, here and at the remote; one end where one holds the other."""
    places = ("heads", f"remotes/{_far(root)}")
    found = [commit(root, f"refs/{place}/{branch}") for place in places]
    ends = list(dict.fromkeys(sha for sha in found if sha))
    if len(ends) > 1:
        here, there = ends
        ends = [here] if _is_in(root, there, here) else ends
        ends = [there] if _is_in(root, here, there) else ends
    return tuple(ends)


def has_work(root: Path, main: Main, branch: str) -> bool:
    """Tell whether a branch has commits of its own, merged or not."""
    ends = tips(root, branch)
    return any(
        not _is_in(root, end, main.sha) or _has_work(root, main, branch, end) for end in ends
    )


def merge_of(root: Path, main: Main, branch: str | None, recorded: str | None) -> Merge | None:
    """Tell how the work of a story is in the main branch; None while it is not, or only in part."""
    if branch and branch == main.branch:
        branch = None  # it holds everybody's work
    ends = tips(root, branch) if branch else ()
    known = commit(root, recorded) if recorded and _SHA.fullmatch(recorded) else None
    if not ends:
        how = _way(root, main, known) if known else None
        return _merge(root, "commit" if how == "merge" else how, known) if known and how else None
    ways = {end: _way(root, main, end) for end in ends}
    if not all(ways.values()):
        return None
    for end, how in ways.items():
        if how != "merge" or (branch and _has_work(root, main, branch, end)):
            return _merge(root, str(how), end)
    if known and _is_in(root, known, main.sha):
        return _merge(root, "commit", known)
    return None


def _far(root: Path) -> str:
    return main_remote(root) or "origin"


def _merge(root: Path, how: str | None, sha: str) -> Merge:
    seconds = line(root, "show", "--no-patch", "--format=%ct", sha) or "0"
    return Merge(how or "commit", sha, moment(int(seconds)))


def _way(root: Path, main: Main, tip: str) -> str | None:
    """Say how everything up to a commit came into the main branch."""
    if _is_in(root, tip, main.sha):
        return "merge"
    if _are_all_in(root, main.sha, tip):
        above = line(root, "rev-list", "--count", "--no-merges", f"{main.sha}..{tip}")
        return "squash" if above == "1" else "rebase"  # of one commit they are the same
    return "squash" if _is_squashed(root, main.sha, tip) else None


def _is_in(root: Path, sha: str, other: str) -> bool:
    return asked(root, "merge-base", "--is-ancestor", sha, other) is not None


def _are_all_in(root: Path, main: str, tip: str) -> bool:
    """Tell whether main has a commit with the same change for each one that only the tip has."""
    lines = (asked(root, "cherry", main, tip) or "").split("\n")
    signs = {one[0] for one in lines if one}
    return signs == {"-"}


def _is_squashed(root: Path, main: str, tip: str) -> bool:
    """Tell whether main has one commit with all changes, or has nothing to gain from a merge."""
    base = line(root, "merge-base", main, tip)
    if not base or asked(root, "diff-tree", "--quiet", base, tip) is not None:
        return False  # nothing was changed, or undone again
    words = ("commit-tree", f"{tip}^{{tree}}", "-p", base, "-m", "squashed")
    squashed = line(root, *WHO, *words)
    if squashed and _are_all_in(root, main, squashed):
        return True
    merged = (asked(root, "merge-tree", "--write-tree", main, tip) or "").split("\n")[0]
    tree = line(root, "rev-parse", f"{main}^{{tree}}")
    return bool(merged) and merged == tree


def _has_work(root: Path, main: Main, branch: str, tip: str) -> bool:
    """Tell whether a branch that main holds was worked on: its own log says, else its place."""
    written = asked(root, "log", "-g", "--format=%H%x1f%gs", f"refs/heads/{branch}", "--") or ""
    log = [one.split("\x1f", 1) for one in written.split("\n") if "\x1f" in one]
    works = [sha for sha, why in log if why.startswith(_WORK)]
    if any(
        _is_in(root, sha, main.sha) or _are_all_in(root, main.sha, sha) for sha in works[:_LOOKED]
    ):
        return True
    if len(log) == 1 and log[0][1].startswith("branch: Created") and branch not in log[0][1]:
        return False  # made from another branch and left as it was
    above = commit(root, f"{tip}^")
    span = f"{above}..{main.sha}" if above else main.sha
    trunk = asked(root, "rev-list", "--first-parent", span) or ""
    return tip not in trunk.split("\n")  # on it: where main was, or a fast-forward nobody logged
