"""Where a generated item stands: its state, sprint, dates and people, drawn so that they agree."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import TypeVar

from panopticon.sandbox.catalog.team import ENGINEERS
from panopticon.sandbox.product import Lock

T = TypeVar("T")

DONE = ("Completed", "Accepted")

# By how far a feature has come: (state, share) of its stories.
PHASES = {
    "Done": (("Accepted", 92), ("Completed", 8)),
    "Developing": (
        ("Accepted", 22),
        ("Completed", 11),
        ("In-Progress", 22),
        ("Defined", 37),
        ("Idea", 8),
    ),
    "Discovering": (("Defined", 58), ("Idea", 42)),
}
_SPRINTS: dict[str, tuple[tuple[str | None, int], ...]] = {
    "Accepted": (("Sprint-22", 38), ("Sprint-23", 50), ("Sprint-24", 12)),
    "Completed": (("Sprint-23", 20), ("Sprint-24", 80)),
    "In-Progress": (("Sprint-24", 100),),
    "Defined": (("Sprint-24", 17), ("Sprint-25", 25), ("Sprint-26", 13), (None, 45)),
    "Idea": (("Sprint-26", 12), (None, 88)),
}
# Days since the last change, by sprint: within the sprint for finished work, any time for the rest.
_TOUCHED = {"Sprint-22": (18.0, 36.0), "Sprint-23": (4.5, 21.0), "Sprint-24": (0.0, 5.0)}
_OWNED = {"Idea": 0.06, "Defined": 0.35}
_HOUR_MS = 3_600_000
_LOCKED = 0.05


@dataclass(frozen=True, slots=True)
class Course:
    """State, place in the calendar and owner of one item."""

    state: str
    sprint: str | None
    release: str | None
    created: datetime
    updated: datetime
    owner: str | None
    lock: Lock | None


def chance(rng: Random, share: float) -> bool:
    """Whether something happens that happens in `share` of all cases."""
    return rng.random() < share


def weighted(rng: Random, choices: tuple[tuple[T, int], ...]) -> T:
    """Draw by integer weights that add up to 100."""
    mark = rng.random() * 100
    for value, weight in choices:
        mark -= weight
        if mark < 0:
            return value
    return choices[-1][0]


def course(rng: Random, phase: str, now: datetime) -> Course:
    """Draw where an item of a feature in `phase` stands."""
    state = weighted(rng, PHASES[phase])
    sprint = weighted(rng, _SPRINTS[state])
    owner = rng.choice(ENGINEERS) if chance(rng, _OWNED.get(state, 1.0)) else None
    updated = now - _since(rng, state, sprint)
    lock = None
    if state == "In-Progress" and owner and chance(rng, _LOCKED):
        updated = now - timedelta(milliseconds=int(rng.uniform(0.2, 20) * _HOUR_MS))
        lock = Lock(owner, updated, updated + timedelta(hours=24))
    created = updated - timedelta(milliseconds=int((2 + rng.random() ** 2 * 180) * 24 * _HOUR_MS))
    return Course(state, sprint, _release(sprint, state), created, updated, owner, lock)


def _since(rng: Random, state: str, sprint: str | None) -> timedelta:
    least, most = _TOUCHED.get(sprint or "", (0.1, 120.0)) if state != "Idea" else (1.0, 150.0)
    if state == "Defined":
        least, most = 0.1, 60.0
    days = least + (most - least) * rng.random() ** 1.5
    return timedelta(milliseconds=int(days * 24 * _HOUR_MS) + rng.randrange(1, 60_000))


def _release(sprint: str | None, state: str) -> str | None:
    if sprint:
        return "DDC-AI 3.3"
    return "DDC-AI 3.4" if state == "Defined" else None
