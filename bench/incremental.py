"""What a sync costs when nothing, or little, has changed."""

import argparse
import json
import tempfile
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from bench.document import show
from bench.process import PAN, Sandbox, environment, run

CHANGES = 100


def change(sandbox: Sandbox, count: int) -> None:
    """Rename `count` stories over the wire, as somebody else would."""
    rally = sandbox.rally
    base = f"{rally['url']}/slm/webservice/v2.0"
    headers = {"ZSESSIONID": rally["api_key"], "Content-Type": "application/json"}

    def ask(url: str, body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, data=data, headers=headers)  # noqa: S310
        with urllib.request.urlopen(request) as reply:  # noqa: S310
            return json.loads(reply.read())

    project = rally["project"]["oid"]
    found = ask(
        f"{base}/hierarchicalrequirement?fetch=ObjectID&pagesize={count}"
        f"&project=/project/{project}&projectScopeDown=true&order=ObjectID"
    )

    def rename(item: dict[str, Any]) -> None:
        url = f"{base}/hierarchicalrequirement/{item['ObjectID']}"
        ask(url, {"HierarchicalRequirement": {"Name": f"{item['_refObjectName']} (reworded)"}})

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(rename, found["QueryResult"]["Results"]))


def main(words: argparse.Namespace) -> None:
    """Sync whole, then with no change, then with a hundred."""
    stories = words.stories or (500 if words.quick else 10_000)
    raw: dict[str, Any] = {}
    with Sandbox(stories, words.seed) as sandbox, tempfile.TemporaryDirectory() as folder:
        env = environment(Path(folder), **sandbox.settings())

        def sync(name: str) -> None:
            sandbox.requests()
            result = run([*PAN, "sync", "--json"], env, Path(folder))
            counted = sandbox.requests()
            tracker = json.loads(result.out)["trackers"][0]
            raw[name] = {
                **result.figures(),
                "requests": counted["count"],
                "bytes": counted["bytes_out"],
                "paths": counted["by_path"],
                "changed": tracker["changed"],
                "fetched": tracker["fetched"],
            }

        sync("full")
        sync("settling")  # inside the lag window the newest items come once more
        sync("no_change")
        change(sandbox, CHANGES)
        sync("hundred_changes")
    full = raw["full"]
    figures = {
        "stories": stories,
        "no_change_requests": raw["no_change"]["requests"],
        "no_change_s": raw["no_change"]["wall_s"],
        "no_change_share_of_bytes": round(raw["no_change"]["bytes"] / full["bytes"], 5),
        "hundred_changes_requests": raw["hundred_changes"]["requests"],
        "hundred_changes_s": raw["hundred_changes"]["wall_s"],
        "hundred_changes_share_of_bytes": round(raw["hundred_changes"]["bytes"] / full["bytes"], 5),
    }
    show("incremental", figures, raw, words.seed)
