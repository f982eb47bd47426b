"""Custom fields for good: what an administrator may do with them, and what nobody may."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from panopticon.sandbox.serve import Options, start
from tests.sandbox.conftest import Client, path_of

CREATE = "/attributedefinition/create"
NAMES = {
    *("c_LockedBy", "c_LockedAt", "c_LockExpiry", "c_LockToken", "c_Branch", "c_Coverage"),
    *("c_CommitSHA", "c_PantheonStatus"),
}


@pytest.fixture
def plain() -> Iterator[Client]:
    """A workspace without custom fields, as its administrator."""
    with start(Options(stories=5, lock_fields=False)) as box:
        yield Client(box, {"ZSESSIONID": box.api_key})


def kind_of(client: Client, name: str = "HierarchicalRequirement") -> str:
    return str(client.items("/typedefinition", query=f"(ElementName = {name})")[0]["_ref"])


def field(client: Client, name: str = "Lock Note", real: str = "STRING", **more: Any) -> Any:
    told = {"Name": name, "RealAttributeType": real, "TypeDefinition": kind_of(client), **more}
    return client.post(CREATE, {"AttributeDefinition": told})


def version(client: Client) -> str:
    return str(client.get(f"/workspace/{client.box.workspace_oid}")["SchemaVersion"])


@pytest.mark.requirement("sandbox:fields:types")
def test_stories_and_defects_have_the_lock_fields(client: Client) -> None:
    for kind in ("HierarchicalRequirement", "Defect"):
        made = client.make(kind, Name="one")
        assert {name for name in made if name.startswith("c_")} >= NAMES
        assert client.change(made, c_LockedBy="ann@x.y")["Object"]["c_LockedBy"] == "ann@x.y"
    task = client.make("Task", Name="one", WorkProduct=made["_ref"])
    assert not [name for name in task if name.startswith("c_")]


@pytest.mark.requirement("sandbox:fields:made")
@pytest.mark.parametrize("real", ["STRING", "DATE", "DECIMAL"])
def test_a_new_field_is_in_the_schema_under_its_short_name(plain: Client, real: str) -> None:
    before = version(plain)
    made = field(plain, real=real)["Object"]
    assert (made["ElementName"], made["Custom"], made["AttributeType"]) == (
        "c_LockNote",
        True,
        real,
    )
    assert version(plain) != before
    types = plain.items(f"/slm/schema/v2.0/workspace/{plain.box.workspace_oid}")
    holders = {
        one["ElementName"]
        for one in types
        if "c_LockNote" in {each["ElementName"] for each in one["Attributes"]}
    }
    assert holders == {"HierarchicalRequirement"}


@pytest.mark.requirement("sandbox:fields:made")
@pytest.mark.parametrize("name", ["Name", "RealAttributeType", "TypeDefinition"])
def test_three_things_are_needed_for_a_field(plain: Client, name: str) -> None:
    told: dict[str, Any] = {name: None}
    assert field(plain, **told)["Errors"] == [
        f"Validation error: AttributeDefinition.{name} should not be null"
    ]


@pytest.mark.requirement("sandbox:fields:for-good")
def test_a_field_is_neither_deleted_nor_doubled_nor_retyped(plain: Client) -> None:
    made = field(plain)["Object"]
    assert field(plain, "LockNote")["Errors"] == [
        "Validation error: AttributeDefinition.Name must be unique within its type"
    ]
    assert plain.send("DELETE", path_of(made)).result["Errors"] == [
        "Not authorized to delete: Attribute Definition"
    ]
    for body in ({"RealAttributeType": "DATE"}, {"TypeDefinition": kind_of(plain, "Defect")}):
        assert plain.change(made, **body)["Errors"] == [
            f"Validation error: AttributeDefinition.{next(iter(body))} cannot be changed"
        ]
    assert plain.change(made, Name="Lock Memo", TypeDefinition=kind_of(plain))["Errors"] == []
    again = plain.get(path_of(made))
    assert (again["Name"], again["ElementName"], again["RealAttributeType"]) == (
        "Lock Memo",
        "c_LockNote",
        "STRING",
    )
    assert field(plain, "---")["Errors"] == [
        "Validation error: AttributeDefinition.Name contained invalid input."
    ]


@pytest.mark.requirement("sandbox:fields:may")
@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("read_only_key", "Not authorized to perform action: API key is read-only"),
        ("member_key", "Not authorized to create: Attribute Definition"),
    ],
)
def test_only_a_key_of_an_administrator_that_writes_makes_one(
    plain: Client, key: str, told: str
) -> None:
    other = Client(plain.box, {"ZSESSIONID": getattr(plain.box, key)})
    assert field(other)["Errors"] == [told]
    assert field(plain)["Errors"] == []


@pytest.mark.requirement("sandbox:fields:revisions")
def test_revisions_tell_of_a_field_that_was_made(plain: Client) -> None:
    field(plain)
    field(plain, "LockedAt", "DATE")
    story = plain.make("HierarchicalRequirement", Name="x", c_LockNote="a")
    plain.change(story, c_LockNote="b", c_LockedAt="2026-01-15T18:36:07.125Z")
    plain.change(story, c_LockNote=None, c_LockedAt="")
    cleared, written, original = plain.history(story)
    at = "Thu Jan 15 11:36:07 MST 2026"
    assert cleared == f"LOCKEDAT changed from [{at}] to [], LOCK NOTE changed from [b] to []"
    assert written == f"LOCKEDAT added [{at}], LOCK NOTE changed from [a] to [b]"
    assert original == "Original revision"


@pytest.mark.requirement("sandbox:fields:behind")
def test_a_replica_learns_of_a_field_later(plain: Client) -> None:
    plain.faults(lag_ms=60_000)
    writer = Client(plain.box, {**plain.headers, "Cookie": f"JSESSIONID={session(plain)}"})
    before = version(plain)
    assert field(writer)["Errors"] == []
    assert (version(plain), version(writer) != before) == (before, True)


def session(client: Client) -> str:
    """Open a session; gives its cookie."""
    reply = client.send("GET", "/user")
    cookie = next(value for name, value in reply.headers.items() if name.lower() == "set-cookie")
    return cookie.partition("=")[2].partition(";")[0]


@pytest.mark.requirement("sandbox:fields:program")
@pytest.mark.parametrize("words", [["panopticon", "sandbox"], ["panopticon.sandbox"]])
def test_the_program_serves_a_workspace_without_them(words: list[str]) -> None:
    command = [sys.executable, "-m", *words, "--no-lock-fields", "--stories", "5"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            told = json.loads(process.stdout.readline())["rally"]
            client = Client(Seen(told["url"]), {"ZSESSIONID": told["api_key"]})  # type: ignore[arg-type]
            story = client.make("HierarchicalRequirement", Name="plain")
            assert not [name for name in story if name.startswith("c_")]
        finally:
            process.terminate()


class Seen:
    """A sandbox of which only the address is known."""

    def __init__(self, url: str) -> None:
        self.url = url
