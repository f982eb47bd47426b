"""Settings and secrets; the only reader of the environment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Source:
    """A configured tracker: its name, its type, and its own section as text.

    `options` belong to the tracker's type, which refuses the keys it does not know.
    `secret` is the API key, never printed.
    """

    name: str
    type: str
    options: Mapping[str, object] = field(default_factory=dict)
    secret: str | None = field(default=None, repr=False)
    secret_env: str | None = None


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that is configured, after precedence.

    `home` holds the state (`~/.panopticon`, or `~/.panopticon/demo`); `folder` is where the
    command runs; `cache` the projection that agents read.
    """

    home: Path
    folder: Path
    sources: tuple[Source, ...] = ()
    default_tracker: str | None = None
    me: str | None = None
    port: int = 3011
    poll_seconds: float = 60.0
    sweep_hours: float = 24.0
    is_demo: bool = False
    debug: frozenset[str] = frozenset()

    @property
    def database(self) -> Path:
        """Where the store's file is."""
        return self.home / "panopticon.db"

    @property
    def cache(self) -> Path:
        """Where agents read (`.bmad/rally-cache`); the demo keeps its own."""
        root = self.home if self.is_demo else self.folder
        return root / ".bmad" / "rally-cache"
