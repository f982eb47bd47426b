"""What every test gets: no network beyond loopback, no real home, no colour, no key."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is no defect: nothing here judges by the clock.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

_MEMORY = Path("/dev/shm")  # Linux's files in memory
_ROOM = 1 << 30
"""Bytes that are to be free there: a run leaves about 50 MB, and the last three are kept."""
_GIT = """\
[core]
	fsync = none
[gc]
	auto = 0
[maintenance]
	auto = false
"""
_UNWANTED = ("RALLY_", "PAN_", "DEBUG", "NO_COLOR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


def pytest_configure() -> None:
    """Keep files in memory where there is room, so that no test waits for a disk."""
    if "PYTEST_DEBUG_TEMPROOT" not in os.environ and _has_room():  # noqa: TID251 - pytest's own
        os.environ["PYTEST_DEBUG_TEMPROOT"] = str(_MEMORY)  # noqa: TID251


def _has_room() -> bool:
    is_ours = _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK)
    return is_ours and shutil.disk_usage(_MEMORY).free > _ROOM


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what this machine lacks, with a clear word."""
    chromium = any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))
    no_browser = pytest.mark.skip(reason="no Chromium installed: browser tests need one")
    for item in items:
        if item.get_closest_marker("browser") and not chromium:
            item.add_marker(no_browser)


def pytest_runtest_setup() -> None:
    """Let sockets reach this machine only."""
    from pytest_socket import socket_allow_hosts  # noqa: PLC0415 - a plugin's function

    socket_allow_hosts(["127.0.0.1", "localhost", "::1"], allow_unix_socket=True)


@pytest.fixture(scope="session")
def git_settings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write what git is told instead of this machine's settings: that nothing waits for a disk."""
    path = tmp_path_factory.mktemp("git") / "config"
    path.write_text(_GIT)
    return path


@pytest.fixture(autouse=True)
def _own_home(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, git_settings: Path
) -> Path:
    """Give each test an empty home, and none of this machine's settings."""
    home = tmp_path_factory.mktemp("home")
    for name in [n for n in os.environ if n.startswith(_UNWANTED)]:  # noqa: TID251
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", str(git_settings))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    return home
