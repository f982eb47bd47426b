"""The remotes of a repository, as its own settings spell them."""

from pathlib import Path

from panopticon.local.git.call import asked

_KEY = r"^remote\..*\.url$"


def remotes(folder: Path) -> dict[str, str]:
    """Give the first address of each remote by name, in git's order.

    Personal rewriting (`url.….insteadOf`) is left out: it may hold a key, and git does it anyway.
    """
    found: dict[str, str] = {}
    for one in (asked(folder, "config", "--null", "--get-regexp", _KEY) or "").split("\0"):
        key, _, url = one.partition("\n")
        if url.strip():
            found.setdefault(key.removeprefix("remote.").removesuffix(".url"), url.strip())
    return found
