"""Who may use the dashboard: a token for scripts, a single-use link for browsers.

Everything is kept as files of mode 600 in one folder, so that `pan open` in a terminal can mint
a link for a server that runs elsewhere, and a restart signs nobody out.
"""

import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from panopticon.errors import LocalFault

CODE_LIFE = timedelta(minutes=10)
COOKIE_LIFE = timedelta(days=30)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32,128}")
_CODE = re.compile(r"[A-Za-z0-9_-]{20,64}")


@dataclass(slots=True)
class _Seen:
    """A token and the file that it was read from: the same file is not read twice."""

    kept: tuple[tuple[int, int, int], str] | None = None

    def read(self, path: Path) -> str:
        try:
            now = _mark(path)
        except FileNotFoundError:
            now = None
        kept = self.kept  # once: another thread may replace it
        if kept is None or kept[0] != now:
            token = _token(path)
            kept = self.kept = (now or _mark(path), token)
        return kept[1]


def _mark(path: Path) -> tuple[int, int, int]:
    """Tell this file from what may replace it: writing it anew makes another one."""
    found = path.stat()
    return found.st_ino, found.st_mtime_ns, found.st_size


@dataclass(frozen=True, slots=True)
class Session:
    """The token of a home and what is derived from it; a new token ends every session.

    The token's file is what counts, at every request: `pan token --new` in a terminal ends the
    sessions of a server that runs elsewhere.
    """

    folder: Path
    now: Callable[[], datetime]
    _seen: _Seen = field(default_factory=_Seen, repr=False, compare=False)

    @property
    def token(self) -> str:
        """Give the token, as it stands in its file now."""
        try:
            return self._seen.read(self.folder / "token")
        except OSError as error:
            raise _fault(self.folder, error) from error

    def renew(self) -> str:
        """Make another token: every session, link and script in use has to sign in again."""
        try:
            for path in self._codes.glob("*"):
                path.unlink(missing_ok=True)
            _write_private(self.folder / "token", secrets.token_urlsafe(32))
        except OSError as error:
            raise _fault(self.folder, error) from error
        return self.token

    def mint(self) -> str:
        """Make a code for one opening of the page within ten minutes."""
        code = secrets.token_urlsafe(24)
        expires = self.now() + CODE_LIFE
        try:
            self._codes.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write_private(self._codes / _digest(code), expires.isoformat())
        except OSError as error:
            raise _fault(self._codes, error) from error
        self._sweep()
        return code

    def redeem(self, code: str) -> bool:
        """Use a code up; only the first of several callers gets True."""
        if not _CODE.fullmatch(code):
            return False
        path = self._codes / _digest(code)
        try:
            expires = datetime.fromisoformat(path.read_text(encoding="utf-8"))
            path.unlink()  # the one that removes the file has won
        except (OSError, ValueError):
            return False
        return self.now() < expires

    def cookie_for(self, port: int) -> str:
        """Sign a session that this server, on this port, will know again for 30 days."""
        expires = int((self.now() + COOKIE_LIFE).timestamp())
        claim = f"{expires}.{secrets.token_urlsafe(12)}"
        return f"{claim}.{self._signature(claim, port)}"

    def knows(self, cookie: str, port: int) -> bool:
        """Tell whether we signed this cookie for this port and it still holds."""
        claim, _, signature = cookie.rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(claim, port).encode()):
            return False
        return self.now().timestamp() < int(claim.partition(".")[0])

    def is_token(self, text: str) -> bool:
        """Compare with the token in constant time."""
        return hmac.compare_digest(text.encode(), self.token.encode())

    @property
    def _codes(self) -> Path:
        return self.folder / "codes"

    def _signature(self, claim: str, port: int) -> str:
        key = hashlib.sha256(b"pan session\0" + self.token.encode()).digest()
        return hmac.new(key, f"{port}.{claim}".encode(), hashlib.sha256).hexdigest()

    def _sweep(self) -> None:
        """Forget codes that nobody used in time."""
        for path in self._codes.iterdir():
            try:
                if datetime.fromisoformat(path.read_text(encoding="utf-8")) < self.now():
                    path.unlink(missing_ok=True)
            except (OSError, ValueError):
                continue


def session(home: Path, now: Callable[[], datetime]) -> Session:
    """Open the session folder of a home, making the token on first use."""
    folder = home / "web"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _token(folder / "token")
        return Session(folder, now)
    except OSError as error:
        raise _fault(folder, error) from error


def _token(path: Path) -> str:
    try:
        kept = path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        kept = ""
    if _TOKEN.fullmatch(kept):
        path.chmod(0o600)
        return kept
    _write_private(path, secrets.token_urlsafe(32))
    return path.read_text(encoding="utf-8").strip()


def _write_private(path: Path, text: str) -> None:
    """Write a file that nobody else can read, not even for a moment; the last writer wins."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    fresh.replace(path)


def _digest(code: str) -> str:
    """Name the file of a code without giving the code away."""
    return hashlib.sha256(code.encode()).hexdigest()


def _fault(path: Path, error: OSError) -> LocalFault:
    return LocalFault(
        f"Cannot use {path}: {error.strerror or error}.",
        "Make the folder writable, or point HOME at one that is.",
    )
