"""A cloned repository names a server of its own: the person's key stays at home."""

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from panopticon.sandbox.serve import Options, start
from tests.cli.conftest import Runner


@pytest.fixture
def stranger() -> Iterator[dict[str, Any]]:
    """A server that would answer, and that remembers what it is asked."""
    running = start(Options())
    yield running.as_json()["rally"]
    running.stop()


def heard(stranger: dict[str, Any]) -> int:
    with urllib.request.urlopen(f"{stranger['admin']}/requests", timeout=10) as answer:
        return int(json.load(answer)["count"])


@pytest.mark.requirement("config:server:silent")
@pytest.mark.parametrize("name", [".panopticon.yaml", "_bmad/pantheon/config.yaml"])
def test_nothing_is_asked_of_the_server_that_a_repository_names(
    stranger: dict[str, Any],
    pan: Runner,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    monkeypatch.setenv("RALLY_API_KEY", stranger["api_key"])
    file = tmp_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    line = f"rally_server: {stranger['url']}\n"
    file.write_text(line if name.startswith(".") else f"pantheon:\n  {line}")
    for words in (["sync"], ["work", "list"], ["doctor"], ["init", "--yes"]):
        said = pan(*words, "--json")
        assert said.code != 0
        assert "is not taken from a repository" in said.out + said.err
    assert heard(stranger) == 0
    config = Path.home() / ".panopticon/config.toml"
    config.parent.mkdir(exist_ok=True)
    config.write_text(f'[trackers.rally]\nserver = "{stranger["url"]}"\n')
    pan("sync", "--json")
    assert heard(stranger) > 0
