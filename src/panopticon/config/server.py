"""Servers in settings: when two spellings mean the same, and who may say where a key goes."""

from collections.abc import Iterable
from pathlib import Path

from panopticon.config.schema import TypeWords
from panopticon.errors import InvalidInput

_SHOWN = 120  # characters of a server in a message


def is_same_server(words: TypeWords, one: object, other: object) -> bool:
    """Compare two spellings of a server; none named means the vendor's own."""
    return _origin(words, one) == _origin(words, other)


def _origin(words: TypeWords, server: object) -> str:
    text = str(server or words.server or "").strip().rstrip("/")
    scheme, mark, rest = text.rpartition("://")
    host, slash, path = rest.partition("/")
    return f"{(scheme if mark else 'https').lower()}://{host.lower()}{slash}{path}"


def is_one_of(words: TypeWords, server: str, own: Iterable[object]) -> bool:
    """Tell whether the person's own places name a server; None among them is the vendor's own."""
    return any(is_same_server(words, server, one) for one in own)


def refusal(file: Path, key: str, server: str, toml: str) -> InvalidInput:
    """Say that a repository names a server: who clones it would send a key there."""
    shown = server if len(server) <= _SHOWN else f"{server[:_SHOWN]}…"
    type_, _, word = key.partition("_")
    return InvalidInput(
        f"{file}: `{key}: {shown}` is not taken from a repository.",
        "A key goes only to servers that your own settings name. To allow this one, write "
        f'`{word} = "{shown}"` into a section of the type {type_} in {toml}; '
        "else take that line out.",
        server=shown,
    )
