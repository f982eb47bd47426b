"""A request and a reply, before and after HTTP."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Request:
    """What came in; header names are lower-case."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    origin: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes out."""

    body: bytes
    status: int = 200
    content_type: str = "application/json; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = field(default=())
    stored: bool = False  # a write was committed
