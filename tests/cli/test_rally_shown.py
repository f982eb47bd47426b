"""A checkout where Rally lacks the lock fields, and once they are there: what the team sees."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from panopticon.config import Source
from panopticon.sandbox.serve import Options, Running, start
from panopticon.trackers.rally.tracker import RallyTracker, open_rally
from tests.cli.conftest import Runner

KEY = "US126"
ME = "ann@example.com"


@pytest.fixture
def box() -> Iterator[Running]:
    with start(Options(stories=40, lock_fields=False)) as running:
        yield running


@pytest.fixture
def rally(box: Running) -> Iterator[RallyTracker]:
    """Look into Rally as somebody else's browser does."""
    place = {"server": box.url, "workspace": box.workspace, "project": box.project}
    tracker = open_rally(Source("rally", "rally", place, box.api_key))
    yield tracker
    tracker.close()


@pytest.fixture
def repository(box: Running, pan: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A synced repository of a team of one machine."""
    config = Path.home() / ".panopticon/config.toml"
    config.parent.mkdir(exist_ok=True)
    config.write_text(
        f'[pan]\nme = "{ME}"\n[trackers.rally]\ntype = "rally"\nserver = "{box.url}"\n'
        f'workspace = "{box.workspace}"\nproject = "{box.project}"\n'
    )
    monkeypatch.setenv("RALLY_API_KEY", box.api_key)
    subprocess.run(["git", "init", "-q", "-b", "main", str(tmp_path)], check=True)
    (tmp_path / ".panopticon.yaml").write_text("arbiter: store:local\n")
    assert pan("sync", "--json").code == 0
    return tmp_path


def ran(pan: Runner, *words: str) -> Any:
    said = pan(*words, "--json")
    assert said.code == 0, said.out + said.err
    return json.loads(said.out)


def posts(rally: RallyTracker) -> list[str]:
    told = [one.body for one in rally.comments(KEY)]
    return [text for text in told if " by " in text and "(fence " in text]


@pytest.mark.requirement("rally:claim:shown-without-fields")
@pytest.mark.usefixtures("repository")
def test_without_the_fields_a_comment_tells_and_the_board_knows(
    pan: Runner, rally: RallyTracker
) -> None:
    taken = ran(pan, "checkout", f"story={KEY}", "--no-branch")
    assert (taken["holder"], taken["fence"]) == (ME, 1)
    assert ran(pan, "renew", f"story={KEY}")["fence"] == 1
    assert len(posts(rally)) == 1
    assert posts(rally)[0].startswith(f"Locked by {ME} until ")
    assert re.search(r" · decided by store:local#[0-9a-f]{8} \(fence 1\)$", posts(rally)[0])
    assert rally.get(KEY).lease is None
    ran(pan, "sync")
    lease = ran(pan, "work", "show", KEY)["lease"]
    assert (lease["holder"], lease["fence"]) == (ME, 1)
    assert lease["arbiter"].startswith("store:local#")
    ran(pan, "release", f"story={KEY}")
    by = lease["arbiter"]
    assert posts(rally)[1:] == [f"Given back by {ME} · decided by {by} (fence 1)"]
    assert ran(pan, "work", "show", KEY)["lease"] is None


@pytest.mark.requirement("rally:claim:shown-without-fields")
@pytest.mark.usefixtures("repository")
def test_once_the_fields_are_made_the_claim_stands_in_them(
    pan: Runner, rally: RallyTracker
) -> None:
    ran(pan, "checkout", f"story={KEY}", "--no-branch")
    assert len(ran(pan, "rally", "setup-fields", "--yes")["created"]) == 16
    ran(pan, "renew", f"story={KEY}")
    lease = rally.get(KEY).lease
    assert lease
    assert lease.holder == ME
    assert lease.arbiter.startswith("store:local#")
    assert lease.locked_at
    assert lease.expires_at
    ran(pan, "sync")
    assert ran(pan, "work", "show", KEY)["lease"]["holder"] == ME
    ran(pan, "release", f"story={KEY}")
    assert rally.get(KEY).lease is None
    assert len(posts(rally)) == 1
