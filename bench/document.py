"""The one shape of a bench's output."""

import json
import os
import platform
import sys
from importlib.metadata import version
from typing import Any

PACKAGES = ("panopticon", "pyral", "httpx2", "requests", "orjson", "uvicorn", "click")


def median(values: list[float]) -> float:
    """Give the middle value."""
    ordered = sorted(values)
    return ordered[len(ordered) // 2]


def show(name: str, figures: dict[str, Any], raw: dict[str, Any], seed: int) -> None:
    """Print one JSON document on stdout."""
    document = {
        "bench": name,
        "figures": figures,
        "raw": raw,
        "seed": seed,
        "versions": {
            "python": platform.python_version(),
            "cpus": os.cpu_count(),
            **{package: version(package) for package in PACKAGES},
        },
    }
    json.dump(document, sys.stdout, indent=1)
    sys.stdout.write("\n")
