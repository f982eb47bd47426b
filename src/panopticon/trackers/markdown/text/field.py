"""Fields that a story says in labels or front matter: who, how much, how soon, where."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from panopticon.model.issue import PRIORITIES
from panopticon.trackers.markdown.text import grammar
from panopticon.trackers.markdown.text.entry import Entry
from panopticon.trackers.markdown.text.section import Label
from panopticon.trackers.markdown.text.story import Story

Value = str | float | int | bool | date | tuple[str, ...] | None

_NOBODY = frozenset(
    {"", "-", "none", "n/a", "na", "tbd", "unassigned", "nobody", "not assigned", "?", "\u2014"}
)
_NUMBER = re.compile(r"~?(\d{1,6}(?:\.\d{1,3})?)[ \t]*([A-Za-z%]*)")
_HOURS = frozenset({"h", "hr", "hrs", "hour", "hours"})
_POINTS = frozenset({"", "p", "pt", "pts", "sp", "point", "points", "story"})
_YES = frozenset({"yes", "true", "y", "blocked", "on"})
_NO = frozenset({"no", "false", "n", "off", "not blocked", *_NOBODY})
_PRIORITY = {
    **{word: number for number, word in enumerate(PRIORITIES)},
    **dict.fromkeys(("critical", "highest", "blocker", "p0", "must", "must-have", "1"), 1),
    **dict.fromkeys(("p1", "major", "should", "2"), 2),
    **dict.fromkeys(("medium", "p2", "moderate", "default", "3"), 3),
    **dict.fromkeys(("p3", "p4", "minor", "lowest", "could", "trivial", "4"), 4),
}
_WORD = re.compile(r"[a-z0-9]+(?:-have)?")


@dataclass(frozen=True, slots=True)
class Labelled:
    """What is said; None or empty where nothing is. `assignee` as written: an email or a name."""

    assignee: str | None = None
    labels: tuple[str, ...] = ()
    points: float | None = None
    hours: float | None = None
    priority: int = 0
    due: date | None = None
    iteration: str | None = None
    release: str | None = None
    blocked: bool = False
    blocked_reason: str | None = None
    branch: str | None = None
    coverage: float | None = None
    commit_sha: str | None = None


@dataclass(frozen=True, slots=True)
class Naming:
    """How a field is called: the label and the key that are written, and all that are read."""

    label: str
    key: str
    read: frozenset[str]


def _naming(label: str, *others: str, key: str = "") -> Naming:
    return Naming(
        label, key or label.lower().replace(" ", "_"), frozenset({label.lower(), *others})
    )


NAMINGS: Mapping[str, Naming] = {
    "assignee": _naming("Assignee", "assigned to", "owner", "assigned"),
    "labels": _naming("Labels", "label", "tags", "tag"),
    "points": _naming("Points", "story points", "estimate", "story point estimate", "estimation"),
    "hours": _naming("Hours", "estimated hours", "hours estimate", "effort hours"),
    "priority": _naming("Priority"),
    "due": _naming("Due", "due date", "deadline"),
    "iteration": _naming("Sprint", "iteration"),
    "release": _naming("Release", "milestone", "fix version"),
    "blocked": _naming("Blocked"),
    "blocked_reason": _naming("Blocked Reason", "blocked because", "block reason"),
    "branch": _naming("Branch", "git branch"),
    "coverage": _naming("Coverage", "test coverage"),
    "commit_sha": _naming("Commit", "commit sha", "commit hash", key="commit"),
}


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a field stands: a label, or a key of the front matter."""

    label: Label | None = None
    entry: Entry | None = None

    @property
    def text(self) -> str:
        """Give the raw words."""
        if self.entry:
            return ", ".join(self.entry.items) if self.entry.items else self.entry.scalar
        return self.label.value.text if self.label else ""


def spots(story: Story, names: frozenset[str]) -> Iterator[Spot]:
    """Find every place of these names, labels first."""
    for label in story.labels:
        if label.name in names:
            yield Spot(label=label)
    for entry in story.front:
        if not entry.indent and grammar.heading_words(entry.key.replace("_", " ")) in names:
            yield Spot(entry=entry)


def spot(story: Story, name: str) -> Spot | None:
    """Find where a field stands: the first place that says something, else an empty one."""
    found = list(spots(story, NAMINGS[name].read))
    said = [one for one in found if one.text and _may_be(name, one.text)]
    return next(iter(said or [one for one in found if not one.text]), None)


def _may_be(name: str, text: str) -> bool:
    """Tell whether a text that several fields may claim is this one's: `Estimate: 4h` is hours."""
    return name != "points" or points_in(text) is not None or plain(text) is None


def values(story: Story) -> Labelled:
    """Read all of them."""
    said = {name: one.text for name in NAMINGS if (one := spot(story, name))}
    blocked, reason = _blocked(said.get("blocked", ""), said.get("blocked_reason", ""))
    return Labelled(
        assignee=plain(said.get("assignee", "")),
        labels=_labels(spot(story, "labels")),
        points=points_in(said.get("points", "")),
        hours=_hours(story, said.get("hours", "")),
        priority=priority_in(said.get("priority", "")),
        due=date_in(said.get("due", "")),
        iteration=plain(said.get("iteration", "")),
        release=plain(said.get("release", "")),
        blocked=blocked,
        blocked_reason=reason,
        branch=plain(said.get("branch", "")),
        coverage=_percent(said.get("coverage", "")),
        commit_sha=plain(said.get("commit_sha", "")),
    )


def _hours(story: Story, text: str) -> float | None:
    """Take the hours, also those that stand under "Estimate"."""
    if text:
        return hours_in(text, bare=True)
    found = (hours_in(one.text) for one in spots(story, NAMINGS["points"].read))
    return next((one for one in found if one is not None), None)


def plain(text: str) -> str | None:
    """Take emphasis and code marks off a value; nothing where it says that there is none."""
    bare = text.strip()
    for mark in ("**", "`", "*"):
        inner = bare[len(mark) : -len(mark)]
        if len(bare) > 2 * len(mark) and bare == mark + inner + mark and mark not in inner:
            bare = inner.strip()
    return None if bare.casefold() in _NOBODY else bare


def _labels(found: Spot | None) -> tuple[str, ...]:
    if found is None:
        return ()
    listed: Sequence[str] = (found.entry.items if found.entry else ()) or re.split(
        r"[,;]", found.text.strip().removeprefix("[").removesuffix("]")
    )
    return tuple(dict.fromkeys(name for one in listed if (name := plain(one))))


def _number(text: str) -> tuple[float, str] | None:
    match = _NUMBER.match((plain(text) or "").lstrip())
    return (float(match[1]), match[2].casefold()) if match else None


def points_in(text: str) -> float | None:
    """Read points: `5`, `5 SP`; not `4h`."""
    found = _number(text)
    return found[0] if found and found[1] in _POINTS else None


def hours_in(text: str, *, bare: bool = False) -> float | None:
    """Read hours: `4h`, `4 hours`; a bare number only where the label says what it is."""
    found = _number(text)
    return found[0] if found and (found[1] in _HOURS or (bare and not found[1])) else None


def _percent(text: str) -> float | None:
    found = _number(text)
    return found[0] if found and found[1] in {"", "%"} else None


def priority_in(text: str) -> int:
    """Read a priority by its first word; 0 where it is none that is known."""
    match = _WORD.search(text.casefold())
    return _PRIORITY.get(match[0], 0) if match else 0


def date_in(text: str) -> date | None:
    """Read a date as `2026-11-21`."""
    try:
        return date.fromisoformat((plain(text) or "")[: len("2026-11-21")])
    except ValueError:
        return None


def _blocked(flag: str, reason: str) -> tuple[bool, str | None]:
    """Read the flag; what is neither yes nor no in its place is the reason."""
    bare = plain(flag) or ""
    if bare.casefold() in _NO:
        return False, plain(reason)
    return True, plain(reason) or (None if bare.casefold() in _YES else bare)


SPELLED: Mapping[str, Callable[[Value], str]] = {
    "points": lambda value: f"{value:g}",
    "hours": lambda value: f"{value:g}",
    "coverage": lambda value: f"{value:g}%",
    "priority": lambda value: PRIORITIES[value] if value and isinstance(value, int) else "",
    "blocked": lambda value: "yes" if value else "",
    "due": lambda value: value.isoformat() if isinstance(value, date) else "",
}
