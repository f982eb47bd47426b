"""What a source of story files may be told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from panopticon.config import Source
from panopticon.errors import InvalidInput
from panopticon.model.issue import State
from panopticon.trackers.markdown.shelf.layout import Choice

OPTIONS: Mapping[str, str] = {
    "folder": "a repository, or a folder in it; several in a list; `~` is the home",
    "folders": "the same as `folder`",
    "names": "folder = what its project is called; the repository's name when absent",
    "commit": "commit every change by itself, with a message that names the story (false)",
    "states": "a team's own status word = column",
    "include": "further story files, as patterns below the folder: `specs/**/*.md`",
    "exclude": "files to leave alone, as patterns",
}
_SPOKEN = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_COLUMNS = ", ".join(state.value for state in State)


@dataclass(frozen=True, slots=True)
class Options:
    """The settings of one source; `folders` as written, at least one; `names` of theirs."""

    name: str
    folders: tuple[str, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    commit: bool = False
    words: Mapping[str, State] = field(default_factory=dict)
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    @property
    def choice(self) -> Choice:
        """Give the patterns."""
        return Choice(self.include, self.exclude)


def options_from(source: Source) -> Options:
    """Read a source's table; raises InvalidInput with the key that is wrong."""
    table = source.options
    for key in table:
        if key not in OPTIONS:
            near = get_close_matches(key, OPTIONS, 1)
            hint = f"Did you mean `{near[0]}`? " if near else ""
            message = f"Tracker {source.name}: unknown key `{key}`."
            raise InvalidInput(message, f"{hint}Known: {', '.join(OPTIONS)}.", key=key)
    folders = [*_texts(source, "folders"), *_texts(source, "folder")]
    if not folders:
        raise _wrong(source, "folders", "a folder or a list of folders")
    return Options(
        name=source.name,
        folders=tuple(dict.fromkeys(folders)),
        names=_names(source),
        commit=_flag(source, "commit"),
        words=_words(source),
        include=_texts(source, "include"),
        exclude=_texts(source, "exclude"),
    )


def _texts(source: Source, key: str) -> tuple[str, ...]:
    value = source.options.get(key)
    listed = value if isinstance(value, list | tuple) else [] if value is None else [value]
    if not all(isinstance(one, str) and one.strip() for one in listed):
        raise _wrong(source, key, "a text or a list of texts")
    return tuple(str(one).strip() for one in listed)


def _names(source: Source) -> Mapping[str, str]:
    value = source.options.get("names") or {}
    if not isinstance(value, Mapping):
        raise _wrong(source, "names", "a table")
    if not all(isinstance(one, str) and one.strip().isprintable() for one in value.values()):
        raise _wrong(source, "names", "a table of texts, one line each")
    return {str(folder): " ".join(name.split()) for folder, name in value.items() if name.strip()}


def _flag(source: Source, key: str) -> bool:
    value = source.options.get(key, False)
    value = _SPOKEN.get(value.lower(), value) if isinstance(value, str) else value
    if not isinstance(value, bool):
        raise _wrong(source, key, "true or false")
    return value


def _words(source: Source) -> Mapping[str, State]:
    value = source.options.get("states") or {}
    if not isinstance(value, Mapping):
        raise _wrong(source, "states", "a table")
    words: dict[str, State] = {}
    for word, column in value.items():
        try:
            words[str(word)] = State(str(column).strip().lower().replace("-", "_"))
        except ValueError:
            raise _wrong(source, "states", f"word = column: {_COLUMNS}; not {column!r}") from None
    return words


def _wrong(source: Source, key: str, wanted: str) -> InvalidInput:
    return InvalidInput(
        f"Tracker {source.name}: `{key}` must be {wanted}.", f"{key}: {OPTIONS[key]}.", key=key
    )
