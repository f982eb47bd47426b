"""Packages of npm that a test needs, installed into a folder of the test's own."""

import shutil
import subprocess
from pathlib import Path

import pytest


def installed(here: Path, package: str, factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the package in it; a checkout where `npm ci` was run serves as it is."""
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip("no node and npm installed: this check needs them")
    if (here / "node_modules" / package).is_dir():
        return here
    folder = factory.mktemp(here.name)
    for path in here.glob("*.js*"):
        shutil.copy(path, folder)
    install = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    done = subprocess.run(install, cwd=folder, capture_output=True, check=False, timeout=300)
    if done.returncode:
        pytest.skip(f"npm ci could not fetch {package}: {done.stderr.decode()[-200:]}")
    return folder
