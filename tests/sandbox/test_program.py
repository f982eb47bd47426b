"""The sandbox as a program: its line, its end, its file."""

import json
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, Any

import pytest

from panopticon.errors import LocalFault
from panopticon.sandbox.serve import Options, start
from tests.sandbox.conftest import Client, path_of


def begin(*options: str, stderr: IO[str] | None = None) -> tuple[subprocess.Popen[str], Any]:
    command = [sys.executable, "-m", "panopticon.sandbox", "--stories", "3", *options]
    program = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, text=True)
    assert program.stdout
    return program, json.loads(program.stdout.readline())["rally"]


def end(program: subprocess.Popen[str], how: signal.Signals) -> int:
    program.send_signal(how)
    assert program.stdout
    assert program.stdout.read() == ""
    program.stdout.close()
    return program.wait(timeout=20)


@pytest.mark.requirement("sandbox:program:line")
def test_it_prints_one_line_and_ends_on_sigterm() -> None:
    program, told = begin("--seed", "4")
    assert told.keys() == {
        "url",
        "api_key",
        "read_only_key",
        "username",
        "password",
        "workspace",
        "project",
        "admin",
    }
    assert told["admin"] == told["url"] + "/_sandbox"
    assert told["project"]["name"] == "DDC-AI"
    assert end(program, signal.SIGTERM) == 0


@pytest.mark.requirement("sandbox:program:hanging")
@pytest.mark.parametrize("fault", [{"hang_s": 3600}, {"latency_ms": 3_600_000}])
def test_it_ends_quietly_while_requests_hang(tmp_path: Path, fault: dict[str, float]) -> None:
    path, errors = tmp_path / "state.json", tmp_path / "errors.txt"
    with errors.open("w") as file:
        program, told = begin("--state", str(path), stderr=file)
    client = Client(_At(told["url"]), {"ZSESSIONID": told["api_key"]})  # type: ignore[arg-type]
    client.faults(**fault)
    found: list[Exception] = []

    def hang() -> None:
        try:
            client.make("Tag", Name="never")
        except OSError as error:
            found.append(error)

    calls = [threading.Thread(target=hang) for _ in range(3)]
    for call in calls:
        call.start()
    while client.send("GET", "/_sandbox/state").json["in_flight"] < len(calls):
        assert not found
    assert end(program, signal.SIGTERM) == 0
    for call in calls:
        call.join(timeout=20)
    assert (len(found), errors.read_text()) == (3, "")
    with start(Options(state=path)) as again:
        mine = Client(again, client.headers)
        assert mine.get("/tag", query='(Name = "never")')["TotalResultCount"] == 0


@pytest.mark.requirement("sandbox:state:kill")
def test_what_was_written_survives_sigkill(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "state.json"
    options = Options(stories=3, state=path)
    program, told = begin("--state", str(path))
    with_key = {"ZSESSIONID": told["api_key"]}
    client = Client(_At(told["url"]), with_key)  # type: ignore[arg-type]
    story = client.make("HierarchicalRequirement", Name="kept")
    client.change(story, c_LockToken="kept:1")
    assert end(program, signal.SIGKILL) == -signal.SIGKILL
    with path.with_name("state.json.journal").open("ab") as torn:
        torn.write(b'[99, [[1, "Tag", 1, {"Name": "to')
    with start(options) as again:
        client = Client(again, with_key)
        found = client.get(path_of(story))
        assert (found["Name"], found["c_LockToken"], found["VersionId"]) == ("kept", "kept:1", "2")
        assert client.history(story)[0] == "LOCKTOKEN added [kept:1]"
        client.change(story, Name="kept twice")
    with start(options) as third:
        assert Client(third, with_key).get(path_of(story))["Name"] == "kept twice"


@pytest.mark.requirement("sandbox:state:foreign")
def test_a_foreign_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("my notes")
    with pytest.raises(LocalFault, match="not a state file"):
        start(Options(state=path))
    assert path.read_text() == "my notes"


@pytest.mark.requirement("sandbox:program:port")
def test_a_taken_port_is_said_so() -> None:
    with start(Options(stories=3)) as first:
        port = int(first.url.rpartition(":")[2])
        with pytest.raises(LocalFault, match=str(port)):
            start(Options(stories=3, port=port))


@pytest.mark.requirement("sandbox:program:seed")
def test_the_same_seed_gives_the_same_ids() -> None:
    def ids(seed: int) -> list[str]:
        with start(Options(stories=60, seed=seed)) as box:
            client = Client(box, {"ZSESSIONID": box.api_key})
            fetch = "FormattedID,ObjectID,Name"
            found = client.items("/hierarchicalrequirement", fetch=fetch, pagesize=100)
            return [f"{one['ObjectID']} {one['FormattedID']} {one['Name']}" for one in found]

    assert ids(7) == ids(7)
    assert ids(7) != ids(8)


class _At:
    """Where another process serves."""

    def __init__(self, url: str) -> None:
        self.url = url
