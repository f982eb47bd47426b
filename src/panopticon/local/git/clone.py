"""What git knows about this folder and this person, and the branches it makes. No network."""

from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from panopticon.errors import LocalFault
from panopticon.local.git.call import asked, line, status, told
from panopticon.local.git.said import without_secrets

_URLS = r"^remote\..*\.url$"
_FIELDS = {"1 ": 8, "2 ": 9, "u ": 10}  # before the name in a line of `git status`


def email(folder: Path) -> str | None:
    """Ask who commits here."""
    return line(folder, "config", "user.email")


def remote(folder: Path) -> str | None:
    """Ask where `origin` is, credentials taken out of the address."""
    url = line(folder, "remote", "get-url", "origin")
    return without_secrets(url) if url else None


def remotes(folder: Path) -> dict[str, str]:
    """Give the first address of each remote by name, in git's order.

    Personal rewriting (`url.….insteadOf`) is left out: it may hold a key, and git does it anyway.
    """
    found: dict[str, str] = {}
    for one in (asked(folder, "config", "--null", "--get-regexp", _URLS) or "").split("\0"):
        key, _, url = one.partition("\n")
        if url.strip():
            found.setdefault(key.removeprefix("remote.").removesuffix(".url"), url.strip())
    return found


def main_remote(root: Path) -> str | None:
    """Name the remote that work goes to: `origin`, else the first; None where there is none."""
    return main_among((line(root, "remote") or "").split())


def main_among(names: Collection[str]) -> str | None:
    """Choose the remote that work goes to."""
    return "origin" if "origin" in names else next(iter(names), None)


def without_remote(root: Path, name: str) -> str:
    """Leave the remote out of a branch's name: `origin/main` is `main`."""
    return name.removeprefix(f"{main_remote(root)}/")


def root(folder: Path) -> Path | None:
    """Ask where the repository begins."""
    said = line(folder, "rev-parse", "--show-toplevel")
    return Path(said) if said else None


def first_commit(root: Path) -> str | None:
    """Ask for the first commit, by first parents, which every clone has alike."""
    said = line(root, "rev-list", "--first-parent", "--max-parents=0", "HEAD")
    return said.splitlines()[0] if said else None


def branch(root: Path) -> str | None:
    """Ask which branch is checked out; None when detached."""
    return line(root, "symbolic-ref", "--quiet", "--short", "HEAD")


def has_branch(root: Path, name: str) -> bool:
    """Tell whether a local branch is there."""
    return commit(root, f"refs/heads/{name}") is not None


def far_branch(root: Path, name: str) -> str | None:
    """Name the remote's branch of this name as last seen here: `origin/name`."""
    far = main_remote(root)
    return f"{far}/{name}" if far and commit(root, f"refs/remotes/{far}/{name}") else None


def base(root: Path) -> str:
    """Name what new branches begin at: the remote's default branch, main, master, else HEAD."""
    return start_of(root) or "HEAD"


def start_of(root: Path, wanted: str | None = None) -> str | None:
    """Name what a new branch begins at: what is wanted, the remote's copy of it first.

    None where a wanted one is not there, or nothing was ever committed.
    """
    far = main_remote(root)
    names = [f"refs/remotes/{far}/{wanted}", f"refs/heads/{wanted}", wanted] if wanted else []
    if not wanted:
        default = line(root, "symbolic-ref", "--quiet", f"refs/remotes/{far}/HEAD")
        likely = [f"refs/remotes/{far}/main", f"refs/remotes/{far}/master"]
        names = [*filter(None, [default]), *likely, "refs/heads/main", "refs/heads/master", "HEAD"]
    there = next((name for name in names if name and commit(root, name)), None)
    return there and there.removeprefix("refs/remotes/").removeprefix("refs/heads/")


def make_branch(root: Path, name: str, start: str) -> None:
    """Make a branch that follows no other; raises LocalFault with git's words."""
    _done(root, "branch", "--no-track", "--", name, start)


def track_branch(root: Path, name: str, far: str) -> None:
    """Make a branch that follows the remote's; raises LocalFault with git's words."""
    _done(root, "branch", "--track", "--", name, far)


def switch(root: Path, name: str) -> None:
    """Stand on a branch; raises LocalFault with git's words."""
    _done(root, "switch", "--quiet", "--no-guess", name)


def is_dirty(root: Path) -> bool:
    """Tell whether tracked files hold changes that no commit has."""
    return bool(changed(root))


def changed(root: Path) -> list[str]:
    """Name the tracked files that hold changes that no commit has."""
    names, is_old_name = [], False
    for row in (status(root, "--untracked-files=no") or "").split("\0"):
        fields = _FIELDS.get(row[:2])
        if fields and not is_old_name:
            names.append(row.split(" ", fields)[fields])
        is_old_name = not is_old_name and row.startswith("2 ")
    return names


def is_loose(root: Path) -> bool:
    """Tell whether we stand on commits that no branch or tag would keep."""
    if branch(root) or commit(root, "HEAD") is None:
        return False
    return not line(root, "for-each-ref", "--count=1", "--contains", "HEAD")


def has_commits(root: Path, name: str, since: datetime, start: str | None) -> bool | None:
    """Tell whether a branch, here or at the remote, got commits since; None where it is not here.

    What its `start` has too is not counted, nor what was merged into it.
    """
    places = [f"refs/heads/{name}", f"refs/remotes/{main_remote(root)}/{name}"]
    there = [place for place in places if commit(root, place)]
    if not there:
        return None
    out = ["--not", start] if start and start != name else []
    when = f"--since={since.timestamp():.0f}"
    own = ("--first-parent", "--no-merges")
    return bool(line(root, "rev-list", "-n1", *own, when, *there, *out, "--"))


def commit(root: Path, name: str) -> str | None:
    """Give the full name of a commit that is in the repository."""
    words = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    return line(root, *words)


def has_new_files(root: Path, since: datetime) -> bool:
    """Tell whether files that git does not know were written since; hidden folders left out."""
    names = asked(root, "ls-files", "-z", "--others", "--exclude-standard") or ""
    files = (root / name for name in names.split("\0") if name and not name.startswith("."))
    return any(_written(file) >= since.timestamp() for file in files)


def _written(file: Path) -> float:
    try:
        return file.lstat().st_mtime
    except OSError:  # it went away meanwhile
        return 0.0


def _done(root: Path, *words: str) -> None:
    outcome = told(root, *words)
    if outcome.code:
        lines = (outcome.err or outcome.out).strip().splitlines() or ["nothing said"]
        said = next((one for one in lines if one.startswith(("fatal:", "error:"))), lines[-1])
        said = said.partition(": ")[2] if said.startswith(("fatal:", "error:")) else said
        raise LocalFault(f"git {words[0]}: {said}", "Mend it, then run the command again.")
