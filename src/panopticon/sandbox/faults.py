"""Faults on request: the seeded dice behind every simulated misfortune."""

import math
from dataclasses import asdict, dataclass, fields, replace
from random import Random

_RATES = {
    *("error_rate", "drop_before", "drop_after", "truncate_rate", "conflict_rate", "html_errors"),
}


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

    def merged(self, change: object) -> "Faults":
        """Take over what is named; nothing named clears all."""
        if not isinstance(change, dict):
            raise TypeError('faults are a JSON object, such as {"error_rate": 0.1}')
        if not change:
            return Faults()
        known = {one.name for one in fields(self)}
        for name, value in change.items():
            if name not in known:
                raise ValueError(f"unknown fault {name}; known are {', '.join(sorted(known))}")
            _check(name, value)
        return replace(self, **{name: float(value) for name, value in change.items()})

    def as_json(self) -> dict[str, float]:
        """Give all knobs."""
        return asdict(self)


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
