"""What every test gets: no network beyond loopback, no real home, no colour, no key."""

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is no defect: nothing here judges by the clock.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

_UNWANTED = ("RALLY_", "PAN_", "DEBUG", "NO_COLOR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


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


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test an empty home, and none of this machine's settings."""
    import os  # noqa: PLC0415 - only to forget what is there

    home = tmp_path_factory.mktemp("home")
    for name in [n for n in os.environ if n.startswith(_UNWANTED)]:  # noqa: TID251
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    return home
