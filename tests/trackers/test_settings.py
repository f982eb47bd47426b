"""What a Rally source may be told."""

import pytest

from panopticon.config import Source
from panopticon.errors import AuthFailed, InvalidInput
from panopticon.model.issue import State
from panopticon.trackers.rally.settings import Spot, origin_from, settings_from, spot_from
from panopticon.trackers.registry import open_tracker


def source(**options: object) -> Source:
    return Source("rally", "rally", options, "_key")


@pytest.mark.requirement("rally:settings:server")
@pytest.mark.parametrize(
    ("server", "origin"),
    [
        ("rally1.rallydev.com", "https://rally1.rallydev.com"),
        ("https://eu1.rallydev.com/", "https://eu1.rallydev.com"),
        ("https://rally1.rallydev.com/slm/webservice/v2.0", "https://rally1.rallydev.com"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://127.0.0.1:9/", "http://127.0.0.1:9"),
        ("http://[::1]:9", "http://[::1]:9"),
        ("host:8443", "https://host:8443"),
    ],
)
def test_server_is_read_with_and_without_scheme(server: str, origin: str) -> None:
    assert origin_from(server) == origin


@pytest.mark.requirement("rally:settings:server")
@pytest.mark.parametrize(
    "server",
    ["http://rally1.rallydev.com", "ftp://x", "https://me:pw@host", "https://", "a b", "h:x"],
)
def test_a_server_that_leaks_or_makes_no_sense_is_refused(server: str) -> None:
    with pytest.raises(InvalidInput):
        origin_from(server)


@pytest.mark.requirement("rally:settings:server")
def test_plain_http_elsewhere_must_be_allowed() -> None:
    found = settings_from(source(server="http://rally.intra", insecure=True))
    assert found.origin == "http://rally.intra"


@pytest.mark.requirement("rally:settings:places")
@pytest.mark.parametrize(
    ("text", "spot"),
    [
        ("/project/123", Spot(oid="123")),
        ("123", Spot(oid="123")),
        ("https://rally1.rallydev.com/slm/webservice/v2.0/project/123", Spot(oid="123")),
        ("project/123.js", Spot(oid="123")),
        ("DDC-AI", Spot(name="DDC-AI")),
        ("Team 7", Spot(name="Team 7")),
    ],
)
def test_a_project_is_read_in_every_spelling(text: str, spot: Spot) -> None:
    assert spot_from("project", text) == spot


@pytest.mark.requirement("rally:settings:places")
def test_a_workspace_reference_is_no_project() -> None:
    with pytest.raises(InvalidInput):
        spot_from("project", "/workspace/12")


@pytest.mark.requirement("rally:settings:places")
def test_several_projects_come_as_list_or_with_commas() -> None:
    listed = settings_from(source(projects=["1", "A"])).projects
    spelled = settings_from(source(project="1, A")).projects
    assert listed == spelled == (Spot(oid="1"), Spot(name="A"))


@pytest.mark.requirement("rally:settings:unknown")
def test_an_unknown_key_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InvalidInput) as caught:
        settings_from(source(worskpace="1"))
    assert "`worskpace`" in caught.value.message
    assert "`workspace`" in caught.value.hint
    assert "criteria_field" in caught.value.hint


@pytest.mark.requirement("rally:settings:values")
@pytest.mark.parametrize(
    "options",
    [
        {"page_size": 5000},
        {"page_size": "many"},
        {"scope_down": "perhaps"},
        {"states": {"Done": "finished"}},
        {"states": ["x"]},
        {"priorities": {"High": 9}},
        {"defect_state_field": "Mood"},
        {"server": 3.5},
    ],
)
def test_a_wrong_value_is_refused(options: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        settings_from(source(**options))


@pytest.mark.requirement("rally:settings:values")
def test_states_may_differ_by_project() -> None:
    found = settings_from(source(states={"Ready": "planning", "Team A": {"Ready": "in_review"}}))
    assert found.states_of("Team A")["ready"] is State.IN_REVIEW
    assert found.states_of("Team B")["ready"] is State.PLANNING


@pytest.mark.requirement("rally:settings:sign-in")
def test_a_missing_key_says_where_to_put_it() -> None:
    with pytest.raises(AuthFailed) as caught:
        settings_from(Source("rally", "rally", {}, None, "RALLY_API_KEY"))
    assert "RALLY_API_KEY" in caught.value.hint
    with pytest.raises(AuthFailed):
        settings_from(Source("rally", "rally", {"user": "a@b.c"}, None))
    basic = settings_from(Source("rally", "rally", {"user": "a@b.c", "password": "pw"}, None))
    assert basic.basic == ("a@b.c", "pw")
    assert "pw" not in repr(basic)


@pytest.mark.requirement("tracker:registry:unknown")
def test_an_unknown_type_names_the_known_ones() -> None:
    with pytest.raises(InvalidInput) as caught:
        open_tracker(Source("x", "trello"))
    assert "Unknown tracker type: trello" in caught.value.message
    assert "rally" in caught.value.hint


@pytest.mark.requirement("tracker:registry:open")
def test_a_known_type_opens_without_a_request() -> None:
    tracker = open_tracker(source(server="http://localhost:1", workspace="5"))
    try:
        assert (tracker.name, tracker.usage().requests) == ("rally", 0)
        assert tracker.identity() == "rally:5"
    finally:
        tracker.close()
