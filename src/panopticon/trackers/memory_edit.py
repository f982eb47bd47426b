"""How a write changes an item of the in-memory tracker."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from panopticon.errors import Conflict, InvalidInput, Unsupported
from panopticon.model.claim import Claim
from panopticon.model.issue import Issue, IssueFields, State, Task
from panopticon.model.lease import Lease
from panopticon.trackers.memory_shape import Shape


@dataclass(frozen=True, slots=True)
class Grave:
    """A deleted item."""

    native_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Edit:
    """A write to one item; `find` reads another item, `person` checks an assignee."""

    issue: Issue
    shape: Shape
    find: Callable[[str], Issue]
    person: Callable[[str], str]

    def apply(self, fields: IssueFields, at: datetime) -> Issue:
        """Give the item as it is afterwards."""
        values: dict[str, object] = {}
        for name, value in fields.items():
            if name not in self.shape.takes(self.issue.kind):
                raise Unsupported(
                    f"A {self.issue.kind} has no {name!r}.", "Use another field.", field=name
                )
            values |= self._value(name, value)
        version = str(int(self.issue.version or 0) + 1)
        return replace(self.issue, **values, version=version, updated_at=at)  # type: ignore[arg-type]

    def _value(self, name: str, value: object) -> Mapping[str, object]:
        makers: Mapping[str, Callable[[object], Mapping[str, object]]] = {
            "state": self._state,
            "native_state": self._native_state,
            "title": lambda text: {"title": " ".join(str(text).split())},
            "parent": lambda key: {"parent": self.find(str(key)).ref if key else None},
            "blocked_by": lambda keys: {"blocked_by": self._refs(keys)},
            "blocks": lambda keys: {"blocks": self._refs(keys)},
            "labels": lambda names: {"labels": tuple(dict.fromkeys(_listed(names)))},
            "assignee": lambda word: {"assignee": self.person(str(word)) if word else None},
            "custom": self._custom,
        }
        return makers[name](value) if name in makers else {name: value}

    def _state(self, value: object) -> Mapping[str, object]:
        state = State(str(value))
        return {"state": state, "native_state": self.shape.word(state)}

    def _native_state(self, value: object) -> Mapping[str, object]:
        return {"state": self.shape.state(value), "native_state": value}

    def _refs(self, keys: object) -> tuple[object, ...]:
        return tuple(self.find(str(key)).ref for key in _listed(keys))

    def _custom(self, value: object) -> Mapping[str, object]:
        added = value if isinstance(value, Mapping) else {}
        return {"custom": {**self.issue.custom, **added}}


def changes(old: Issue, new: Issue) -> str:
    """Say what a write changed: `Title changed from [A] to [B]`."""
    said = [
        f"{name.replace('_', ' ').capitalize()} changed from [{_shown(old, name)}]"
        f" to [{_shown(new, name)}]"
        for name in IssueFields.__annotations__
        if getattr(old, name) != getattr(new, name)
    ]
    return ", ".join(said)


def _shown(issue: Issue, name: str) -> str:
    value = getattr(issue, name)
    if isinstance(value, tuple):
        return ", ".join(str(one) for one in value)
    return "" if value is None else str(value)


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else []


def ticked(issue: Issue, step: Task) -> Issue:
    """Tick the line that stands where it was seen; raises Conflict when it is another."""
    now = next((one for one in issue.tasks if one.position == step.position), None)
    if now is None or now.title != step.title:
        raise Conflict(f"{issue.ref.key} has another step there now.", "Load the item again.")
    tasks = tuple(replace(one, done=step.done) if one is now else one for one in issue.tasks)
    return replace(issue, tasks=tasks)


def lengthened(issue: Issue, title: str) -> Issue:
    """Add a line at the end."""
    name = " ".join(title.split())
    if not name:
        raise InvalidInput("The step is empty.", "Give it a name.", field="title")
    step = Task(name, done=False, position=len(issue.tasks))
    return replace(issue, tasks=(*issue.tasks, step))


def held(issue: Issue, claim: Claim | None, arbiter: str) -> Issue:
    """Show a claim, or that there is none."""
    if claim is None:
        return replace(issue, lease=None)
    lease = Lease(
        holder=claim.holder,
        locked_at=claim.locked_at,
        expires_at=claim.expires_at,
        branch=claim.branch,
        fence=claim.fence,
        arbiter=arbiter,
    )
    return replace(issue, lease=lease)
