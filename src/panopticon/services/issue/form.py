"""What one may write where: forms, columns to move to, people and iterations, remembered.

Opening a menu asks the tracker at most once in five minutes. A write that the tracker refuses
as invalid says that what is remembered may be old: it is forgotten.
"""

import copy
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar, cast

from panopticon.errors import InvalidInput, PanError, Retriable, Unsupported
from panopticon.model.form import FieldType, FormField, Move
from panopticon.model.issue import (
    PRIORITIES,
    Issue,
    IssueFields,
    Iteration,
    Json,
    Kind,
    NewIssue,
    User,
)
from panopticon.services.context import Context
from panopticon.services.within import PAGE_SECONDS, within
from panopticon.trackers.base import Place, Tracker

KEPT = timedelta(minutes=5)
_FAULT_KEPT = timedelta(seconds=20)  # a tracker that is down is not asked by every menu
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Answer:
    tracker: Tracker
    until: datetime
    value: object
    fault: PanError | None = None


@dataclass
class Forms:
    """What the trackers of a context said they take; safe to ask from several threads."""

    ctx: Context
    seconds: float = PAGE_SECONDS
    _answers: dict[tuple[object, ...], _Answer] = field(default_factory=dict)
    _asking: dict[tuple[object, ...], threading.Lock] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def fields(self, tracker: str, kind: Kind, project: str | None) -> tuple[FormField, ...]:
        """Give the fields that a kind takes in a project."""
        return self._known(tracker, ("form", kind, project), lambda t: t.form(kind, project))

    def moves(self, issue: Issue) -> tuple[Move, ...]:
        """Give the columns an item may move to, as long as it stays as it is."""
        what = ("moves", issue.ref.key, issue.version, issue.updated_at, issue.native_state)
        return self._known(issue.ref.tracker, what, lambda t: t.moves(issue))

    def people(self, tracker: str) -> list[User]:
        """Give the people of a tracker."""
        return self._known(tracker, ("people",), lambda t: t.users())

    def iterations(self, tracker: str) -> list[Iteration]:
        """Give the timeboxes of a tracker."""
        return self._known(tracker, ("iterations",), lambda t: t.iterations())

    def places(self, tracker: str) -> list[Place]:
        """Give the workspaces and projects of a tracker."""
        return self._known(tracker, ("places",), lambda t: t.places())

    def forget(self) -> None:
        """Ask anew the next time."""
        with self._lock:
            self._answers.clear()
            self._asking.clear()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Forget what is remembered when a write inside is refused as invalid."""
        try:
            yield
        except (InvalidInput, Unsupported):
            self.forget()
            raise

    def refuse(self, issue: Issue, fields: IssueFields) -> None:
        """Raise for a field that the item's kind lacks, or a choice that it does not offer."""
        self._refuse_names(issue.ref.tracker, issue.kind, fields)
        if chosen := _chosen(fields):
            asked = self._asked(issue.ref.tracker, issue.kind, issue.project or None)
            self._refuse_choices(asked, chosen)

    def refuse_new(self, tracker: str, new: NewIssue) -> None:
        """Raise for what an item cannot be created with, or lacks."""
        self._refuse_names(tracker, new.kind, new.fields)
        asked = self._asked(tracker, new.kind, new.project)
        given = {name for name, value in new.fields.items() if value not in (None, "", [])}
        chosen = _chosen(new.fields)
        given |= {name for name, value in chosen.items() if value not in (None, "", [])}
        if lacking := [one for one in asked if one.required and one.name not in given]:
            labels = " and ".join(one.label for one in lacking)
            raise InvalidInput(
                f"{labels} {'is' if len(lacking) == 1 else 'are'} needed for a {new.kind}.",
                "Fill in what is missing.",
                field=lacking[0].name,
                fields=[one.name for one in lacking],
            )
        self._refuse_choices(asked, chosen)

    def _asked(self, tracker: str, kind: Kind, project: str | None) -> tuple[FormField, ...]:
        """Give a form if it can be had: else the write itself will say what is wrong."""
        try:
            return self.fields(tracker, kind, project)
        except PanError:
            return ()

    def _refuse_choices(self, asked: tuple[FormField, ...], chosen: Mapping[str, Json]) -> None:
        for one in asked:
            values = one.values if one.type is FieldType.CHOICE else ()
            if values and one.name in chosen and _is_outside(chosen[one.name], values):
                self.forget()
                raise InvalidInput(
                    f"{one.label} cannot be {chosen[one.name]!r}.",
                    f"It takes: {', '.join(values)}.",
                    field=one.name,
                )

    def _refuse_names(self, tracker: str, kind: Kind, fields: IssueFields) -> None:
        """Raise Unsupported for the first field that a kind lacks."""
        able = self.ctx.tracker(tracker).capabilities
        known = able.writable.get(kind, frozenset())
        for name in fields:
            if name not in known:
                takes = ", ".join(sorted(known)) or "nothing"
                raise Unsupported(
                    f"{tracker} cannot write {name!r} of a {kind}.",
                    f"It takes: {takes}.",
                    field=name,
                )

    def _known(self, name: str, what: tuple[object, ...], ask: Callable[[Tracker], _T]) -> _T:
        """Give what is remembered, else ask; of several who ask at once one does."""
        tracker, key = self.ctx.tracker(name), (name, *what)
        with self._lock:
            turn = self._asking.setdefault(key, threading.Lock())
        if (answer := self._fresh(key, tracker)) is None:

            def asked() -> _Answer:
                if not turn.acquire(timeout=self.seconds):
                    raise Retriable(f"{name} is slow.", "Try again in a moment.", retry_after=5)
                try:
                    return self._fresh(key, tracker) or self._ask(key, tracker, ask)
                finally:
                    turn.release()

            answer = within(self.seconds, asked, name)
        if answer.fault:
            raise copy.copy(answer.fault)
        return cast("_T", answer.value)

    def _fresh(self, key: tuple[object, ...], tracker: Tracker) -> _Answer | None:
        """Give an answer that still counts: of this very tracker, not of one since replaced."""
        with self._lock:
            answer = self._answers.get(key)
            is_good = answer and answer.tracker is tracker and self.ctx.now() < answer.until
            return answer if is_good else None

    def _ask(
        self, key: tuple[object, ...], tracker: Tracker, ask: Callable[[Tracker], object]
    ) -> _Answer:
        now = self.ctx.now
        try:
            answer = _Answer(tracker, now() + KEPT, ask(tracker))
        except PanError as fault:
            answer = _Answer(tracker, now() + _FAULT_KEPT, None, fault)
        with self._lock:
            old = [one for one, known in self._answers.items() if known.until <= now()]
            for one in old:
                self._answers.pop(one)
                self._asking.pop(one, None)
            self._answers[key] = answer
        return answer


def field_json(asked: FormField) -> Json:
    """Give a field of a form; a priority is one of our words whatever the tracker calls it."""
    values = PRIORITIES if asked.name == "priority" else asked.values
    return {
        "name": asked.name,
        "label": asked.label,
        "type": asked.type.value,
        "required": asked.required,
        "values": [*values],
        "many": asked.many,
    }


def _chosen(fields: IssueFields) -> dict[str, Json]:
    """Name the fields that a tracker may offer choices for, spelled as forms do."""
    custom: Mapping[str, Json] = fields.get("custom", {})
    chosen = {f"custom.{name}": value for name, value in custom.items()}
    return chosen | ({"release": fields["release"]} if fields.get("release") else {})


def _is_outside(value: Json, values: tuple[str, ...]) -> bool:
    words = value if isinstance(value, list) else [value]
    return any(word not in (None, "") and str(word) not in values for word in words)
