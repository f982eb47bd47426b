"""Calling git so that it asks nothing, locks nothing and runs nothing of the repository's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from panopticon.config.layer import environment
from panopticon.errors import LocalFault
from panopticon.local.run import Outcome, run

_QUIET = (
    *("--no-pager", "--no-optional-locks", "--literal-pathspecs", "--no-replace-objects"),
    *("-c", "core.quotepath=off", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"),
    *("-c", "log.showSignature=false", "-c", "log.showRoot=true", "-c", "protocol.allow=never"),
    *("-c", "i18n.logOutputEncoding=UTF-8", "-c", "core.commitGraph=true"),
)
WHO = ("-c", "user.name=panopticon", "-c", "user.email=panopticon@localhost")
"""Who makes commits that are no person's."""
_HOOKS_SECONDS = 120.0
_ELSEWHERE = frozenset(
    f"GIT_{name}"
    for name in (
        *("ALTERNATE_OBJECT_DIRECTORIES", "COMMON_DIR", "CONFIG_PARAMETERS", "DIR"),
        *("EXTERNAL_DIFF", "INDEX_FILE", "NAMESPACE", "OBJECT_DIRECTORY", "PREFIX"),
        *("SHALLOW_FILE", "WORK_TREE"),
    )
)
"""What a hook's environment says; it would lead us into another repository."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a folder's repository is, as its files say: nothing is run to know it."""

    top: Path
    own: Path
    common: Path

    def inside(self, folder: Path) -> str:
        """Name the folder's path in the repository; empty at its root."""
        inner = folder.relative_to(self.top).as_posix()
        return "" if inner == "." else inner


def found(folder: Path) -> Place | None:
    """Look for the repository around a folder; a worktree and a submodule have their own files."""
    for top in (folder, *folder.parents):
        own = top / ".git"
        try:
            if own.is_file():
                word, _, path = own.read_text(encoding="utf-8").partition(":")
                own = top / path.strip() if word == "gitdir" else own
            if (own / "HEAD").is_file():
                return Place(top, own, _common(own))
        except (OSError, ValueError):
            return None
    return None


def _common(own: Path) -> Path:
    file = own / "commondir"
    return (own / file.read_text(encoding="utf-8").strip()).resolve() if file.is_file() else own


def asked(folder: Path, *words: str, timeout: float = 60.0) -> str | None:
    """Ask git something; None when it refuses, is not installed or does not answer."""
    return _asked(folder, words, timeout, {})


def line(folder: Path, *words: str) -> str | None:
    """Ask git for a word or a line; None too where it has none to give."""
    return (asked(folder, *words) or "").strip() or None


def status(folder: Path, *words: str) -> str | None:
    """Ask what has changed since the last commit, without the filters that a repository names."""
    found = asked(folder, "config", "--null", "--name-only", "--get-regexp", r"^filter\..") or ""
    off = [(name, "false" if name.endswith(".required") else "") for name in found.split("\0")]
    words = ("status", "--porcelain=v2", "-z", "--ignore-submodules=all", *words)
    return _asked(folder, words, 60.0, _settings([one for one in off if one[0]]))


def told(folder: Path, *words: str, feed: bytes | None = None) -> Outcome:
    """Tell git to change something, with the team's hooks and settings; raises LocalFault."""
    around = {**ours(), "GIT_TERMINAL_PROMPT": "0", "GIT_EDITOR": "true"}
    line = ["git", "--literal-pathspecs", *words]
    return run(line, folder, _HOOKS_SECONDS, environment=around, feed=feed)


def ours() -> dict[str, str]:
    """Copy our environment without what would lead git into another repository."""
    return {name: value for name, value in environment().items() if name not in _ELSEWHERE}


def _asked(
    folder: Path, words: Sequence[str], timeout: float, more: Mapping[str, str]
) -> str | None:
    plain = {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1"}
    try:
        outcome = run(
            ["git", *_QUIET, *words], folder, timeout, environment={**ours(), **plain, **more}
        )
    except (LocalFault, OSError):
        return None
    return outcome.out if outcome.code == 0 else None


def _settings(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Hand on settings by the environment, where names may hold anything, after those there."""
    there = environment().get("GIT_CONFIG_COUNT", "")
    start = int(there) if there.isdecimal() else 0
    told = {"GIT_CONFIG_COUNT": str(start + len(pairs))}
    for at, (name, value) in enumerate(pairs, start):
        told |= {f"GIT_CONFIG_KEY_{at}": name, f"GIT_CONFIG_VALUE_{at}": value}
    return told
