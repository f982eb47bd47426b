"""Git hooks that ask before something is written in a story's name: made, chained, taken away.

A hook that was there is renamed to `<name>.before-pan` and runs first, with the same arguments
and the same input. https://git-scm.com/docs/githooks
"""

import shlex
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

from panopticon.errors import Conflict, InvalidInput, LocalFault
from panopticon.local.file import write_private
from panopticon.local.git.call import told

NAMES = ("pre-commit", "pre-merge-commit", "pre-push")
_MARK = "# panopticon: asks `pan fence` before git writes"
_LARGEST = 1_000_000  # bytes of a hook that we read


@dataclass(frozen=True, slots=True)
class HookPlace:
    """Where git looks for a repository's hooks.

    `inside`: that folder as the repository names it, where it belongs to its files;
    `is_shared`: other repositories of this person use it too.
    """

    top: Path
    folder: Path
    inside: str | None = None
    is_shared: bool = False


@dataclass(frozen=True, slots=True)
class Hook:
    """One hook: `ours`, `other`, `absent`; whether one of before is kept beside it."""

    name: str
    state: str
    is_kept: bool


def place(folder: Path) -> HookPlace:
    """Ask git where hooks go; raises InvalidInput outside a repository, LocalFault when off."""
    words = ("--show-toplevel", "--git-common-dir", "--git-path", "hooks")
    found = told(folder, "rev-parse", *words)
    if found.code:
        raise InvalidInput(f"{folder} is in no git repository.", "Go into one.")
    top, common, hooks = (folder / line for line in found.out.splitlines())
    hooks, top = hooks.resolve(), top.resolve()
    if hooks.exists() and not hooks.is_dir():
        raise LocalFault(
            f"Git's hooks are switched off here: core.hooksPath is {hooks}.",
            "`git config --show-origin core.hooksPath` shows where.",
        )
    if hooks.is_relative_to(common.resolve()):
        return HookPlace(top, hooks)
    if hooks.is_relative_to(top):
        return HookPlace(top, hooks, inside=hooks.relative_to(top).as_posix())
    return HookPlace(top, hooks, is_shared=True)


def status(there: HookPlace) -> list[Hook]:
    """Look at each hook."""
    return [
        Hook(name, _state(there.folder / name), _kept(there.folder, name).exists())
        for name in NAMES
    ]


def install(there: HookPlace, python: str, sub: str) -> list[str]:
    """Write the hooks; names those that changed. May be called again.

    `sub` is the project's folder inside the repository, empty for its root.
    """
    changed = []
    for name in NAMES:
        path, kept, text = there.folder / name, _kept(there.folder, name), script(name, python, sub)
        state = _state(path)
        if state == "ours" and path.read_text(encoding="utf-8") == text:
            continue
        if state == "other":
            _keep(path, kept)
        write_private(path, text)
        path.chmod(0o755)
        changed.append(name)
    return changed


def remove(there: HookPlace) -> list[str]:
    """Take our hooks away and put back what was there; names those that changed."""
    changed = []
    for name in NAMES:
        path, kept = there.folder / name, _kept(there.folder, name)
        if _state(path) == "ours":
            path.unlink()
            changed.append(name)
        if _is_there(kept) and not _is_there(path):
            kept.rename(path)
    return changed


def _keep(path: Path, kept: Path) -> None:
    """Rename a hook of before; two of them are for a person to sort out."""
    if _is_there(kept):
        raise Conflict(
            f"{path} was written anew after `pan hook install`, and {kept.name} is there too.",
            "Keep the one that you need under its own name, delete the other, then try again.",
        )
    path.rename(kept)


def _kept(folder: Path, name: str) -> Path:
    return folder / f"{name}.before-pan"


def _is_there(path: Path) -> bool:
    return path.exists() or path.is_symlink()


def _state(path: Path) -> str:
    if not _is_there(path):
        return "absent"
    with suppress(OSError), path.open("rb") as file:
        if _MARK.encode() in file.read(_LARGEST) and not path.is_symlink():
            return "ours"
    return "other"


def script(name: str, python: str, sub: str) -> str:
    """Write a hook; without Panopticon commits go through, pushes of `story/…` do not."""
    is_push = name == "pre-push"
    words = {
        "mark": _MARK,
        "name": name,
        "python": shlex.quote(python),
        "sub": f"cd {shlex.quote(sub)} 2>/dev/null\n" if sub else "",
        "read": _READ_PUSH if is_push else _READ,
        "gone": _GONE_PUSH if is_push else "exit 0\n",
        "ask": _ASK_PUSH if is_push else _ASK.format(name=name),
    }
    return _SCRIPT.format(**words)


_SCRIPT = dedent("""\
    #!/bin/sh
    {mark}.
    # Made by `pan hook install`; `pan hook remove` takes it away.
    [ "$PANOPTICON_HOOK" = "{name}:$PWD" ] && exit 0
    PANOPTICON_HOOK="{name}:$PWD"
    export PANOPTICON_HOOK
    hook=$0
    before="${{0%/*}}/{name}.before-pan"
    {read}
    python={python}
    {sub}if [ -x "$python" ] && "$python" -P -c 'import panopticon' 2>/dev/null; then
      set -- "$python" -P -m panopticon
    elif command -v pan >/dev/null 2>&1; then
      set -- pan
    else
      echo "panopticon is not here any more, so nobody asked whose story this is." >&2
      echo "  Install it again, or delete $hook." >&2
      {gone}fi
    {ask}
""")
_READ = """\
if [ -x "$before" ]; then "$before" "$@" || exit $?; fi
branch=$(git symbolic-ref --quiet --short HEAD) || exit 0
unset $(git rev-parse --local-env-vars)"""
_READ_PUSH = """\
lines=$(cat)
say() { if [ -n "$lines" ]; then printf '%s\\n' "$lines" 2>/dev/null; fi; }
claims() {
  echo "This push would delete or rewrite $1, where claims are kept." >&2
  echo "  Push branches by name (\\`git push origin BRANCH\\`), not with --mirror." >&2
  exit 1
}
how=" $(ps -o args= -p "$PPID" 2>/dev/null)"  # git tells a hook nothing of what a mirror deletes
[ "$(git config --bool "remote.$1.mirror")" = true ] && how=" --mirror"
case $how in *" --mir"*)
  [ -z "$(git ls-remote "$2" 'refs/panopticon/*' 2>/dev/null)" ] || claims 'refs/panopticon/*' ;;
esac
say | while read -r _ new ref old; do
  case $ref in refs/panopticon/*) ;; *) continue ;; esac
  case $old in *[!0]*) ;; *) continue ;; esac
  case $new in *[!0]*) git merge-base --is-ancestor "$old" "$new" 2>/dev/null && continue ;; esac
  claims "$ref"
done || exit 1
if [ -x "$before" ]; then say | "$before" "$@" || exit $?; fi
case $lines in *refs/heads/*) ;; *) exit 0 ;; esac
unset $(git rev-parse --local-env-vars)"""
_GONE_PUSH = """\
case $lines in *refs/heads/story/*) ;; *) exit 0 ;; esac
  echo "  A story is not pushed so; \\`git push --no-verify\\` does it all the same." >&2
  exit 1
"""
_ASK = 'exec "$@" fence --hook {name} --branch "$branch"'
_ASK_PUSH = 'say | "$@" fence --hook pre-push'
