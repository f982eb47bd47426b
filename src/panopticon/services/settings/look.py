"""What a folder of this machine holds for a tracker, before it is connected.

It answers about the files that the tracker itself would read and about nothing else: how many, of
which kind, in which folders; never their text, and never the names of other files.
"""

from dataclasses import dataclass

from panopticon.config import TYPES
from panopticon.errors import InvalidInput, NotFound
from panopticon.local.disk import LocalDisk
from panopticon.model.look import Look
from panopticon.services.context import Context
from panopticon.services.inputs import folders_of
from panopticon.services.settings import folder as settings_folder
from panopticon.services.setup.connection import Answers


@dataclass(frozen=True, slots=True)
class Seen:
    """What was found in a folder; never an empty look."""

    folder: str
    look: Look

    def as_json(self) -> dict[str, object]:
        """Give it to programs."""
        look = self.look
        layout = {**look.as_json(), "folders": list(look.folders), "said": look.said()}
        return {"folder": self.folder, "layouts": [layout]}


def looked(ctx: Context, type_: str, folder: str) -> Seen:
    """Look into a folder; raises NotFound saying what was looked for."""
    words = TYPES.get(type_)
    if words is None or not words.place.are_paths:
        known = ", ".join(name for name, one in TYPES.items() if one.place.are_paths)
        raise InvalidInput(f"{type_!r} reads no folders.", f"Those that do: {known}.")
    path = str(settings_folder.place(ctx, folder))
    found = _look(type_, path)
    if found.is_empty:
        raise NotFound(
            f"There are no {words.label} in {folder.strip()}.",
            f"Looked for {'; '.join(found.looked_for)}.",
            folder=folder.strip(),
        )
    return Seen(path, found)


def check(ctx: Context, answers: Answers) -> None:
    """Refuse folders that hold nothing for this type: nobody would see why the board is empty."""
    for folder in folders_of(answers.source()):
        looked(ctx, answers.type, folder)


def _look(type_: str, path: str) -> Look:
    # On first use: naming the types must not pay for reading files.
    from panopticon.trackers.registry import LOOKS  # noqa: PLC0415

    return LOOKS[type_](LocalDisk().open(path))
