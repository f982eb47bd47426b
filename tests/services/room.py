"""A home whose settings are read and written as a running board does it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from panopticon.config import Config, load
from panopticon.services.context import Context
from panopticon.store.registry import memory_store
from tests.services.asked import NOW, Asked


@dataclass
class Room:
    """A home and a folder under a test's own path; `environ` is the process's."""

    root: Path
    environ: dict[str, str] = field(default_factory=dict)
    asked: Asked = field(default_factory=Asked)
    flags: dict[str, object] = field(default_factory=dict)

    @property
    def toml(self) -> Path:
        return self.root / "home/.panopticon/config.toml"

    @property
    def env(self) -> Path:
        return self.root / "home/.panopticon.env"

    @property
    def folder(self) -> Path:
        folder = self.root / "project"
        folder.mkdir(exist_ok=True)
        return folder

    def says(self, toml: str = "", env: str = "", more: Mapping[str, str] | None = None) -> "Room":
        """Write the home's files, and others under the root."""
        told = {str(self.toml): toml, str(self.env): env, **(more or {})}
        for name, text in told.items():
            if text:
                path = self.root / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
        return self

    def config(self) -> Config:
        return load(self.environ, self.root / "home", self.folder, self.flags)

    def context(self) -> Context:
        store = memory_store()
        opened = self.asked.open
        return Context(self.config(), lambda _: store, opened, lambda: NOW, self.config)
