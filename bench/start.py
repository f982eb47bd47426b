"""How long the terminal makes one wait."""

import argparse
import json
import tempfile
from pathlib import Path

from bench.document import median, show
from bench.process import PAN, PYTHON, Sandbox, environment, run

ITEMS = 1000


def main(words: argparse.Namespace) -> None:
    """Time the commands in turn with a bare import of click, pair by pair."""
    runs = 3 if words.quick else 15
    raw: dict[str, list[float]] = {"bare_click": [], "help": [], "work_list": []}
    with Sandbox(1000, words.seed) as sandbox, tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        env = environment(home, **sandbox.settings())
        run([*PAN, "sync", "--json"], env, home)
        listed = run([*PAN, "work", "list", "--json", "--limit", str(ITEMS)], env, home)
        items = len(json.loads(listed.out))
        pan = str(Path(PYTHON).with_name("pan"))
        commands = {
            "bare_click": [PYTHON, "-c", "import click"],
            "help": [pan, "--help"],
            "work_list": [pan, "work", "list", "--json", "--limit", str(ITEMS)],
        }
        for argv in commands.values():
            run(argv, env, home)
        for _ in range(runs):
            for name, argv in commands.items():
                raw[name].append(round(run(argv, env, home).wall, 4))
    ratios = [a / b for a, b in zip(raw["help"], raw["bare_click"], strict=True)]
    figures = {
        "items": items,
        "bare_click_s": median(raw["bare_click"]),
        "help_s": median(raw["help"]),
        "help_over_bare_click": round(median(ratios), 2),
        "work_list_s": median(raw["work_list"]),
    }
    show("start", figures, raw, words.seed)
