"""Claims: seeded schedules of the three arbiters over modelled ports, and the one that is wrong."""

import argparse
import time

from bench.document import show
from tests.claims.modelled import ARBITERS, read_back


def main(words: argparse.Namespace) -> None:
    """Explore: `--stories` is the number of schedules of each arbiter (100,000)."""
    count = words.stories or (500 if words.quick else 100_000)
    raw: dict[str, object] = {}
    figures: dict[str, object] = {"schedules_each": count}
    for name, explore in {**ARBITERS, "assign_and_read_back": read_back}.items():
        begun = time.perf_counter()
        wrong = [seed for seed in range(words.seed, words.seed + count) if explore(seed)]
        seconds = time.perf_counter() - begun
        raw[name] = {"seconds": round(seconds, 2), "broken_seeds": wrong[:100]}
        figures[f"{name}_broken"] = len(wrong)
    show("claims", figures, raw, words.seed)
