"""A bare repository of our own, for claims and for nothing else; what git says is heard here.

Git runs without the repository that a hook's surroundings name, asks nobody, starts no helper
program, and tells the `Date` of an HTTP remote, which only its trace shows.
"""

import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from panopticon.config.layer import environment
from panopticon.errors import Conflict, LocalFault, Retriable
from panopticon.local.git.said import PROTOCOLS, heard, is_damage, said, without_secrets
from panopticon.local.lock import held
from panopticon.local.run import Outcome, run

_KEPT = ("GIT_ASKPASS", "GIT_CONFIG", "GIT_EXEC_PATH", "GIT_HTTP", "GIT_PROXY", "GIT_SS")
_PLAIN = (
    *("color.ui=false", "color.push=false", "color.remote=false", "core.hooksPath=/dev/null"),
    *("push.gpgSign=false", "push.followTags=false", "push.pushOption=", "fetch.prune=false"),
    *("i18n.commitEncoding=UTF-8", "i18n.logOutputEncoding=UTF-8", "transfer.fsckObjects=false"),
)
"""What somebody's own settings may say of their work, not of claims."""
T = TypeVar("T")
_WAIT = 10.0  # seconds
_BOOT = getattr(time, "CLOCK_BOOTTIME", None)


def ticks() -> float:
    """Count seconds, those of a laptop's sleep too, whatever happens to the clock."""
    return time.monotonic() if _BOOT is None else time.clock_gettime(_BOOT)


class _Damaged(Exception):
    """What git keeps here cannot be read."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.outcome = outcome


class GitFolder:
    """Runs git on one bare folder, made on first use; `seconds` is how long git may take."""

    def __init__(self, path: Path, seconds: float, ticks: Callable[[], float] = ticks) -> None:
        self._path = path
        self._seconds = seconds
        self._ticks = ticks
        self._told: tuple[datetime, float] | None = None

    def told_time(self) -> datetime | None:
        """Give the time that a remote told, late by a second and its answer's way at most."""
        if self._told is None:
            return None
        date, at = self._told
        return date + timedelta(seconds=self._ticks() - at)

    def git(self, *words: str) -> Outcome:
        """Run git; raises Retriable when it does not answer."""
        if not (self._path / "objects").is_dir():
            self._prepare()
        outcome, date = heard(self._run(f"--git-dir={self._path}", *words))
        if date:
            self._told = date, self._ticks()
        if outcome.code and is_damage(outcome):
            raise _Damaged(outcome)
        return outcome

    def whole(self, verb: Callable[[], T], again: Callable[[], T] | None = None) -> T:
        """Do something here; a damaged folder, which is only a cache, is made anew once.

        `again` does it in the empty folder. Damage that comes back is the remote's own.
        """
        try:
            return verb()
        except _Damaged:
            self._throw_away()
        try:
            return (again or verb)()
        except _Damaged as error:
            raise LocalFault(
                f"git finds damaged objects: {said(error.outcome)}",
                f"Run `git fsck` in the remote's repository; {self._path} may be deleted.",
            ) from error

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Wait until no other command fetches into this folder; not for long, it only helps."""
        lock = self._path.with_name(f"{self._path.name}.lock")
        with ExitStack() as stack:
            with suppress(Conflict):
                stack.enter_context(held(lock, "Reading claims", min(_WAIT, self._seconds)))
            yield

    def _throw_away(self) -> None:
        old = self._path.with_name(f"{self._path.name}.{secrets.token_hex(4)}")
        with self.alone():
            try:
                self._path.rename(old)
            except FileNotFoundError:  # another one did
                return
            except OSError as error:
                raise LocalFault(
                    f"{self._path} is damaged: {error.strerror}.", "Delete it; it is only a cache."
                ) from error
        shutil.rmtree(old, ignore_errors=True)

    def unlock(self) -> None:
        """Remove the locks that a killed git left: those older than any that still runs."""
        oldest = time.time() - 2 * self._seconds
        for lock in [*self._path.glob("*.lock"), *(self._path / "refs").rglob("*.lock")]:
            with suppress(OSError):
                if lock.stat().st_mtime < oldest:
                    lock.unlink()

    def _prepare(self) -> None:
        """Make the folder beside its place: who looks at the same time sees all or nothing."""
        fresh = self._path.with_name(f"{self._path.name}.{secrets.token_hex(4)}")
        self._path.parent.mkdir(parents=True, exist_ok=True)
        words = ("--quiet", "--bare", "--template=", "--object-format=sha1")
        made = self._run("init", *words, str(fresh))
        if made.code:
            raise LocalFault(f"git could not make {fresh}: {said(made)}", "Look at it.")
        self._run(f"--git-dir={fresh}", "hash-object", "-t", "tree", "-w", "/dev/null")
        try:
            fresh.rename(self._path)
        except OSError:  # another one was faster
            shutil.rmtree(fresh, ignore_errors=True)

    def _run(self, *words: str) -> Outcome:
        try:
            line = ["git", *(word for one in _PLAIN for word in ("-c", one)), *words]
            return run(line, timeout=self._seconds, environment=_around())
        except LocalFault as error:
            if "did not answer" in error.message:
                where = without_secrets(next((one for one in words if "://" in one), "git"))
                raise Retriable(f"{where} did not answer.", "Is it reachable?") from error
            raise


def _around() -> dict[str, str]:
    around = environment()
    kept = {n: v for n, v in around.items() if not n.startswith("GIT_") or n.startswith(_KEPT)}
    return kept | {
        "LC_ALL": "C",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ALLOW_PROTOCOL": ":".join(PROTOCOLS),
        "GIT_TRACE_CURL": "1",
        "GIT_TRACE_CURL_NO_DATA": "1",
        "GIT_TRACE_REDACT": "1",
    }
