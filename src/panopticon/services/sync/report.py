"""What a sync did: per tracker, and what it found per epic."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from panopticon.errors import PanError, Partial
from panopticon.model.change import Scope
from panopticon.model.issue import OUTCOMES, Json, State
from panopticon.model.ref import IssueRef, number_of, spelling_from
from panopticon.store.base import Outline

_EPIC = re.compile(r"epic-((?:[a-z]{1,8}[.-])?\d+(?:\.\d+)*)", re.IGNORECASE | re.ASCII)
_DIGITS = re.compile(r"(\d+)", re.ASCII)
_FREE = (State.BACKLOG, State.PLANNING)  # nobody has begun: `ready-for-dev` is the best of them


@dataclass(frozen=True, slots=True)
class TrackerReport:
    """How the sync of one tracker went."""

    name: str
    fetched: int = 0
    changed: int = 0
    deleted: int = 0
    forgotten: int = 0  # of the deleted: they are still there, but no longer ours to show
    requests: int = 0
    bytes: int = 0
    seconds: float = 0.0
    error: PanError | None = None
    is_elsewhere: bool = False  # it answered, but the wanted part is not in it
    problems: int = 0  # faults in the files that were read; none of them keeps them from being read

    def as_json(self) -> dict[str, Json]:
        """Give the tracker's line of `pan sync --json`."""
        return {
            "name": self.name,
            "ok": self.error is None,
            "fetched": self.fetched,
            "changed": self.changed,
            "deleted": self.deleted,
            "requests": self.requests,
            "bytes": self.bytes,
            "seconds": round(self.seconds, 3),
            "error": self.error.message if self.error else None,
        }


@dataclass(frozen=True, slots=True)
class Holding:
    """Who holds a story."""

    ref: IssueRef
    holder: str


@dataclass
class EpicReport:
    """An epic's stories by what may be done with them; completed = done, ready = free to take."""

    ref: IssueRef
    title: str
    ready: int = 0
    in_progress: int = 0
    completed: int = 0
    held: list[Holding] = field(default_factory=list)

    @property
    def number(self) -> str | None:
        """The epic's number as people say it: `17` for `F17`, `dm.2` for `epic-dm.2`, or none."""
        bare = self.ref.key.rpartition("#")[2]
        if bare.casefold().startswith("epic-"):  # `epic-5-phase-2` has no number at its end
            match = _EPIC.fullmatch(bare)
            return match[1] if match else None
        return number_of(self.ref.key)

    @property
    def word(self) -> str:
        """What a command takes for it: the plain number, else the whole key."""
        number = self.number or ""
        return number if number.isdecimal() and "#" not in self.ref.key else self.ref.key

    @property
    def stories(self) -> int:
        """How many there are."""
        return self.ready + self.in_progress + self.completed

    def as_json(self) -> dict[str, Json]:
        """Give the epic's line of `pan sync --json`."""
        return {
            "ref": self.ref.key,
            "title": self.title,
            "ready": self.ready,
            "in_progress": self.in_progress,
            "completed": self.completed,
            "stories": self.stories,
        }


@dataclass(frozen=True, slots=True)
class Claims:
    """What became of claims after a sync; `error`: the arbiter could not be asked.

    `held` counts what is held now as far as it was read, `ended` claims that ran out, `mended`
    items whose tracker shows the truth again, `left` those that the next sync looks at. `sent`,
    `dropped` and `waiting` count status writes, `merged` stories whose work is in the main branch.
    """

    arbiter: str
    held: int = 0
    ended: int = 0
    mended: int = 0
    left: int = 0
    sent: int = 0
    dropped: int = 0
    waiting: int = 0
    merged: int = 0
    troubles: tuple[str, ...] = ()
    error: PanError | None = None

    def as_json(self) -> dict[str, Json]:
        """Give the part of `pan sync --json` about claims."""
        return {
            "arbiter": self.arbiter or None,
            "ok": self.error is None,
            "held": self.held,
            "ended": self.ended,
            "mended": self.mended,
            "left": self.left,
            "sent": self.sent,
            "dropped": self.dropped,
            "waiting": self.waiting,
            "merged": self.merged,
            "troubles": list(self.troubles),
            "error": self.error.message if self.error else None,
        }


@dataclass(frozen=True, slots=True)
class Report:
    """What a sync did; data of the trackers that answered is stored whatever the others did.

    `cache_error`: why the cache could not be written; `problems`: how many faults the files have,
    and which items are not joined though they carry another tracker's key. `claims`: None where
    nobody decides or they were looked at a moment ago; their trouble fails no sync.
    """

    trackers: tuple[TrackerReport, ...]
    epics: tuple[EpicReport, ...]
    cache_error: PanError | None = None
    problems: tuple[str, ...] = ()
    claims: Claims | None = None

    def as_json(self) -> dict[str, object]:
        """Give the document of `pan sync --json`; `error`, `message`, `hint` when it failed."""
        error = self.exit_error()
        return {
            **(error.as_json() if error else {}),
            "trackers": [one.as_json() for one in self.trackers],
            "epics": [epic.as_json() for epic in self.epics],
            "problems": list(self.problems),
            "claims": self.claims.as_json() if self.claims else None,
        }

    def exit_error(self) -> PanError | None:
        """Give the error a face ends with: the one there is, or Partial when some went well."""
        errors = [one.error for one in self.trackers if one.error]
        if not errors:
            return self.cache_error
        if len(errors) == len(self.trackers) and len({type(error) for error in errors}) == 1:
            return errors[0]
        failed = {one.name: one.error.message for one in self.trackers if one.error}
        return Partial(
            f"{len(failed)} of {len(self.trackers)} trackers failed: "
            + "; ".join(said_of(name, message) for name, message in failed.items()),
            "What the others gave is stored. " + next((e.hint for e in errors if e.hint), ""),
            trackers=failed,
        )


def said_of(name: str, message: str) -> str:
    """Put the name of a tracker before what went wrong, unless it says so itself."""
    is_said = message.casefold().startswith(f"{name.casefold()}: ")
    return message if is_said else f"{name}: {message}"


def in_files(reports: Iterable[TrackerReport]) -> Iterator[str]:
    """Count the faults in what was read, tracker by tracker, and say what names them."""
    for one in reports:
        if one.problems:
            noun, them = ("problem", "it") if one.problems == 1 else ("problems", "them")
            yield f"{one.name}: {one.problems} {noun} in story files: `pan doctor` names {them}"


def forgiven(reports: Sequence[TrackerReport]) -> tuple[TrackerReport, ...]:
    """Forgive trackers that lack the wanted part when another one has it."""
    if all(one.is_elsewhere for one in reports):
        return tuple(reports)
    return tuple(replace(one, error=None) if one.is_elsewhere else one for one in reports)


def epics_from(outlines: Iterable[Outline], now: datetime) -> tuple[EpicReport, ...]:
    """Count the stories of each epic: the leaves, each under the epic nearest above it."""
    known = {one.ref: one for one in outlines}
    parents = {one.parent for one in known.values() if one.parent}
    found: dict[IssueRef, EpicReport] = {}
    for one in known.values():
        if one.ref in parents or one.kind in OUTCOMES:
            continue
        if epic := epic_of(one, known):
            _count(found.setdefault(epic.ref, EpicReport(epic.ref, epic.title)), one, now)
    return tuple(sorted(found.values(), key=_by_number))


def epics_in(outlines: Iterable[Outline], scope: Scope) -> set[IssueRef]:
    """Name the epics that a scope is about: named, or with a story in the project or iteration."""
    known = {one.ref: one for one in outlines}
    found: set[IssueRef] = set()
    for one in known.values():
        epic = epic_of(one, known)
        if epic and _is_in(one, scope) and (not scope.epics or _is_named(one, known, scope.epics)):
            found.add(epic.ref)
    return found


def _is_in(one: Outline, scope: Scope) -> bool:
    is_named = scope.project is None or scope.project.isdecimal()  # an id names no project here
    is_inside = is_named or (scope.project or "").casefold() == one.project.casefold()
    return is_inside and (scope.iteration is None or scope.iteration == one.iteration)


def _is_named(one: Outline, known: dict[IssueRef, Outline], epics: tuple[str, ...]) -> bool:
    """Look for one of these epics above an item: by number, or by any spelling."""
    keys = {key for text in epics for key in spelling_from(text).keys}
    seen: set[IssueRef] = set()
    above = epic_of(one, known)
    while above and above.ref not in seen:
        if above.ref.key in keys or number_of(above.ref.key) in keys:
            return True
        seen.add(above.ref)
        above = epic_of(above, known)
    return False


def epic_of(one: Outline, known: dict[IssueRef, Outline]) -> Outline | None:
    """Find the nearest epic or portfolio item above; a loop of parents ends the search."""
    seen = {one.ref}
    above = known.get(one.parent) if one.parent else None
    while above and above.ref not in seen:
        if above.kind in OUTCOMES:
            return above
        seen.add(above.ref)
        above = known.get(above.parent) if above.parent else None
    return None


def _count(epic: EpicReport, one: Outline, now: datetime) -> None:
    held = one.is_held(now)
    if one.state is State.DONE:
        epic.completed += 1
        return
    if one.state in _FREE and not held:
        epic.ready += 1
        return
    epic.in_progress += 1
    if held and one.holder:
        epic.held.append(Holding(one.ref, one.holder))


def _by_number(epic: EpicReport) -> tuple[str, list[str | int], str]:
    """Sort as people count: 2 before 10, those with a prefix after those without."""
    parts = _DIGITS.split(epic.ref.key)
    counted = [int(part[:18]) if part.isdecimal() else part for part in parts]
    return epic.ref.tracker, counted, epic.ref.key
