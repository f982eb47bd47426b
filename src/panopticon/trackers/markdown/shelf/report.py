"""What a check of the folders answers: who you are, what is there, what is wrong with it."""

from collections import Counter
from collections.abc import Iterator, Sequence

from panopticon.model.issue import Kind
from panopticon.trackers.base import Check, Place
from panopticon.trackers.markdown.shelf.shelf import Shelf
from panopticon.trackers.markdown.shelf.shelves import Shelves
from panopticon.trackers.markdown.text.piece import Problem

_SHOWN = 20
_NO_EMAIL = "no git user.email: `git config --global user.email you@example.com` says who you are"


def check(shelves: Shelves, *, can_write: bool) -> Check:
    """Look at every folder; raises NotFound, Retriable, LocalFault with the folder's name."""
    found = shelves.all(with_head=True)
    counts = Counter(item.kind for shelf in found for item in shelf.items)
    names = [shelf.project for shelf in found]
    ids = [shelf.canonical for shelf in found]
    me = next((one for folder in shelves.folders() if (one := folder.me())), None)
    repositories = dict.fromkeys(_repository(shelf)[1] for shelf in found)
    return Check(
        user=(me.email or me.name) if me else "",
        workspace=", ".join(repositories),
        workspace_id=",".join(dict.fromkeys(_repository(shelf)[0] for shelf in found)),
        project=names[0] if len(names) == 1 else None,
        project_id=ids[0] if len(ids) == 1 else None,
        can_write=can_write,
        counts={kind: counts[kind] for kind in (Kind.EPIC, Kind.STORY)},
        warnings=(*(() if me else (_NO_EMAIL,)), *_warnings(found)),
    )


def places(shelves: Sequence[Shelf]) -> list[Place]:
    """List the repositories, and the folders in them."""
    found = dict.fromkeys(_repository(shelf) for shelf in shelves)
    listed = [Place("workspace", id_, name) for id_, name in found]
    return listed + [
        Place("project", shelf.canonical, shelf.project, _repository(shelf)[0]) for shelf in shelves
    ]


def _repository(shelf: Shelf) -> tuple[str, str]:
    """Give id and name of the repository around a folder, or of the folder itself."""
    around = shelf.binding.repository
    if around is None or around.root_commit is None:
        return shelf.canonical, around.name if around else shelf.project
    return around.root_commit, around.name


def _warnings(shelves: Sequence[Shelf]) -> Iterator[str]:
    for shelf in shelves:
        if not shelf.items:
            yield f"{shelf.folder.root}: there are no story files ({shelf.layout.said()})."
    found = [told for shelf in shelves for told in _told(shelf)]
    yield from found[:_SHOWN]
    if len(found) > _SHOWN:
        yield f"and {len(found) - _SHOWN} more problems in the files"


def _told(shelf: Shelf) -> Iterator[str]:
    """Tell the problems, with the project in front where there are several; the rare ones first.

    A hundred lines of drift would hide the one file that a merge has broken.
    """
    counts = Counter(problem.code for problem in shelf.problems)

    def rarity(problem: Problem) -> tuple[int, str]:
        return counts[problem.code], problem.code

    for problem in sorted(shelf.problems, key=rarity):
        yield f"{shelf.project}: {problem}" if shelf.prefix else str(problem)
