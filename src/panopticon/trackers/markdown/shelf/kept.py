"""What is kept of a folder between runs, in one note: facts by path and bytes, ids, times."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import orjson

from panopticon.trackers.markdown.shelf.facts import FORMAT, FileFacts, Told
from panopticon.trackers.markdown.text.piece import Problem
from panopticon.trackers.notes import Notes

_NOTE = "1"  # rises when the note itself is written differently


@dataclass(frozen=True, slots=True)
class KeptFile:
    """One file: its stamp, what stands for its bytes, how it was read, its times and facts.

    Without a role its facts are those of another version: it is read again, if it can be.
    """

    stamp: str
    digest: str
    role: str
    born: str
    created_at: datetime
    updated_at: datetime
    facts: FileFacts


@dataclass(frozen=True, slots=True)
class KeptItem:
    """One item: the file and name by which its id is found again, and when it last changed."""

    path: str
    name: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """A folder as it was: `items` by native id, without the project."""

    head: str = ""
    files: Mapping[str, KeptFile] = field(default_factory=dict)
    items: Mapping[str, KeptItem] = field(default_factory=dict)


def note_name(folder: str) -> str:
    """Name the note of a folder of one source: two sources may read one differently."""
    return f"markdown:folder:{folder}"


def load(notes: Notes, folder: str) -> Kept:
    """Read the note; nothing where there is none, or one that is written differently.

    Ids and times outlive a change in what facts are.
    """
    text = notes.note(note_name(folder))
    told = _json(text) if text else None
    if not isinstance(told, dict) or told.get("format") != _NOTE:
        return Kept()
    read = _file if told.get("facts") == FORMAT else _outdated
    return Kept(
        told["head"],
        {path: read(path, row) for path, row in told["files"].items()},
        {native: KeptItem(row[0], row[1], _time(row[2])) for native, row in told["items"].items()},
    )


def save(notes: Notes, folder: str, kept: Kept) -> None:
    """Write the note."""
    told = {
        "format": _NOTE,
        "facts": FORMAT,
        "head": kept.head,
        "files": {path: _row(file) for path, file in kept.files.items()},
        "items": {
            native: [one.path, one.name, one.updated_at.timestamp()]
            for native, one in kept.items.items()
        },
    }
    notes.put_note(note_name(folder), orjson.dumps(told).decode())


def _json(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None


def _row(file: KeptFile) -> list[Any]:
    facts = file.facts
    return [
        file.stamp,
        file.digest,
        file.role,
        file.born,
        file.created_at.timestamp(),
        file.updated_at.timestamp(),
        [_sparse(told) for told in facts.stories],
        [_sparse(told) for told in facts.epics],
        [list(problem[1:]) for problem in map(astuple, facts.problems)],
    ]


_BLANK = astuple(Told("", 0, "", "", ""))


def _sparse(told: Told) -> list[Any]:
    """Leave the path out, and what is blank at the end."""
    values = list(astuple(told))[1:]
    while values and values[-1] == _BLANK[len(values)]:
        values.pop()
    return values


def _file(path: str, row: list[Any]) -> KeptFile:
    facts = FileFacts(
        tuple(_told(path, values) for values in row[6]),
        tuple(_told(path, values) for values in row[7]),
        tuple(Problem(path, *values) for values in row[8]),
    )
    return KeptFile(row[0], row[1], row[2], row[3], _time(row[4]), _time(row[5]), facts)


def _outdated(path: str, row: list[Any]) -> KeptFile:
    try:
        kept = _file(path, row)
    except TypeError:  # the facts of that version have other fields
        kept = _file(path, [*row[:6], (), (), ()])
    return replace(kept, stamp="", role="")


def _told(path: str, values: list[Any]) -> Told:
    told: list[Any] = [tuple(one) if isinstance(one, list) else one for one in values]
    return Told(path, *told)


def _time(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)
