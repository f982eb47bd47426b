"""Looking into a folder before it is connected: which BMAD it is, how many stories and epics."""

from pathlib import PurePosixPath

from panopticon.errors import PanError
from panopticon.model.look import Look
from panopticon.trackers.disk import Folder
from panopticon.trackers.markdown.shelf import layout
from panopticon.trackers.markdown.text.epics import read_epics
from panopticon.trackers.markdown.text.number import canonical, file_name_from, parts_of
from panopticon.trackers.markdown.text.sprint import EntryKind, read_sprint

LOOKED_FOR = (
    "story files (1.2.title.md, 1-2-title.md) in docs/stories",
    "the same in docs/sprint-artifacts or _bmad-output/implementation-artifacts",
    "epics.md",
    "sprint-status.yaml",
    "BMAD's own settings (_bmad/bmm/config.yaml, .bmad-core/core-config.yaml)",
)


def looked(folder: Folder) -> Look:
    """Look into a folder; raises NotFound where it is not there."""
    listing = folder.files(layout.wanted(layout.Choice()))
    around = folder.repository()
    inside = around.inside if around else PurePosixPath(folder.root).name
    found = layout.found([fact.path for fact in listing.files], folder.read, inside)
    if found.is_empty:
        return Look(looked_for=LOOKED_FOR)
    return Look(
        dialect=found.dialect,
        folders=tuple(place or "." for place, _ in found.folders) or (found.story_folder or ".",),
        stories=len(found.stories),
        epics=len(_epics(folder, found)),
        sprint_status=found.sprints[0] if found.sprints else None,
        looked_for=LOOKED_FOR,
    )


def _epics(folder: Folder, found: layout.Layout) -> set[str]:
    """Number the epics: those told of in epics files or sprint-status, and those with stories."""
    numbers = {parts_of(file_name_from(path).number)[:1] for path in found.stories}
    told = {part for some in numbers for part in some if part.isdigit()}
    for path in found.epics:
        told |= {epic.key for epic in read_epics(_bytes(folder, path), path).epics}
    for path in found.sprints[:1]:
        entries = read_sprint(_bytes(folder, path), path).entries
        told |= {canonical(one.number) for one in entries if one.kind is EntryKind.EPIC}
    return told


def _bytes(folder: Folder, path: str) -> bytes:
    try:
        return folder.read(path)
    except PanError:  # gone or not to be read since it was listed; `pan doctor` will say so
        return b""
