"""Connecting folders of this machine: find what is in them, and add them to those there are."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from panopticon.config import TYPES, source_called
from panopticon.config.folder import spot
from panopticon.errors import InvalidInput, NotFound, PanError
from panopticon.local.git import clone
from panopticon.model.look import Look
from panopticon.services.context import Context
from panopticon.services.inputs import folders_of
from panopticon.services.settings import look as settings_look
from panopticon.services.setup.connection import Answers
from panopticon.services.setup.overlap import Spot, check_apart, spot_of
from panopticon.services.setup.toml import section_of


@dataclass(frozen=True, slots=True)
class Found:
    """A folder that a type of tracker can read; `is_known` where a source reads it already."""

    type: str
    path: Path
    look: Look
    is_known: bool = False

    def as_json(self) -> dict[str, object]:
        """Give it to programs; `path` is what is connected, `folder` where most stories are."""
        return {"path": str(self.path), **self.look.as_json()}


def default_folder(ctx: Context) -> Path:
    """Say which folder is meant where none is named: the repository around, else this one."""
    return clone.root(ctx.config.folder) or ctx.config.folder


def found_here(ctx: Context) -> list[Found]:
    """Look into the present repository for what could be connected; a home is not looked into."""
    try:
        return [found_in(ctx, type_, default_folder(ctx)) for type_ in local_types()]
    except (NotFound, InvalidInput):
        return []


def local_types() -> list[str]:
    """Name the types that read folders of this machine."""
    return [type_ for type_, words in TYPES.items() if words.place.are_paths]


def found_in(ctx: Context, type_: str, folder: Path) -> Found:
    """Look into one folder; raises NotFound with what was looked for."""
    seen = settings_look.looked(ctx, type_, str(folder))
    path = Path(seen.folder)
    mine = [one for one in ctx.config.sources if one.type == type_]
    known = {spot(one) for source in mine for one in folders_of(source)}
    return Found(type_, path, seen.look, is_known=bool({spot(str(path)), str(folder)} & known))


def nothing_here(ctx: Context) -> PanError:
    """Say that there is nothing here to connect, and what was looked for."""
    folder = default_folder(ctx)
    try:
        found = found_in(ctx, local_types()[0], folder)
    except (NotFound, InvalidInput) as error:
        return error
    return InvalidInput(f"{found.look.said()} is there; nobody asked for it.")


def settled(
    ctx: Context, answers: Answers, folders: Sequence[Path]
) -> tuple[Answers, tuple[Found, ...]]:
    """Add folders to those that the section names; raises for one that cannot be used.

    None named: the present repository, else those that the section names already.
    """
    words = TYPES[answers.type].place
    section = _section(ctx, answers)
    before = _listed(section.get(words.parts)) + _listed(section.get(words.part))
    found = _found(ctx, answers.type, folders, before)
    held = [spot_of(one) for one in before]
    fresh = _fresh(found, held)
    check_apart(ctx, answers.source_name, fresh, held)
    together = [*before, *(one.written for one in fresh)]
    known = {key: section[key] for key in TYPES[answers.type].keys if key in section}
    known.pop(words.part, None)
    kept = known | dict(answers.kept) | {words.parts: together}
    return replace(answers, key="", kept=kept), found


def _fresh(found: Sequence[Found], held: Sequence[Spot]) -> list[Spot]:
    """Give the folders that are not among those of the section."""
    there = {one.path for one in held}
    paths = dict.fromkeys(path for one in found if (path := one.path.resolve()) not in there)
    return [spot_of(_written(path), path) for path in paths]


def can_commit(found: Sequence[Found]) -> bool:
    """Tell whether git looks after every folder."""
    return all(clone.root(one.path) for one in found)


def _found(
    ctx: Context, type_: str, folders: Sequence[Path], before: Sequence[str]
) -> tuple[Found, ...]:
    if folders:
        return tuple(found_in(ctx, type_, folder) for folder in folders)
    try:
        return (found_in(ctx, type_, default_folder(ctx)),)
    except (NotFound, InvalidInput):
        if not before:
            raise
        return tuple(found_in(ctx, type_, Path(folder).expanduser()) for folder in before)


def _section(ctx: Context, answers: Answers) -> dict[str, object]:
    """Read the section that would be added to; raises when another type has the name."""
    name = answers.source_name
    section = section_of(ctx.config.home / "config.toml", "trackers", name)
    present = source_called(name, ctx.config.sources)
    types = {section.get("type", name)} if section else set()
    types |= {present.type} if present else set()
    if other := types - {answers.type}:
        raise InvalidInput(
            f"{name!r} is a connection of the type {other.pop()} already.",
            "Give --name for another one.",
        )
    return section


def hidden(ctx: Context, answers: Answers) -> tuple[str, ...]:
    """Say which folders of the section a stronger place keeps from being read here."""
    if ctx.read_config is None:
        return ()
    sources = ctx.read_config().sources
    mine = [source for source in sources if source.type == answers.type]
    seen = {spot(one) for source in mine for one in folders_of(source)}
    parts = _listed(answers.kept.get(TYPES[answers.type].place.parts))
    return tuple(
        f"{one} is not read here: a stronger place decides, `pan doctor` names it."
        for one in parts
        if spot(one) not in seen
    )


def _listed(value: object) -> list[str]:
    if not value:
        return []
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def _written(path: Path) -> str:
    """Write a folder so that it means the same where a home is shared between machines."""
    home = Path.home()
    return f"~/{path.relative_to(home).as_posix()}" if home in path.parents else str(path)
