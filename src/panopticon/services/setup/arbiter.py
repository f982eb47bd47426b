"""Choosing who decides claims: what is proposed, where it is written, and what to know of it."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from panopticon.config import TYPES, Config
from panopticon.config.arbiter import (
    OWN_STORE,
    checked_arbiter,
    is_relative,
    same_arbiter,
    without_credentials,
)
from panopticon.errors import InvalidInput
from panopticon.local.file import write_private
from panopticon.local.git import clone
from panopticon.services.setup.toml import text_of

__all__ = ["OWN_STORE", "Choice", "chosen", "proposed_by_git", "write"]


@dataclass(frozen=True, slots=True)
class Choice:
    """Who decides claims, and what is worth knowing before anybody checks out."""

    arbiter: str
    notes: tuple[str, ...] = ()
    is_new: bool = True


def chosen(config: Config, wanted: str | None, type_: str, *, can_decide: bool) -> Choice:
    """Find who is to decide: as the files say, else as wanted, else as proposed.

    `type_` is the connected tracker's, `can_decide` whether it could. Raises InvalidInput where
    another is wanted than the files name.
    """
    named = checked_arbiter("--arbiter", wanted) if wanted else None
    if config.arbiter and not (named and _is_own_default(config)):
        if named and not same_arbiter(named, config.arbiter):
            where = config.fixed.get("arbiter") or "config.toml"
            raise InvalidInput(
                f"Claims are already decided by {config.arbiter}, not by {named}.",
                f"All of a team must name the same: change it in {where} by hand, together, "
                "while nobody holds a story.",
            )
        return Choice(config.arbiter, tuple(_could_be_shared(config)), is_new=False)
    if named:
        return Choice(named, tuple(_worth_knowing(named, type_, can_decide=can_decide)))
    if found := proposed_by_git(config.folder):
        return found
    one = type_ if can_decide else OWN_STORE
    return Choice(one, tuple(_worth_knowing(one, type_, can_decide=can_decide)))


def _is_own_default(config: Config) -> bool:
    """Tell whether this machine decides for want of anything else, and the project can say more.

    A file of the home says so for every project; one of the repository is stronger.
    """
    told = config.fixed.get("arbiter")
    is_of_home = told is not None and Path(told).parent == config.home
    return config.arbiter == OWN_STORE and is_of_home and clone.root(config.folder) is not None


def _could_be_shared(config: Config) -> Iterator[str]:
    """Name the remote that could decide where this machine does for want of anything else."""
    found = proposed_by_git(config.folder) if _is_own_default(config) else None
    if found:
        yield f"A team needs more: `pan init --arbiter {found.arbiter}` lets this remote decide."


def proposed_by_git(folder: Path) -> Choice | None:
    """Propose a git remote: `origin`, else the first; the others are named."""
    found = clone.remotes(folder)
    if (name := clone.main_among(found)) is None:
        return None
    told = found.pop(name)
    arbiter = f"git:{_whole(without_credentials(told), folder)}"
    checked_arbiter(f"The remote {name}", arbiter)
    notes = []
    if without_credentials(told) != told:
        notes.append(
            f"The address of {name} holds credentials; they are not written. "
            "git must find them by itself: `git help credentials`."
        )
    others = {
        other: without_credentials(url)
        for other, url in found.items()
        if not same_arbiter(arbiter, f"git:{_whole(without_credentials(url), folder)}")
    }
    if others:
        listed = ", ".join(f"{other} ({url})" for other, url in others.items())
        notes.append(
            f"{name} decides claims; there is also {listed}. "
            "If the team shares that one, change the line before anybody checks out."
        )
    return Choice(arbiter, (*notes, *_worth_knowing(arbiter, "", can_decide=False)))


def _worth_knowing(arbiter: str, type_: str, *, can_decide: bool) -> Iterator[str]:
    if arbiter in TYPES and not (arbiter == type_ and can_decide):
        yield (
            f"{TYPES[arbiter].label} cannot decide claims yet: the key may not write its lock "
            f"fields, or they are missing. `pan {arbiter} setup-fields` says what it needs."
        )
    elif arbiter.startswith(("git:/", "git:file:")):
        yield (
            "That remote is a folder of this machine: only those who have it under the same path "
            "can claim stories."
        )


def _whole(url: str, folder: Path) -> str:
    """Write a relative path whole: it begins at the repository, and elsewhere means another."""
    if url.startswith("~"):
        return str(Path(url).expanduser())
    if not is_relative(url):
        return url
    return os.path.normpath((clone.root(folder) or folder) / url)


def write(config: Config, arbiter: str) -> Path:
    """Write `arbiter:` where the team shares it; else, as of one machine, into projects.yaml."""
    shared = config.folder / "_bmad" / "pantheon" / "config.yaml"
    root = clone.root(config.folder)
    if arbiter == OWN_STORE:
        path = config.home / "projects.yaml"  # others would have a store of their own
    elif shared.is_file():
        path = shared
    else:
        path = root / ".panopticon.yaml" if root else config.home / "projects.yaml"
    text = text_of(path)
    if text and not text.endswith("\n"):
        text += "\n"
    text += f"arbiter: {yaml.safe_dump(arbiter, default_style=chr(34), width=10_000).strip()}\n"
    _check_yaml(path, text, arbiter)
    if path.parent == config.home:
        write_private(path, text)
    else:
        path.write_text(text, encoding="utf-8")  # shared with the team: its mode is git's
    return path


def _check_yaml(path: Path, text: str, arbiter: str) -> None:
    """Refuse to write what would not be read back, such as after an unusual last line."""
    try:
        table = yaml.safe_load(text)
    except yaml.YAMLError:
        table = None
    if not isinstance(table, dict) or table.get("arbiter") != arbiter:
        raise InvalidInput(
            f"Cannot add a line to {path}.", f"Write `arbiter: {arbiter}` into it by hand."
        )
