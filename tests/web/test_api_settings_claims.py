"""The settings of claims over HTTP: shown, changed at once, refused by name; who decides is not."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from panopticon.services.server.session import Session
from panopticon.store.base import Store
from tests.web.test_api_settings import Desk

CLAIMS: dict[str, object] = {
    "lock_hours": 8,
    "max_locks": 2,
    "warn_minutes": 0,
    "skew_minutes": 5,
    "leads": ["ann@example.com", "ben@example.com"],
    "auto_sync": True,
    "main_branch": "trunk",
}
DEFAULTS: dict[str, object] = {
    "arbiter": None,
    "lock_hours": 24,
    "max_locks": 0,
    "warn_minutes": 60,
    "skew_minutes": 10,
    "leads": [],
    "auto_sync": False,
    "main_branch": None,
}


@pytest.fixture
def desk(tmp_path: Path, store: Store, door: Session) -> Iterator[Desk]:
    made = Desk(tmp_path, store, door)
    yield made
    made.poller.stop()


@pytest.mark.requirement("claim-config:page")
def test_they_change_at_once_and_null_is_the_default(desk: Desk) -> None:
    found = desk.ask("GET", "/api/settings")[1]
    assert {name: found[name] for name in DEFAULTS} == DEFAULTS
    status, found = desk.ask("PATCH", "/api/settings", **CLAIMS)
    assert status == 200
    assert {name: found[name] for name in CLAIMS} == CLAIMS
    read = desk.read()
    assert (read.lock_hours, list(read.leads), read.auto_sync) == (8.0, CLAIMS["leads"], True)
    assert desk.ctx.config.max_locks == 2
    found = desk.ask("PATCH", "/api/settings", **dict.fromkeys(CLAIMS))[1]
    assert {name: found[name] for name in DEFAULTS} == DEFAULTS


@pytest.mark.requirement("claim-config:page")
@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("lock_hours", 0, "`lock_hours`: 0.0 is not a number from 0.1 to 720"),
        ("max_locks", 1.5, "`max_locks` is a whole number"),
        ("max_locks", 1000, "`max_locks`: 1000 is not a whole number from 0 to 999"),
        ("warn_minutes", 1441, "`warn_minutes`: 1441.0 is not a number from 0 to 1440"),
        ("skew_minutes", -1, "`skew_minutes`: -1.0 is not a number from 0 to 1440"),
        ("leads", [1], "`leads`: 1 is not an email"),
        ("leads", 3, "`leads`: 3 is not a list"),
        ("auto_sync", "perhaps", "`auto_sync`: 'perhaps' is neither"),
        ("main_branch", "-x", "`main_branch`: '-x' is not a branch"),
        ("arbiter", "rally", "arbiter"),
    ],
)
def test_what_is_out_of_bounds_is_refused_by_name(
    desk: Desk, name: str, value: object, said: str
) -> None:
    status, refused = desk.ask("PATCH", "/api/settings", **{name: value})
    assert status == 400
    assert said in refused["message"]
    assert not (desk.home / ".panopticon/config.toml").exists()


@pytest.mark.requirement("claim-config:page", "claim-config:fixed")
def test_what_a_file_of_the_team_decides_is_refused_with_its_name(desk: Desk) -> None:
    (desk.home / ".panopticon.yaml").write_text("arbiter: rally\nlock_hours: 8\n")
    desk.ctx.adopt(desk.read())
    found = desk.ask("GET", "/api/settings")[1]
    assert (found["arbiter"], found["lock_hours"]) == ("rally", 8)
    assert found["fixed_by"] == {"arbiter": ".panopticon.yaml", "lock_hours": ".panopticon.yaml"}
    status, refused = desk.ask("PATCH", "/api/settings", lock_hours=9)
    assert status == 400
    assert "decided by .panopticon.yaml" in refused["message"]
    assert "Change it in .panopticon.yaml" in refused["hint"]
