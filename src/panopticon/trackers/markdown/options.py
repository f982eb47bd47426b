"""What a source of story files may be told."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from panopticon.config import Source
from panopticon.errors import InvalidInput
from panopticon.model.issue import State

OPTIONS: Mapping[str, str] = {
    "folder": "a repository, or a folder in it; several in a list; `~` is the home",
    "folders": "the same as `folder`",
    "commit": "commit every change by itself, with a message that names the story (false)",
    "states": "a team's own status word = column",
    "include": "further story files, as patterns below the folder: `specs/**/*.md`",
    "exclude": "files to leave alone, as patterns",
}


@dataclass(frozen=True, slots=True)
class Options:
    """The settings of one source; `folders` as written, at least one."""

    name: str
    folders: tuple[str, ...]
    commit: bool = False
    words: Mapping[str, State] = field(default_factory=dict)
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


def options_from(source: Source) -> Options:
    """Read a source's table; raises InvalidInput with the key that is wrong."""
    raise InvalidInput(f"{source.name}: not read yet.")
