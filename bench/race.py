"""Many sessions race `checkout` of one epic: who gets what, how soon, and how often in vain.

Every session is an operating-system process with a working folder of its own (and, except for the
SQLite store, a home of its own), that calls the service behind `pan checkout epic=…` again and
again until it hears that none is free; nobody gives anything back. The start of Python is not in
the seconds, the projection into the tracker is. The tracker is one sandbox Rally; its faults
(conflicts, a lagging replica) are on where Rally decides. The sandbox has keys of two people: the
sessions are theirs in turn. An attempt is wasted when the arbiter was asked for a story and did not
give it, a look that says no included. A session that does not come to an end in half an hour is cut
short, which is counted.
"""

import argparse
import json
import shutil
import subprocess
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx2

from bench.document import show
from bench.process import PAN, PYTHON, Sandbox, environment, run
from panopticon.config import Source
from panopticon.model.issue import Kind, NewIssue
from panopticon.sandbox.rally.opening import MEMBER_KEY
from panopticon.trackers.rally.tracker import open_rally

FAULTS = {"conflict_rate": 0.05, "lag_ms": 250}


@dataclass(frozen=True, slots=True)
class Race:
    """One race: who decides, whether homes are shared, and the sandbox's faults."""

    arbiter: str
    is_shared: bool = False
    is_read_back: bool = False
    has_faults: bool = False


RACES = {
    "git": Race("git"),
    "store": Race("store:local", is_shared=True),
    "rally": Race("rally", has_faults=True),
    "assign_and_read_back": Race("rally", is_read_back=True, has_faults=True),
}


def main(words: argparse.Namespace) -> None:
    """Run every race; `--processes` and `--stories` are its size (50 and 200)."""
    processes = words.processes or (6 if words.quick else 50)
    stories = words.stories or (12 if words.quick else 200)
    names = [words.only] if words.only else list(RACES)
    raw = {name: raced(RACES[name], processes, stories, words.seed) for name in names}
    compared = {name: figures(one) for name, one in raw.items()}
    show("race", {"processes": processes, "stories": stories, **compared}, raw, words.seed)


def raced(race: Race, processes: int, stories: int, seed: int) -> dict[str, Any]:
    """Lay one race out, run it, and gather what each session says."""
    with Sandbox(20, seed) as sandbox, TemporaryDirectory() as folder:
        root = Path(folder)
        epic = laid_out(sandbox, stories)
        settings = sandbox.settings()
        template = root / "template"
        template.mkdir()
        run([*PAN, "sync", "--json"], environment(template, **settings), template)
        if race.has_faults:
            sandbox.admin("POST", "/faults", FAULTS)
        sandbox.requests()
        people = folk(sandbox)
        runners = [
            Runner(race, place(race, root, template, number), settings, epic, people[number % 2])
            for number in range(processes)
        ]
        for one in runners:
            one.is_ready()
        begun = time.monotonic()
        for one in runners:
            one.go()
        said = [one.said() for one in runners]
        seconds = time.monotonic() - begun
        requests = sandbox.requests()["count"]
    for session in said:
        for grant in session["grants"]:
            grant["at"] = round(grant["at"] - begun, 4)
    return {"seconds": round(seconds, 3), "tracker_requests": requests, "sessions": said}


def laid_out(sandbox: Sandbox, stories: int) -> str:
    """Make an epic with that many free stories."""
    rally = sandbox.rally
    at = {"server": rally["url"]}
    at |= {name: rally[name]["name"] for name in ("workspace", "project")}
    tracker = open_rally(Source("rally", "rally", at, rally["api_key"]))
    epic = tracker.create(NewIssue(Kind.FEATURE, {"title": "Race"})).ref.key
    for number in range(stories):
        told = {"title": f"Story {number}", "parent": epic}
        tracker.create(NewIssue(Kind.STORY, told))  # type: ignore[arg-type]
    tracker.close()
    return epic


def place(race: Race, root: Path, template: Path, number: int) -> tuple[Path, Path]:
    """Give a session its home and its working folder, which names who decides."""
    home = template if race.is_shared else root / f"home{number}"
    if not race.is_shared:
        shutil.copytree(template, home)
    folder = root / f"work{number}"
    folder.mkdir()
    arbiter = race.arbiter
    if arbiter == "git":
        remote = root / "remote.git"
        if not remote.is_dir():
            subprocess.run(["git", "init", "-q", "--bare", str(remote)], check=True)  # noqa: S607
        arbiter = f"git:{remote.as_uri()}"
    (folder / ".panopticon.yaml").write_text(f"arbiter: {arbiter}\n", encoding="utf-8")
    return home, folder


def folk(sandbox: Sandbox) -> list[tuple[str, str]]:
    """Give the keys of people who may write, each with its person's email."""
    found = []
    for key in (sandbox.rally["api_key"], MEMBER_KEY):
        reply = httpx2.get(
            f"{sandbox.rally['url']}/slm/webservice/v2.0/user",
            params={"fetch": "EmailAddress"},
            headers={"ZSESSIONID": key},
        )
        found.append((key, reply.json()["User"]["EmailAddress"]))
    return found


class Runner:
    """One session's process."""

    def __init__(
        self,
        race: Race,
        at: tuple[Path, Path],
        settings: dict[str, str],
        epic: str,
        person: tuple[str, str],
    ) -> None:
        """Start it; it says when it is ready."""
        home, folder = at
        key, email = person
        settings = {**settings, "RALLY_API_KEY": key}
        argv = [PYTHON, "-m", "bench.racer", epic, email]
        argv += ["--read-back"] if race.is_read_back else []
        env = environment(home, PYTHONPATH=str(Path.cwd()), **settings)
        self._errors = (folder / "stderr").open("w+")
        self._process = subprocess.Popen(
            argv,
            env=env,
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )

    def is_ready(self) -> None:
        """Wait until it may start."""
        assert self._process.stdout is not None
        if self._process.stdout.readline() != "ready\n":
            self._fail()

    def go(self) -> None:
        """Let it race."""
        assert self._process.stdin is not None
        self._process.stdin.write("go\n")
        self._process.stdin.flush()

    def said(self) -> dict[str, Any]:
        """Wait for its end and give its document."""
        out, _ = self._process.communicate()
        if self._process.returncode:
            self._fail()
        self._errors.close()
        found: dict[str, Any] = json.loads(out)
        return found

    def _fail(self) -> None:
        self._process.kill()
        self._process.wait()
        self._errors.seek(0)
        raise SystemExit(f"A session ended early:\n{self._errors.read()[-4000:]}")


def figures(raw: dict[str, Any]) -> dict[str, Any]:
    """Count; a story granted to two sessions is a double grant, for nobody gives back."""
    sessions = raw["sessions"]
    holders: dict[str, set[str]] = defaultdict(set)
    for one in sessions:
        for grant in one["grants"]:
            holders[grant["story"]].add(one["session"])
    seconds = sorted(grant["seconds"] for one in sessions for grant in one["grants"])
    grants = len(seconds)
    wasted = sum(one["refused"] + one["unknown"] for one in sessions)
    return {
        "grants": grants,
        "stories_granted": len(holders),
        "double_grants": sum(len(found) - 1 for found in holders.values()),
        "p50_s": _quantile(seconds, 0.50),
        "p95_s": _quantile(seconds, 0.95),
        "wasted_attempts_per_grant": round(wasted / grants, 3) if grants else None,
        "total_s": raw["seconds"],
        "tracker_requests_per_grant": round(raw["tracker_requests"] / grants, 1)
        if grants
        else None,
        "warnings": sum(len(grant["warnings"]) for one in sessions for grant in one["grants"]),
        "faults": sum(len(one["faults"]) for one in sessions),
        "cut_short": sum(one["is_cut"] for one in sessions),
    }


def _quantile(ordered: list[float], share: float) -> float | None:
    if not ordered:
        return None
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 3)
