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
