"""Faults on request: the seeded dice behind every simulated misfortune."""

import math
from dataclasses import asdict, dataclass, field, fields, replace
from random import Random
from typing import Any

_RATES = {
    *("error_rate", "drop_before", "drop_after", "truncate_rate", "conflict_rate", "html_errors"),
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Writes that are refused: of a kind, of a field, or of a field of a kind.

    Both in the simulated tracker's own words (`Defect`, `ScheduleState`), in any case; "" is any.
    """

    kind: str = ""
    field: str = ""
    reason: str = "is refused by the sandbox"

    def hits(self, kinds: set[str], field: str = "") -> bool:
        """Tell whether a write to an object of a kind, or to one of its fields, is meant."""
        is_kind = not self.kind or self.kind.lower() in {kind.lower() for kind in kinds}
        return is_kind and self.field.lower() == field.lower() and bool(self.kind or self.field)


@dataclass(frozen=True, slots=True)
class Faults:
    """What goes wrong; rates lie between 0 and 1."""

    latency_ms: float = 0
    error_rate: float = 0
    drop_before: float = 0
    drop_after: float = 0
    truncate_rate: float = 0
    hang_s: float = 0
    conflict_rate: float = 0
    lag_ms: float = 0
    slow_above: float = 12
    html_errors: float = 0
    write_latency_ms: float = 0
    refuse: Refusal = field(default_factory=Refusal)

    def merged(self, change: object) -> "Faults":
        """Take over what is named; nothing named clears all."""
        if not isinstance(change, dict):
            raise TypeError('faults are a JSON object, such as {"error_rate": 0.1}')
        if not change:
            return Faults()
        known = {one.name for one in fields(self)}
        for name in change:
            if name not in known:
                raise ValueError(f"unknown fault {name}; known are {', '.join(sorted(known))}")
        rest = {name: value for name, value in change.items() if name != "refuse"}
        for name, value in rest.items():
            _check(name, value)
        refuse = _refusal(change["refuse"]) if "refuse" in change else self.refuse
        return replace(self, refuse=refuse, **{name: float(rest[name]) for name in rest})

    def as_json(self) -> dict[str, Any]:
        """Give all knobs; `refuse` is null where nothing is refused."""
        is_refusing = self.refuse != Refusal()
        return asdict(self) | ({} if is_refusing else {"refuse": None})


def _refusal(told: object) -> Refusal:
    if told is None:
        return Refusal()
    known = {one.name for one in fields(Refusal)}
    is_told = isinstance(told, dict) and told.keys() <= known and (told.keys() - {"reason"})
    if not isinstance(told, dict) or not is_told or not all(map(_is_word, told.values())):
        raise ValueError(
            'refuse is null or such as {"field": "ScheduleState", "reason": "is closed"}'
        )
    return Refusal(**told)


def _is_word(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _check(name: str, value: object) -> None:
    number = value if isinstance(value, int | float) else -1  # true is 1
    if name in _RATES and not 0 <= number <= 1:
        raise ValueError(f"{name} is a rate: give a number from 0 to 1")
    if not 0 <= number < math.inf:
        raise ValueError(f"{name} must be a number that is not negative")


class Dice:
    """Throws for each rate in turn, the same way for the same seed."""

    def __init__(self, seed: int) -> None:
        """Begin with a seed."""
        self.random = Random(seed)

    def hits(self, rate: float) -> bool:
        """Throw once."""
        return rate > 0 and self.random.random() < rate
