"""Git repositories that are made once a run and copied: making one costs more than most tests."""

import shutil
import subprocess
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from panopticon.config import environment

_REMOTE = "where the remote is"


def bare(folder: Path, name: str = "remote.git") -> Path:
    """Make a repository that takes pushes."""
    return Path(shutil.copytree(_bare(), folder / name))


def served(folder: Path, name: str = "remote.git") -> Path:
    """Make a repository that takes pushes and has what `started` makes."""
    return Path(shutil.copytree(_served(), folder / name))


def started(folder: Path) -> Path:
    """Make a repository with one commit, of a README, on its main branch."""
    return Path(shutil.copytree(_started(), folder))


def cloned(remote: Path, folder: Path) -> Path:
    """Clone what `served` made, as somebody with a name."""
    shutil.copytree(_cloned(), folder)
    config = folder / ".git/config"
    config.write_text(config.read_text().replace(_REMOTE, str(remote)))
    return folder


@cache
def _shelf() -> "TemporaryDirectory[str]":
    """Keep the templates as long as this process."""
    return TemporaryDirectory(prefix="panopticon-templates-")


@cache
def _bare() -> Path:
    folder = _place("bare")
    _git("init", "-q", "--bare", "--template=", str(folder))
    with (folder / "config").open("a") as config:
        config.write("[http]\n\treceivepack = true\n")
    (folder / "git-daemon-export-ok").touch()
    return folder


@cache
def _started() -> Path:
    folder = _place("started")
    _git("init", "-q", "-b", "main", "--template=", str(folder))
    (folder / "README").write_text("x\n")
    _git("-C", str(folder), "add", "README")
    _git("-C", str(folder), "commit", "-q", "-m", "Write README")
    return folder


@cache
def _served() -> Path:
    folder = bare(_place("served").parent, "served")
    _git("-C", str(_started()), "push", "-q", str(folder), "main")
    _git("-C", str(folder), "symbolic-ref", "HEAD", "refs/heads/main")
    return folder


@cache
def _cloned() -> Path:
    folder = _place("cloned")
    _git("clone", "-q", "--template=", str(_served()), str(folder))
    _git("-C", str(folder), "config", "user.name", "x")
    _git("-C", str(folder), "config", "user.email", "x@x")
    config = folder / ".git/config"
    config.write_text(config.read_text().replace(str(_served()), _REMOTE))
    return folder


def _place(name: str) -> Path:
    return Path(_shelf().name) / name


def _git(*words: str) -> None:
    who = ("-c", "user.name=x", "-c", "user.email=x@x")
    subprocess.run(["git", *who, *words], check=True, capture_output=True, env=environment())
