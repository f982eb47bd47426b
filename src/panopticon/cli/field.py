"""Reading what somebody typed about an item: filters, fields, texts from files and pipes."""

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from panopticon.cli.command import near
from panopticon.errors import InvalidInput, LocalFault
from panopticon.model.issue import PRIORITIES, IssueFields, Json, Kind, State

_PRIORITIES = {word: number for number, word in enumerate(PRIORITIES)} | {"medium": 3}
_CLEARED = frozenset({"", "none", "null"})
_SYNONYMS = {"us": "story", "bug": "defect", "userstory": "story", "open": "backlog"}


def listed(texts: Sequence[str]) -> tuple[str, ...]:
    """Read repeated and comma-separated values alike."""
    parts = [part.strip() for text in texts for part in text.split(",")]
    return tuple(part for part in parts if part)


def kinds_from(texts: Sequence[str]) -> tuple[Kind, ...]:
    """Read kinds: `story`, `stories`, `defect,task`."""
    return tuple(kind_from(text) for text in listed(texts))


def kind_from(text: str) -> Kind:
    """Read one kind."""
    word = text.strip().lower().replace(" ", "").replace("-", "").replace("_", "")
    spellings = (word, word.removesuffix("s"), word.removesuffix("ies") + "y")
    for spelled in (_SYNONYMS.get(one, one) for one in spellings):
        if spelled in {kind.value for kind in Kind}:
            return Kind(spelled)
    raise InvalidInput(f"No kind is called {text!r}.", near(word, [kind.value for kind in Kind]))


def states_from(texts: Sequence[str]) -> tuple[State, ...]:
    """Read columns: `in_progress`, `In-Progress`, `done,backlog`."""
    found = []
    for text in listed(texts):
        state = state_from(text)
        if state is None:
            hint = near(text, [state.value for state in State])
            raise InvalidInput(f"No column is called {text!r}.", hint)
        found.append(state)
    return tuple(found)


def state_from(text: str) -> State | None:
    """Read a column; None for a word that only the tracker may know."""
    word = text.strip().lower().replace("-", "_").replace(" ", "_")
    return State(word) if word in {state.value for state in State} else None


def text_from(text: str) -> str:
    """Read a text: as it stands, `-` from standard input, `@FILE` from a file."""
    if text == "-":
        return sys.stdin.read()
    if not text.startswith("@") or len(text) == 1:
        return text
    path = Path(text[1:])
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{path} is not UTF-8 text.", "Save it as UTF-8.") from error
    except OSError as error:
        hint = "For a text that begins with @, pipe it in: body=-."
        raise LocalFault(f"Cannot read {path}: {error.strerror}.", hint) from error


def fields_from(words: Mapping[str, str | None]) -> IssueFields:
    """Read fields to write; what was not said is left out, what is empty is cleared."""
    fields: dict[str, object] = {}
    for name, text in words.items():
        if text is not None:
            read = _READERS.get(name, _clearable)
            fields |= read(name, text)
    return fields  # type: ignore[return-value] # the readers give each field its type


def custom_from(pairs: Sequence[str]) -> dict[str, Json]:
    """Read `c_Field=value` pairs; numbers, true, false and null are what they look like."""
    found: dict[str, Json] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals or not name.strip():
            raise InvalidInput(f"{pair!r} is no custom field.", "Write --set c_Field=value.")
        try:
            value: Json = json.loads(text)
        except ValueError:
            value = text
        found[name.strip()] = text if isinstance(value, list | dict) else value
    return found


def _clearable(name: str, text: str) -> dict[str, object]:
    return {name: None if text.strip().lower() in _CLEARED else text.strip()}


def _plain(name: str, text: str) -> dict[str, object]:
    return {name: text_from(text)}


def _title(name: str, text: str) -> dict[str, object]:
    if not text.strip():
        raise InvalidInput("The title is empty.", "Every item needs one: title=…")
    return {name: text}


def _state(_name: str, text: str) -> dict[str, object]:
    state = state_from(text)
    return {"state": state} if state else {"native_state": text.strip()}


def _priority(name: str, text: str) -> dict[str, object]:
    word = text.strip().lower()
    if word in _PRIORITIES:
        return {name: _PRIORITIES[word]}
    if word in {"0", "1", "2", "3", "4"}:
        return {name: int(word)}
    raise InvalidInput(
        f"{text!r} is no priority.", f"Give 0 to 4, or {', '.join(PRIORITIES)} (1 is urgent)."
    )


def _number(name: str, text: str) -> dict[str, object]:
    if text.strip().lower() in _CLEARED:
        return {name: None}
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number < float("inf"):
        raise InvalidInput(
            f"{name}: {text!r} is no number.", f"Write {name}=3, or {name}= to clear."
        )
    return {name: number}


def _date(name: str, text: str) -> dict[str, object]:
    if text.strip().lower() in _CLEARED:
        return {name: None}
    try:
        return {name: date.fromisoformat(text.strip())}
    except ValueError:
        raise InvalidInput(f"{name}: {text!r} is no date.", "Write it as 2026-11-30.") from None


def _list(name: str, text: str) -> dict[str, object]:
    return {name: [] if text.strip().lower() in _CLEARED else list(listed([text]))}


def _flag(name: str, text: str) -> dict[str, object]:
    word = text.strip().lower()
    if word not in {"true", "false", "yes", "no"}:
        raise InvalidInput(f"{name}: {text!r} is neither true nor false.", f"Write {name}=true.")
    return {name: word in {"true", "yes"}}


_READERS = {
    "title": _title,
    "body": _plain,
    "acceptance_criteria": _plain,
    "state": _state,
    "priority": _priority,
    "points": _number,
    "hours": _number,
    "coverage": _number,
    "due": _date,
    "labels": _list,
    "blocks": _list,
    "blocked_by": _list,
    "blocked": _flag,
}
