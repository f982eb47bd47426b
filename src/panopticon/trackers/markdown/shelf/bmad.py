"""BMAD's own config files: which version it is, and where it keeps stories and plans."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from panopticon.errors import PanError
from panopticon.trackers.markdown.text.document import document_from
from panopticon.trackers.markdown.text.entry import entries_from
from panopticon.trackers.markdown.text.piece import decode

PANTHEON = ("_bmad/pantheon/config.yaml", "bmad/pantheon/config.yaml")
V6 = ("_bmad/bmm/config.yaml", ".bmad/bmm/config.yaml", "bmad/bmm/config.yaml")
V4 = (".bmad-core/core-config.yaml", "bmad-core/core-config.yaml")
CONFIGS = (("pantheon", PANTHEON), ("v6", V6), ("v4", V4))
_STORIES = (
    *("dev_story_location", "devStoryLocation", "story_location", "stories_location"),
    *("sprint_artifacts", "implementation_artifacts"),
)
_PLANS = ("planning_artifacts", "prdShardedLocation")
_ROOT = ("{project-root}/", "{project_root}/", "./")


@dataclass(frozen=True, slots=True)
class Bmad:
    """What the config files say; folders relative to the root, `prd` the file of a v4 PRD."""

    dialect: str = ""
    stories: tuple[str, ...] = ()
    planning: tuple[str, ...] = ()
    prd: str = ""

    @property
    def all_folders(self) -> tuple[str, ...]:
        """Give every folder that is named."""
        return (*self.stories, *self.planning)


def bmad_from(read: Callable[[str], bytes]) -> Bmad:
    """Read the config files that are there; the newest version gives the dialect."""
    dialect = ""
    told: dict[str, str] = {}
    for name, paths in CONFIGS:
        for path in paths:
            words = _words(path, read)
            if words is not None:
                dialect = dialect or name
                told = {**words, **told}
    output = _inside(told.get("output_folder", ""), "")
    return Bmad(
        dialect=dialect,
        stories=tuple(_folders(told, _STORIES, output)),
        planning=tuple(_folders(told, _PLANS, output)),
        prd=_inside(told.get("prdFile", ""), output),
    )


def _words(path: str, read: Callable[[str], bytes]) -> Mapping[str, str] | None:
    try:
        text = decode(read(path))
    except PanError:  # not there, or not to be read: the names of files say enough
        return None
    entries, _ = entries_from(document_from(text, path).lines, path)
    return {entry.key: entry.scalar for entry in entries if entry.scalar}


def _folders(told: Mapping[str, str], keys: tuple[str, ...], output: str) -> Iterator[str]:
    found = (_inside(told.get(key, ""), output) for key in keys)
    yield from dict.fromkeys(folder for folder in found if folder)


def _inside(value: str, output: str) -> str:
    """Give a folder relative to the root; empty where it lies elsewhere."""
    for beginning in _ROOT:
        value = value.removeprefix(beginning)
    value = value.replace("{output_folder}", output).strip("/ ") if value[:1] != "/" else ""
    is_out = value.startswith(("~", "..")) or "{" in value or "/../" in f"/{value}/"
    return "" if is_out or value == "." else value
