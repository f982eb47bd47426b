"""A branch that others may have pushed: its name, and the remote's copy of it."""

from contextlib import suppress
from pathlib import Path

from panopticon.errors import PanError
from panopticon.local.git.call import line, ours
from panopticon.local.git.clone import main_remote
from panopticon.local.run import run

_SECONDS = 10.0


def is_branch_name(folder: Path, name: str) -> bool:
    """Tell whether git takes a name for a branch as it is written."""
    return line(folder, "check-ref-format", "--branch", name) == name


def fetch_branch(root: Path, name: str) -> None:
    """Fetch one branch of the remote where that is quick; without it nothing is wrong."""
    far = main_remote(root)
    if far is None:
        return
    wanted = f"+refs/heads/{name}:refs/remotes/{far}/{name}"
    words = ["git", "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", far, wanted]
    around = {**ours(), "GIT_TERMINAL_PROMPT": "0"}
    with suppress(PanError, OSError):
        run(words, root, _SECONDS, environment=around)
