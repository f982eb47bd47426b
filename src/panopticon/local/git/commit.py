"""Committing a few files, whatever else is staged."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from panopticon.errors import LocalFault
from panopticon.local.git.call import Place, asked, status, told
from panopticon.local.run import Outcome, is_installed

_MEND = "Mend what git says, then commit them."
_UNDER_WAY = {
    "MERGE_HEAD": "merge",
    "rebase-merge": "rebase",
    "rebase-apply": "rebase",
    "CHERRY_PICK_HEAD": "cherry-pick",
    "REVERT_HEAD": "revert",
    "BISECT_LOG": "bisect",
}


def commit(folder: Path, place: Place, paths: Sequence[str], message: str) -> str | None:
    """Commit these files alone; None when nothing has changed; raises LocalFault, with the reason.

    Files that git ignores are left out; where it ignores all of them, that is a reason too.
    """
    changed = _changed(folder, place.inside(folder), paths)
    if changed is None:
        raise _silent()
    if not changed:
        _refuse_ignored(folder, paths)
        return None
    _refuse_under_way(place)
    _commit(folder, changed, message)
    return (asked(folder, "rev-parse", "HEAD") or "").strip() or None


def _commit(folder: Path, changed: Mapping[str, str], message: str) -> None:
    fresh = [path for path, sign in changed.items() if sign == "??"]
    if fresh:
        _check(told(folder, "add", "--", *fresh))
    # `--only` leaves alone what somebody has staged for a commit of their own.
    try:
        _check(told(folder, "commit", "--quiet", "--only", "-m", message, "--", *changed))
    except LocalFault:  # a hook that refuses, or that never ends
        if fresh:
            told(folder, "rm", "--quiet", "--cached", "--", *fresh)
        raise


def uncommitted(folder: Path, place: Place, paths: Sequence[str]) -> list[str]:
    """Tell which of these files differ from the last commit; raises LocalFault without answer."""
    found = _changed(folder, place.inside(folder), paths)
    if found is None:
        raise _silent()
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


def _refuse_ignored(folder: Path, paths: Sequence[str]) -> None:
    """Name those of these files that git ignores, gone ones too: never what it tracks."""
    words = ("--no-literal-pathspecs", "check-ignore", "--", *(f"./{path}" for path in paths))
    found = (asked(folder, *words) or "").splitlines()
    if found:
        names = ", ".join(line.removeprefix("./") for line in found)
        raise _refused(f"it ignores {names}", "Take it out of .gitignore.")


def _refuse_under_way(place: Place) -> None:
    for name, what in _UNDER_WAY.items():
        if (place.own / name).exists():
            raise _refused(f"a {what} is under way in {place.top}")


def _check(outcome: Outcome) -> None:
    if outcome.code:
        raise _refused((outcome.err or outcome.out).strip()[:2000] or f"exit code {outcome.code}")


def _silent() -> LocalFault:
    if not is_installed("git"):
        return _refused("`git` is not installed here", "Install it, then commit them.")
    return _refused("it does not answer here", f"Run `git status` there: it says why. {_MEND}")


def _refused(words: str, hint: str = _MEND) -> LocalFault:
    return LocalFault(f"git did not commit: {words}", f"The files are written. {hint}", git=words)
