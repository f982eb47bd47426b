"""Starting other programs: the only place that does, always with an argument list."""

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from panopticon.errors import LocalFault

_PATIENCE = 3.0
"""Seconds that a program has for its tidying up."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a program ended."""

    code: int
    out: str
    err: str


def run(
    words: Sequence[str],
    folder: Path | None = None,
    timeout: float = 10.0,
    *,
    environment: Mapping[str, str] | None = None,
    feed: bytes | None = None,
) -> Outcome:
    """Run a program to its end; raises LocalFault when it is missing or hangs.

    `environment` is the whole of it, None hands on ours; `feed` is what it reads, None nothing.
    """
    reads = subprocess.DEVNULL if feed is None else subprocess.PIPE
    try:
        with subprocess.Popen(  # noqa: S603 - an argument list, no shell
            list(words),
            cwd=folder,
            env=environment,
            stdin=reads,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            out, err = _ended(process, feed, timeout)
    except FileNotFoundError as error:
        raise LocalFault(f"`{words[0]}` is not installed here.", "Install it.") from error
    except subprocess.TimeoutExpired as error:
        raise LocalFault(f"`{words[0]}` did not answer in {timeout:g} s.", "Try again.") from error
    return Outcome(process.returncode, out.decode(errors="replace"), err.decode(errors="replace"))


def _ended(
    process: "subprocess.Popen[bytes]", feed: bytes | None, timeout: float
) -> tuple[bytes, bytes]:
    """Wait for a program; one that hangs is asked to end first, so that it frees its locks."""
    try:
        return process.communicate(feed, timeout)
    except subprocess.TimeoutExpired:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(_PATIENCE)
        raise
    finally:
        if process.poll() is None:
            process.kill()


def is_installed(name: str) -> bool:
    """Tell whether a program is on the path."""
    return shutil.which(name) is not None


def first_line(words: Sequence[str], log: IO[bytes], patience: float = 15.0) -> bytes:
    """Start a program that outlives us and give the first line it prints.

    An empty line means that it ended without one; it is then waited for. Its stderr is the log.
    """
    process = subprocess.Popen(  # noqa: S603 - an argument list, no shell
        list(words),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=log,
        start_new_session=True,
    )
    # Kept, because a forgotten Popen warns of a child that still runs, which here is the point.
    _outliving[:] = [*(one for one in _outliving if one.poll() is None), process]
    assert process.stdout is not None
    with process.stdout:
        line = process.stdout.readline()
    if not line:
        process.wait(timeout=patience)
    return line


_outliving: list["subprocess.Popen[bytes]"] = []
