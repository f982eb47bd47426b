"""Files that are gone: looked at twice, and not believed where a whole board would go with them."""

from panopticon.errors import LocalFault, PanError
from panopticon.trackers.disk import Folder
from panopticon.trackers.markdown.shelf.kept import Kept
from panopticon.trackers.markdown.shelf.layout import Choice
from panopticon.trackers.markdown.shelf.reading import Found, found_in

_FEW = 2  # stories; one that is gone is no board
_PROBED = 3
_BELIEVE = "`pan sync force=true` believes that they are gone"


def sure(folder: Folder, choice: Choice, found: Found, kept: Kept) -> Found:
    """List again, at rest, where files that are known are missing; raises Retriable."""
    if _gone(found, kept):
        return found_in(folder, choice, is_settled=True)
    return found


def refuse(folder: Folder, found: Found, kept: Kept, *, was_repository: bool) -> None:
    """Raise LocalFault where all stories are gone and git knows nothing of it."""
    gone = _gone(found, kept)
    if not gone:
        return
    around = folder.repository()
    if was_repository and around is None:
        raise LocalFault(
            f"{folder.root} was a git repository and is none now, and {len(gone)} of its files "
            "are missing. Nothing was deleted.",
            f"Put the repository back, or take the folder out of `folders`; {_BELIEVE}.",
        )
    stories = {one.path for one in kept.items.values() if one.path} or set(kept.files)
    if len(stories) < _FEW or len(kept.items) < _FEW or stories - gone or found.layout.stories:
        return
    if any(_is_there(folder, path) for path in sorted(gone)[:_PROBED]):
        return  # other settings: they are looked for no more
    is_moved = around is not None and around.head != (kept.head or None)
    if is_moved and not stories & folder.lost():
        return  # another branch, or a commit without them
    raise LocalFault(
        f"All {len(stories)} story files of {folder.root} are missing, and git knows nothing of "
        "it. Nothing was deleted.",
        f"Put them back (`git restore .`), or commit that they are gone; {_BELIEVE}.",
    )


def _gone(found: Found, kept: Kept) -> set[str]:
    """Name the known files that are missing; of folders that cannot be read the reader speaks."""
    gone = set(kept.files) - found.listed
    closed = tuple(f"{path}/" for path in found.skipped)
    return {path for path in gone if not path.startswith(closed)}


def _is_there(folder: Folder, path: str) -> bool:
    try:
        folder.read(path)
    except PanError:
        return False
    return True
