"""Try a key somebody has just typed, before it is saved anywhere.

Only the key in the question is used, towards the server in the question (https, or http on this
machine), else the one that is configured for this type, else the vendor's. A stored key never
leaves by this door.
"""

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from panopticon.config import Config, Source
from panopticon.errors import AuthFailed, InvalidInput, PanError
from panopticon.services.context import Context

_REACH = ("server", "ca_file", "insecure")
ErrorType = Literal["auth", "query", "network"]


@dataclass(frozen=True, slots=True)
class Question:
    """A tracker's type and what somebody typed about it."""

    type: str
    key: str
    server: str | None = None
    workspace: str | None = None
    project: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether it works: how many items there are, or what is wrong and whose fault it is."""

    message: str
    found: int | None = None
    error_type: ErrorType | None = None

    @property
    def is_valid(self) -> bool:
        """Tell whether the key opened the door."""
        return self.error_type is None


def validate(ctx: Context, question: Question) -> Answer:
    """Open an ad-hoc source with the given key and ask it who we are and what is there."""
    try:
        tracker = ctx.open_tracker(source_from(question, ctx.config))
        try:
            check = tracker.check()
        finally:
            tracker.close()
    except PanError as error:
        return Answer(error.message, error_type=error_type_of(error))
    return Answer(f"{question.type.capitalize()} connection successful", sum(check.counts.values()))


def source_from(question: Question, config: Config) -> Source:
    """Build the source that is never saved; raises InvalidInput for a server we do not call."""
    options = {} if question.server else _configured(question.type, config)
    if question.server:
        options["server"] = safe_server(question.server)
    if question.workspace:
        options["workspace"] = question.workspace
    if question.project:
        options["project"] = question.project
    return Source(question.type, question.type, options, secret=question.key)


def _configured(type_: str, config: Config) -> dict[str, object]:
    """Give how the configured server of this type is reached; {} means the vendor's own."""
    for source in config.sources:
        if source.type == type_ and "server" in source.options:
            return {key: source.options[key] for key in _REACH if key in source.options}
    return {}


def safe_server(text: str) -> str:
    """Allow https anywhere and http on this machine only; nothing hidden in the address."""
    parts = _split(text if "://" in text else f"https://{text}")
    plain = parts.scheme == "http" and is_loopback(parts.hostname or "")
    if not parts.hostname or not (parts.scheme == "https" or plain):
        raise InvalidInput(
            f"The server {parts.hostname or text!r} must be reached over https.",
            "Write https://…; plain http is for this machine only.",
        )
    if parts.username or parts.password or parts.query or parts.fragment:
        raise InvalidInput(
            "The server's address holds more than a host and a path.",
            "Leave out user names, passwords, ? and #.",
        )
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine, without asking a name server."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def error_type_of(error: PanError) -> ErrorType:
    """Say in the three words of the API what kind of trouble it was."""
    if isinstance(error, AuthFailed):
        return "auth"
    return "query" if "Could not parse" in error.message else "network"


def _split(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        _ = parts.port  # a port that is no number raises here
    except ValueError:
        raise InvalidInput(
            f"{address!r} is not an address.", "Write https://host or https://host:port."
        ) from None
    return parts
