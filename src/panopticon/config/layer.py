"""The places where settings are written, each read into plain mappings."""

import os
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from panopticon.errors import InvalidInput, LocalFault

_LARGEST = 1_000_000  # bytes
Table = Mapping[str, object]


def environment() -> Mapping[str, str]:
    """Copy the process environment: the only place that reads it."""
    return dict(os.environ)  # noqa: TID251 - this is the place


@dataclass(frozen=True, slots=True)
class Layer:
    """The content of one file, and its name for messages."""

    path: Path
    table: Table


def text_of(path: Path) -> str | None:
    """Read a file; None when it is not there.

    A repository may bring anything under that name: only a plain file of a sane size is read.
    """
    try:
        return _bytes_of(path).decode("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{path} is not UTF-8 text.", "Save it as UTF-8.") from error
    except OSError as error:
        hint = "Check its owner and mode."
        raise LocalFault(f"Cannot read {path}: {error.strerror}.", hint) from error


def _bytes_of(path: Path) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise InvalidInput(f"{path} is no plain file.", "Settings are read from files only.")
        content = file.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise InvalidInput(f"{path} is larger than 1 MB.", "Settings are small: what is in it?")
    return content


def toml_layer(path: Path) -> Layer | None:
    """Read a TOML file."""
    if (text := text_of(path)) is None:
        return None
    try:
        return Layer(path, tomllib.loads(text))
    except RecursionError as error:
        raise InvalidInput(f"{path} is not valid TOML: it nests too deep.", "Mend it.") from error
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(f"{path} is not valid TOML: {error}.", "Mend that line.") from error


def yaml_layer(path: Path) -> Layer | None:
    """Read a YAML file, which must hold a mapping or nothing."""
    if (text := text_of(path)) is None:
        return None
    import yaml  # noqa: PLC0415 - 20 ms that only those with YAML files pay

    try:
        table = yaml.safe_load(text)
    except (RecursionError, ValueError) as error:  # nested without end; a date of no calendar
        raise InvalidInput(
            f"{path} is not valid YAML: it cannot be read.", "Mend it by hand."
        ) from error
    except yaml.YAMLError as error:
        where = getattr(error, "problem_mark", None)
        line = f", line {where.line + 1}" if where else ""
        reason = getattr(error, "problem", None) or "cannot be read"
        raise InvalidInput(
            f"{path}{line} is not valid YAML: {reason}.", "Mend that line."
        ) from error
    if table is None:
        table = {}
    if not isinstance(table, dict):
        raise InvalidInput(f"{path} holds no settings.", "Its top level must be `name: value`.")
    return Layer(path, table)


def secrets_from(path: Path) -> tuple[dict[str, str], tuple[str, ...]]:
    """Read `KEY=VALUE` lines as python-dotenv does; second, the lines it cannot read."""
    if (text := text_of(path)) is None:
        return {}, ()
    from dotenv.parser import parse_stream  # noqa: PLC0415 - only those with the file pay

    found: dict[str, str] = {}
    notes: list[str] = []
    for binding in parse_stream(StringIO(text)):
        if binding.error:
            notes.append(f"{path}, line {binding.original.line}: not a KEY=VALUE line, left out.")
        elif binding.key is not None and binding.value is not None:
            found[binding.key] = binding.value
    return found, tuple(notes)


def section(layer: Layer | None, *names: str) -> Table:
    """Find a table inside a layer; an empty one when it is not there."""
    table: object = layer.table if layer else {}
    for name in names:
        table = table.get(name) if isinstance(table, Mapping) else None
        if table is None:
            return {}
    if not isinstance(table, Mapping):
        where = f"{layer.path}: " if layer else ""
        raise InvalidInput(
            f"{where}`{'.'.join(names)}` must hold keys and values.", "See docs/configuration.md."
        )
    return {str(key): value for key, value in table.items()}


def check_keys(where: str, keys: Mapping[str, object], known: frozenset[str]) -> None:
    """Refuse a key that is not known, naming the nearest that is."""
    for key in keys:
        if key not in known:
            raise InvalidInput(f"{where}: unknown key `{key}`.", nearest(key, known), key=key)


def nearest(word: str, known: frozenset[str]) -> str:
    """Say which known word was probably meant."""
    from difflib import get_close_matches  # noqa: PLC0415 - only on the way to an error

    close = get_close_matches(word, sorted(known), n=1, cutoff=0.5)
    if close:
        return f"Did you mean `{close[0]}`?"
    return f"Known: {', '.join(sorted(known))}."
