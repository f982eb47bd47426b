"""What git knows about this folder and this person."""

from pathlib import Path

from panopticon.errors import LocalFault
from panopticon.local.run import run


def email(folder: Path) -> str | None:
    """Ask who commits here."""
    return _asked(folder, "config", "user.email")


def remote(folder: Path) -> str | None:
    """Ask where `origin` is, credentials taken out of the address."""
    url = _asked(folder, "remote", "get-url", "origin")
    if url and "://" in url:
        scheme, _, rest = url.partition("://")
        host, slash, path = rest.partition("/")
        return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}"
    return url


def root(folder: Path) -> Path | None:
    """Ask where the repository begins."""
    found = _asked(folder, "rev-parse", "--show-toplevel")
    return Path(found) if found else None


def _asked(folder: Path, *words: str) -> str | None:
    try:
        outcome = run(["git", *words], folder, timeout=5.0)
    except LocalFault:
        return None
    return outcome.out.strip() or None if outcome.code == 0 else None


def branch(root: Path) -> str | None:
    """Ask which branch is checked out; None when detached."""
    return _asked(root, "symbolic-ref", "--quiet", "--short", "HEAD")


def has_branch(root: Path, name: str) -> bool:
    """Tell whether a local branch is there."""
    return _asked(root, "rev-parse", "--verify", "--quiet", f"refs/heads/{name}") is not None


def base(root: Path) -> str:
    """Name what new branches begin at: the remote's default branch, main, master, else HEAD."""
    told = _asked(root, "symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD")
    for name in (told, "origin/main", "origin/master", "main", "master"):
        if name and _asked(root, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}"):
            return name
    return "HEAD"


def make_branch(root: Path, name: str, start: str) -> None:
    """Make a branch that follows no other; raises LocalFault with git's words."""
    _done(root, "branch", "--no-track", "--", name, start)


def switch(root: Path, name: str) -> None:
    """Stand on a branch; raises LocalFault with git's words."""
    _done(root, "switch", "--quiet", name)


def is_dirty(root: Path) -> bool:
    """Tell whether tracked files hold changes that no commit has."""
    return bool(_asked(root, "status", "--porcelain", "--untracked-files=no"))


def _done(root: Path, *words: str) -> None:
    outcome = run(["git", *words], root, timeout=30.0)
    if outcome.code:
        lines = (outcome.err or outcome.out).strip().splitlines() or ["nothing said"]
        raise LocalFault(f"git {words[0]}: {lines[-1]}", "Mend it, then run the command again.")
