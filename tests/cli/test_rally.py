"""The main job against the sandbox: connect, sync, list, write, and what goes wrong on the way."""

import io
import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from panopticon.sandbox.serve import Options, Running, start
from tests.cli.conftest import Runner

PAN = [sys.executable, "-m", "panopticon"]


@pytest.fixture(scope="module")
def box() -> Iterator[Running]:
    running = start(Options())
    yield running
    running.stop()


@pytest.fixture
def facts(box: Running) -> Iterator[dict[str, Any]]:
    """What `pan sandbox` says of itself; its faults and its world are put back afterwards."""
    found: dict[str, Any] = box.as_json()["rally"]
    yield found
    call(found, "faults", {})
    call(found, "reset")
    wipe = urllib.request.Request(f"{found['admin']}/requests", method="DELETE")
    urllib.request.urlopen(wipe, timeout=10).close()


def call(facts: dict[str, Any], verb: str, body: object = None) -> None:
    data = json.dumps(body).encode() if body is not None else b""
    request = urllib.request.Request(f"{facts['admin']}/{verb}", data=data, method="POST")
    urllib.request.urlopen(request, timeout=10).close()


@pytest.fixture
def connected(facts: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Point this home at the sandbox, by the environment as seed 002 does."""
    place = {
        "RALLY_SERVER": facts["url"],
        "RALLY_WORKSPACE": f"/workspace/{facts['workspace']['oid']}",
        "RALLY_PROJECT": f"/project/{facts['project']['oid']}",
    }
    lines = [f"{name}={value}\n" for name, value in place.items()]
    (Path.home() / ".panopticon.env").write_text("".join(lines))
    monkeypatch.setenv("RALLY_API_KEY", facts["api_key"])
    return facts


@pytest.fixture
def synced(connected: dict[str, Any], pan: Runner) -> dict[str, Any]:
    assert pan("sync", "--json").code == 0
    return connected


@pytest.mark.requirement("cli:sync:json", "cli:sync:report")
def test_sync_reports_the_epics(connected: dict[str, Any], pan: Runner, tmp_path: Path) -> None:
    report = json.loads(pan("sync", "--json").out)
    (tracker,) = report["trackers"]
    assert tracker.keys() == {
        "name", "ok", "fetched", "changed", "deleted", "requests", "bytes", "seconds", "error",
    }  # fmt: skip
    assert (tracker["name"], tracker["ok"], tracker["error"]) == ("rally", True, None)
    epics = {epic["ref"]: epic for epic in report["epics"]}
    assert {"F17", "F18", "F19", "F20"} <= epics.keys()
    assert epics["F17"]["title"] == "User Authentication"
    assert all(
        epic["ready"] + epic["in_progress"] + epic["completed"] == epic["stories"]
        for epic in epics.values()
    )
    said = pan("sync")
    assert said.code == 0
    assert re.search(r"✓ Epic 17: User Authentication \(10 stories\)", said.out)
    assert ".bmad/rally-cache" in said.out
    assert said.out.splitlines()[-1].startswith("Next: pan work list epic=17")
    assert (tmp_path / ".bmad/rally-cache/epics.json").is_file()


@pytest.mark.requirement("cli:sync:report")
def test_sync_on_a_terminal_has_colour_and_leaves_no_bar(
    connected: dict[str, Any], pan: Runner
) -> None:
    said = pan("sync", tty=True)
    assert said.code == 0
    assert "\x1b[" in said.out
    assert said.err == "" or said.err.endswith("\r\x1b[K")


@pytest.mark.requirement("cli:sync:scope")
@pytest.mark.parametrize(
    "words",
    [["epic=17"], ["epics=17,18", "force=true"], ["iteration=Sprint-24"], ["project=DDC-AI"]],
)
def test_seed_style_words(connected: dict[str, Any], pan: Runner, words: list[str]) -> None:
    said = pan("sync", *words, "--json")
    assert said.code == 0, said.out
    assert json.loads(said.out)["trackers"][0]["fetched"] > 0


@pytest.mark.requirement("cli:work:after-sync")
def test_work_list_after_a_sync(synced: dict[str, Any], pan: Runner) -> None:
    stories = json.loads(pan("work", "list", "epic=17", "--json").out)
    assert len(stories) == 10
    assert {story["tracker"] for story in stories} == {"rally"}
    key = stories[0]["ref"]
    shown = json.loads(pan("work", "show", key, "--json").out)
    assert shown["ref"] == key
    assert shown["acceptance_criteria"]
    assert pan("work", "show", key, "--markdown").out.startswith("# Story ")


@pytest.mark.requirement("cli:work:write")
def test_an_item_from_its_creation_to_its_end(
    synced: dict[str, Any], pan: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    title = "Quotes \" ' (parens) & + \\ 🙂"
    monkeypatch.setattr(sys, "stdin", io.StringIO("First line\n\n- a\n- b\n"))
    made = pan("work", "create", title, "epic=17", "body=-", "points=3", "--json")
    assert made.code == 0, made.out
    row = json.loads(made.out)
    assert (row["title"], row["parent"], row["kind"]) == (title, "F17", "story")

    said = pan("work", "update", row["ref"], "state=in_progress", "points=5")
    assert said.code == 0, said.err
    assert "points: 3 → 5" in said.out
    assert "state: backlog → in_progress" in said.out
    document = json.loads(pan("work", "update", row["ref"], "points=8", "--json").out)
    assert document["changed"] == {"points": ["5", "8"]}
    assert "nothing changed" in pan("work", "update", row["ref"], "points=8").out

    monkeypatch.setattr(sys, "stdin", io.StringIO("Looks *good*"))
    remark = json.loads(pan("work", "comment", row["ref"], "body=-", "--json").out)
    assert "good" in remark["body"]
    shown = json.loads(pan("work", "show", row["ref"], "--fresh", "--json").out)
    assert "- a" in shown["body"].replace("* a", "- a")
    assert len(shown["comments"]) == 1
    assert {one["ref"] for one in json.loads(pan("work", "list", "--json").out)} >= {row["ref"]}
    found = json.loads(pan("work", "list", title, "--json").out)
    assert [one["ref"] for one in found] == [row["ref"]]

    assert pan("work", "delete", row["ref"]).code == 2
    assert pan("work", "delete", row["ref"], "yes=true").code == 0
    assert pan("work", "show", row["ref"]).code == 1


@pytest.mark.requirement("cli:trackers:test")
def test_trackers_list_and_test(connected: dict[str, Any], pan: Runner) -> None:
    (row,) = json.loads(pan("trackers", "list", "--json").out)
    assert (row["name"], row["has_key"], row["server"]) == ("rally", True, connected["url"])
    assert connected["api_key"] not in pan("trackers", "list").out
    answer = json.loads(pan("trackers", "test", "rally", "--json").out)
    assert (answer["ok"], answer["workspace"]["name"]) == (True, connected["workspace"]["name"])
    assert answer["counts"]["story"] > 0
    said = pan("trackers", "test")
    assert said.code == 0
    assert "1 of 1 answer" in said.out
    missing = pan("trackers", "test", "raly", "--json")
    assert missing.code == 1
    assert json.loads(missing.out)["candidates"] == ["rally"]


@pytest.mark.requirement("cli:init:flags")
def test_init_by_flags(facts: dict[str, Any], pan: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(facts["api_key"] + "\n"))
    said = pan(
        "init", "--tracker", "rally", "--server", facts["url"], "--workspace",
        facts["workspace"]["name"], "--project", facts["project"]["name"],
        "--key-stdin", "--yes", "--json",
    )  # fmt: skip
    assert said.code == 0, said.out
    told = json.loads(said.out)
    assert told["workspace"]["id"] == str(facts["workspace"]["oid"])
    assert told["projects"][0]["id"] == str(facts["project"]["oid"])
    for path in map(Path, told["files"]):
        assert path.is_file()
    home = Path(os.environ["HOME"])  # noqa: TID251 - the test's own home
    assert (home / ".panopticon.env").stat().st_mode & 0o777 == 0o600
    assert json.loads(pan("sync", "--json").out)["trackers"][0]["ok"]


@pytest.mark.requirement("cli:init:flags")
@pytest.mark.parametrize(
    ("flag", "told"),
    [
        (("--workspace", "Acne"), (1, "no workspace")),
        (("--project", "Nothing"), (1, "no project")),
        pytest.param(
            ("--server", "http://127.0.0.1:9"), (1, "127.0.0.1:9"), marks=pytest.mark.slow
        ),
        (("--tracker", "raly"), (2, "rally")),
    ],
)
def test_init_that_fails_writes_nothing(
    facts: dict[str, Any],
    pan: Runner,
    monkeypatch: pytest.MonkeyPatch,
    flag: tuple[str, str],
    told: tuple[int, str],
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(facts["api_key"] + "\n"))
    words = {
        "--tracker": "rally",
        "--server": facts["url"],
        "--workspace": facts["workspace"]["name"],
        flag[0]: flag[1],
    }
    said = pan("init", *(part for pair in words.items() for part in pair), "--key-stdin", "--yes")
    assert said.code == told[0]
    assert told[1] in said.err
    assert not (Path(os.environ["HOME"]) / ".panopticon.env").exists()  # noqa: TID251


@pytest.mark.requirement("cli:init:questions")
def test_init_asks_on_a_terminal(facts: dict[str, Any], tmp_path: Path) -> None:
    pexpect = pytest.importorskip("pty")
    answers = ["rally", facts["url"], "_wrong", facts["api_key"], "1", "1"]
    pid, terminal = pexpect.fork()
    if pid == 0:
        os.chdir(tmp_path)
        os.execv(sys.executable, [*PAN, "init"])
    shown = b""
    prompts = [b"Tracker", b"own)", b"not shown", b"not shown", b"Workspace", b"Projects"]
    for prompt, text in zip(prompts, answers, strict=True):
        while prompt not in shown.rpartition(b"\n")[2]:
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
    assert b"pan sync" in shown
    assert shown.count(b"The key was refused (HTTP 401).") == 1
    assert b"<" not in shown
    assert facts["api_key"].encode() not in shown


@pytest.mark.requirement("cli:faults:key")
@pytest.mark.parametrize("args", [["sync"], ["trackers", "test"], ["work", "show", "US424242"]])
def test_a_wrong_key_is_exit_4(
    connected: dict[str, Any], pan: Runner, monkeypatch: pytest.MonkeyPatch, args: list[str]
) -> None:
    monkeypatch.setenv("RALLY_API_KEY", "_expired")
    said = pan(*args)
    assert said.code == 4
    assert "_expired" not in said.out + said.err
    assert "key" in (said.out + said.err).lower()


@pytest.mark.requirement("cli:faults:key", "cli:json:errors")
def test_a_failed_test_is_an_error_document(
    connected: dict[str, Any], pan: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RALLY_API_KEY", "_expired")
    said = pan("trackers", "test", "rally", "--json")
    document = json.loads(said.out)
    assert (said.code, document["ok"], document["error"]) == (4, False, "auth")
    assert document["message"]
    assert document["hint"]
    doctor = pan("doctor", "--json")
    assert doctor.code == 1
    assert not json.loads(doctor.out)["ok"]


@pytest.mark.requirement("cli:sync:failed-document")
def test_a_wholly_failed_sync_is_an_error_document_too(
    connected: dict[str, Any], pan: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    unknown = pan("sync", "epic=99999", "--json")
    document = json.loads(unknown.out)
    assert (unknown.code, document["error"]) == (1, "not_found")
    assert document["message"] == document["trackers"][0]["error"]
    assert document["epics"] == []
    monkeypatch.setenv("RALLY_API_KEY", "_expired")
    refused = pan("sync", "--json")
    document = json.loads(refused.out)
    assert (refused.code, document["error"], document["trackers"][0]["ok"]) == (4, "auth", False)
    assert document["hint"]


@pytest.mark.requirement("cli:sync:cache-refused")
def test_a_cache_that_cannot_be_written_is_told(
    connected: dict[str, Any], pan: Runner, tmp_path: Path
) -> None:
    (tmp_path / ".bmad").mkdir()
    (tmp_path / ".bmad/rally-cache").write_text("x")
    said = pan("sync")
    assert said.code == 1
    assert "✗ Cannot write the cache" in said.out
    assert "Cache updated" not in said.out
    assert "Sync Complete" not in said.out
    document = json.loads(pan("sync", "--json").out)
    assert document["error"] == "local"
    assert document["trackers"][0]["ok"]


@pytest.mark.requirement("cli:words:empty")
@pytest.mark.parametrize(
    "args",
    [("sync", "epic="), ("sync", "project="), ("sync", "tracker="), ("trackers", "test", "")],
)
def test_an_empty_word_is_a_usage_error(
    connected: dict[str, Any], pan: Runner, args: tuple[str, ...]
) -> None:
    said = pan(*args)
    assert said.code == 2
    assert "empty" in said.err


@pytest.mark.requirement("cli:sync:interrupted")
def test_ctrl_c_ends_a_sync_whose_server_hangs(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        told = {"RALLY_SERVER": f"http://127.0.0.1:{port}", "RALLY_API_KEY": "_k"}
        place = {"RALLY_WORKSPACE": "/workspace/1", "RALLY_PROJECT": "/project/2"}
        running = subprocess.Popen(
            [sys.executable, "-m", "panopticon", "sync"],
            env={**os.environ, **told, **place},  # noqa: TID251 - the test's own home
            cwd=tmp_path,
        )
        with server.accept()[0]:  # it is asked, and never answers
            running.send_signal(signal.SIGINT)
            assert running.wait(20) == 130  # far less than the time limit of a request


@pytest.mark.requirement("cli:faults:partial")
def test_one_failing_tracker_is_exit_5_and_hides_nothing(
    facts: dict[str, Any], pan: Runner
) -> None:
    home = Path(os.environ["HOME"])  # noqa: TID251 - the test's own home
    (home / ".panopticon").mkdir()
    (home / ".panopticon/config.toml").write_text(
        "".join(
            f'[trackers.{name}]\ntype = "rally"\nserver = "{facts["url"]}"\n'
            f'workspace = "{facts["workspace"]["oid"]}"\n'
            for name in ("good", "bad")
        )
    )
    (home / ".panopticon.env").write_text(f"GOOD_API_KEY={facts['api_key']}\nBAD_API_KEY=_bad\n")
    said = pan("sync", "--json")
    report = {one["name"]: one for one in json.loads(said.out)["trackers"]}
    assert said.code == 5
    assert report["good"]["ok"]
    assert report["bad"]["error"]
    assert {one["tracker"] for one in json.loads(pan("work", "list", "--json").out)} == {"good"}
    human = pan("sync")
    assert human.code == 5
    assert "Sync Incomplete" in human.out
    assert "✗ bad: " in human.out
    assert "Epic 17" in human.out


@pytest.mark.requirement("cli:errors:interrupt")
def test_ctrl_c_during_a_sync(connected: dict[str, Any]) -> None:
    call(connected, "faults", {"latency_ms": 700})
    process = subprocess.Popen([*PAN, "sync"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while not counted(connected):
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert (out, b"Traceback" in err) == (b"", False)
    call(connected, "faults", {})
    again = subprocess.run([*PAN, "sync", "--json"], capture_output=True, check=True)
    assert json.loads(again.stdout)["trackers"][0]["ok"]


def counted(facts: dict[str, Any]) -> int:
    with urllib.request.urlopen(f"{facts['admin']}/requests", timeout=10) as reply:
        return int(json.load(reply)["count"])


@pytest.mark.requirement("cli:faults:read-only")
def test_a_read_only_key_may_not_write(
    synced: dict[str, Any], pan: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RALLY_API_KEY", synced["read_only_key"])
    assert pan("sync").code == 0
    said = pan("work", "create", "X", "--json")
    assert said.code == 4
    assert json.loads(said.out)["error"] == "auth"


@pytest.mark.requirement("cli:faults:place")
def test_a_missing_workspace_is_named(
    connected: dict[str, Any], pan: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RALLY_WORKSPACE", "/workspace/424242")
    said = pan("sync")
    assert said.code != 0
    assert "424242" in said.out + said.err


@pytest.mark.requirement("cli:faults:server")
@pytest.mark.parametrize(
    "faults", [{"error_rate": 1, "html_errors": 1}, {"drop_before": 1}, {"truncate_rate": 1}]
)
@pytest.mark.slow
def test_a_failing_server_is_told_and_the_data_stays(
    synced: dict[str, Any], pan: Runner, faults: dict[str, object]
) -> None:
    before = json.loads(pan("work", "list", "--json").out)
    call(synced, "faults", faults)
    said = pan("sync", "--json")
    assert said.code == 1
    report = json.loads(said.out)
    assert report["trackers"][0]["error"]
    assert "pan doctor" in pan("status").out
    assert json.loads(pan("work", "list", "--json").out) == before


@pytest.mark.requirement("cli:debug:queries")
def test_debug_logs_queries_without_the_key(
    connected: dict[str, Any], pan: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEBUG", "rally")
    said = pan("sync", "epic=17", "--json")
    assert json.loads(said.out)
    assert "query=" in said.err
    assert connected["api_key"] not in said.err


@pytest.mark.requirement("cli:doctor:well")
def test_doctor_after_a_sync(synced: dict[str, Any], pan: Runner) -> None:
    said = pan("doctor", "--json")
    document = json.loads(said.out)
    assert said.code == 0, document
    states = {check["check"]: check["state"] for check in document["checks"]}
    assert states["store"] == states["sync rally"] == "ok"


@pytest.mark.requirement("cli:sandbox:line")
def test_the_sandbox_prints_one_line_and_ends() -> None:
    process = subprocess.Popen([*PAN, "sandbox", "--stories", "12"], stdout=subprocess.PIPE)
    assert process.stdout is not None
    told = json.loads(process.stdout.readline())["rally"]
    assert told.keys() >= {
        "url", "api_key", "read_only_key", "username", "password", "workspace", "project", "admin",
    }  # fmt: skip
    process.terminate()
    rest, _ = process.communicate(timeout=20)
    assert rest == b""
    assert process.returncode in {0, -15}


@pytest.mark.requirement("cli:demo:world")
def test_the_demo_from_start_to_end(pan: Runner) -> None:
    words = ["demo", "--detach", "--no-open", "--json", "--port", "0", "--stories", "45"]
    done = subprocess.run([*PAN, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    ready = json.loads(done.stdout)
    assert ready.keys() == {"url", "open_url", "token", "pid"}
    try:
        stories = json.loads(pan("--demo", "work", "list", "kind=story", "--json").out)
        assert Counter(story["tracker"] for story in stories) == {"rally": 45, "stories": 17}
        report = json.loads(pan("--demo", "sync", "--json").out)
        assert [tracker["ok"] for tracker in report["trackers"]] == [True, True]
        shown = json.loads(pan("--demo", "work", "show", "1.3", "--json").out)
        assert (shown["state"], shown["twin"]["ref"]) == ("in_review", "rally:US205")
        assert "US202" in pan("--demo", "links", "3.1").out
        assert pan("--demo", "work", "update", "2.2", "state=in_review").code == 0
        folder = Path.home() / ".panopticon/demo/ddc-connect"
        log = subprocess.run(
            ["git", "log", "-1", "--format=%an: %s"], cwd=folder, capture_output=True, check=True
        )
        assert log.stdout.decode().strip() == "John Doe: stories 2.2: status review"
        assert ready["url"] in pan("--demo", "status").out
        assert pan("demo", "--no-open", "port=0").code == 3
    finally:
        assert str(ready["pid"]) in pan("down").out
    home = Path(os.environ["HOME"])  # noqa: TID251 - the test's own home
    assert sorted(path.name for path in home.iterdir()) == [".panopticon"]
    assert [path.name for path in (home / ".panopticon").iterdir()] == ["demo"]
    assert pan("work", "list", "--json").out.strip() == "[]"


@pytest.mark.requirement("cli:init:replace")
def test_a_connection_is_not_replaced_unasked(
    facts: dict[str, Any], pan: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def init(*words: str) -> int:
        monkeypatch.setattr("sys.stdin", io.StringIO(facts["api_key"]))
        place = ["--server", facts["url"], "--workspace", str(facts["workspace"]["oid"])]
        return pan("init", *place, *words, "--key-stdin").code

    oid = facts["project"]["oid"]
    assert init("--project", str(oid)) == 0
    assert init("--project", str(oid)) == 0
    settings = Path(os.environ["HOME"]) / ".panopticon/config.toml"  # noqa: TID251 - the test's
    before = settings.read_text()
    assert init() == 2
    assert settings.read_text() == before
    assert init("--yes") == 0
    assert settings.read_text() != before


@pytest.mark.requirement("cli:sync:quiet", "cli:sync:unknown")
def test_a_second_sync_is_short_and_a_wrong_name_is_told(
    synced: dict[str, Any], pan: Runner
) -> None:
    short, long = pan("sync").out, pan("sync", "verbose=true").out
    assert "epics unchanged" in short
    assert "unchanged" not in long
    assert long.count("Epic ") > short.count("Epic ")
    assert pan("work", "update", "US204", "points=2").code == 0
    assert pan("sync", "iteration=nope").code == 1
    assert "no iteration 'nope'" in pan("sync", "iteration=nope").err


@pytest.mark.requirement("cli:work:held-by-another")
def test_a_write_to_what_another_holds_warns(
    synced: dict[str, Any], pan: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAN_ME", "somebody.else@example.com")
    said = pan("work", "update", "US123", "points=4")
    assert said.code == 0
    assert said.err == "! US123 is held by john.doe@example.com; it was written all the same.\n"
    document = json.loads(pan("work", "update", "US123", "points=5", "--json").out)
    assert len(document["warnings"]) == 1
    monkeypatch.setenv("PAN_ME", "john.doe@example.com")
    assert pan("work", "update", "US123", "points=4").err == ""


@pytest.mark.requirement("cli:work:parents")
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["kind=defect", "epic=17"], "epic=F17 kind=story"),
        (["parent=E1"], "A story's parent is a feature (F…) or a story (US…)."),
    ],
)
def test_a_parent_that_cannot_be_is_told(
    synced: dict[str, Any], pan: Runner, words: list[str], told: str
) -> None:
    said = pan("work", "create", "X", *words)
    assert said.code == 2
    assert told in said.err


def commands_of(page: str) -> list[list[str]]:
    """Take the command lines out of a page's blocks of shell."""
    text = (Path(__file__).parents[2] / page).read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    return [shlex.split(line, comments=True)[1:] for line in lines if line.startswith("pan ")]


@pytest.mark.requirement("cli:docs:run")
@pytest.mark.parametrize("page", ["skills/pan-tracker/SKILL.md", "README.md", "docs/rally.md"])
def test_the_commands_of_the_pages_work(
    connected: dict[str, Any],
    pan: Runner,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    page: str,
) -> None:
    monkeypatch.setenv("PAN_ME", "john.doe@example.com")
    for name in ("story.md", "report.md"):
        (tmp_path / name).write_text("What it is about.", encoding="utf-8")
    story = tmp_path / "app" / "docs" / "stories" / "1.2.sign-in.md"
    story.parent.mkdir(parents=True)
    steps = "".join(f"- [ ] Step {number}\n" for number in range(1, 5))
    story.write_text(f"# Story 1.2: Sign in\n\n## Status\n\nDraft\n\n## Tasks\n\n{steps}")
    monkeypatch.setenv("MARKDOWN_FOLDER", str(tmp_path / "app"))
    assert pan("sync").code == 0
    commands = [words for words in commands_of(page) if words[0] not in {"init", "up"}]
    assert commands
    for words in commands:
        said = pan(*words)
        assert said.code == 0, f"pan {' '.join(words)}: {said.err}{said.out}"
