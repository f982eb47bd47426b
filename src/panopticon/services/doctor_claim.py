"""What is wrong with the settings of claims: who decides, and where the code of projects is."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from panopticon.config import TYPES, Config
from panopticon.local.git.call import found


@dataclass(frozen=True, slots=True)
class Word:
    """Something about claims; a hint where it is to be mended."""

    about: str
    text: str
    hint: str = ""


def claim_words(config: Config) -> Iterator[Word]:
    """Look at the settings of claims; nobody is asked. Nothing where no tracker is connected."""
    if config.sources:
        yield _arbiter(config)
    for name, repository in config.repositories.items():
        if trouble := _trouble(repository.path):
            hint = "Clone it there, or correct its path in projects.yaml or [repositories]."
            yield Word("repository", f"{name}: {repository.path} {trouble}.", hint)


def _arbiter(config: Config) -> Word:
    told = config.arbiter
    if told is None:
        hint = "`pan init` chooses who does; the whole team must name the same."
        return Word("claims", "Nobody decides claims here yet.", hint)
    if told in TYPES:
        count = sum(source.type == told for source in config.sources)
        if count != 1:
            text = f"Claims are decided by {told}, which is connected {count} times here."
            return Word("claims", text, "Connect it once, or choose another arbiter together.")
    where = config.fixed.get("arbiter")
    return Word("claims", f"Decided by {told}{f', as {where} says' if where else ''}")


def _trouble(path: Path) -> str | None:
    if not path.is_dir():
        return "is no folder" if path.exists() else "is not there"
    return None if found(path) else "is no git repository: branches cannot be made there"
