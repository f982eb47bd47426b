"""What a type of tracker finds in a folder of this machine, before it is connected."""

from dataclasses import dataclass

_NAMES = {"pantheon": "BMAD with Pantheon", "spec": "BMAD spec files", "": "Story files"}


@dataclass(frozen=True, slots=True)
class Look:
    """How many stories and epics lie in which folders, those with most stories first.

    Paths are relative to the folder looked into (`.`: itself). `dialect` is BMAD's version (v4,
    v6, pantheon, spec; empty where nothing tells it); `looked_for` says what would be found.
    """

    dialect: str = ""
    folders: tuple[str, ...] = ()
    stories: int = 0
    epics: int = 0
    sprint_status: str | None = None
    looked_for: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing that the type could read."""
        return not (self.dialect or self.stories or self.epics or self.sprint_status)

    def said(self) -> str:
        """Say it in a line: `BMAD v6 in docs/stories: 23 story files, 4 epics, …`."""
        name = _NAMES.get(self.dialect, f"BMAD {self.dialect}")
        where = " and ".join(self.folders[:2]) or "."
        if len(self.folders) > 2:  # noqa: PLR2004 - two are named
            where += f" and {len(self.folders) - 2} more"
        parts = [counted(self.stories, "story file"), counted(self.epics, "epic")]
        parts += [self.sprint_status.rpartition("/")[2]] if self.sprint_status else []
        return f"{name} in {where}: {', '.join(parts)}"

    def as_json(self) -> dict[str, object]:
        """Give it to programs."""
        return {
            "dialect": self.dialect,
            "folder": self.folders[0] if self.folders else ".",
            "stories": self.stories,
            "epics": self.epics,
            "sprint_status": self.sprint_status,
        }


def counted(count: int, name: str) -> str:
    """Say a number of things: `1 epic`, `2 stories`, `no epics`."""
    plural = f"{name[:-1]}ies" if name.endswith("y") else f"{name}s"
    return f"{count or 'no'} {name if count == 1 else plural}"
