"""Folders that would give the same items twice: one inside another, or two checkouts of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from panopticon.errors import InvalidInput, PanError
from panopticon.local.disk import LocalDisk
from panopticon.services.context import Context
from panopticon.services.inputs import folders_of


@dataclass(frozen=True, slots=True)
class Spot:
    """A folder as it is written, with the two ways to tell that another is the same."""

    written: str
    path: Path
    in_git: tuple[str, str] | None

    def overlap(self, other: "Spot") -> str | None:
        """Say how two folders would give the same items; None where they do not."""
        if self.path == other.path:
            return "the same folder as"
        if other.path in self.path.parents:
            return "read already, with"
        if self.path in other.path.parents:
            return "around"
        return "another checkout of" if self.in_git and self.in_git == other.in_git else None


def spot_of(written: str, path: Path | None = None) -> Spot:
    """Look where a folder is; `path` where its links are followed already."""
    real = path or _real(written)
    return Spot(written, real, _place_in_git(real))


def check_apart(ctx: Context, name: str, told: Sequence[Spot], held: Sequence[Spot] = ()) -> None:
    """Refuse folders of the source `name` that give items twice; `held` it has already.

    They are looked at beside each other, beside those and beside the folders of other sources.
    """
    seen = list(held)
    for spot in told:
        for other in seen:
            if how := spot.overlap(other):
                raise _refusal(spot, f"{how} {other.written}", "Leave one of them out.")
        seen.append(spot)
    for source in ctx.config.sources:
        for folder in folders_of(source) if name not in {source.name, source.known_as} else ():
            other = spot_of(folder)
            for spot in told:
                if how := spot.overlap(other):
                    hint = "Leave it with that one, or take it out there first."
                    raise _refusal(spot, f"{how} {folder} of {source.name}", hint)


def _refusal(spot: Spot, what: str, hint: str) -> InvalidInput:
    return InvalidInput(f"{spot.written} is {what}.", hint, folder=spot.written)


def _real(folder: str) -> Path:
    try:
        return Path(folder).expanduser().resolve()
    except (OSError, RuntimeError, ValueError):
        return Path(folder)


def _place_in_git(path: Path) -> tuple[str, str] | None:
    """Name a folder alike in every checkout: the first commit, and the path inside."""
    try:
        around = LocalDisk().open(str(path)).repository()
    except PanError:  # what cannot be told is no reason to refuse
        return None
    return (around.root_commit, around.inside) if around and around.root_commit else None
