"""What a person is asked to connect a tracker, type by type: the page draws its form from it."""

from collections.abc import Mapping
from dataclasses import dataclass

from panopticon.config import TYPES, Source, TypeWords, plain_name

_FLAGS: Mapping[str, tuple[str, str]] = {
    "commit": (
        "Commit every change",
        "Each change made here becomes a commit of its own, with a message that names the story.",
    ),
}
_FOLDERS_HELP = "A repository on this machine, or a folder in it: its whole path, from / or ~."


@dataclass(frozen=True, slots=True)
class Input:
    """One thing that is asked; `type` says how: line, secret, places, folders or flag."""

    name: str
    type: str
    label: str
    help: str = ""
    required: bool = False

    def as_json(self) -> dict[str, object]:
        """Give it to the page."""
        return {
            "name": self.name,
            "type": self.type,
            "label": self.label,
            "help": self.help,
            "required": self.required,
        }


def inputs_of(words: TypeWords) -> tuple[Input, ...]:
    """List what a type takes, in the order in which it is asked."""
    found: list[Input] = []
    place = words.place
    if "server" in place.words:
        vendor = f"Leave it empty for {words.server}." if words.server else ""
        found.append(Input("server", "line", "Server", vendor, required=not words.server))
    if words.needs_key:
        found.append(Input("key", "secret", "Key", words.key_help, required=True))
    if place.are_paths:
        label = place.parts.capitalize()
        found.append(Input(place.parts, "folders", label, _FOLDERS_HELP, required=True))
    else:
        found.append(Input("places", "places", f"{place.anchor.capitalize()} and {place.parts}"))
    for name in flags_of(words):
        label, help_ = _FLAGS[name]
        found.append(Input(name, "flag", label, help_))
    return tuple(found)


def types() -> list[dict[str, object]]:
    """Describe every type that can be connected."""
    return [
        {
            "type": type_,
            "label": words.label,
            "offer": _offer(words),
            "needs_key": words.needs_key,
            "server": words.server,
            "key_help": words.key_help,
            "name": plain_name(type_),
            "place": _place(words),
            "inputs": [one.as_json() for one in inputs_of(words)],
        }
        for type_, words in TYPES.items()
    ]


def _place(words: TypeWords) -> dict[str, str]:
    """Give the type's own words for what it reads: one of `above`, several `parts` in it."""
    return {"above": words.place.anchor, "part": words.place.part, "parts": words.place.parts}


def _offer(words: TypeWords) -> str:
    """Word the button that connects one."""
    if words.place.are_paths:
        return f"Use {words.label} of a repository…"
    return f"Connect {words.label}…"


def choices_of(source: Source) -> dict[str, bool]:
    """Give what a source was told of yes or no."""
    return {name: source.options.get(name) is True for name in flags_of(TYPES[source.type])}


def flags_of(words: TypeWords) -> tuple[str, ...]:
    """Name the choices of yes or no that a type offers."""
    return tuple(name for name in _FLAGS if name in words.keys)


def folders_of(source: Source) -> tuple[str, ...]:
    """Give the folders that a source names, as they are written; none where it has a server."""
    place = TYPES[source.type].place
    told = [source.options.get(key) for key in (place.parts, place.part) if place.are_paths]
    lists = (one if isinstance(one, list | tuple) else [one] for one in told if one)
    return tuple(dict.fromkeys(str(folder) for one in lists for folder in one))
