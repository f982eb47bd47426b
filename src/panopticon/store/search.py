"""Items read back: by filter, by key, by place in the tree."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from panopticon.model.issue import OUTCOMES, Issue, IssueFilter, Kind, State, Task
from panopticon.model.ref import IssueRef, number_of, spelling_from
from panopticon.store.base import Outline
from panopticon.store.document import clean_text, issue_from
from panopticon.store.item import labels_text
from panopticon.store.rows import Row, Rows, Value

_EVERYTHING = 2_000_000_000
_WITHOUT_STEPS = frozenset({Kind.TASK, *OUTCOMES})


def issues(rows: Rows, wanted: IssueFilter) -> list[Issue]:
    """Read items that meet every condition."""
    return [one for row in _wanted(rows, wanted) if (one := _read(rows, row[0]))]


def refs(rows: Rows, wanted: IssueFilter) -> list[IssueRef]:
    """Name the items that meet every condition."""
    return [IssueRef(str(source), str(key)) for _, source, key in _wanted(rows, wanted)]


def count(rows: Rows, wanted: IssueFilter) -> int:
    """Count what `issues` would give without its limit."""
    if wanted.among is not None:
        return len(_wanted(rows, replace(wanted, limit=None)))
    return rows.count("items_wanted", **(_params(wanted) | {"count": _EVERYTHING}))


def issue(rows: Rows, ref: IssueRef) -> Issue | None:
    """Read one item with its tasks."""
    row = rows.one("item_by_key", source=ref.tracker, key=ref.key)
    if row is None:
        return None
    found = issue_from(str(row[4]))
    if found.tasks or found.kind in _WITHOUT_STEPS:
        return found
    steps = _steps(rows.all("items_steps", source=ref.tracker, key=ref.key))
    return replace(found, tasks=steps) if steps else found


def children(rows: Rows, ref: IssueRef) -> list[Issue]:
    """Read the items directly below one, as ranked."""
    return _issues(rows.all("items_below_one", source=ref.tracker, key=ref.key))


def descendants(rows: Rows, ref: IssueRef) -> list[Issue]:
    """Read every item below one, tasks left out."""
    return _issues(rows.all("items_below_all", source=ref.tracker, key=ref.key))


def leased(rows: Rows) -> list[Issue]:
    """Read items that show a claim."""
    return _issues(rows.all("items_leased"))


def outline(rows: Rows) -> list[Outline]:
    """Read every item without its texts."""
    return [_outline_from(row) for row in rows.all("items_outline")]


def numbered(rows: Rows, tracker: str | None, number: str) -> list[Outline]:
    """Find items by the number at the end of their keys."""
    found = rows.all("items_numbered", source=tracker, number=number)
    return [_outline_from(row) for row in found]


def find(rows: Rows, tracker: str | None, keys: Sequence[str]) -> list[IssueRef]:
    """Find refs that have one of these keys, in any case.

    Where none has, `repo#45` finds `owner/repo#45`, and `1.2` finds `app#1.2`.
    """
    folded = [clean_text(key).casefold() for key in dict.fromkeys(keys) if key]
    found = rows.among("items_called", folded, source=tracker)
    for key in () if found else folded:
        sign = "/" if "#" in key else "#"
        suffix = f"%{sign}{escaped(key)}"
        if sign == "/" or not key.isdecimal():
            found += rows.all("items_ending", source=tracker, suffix=suffix)
    return sorted(set(_refs(found)))


def nearby(rows: Rows, tracker: str | None, beginning: str) -> list[IssueRef]:
    """Find a few refs whose keys begin like this."""
    prefix = escaped(clean_text(beginning).casefold()) + "%"
    return _refs(rows.all("items_like", source=tracker, prefix=prefix, count=5))


def _wanted(rows: Rows, wanted: IssueFilter) -> list[Row]:
    """Read what rows are called; the limit counts those that a search has found."""
    if wanted.among is None:
        return rows.all("items_wanted", **_params(wanted))
    found = rows.all("items_wanted", **_params(replace(wanted, limit=None)))
    some = [row for row in found if IssueRef(str(row[1]), str(row[2])) in wanted.among]
    return some[: wanted.limit]


def _params(wanted: IssueFilter) -> dict[str, Value]:
    epic = spelling_from(clean_text(wanted.epic)) if wanted.epic else None
    labels = "%".join(f"\x1f{escaped(one)}\x1f" for one in _folded(wanted.labels))
    return {
        "source": wanted.tracker,
        "sources": None if wanted.trackers is None else f"|{'|'.join(wanted.trackers)}|",
        "beginning": _beginning(wanted.beginning),
        "project": _clean(wanted.project),
        "iteration": _clean(wanted.iteration),
        "blocked": None if wanted.blocked is None else int(wanted.blocked),
        "assignee": _assignee(wanted.assignee),
        "labels": f"%{labels}%" if wanted.labels else None,
        "epic_source": epic.tracker if epic else None,
        "epic_key": epic.keys[0].casefold() if epic else None,
        "epic_other": epic.keys[-1].casefold() if epic else None,
        "epic_number": number_of(epic.keys[0]) if epic and epic.keys[0].isdigit() else None,
        "count": _EVERYTHING if wanted.limit is None else max(wanted.limit, 0),
        **choice("kind", wanted.kinds or tuple(Kind), len(Kind)),
        **choice("state", _states(wanted), len(State)),
    }


def _folded(labels: Sequence[str]) -> list[str]:
    return [one for one in labels_text(map(clean_text, labels)).split("\x1f") if one]


def _states(wanted: IssueFilter) -> tuple[State, ...]:
    states = wanted.states or tuple(State)
    return states if wanted.include_done else tuple(s for s in states if s is not State.DONE)


def choice(name: str, chosen: Sequence[Kind | State], places: int) -> dict[str, Value]:
    """Fill the places of an `in (…)`; those left over match nothing."""
    values = [one.value for one in dict.fromkeys(chosen)]
    return {f"{name}_{i}": values[i] if i < len(values) else "" for i in range(places)}


def _assignee(wanted: str | None) -> str | None:
    """Take an email as it is, a name as a part."""
    if wanted is None:
        return None
    folded = escaped(clean_text(wanted).casefold())
    return folded if "@" in folded else f"%{folded}%"


def _beginning(wanted: str | None) -> str | None:
    if not wanted:
        return None
    return escaped(clean_text(wanted).casefold().replace("-", "")) + "%"


def escaped(text: str) -> str:
    """Take the signs of `like` for themselves."""
    text = text.replace("\0", "")
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _clean(text: str | None) -> str | None:
    return clean_text(text) if text else None


def _read(rows: Rows, item_id: Value) -> Issue | None:
    row = rows.one("item_document", id=item_id)
    return issue_from(str(row[0])) if row else None


def _issues(found: list[Row]) -> list[Issue]:
    return [issue_from(str(row[0])) for row in found]


def _refs(found: list[Row]) -> list[IssueRef]:
    return [IssueRef(str(row[0]), str(row[1])) for row in found]


def _steps(found: list[Row]) -> tuple[Task, ...]:
    return tuple(
        Task(str(title), state == State.DONE, i, str(key), str(native_state))
        for i, (title, state, key, native_state) in enumerate(found)
    )


def _outline_from(row: Row) -> Outline:
    source, key, kind, title, state, native, cancelled, *more = row
    project, iteration, parent_source, parent_key, *who = more
    assignee, holder, until = (str(one) if one is not None else None for one in who)
    return Outline(
        ref=IssueRef(str(source), str(key)),
        kind=Kind(str(kind)),
        title=str(title),
        state=State(str(state)),
        native_state=str(native),
        cancelled=bool(cancelled),
        project=str(project),
        iteration=None if iteration is None else str(iteration),
        parent=IssueRef(str(parent_source), str(parent_key)) if parent_key else None,
        assignee=assignee,
        holder=holder,
        held_until=datetime.fromisoformat(until) if until else None,
    )
