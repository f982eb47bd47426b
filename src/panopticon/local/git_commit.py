"""Committing a few files, whatever else is staged."""

from collections.abc import Sequence
from pathlib import Path

from panopticon.errors import LocalFault
from panopticon.local.git_call import Place, asked, status, told
from panopticon.local.run import Outcome

_UNDER_WAY = {
    "MERGE_HEAD": "merge",
    "rebase-merge": "rebase",
    "rebase-apply": "rebase",
    "CHERRY_PICK_HEAD": "cherry-pick",
    "REVERT_HEAD": "revert",
    "BISECT_LOG": "bisect",
}


def commit(folder: Path, place: Place, paths: Sequence[str], message: str) -> str | None:
    """Commit these files alone; None when there is nothing to do; raises LocalFault."""
    changed = _changed(folder, place.inside(folder), paths)
    if not changed:
        return None
    for name, what in _UNDER_WAY.items():
        if (place.own / name).exists():
            raise _refused(f"a {what} is under way in {place.top}")
    fresh = [path for path, sign in changed.items() if sign == "??"]
    if fresh:
        _check(told(folder, "add", "--", *fresh))
    # `--only` leaves alone what somebody has staged for a commit of their own.
    done = told(folder, "commit", "--quiet", "--only", "-m", message, "--", *changed)
    if done.code and fresh:
        told(folder, "rm", "--quiet", "--cached", "--", *fresh)
    _check(done)
    return (asked(folder, "rev-parse", "HEAD") or "").strip() or None


def uncommitted(folder: Path, place: Place, paths: Sequence[str]) -> list[str]:
    """Tell which of these files differ from the last commit; raises LocalFault without answer."""
    found = _changed(folder, place.inside(folder), paths)
    if found is None:
        raise _refused("it does not answer here")
    return list(found)


def _changed(folder: Path, inside: str, paths: Sequence[str]) -> dict[str, str] | None:
    """Keep the paths that differ from the last commit, with their letters; None without answer."""
    said = status(folder, "--untracked-files=all", "--no-renames", "--", *paths)
    if said is None:
        return None
    cut = len(inside) + 1 if inside else 0
    found = {}
    for word in said.split("\0"):
        if word.startswith("? "):
            found[word[2:][cut:]] = "??"
        elif word[:2] in {"1 ", "u "}:
            parts = word.split(" ", 8 if word[0] == "1" else 10)
            found[parts[-1][cut:]] = parts[1]
    return found


def _check(outcome: Outcome) -> None:
    if outcome.code:
        raise _refused((outcome.err or outcome.out).strip()[:2000] or f"exit code {outcome.code}")


def _refused(words: str) -> LocalFault:
    return LocalFault(
        f"git did not commit: {words}",
        "The files are written. Mend what git says, then commit them.",
        git=words,
    )
