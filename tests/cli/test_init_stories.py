"""`pan init` in a repository with story files: found, said, connected, beside Rally too."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from panopticon.sandbox.serve import Options, Running, start
from tests.cli.conftest import Runner

PAN = [sys.executable, "-m", "panopticon"]
FOLDER = "_bmad-output/implementation-artifacts"
SAID = f"BMAD v6 in {FOLDER}: 2 story files, 1 epic, sprint-status.yaml"


@pytest.fixture(scope="module")
def box() -> Iterator[Running]:
    running = start(Options())
    yield running
    running.stop()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Make the present folder a repository of BMAD v6; one story has drifted."""
    files = {
        "_bmad/bmm/config.yaml": "output_folder: '{project-root}/_bmad-output'\n",
        f"{FOLDER}/1-1-open.md": "# Story 1.1: Open the door\n\nStatus: done\n",
        f"{FOLDER}/1-2-shut.md": "# Story 1.2: Shut the door\n\nStatus: review\n",
        f"{FOLDER}/sprint-status.yaml": (
            "development_status:\n  epic-1: in-progress\n  1-1-open: done\n  1-2-shut: backlog\n"
        ),
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    return tmp_path


def settings() -> str:
    return (Path.home() / ".panopticon/config.toml").read_text()


@pytest.mark.requirement("setup:stories:yes")
def test_yes_alone_connects_what_lies_here(repository: Path, pan: Runner) -> None:
    said = pan("init", "--yes")
    assert said.code == 0, said.err
    assert SAID in said.out
    assert str(repository) in said.out
    assert "1 epic, 2 stories" in said.out
    assert said.out.splitlines()[-1] == "Next: pan sync"
    assert f'folders = ["{repository}"]' in settings()
    assert not (Path.home() / ".panopticon.env").exists()
    assert json.loads(pan("sync", "--json").out)["trackers"][0]["ok"]
    rows = json.loads(pan("work", "list", "--json").out)
    assert {row["ref"] for row in rows} == {"1.1", "1.2", "epic-1"}


@pytest.mark.requirement("setup:stories:nobody")
def test_it_says_who_you_are_or_how_git_learns_it(repository: Path, pan: Runner) -> None:
    said = pan("init", "--yes")
    assert "Who you are is not known" in said.out
    assert "nobody" not in said.out
    subprocess.run(["git", "config", "user.email", "ann@example.com"], cwd=repository, check=True)
    again = pan("init", "--yes")
    assert "1 epic, 2 stories; you are ann@example.com\n" in again.out
    assert "Who you are" not in again.out


@pytest.mark.requirement("setup:stories:json")
def test_a_script_is_told_what_was_found(repository: Path, pan: Runner) -> None:
    words = ["--tracker", "markdown", "--folder", ".", "--name", "app", "--commit", "--yes"]
    told = json.loads(pan("init", *words, "--json").out)
    assert told["tracker"] == "app"
    assert told["found"] == [
        {
            "path": str(repository),
            "dialect": "v6",
            "folder": FOLDER,
            "stories": 2,
            "epics": 1,
            "sprint_status": f"{FOLDER}/sprint-status.yaml",
        }
    ]
    assert '[trackers.app]\ntype = "markdown"\n' in settings()
    assert "commit = true" in settings()


@pytest.mark.requirement("setup:stories:unasked")
def test_nothing_is_connected_unasked(repository: Path, pan: Runner) -> None:
    said = pan("init")
    assert said.code == 2
    assert SAID in said.err
    assert "`pan init --yes`" in said.err
    assert not (repository / ".panopticon.yaml").exists()


@pytest.mark.requirement("setup:stories:nothing")
def test_an_empty_folder_says_what_was_looked_for(pan: Runner, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# App\n")
    for words in (["init", "--yes"], ["init", "--tracker", "markdown", "--yes"]):
        said = pan(*words)
        assert said.code in {1, 2}
        assert "There are no BMAD story files" in said.err
        assert "sprint-status.yaml" in said.err
    assert "--key-stdin" in pan("init", "--yes").err


@pytest.mark.requirement("setup:stories:foreign")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--tracker", "markdown", "--project", "x"], "take no key, server or project"),
        (["--folder", ".", "--server", "https://x.example"], "take no key, server or project"),
        (["--tracker", "rally", "--commit"], "takes no --folder and no --commit"),
        (["--folder", "gone"], "There is no folder"),
    ],
)
@pytest.mark.usefixtures("repository")
def test_what_a_type_does_not_take_is_refused(pan: Runner, words: list[str], said: str) -> None:
    answer = pan("init", *words, "--yes")
    assert answer.code in {1, 2}
    assert said in answer.err
    assert not (Path.home() / ".panopticon/config.toml").exists()


@pytest.mark.requirement("setup:stories:both")
def test_rally_and_story_files_work_together(
    repository: Path, pan: Runner, box: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts: dict[str, Any] = box.as_json()["rally"]
    assert pan("init", "--yes").code == 0
    arbiter = (Path.home() / ".panopticon/projects.yaml").read_text()
    monkeypatch.setattr(sys, "stdin", io.StringIO(facts["api_key"] + "\n"))
    place = ["--server", facts["url"], "--workspace", facts["workspace"]["name"]]
    said = pan("init", *place, "--key-stdin", "--yes", "--json")
    assert said.code == 0, said.out
    assert json.loads(said.out)["found"] == []
    listed = {one["name"]: one for one in json.loads(pan("trackers", "list", "--json").out)}
    assert listed.keys() == {"rally", "stories"}
    assert (listed["stories"]["folders"], listed["stories"]["key_env"]) == ([str(repository)], None)
    assert listed["rally"]["has_key"]
    tested = {one["name"]: one["ok"] for one in json.loads(pan("trackers", "test", "--json").out)}
    assert tested == {"rally": True, "stories": True}
    assert (Path.home() / ".panopticon/projects.yaml").read_text() == arbiter
    shown = pan("trackers", "list").out.splitlines()
    assert shown[0].split() == ["name", "type", "server", "workspace", "reads", "key"]
    row = next(line for line in shown if line.startswith("stories"))
    assert row.split() == ["stories", "markdown", "-", "-", str(repository), "-", "default"]


@pytest.mark.requirement("setup:stories:ask")
@pytest.mark.parametrize(
    "answers",
    [
        [("Connect these files?", "y"), ("Commit every change that pan makes", "n")],
        [
            ("Connect these files?", "n"),
            ("Tracker", "markdown"),
            ("Folder", "/nowhere/at/all"),
            ("Folder", ""),
            ("Commit every change that pan makes", "y"),
        ],
    ],
)
def test_questions_propose_what_lies_here(repository: Path, answers: list[tuple[str, str]]) -> None:
    pty = pytest.importorskip("pty")
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(repository)
        os.execv(sys.executable, [*PAN, "init"])
    shown = b""
    for prompt, text in answers:
        while prompt.encode() not in shown.rpartition(b"\n")[2]:
            part = os.read(terminal, 4096)
            assert part, shown
            shown += part
        os.write(terminal, text.encode() + b"\n")
        shown += b"\n"
    try:
        while part := os.read(terminal, 4096):
            shown += part
    except OSError:  # the other side has hung up
        pass
    _, status = os.waitpid(pid, 0)
    os.close(terminal)
    assert os.waitstatus_to_exitcode(status) == 0, shown.decode()
    assert SAID in shown.decode()
    assert f'folders = ["{repository}"]' in settings()
    assert ("commit = true" in settings()) == (answers[-1][1] == "y")
    assert (b"There is no folder" in shown) == any("nowhere" in text for _, text in answers)


@pytest.mark.requirement("setup:doctor:drift")
def test_doctor_tells_where_the_two_ledgers_differ(repository: Path, pan: Runner) -> None:
    assert pan("init", "--yes").code == 0
    (repository / FOLDER / "1-3-paint.md").write_text("# Story 1.3: Paint\n\n<<<<<<< ours\n")
    checks = json.loads(pan("doctor", "--json").out)["checks"]
    told = [one["message"] for one in checks if one["check"] == "tracker stories"]
    assert any(f"{FOLDER}/sprint-status.yaml:4: " in text and "'review'" in text for text in told)
    assert any(f"{FOLDER}/1-3-paint.md:3: " in text for text in told)


@pytest.mark.requirement("setup:stories:problems")
def test_init_tells_the_first_problems_and_the_doctor_all(repository: Path, pan: Runner) -> None:
    for number in range(3, 9):
        file = repository / FOLDER / f"1-{number}-more.md"
        file.write_text(f"# Story 1.{number}: More\n\nStatus: wibble\n")
    said = pan("init", "--yes")
    assert said.out.count("unknown status") + said.out.count("is 'backlog' here") == 3
    assert "`pan doctor` lists it." in said.out
    assert pan("doctor").out.count("unknown status 'wibble'") == 6
    assert len(json.loads(pan("init", "--yes", "--json").out)["warnings"]) >= 6


@pytest.mark.requirement("setup:doctor:folders")
def test_doctor_names_a_folder_that_has_gone(repository: Path, pan: Runner) -> None:
    moved = repository / "app"
    (moved / "docs/stories").mkdir(parents=True)
    (moved / "docs/stories/1.1.open.md").write_text("# Story 1.1: Open\n")
    assert pan("init", "--folder", "app", "--yes").code == 0
    moved.rename(repository / "moved")
    said = pan("doctor")
    assert said.code == 1
    assert f"The folder {moved} is not there." in said.out
    assert pan("trackers", "test").code == 1
    assert pan("status").code == 0
