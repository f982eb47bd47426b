"""Simulated trackers for people without one: served alone, or inside another run."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which sandbox: how much is in it, where it listens, whether it is kept in a file."""

    stories: int | None = None
    seed: int = 1
    port: int = 0
    host: str = "127.0.0.1"
    state: Path | None = None
