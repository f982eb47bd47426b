"""Full sync against a sandbox with latency, in the same run as pyral reading the same fields."""

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

from bench.document import median, show
from bench.process import PAN, PYTHON, Run, Sandbox, environment, run

GUIDE_STORIES = 500


def ours(sandbox: Sandbox) -> tuple[Run, dict[str, Any]]:
    """Sync from nothing: connect, read, store, index, write the cache.

    The folder goes with the sandbox: after 10,000 deletions ext4 looks at each deleted inode for
    minutes before it makes a new file near them (0.5 ms a file instead of 0.03).
    """
    folder = Path(tempfile.mkdtemp(dir=sandbox.home.name))
    result = run([*PAN, "sync", "--json"], environment(folder, **sandbox.settings()), folder)
    return result, json.loads(result.out)


def program(sandbox: Sandbox, *words: str) -> tuple[Run, dict[str, Any]]:
    """Run one of the reading programs beside this file."""
    with tempfile.TemporaryDirectory() as folder:
        env = environment(Path(folder), SANDBOX=json.dumps(sandbox.rally))
        result = run([PYTHON, "-m", *words], env, Path.cwd())
    return result, json.loads(result.out)


def at_latency(sandbox: Sandbox, latency: int, runs: int, guide: int) -> dict[str, Any]:
    """Measure everything at one latency, the readers in turn so that drift hits all alike."""
    sandbox.admin("POST", "/faults", {"latency_ms": latency})
    raw: dict[str, list[dict[str, Any]]] = {"pan": [], "bulk": [], "guide": [], "ceiling": []}
    for _ in range(runs):
        sandbox.requests()
        result, report = ours(sandbox)
        counted = sandbox.requests()
        raw["pan"].append({**result.figures(), **_numbers(report), "requests": counted["count"]})
        result, counts = program(sandbox, "bench.pyral_reader", "bulk")
        raw["bulk"].append({**result.figures(), **counts, "requests": sandbox.requests()["count"]})
        result, bound = program(sandbox, "bench.ceiling", json.dumps(counts))
        raw["ceiling"].append({**bound, "objects": sum(counts.values())})
    result, counts = program(sandbox, "bench.pyral_reader", "guide", str(guide))
    raw["guide"].append({**result.figures(), **counts, "requests": sandbox.requests()["count"]})
    return raw


def _numbers(report: dict[str, Any]) -> dict[str, Any]:
    """Keep what the report counted."""
    tracker = report["trackers"][0]
    return {name: tracker[name] for name in ("fetched", "bytes", "seconds")}


def figures(raw: dict[str, Any], stories: int) -> dict[str, Any]:
    """Compare per latency; the guide's reading is extrapolated from its stories to all."""
    pan = median([r["wall_s"] for r in raw["pan"]])
    bulk = median([r["wall_s"] for r in raw["bulk"]])
    guide = raw["guide"][0]["wall_s"] / raw["guide"][0]["stories"]
    ceiling = median([r["seconds"] for r in raw["ceiling"]])
    objects = raw["ceiling"][0]["objects"]
    return {
        "pan_s": round(pan, 3),
        "pyral_bulk_s": round(bulk, 3),
        "pyral_guide_s_per_story": round(guide, 5),
        "pyral_guide_s_extrapolated": round(guide * stories, 1),
        "times_faster_than_guide": round(guide * stories / pan, 1),
        "times_faster_than_bulk": round(bulk / pan, 2),
        "sandbox_ceiling_s": round(ceiling, 3),
        "sandbox_objects_per_s": round(objects / ceiling),
    }


def main(words: argparse.Namespace) -> None:
    """Run at every latency and print the document."""
    stories = words.stories or (500 if words.quick else 10_000)
    runs, guide = (1, 100) if words.quick else (3, GUIDE_STORIES)
    raw = {}
    with Sandbox(stories, words.seed) as sandbox:
        for latency in (0,) if words.quick else (0, 20, 50):
            raw[f"{latency}_ms"] = at_latency(sandbox, latency, runs, guide)
    compared = {latency: figures(values, stories) for latency, values in raw.items()}
    show("sync", {"stories": stories, **compared}, raw, words.seed)
