"""What the git hooks ask: may this be written on a story's branch?"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from panopticon.errors import Conflict, InvalidInput, PanError, Retriable
from panopticon.local.git import clone, hook as git_hook
from panopticon.local.git.hook import Hook, HookPlace
from panopticon.model.issue import Json
from panopticon.services.claim import fence
from panopticon.services.claim.desk import Desk, desk as sit_down, session_of
from panopticon.services.claim.known import is_storys, known_on
from panopticon.services.claim.standing import Standing, Told, Verdict
from panopticon.services.context import Context
from panopticon.services.within import within

NAMES = git_hook.NAMES
_SECONDS = 8.0  # that a commit may wait for the arbiter
_HEADS = "refs/heads/"


@dataclass(frozen=True, slots=True)
class Hooks:
    """The hooks of a repository, and what is worth a line about them."""

    place: HookPlace
    hooks: list[Hook]
    changed: tuple[str, ...] = ()

    @property
    def warnings(self) -> list[str]:
        """Say what one may not expect of the place."""
        if self.place.is_shared:
            where = f"{self.place.folder} (core.hooksPath)"
            return [f"{where} is used by every repository that names it; others go through."]
        return [_theirs(self.place)] if self.place.inside else []

    def as_json(self) -> dict[str, Json]:
        """Give the document of `pan hook … --json`."""
        return {
            "folder": str(self.place.folder),
            "hooks": [
                {"name": one.name, "state": one.state, "before": one.is_kept} for one in self.hooks
            ],
            "changed": list(self.changed),
            "warnings": list(self.warnings),
        }


def status(ctx: Context) -> Hooks:
    """Look at the hooks of the project's repository."""
    there = git_hook.place(ctx.config.folder)
    return Hooks(there, git_hook.status(there))


def install(ctx: Context) -> Hooks:
    """Write the hooks; raises InvalidInput where their folder is a part of the repository."""
    there = git_hook.place(ctx.config.folder)
    if there.inside:
        lines = [f"  pan fence --hook {name}" for name in git_hook.NAMES]
        raise InvalidInput(
            _theirs(there),
            "\n".join([f"Add to those of {_team_folder(there)} a line each:", *lines]),
        )
    folder = ctx.config.folder.resolve()
    sub = folder.relative_to(there.top).as_posix() if folder.is_relative_to(there.top) else ""
    changed = git_hook.install(there, sys.executable, "" if sub == "." else sub)
    return Hooks(there, git_hook.status(there), tuple(changed))


def remove(ctx: Context) -> Hooks:
    """Take our hooks away and put back what was there."""
    there = git_hook.place(ctx.config.folder)
    changed = git_hook.remove(there)
    return Hooks(there, git_hook.status(there), tuple(changed))


def _theirs(there: HookPlace) -> str:
    return (
        f"The hooks of this repository are files of it (core.hooksPath is {there.inside}): they "
        "are the team's to change."
    )


def _team_folder(there: HookPlace) -> str:
    """Name the folder where people write hooks: husky makes the one that git reads."""
    inside = there.inside or ""
    return ".husky" if inside == ".husky/_" else inside


def before_commit(ctx: Context, branch: str | None, told: Told) -> list[str]:
    """Ask before a commit or merge on a branch; gives warnings, raises where it is refused.

    Without a word from the arbiter it goes through while the claim counts by this machine's clock.
    """
    name = branch or clone.branch(ctx.config.folder)
    if name is None or not _is_asked(ctx, name):
        return []
    try:
        desk = sit_down(ctx)
        found = within(_SECONDS, lambda: fence.check_branch(desk, name, told), desk.arbiter.name)
    except Conflict:
        raise
    except PanError as error:
        return _unasked(ctx, name, error)
    return [found.warning] if found and found.warning else []


def before_push(ctx: Context, lines: Sequence[str], told: Told) -> list[str]:
    """Ask before a push of refs, given as git tells its hook; raises where one is refused."""
    branches = [branch for branch in _branches(lines) if _is_asked(ctx, branch)]
    if not branches:
        return []
    try:
        desk = sit_down(ctx)
        found = within(_SECONDS, lambda: _looked_at(desk, branches, told), desk.arbiter.name)
    except Conflict:
        raise
    except PanError as error:
        error.hint = f"{error.hint} `git push --no-verify` pushes without asking.".strip()
        raise
    return [word for one in found for word in _words(one)]


def _is_asked(ctx: Context, branch: str) -> bool:
    """Tell whether claims are decided here at all, and the branch may be a story's.

    A shared hook runs in every repository; what is wrong with the settings is no trouble there.
    """
    return bool(ctx.config.arbiter and ctx.config.sources) and is_storys(ctx, branch)


def _looked_at(desk: Desk, branches: Sequence[str], told: Told) -> list[Standing]:
    found = (fence.check_branch(desk, branch, told) for branch in branches)
    return [one for one in found if one]


def _words(found: Standing) -> list[str]:
    if found.warning:
        return [found.warning]
    if found.verdict is Verdict.GIVEN_BACK:
        key = found.ref.key
        return [f"You gave {key} back: others may take it. `pan checkout story={key}` holds it."]
    return []


def _branches(lines: Sequence[str]) -> list[str]:
    """Read what is pushed to: `<local ref> <local sha> <remote ref> <remote sha>` a line."""
    rows = (line.split() for line in lines)
    refs = (row[2] for row in rows if len(row) == 4)  # noqa: PLR2004 - git's own number
    return [ref.removeprefix(_HEADS) for ref in refs if ref.startswith(_HEADS)]


def _unasked(ctx: Context, branch: str, error: PanError) -> list[str]:
    """Decide without the arbiter: only what this machine last saw is left."""
    known = [one.claim for one in known_on(ctx, branch)]
    session = session_of(ctx.config)
    ours = [one for one in known if one.session == session and not one.is_released]
    if not known or any(one.is_held(ctx.now()) for one in ours):
        return [f"Nobody could be asked whether {branch} is still yours: {error.message}"]
    raise Retriable(
        f"Nobody can be asked whose {branch} is, and no claim on it counts here: {error.message}",
        "Try again in a moment; `git commit --no-verify` commits without asking.",
    )
