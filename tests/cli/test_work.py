"""`pan work` on what is stored: lists, filters, one item, in both tongues."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from panopticon.cli.report import draw_report
from panopticon.cli.terminal import Terminal
from panopticon.model.issue import Issue
from panopticon.model.lease import Lease
from panopticon.model.ref import IssueRef
from panopticon.services.sync.report import EpicReport, Holding, Report
from tests.cli.conftest import CREATED, FAR, ITEMS, Runner, Screen, issue

pytestmark = pytest.mark.usefixtures("items")


def keys(pan: Runner, *words: str) -> set[str]:
    said = pan("work", "list", *words, "--json")
    assert said.code == 0, said.err or said.out
    return {row["ref"] for row in json.loads(said.out)}


@pytest.mark.requirement("cli:work:list-json")
def test_list_json_has_the_shape(pan: Runner) -> None:
    rows = {row["ref"]: row for row in json.loads(pan("work", "list", "--json").out)}
    assert rows["US123"].keys() == {
        "ref", "tracker", "project", "kind", "title", "state", "native_state", "assignee",
        "priority", "parent", "url", "updated_at", "lease",
    }  # fmt: skip
    assert rows["US123"]["lease"]["holder"] == "john.doe@example.com"
    assert rows["US123"]["parent"] == "F17"
    assert rows["US120"]["lease"] is None
    assert rows["US200"]["title"] == "Zoë \x1b[31mred\x1b[0m \u202egnp.exe\nsecond line 🙂"


@pytest.mark.requirement("cli:holder:short")
def test_a_long_holder_is_cut(pan: Runner, stored: Callable[[Iterable[Issue]], None]) -> None:
    stored([issue("US300", "Held", lease=Lease("x" * 200, CREATED, FAR))])
    said = pan("work", "list", tty=True, columns=200)
    assert "held by " + "x" * 39 + "…" in said.out
    assert "x" * 40 not in said.out
    epic = EpicReport(IssueRef("rally", "F1"), "E", held=[Holding(ITEMS[0].ref, "x" * 200)])
    paper = Screen()
    out = Terminal(paper, 80, is_tty=False, has_colour=False, has_unicode=True)
    draw_report(out, Report((), (epic,)), "cache")
    assert "Locked by " + "x" * 39 + "…\n" in paper.getvalue()


@pytest.mark.requirement("cli:work:filters")
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ([], {"F17", "US120", "US123", "US126", "DE7", "US200"}),
        (["all=true"], {"F17", "US120", "US123", "US126", "DE7", "US200", "TA1"}),
        (["epic=17"], {"US120", "US123", "US126"}),
        (["epic=F-17", "open=true"], {"US123", "US126"}),
        (["kind=defect"], {"DE7"}),
        (["kind=tasks"], {"TA1"}),
        (["state=In-Progress"], {"US123"}),
        (["state=done,in_progress"], {"US120", "US123"}),
        (["assignee=john"], {"US123"}),
        (["label=api", "label=ui"], {"US123"}),
        (["labels=api,nothing"], set()),
        (["iteration=Sprint-24"], {"US126"}),
        (["project=DDC-AI", "kind=feature"], {"F17"}),
        (["oauth"], {"US126"}),
        (["text=“quotes” & + (parens)"], {"DE7"}),
        (["text=%"], set()),
        (["text=🙂"], {"US200"}),
    ],
)
def test_filters(pan: Runner, words: list[str], found: set[str]) -> None:
    assert keys(pan, *words) == found


@pytest.mark.requirement("cli:work:filters")
def test_me_is_the_configured_person(pan: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAN_ME", "john.doe@example.com")
    assert keys(pan, "assignee=me") == {"US123"}


@pytest.mark.requirement("cli:work:filters")
@pytest.mark.parametrize(
    ("word", "near"),
    [("kind=storry", "story"), ("state=in_progres", "in_progress"), ("tracker=ralley", "init")],
)
def test_an_unknown_value_names_the_nearest(pan: Runner, word: str, near: str) -> None:
    said = pan("work", "list", word)
    assert said.code in {1, 2}
    assert near in said.err or "trackers list" in said.err


@pytest.mark.requirement("cli:work:list")
def test_list_is_grouped_counted_and_safe(pan: Runner) -> None:
    said = pan("work", "list")
    assert said.code == 0
    assert re.search(r"^In progress 1$", said.out, re.MULTILINE)
    assert said.out.index("In progress") < said.out.index("Backlog") < said.out.index("Done 1")
    assert "Zoë [31mred[0m gnp.exe second line 🙂" in said.out
    assert "\x1b" not in said.out
    last = said.out.splitlines()[-1]
    assert last.startswith("6 items: 1 in progress, 4 backlog, 1 done.")
    assert "Next: pan work show US123" in last


@pytest.mark.requirement("cli:work:list", "cli:terminal:narrow")
def test_list_on_a_narrow_terminal(pan: Runner) -> None:
    said = pan("work", "list", tty=True, columns=48)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", said.out)
    assert said.out != plain
    rows = [line for line in plain.splitlines() if line.startswith("  ")]
    assert max(map(len, rows)) <= 48
    assert any("…" in row for row in rows)


@pytest.mark.requirement("cli:work:list")
def test_a_limit_says_how_many_there_are(pan: Runner) -> None:
    assert "2 of 6 items" in pan("work", "list", "limit=2").out
    assert len(keys(pan, "limit=2")) == 2


@pytest.mark.requirement("cli:work:list", "cli:terminal:ascii")
def test_list_in_the_c_locale_is_ascii(pan: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    assert pan("work", "list").out.isascii()
    assert pan("work", "show", "US123").out.isascii()


@pytest.mark.requirement("cli:work:show")
@pytest.mark.parametrize("spelled", ["US123", "US-123", "us-123", "story=US-123"])
def test_show_draws_everything(pan: Runner, spelled: str) -> None:
    said = pan("work", "show", spelled)
    assert said.code == 0, said.err
    for part in (
        "US123  Add profile page",
        "In-Progress",
        "by john.doe@example.com",
        "api, ui",
        "US120",
        "Show **who** somebody is.",
        "Given a user",
        "1 of 2 done",
        "[x] Draw it",
    ):
        assert part in said.out


@pytest.mark.requirement("cli:work:show")
def test_show_in_json_and_markdown(pan: Runner) -> None:
    document = json.loads(pan("work", "show", "US-123", "--json").out)
    assert document["body"].startswith("Show **who**")
    assert [task["done"] for task in document["tasks"]] == [True, False]
    markdown = pan("work", "show", "US-123", "--markdown").out
    assert markdown.startswith("# Story US-123: Add profile page")
    assert "Status: in-progress" in markdown


@pytest.mark.requirement("cli:work:unknown")
@pytest.mark.parametrize("ref", ["US999", "nonsense", "a\x1b[31mb", '(x = "y")', "🙂"])
def test_an_unknown_ref_is_told(pan: Runner, ref: str) -> None:
    said = pan("work", "show", ref)
    assert said.code in {1, 2, 4}  # 4: the tracker would be asked, had we a key
    assert said.err.startswith("Error: ")
    assert "\x1b" not in said.err
    assert len(said.err.splitlines()) >= 2


@pytest.mark.requirement("cli:work:refuse")
@pytest.mark.parametrize(
    ("args", "word"),
    [
        (["update", "US123"], "Name a field"),
        (["update", "US123", "points=many"], "no number"),
        (["update", "US123", "due=tomorrow"], "2026-11-30"),
        (["update", "US123", "priority=7"], "urgent"),
        (["update", "US123", "title= "], "title is empty"),
        (["update", "US123", "set=nothing"], "c_Field=value"),
        (["update", "US123", "body=@/no/such/file"], "/no/such/file"),
        (["update", "US123", "blocked=perhaps"], "true"),
        (["create", "X", "kind=storrry"], "story"),
        (["delete", "US123"], "--yes"),
        (["comment", "US123", " "], "empty"),
    ],
)
def test_wrong_values_are_refused_before_anything_is_sent(
    pan: Runner, monkeypatch: pytest.MonkeyPatch, args: list[str], word: str
) -> None:
    monkeypatch.setenv("RALLY_API_KEY", "_k")
    (Path.home() / ".panopticon.env").write_text("RALLY_SERVER=http://127.0.0.1:9\n")
    said = pan("work", *args)
    assert said.code in {1, 2}
    assert word in said.err


@pytest.mark.requirement("cli:completion:refs")
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        (["work", "show", "us-12"], ["US120", "US123", "US126"]),
        (["work", "show", "DE"], ["DE7"]),
        (["work", "list", "--epic", ""], ["F17"]),
        (["work", "update", "US999"], []),
    ],
)
def test_the_shell_completes_references(typed: list[str], found: list[str]) -> None:
    line = " ".join(["pan", *typed])
    environ = {**os.environ, "_PAN_COMPLETE": "fish_complete", "COMP_WORDS": line}  # noqa: TID251
    environ["COMP_CWORD"] = typed[-1]
    words = [sys.executable, "-m", "panopticon"]
    done = subprocess.run(words, env=environ, capture_output=True, text=True, check=False)
    keys = [one.partition("\t")[0].removeprefix("plain,") for one in done.stdout.split("\n")]
    assert sorted(filter(None, keys)) == found
    assert done.stderr == ""
