"""How a sandbox is started."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from panopticon.sandbox.product import Product

STORIES = 40


def system_clock() -> datetime:
    """Tell the time; the only place of the sandbox that asks the machine."""
    return datetime.fromtimestamp(time.time(), UTC)


@dataclass(frozen=True, slots=True)
class Options:
    """How to start; port 0 takes any free one, a certificate and its key make it TLS."""

    port: int = 0
    host: str = "127.0.0.1"
    stories: int = STORIES
    seed: int = 1
    state: Path | None = None
    lock_fields: bool = True
    tls_cert: Path | None = None
    tls_key: Path | None = None
    product: Product | None = None
    clock: Callable[[], datetime] = field(default=system_clock)
