"""An item as the text that is stored, and back."""

import dataclasses
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

import orjson

from panopticon.model.issue import Comment, Issue, Kind, State, Task
from panopticon.model.lease import Lease
from panopticon.model.ref import IssueRef

Made = TypeVar("Made")


def written(issue: Issue) -> tuple[Issue, str]:
    """Write an item down; what no encoding can hold is replaced, in the item too."""
    try:
        return issue, _json(issue)
    except (TypeError, ValueError):
        document = _json(_clean(issue))
        return issue_from(document), document


def issue_from(document: str) -> Issue:
    """Read an item back."""
    raw: dict[str, Any] = orjson.loads(document)
    for name, read in _READERS.items():
        if raw.get(name):
            raw[name] = read(raw[name])
        elif name in _LISTS:
            raw[name] = ()
    return _built(Issue, raw)


def comments_text(comments: list[Comment]) -> str:
    """Write remarks down."""
    return text_from(comments)


def comments_from(document: str) -> list[Comment]:
    """Read remarks back."""
    return [
        Comment(raw["id"], raw["author"], raw["body"], _time(raw["created_at"]))
        for raw in orjson.loads(document)
    ]


def text_from(value: object) -> str:
    """Write any value down as JSON."""
    try:
        return _json(value)
    except (TypeError, ValueError):
        return _json(_clean(value))


def _json(value: object) -> str:
    return orjson.dumps(value, default=_plain).decode()


def _plain(value: object) -> object:
    return dict(value) if isinstance(value, Mapping) else str(value)


def _clean(value: object) -> object:
    """Replace half characters and numbers too large, which JSON cannot hold."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _clean(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, Mapping):
        return {clean_text(str(name)): _clean(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(inner) for inner in value]
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > 63:  # noqa: PLR2004
        return str(value)
    return value


def clean_text(text: str) -> str:
    """Replace half characters, which no database takes."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def ref_from(raw: Mapping[str, str]) -> IssueRef:
    """Read a reference."""
    return IssueRef(raw["tracker"], raw["key"])


def _refs(raw: list[dict[str, str]]) -> tuple[IssueRef, ...]:
    return tuple(ref_from(one) for one in raw)


def state_from(word: str | None) -> State | None:
    """Read a column that may be missing."""
    return State(word) if word else None


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def lease_from(raw: dict[str, Any]) -> Lease:
    """Read a claim as it was shown."""
    for name in ("locked_at", "expires_at"):
        if raw.get(name):
            raw[name] = _time(raw[name])
    return _built(Lease, raw)


def _tasks(raw: list[dict[str, Any]]) -> tuple[Task, ...]:
    return tuple(_built(Task, one) for one in raw)


def _built(type_: Callable[..., Made], raw: dict[str, Any]) -> Made:
    """Build a value: names of another version's form are left out, missing ones take defaults."""
    if raw.keys() <= _NAMES[type_]:
        return type_(**raw)
    return type_(**{name: raw[name] for name in raw.keys() & _NAMES[type_]})


_NAMES: dict[Callable[..., object], frozenset[str]] = {
    type_: frozenset(f.name for f in dataclasses.fields(type_)) for type_ in (Issue, Lease, Task)
}
_LISTS = frozenset({"tasks", "labels", "blocks", "blocked_by"})
_READERS: dict[str, Callable[[Any], object]] = {
    "ref": ref_from,
    "kind": Kind,
    "state": State,
    "created_at": _time,
    "updated_at": _time,
    "tasks": _tasks,
    "labels": tuple,
    "due": date.fromisoformat,
    "parent": ref_from,
    "blocks": _refs,
    "blocked_by": _refs,
    "lease": lease_from,
}
