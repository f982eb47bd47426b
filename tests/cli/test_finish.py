"""`pan finish`, `pan merged` and `pan queue` against the sandbox: what a team sees in Rally."""

import json
import subprocess
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from panopticon.config import environment, load
from panopticon.model.claim import Act, Ask
from panopticon.model.issue import State
from panopticon.sandbox.serve import Options, Running, start
from panopticon.services.claim import shown
from panopticon.services.claim.desk import desk
from panopticon.services.claim.status import queue
from panopticon.services.claim.status.goal import Goal
from panopticon.services.context import Context
from panopticon.services.opening import context_for
from panopticon.services.ref import resolve
from tests.cli.conftest import Runner

KEY, BRANCH = "US126", "story/US-126-oauth"
ME = "ann@example.com"


@pytest.fixture(scope="module")
def box() -> Iterator[Running]:
    with start(Options()) as running:
        yield running


@pytest.fixture
def facts(
    box: Running, pan: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[dict[str, Any]]:
    """A repository with a story's branch, connected to the sandbox; its world is put back."""
    found: dict[str, Any] = box.as_json()["rally"]
    place = {
        "RALLY_SERVER": found["url"],
        "RALLY_WORKSPACE": f"/workspace/{found['workspace']['oid']}",
        "RALLY_PROJECT": f"/project/{found['project']['oid']}",
        "PAN_ME": ME,
    }
    lines = [f"{name}={value}\n" for name, value in place.items()]
    (Path.home() / ".panopticon.env").write_text("".join(lines))
    monkeypatch.setenv("RALLY_API_KEY", found["api_key"])
    git(tmp_path, "init", "-q", "-b", "main")
    (tmp_path / ".panopticon.yaml").write_text("arbiter: store:local\n")
    (tmp_path / ".gitignore").write_text(".bmad/\n")
    commit(tmp_path)
    assert pan("sync", "--json").code == 0
    yield found
    call(found, "faults", {})
    call(found, "reset")


def call(facts: dict[str, Any], verb: str, body: object = None) -> None:
    data = json.dumps(body).encode() if body is not None else b""
    request = urllib.request.Request(f"{facts['admin']}/{verb}", data=data, method="POST")
    urllib.request.urlopen(request, timeout=10).close()


def git(folder: Path, *words: str) -> str:
    line = ["git", "-C", str(folder), "-c", "user.name=Ann", "-c", f"user.email={ME}", *words]
    return subprocess.run(line, check=True, capture_output=True, text=True).stdout.strip()


def commit(folder: Path, file: str = "README") -> str:
    (folder / file).write_text("x\n")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", f"Write {file}")
    return git(folder, "rev-parse", "HEAD")


def opened(folder: Path) -> Context:
    return context_for(load(environment(), Path.home(), folder, {}))


def take(folder: Path) -> None:
    """Hold the story, as the arbiter and Rally show it."""
    ctx = opened(folder)
    sitting = desk(ctx)
    ref = resolve(ctx, KEY)
    ask = Ask(Act.TAKE, sitting.key(ref), sitting.holder, sitting.session, 3600, BRANCH)
    claim = sitting.arbiter.ask(ask)
    shown.learn(sitting, ref, claim, Act.TAKE)
    assert shown.show(sitting, ref, claim) is None
    ctx.close()


def item(pan: Runner) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(pan("work", "show", KEY, "--fresh", "--json").out)
    return found


@pytest.fixture
def working(facts: dict[str, Any], tmp_path: Path) -> str:
    """Hold the story, with a commit on its branch."""
    take(tmp_path)
    git(tmp_path, "switch", "-q", "-c", BRANCH)
    return commit(tmp_path, "oauth.py")


@pytest.mark.requirement("claim:finish:rally")
def test_a_story_from_lock_to_merge_in_rally(working: str, pan: Runner, tmp_path: Path) -> None:
    assert item(pan)["lease"]["holder"] == ME
    words = [f"story={KEY}", "coverage=87.5", "results=https://ci.example.com/7"]
    told = json.loads(pan("finish", *words, "--json").out)
    assert (told["native_state"], told["commit"], told["released"]) == (
        "Code Review",
        working,
        True,
    )
    assert told["warnings"] == []
    after = item(pan)
    assert (after["state"], after["native_state"]) == ("in_review", "Code Review")
    assert (after["commit_sha"], after["coverage"], after["lease"]) == (working, 87.5, None)
    said = after["comments"][-1]["body"]
    assert all(word in said for word in (working, "87.5 %", "https://ci.example.com/7", BRANCH))
    assert pan("finish", *words).code == 0
    assert len(item(pan)["comments"]) == len(after["comments"])
    assert json.loads(pan("merged", "--json").out) == []
    git(tmp_path, "switch", "-q", "main")
    git(tmp_path, "merge", "-q", "--no-ff", "-m", "Merge", BRANCH)
    (line,) = json.loads(pan("merged", "--json").out)
    assert (line["story"], line["how"], line["coverage"]) == (KEY, "merge", 87.5)
    done = item(pan)
    assert (done["state"], done["native_state"], done["lease"]) == ("done", "Completed", None)
    assert "Merged" in done["comments"][-1]["body"]


@pytest.mark.requirement("claim:finish:cli")
def test_finish_says_what_was_done(working: str, pan: Runner, tmp_path: Path) -> None:
    progress = tmp_path / "17-1-progress.json"
    facts = {"coverage": 91, "tasks_completed": 5, "tasks_total": 6}
    progress.write_text(json.dumps({"metrics": facts}))
    (tmp_path / "17-1-summary.md").write_text("All signs in.")
    said = pan("finish", "US-126", f"progress={progress}", tty=True)
    assert said.code == 0
    assert f"US126 is Code Review: commit {working[:10]}, coverage 91 %, 5 of 6 tasks" in said.out
    assert "Unlocked" in said.out
    assert "All signs in." in item(pan)["comments"][-1]["body"]


@pytest.mark.requirement("claim:finish:cli")
def test_finish_refuses_what_makes_no_sense(
    facts: dict[str, Any], pan: Runner, tmp_path: Path
) -> None:
    held = json.loads((told := pan("finish", KEY, "--json")).out)
    assert (told.code, held["error"]) == (3, "conflict")
    wrong = [
        ["coverage=130"],
        ["commit=main"],
        ["results=nowhere"],
        ["claim=maybe"],
        ["summary=none.md"],
        [f"progress={tmp_path}"],
    ]
    codes = [pan("finish", KEY, *words).code for words in wrong]
    assert codes == [2, 2, 2, 2, 1, 1]
    assert pan("finish").code == 2
    assert pan("finish", "US99999").code == 1
    assert item(pan)["state"] != "in_review"


@pytest.mark.requirement("claim:merged:cli")
def test_merged_looks_at_one_and_says_when_it_is_not(working: str, pan: Runner) -> None:
    said = pan("merged", KEY)
    assert said.code == 1
    assert "US126 is not merged" in said.out
    assert pan("merged", "coverage=80").code == 2
    told = pan("merged", "--fetch")
    assert (told.code, "Nothing new" in told.out) == (0, True)
    assert "origin" in told.err


@pytest.mark.requirement("claim:queue:cli")
def test_what_waits_is_listed_sent_and_dropped(
    facts: dict[str, Any], pan: Runner, tmp_path: Path
) -> None:
    ctx = opened(tmp_path)
    issue = ctx.store.issue(resolve(ctx, KEY))
    assert issue
    for state in (State.IN_PROGRESS, State.DONE):
        write = queue.wish(ctx, issue, ME, Goal(state))
        remark = "Reviewed" if state is State.DONE else ""
        fields = {"commit_sha": "a" * 40}
        ctx.store.queue(replace(write, fields=fields, remark=remark, tries=1, error="away"))
    ctx.close()
    first, second = json.loads(pan("queue", "--json").out)
    assert (first["story"], first["state"], first["error"]) == (KEY, "in_progress", "away")
    said = pan("queue", tty=True, columns=120).out
    assert "status Done, commit aaaaaaaaaa, a remark" in said
    assert said.count("a remark") == 1
    assert "2 writes wait" in said
    assert pan("queue", "drop", f"number={second['number']}").code == 0
    assert [pan("queue", "drop", f"number={word}").code for word in ("x", "999")] == [2, 1]
    sent = pan("queue", "send")
    assert (sent.code, "US126: status In progress" in sent.out) == (0, True)
    assert item(pan)["state"] == "in_progress"
    assert "Nothing waits" in pan("queue").out
    assert json.loads(pan("queue", "drop", "number=all", "--json").out) == []
