"""`python -m bench` lists the benches; `python -m bench NAME [--quick] [--seed S]` runs one."""

import argparse
import importlib

BENCHES = {
    "sync": "full sync of 10,000 stories + tasks at 0/20/50 ms, beside pyral (guide and bulk)",
    "incremental": "no-change and 100-change sync: requests, bytes, seconds",
    "start": "start of `pan --help` and `pan work list` on 1,000 items",
    "board": "5,000 and 20,000 items: server, bytes, paint, filter, drag, frames, memory",
    "claims": "schedules of the arbiters explored; assign-and-read-back beside them",
    "race": "50 processes race checkout of 200 stories: git, SQLite, Rally, read-back beside them",
    "stories": "story files of ten public repositories: fields found, bytes kept (--root CLONES)",
    "search": "40 queries on 20,000 items, beside a scan of every text",
    "memory": "peak memory of a sync and of reading 50,000 items",
}


def main() -> None:
    """Parse the words and run."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("name", nargs="?", choices=list(BENCHES))
    parser.add_argument(
        "--quick", action="store_true", help="small sizes, one run: shows that it works"
    )
    parser.add_argument("--seed", type=int, default=17)
    parser.add_argument("--stories", type=int, default=None)
    parser.add_argument("--processes", type=int, default=None, help="race: how many sessions")
    parser.add_argument("--only", help="race: one arbiter (git, store, rally, …)")
    parser.add_argument("--root", help="stories: the folder that holds the clones")
    parser.add_argument("--labels", help="stories: a file of story numbers read by a person")
    words = parser.parse_args()
    if words.name is None:
        for name, sentence in BENCHES.items():
            print(f"{name:12} {sentence}")
        return
    importlib.import_module(f"bench.{words.name}").main(words)


if __name__ == "__main__":
    main()
