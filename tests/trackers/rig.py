"""A Rally that answers as a test says: the real adapter over a transport without a socket."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import httpx2

from panopticon.config import Source
from panopticon.trackers.http import HttpClient, Policy, Wait
from panopticon.trackers.notes import Notes
from panopticon.trackers.rally.settings import settings_from
from panopticon.trackers.rally.tracker import RallyTracker, door_for, policy_for

KEY = "_secretKey123"
DATE = "Sat, 21 Nov 2026 09:00:00 GMT"
BASE = "http://localhost:1/slm/webservice/v2.0"
Handler = Callable[[httpx2.Request], httpx2.Response]


@dataclass
class Rig:
    """The tracker, what it asked, how it waited."""

    tracker: RallyTracker
    requests: list[httpx2.Request]
    slept: list[float]
    waits: list[Wait]

    def asked(self, path: str, method: str = "GET") -> list[httpx2.Request]:
        """List the requests to a path."""
        return [r for r in self.requests if r.url.path.endswith(path) and r.method == method]


def rig(handler: Handler, notes: Notes | None = None, **options: object) -> Rig:
    """Build a tracker over a handler; waits take no time."""
    requests: list[httpx2.Request] = []
    slept: list[float] = []
    waits: list[Wait] = []

    def handle(request: httpx2.Request) -> httpx2.Response:
        requests.append(request)
        return handler(request)

    told = {"server": "http://localhost:1", "workspace": "/workspace/5", "project": "7", **options}
    settings = settings_from(Source("rally", "rally", told, KEY))
    policy: Policy = replace(
        policy_for(settings),
        sleep=slept.append,
        jitter=lambda: 1.0,
        monotonic=lambda: 0.0,
        on_wait=waits.append,
    )
    http = HttpClient(door_for(settings), policy, httpx2.MockTransport(handle))
    return Rig(RallyTracker(settings, http, notes), requests, slept, waits)


def reply(wrapper: str, **inner: Any) -> httpx2.Response:
    """Answer as WSAPI does."""
    body = {wrapper: {"Errors": [], "Warnings": [], **inner}}
    return httpx2.Response(200, json=body, headers={"Date": DATE})


def rows(*found: dict[str, Any], total: int | None = None) -> httpx2.Response:
    """Answer a query."""
    count = len(found) if total is None else total
    return reply(
        "QueryResult", TotalResultCount=count, StartIndex=1, PageSize=20, Results=list(found)
    )


def errors(*texts: str, wrapper: str = "QueryResult") -> httpx2.Response:
    """Answer 200 with Errors."""
    return reply(wrapper, Errors=list(texts), TotalResultCount=0, Results=[])


def story(oid: int, **fields: Any) -> dict[str, Any]:
    """Write a story as a query gives it."""
    return {
        "_ref": f"{BASE}/hierarchicalrequirement/{oid}",
        "_type": "HierarchicalRequirement",
        "ObjectID": oid,
        "FormattedID": f"US{oid}",
        "VersionId": "1",
        "Name": f"Story {oid}",
        "ScheduleState": "Defined",
        "CreationDate": "2026-11-01T00:00:00.000Z",
        "LastUpdateDate": "2026-11-20T00:00:00.000Z",
        "Project": {"_ref": f"{BASE}/project/7", "Name": "P", "ObjectID": 7},
        **fields,
    }


def page_of(found: Sequence[dict[str, Any]], request: httpx2.Request) -> httpx2.Response:
    """Cut the asked page out of a list."""
    start, size = int(request.url.params["start"]), int(request.url.params["pagesize"])
    return rows(*found[start - 1 : start - 1 + size], total=len(found))
