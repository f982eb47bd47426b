"""`pan rally setup-fields` against simulated workspaces without the fields."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from panopticon.sandbox.serve import Options, Running, start
from panopticon.trackers.rally import tracker
from tests.cli.conftest import Runner

FOR_GOOD = "Rally can NEVER delete a custom field, nor change its type."


@pytest.fixture
def box() -> Iterator[Running]:
    with start(Options(stories=40, lock_fields=False)) as running:
        yield running


@pytest.fixture
def key(box: Running, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Connect this home to the workspace; the key may be set to another."""
    config = Path.home() / ".panopticon/config.toml"
    config.parent.mkdir(exist_ok=True)
    config.write_text(
        f'[trackers.rally]\ntype = "rally"\nserver = "{box.url}"\n'
        f'workspace = "/workspace/{box.workspace_oid}"\nproject = "/project/{box.project_oid}"\n'
    )
    monkeypatch.setenv("RALLY_API_KEY", box.api_key)
    return monkeypatch


def told(pan: Runner, *words: str, code: int = 0) -> dict[str, Any]:
    said = pan("rally", "setup-fields", *words, "--json")
    assert said.code == code, said.out + said.err
    document: dict[str, Any] = json.loads(said.out)
    return document


@pytest.mark.requirement("rally:setup:dry-run")
@pytest.mark.usefixtures("key")
def test_a_look_names_all_and_writes_nothing(pan: Runner) -> None:
    said = pan("rally", "setup-fields", "--dry-run")
    assert said.code == 0
    assert "c_PantheonStatus  string   missing  missing" in said.out
    assert "16 fields would be created." in said.out
    assert FOR_GOOD in said.out
    document = told(pan, "--dry-run")
    assert (len(document["missing"]), document["created"], document["dry_run"]) == (16, [], True)
    row = document["fields"][1]
    assert row == {
        "kind": "defect",
        "field": "LockedBy",
        "name": "LockedBy",
        "element": "c_LockedBy",
        "type": "STRING",
        "found": None,
        "state": "missing",
        "created": False,
    }


@pytest.mark.requirement("rally:setup:asks")
@pytest.mark.usefixtures("key")
def test_nothing_is_made_without_a_yes(
    pan: Runner, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = pan("rally", "setup-fields")
    assert said.code == 2
    assert "Give --yes" in said.err
    monkeypatch.setattr("sys.stdin", Keyboard("n\n"))
    refused = pan("rally", "setup-fields", tty=True)
    assert refused.code != 0
    assert FOR_GOOD in refused.err
    asked = capsys.readouterr()
    assert "for good?" in asked.out + asked.err + refused.err
    assert len(told(pan, "dry_run=true")["missing"]) == 16
    monkeypatch.setattr("sys.stdin", Keyboard("y\n"))
    agreed = pan("rally", "setup-fields", "only=LockedBy", "types=story", tty=True)
    assert agreed.code == 0
    assert "1 field created." in agreed.out
    assert len(told(pan, "dry_run=true")["missing"]) == 15


class Keyboard:
    """Somebody who answers."""

    def __init__(self, text: str) -> None:
        self.text = text

    def isatty(self) -> bool:
        return True

    def readline(self) -> str:
        return self.text


@pytest.mark.requirement("rally:setup:makes")
@pytest.mark.usefixtures("key")
def test_it_makes_some_then_the_rest_then_nothing(pan: Runner) -> None:
    some = told(pan, "--yes", "only=LockedBy,c_LockedAt", "types=story")
    assert some["created"] == ["story.c_LockedBy", "story.c_LockedAt"]
    assert [row["state"] for row in some["fields"]] == ["there", "there"]
    rest = told(pan, "yes=true")
    assert (len(rest["created"]), rest["missing"], rest["checklist"]) == (14, [], [])
    said = pan("rally", "setup-fields")
    assert said.code == 0
    assert "missing" not in said.out
    assert told(pan)["created"] == []
    check = json.loads(pan("trackers", "test", "rally", "--json").out)
    assert not [text for text in check["warnings"] if "c_Lock" in text]


@pytest.mark.requirement("rally:setup:interrupted")
def test_it_goes_on_where_it_was_broken_off(
    pan: Runner, key: pytest.MonkeyPatch, box: Running
) -> None:
    words = ["--yes", "only=LockedBy,Branch", "types=story"]
    assert told(pan, *words)["error"] is None
    key.setenv("RALLY_API_KEY", box.member_key)
    partly = told(pan, "--yes", "types=story", code=4)
    assert (partly["created"], len(partly["missing"])) == ([], 6)
    key.setenv("RALLY_API_KEY", box.api_key)
    assert len(told(pan, "--yes", "types=story")["created"]) == 6


@pytest.mark.requirement("rally:setup:checklist")
@pytest.mark.parametrize("name", ["member_key", "read_only_key"])
def test_who_may_not_gets_a_list_for_the_administrator(
    pan: Runner, key: pytest.MonkeyPatch, box: Running, name: str
) -> None:
    key.setenv("RALLY_API_KEY", getattr(box, name))
    said = pan("rally", "setup-fields", "--yes")
    assert said.code == 4
    assert "Setup > Workspaces & Projects > Northwind Engineering > Fields" in said.out
    assert "Work item type User Story (HierarchicalRequirement):" in said.out
    assert said.out.count("[ ] Name: LockExpiry") == 2
    assert "Type: Decimal  (API: c_Coverage)" in said.out
    document = told(pan, "--yes", code=4)
    assert document["error"] == "auth"
    assert any("LockToken" in line for line in document["checklist"])


@pytest.mark.requirement("rally:setup:unfit")
@pytest.mark.usefixtures("key")
def test_a_field_of_another_type_is_told_and_stays(pan: Runner) -> None:
    config = Path.home() / ".panopticon/config.toml"
    before = config.read_text()
    config.write_text(before + 'locked_by_field = "c_Since"\n')
    assert told(pan, "--yes", "only=LockedBy", "types=story")["created"] == ["story.c_Since"]
    config.write_text(before + 'locked_at_field = "c_Since"\nlock_token_field = ""\n')
    said = pan("rally", "setup-fields", "--yes", "types=story")
    assert said.code == 1
    assert "c_Since           date     is string" in said.out
    assert "Its type can never be changed: make another field" in said.out
    assert "c_LockToken" not in said.out
    assert "6 fields created." in said.out
    assert pan("rally", "setup-fields", "types=story", "dry_run=true").code == 0


@pytest.mark.requirement("rally:setup:words")
@pytest.mark.usefixtures("key")
@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("only=Lock", "Known: LockedBy, LockedAt"),
        ("types=epic", "Known: story, defect, task."),
        ("tracker=jira", "Configured: rally"),
    ],
)
def test_a_wrong_word_is_answered_with_the_known_ones(pan: Runner, word: str, hint: str) -> None:
    said = pan("rally", "setup-fields", word)
    assert said.code in {1, 2}
    assert hint in said.err


@pytest.mark.requirement("rally:setup:which")
def test_of_several_sources_one_must_be_named(
    pan: Runner, key: pytest.MonkeyPatch, box: Running
) -> None:
    config = Path.home() / ".panopticon/config.toml"
    config.write_text(
        config.read_text()
        + f'[trackers.old]\ntype = "rally"\nserver = "{box.url}"\napi_key_env = "OLD_KEY"\n'
        f'[trackers.files]\ntype = "markdown"\nfolder = "{Path.home()}"\n'
    )
    key.setenv("OLD_KEY", box.api_key)
    said = pan("rally", "setup-fields", "--yes")
    assert said.code == 2
    assert "2 Rally sources are connected" in said.err
    assert told(pan, "tracker=old", "--dry-run")["tracker"] == "old"
    assert pan("rally", "setup-fields", "tracker=files").code == 2


@pytest.mark.requirement("rally:setup:which")
def test_without_rally_it_says_how_to_connect_one(pan: Runner) -> None:
    config = Path.home() / ".panopticon/config.toml"
    config.parent.mkdir(exist_ok=True)
    config.write_text(f'[trackers.files]\ntype = "markdown"\nfolder = "{Path.home()}"\n')
    said = pan("rally", "setup-fields")
    assert said.code == 2
    assert "No Rally is connected." in said.err


@pytest.mark.requirement("rally:setup:interrupted")
@pytest.mark.usefixtures("key")
def test_a_server_that_fails_midway_is_told(
    pan: Runner, box: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    import httpx2  # noqa: PLC0415 - for the administrator's own call

    policy_for = tracker.policy_for
    hurried = lambda told: replace(policy_for(told), sleep=lambda _: None)  # noqa: E731
    monkeypatch.setattr(tracker, "policy_for", hurried)
    refusal = {"refuse": {"kind": "AttributeDefinition", "reason": "not today"}}
    httpx2.post(f"{box.admin}/faults", json=refusal).raise_for_status()
    said = pan("rally", "setup-fields", "--yes")
    assert said.code == 2
    assert "not today" in said.out
    httpx2.post(f"{box.admin}/faults", json={}).raise_for_status()
    assert len(told(pan, "--yes")["created"]) == 16
