"""Starting other programs: the only place that does, always with an argument list."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import IO, Any

from panopticon.errors import LocalFault

_PATIENCE = 3.0
"""Seconds that a program has for its tidying up."""
_LAST_WORDS = 0.5


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
    """Run a program to its end; raises LocalFault when it cannot start or hangs.

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
    except OSError as error:
        raise _unstarted(words[0], folder, error) from error
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


def overheard(
    words: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    hear: Callable[[bytes], None],
) -> Outcome:
    """Run a program that may take long; each line that it writes is handed on as it comes.

    Its own end counts, not that of a helper in the background which keeps its streams open.
    """
    process = _started(
        words, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
    )
    said: tuple[list[bytes], list[bytes]] = ([], [])
    ears = [
        Thread(target=_listen, args=(stream, kept, hear), name="overhear", daemon=True)
        for stream, kept in zip((process.stdout, process.stderr), said, strict=True)
    ]
    for ear in ears:
        ear.start()
    try:
        process.wait()
    finally:
        _end(process)
        for ear in ears:
            ear.join(_LAST_WORDS)
    out, err = (b"".join(kept).decode(errors="replace") for kept in said)
    return Outcome(process.returncode, out, err)


def _listen(stream: IO[bytes], kept: list[bytes], hear: Callable[[bytes], None]) -> None:
    with stream:
        for line in stream:
            kept.append(line)
            hear(line)


class Attended:
    """A program that has our terminal; without one it is a group of its own, ended as a whole."""

    def __init__(self, words: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start it; raises LocalFault when it is not there or may not be run."""
        self._is_group = not sys.stdin.isatty()
        group = 0 if self._is_group else None
        self._process = _started(words, env=environment, stderr=None, process_group=group)

    @property
    def is_group(self) -> bool:
        """Tell whether signals of the terminal pass it by, so that we hand them on."""
        return self._is_group

    def wait(self, seconds: float) -> int | None:
        """Give its exit code, 128 and the signal when one ended it; None while it runs."""
        try:
            code = self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        return 128 - code if code < 0 else code

    def send(self, number: int) -> None:
        """Send it a signal; one that has ended hears nothing."""
        with suppress(ProcessLookupError):
            if self._is_group:
                os.killpg(self._process.pid, number)
            else:
                self._process.send_signal(number)

    def stop(self, grace: float) -> None:
        """Ask it to end, and end it after `grace` seconds; what it started ends with it."""
        self.send(signal.SIGTERM)
        if self.wait(grace) is None or self._is_group:
            self.send(signal.SIGKILL)
        self.wait(grace)


def _started(words: Sequence[str], **how: Any) -> "subprocess.Popen[bytes]":
    try:
        return subprocess.Popen(list(words), **{"stderr": subprocess.PIPE, **how})  # noqa: S603
    except OSError as error:
        raise _unstarted(words[0], how.get("cwd"), error) from error


def _unstarted(word: str, folder: Path | None, error: OSError) -> LocalFault:
    """Say why a program did not start: the folder where it was to run may be gone, too."""
    if folder is not None and not folder.is_dir():
        return LocalFault(f"There is no folder {folder}.", "It was moved or deleted: look there.")
    if isinstance(error, FileNotFoundError):
        return LocalFault(f"`{word}` is not installed here.", "Install it.")
    return LocalFault(f"`{word}` cannot be run: {error.strerror}.", "Is it a program?")


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End what still runs because we are interrupted; it has a moment to tidy up."""
    if process.poll() is None:
        with suppress(subprocess.TimeoutExpired):
            process.wait(_PATIENCE)
    if process.poll() is None:
        process.kill()
        process.wait()
