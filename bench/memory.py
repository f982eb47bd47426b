"""Peak memory of a first sync and of a list, at about 50,000 items."""

import argparse
import json
import tempfile
from pathlib import Path

from bench.document import show
from bench.process import PAN, PYTHON, Sandbox, environment, run


def main(words: argparse.Namespace) -> None:
    """Sync and list, each a process of its own, beside a bare interpreter."""
    stories = words.stories or (500 if words.quick else 10_000)
    with Sandbox(stories, words.seed) as sandbox, tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        env = environment(home, **sandbox.settings())
        bare = run([PYTHON, "-c", "pass"], env, home)
        synced = run([*PAN, "sync", "--json"], env, home)
        listed = run([*PAN, "work", "list", "--json"], env, home)
    fetched = json.loads(synced.out)["trackers"][0]["fetched"]
    figures = {
        "items": fetched,
        "sync_peak_mb": round(synced.peak_mb, 1),
        "list_peak_mb": round(listed.peak_mb, 1),
        "bare_python_mb": round(bare.peak_mb, 1),
    }
    raw = {"sync": synced.figures(), "list": listed.figures(), "bare": bare.figures()}
    show("memory", figures, raw, words.seed)
