"""Who is let in, and what a key allows."""

import base64

import pytest

from panopticon.sandbox.serve import Running
from tests.sandbox.conftest import Client


def basic(box: Running, password: str | None = None) -> dict[str, str]:
    word = f"{box.username}:{password or box.password}".encode()
    return {"Authorization": "Basic " + base64.b64encode(word).decode()}


@pytest.mark.requirement("sandbox:auth:refused")
def test_strangers_get_the_jetty_page_and_a_challenge(box: Running) -> None:
    for headers in (
        {},
        {"ZSESSIONID": "_expired"},
        basic(box, "wrong"),
        {"Authorization": "Basic %"},
    ):
        reply = Client(box, headers).send("GET", "/user")
        assert reply.status == 401
        assert reply.headers["www-authenticate"].startswith("Basic")
        assert b"Full authentication is required" in reply.body


@pytest.mark.requirement("sandbox:auth:keys")
def test_a_key_comes_as_header_or_cookie(box: Running) -> None:
    for headers in ({"zsessionid": box.api_key}, {"Cookie": f"ZSESSIONID={box.api_key}"}):
        assert Client(box, headers).get("/user")["UserName"] == box.username


@pytest.mark.requirement("sandbox:auth:read-only")
def test_a_read_only_key_reads_and_never_writes(box: Running, client: Client) -> None:
    reader = Client(box, {"ZSESSIONID": box.read_only_key})
    before = client.get("/tag")["TotalResultCount"]
    for call in ("/tag/create", "/batch"):
        (error,) = reader.post(call, {"Tag": {"Name": "x"}})["Errors"]
        assert error.startswith("Not authorized to perform action: ")
    assert reader.get("/tag")["TotalResultCount"] == before


@pytest.mark.requirement("sandbox:auth:token")
def test_a_password_writes_only_with_the_token_of_its_session(box: Running) -> None:
    asked = Client(box, basic(box)).send("GET", "/security/authorize")
    token = asked.json["OperationResult"]["SecurityToken"]
    cookie = asked.headers["set-cookie"].split(";")[0]
    body = {"Tag": {"Name": "by token"}}
    invalid = ["Not authorized to perform action: Invalid key"]
    assert Client(box, basic(box)).post("/tag/create", body, key=token)["Errors"] == invalid
    mine = Client(box, basic(box) | {"Cookie": cookie})
    assert mine.post("/tag/create", body)["Errors"] == invalid
    assert mine.post("/tag/create", body, key=token)["Errors"] == []
