"""The fields of an item as values: what is written, what was there, and whether they are the same.

Values are JSON as PATCH takes them, so that what is given back can be written again.
"""

from collections.abc import Callable, Mapping

from panopticon.model.issue import PRIORITIES, Issue, IssueFields, Json
from panopticon.model.ref import spelling_from

FIELDS = tuple(IssueFields.__annotations__)
_REFS = frozenset({"blocked_by", "blocks"})
# What a write to one field changes in another: undo needs both.
_COUPLED: Mapping[str, tuple[str, ...]] = {
    "state": ("state", "native_state"),
    "native_state": ("state", "native_state"),
    "blocked": ("blocked", "blocked_reason"),
}


def values_of(issue: Issue) -> dict[str, Json]:
    """Give every field that can be written, by name."""
    return {name: _value(issue, name) for name in FIELDS}


def standing(issue: Issue, fields: IssueFields) -> dict[str, Json]:
    """Give what to write to have these fields as they are in the item now, and what hangs on them.

    Taken before a write it undoes it; taken after, it is what an undo may expect to find: a
    tracker need not keep a text as it was sent.
    """
    names = dict.fromkeys(one for name in fields for one in _COUPLED.get(name, (name,)))
    found = {name: _value(issue, name) for name in names}
    if "custom" in fields:
        found["custom"] = {name: issue.custom.get(name) for name in fields["custom"]}
    return found


def moved_on(
    issue: Issue, expected: Mapping[str, Json], wanted: Mapping[str, Json]
) -> dict[str, Json]:
    """Name the fields that are neither as expected nor as wanted, with what they are now."""
    found: dict[str, Json] = {}
    for name, old in expected.items():
        now, new = _value(issue, name), wanted.get(name, old)
        if name == "custom":
            if changed := _customs_moved_on(issue.custom, old, new):
                found[name] = changed
        elif not is_same(name, now, old) and not is_same(name, now, new):
            found[name] = now
    return found


def is_same(name: str, one: Json, other: Json) -> bool:
    """Compare two values of a field as people would: line ends and trailing space do not count."""
    compared = _COMPARED.get(name, _plain)
    return compared(one) == compared(other)


def _value(issue: Issue, name: str) -> Json:
    value = getattr(issue, name)
    if name == "parent":
        return issue.parent.key if issue.parent else None
    if name in _REFS:
        return [ref.key for ref in value]
    if name == "labels":
        return list(issue.labels)
    if name == "due":
        return issue.due.isoformat() if issue.due else None
    if name == "custom":
        return dict(issue.custom)
    return value.value if name == "state" else value  # type: ignore[no-any-return]


def _customs_moved_on(now: Mapping[str, Json], old: Json, new: Json) -> dict[str, Json]:
    seen = old if isinstance(old, dict) else {}
    goal = new if isinstance(new, dict) else {}
    return {
        name: now.get(name)
        for name, value in seen.items()
        if not is_same("custom", now.get(name), value)
        and not is_same("custom", now.get(name), goal.get(name, value))
    }


def _plain(value: Json) -> object:
    return text_compared(value) if isinstance(value, str) else value


def text_compared(text: str) -> str | None:
    """Give a text without what people do not see; an empty one is none."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).rstrip("\n") or None


def _title(value: Json) -> object:
    return " ".join(str(value or "").split())


def _names(value: Json) -> object:
    return sorted({str(one).strip() for one in value}) if isinstance(value, list) else []


def _keys(value: Json) -> object:
    return sorted(set(map(_key, value))) if isinstance(value, list) else []


def _key(value: Json) -> str:
    """Spell a ref or key in one way: `US-12`, `us12`, `rally:US12`; `1-2`, `01.2` and `1.2`."""
    return spelling_from(str(value)).keys[-1].casefold().replace("-", "")


def _parent(value: Json) -> object:
    return _key(value) if value else None


def _priority(value: Json) -> object:
    return PRIORITIES.index(value) if isinstance(value, str) and value in PRIORITIES else value


def _folded(value: Json) -> object:
    return str(value).casefold() if value else None


_COMPARED: Mapping[str, Callable[[Json], object]] = {
    "title": _title,
    "labels": _names,
    "blocked_by": _keys,
    "blocks": _keys,
    "parent": _parent,
    "assignee": _folded,
    "priority": _priority,
}
