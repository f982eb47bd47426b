"""Which loggers `DEBUG` opens."""

import logging
from pathlib import Path

import pytest

from panopticon.cli.log import hush, listen
from panopticon.config import Config, Source


@pytest.mark.requirement("cli:debug:one-source")
@pytest.mark.parametrize("order", [("rally-eu", "rally-us"), ("rally-us", "rally-eu")])
@pytest.mark.parametrize(("asked", "open_for_us"), [("rally-eu", False), ("rally", True)])
def test_the_order_of_sources_does_not_matter(
    tmp_path: Path, order: tuple[str, str], asked: str, *, open_for_us: bool
) -> None:
    sources = tuple(Source(name, "rally") for name in order)
    listen(Config(tmp_path, tmp_path, sources=sources, debug=frozenset({asked})))
    try:
        told = {
            name: logging.getLogger(f"panopticon.{name}").isEnabledFor(logging.DEBUG)
            for name in ("rally", "rally-eu", "rally-us")
        }
    finally:
        hush()
    assert told == {"rally": True, "rally-eu": True, "rally-us": open_for_us}
