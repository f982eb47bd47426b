"""What can go wrong, classed by what the caller can do about it.

    PanError                 exit 1   HTTP 500
    ├── Retriable            exit 1   HTTP 503   try again later
    ├── AuthFailed           exit 4   HTTP 401   sign in, renew the key, ask for a permission
    ├── NotFound             exit 1   HTTP 404   it is not there
    ├── Conflict             exit 3   HTTP 409   held by another, or it moved on
    ├── InvalidInput         exit 2   HTTP 400   mend the words, the file or the query
    ├── Unsupported          exit 2   HTTP 400   this tracker cannot do that
    ├── Partial              exit 5   HTTP 502   some trackers failed, the rest is shown
    └── LocalFault           exit 1   HTTP 500   disk, file, port, permission

Services raise these; each face turns them into text in one place.
"""

from collections.abc import Mapping
from typing import ClassVar


class PanError(Exception):
    """Root of everything Panopticon raises on purpose; `hint` says what to do next."""

    code: ClassVar[str] = "failure"
    exit_code: ClassVar[int] = 1
    http_status: ClassVar[int] = 500

    def __init__(self, message: str, hint: str = "", **details: object) -> None:
        """Keep the sentence for people, the hint, and machine-readable details."""
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.details: Mapping[str, object] = details

    def as_json(self) -> dict[str, object]:
        """Give the one error shape of `--json` and HTTP: `{error, message, hint, …}`."""
        return {"error": self.code, "message": self.message, "hint": self.hint, **self.details}


class Retriable(PanError):
    """The same call may work later; `retry_after` is in seconds."""

    code = "unavailable"
    http_status = 503

    def __init__(
        self,
        message: str,
        hint: str = "",
        *,
        retry_after: float | None = None,
        **details: object,
    ) -> None:
        """Keep how long the server asked to wait, in seconds."""
        super().__init__(message, hint, **details)
        self.retry_after = retry_after


class AuthFailed(PanError):
    """The key is missing, wrong, expired, or may not do this."""

    code = "auth"
    exit_code = 4
    http_status = 401


class NotFound(PanError):
    """No such item, project, workspace or tracker."""

    code = "not_found"
    http_status = 404


class Conflict(PanError):
    """Somebody else holds it, or it changed since it was read."""

    code = "conflict"
    exit_code = 3
    http_status = 409


class InvalidInput(PanError):
    """Words, files or settings that cannot be understood."""

    code = "invalid"
    exit_code = 2
    http_status = 400


class Unsupported(PanError):
    """The tracker has no such field or verb."""

    code = "unsupported"
    exit_code = 2
    http_status = 400


class Partial(PanError):
    """Some trackers failed; what the others gave is shown."""

    code = "partial"
    exit_code = 5
    http_status = 502


class LocalFault(PanError):
    """This machine is in the way: disk, file, port, permission."""

    code = "local"
