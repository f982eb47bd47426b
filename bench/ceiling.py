"""How fast the sandbox alone serves the pages that a sync reads: the bound of the whole bench."""

import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import httpx2

from bench.pyral_reader import STORY, TASK

PAGE = 2000
THREADS = 12


def fetch(client: httpx2.Client, job: tuple[str, str, int, str]) -> int:
    """Read one page and throw it away; returns its bytes."""
    kind, fields, start, project = job
    query = urlencode(
        {
            "fetch": fields,
            "pagesize": PAGE,
            "start": start,
            "order": "ObjectID",
            "project": f"/project/{project}",
            "projectScopeDown": "true",
        }
    )
    reply = client.get(f"/slm/webservice/v2.0/{kind}?{query}")
    return len(reply.content)


def main() -> None:
    """Read every page of both types, twelve at a time."""
    rally = json.loads(os.environ["SANDBOX"])  # noqa: TID251
    counts = json.loads(sys.argv[1])
    project = rally["project"]["oid"]
    jobs = [
        (kind, fields, start, str(project))
        for kind, fields, count in (
            ("hierarchicalrequirement", STORY, counts["stories"]),
            ("task", TASK, counts["tasks"]),
        )
        for start in range(1, count + 1, PAGE)
    ]
    headers = {"ZSESSIONID": rally["api_key"]}
    with httpx2.Client(base_url=rally["url"], headers=headers, timeout=120) as client:
        started = time.perf_counter()
        with ThreadPoolExecutor(THREADS) as pool:
            sizes = list(pool.map(lambda job: fetch(client, job), jobs))
        seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, "requests": len(jobs), "bytes": sum(sizes)}))


if __name__ == "__main__":
    main()
