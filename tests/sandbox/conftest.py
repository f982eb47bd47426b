"""A sandbox per module, and the plainest of clients: urllib with one key."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from ssl import SSLContext
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from panopticon.sandbox.serve import Options, Running, start

ROOT = "/slm/webservice/v2.0"


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def result(self) -> Any:
        """What stands inside the envelope, whatever its name."""
        return next(iter(self.json.values()))


@dataclass(frozen=True)
class Client:
    box: Running
    headers: dict[str, str] = field(default_factory=dict)
    tls: SSLContext | None = None

    def send(self, method: str, path: str, body: object = None, **query: object) -> Reply:
        """Send one request; a path without /slm or /_sandbox is a WSAPI one."""
        place = path if path.startswith(("/slm", "/_sandbox")) else ROOT + path
        url = path if path.startswith("http") else self.box.url + place
        url += "?" + urlencode(query) if query else ""
        data = None if body is None else json.dumps(body).encode()
        request = Request(url, data, self.headers, method=method)
        try:
            with urlopen(request, timeout=20, context=self.tls) as reply:
                return Reply(reply.status, dict(reply.headers), reply.read())
        except HTTPError as error:
            with error:
                return Reply(error.code, dict(error.headers), error.read())

    def get(self, path: str, **query: object) -> Any:
        return self.send("GET", path, **query).result

    def items(self, path: str, **query: object) -> list[Any]:
        found = self.get(path, **query)
        assert found["Errors"] == [], found["Errors"]
        return list(found["Results"])

    def post(self, path: str, body: object, **query: object) -> Any:
        return self.send("POST", path, body, **query).result

    def make(self, kind: str, **values: object) -> Any:
        """Create an object and give all of it."""
        made = self.post(f"/{kind}/create", {kind: values})
        assert made["Errors"] == [], made["Errors"]
        return made["Object"]

    def change(self, thing: Any, **values: object) -> Any:
        return self.post(path_of(thing), {"x": values})

    def faults(self, **knobs: object) -> None:
        assert self.send("POST", "/_sandbox/faults", knobs).status == 200

    def history(self, thing: Any) -> list[str]:
        """The texts of an object's revisions, newest first."""
        path = path_of(self.get(path_of(thing))["RevisionHistory"])
        return [one["Description"] for one in self.items(f"{path}/Revisions", pagesize=200)]


def path_of(thing: Any) -> str:
    return str(thing["_ref"].split("/v2.0", 1)[1])


@pytest.fixture(scope="module")
def box() -> Iterator[Running]:
    with start(Options()) as running:
        yield running


@pytest.fixture(scope="module")
def client(box: Running) -> Client:
    return Client(box, {"ZSESSIONID": box.api_key})


@pytest.fixture(scope="module")
def second(client: Client) -> Any:
    """The second workspace, which has no lock fields."""
    return client.items("/workspace", fetch="Name,ObjectID,Projects", order="ObjectID")[1]
