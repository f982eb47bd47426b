"""Changing values in config.toml: comments, order and what is not ours stay as they were.

The law: a change is written only if the new text, read afresh, differs from the old one by exactly
that change. A file in an unusual form is then refused with a next step, never damaged.
"""

import tomllib
from collections.abc import Mapping, MutableMapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from panopticon.errors import InvalidInput, LocalFault
from panopticon.local.file import write_private

Table = MutableMapping[str, Any]


@dataclass(frozen=True, slots=True)
class Put:
    """A place in the file and its new value; None takes it away, with all that is below it."""

    path: tuple[str, ...]
    value: object
    comment: str = ""


def text_of(path: Path) -> str:
    """Read a file as UTF-8 text; "" where there is none."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{path} is not UTF-8 text.", "Save it as UTF-8 first.") from error
    except OSError as error:
        hint = "Check its owner and mode."
        raise LocalFault(f"Cannot read {path}: {error.strerror}.", hint) from error


def table_of(path: Path) -> dict[str, Any]:
    """Read the file as plain values; raises InvalidInput naming the line."""
    return _read(path, text_of(path))


def section_of(path: Path, *names: str) -> dict[str, Any]:
    """Read one section; {} where there is none."""
    table: Any = table_of(path)
    for name in names:
        table = table.get(name) if isinstance(table, dict) else None
    return table if isinstance(table, dict) else {}


def change(path: Path, puts: Sequence[Put]) -> None:
    """Write some values; raises InvalidInput for a file that cannot be changed safely."""
    text = text_of(path)
    wanted = _read(path, text)
    document = tomlkit.parse(text)
    try:
        for put in puts:
            _put(wanted, put, plain=True)
            _put(document, put, plain=False)
        fresh = tomlkit.dumps(document)
        if _bare(tomllib.loads(fresh)) != _bare(wanted):
            raise _odd(path)
    except (TOMLKitError, tomllib.TOMLDecodeError, TypeError, KeyError, ValueError) as error:
        raise _odd(path) from error
    if fresh != text:
        write_private(path, fresh)


def _read(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(
            f"{path} is not valid TOML: {error}.", "Mend that line first."
        ) from error


def _bare(value: Any) -> Any:
    """Leave out empty tables: they vanish with their last value, or stay as a line by itself."""
    if not isinstance(value, dict):
        return value
    kept = {name: _bare(inner) for name, inner in value.items()}
    return {name: inner for name, inner in kept.items() if inner != {}}


def _put(document: Table, put: Put, *, plain: bool) -> None:
    *above, last = put.path
    table = document
    for depth, name in enumerate(above):
        if not isinstance(table.get(name), Mapping):
            if put.value is None:
                return
            if name in table:
                raise ValueError(name)
            # A table that only holds tables needs no line of its own.
            is_super = depth + 1 < len(above)
            table[name] = {} if plain else tomlkit.table(is_super_table=is_super)
        table = table[name]
    if put.value is None:
        table.pop(last, None)
        return
    if table.get(last) == put.value and not put.comment:
        return
    table[last] = deepcopy(put.value) if plain else put.value
    if put.comment and not plain:
        table[last].comment(" ".join(put.comment.split()))


def _odd(path: Path) -> InvalidInput:
    return InvalidInput(
        f"{path} is written in a way that cannot be changed safely.",
        "Change it by hand, or write its tables as [section] lines.",
    )
