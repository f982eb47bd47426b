"""Sources that are folders of this machine: which folders may be named on the settings page.

Only what a person typed is looked at, and only whether it is a folder that can be read.
"""

import os
from dataclasses import replace
from pathlib import Path

from panopticon.config import TYPES, source_called
from panopticon.errors import InvalidInput, NotFound
from panopticon.services.context import Context
from panopticon.services.inputs import folders_of
from panopticon.services.setup.connection import Answers
from panopticon.services.setup.overlap import check_apart, spot_of

_MOST = 50  # folders of one source


def settled(ctx: Context, answers: Answers) -> Answers:
    """Complete what was typed by what is saved; raises for a folder that cannot be used."""
    words = TYPES[answers.type].place
    source = source_called(answers.name, ctx.config.sources) if answers.name else None
    is_its = source is not None and source.type == answers.type
    saved = dict(source.options) if source and is_its else {}
    folders = answers.kept.get(words.parts) or (folders_of(source) if source and is_its else ())
    if not isinstance(folders, list | tuple) or not folders:
        raise InvalidInput("No folder is named.", "Name a repository or a folder in it.")
    if len(folders) > _MOST:
        raise InvalidInput(f"More than {_MOST} folders.", "Make a second connection of the rest.")
    saved.pop(words.part, None)
    given = {name: value for name, value in answers.kept.items() if value is not None}
    given = {name: value for name, value in given.items() if value or name in saved}
    spots = [spot_of(_written(str(one)), place(ctx, str(one))) for one in folders]
    check_apart(ctx, answers.source_name, spots)
    kept = saved | given | {words.parts: [spot.written for spot in spots]}
    return replace(answers, key="", kept=kept)


def place(ctx: Context, text: str) -> Path:
    """Find the folder that somebody typed; raises InvalidInput or NotFound with the next step."""
    typed = text.strip()
    if not typed or not typed.isprintable():
        hint = "For example ~/work/app."
        raise InvalidInput("A folder's path is one line of text.", hint, folder=typed)
    path = _whole(ctx, typed)
    try:
        real = path.resolve(strict=True)
        is_folder = real.is_dir()
        if is_folder:
            with os.scandir(real) as entries:
                next(entries, None)
    except (FileNotFoundError, NotADirectoryError):
        raise NotFound(f"There is no folder {typed}.", _nearest(path), folder=typed) from None
    except (OSError, RuntimeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its links lead round in a circle"
        raise InvalidInput(
            f"{typed} cannot be read: {reason}.",
            "Check its owner and mode, or name another.",
            folder=typed,
        ) from error
    if not is_folder:
        raise InvalidInput(
            f"{typed} is a file, not a folder.",
            f"Name the folder that it is in: {path.parent}.",
            folder=typed,
        )
    if real in {home := Path.home().resolve(), *home.parents}:
        raise InvalidInput(
            f"{typed} holds too much to be looked through for every change.",
            "Name a repository, or a folder in it.",
            folder=typed,
        )
    return real


def _whole(ctx: Context, typed: str) -> Path:
    try:
        path = Path(typed).expanduser()
    except RuntimeError:
        raise InvalidInput(
            f"{typed} names the home of somebody who is not here.",
            "~ alone is your own home.",
            folder=typed,
        ) from None
    if not path.is_absolute():
        raise InvalidInput(
            f"{typed} is a relative path, and the board has no folder that it could start from.",
            f"Write the whole path, from / or ~. In the folder where the board was started that is "
            f"{ctx.config.folder / typed}.",
            folder=typed,
        )
    return path


def _nearest(path: Path) -> str:
    """Say how much of a path is there."""
    there = next((one for one in path.parents if _is_folder(one)), None)
    if there is None or there == Path(there.anchor):
        return "Check how it is spelled."
    missing = path.relative_to(there).parts[0]
    return f"{there} is there, but it holds no folder {missing!r}."


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _written(text: str) -> str:
    typed = text.strip()
    return typed.rstrip("/") or "/"
