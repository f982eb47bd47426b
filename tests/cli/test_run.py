"""The program as a whole: help, exit codes, streams, and what it says when it has nothing."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from panopticon import cli

PAN = [sys.executable, "-m", "panopticon"]


def said(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    code = cli.run(list(args))
    captured = capsys.readouterr()
    return code, captured.out, captured.err


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.requirement("cli:help:light")
def test_help_imports_no_heavy_library() -> None:
    heavy = "{'pydantic', 'rich', 'httpx2', 'fastapi', 'yaml', 'sqlite3', 'aiosql', 'tomllib'}"
    code = (
        "import sys; from panopticon import cli; cli.run(['--help']); "
        f"print(sorted({heavy} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    for name in cli.COMMANDS:
        assert f"\n  {name} " in done.stdout


@pytest.mark.requirement("cli:help:every-command")
@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_has_help_and_json(capsys: pytest.CaptureFixture[str], name: str) -> None:
    code, out, _ = said(capsys, name, "--help")
    assert code == 0
    assert "--json" in out or "Commands:" in out


@pytest.mark.requirement("cli:empty:next-step")
@pytest.mark.parametrize(
    ("args", "code", "word"),
    [
        (["work", "list"], 0, "pan sync"),
        (["trackers", "list"], 0, "pan init"),
        (["status"], 0, "pan init"),
        (["down"], 0, "No board runs"),
        (["sync"], 2, "pan init"),
        (["trackers", "test"], 2, "pan init"),
        (["open"], 1, "pan up"),
        (["--demo", "sync"], 1, "pan demo"),
        (["init"], 2, "--key-stdin"),
    ],
)
def test_an_empty_home_is_answered_with_a_next_step(
    capsys: pytest.CaptureFixture[str], args: list[str], code: int, word: str
) -> None:
    got, out, err = said(capsys, *args)
    assert (got, word in out + err) == (code, True), out + err
    assert bool(err) == (code != 0)


@pytest.mark.requirement("cli:json:one-document")
@pytest.mark.parametrize(
    "args", [["work", "list"], ["trackers", "list"], ["status"], ["down"], ["token"], ["doctor"]]
)
def test_json_is_one_document_alone(capsys: pytest.CaptureFixture[str], args: list[str]) -> None:
    code, out, err = said(capsys, *args, "--json")
    json.loads(out)
    assert (code, err) == (0, "")


@pytest.mark.requirement("cli:json:errors")
@pytest.mark.parametrize("args", [["sync"], ["open"], ["work", "show", "US1"], ["init"]])
def test_errors_are_json_with_the_exit_code(
    capsys: pytest.CaptureFixture[str], args: list[str]
) -> None:
    code, out, err = said(capsys, *args, "--json")
    document = json.loads(out)
    assert code in {1, 2}
    assert {"error", "message", "hint"} <= document.keys()
    assert err == ""


@pytest.mark.requirement("cli:errors:settings")
def test_an_unknown_setting_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    path = Path.home() / ".panopticon/config.toml"
    path.parent.mkdir()
    path.write_text("[trackers.rally]\nworkspce = 1\n")
    code, _, err = said(capsys, "work", "list")
    assert code == 2
    assert str(path) in err
    assert "Did you mean `workspace`?" in err


@pytest.mark.requirement("cli:errors:home")
@pytest.mark.parametrize(
    "args",
    [
        ["work", "list"],
        ["sync"],
        ["up", "--no-open", "port=0"],
        ["up", "--no-open", "--detach", "port=0"],
        ["demo", "--no-open", "port=0"],
        ["demo", "--no-open", "--detach", "port=0"],
        ["token"],
    ],
)
def test_a_home_that_cannot_be_used_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, args: list[str]
) -> None:
    monkeypatch.setenv("RALLY_API_KEY", "_k")
    (Path.home() / ".panopticon").write_text("a file where the folder should be")
    code, out, err = said(capsys, *args)
    assert (code, out) == (1, "")
    assert ".panopticon" in err
    assert len(err.splitlines()) == 2
    assert (Path.home() / ".panopticon").read_text() == "a file where the folder should be"


@pytest.mark.requirement("cli:errors:database")
@pytest.mark.parametrize("args", [["work", "list"], ["sync"], ["status"], ["work", "show", "US1"]])
def test_a_foreign_database_is_left_alone(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, args: list[str]
) -> None:
    monkeypatch.setenv("RALLY_API_KEY", "_k")
    path = Path.home() / ".panopticon/panopticon.db"
    path.parent.mkdir()
    path.write_bytes(b"no database " * 1000)
    code, out, err = said(capsys, *args)
    assert (code, out) == (1, "")
    assert str(path) in err
    assert "pan sync" in err
    assert path.read_bytes() == b"no database " * 1000


@pytest.mark.requirement("cli:errors:unexpected")
def test_an_unexpected_error_is_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> int:
        raise ZeroDivisionError("division\x1b[31m by zero")

    assert cli.answer(fail, []) == 1
    err = capsys.readouterr().err
    assert "ZeroDivisionError" in err
    assert "DEBUG=pan" in err
    assert "Traceback" not in err
    assert "\x1b" not in err
    monkeypatch.setenv("DEBUG", "rally,pan")
    assert cli.answer(fail, []) == 1
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.requirement("cli:errors:interrupt")
def test_ctrl_c_is_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    def interrupt() -> int:
        raise KeyboardInterrupt

    assert cli.answer(interrupt, []) == 130
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.requirement("cli:errors:pipe")
def test_a_reader_that_leaves_is_no_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run([*PAN, "--help"], stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert done.stderr == b""


@pytest.mark.requirement("cli:errors:disk")
def test_a_full_disk_is_told() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*PAN, "status", "--json"], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 1
    assert b"No space left" in done.stderr
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr


@pytest.mark.requirement("cli:completion:scripts")
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(capsys: pytest.CaptureFixture[str], shell: str) -> None:
    code, out, _ = said(capsys, "completion", shell)
    assert code == 0
    assert "_PAN_COMPLETE" in out


@pytest.mark.requirement("cli:completion:commands")
def test_commands_are_completed() -> None:
    environ = {**os.environ, "_PAN_COMPLETE": "bash_complete"}  # noqa: TID251 - for a program
    environ |= {"COMP_WORDS": "pan wo", "COMP_CWORD": "1"}
    done = subprocess.run(PAN, env=environ, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["plain,work"]
