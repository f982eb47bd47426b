"""Claims over HTTP: a team at its boards, one arbiter."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from panopticon.config import Source
from panopticon.local.git import clone
from panopticon.model.claim import Ask, Claim
from panopticon.model.event import EventKind
from panopticon.model.here import Here
from panopticon.model.issue import State
from panopticon.model.queued import Queued
from panopticon.model.ref import IssueRef
from panopticon.services.claim import desk as claim_desk
from panopticon.services.server.session import session
from panopticon.web import examples_claim
from panopticon.web.app import make_app
from panopticon.web.guard import Security
from tests.claims.office import START, Office
from tests.web.claims import on_clock

Client = Callable[..., TestClient]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = Office(tmp_path)
    on_clock(office.store, office.clock)
    return office


@pytest.fixture
def client(office: Office) -> Iterator[Client]:
    """Open somebody's board; `place` is another folder of the same person."""
    with ExitStack() as open_clients:

        def opened(who: str, place: str = "", **settings: Any) -> TestClient:
            ctx = office.desk(who, place).ctx
            source = Source("rally", "rally", secret="good")
            ctx.config = replace(ctx.config, **{"sources": (source,), **settings})
            door = session(office.root / f"{who}{place}", office.clock)
            app = make_app(ctx, Security(door, 3011))
            headers = {"Authorization": f"Bearer {door.token}"}
            made = TestClient(
                app,
                base_url="http://127.0.0.1:3011",
                headers=headers,
                raise_server_exceptions=False,
            )
            return open_clients.enter_context(made)

        yield opened


def ask(client: TestClient, key: str, verb: str, status: int = 200, **more: Any) -> dict[str, Any]:
    answer = client.post("/api/claim", json={"ref": key, "verb": verb, **more})
    assert answer.status_code == status, answer.text
    return dict(answer.json())


@pytest.mark.requirement("web:claim:verbs")
def test_a_story_is_taken_renewed_and_given_back(office: Office, client: Client) -> None:
    key, ann = office.story("Sign in"), client("ann")
    taken = ask(ann, key, "checkout", hours=2)
    assert (taken["holder"], taken["fence"]) == ("ann@example.com", 1)
    assert taken["expires_at"] == "2026-11-21T11:00:00+00:00"
    assert taken["item"]["lease"]["holder"]["id"] == "ann@example.com"
    assert taken["item"]["state"] == "in_progress"
    assert taken["seq"] == office.store.last_event()
    assert ask(ann, key, "renew")["expires_at"] == "2026-11-22T09:00:00+00:00"
    back = ask(ann, key, "release")
    assert (back["released"], back["item"]["lease"]) == (True, None)
    assert back["notes"] == ["Status updated: In-Progress → Defined"]  # no branch was made
    assert ask(client("bob"), key, "checkout")["fence"] == 2


@pytest.mark.requirement("web:claim:verbs")
def test_taking_over_needs_a_reason(office: Office, client: Client) -> None:
    key = office.story()
    ask(client("ann"), key, "checkout")
    bob = client("bob")
    assert ask(bob, key, "steal", 400)["error"] == "invalid"
    assert office.tracker.get(key).lease.holder == "ann@example.com"  # type: ignore[union-attr]
    taken = ask(bob, key, "steal", reason="Ann is away this week.")
    assert (taken["holder"], taken["fence"]) == ("bob@example.com", 2)
    assert taken["item"]["lease"]["holder"]["name"] == "Bob"


@pytest.mark.requirement("web:claim:no-branch")
def test_the_board_makes_no_branch_but_names_it(office: Office, client: Client) -> None:
    key = office.story("Add a profile page")
    assert ask(client("ann"), key, "checkout")["branch"] == f"story/US-{key[2:]}-add-a-profile-page"
    assert clone.branch(office.repository("ann")) == "main"
    assert not clone.has_branch(office.repository("ann"), f"story/US-{key[2:]}-add-a-profile-page")


@pytest.mark.requirement("web:claim:locked")
def test_who_comes_second_hears_who_has_it_and_what_is_free(office: Office, client: Client) -> None:
    key, free = office.story("Sign in"), office.story("Sign out", steps=6)
    ask(client("ann"), key, "checkout")
    office.later(minutes=10)
    told = ask(client("bob"), key, "checkout", 409)
    assert told["error"] == "locked"
    assert (told["holder"], told["locked_at"]) == ("ann@example.com", START.isoformat())
    assert told["expires_at"] == "2026-11-22T09:00:00+00:00"
    assert [(one["ref"], one["title"], one["why"]) for one in told["alternatives"]] == [
        (free, "Sign out", "similar complexity")
    ]
    assert told["hint"]


@pytest.mark.requirement("web:claim:in-the-way")
def test_what_waits_is_refused_and_taken_when_told(office: Office, client: Client) -> None:
    first = office.story("One")
    key, ann = office.story("Two", blocked_by=[first]), client("ann")
    told = ask(ann, key, "checkout", 409)
    assert told["error"] == "blocked"
    assert first in told["message"]
    assert "holder" not in told
    assert ask(ann, key, "checkout", blocked=True)["fence"] == 1


@pytest.mark.requirement("web:claim:elsewhere")
def test_ones_own_claim_of_another_folder_is_taken_over_with_resume(
    office: Office, client: Client
) -> None:
    key = office.story()
    ask(client("ann"), key, "checkout")
    laptop = client("ann", "-laptop")
    told = ask(laptop, key, "checkout", 409)
    assert (told["error"], told["holder"]) == ("locked", "ann@example.com")
    assert ask(laptop, key, "resume")["fence"] == 2


@pytest.mark.requirement("web:claim:nobody")
@pytest.mark.parametrize("verb", ["checkout", "release", "renew", "resume"])
def test_where_nobody_decides_that_is_said(office: Office, client: Client, verb: str) -> None:
    told = ask(client("ann", arbiter=None), office.story(), verb, 400)
    assert told["error"] == "invalid"
    assert "pan init" in told["hint"]
    assert client("ann", arbiter=None).get("/api/locks").status_code == 400


@pytest.mark.requirement("web:claim:locks")
def test_the_locks_are_those_of_the_terminal(office: Office, client: Client) -> None:
    key, ann = office.story(), client("ann")
    assert ann.get("/api/locks").json() == []
    ask(ann, key, "checkout")
    [held] = ann.get("/api/locks").json()
    assert {"story", "holder", "fence", "locked_at", "expires_at", "branch", "arbiter"} <= {*held}
    assert (held["story"], held["fence"]) == (key, 1)
    office.later(hours=25)
    assert ann.get("/api/locks").json() == []


class Slow:
    """An arbiter far away."""

    name = "git:far"

    def __init__(self, now: Callable[[], Any]) -> None:
        self.now = now

    def read(self, _key: str) -> None:
        time.sleep(1.5)

    def records(self) -> list[Claim]:
        time.sleep(1.5)
        return []

    def ask(self, ask: Ask) -> Claim:
        time.sleep(1.5)
        return Claim(ask.key, ask.holder, ask.session, 1, START, START, ask.branch)


@pytest.mark.requirement("web:claim:slow")
def test_a_slow_arbiter_keeps_nobody_waiting(
    office: Office, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, ann = office.story(), client("ann")
    monkeypatch.setattr(claim_desk, "arbiter_of", lambda _ctx: Slow(office.clock))
    ended: list[str] = []
    with ThreadPoolExecutor(2) as pool:
        claims = pool.submit(ask, ann, key, "checkout")
        claims.add_done_callback(lambda _: ended.append("claim"))
        time.sleep(0.3)
        assert ann.get("/api/board").status_code == 200
        ended.append("board")
        claims.result()
    assert ended == ["board", "claim"]


@pytest.mark.requirement("web:claim:asked")
@pytest.mark.parametrize(
    "odd",
    [
        {"verb": "seize"},
        {"hours": 0},
        {"hours": 10_000},
        {"hours": "2"},
        {"reason": "x" * 2001},
        {"blocked": "yes"},
        {"as": "bob@example.com"},
        {"ref": ""},
    ],
)
def test_odd_requests_are_refused(office: Office, client: Client, odd: dict[str, Any]) -> None:
    key = office.story()
    asked = {"ref": key, "verb": "checkout", **odd}
    assert client("ann").post("/api/claim", json=asked).status_code == 400
    assert office.tracker.get(key).lease is None


@pytest.mark.requirement("web:claim:head")
def test_the_board_says_who_decides_without_the_address(office: Office, client: Client) -> None:
    secret = "git:https://ann:hunter2@example.com/team.git"
    ann = client("ann", arbiter=secret, warn_minutes=30.0)
    text = ann.get("/api/board").text
    assert "hunter2" not in text
    assert ann.get("/api/board").json()["claims"] == {
        "arbiter": "git",
        "lock_hours": 24.0,
        "warn_minutes": 30.0,
    }
    assert client("bob", arbiter=None).get("/api/board").json()["claims"]["arbiter"] is None


@pytest.mark.requirement("web:claim:head")
def test_the_board_tells_what_waits_to_be_written(office: Office, client: Client) -> None:
    key, ann = office.story(), client("ann")
    before = ann.get("/api/board")
    ref = IssueRef("rally", key)
    write = Queued(
        ref,
        "ann@example.com",
        START,
        "Defined",
        START,
        State.IN_REVIEW,
        {"coverage": 91.0},
        "Done.",
        error="rally does not answer.",
    )
    office.store.queue(write)
    office.store.queue(replace(write, ref=IssueRef("elsewhere", "X1")))
    office.store.log(EventKind.QUEUED, ref, {}, START)
    after = ann.get("/api/board", headers={"If-None-Match": before.headers["ETag"]})
    assert after.json()["waiting"] == [
        {
            "ref": f"rally:{key}",
            "key": key,
            "source": "rally",
            "state": "in_review",
            "fields": ["coverage"],
            "remarks": True,
            "at": START.isoformat(),
            "by": "ann@example.com",
            "tries": 0,
            "error": "rally does not answer.",
        }
    ]


@pytest.mark.requirement("web:claim:here-only")
def test_a_card_says_when_only_we_keep_its_column(office: Office, client: Client) -> None:
    key, ann = office.story(), client("ann")
    ref = IssueRef("rally", key)
    known = office.store.issue(ref)
    assert known
    office.store.keep_here(ref, Here(None, State.IN_REVIEW, known.native_state, known.state), START)
    card = next(one for one in ann.get("/api/board").json()["cards"] if one["key"] == key)
    assert (card["state"], card["here_only"]) == ("in_review", True)
    office.store.keep_here(ref, None, START)
    item = ann.get("/api/item", params={"ref": key}).json()
    assert (item["state"], item["here_only"]) == ("backlog", False)


@pytest.mark.requirement("web:claim:fence")
def test_an_item_tells_the_fence_that_its_tracker_cannot_show(
    office: Office, client: Client
) -> None:
    key, ann = office.story(), client("ann")
    ask(ann, key, "checkout")
    stored = office.store.issue(IssueRef("rally", key))
    assert stored
    assert stored.lease
    lease = replace(stored.lease, fence=None)
    office.store.put(replace(stored, lease=lease), START)

    def fence() -> object:
        return ann.get("/api/item", params={"ref": key}).json()["lease"]["fence"]

    assert fence() == 1
    for other in (replace(lease, arbiter=""), replace(lease, holder="bob@example.com")):
        office.store.put(replace(stored, lease=other), START)
        assert fence() is None


@pytest.mark.requirement("web:claim:described")
def test_the_description_shows_claims_as_they_are(office: Office, client: Client) -> None:
    key, ann = office.story(), client("ann")
    taken = ask(ann, key, "checkout")
    [held] = ann.get("/api/locks").json()
    refused = ask(client("bob"), key, "checkout", 409)
    assert examples_claim.CLAIMED.keys() <= taken.keys()
    assert taken["item"].keys() == examples_claim.CLAIMED["item"].keys()  # type: ignore[attr-defined]
    assert examples_claim.LOCKS[0].keys() <= held.keys()
    assert examples_claim.LOCKED.keys() <= refused.keys()
    paths = ann.get("/api/openapi.json").json()["paths"]
    assert paths["/api/claim"]["post"]["tags"] == ["Items"]
    locks = paths["/api/locks"]["get"]["responses"]["200"]["content"]["application/json"]
    assert locks["schema"]["type"] == "array"
    assert locks["example"] == examples_claim.LOCKS
    locked = paths["/api/claim"]["post"]["responses"]["409"]["content"]["application/json"]
    assert locked["example"]["error"] == "locked"


@pytest.mark.requirement("web:claim:guarded")
def test_what_another_holds_is_moved_only_when_told(office: Office, client: Client) -> None:
    key, bob = office.story(), client("bob")
    ask(client("ann"), key, "checkout")
    asked = {"ref": key, "state": "in_review"}
    told = bob.post("/api/item/move", json=asked)
    assert (told.status_code, told.json()["error"]) == (409, "locked")
    assert told.json()["holder"] == "ann@example.com"
    edit = {"ref": key, "fields": {"state": "in_review"}}
    assert bob.patch("/api/item", json=edit).status_code == 409
    assert office.state(key) is State.IN_PROGRESS
    assert bob.patch("/api/item", json={"ref": key, "fields": {"title": "New"}}).status_code == 200
    assert bob.post("/api/item/move", json={**asked, "claim": "no"}).status_code == 400
    assert bob.post("/api/item/move", json={**asked, "claim": "ignore"}).status_code == 200
    assert office.state(key) is State.IN_REVIEW
    assert client("ann").post("/api/item/move", json=asked).status_code == 200


@pytest.mark.requirement("web:claim:guarded")
def test_where_nobody_decides_a_lock_is_only_shown(office: Office, client: Client) -> None:
    key = office.story()
    ask(client("ann"), key, "checkout")
    asked = {"ref": key, "state": "in_review"}
    assert client("bob", arbiter=None).post("/api/item/move", json=asked).status_code == 200
