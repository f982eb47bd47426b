"""Misfortune on request."""

import threading
import time
from collections.abc import Iterator
from http.client import HTTPException, IncompleteRead

import pytest

from panopticon.sandbox.serve import Options, Running, start
from tests.sandbox.conftest import Client, path_of

_REFUSE = 'refuse is null or such as {"field": "ScheduleState", "reason": "is closed"}'


@pytest.fixture(scope="module")
def box() -> Iterator[Running]:
    with start(Options(stories=5, lock_fields=False)) as running:
        yield running


@pytest.fixture(autouse=True)
def _mended(box: Running) -> Iterator[None]:
    yield
    Client(box).faults()


def tags(client: Client) -> int:
    return int(client.get("/tag")["TotalResultCount"])


@pytest.mark.requirement("sandbox:fault:drop")
def test_a_connection_is_dropped_before_or_after_the_commit(client: Client) -> None:
    before = tags(client)
    for knob, more in (("drop_before", 0), ("drop_after", 1)):
        client.faults(drop_before=0, drop_after=0)
        client.faults(**{knob: 1})
        with pytest.raises((ConnectionError, HTTPException, OSError)):
            client.make("Tag", Name=knob)
        client.faults()
        assert tags(client) == before + more


@pytest.mark.requirement("sandbox:fault:truncate")
def test_a_reply_is_cut_half_way(client: Client) -> None:
    client.faults(truncate_rate=1)
    with pytest.raises(IncompleteRead):
        client.get("/project")


@pytest.mark.requirement("sandbox:fault:pages")
def test_errors_come_as_503_or_as_html(client: Client) -> None:
    client.faults(error_rate=1)
    assert client.send("GET", "/user").status == 503
    client.faults(error_rate=0, html_errors=1)
    reply = client.send("GET", "/user")
    assert (reply.status, reply.headers["content-type"]) == (502, "text/html")


@pytest.mark.requirement("sandbox:fault:conflict")
def test_a_conflict_is_an_error_with_status_200_and_writes_nothing(client: Client) -> None:
    story = client.make("HierarchicalRequirement", Name="calm")
    client.faults(conflict_rate=1)
    reply = client.send("POST", path_of(story), {"x": {"Name": "stormy"}})
    (error,) = reply.json["OperationResult"]["Errors"]
    assert reply.status == 200
    assert error.startswith("Concurrency conflict: [Object has been modified since being read")
    assert error.endswith(f"com.f4tech.slm.domain.UserStory : ObjectID : {story['ObjectID']}")
    assert client.get(path_of(story))["Name"] == "calm"


@pytest.mark.requirement("sandbox:fault:refuse")
def test_a_field_is_refused_with_a_reason_and_nothing_is_written(client: Client) -> None:
    story = client.make("HierarchicalRequirement", Name="calm")
    client.faults(refuse={"field": "schedulestate", "reason": "needs a passed test"})
    reply = client.send("POST", path_of(story), {"x": {"Name": "x", "ScheduleState": "Accepted"}})
    sentence = "Validation error: HierarchicalRequirement.ScheduleState needs a passed test"
    assert (reply.status, reply.json["OperationResult"]["Errors"]) == (200, [sentence])
    assert client.get(path_of(story))["Name"] == "calm"
    assert client.change(story, Name="other")["Errors"] == []
    client.faults(refuse=None)
    assert client.change(story, ScheduleState="Accepted")["Errors"] == []


@pytest.mark.requirement("sandbox:fault:refuse")
def test_every_write_of_a_kind_is_refused_and_no_other(client: Client) -> None:
    story, tag = client.make("HierarchicalRequirement", Name="a"), client.make("Tag", Name="b")
    client.faults(refuse={"kind": "HierarchicalRequirement", "reason": "is read only today"})
    sentence = ["Validation error: HierarchicalRequirement is read only today"]
    assert client.change(story, Name="c")["Errors"] == sentence
    assert client.send("DELETE", path_of(story)).result["Errors"] == sentence
    made = client.post("/hierarchicalrequirement/create", {"x": {"Name": "d"}})
    assert made["Errors"] == sentence
    assert client.change(tag, Name="e")["Errors"] == []
    told = client.send("GET", "/_sandbox/faults").json["refuse"]
    assert told == {"kind": "HierarchicalRequirement", "field": "", "reason": "is read only today"}


@pytest.mark.requirement("sandbox:fault:refuse")
def test_a_field_of_one_kind_is_refused_and_of_another_is_not(client: Client) -> None:
    story, defect = (client.make(kind, Name="a") for kind in ("HierarchicalRequirement", "Defect"))
    client.faults(refuse={"kind": "Defect", "field": "Name"})
    assert client.change(story, Name="b")["Errors"] == []
    assert client.change(defect, Name="b")["Errors"] == [
        "Validation error: Defect.Name is refused by the sandbox"
    ]
    assert client.change(defect, Notes="b")["Errors"] == []


@pytest.mark.requirement("sandbox:fault:write-latency")
def test_only_writes_are_delayed(client: Client) -> None:
    tag = client.make("Tag", Name="slow")
    client.faults(write_latency_ms=300)
    begun = time.monotonic()
    client.get(path_of(tag))
    read = time.monotonic() - begun
    client.change(tag, Name="slower")
    assert time.monotonic() - begun - read >= 0.3
    assert read < 0.3


@pytest.mark.requirement("sandbox:fault:lag")
def test_other_sessions_read_a_replica_that_is_behind(client: Client, box: Running) -> None:
    client.faults(lag_ms=600_000)
    made = client.send("POST", "/tag/create", {"Tag": {"Name": "not yet seen"}})
    cookie = made.headers["set-cookie"].split(";")[0]
    own = Client(box, client.headers | {"Cookie": cookie})
    query = '(Name = "not yet seen")'
    assert client.get("/tag", query=query)["TotalResultCount"] == 0
    assert own.get("/tag", query=query)["TotalResultCount"] == 1
    client.faults()
    assert client.get("/tag", query=query)["TotalResultCount"] == 1


@pytest.mark.requirement("sandbox:fault:slow")
def test_requests_above_the_limit_wait_and_are_not_refused(client: Client) -> None:
    client.faults(slow_above=2, latency_ms=30)
    client.send("DELETE", "/_sandbox/requests")
    found: list[int] = []
    calls = [
        threading.Thread(target=lambda: found.append(client.send("GET", "/user").status))
        for _ in range(6)
    ]
    for call in calls:
        call.start()
    for call in calls:
        call.join()
    assert found == [200] * 6
    assert client.send("GET", "/_sandbox/requests").json["max_in_flight"] > 2


@pytest.mark.requirement("sandbox:admin:requests")
def test_requests_are_counted_and_the_admins_are_not(client: Client) -> None:
    client.send("DELETE", "/_sandbox/requests")
    project = client.items("/project")[0]
    client.get(path_of(project))
    told = client.send("GET", "/_sandbox/requests").json
    assert (told["count"], told["by_method"]) == (2, {"GET": 2})
    root = "/slm/webservice/v2.0/project"
    assert told["by_path"] == {root: 1, root + "/{id}": 1}
    assert told["bytes_out"] > 100


@pytest.mark.requirement("sandbox:admin:faults")
def test_faults_merge_clear_and_never_hit_the_admin(client: Client) -> None:
    client.faults(error_rate=1, latency_ms=1)
    merged = client.send("POST", "/_sandbox/faults", {"latency_ms": 0}).json
    assert (merged["error_rate"], merged["latency_ms"]) == (1, 0)
    assert client.send("POST", "/_sandbox/faults", {"nonsense": 1}).status == 400
    assert client.send("POST", "/_sandbox/faults", {}).json["error_rate"] == 0


@pytest.mark.requirement("sandbox:admin:rates")
@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"error_rate": 1.5}, "error_rate is a rate: give a number from 0 to 1"),
        ({"drop_after": -1}, "drop_after is a rate: give a number from 0 to 1"),
        ({"html_errors": "1"}, "html_errors is a rate: give a number from 0 to 1"),
        ({"conflict_rate": None}, "conflict_rate is a rate: give a number from 0 to 1"),
        ({"latency_ms": -1}, "latency_ms must be a number that is not negative"),
        ({"hang_s": [1]}, "hang_s must be a number that is not negative"),
        ({"write_latency_ms": "5"}, "write_latency_ms must be a number that is not negative"),
        ({"refuse": "Defect"}, _REFUSE),
        ({"refuse": {}}, _REFUSE),
        ({"refuse": {"reason": "is closed"}}, _REFUSE),
        ({"refuse": {"field": 1}}, _REFUSE),
        ({"refuse": {"type": "Defect"}}, _REFUSE),
        ([], 'faults are a JSON object, such as {"error_rate": 0.1}'),
    ],
)
def test_rates_beyond_1_and_other_nonsense_are_refused_with_a_sentence(
    client: Client, sent: object, sentence: str
) -> None:
    client.faults(lag_ms=1)
    reply = client.send("POST", "/_sandbox/faults", sent)
    assert (reply.status, reply.json) == (400, {"error": sentence})
    told = client.send("GET", "/_sandbox/faults").json
    assert (told["lag_ms"], told["error_rate"]) == (1, 0)


@pytest.mark.requirement("sandbox:fault:hang")
def test_clearing_the_faults_frees_requests_that_hang(client: Client) -> None:
    client.faults(hang_s=3600)
    found: list[int] = []
    call = threading.Thread(target=lambda: found.append(client.send("GET", "/user").status))
    call.start()
    while not client.send("GET", "/_sandbox/state").json["in_flight"]:
        assert not found
    assert not found
    client.faults()
    call.join(timeout=20)
    assert found == [200]


@pytest.mark.requirement("sandbox:admin:reset")
def test_reset_begins_anew(client: Client) -> None:
    before = client.send("GET", "/_sandbox/state").json
    client.make("Tag", Name="to be forgotten")
    after = client.send("POST", "/_sandbox/reset").json
    assert client.get("/tag", query='(Name = "to be forgotten")')["TotalResultCount"] == 0
    assert after["objects"].keys() == before["objects"].keys()


@pytest.mark.requirement("sandbox:fields:absent")
def test_a_workspace_can_be_had_without_the_lock_fields(client: Client) -> None:
    story = client.make("HierarchicalRequirement", Name="plain")
    assert not [name for name in story if name.startswith("c_")]
    assert client.change(story, c_LockToken="x")["Warnings"] == [
        "Ignored JSON element x.c_LockToken during processing of this request."
    ]
