"""`pan checkout | release | renew | locks | steal` against the sandbox: what people see."""

import json
import re
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from panopticon.sandbox.serve import Options, Running, start
from tests.cli.conftest import Runner

_COLOUR = re.compile("\x1b\\[[0-9;]*m")
_TIME = r"\d{4}-\d\d-\d\d \d\d:\d\d \S+"


@pytest.fixture(scope="module")
def box() -> Iterator[Running]:
    with start(Options()) as running:
        yield running


@pytest.fixture(autouse=True)
def repository(
    box: Running, pan: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """A repository connected to the sandbox, whose own store decides; its world is put back."""
    found: dict[str, Any] = box.as_json()["rally"]
    place = {
        "RALLY_SERVER": found["url"],
        "RALLY_WORKSPACE": f"/workspace/{found['workspace']['oid']}",
        "RALLY_PROJECT": f"/project/{found['project']['oid']}",
        "PAN_ME": "john.doe@example.com",
    }
    lines = [f"{name}={value}\n" for name, value in place.items()]
    (Path.home() / ".panopticon.env").write_text("".join(lines))
    monkeypatch.setenv("RALLY_API_KEY", found["api_key"])
    name = ["-c", "user.name=x", "-c", "user.email=x@x"]
    git = ["git", "-C", str(tmp_path), *name]
    subprocess.run([*git, "init", "-q", "-b", "main"], check=True)
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "x"], check=True)
    (tmp_path / ".panopticon.yaml").write_text("arbiter: store:local\n")
    assert pan("sync", "--json").code == 0
    yield tmp_path
    request = urllib.request.Request(f"{found['admin']}/reset", data=b"", method="POST")
    urllib.request.urlopen(request, timeout=10).close()


def plain(text: str) -> list[str]:
    return _COLOUR.sub("", text).splitlines()


@pytest.mark.requirement("claim:cli:drawn")
def test_a_checkout_is_drawn_as_the_seed_draws_it(pan: Runner) -> None:
    said = pan("checkout", "epic=17", tty=True)
    assert (said.code, said.err) == (0, "")
    assert plain(said.out) == [
        "Story Checkout Successful",
        "━" * 47,
        "Story: US-120 - Create user model",
        "Epic:  17 - User Authentication",
        "",
        "✓ Locked in Rally (expires in 24 hours, fence 1)",
        "✓ Status updated: Defined → In-Progress",
        "✓ Branch created: story/US-120-create-user-model (from main)",
        "✓ Local cache updated",
        "",
        "Ready to start:",
        "  pan work show US120",
        "When it is done:",
        "  pan finish story=US120",
    ]
    again = plain(pan("checkout", "US-120", tty=True).out)
    assert again[0] == "Story Checkout Renewed"
    assert "· Status stays In-Progress" in again


@pytest.mark.requirement("claim:cli:drawn")
def test_a_refusal_is_drawn_as_the_seed_draws_it(pan: Runner) -> None:
    assert pan("checkout", "US122", "as=jane.smith@example.com").code == 0
    said = pan("checkout", "story=US122", tty=True)
    lines = plain(said.err)
    assert (said.code, said.out) == (3, "")
    assert lines[:4] == [
        "✗ Story Already Locked",
        "━" * 47,
        "Story: US-122 - Add registration endpoint",
        "Locked by: jane.smith@example.com",
    ]
    assert re.fullmatch(rf"Locked at: {_TIME} \(just now\)", lines[4])
    assert re.fullmatch(rf"Expires:   {_TIME} \(in 24 hours\)", lines[5])
    assert lines[7] == "Available alternatives in Epic 17:"
    assert re.fullmatch(r"  1\. US-\d+ - .+ \(similar complexity\)", lines[8])
    first = lines[8].split()[1].replace("-", "")
    assert lines[12:14] == ["Checkout alternative story:", f"  pan checkout story={first}"]


@pytest.mark.requirement("claim:cli:drawn")
@pytest.mark.parametrize(
    ("key", "title", "told"),
    [
        ("US124", "✗ Story Locked by Hand", "was locked by hand in rally"),
        ("US313", "✗ Story Blocked", "US313 is blocked: Waiting for Legal"),
    ],
)
def test_other_refusals_say_what_is_in_the_way(
    pan: Runner, key: str, title: str, told: str
) -> None:
    said = pan("checkout", key, tty=True)
    lines = plain(said.err)
    assert (said.code, lines[0]) == (3, title)
    assert any(told in line for line in lines)
    assert "Available alternatives" in said.err


@pytest.mark.requirement("claim:cli:drawn")
def test_who_holds_what_is_a_table(pan: Runner) -> None:
    assert plain(pan("locks", "mine=true", tty=True).out) == ["Nobody holds a story."]
    pan("checkout", "US120", "lock_hours=48")
    pan("checkout", "US122", "as=jane.smith@example.com")
    lines = plain(pan("locks", tty=True, columns=140).out)
    assert [line.split()[0] for line in lines[:3]] == ["story", "US122", "US120"]
    assert "48 hours" in lines[2]
    assert lines[3] == "2 held."
    assert any(line.startswith("US-124 was locked by hand by jane.smith") for line in lines[4:])
    mine = plain(pan("locks", "--mine", tty=True).out)
    assert [line.split()[0] for line in mine] == ["story", "US120", "1"]


@pytest.mark.requirement("claim:cli:documents")
def test_documents_of_scripts(pan: Runner) -> None:
    took = json.loads(pan("checkout", "story=US-120", "--json").out)
    assert (took["story"], took["holder"], took["fence"]) == ("US120", "john.doe@example.com", 1)
    assert took["branch"] == "story/US-120-create-user-model"
    assert took["arbiter"].startswith("store:local#")
    assert took["warnings"] == []
    locks = json.loads(pan("locks", "--json").out)
    names = ("story", "holder", "fence", "locked_at", "expires_at", "branch", "arbiter")
    assert [{name: one[name] for name in names} for one in locks] == [
        {name: took[name] for name in names}
    ]
    held = pan("checkout", "US120", "as=jane.smith@example.com", "--json")
    refusal = json.loads(held.out)
    assert (held.code, held.err) == (3, "")
    assert (refusal["error"], refusal["holder"]) == ("locked", "john.doe@example.com")
    assert refusal["expires_at"] == took["expires_at"]
    assert len(refusal["alternatives"]) == 3
    assert {*refusal["alternatives"][0]} == {"ref", "title", "complexity", "why"}
    renewed = json.loads(pan("renew", "US120", "lock_hours=100", "--json").out)
    assert renewed["expires_at"] > took["expires_at"]
    stolen = pan("steal", "US120", "reason=ill", "as=jane.smith@example.com", "--json")
    assert json.loads(stolen.out)["fence"] == 2
    back = json.loads(pan("release", "US120", "as=jane.smith@example.com", "--json").out)
    assert (back["released"], back["worked"]) == (True, False)


@pytest.mark.requirement("claim:cli:words")
def test_what_was_taken_by_mistake_is_put_back(pan: Runner) -> None:
    pan("checkout", "US120")
    lines = plain(pan("release", "US120", tty=True).out)
    assert lines == ["✓ US-120 is given back.", "✓ Status updated: In-Progress → Defined"]
    pan("checkout", "US120")
    assert plain(pan("release", "US120", "status=keep", tty=True).out) == [
        "✓ US-120 is given back."
    ]


@pytest.mark.requirement("claim:cli:words")
def test_what_is_missing_or_odd_is_said(pan: Runner) -> None:
    for words, code, told in (
        (["checkout"], 2, "Which story?"),
        (["release"], 2, "Which story?"),
        (["release", "US120", "status=lose"], 2, "status=lose is not known"),
        (["checkout", "US120", "lock_hours=0"], 2, "0.1 to 720 hours"),
        (["checkout", "US120", "lock_hours=nan"], 2, "0.1 to 720 hours"),
        (["steal", "US120"], 2, "Why is it taken over?"),
        (["renew", "US120"], 3, "Nobody holds US120"),
        (["checkout", "F17"], 2, "F17 is a feature, not a story"),
        (["checkout", "US99999"], 1, "There is no 'US99999'"),
    ):
        said = pan(*words)
        assert said.code == code, words
        assert told in said.err, words
