"""Run a program as a whole process and read the operating system's own account of it."""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

PYTHON = sys.executable
PAN = [PYTHON, "-m", "panopticon"]


@dataclass(frozen=True, slots=True)
class Run:
    """One finished process: seconds, seconds of processor, peak memory in MB, and its output."""

    wall: float
    cpu: float
    peak_mb: float
    code: int
    out: str
    err: str

    def figures(self) -> dict[str, float]:
        """Give the raw values that a document keeps."""
        return {
            "wall_s": round(self.wall, 4),
            "cpu_s": round(self.cpu, 4),
            "peak_mb": round(self.peak_mb, 1),
        }


def environment(home: Path, **more: str) -> dict[str, str]:
    """Build a process environment with its own home and none of the tracker settings around."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("RALLY_", "PAN_", "DEBUG"))}  # noqa: TID251
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        kept.pop(name, None)
    return {**kept, "HOME": str(home), "NO_COLOR": "1", **more}


def run(argv: list[str], env: dict[str, str], cwd: Path) -> Run:
    """Run to the end; a failure raises with what it said."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        started = time.perf_counter()
        process = subprocess.Popen(argv, env=env, cwd=cwd, stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        result = Run(
            wall,
            usage.ru_utime + usage.ru_stime,
            usage.ru_maxrss / 1024,
            process.returncode,
            out.read().decode(),
            err.read().decode(),
        )
    if result.code:
        raise SystemExit(
            f"{argv} exited {result.code}:\n{result.out[-2000:]}\n{result.err[-4000:]}"
        )
    return result


class Sandbox:
    """A sandbox in a process of its own, with its admin door."""

    def __init__(self, stories: int, seed: int) -> None:
        """Start it and wait for its one JSON line."""
        argv = [*PAN, "sandbox", "--port", "0", "--stories", str(stories), "--seed", str(seed)]
        self.home = tempfile.TemporaryDirectory()
        self.process = subprocess.Popen(
            argv, env=environment(Path(self.home.name)), stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        self.rally: dict[str, Any] = json.loads(self.process.stdout.readline())["rally"]

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it."""
        self.process.terminate()
        self.process.wait(10)
        self.home.cleanup()

    def admin(self, method: str, path: str, body: object = None) -> Any:
        """Ask the admin door."""
        import urllib.request  # noqa: PLC0415 - only the process that has a sandbox needs it

        request = urllib.request.Request(  # noqa: S310 - our own loopback address
            self.rally["admin"] + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request) as reply:  # noqa: S310
            return json.loads(reply.read() or b"null")

    def requests(self) -> dict[str, Any]:
        """Read the request counters and clear them."""
        counted: dict[str, Any] = self.admin("GET", "/requests")
        self.admin("DELETE", "/requests")
        return counted

    def settings(self) -> dict[str, str]:
        """Give the environment that points `pan` at this sandbox."""
        return {
            "RALLY_API_KEY": self.rally["api_key"],
            "RALLY_SERVER": self.rally["url"],
            "RALLY_WORKSPACE": f"/workspace/{self.rally['workspace']['oid']}",
            "RALLY_PROJECT": f"/project/{self.rally['project']['oid']}",
        }
