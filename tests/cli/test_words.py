"""Words and flags mean the same; what is not known is answered with the nearest."""

import json

import click
import pytest
from click.testing import CliRunner, Result

from panopticon import cli
from panopticon.cli.command import WordCommand


@click.command(cls=WordCommand)
@click.argument("ref", required=False)
@click.argument("body", required=False)
@click.option("--epic", "--epics", "epics", multiple=True)
@click.option("--lock-hours", type=int)
@click.option("--force/--no-force", default=None)
@click.option("--title", "-t")
@click.option("--json", "as_json", is_flag=True)
def sample(**words: object) -> None:
    click.echo(json.dumps(words))


def call(*args: str) -> dict[str, object]:
    result = invoke(*args)
    assert result.exit_code == 0, result.output
    found: dict[str, object] = json.loads(result.output)
    return {name: value for name, value in found.items() if value not in (None, [], False)}


def invoke(*args: str) -> Result:
    return CliRunner().invoke(sample, list(args))


@pytest.mark.requirement("cli:words:same-as-flags")
@pytest.mark.parametrize(
    ("words", "flags"),
    [
        (["epic=17"], ["--epic", "17"]),
        (["epics=17,18"], ["--epics", "17,18"]),
        (["force=true"], ["--force"]),
        (["lock_hours=48"], ["--lock-hours", "48"]),
        (["lock-hours=48"], ["--lock-hours=48"]),
        (["title=a=b c"], ["-t", "a=b c"]),
        (["json=true"], ["--json"]),
        (["story=US-1", "body=x y"], ["US-1", "x y"]),
        (["US-1", "body=x y"], ["US-1", "x y"]),
        (["body=x y", "US-1"], ["US-1", "x y"]),
        (["US-1", "body=--force"], ["US-1", "--", "--force"]),
        (["ref=US-1", "x y", "force=yes"], ["US-1", "x y", "--force"]),
        (["EPIC=17"], ["--epic", "17"]),
    ],
)
def test_words_and_flags_mean_the_same(words: list[str], flags: list[str]) -> None:
    assert call(*words) == call(*flags) != {}


@pytest.mark.requirement("cli:words:same-as-flags")
def test_a_switch_can_be_off() -> None:
    assert json.loads(invoke("force=false").output)["force"] is False
    assert json.loads(invoke("json=false").output)["as_json"] is False
    assert invoke("force=maybe").exit_code == 2


@pytest.mark.requirement("cli:words:values")
def test_an_equals_sign_in_a_value_stays() -> None:
    assert call("--title", "a=b")["title"] == "a=b"
    assert call("-t", "epic=17") == {"title": "epic=17"}
    assert call("US-1", "see a=b")["body"] == "see a=b"
    assert call("--", "US-1", "a=b")["body"] == "a=b"


@pytest.mark.requirement("cli:words:unknown")
@pytest.mark.parametrize(
    ("args", "near"),
    [
        (["sync", "epik=17"], "epic"),
        (["sync", "--forse"], "--force"),
        (["snyc"], "sync"),
        (["work", "lst"], "list"),
        (["trackers", "tset"], "test"),
    ],
)
def test_the_nearest_is_named(
    args: list[str], near: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(args) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert near in said.err
    assert "Traceback" not in said.err


@pytest.mark.requirement("cli:words:unknown", "cli:json:errors")
def test_a_usage_error_is_json_where_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["trackers", "list", "bogus=1", "--json"]) == 2
    said = capsys.readouterr()
    document = json.loads(said.out)
    assert document["error"] == "invalid"
    assert "bogus" in document["message"]
    assert document["hint"]
    assert said.err == ""
