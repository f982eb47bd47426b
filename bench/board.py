"""The board with 5,000 and 20,000 items: the server's time and bytes, and a real browser's.

The server's time stands beside that of writing the same JSON with orjson, the page's beside a
plain page that draws every card, in the same browser, as boards without virtualisation do.
"""

import argparse
import json
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from bench.board_page import Look, browser, look
from bench.document import median, show
from bench.incremental import change
from bench.process import PAN, Sandbox, environment

EVENTS = 10_000
AT_ONCE = 1000
RUNS = 5


@dataclass(frozen=True)
class Board:
    """A running `pan up`."""

    ready: dict[str, Any]

    def get(self, path: str) -> bytes:
        """Ask as a script does."""
        request = urllib.request.Request(  # noqa: S310 - our own loopback address
            self.ready["url"] + path, headers={"Authorization": f"Bearer {self.ready['token']}"}
        )
        with urllib.request.urlopen(request) as reply:  # noqa: S310
            return bytes(reply.read())

    def post(self, path: str) -> None:
        """Ask for something to happen."""
        request = urllib.request.Request(  # noqa: S310
            self.ready["url"] + path,
            method="POST",
            headers={"Authorization": f"Bearer {self.ready['token']}", "Content-Length": "0"},
        )
        urllib.request.urlopen(request).close()  # noqa: S310

    def rss_mb(self) -> float:
        """Read the server's resident memory."""
        status = Path(f"/proc/{self.ready['pid']}/status").read_text(encoding="ascii")
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024


@contextmanager
def running(env: dict[str, str], folder: Path) -> Iterator[Board]:
    """Run `pan up` in a process of its own until it answers."""
    argv = [*PAN, "up", "--port", "0", "--no-open", "--json"]
    with subprocess.Popen(argv, env=env, cwd=folder, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield Board(json.loads(process.stdout.readline()))
        finally:
            process.terminate()


def timed(ask: Any) -> tuple[float, bytes]:
    """Give seconds and the answer."""
    start = time.perf_counter()
    body = ask()
    return time.perf_counter() - start, body


def settled(board: Board, wanted: int) -> None:
    """Wait until the board has its items."""
    for _ in range(600):
        health = json.loads(board.get("/api/health"))
        if all(source["ok_at"] and not source["syncing"] for source in health["sources"]):
            total = json.loads(board.get("/api/board"))["total"]
            if total >= wanted:
                return
        time.sleep(0.5)
    raise SystemExit("the board was never whole")


def served(board: Board) -> dict[str, Any]:
    """Measure the server alone."""
    runs = [timed(lambda: board.get("/api/board")) for _ in range(RUNS)]
    body = runs[-1][1]
    answer = orjson.loads(body)
    since = f"/api/board?since={answer['seq']}&epoch={answer['epoch']}"
    delta = [timed(lambda: board.get(since)) for _ in range(RUNS)]
    words = ("add", "session", "token", "error", "page")
    matches = [timed(lambda w=word: board.get(f"/api/board/matches?q={w}")) for word in words]
    dump = [timed(lambda: orjson.dumps(answer))[0] for _ in range(RUNS)]
    return {
        "cards": len(answer["cards"]),
        "board_bytes": len(body),
        "board_s": [round(seconds, 4) for seconds, _ in runs],
        "delta_s": [round(seconds, 4) for seconds, _ in delta],
        "delta_bytes": len(delta[0][1]),
        "matches_s": [round(seconds, 4) for seconds, _ in matches],
        "dump_s": [round(seconds, 4) for seconds in dump],
        "rss_mb": round(board.rss_mb(), 1),
    }


def figures_of(raw: dict[str, Any]) -> dict[str, Any]:
    """Draw the figures from the raw values of one size."""
    server, page, plain = raw["server"], raw["page"], raw["plain"]
    return {
        "cards": server["cards"],
        "server_board_s": median(server["board_s"]),
        "server_board_to_dump": round(median(server["board_s"]) / median(server["dump_s"]), 2),
        "server_delta_s": median(server["delta_s"]),
        "server_matches_s": median(server["matches_s"]),
        "board_mb": round(server["board_bytes"] / 1e6, 2),
        "first_contentful_paint_s": round(page["fcp_ms"] / 1000, 3),
        "painted_s": round(page["painted_ms"] / 1000, 3),
        "painted_to_plain": round(page["painted_ms"] / plain["painted_ms"], 3),
        "filter_ms": median(page["filter_ms"]),
        "drag_ms": median(page["drag_ms"]),
        "scroll_p95_ms": page["scroll_p95_ms"],
        "scroll_p95_to_idle": round(page["scroll_p95_ms"] / page["idle_p95_ms"], 2),
        "lanes_scroll_p95_ms": page["lanes_p95_ms"],
        "list_scroll_p95_ms": page["list_p95_ms"],
        "plain_scroll_p95_ms": plain["scroll_p95_ms"],
        "heap_mb": page["heap_mb"],
        "plain_heap_mb": plain["heap_mb"],
    }


def after_events(board: Board, sandbox: Sandbox, page: Look, rounds: int) -> dict[str, Any]:
    """Let items change under an open page, a thousand at a time."""
    before, first = board.rss_mb(), seq_of(board)
    for _ in range(rounds):
        seq = seq_of(board)
        change(sandbox, AT_ONCE)
        board.post("/api/sync")
        for _ in range(120):
            time.sleep(0.5)
            if synced_since(board, seq):
                break
    return {
        "events": seq_of(board) - first,
        "server_rss_before_mb": round(before, 1),
        "server_rss_mb": round(board.rss_mb(), 1),
        "page_heap_mb": page.heap_mb(),
        "page_seq_behind": page.behind(seq_of(board)),
    }


def seq_of(board: Board) -> int:
    """Give the number of the last event."""
    return int(json.loads(board.get("/api/health"))["seq"])


def synced_since(board: Board, seq: int) -> bool:
    """Tell whether a sync has ended after an event."""
    health = json.loads(board.get("/api/health"))
    return health["seq"] > seq and not any(source["syncing"] for source in health["sources"])


def main(words: argparse.Namespace) -> None:
    """Measure each size, then the idle cost and many events at the smallest."""
    sizes = [words.stories] if words.stories else ([300] if words.quick else [5000, 20_000])
    raw: dict[str, Any] = {}
    for size in sizes:
        with Sandbox(size, words.seed) as sandbox, tempfile.TemporaryDirectory() as folder:
            env = environment(Path(folder), **sandbox.settings(), PAN_POLL_SECONDS="3600")
            with running(env, Path(folder)) as board, browser() as chromium:
                settled(board, size)
                sandbox.requests()
                board.post("/api/sync")
                time.sleep(5)
                idle = sandbox.requests()["count"]
                server = served(board)
                page = look(chromium, str(board.ready["open_url"]))
                raw[str(size)] = {
                    "server": server,
                    "page": page.measured(),
                    "plain": page.plain(server["cards"]),
                    "idle_requests_a_poll": idle,
                }
                if size == sizes[0]:
                    rounds = 1 if words.quick else EVENTS // AT_ONCE
                    raw["events"] = after_events(board, sandbox, page, rounds)
    figures = {name: figures_of(found) for name, found in raw.items() if name != "events"}
    figures["after_events"] = raw["events"]
    figures["idle_requests_a_poll"] = {
        name: found["idle_requests_a_poll"] for name, found in raw.items() if name != "events"
    }
    show("board", figures, raw, words.seed)
